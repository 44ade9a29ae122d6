"""Whose fault an error is.

    AntreanError
    ├── RuleViolation        a rule of the mall; tell the person in their language (text key `error.<code>`)
    │   ├── IllegalTransition   the ticket is not in a state that allows this
    │   ├── BadInput            what was sent cannot be understood
    │   └── BadCatalogue        the mall's file has mistakes; lists all of them
    └── Unavailable          the world's fault (network, disk, printer); retry unless `permanent`

Everything else is a bug of ours and stays loud.
"""

from collections.abc import Sequence


class AntreanError(Exception):
    """Any error this product foresees."""


class RuleViolation(AntreanError):
    """A rule said no: `code` names it, `params` fill the sentence shown to the person."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        detail = ", ".join(f"{name}={value!r}" for name, value in params.items())
        super().__init__(f"{code} ({detail})" if detail else code)


class IllegalTransition(RuleViolation):
    """The ticket's state does not allow what was asked; params `move`, `state` and `label`."""

    def __init__(self, move: str, state: str, label: str) -> None:
        super().__init__("illegal_transition", move=move, state=state, label=label)


class BadInput(RuleViolation):
    """The input cannot be understood; the code says which rule of form it breaks."""


class BadCatalogue(BadInput):
    """The mall's file has mistakes; `problems` lists every one, in the order of the file."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("bad_catalogue", problems="; ".join(problems))


class Unavailable(AntreanError):
    """Something outside did not answer; `permanent` says that trying again cannot help."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        self.permanent = permanent
        super().__init__(message)
