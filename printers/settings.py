"""The printer program's settings: defaults, then a TOML file, then the environment, then the command line."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from antrean.domain.settings import BadSettings, Setting, settings_from
from antrean.texts import STAFF_LANGUAGES

PREFIX = "ANTREAN_PRINTER_"
SCHEMA = (
    Setting("host", str, "127.0.0.1", "Address the virtual printer listens on."),
    Setting("port", int, 9100, "Its port; 0 takes a free one and prints it."),
    Setting("out", str, "printed", "Folder for its pages, one PNG and one JSON a ticket."),
    Setting("paper", int, 80, "Width of the roll in millimetres: 80 or 58."),
    Setting("fault", str, "none", "What is wrong with the virtual printer from the start."),
    Setting("language", str, "id", "Language of messages and test pages: id or en."),
    Setting("asks", bool, True, "Whether the printer answers status requests (`DLE EOT`)."),
    Setting("proves", bool, True, "Whether the printer confirms the end of a job (`GS r 1`)."),
)


@dataclass(frozen=True)
class Settings:
    """The settings in force; see `SCHEMA` for what each means."""

    host: str
    port: int
    out: str
    paper: int
    fault: str
    language: str
    asks: bool
    proves: bool


def load_settings(path: Path | None, environment: Mapping[str, str]) -> Settings:
    """The environment over the file over the defaults; raises BadSettings naming every mistake."""
    values: dict[str, Any] = settings_from(_table(path), environment, SCHEMA, prefix=PREFIX)
    settings = Settings(**values)
    problems = []
    if settings.paper not in (58, 80):
        problems.append(f"paper must be 80 or 58, not {settings.paper}")
    if not 0 <= settings.port <= 65535:
        problems.append(f"port must be 0 to 65535, not {settings.port}")
    if settings.language not in STAFF_LANGUAGES:
        problems.append(f"language must be id or en, not {settings.language!r}")
    if problems:
        raise BadSettings(problems)
    return settings


def _table(path: Path | None) -> dict[str, object]:
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise BadSettings([f"cannot read {path}: {problem.strerror}"]) from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BadSettings([f"{path} is not TOML: {problem}"]) from problem
