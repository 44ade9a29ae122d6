"""What a display can be told by its file, the environment and the command line."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from antrean.domain.errors import BadInput
from antrean.domain.settings import BadSettings, Setting, settings_from
from antrean.texts import LANGUAGES
from display.volume import USUAL, Volumes, volumes_from

PREFIX = "ANTREAN_DISPLAY_"
VOLUMES = ("volume", "zone_volumes", "quiet_hours", "quiet_volume")
SCHEMA = (
    Setting("server", str, "", "The server's address; several are separated by commas"),
    Setting("language", str, "id", "Language of what is shown: " + ", ".join(LANGUAGES)),
    Setting("counter", str, "", "The counter this display hangs above"),
    Setting("zone", str, "", "Show only these zones, separated by commas"),
    Setting("second_language", str, "", "Another language, in turn with the first; empty: none"),
    Setting("slides", str, "", "A folder of pictures for a strip beside the calls; empty: no strip"),
    Setting("voice", str, "", "A folder with a voice pack of the site's own, or one such folder a language"),
    Setting(
        "languages",
        list,
        [],
        "Languages of a call, one after the other; none: the voice's own, the board's, or Indonesian",
    ),
    Setting("sound", bool, True, "Chime and speak"),
    Setting("output", str, "", "The sound device by its name; empty: the system's choice"),
    Setting("volume", int, USUAL, "How loud, from 0 (silent) to 5"),
    Setting(
        "zone_volumes", list, [], "Zones that differ, such as 1A=5; 0 leaves their calls to other boards"
    ),
    Setting("quiet_hours", list, [], "When everything is softer, such as 12:00-13:00, in the mall's time"),
    Setting("quiet_volume", int, 1, "How loud in quiet hours; 0 shows calls without a sound"),
    Setting("motion", bool, True, "Attention motion and running text"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """A display's settings."""

    server: str
    language: str
    counter: str
    zone: str
    second_language: str
    slides: str
    voice: str
    languages: tuple[str, ...]
    sound: bool
    output: str
    volumes: Volumes
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
    values: dict[str, Any] = settings_from({**table, **told}, environment, SCHEMA, prefix=PREFIX)
    values.update(told)
    volumes, problems = volumes_from(*(values.pop(name) for name in VOLUMES))
    values["languages"] = tuple(dict.fromkeys(values["languages"]))
    second = (values["second_language"],) if values["second_language"] else ()
    for language in (values["language"], *second, *values["languages"]):
        if language not in LANGUAGES:
            problems.append(f"language must be one of {', '.join(LANGUAGES)}, not {language!r}")
    if problems:
        raise BadSettings(problems)
    return _settings({**values, "volumes": volumes})


def _settings(values: Mapping[str, Any]) -> Settings:
    return Settings(**values)
