"""Which release runs."""

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """The version of the installed product."""
    try:
        return version("antrean")
    except PackageNotFoundError:
        return "0"
