"""The kiosk's settings: `kiosk.toml` beside its data, overridden by the environment and the command line."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from antrean.domain.errors import Unavailable
from antrean.domain.settings import BadSettings, Setting, settings_from

FILE_NAME = "kiosk.toml"
PREFIX = "ANTREAN_KIOSK_"
LANGUAGES = ("id", "en")
PAPERS = (80, 58)
SCHEMA = (
    Setting(
        "server", str, "", "Address of the mall's server; several, separated by commas, are tried in turn."
    ),
    Setting("language", str, "id", "Language the kiosk starts in: id or en."),
    Setting("place", str, "", "Where the kiosk stands, as shown to staff when somebody asks for help."),
    Setting("windowed", bool, False, "Show a window instead of the full screen."),
    Setting("staff_pin", str, "", "Digits that open the staff corner; without them it stays shut."),
    Setting("printer.target", str, "", "The printer: tcp://HOST:9100, usb:…, serial:…, cups:… or file:PATH."),
    Setting("printer.paper", int, 80, "Width of the paper roll in millimetres: 80 or 58."),
    Setting("printer.asks", bool, True, "Whether the printer answers status requests."),
    Setting("printer.proves", bool, True, "Whether the printer confirms the end of a job."),
)


@dataclass(frozen=True, slots=True)
class Config:
    """What the kiosk was told; an empty `servers` means: the ones remembered from pairing."""

    servers: tuple[str, ...]
    language: str
    place: str
    windowed: bool
    staff_pin: str
    printer: str
    paper: int
    asks: bool
    proves: bool


def load_config(file: Path, environment: Mapping[str, str], given: Mapping[str, object]) -> Config:
    """Read the settings; `given` are the command line's, by setting name, which win.

    A missing file is an empty one. Raises BadSettings naming every mistake, Unavailable when it cannot be read.
    """
    values = settings_from(_table(file), environment, SCHEMA, prefix=PREFIX)
    values.update({name: value for name, value in given.items() if value is not None})
    problems = []
    if values["language"] not in LANGUAGES:
        problems.append(f"language must be id or en, not {values['language']!r}")
    if values["printer.paper"] not in PAPERS:
        problems.append(f"printer.paper must be 80 or 58, not {values['printer.paper']!r}")
    servers = tuple(part.strip().rstrip("/") for part in str(values["server"]).split(",") if part.strip())
    problems += [
        f"server must start with http:// or https://, not {address!r}"
        for address in servers
        if not address.startswith(("http://", "https://"))
    ]
    if problems:
        raise BadSettings(problems)
    return Config(
        servers=servers,
        language=str(values["language"]),
        place=str(values["place"]),
        windowed=bool(values["windowed"]),
        staff_pin=str(values["staff_pin"]),
        printer=str(values["printer.target"]),
        paper=80 if values["printer.paper"] == 80 else 58,
        asks=bool(values["printer.asks"]),
        proves=bool(values["printer.proves"]),
    )


def _table(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings([f"{file.name}: {error}"]) from error
    except OSError as error:
        raise Unavailable(f"{file} cannot be read: {error}", permanent=True) from error
