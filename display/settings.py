"""What a display can be told by its file, the environment and the command line."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from antrean.domain.errors import BadInput
from antrean.domain.settings import Setting, settings_from
from antrean.texts import LANGUAGES

PREFIX = "ANTREAN_DISPLAY_"
SCHEMA = (
    Setting("server", str, "", "The server's address; several are separated by commas"),
    Setting("language", str, "id", "Language of what is shown: " + ", ".join(LANGUAGES)),
    Setting("counter", str, "", "The counter this display hangs above"),
    Setting("zone", str, "", "Show only the calls of this zone"),
    Setting("voice", str, "", "A folder with a voice pack of the site's own"),
    Setting("sound", bool, True, "Chime and speak"),
    Setting("motion", bool, True, "Attention motion and running text"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """A display's settings."""

    server: str
    language: str
    counter: str
    zone: str
    voice: str
    sound: bool
    motion: bool


def load_settings(file: Path | None, environment: Mapping[str, str], told: Mapping[str, str]) -> Settings:
    """The command line over the environment over the file. Raises BadInput listing every mistake."""
    table: dict[str, object] = {}
    if file is not None:
        try:
            table = tomllib.loads(file.read_text(encoding="utf-8"))
        except OSError as problem:
            raise BadInput("bad_settings", problems=f"cannot read {file}: {problem.strerror}") from problem
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
            raise BadInput("bad_settings", problems=f"{file} is not TOML: {problem}") from problem
    values = settings_from({**table, **told}, environment, SCHEMA, prefix=PREFIX)
    values.update(told)
    if values["language"] not in LANGUAGES:
        wrong = f"language must be one of {', '.join(LANGUAGES)}, not {values['language']!r}"
        raise BadInput("bad_settings", problems=wrong)
    return _settings(values)


def _settings(values: Mapping[str, Any]) -> Settings:
    return Settings(**values)
