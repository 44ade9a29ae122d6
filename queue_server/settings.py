"""The server's settings: `server.toml` beside its data, overridden by ANTREAN_SERVER_… variables and flags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from antrean.domain.settings import BadSettings, Setting
from antrean.voice.phrase import LANGUAGES
from queue_server.settings_file import out_of_range, read_values

PREFIX = "ANTREAN_SERVER_"
FILE_NAME = "server.toml"
REQUEST_THREADS = 20
SCHEMA = (
    Setting("host", str, "127.0.0.1", "Address to listen on; 0.0.0.0 lets the mall's own network in."),
    Setting("port", int, 8080, "Port to listen on; 0 takes any free one."),
    Setting(
        "public_url",
        str,
        "",
        "Address printed on tickets, as visitors' phones reach it; empty: host and port.",
    ),
    Setting("streams", int, 200, "How many live connections (displays, consoles, phones) are held at once."),
    Setting("backup_minutes", int, 15, "Minutes between backups into DATA/backups; 0 makes none."),
    Setting("backups_kept", int, 96, "How many backups are kept."),
    Setting("voice", bool, True, "Offer spoken calls to boards in browsers."),
    Setting("voice_languages", list, ["id"], "Languages of a spoken call, one after the other."),
    Setting("voice_pack", str, "", "A folder with the mall's own voice pack, or one such folder a language."),
    Setting("notes_days", int, 30, "Days until the text of an officer's note is erased."),
    Setting("help_loud_minutes", int, 2, "After how long a call for help nobody accepts is marked louder."),
)


@dataclass(frozen=True)
class ServerSettings:
    """The settings in force; see `SCHEMA` for what each means."""

    host: str
    port: int
    public_url: str
    streams: int
    backup_minutes: int
    backups_kept: int
    voice: bool
    help_loud_minutes: int = 2
    voice_languages: Sequence[str] = ("id",)
    voice_pack: str = ""
    notes_days: int = 30

    @property
    def threads(self) -> int:
        """Every stream holds a thread; without spare ones the next request would wait for a stream to end."""
        return self.streams + REQUEST_THREADS


LIMITS = {
    "port": (0, 65535),
    "streams": (1, 2000),
    "backup_minutes": (0, 1440),
    "backups_kept": (1, 10_000),
    "help_loud_minutes": (1, 60),
    "notes_days": (1, 3650),
}


def read_settings(
    file: Path | None, data: Path, environment: Mapping[str, str], flags: Mapping[str, object]
) -> ServerSettings:
    """The settings by flag, environment, file and default, in this order; raises BadSettings with every problem.

    `file` None means `server.toml` in `data`, if there is one.
    """
    values = read_values(file, data / FILE_NAME, SCHEMA, PREFIX, environment, flags)
    problems = out_of_range(values, LIMITS)
    languages = values["voice_languages"]
    if not languages or not set(languages) <= set(LANGUAGES):
        problems.append(f"voice_languages must be of {', '.join(LANGUAGES)}, not {languages!r}")
    if problems:
        raise BadSettings(problems)
    return ServerSettings(**values)
