"""The printer program's settings: defaults, then a TOML file, then the environment, then the command line."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from antrean.domain.errors import BadInput

PREFIX = "ANTREAN_PRINTER_"


@dataclass(frozen=True)
class Settings:
    """Everything the program can be told; `paper` is a width in millimetres (80 or 58)."""

    host: str = "127.0.0.1"
    port: int = 9100
    out: str = "printed"
    paper: int = 80
    fault: str = "none"
    language: str = "id"
    asks: bool = True
    proves: bool = True


def load_settings(path: Path | None, environment: Mapping[str, str]) -> Settings:
    """Settings from the file and `ANTREAN_PRINTER_<KEY>` variables; BadInput names an unknown key and the cure."""
    settings = Settings()
    if path is not None:
        try:
            found = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as problem:
            raise BadInput("bad_settings", problem=f"cannot read {path}: {problem.strerror}") from problem
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
            raise BadInput("bad_settings", problem=f"{path} is not TOML: {problem}") from problem
        settings = _with(settings, found)
    known = {PREFIX + field.name.upper(): field.name for field in fields(Settings)}
    told = {known[name]: _plain(known[name], value) for name, value in environment.items() if name in known}
    return _with(settings, told)


def _plain(key: str, value: str) -> Any:
    kind = type(getattr(Settings(), key))
    if kind is bool:
        return {"true": True, "1": True, "false": False, "0": False}.get(value.lower(), value)
    return int(value) if kind is int and value.isdecimal() else value


def _with(settings: Settings, told: Mapping[str, Any]) -> Settings:
    names = [field.name for field in fields(Settings)]
    for key, value in told.items():
        if key not in names:
            near = difflib.get_close_matches(key, names, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(names)}"
            raise BadInput("bad_settings", problem=f"unknown key {key!r}; {hint}")
        wanted = type(getattr(settings, key))
        if type(value) is not wanted:
            raise BadInput("bad_settings", problem=f"{key} must be of type {wanted.__name__}, not {value!r}")
    changed = replace(settings, **told)
    if changed.paper not in (58, 80):
        raise BadInput("bad_settings", problem=f"paper must be 80 or 58, not {changed.paper}")
    if not 0 <= changed.port <= 65535:
        raise BadInput("bad_settings", problem=f"port must be 0 to 65535, not {changed.port}")
    return changed
