"""Sample malls to start from: knows the catalogue files shipped with the server, never how they are read or used.

`mpp` is a complete mall of 24 agencies for the guided setup; `tiny` is five services, open day and night, for tests.
It must never import anything but the standard library.
"""

from pathlib import Path

_FOLDER = Path(__file__).parent


def sample_names() -> tuple[str, ...]:
    """The names `sample_path` accepts, in alphabetical order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def sample_path(name: str) -> Path:
    """The catalogue file (TOML) of the sample mall called `name`; raises KeyError for a name that is not shipped."""
    if name not in sample_names():
        raise KeyError(f"no sample mall is called {name!r}; choose one of {', '.join(sample_names())}")
    return _FOLDER / f"{name}.toml"
