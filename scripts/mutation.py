"""One promise broken on purpose, and the tests that stand guard over it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """One promise broken: `old`, which stands once in `file`, becomes `new`; `guard` are arguments for Python."""

    name: str
    file: str
    old: str
    new: str
    guard: tuple[str, ...]


def tests(*arguments: str) -> tuple[str, ...]:
    """A run of pytest that ends at the first failure."""
    return ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *arguments)
