"""Sample malls to start from: knows the catalogue files shipped with the server, never how they are read or used.

`mpp` is a complete mall of 24 agencies for the guided setup; `tiny` is five services, open day and night, for tests.
It must never import anything but the standard library.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def sample_names() -> tuple[str, ...]:
    """The names `sample_path` accepts, in alphabetical order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def sample_path(name: str) -> Path:
    """The catalogue file (TOML) of the sample mall called `name`; raises KeyError for a name that is not shipped."""
    if name not in sample_names():
        raise KeyError(f"no sample mall is called {name!r}; choose one of {', '.join(sample_names())}")
    return _FOLDER / f"{name}.toml"


def open_all_day(mall: Mapping[str, Any]) -> dict[str, Any]:
    """The file form of a mall in which whatever opens at all is open now, so that a trial works on a Sunday night.

    What never opens (no hours on any day) stays closed.
    """
    always = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    rows = {name: [_without_hours(row) for row in mall[name]] for name in ("agencies", "services")}
    return {**mall, **rows, "mall": {**mall["mall"], "hours": always, "holidays": []}}


def _without_hours(row: Mapping[str, Any]) -> dict[str, Any]:
    opens = any(row.get("hours", {"any": True}).values())
    return {key: value for key, value in row.items() if key != "hours" or not opens}
