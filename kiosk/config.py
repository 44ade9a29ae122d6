"""The kiosk's settings: `kiosk.toml` beside its data, overridden by the environment and the command line."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from antrean.domain.errors import Unavailable
from antrean.domain.settings import BadSettings, Setting, settings_from
from antrean.texts import LANGUAGES
from kiosk.defaults import AS_IT_COMES, THEMES, Defaults
from kiosk.visit import DOUBLE_MS, LOUDEST

FILE_NAME = "kiosk.toml"
PREFIX = "ANTREAN_KIOSK_"
PAPERS = (80, 58)
RATES = range(80, 301)
DOUBLE_STRIKES = range(2001)
SCHEMA = (
    Setting(
        "server", str, "", "Address of the mall's server; several, separated by commas, are tried in turn."
    ),
    Setting("language", str, "id", "Language the kiosk starts in: " + ", ".join(LANGUAGES) + "."),
    Setting("place", str, "", "Where the kiosk stands, as shown to staff when somebody asks for help."),
    Setting("theme", str, "light", "How the screens look until a visitor changes it: light or dark."),
    Setting("volume", int, 3, "How loud a visit begins: 0 (silent) to 5."),
    Setting("windowed", bool, False, "Show a window instead of the full screen."),
    Setting("staff_pin", str, "", "Digits that open the staff corner; without them it stays shut."),
    Setting(
        "second_folder",
        str,
        "",
        "Where the second files are kept, best on another medium (a USB stick); empty: beside the ledger.",
    ),
    Setting("screen.width_mm", int, 0, "Width of the panel's picture in millimetres; 0: the panel is asked."),
    Setting(
        "screen.height_mm", int, 0, "Height of the panel's picture in millimetres; 0: the panel is asked."
    ),
    Setting(
        "screen.motion", bool, True, "Whether screens fade and a hand waves; false: nothing moves by itself."
    ),
    Setting(
        "sound.output",
        str,
        "",
        "Sound device that speaks, by its description; empty: the system's own choice.",
    ),
    Setting(
        "sound.private_output",
        str,
        "",
        "Sound device of the earphones or handset; empty: private listening is not offered.",
    ),
    Setting("sound.rate", int, 140, "Words a minute of the computed voice, 80 to 300."),
    Setting(
        "sound.voice_pack",
        str,
        "",
        "Folder with a voice of the site's own; empty: the one that comes with us.",
    ),
    Setting(
        "touch.double_ms",
        int,
        DOUBLE_MS,
        "A second strike of a key within so many milliseconds does not count, 0 to 2000; half of it when typing.",
    ),
    Setting("printer.target", str, "", "The printer: tcp://HOST:9100, usb:…, serial:…, cups:… or file:PATH."),
    Setting("printer.paper", int, 80, "Width of the paper roll in millimetres: 80 or 58."),
    Setting("printer.asks", bool, True, "Whether the printer answers status requests."),
    Setting("printer.proves", bool, True, "Whether the printer confirms the end of a job."),
)


@dataclass(frozen=True, slots=True)
class Sound:
    """How the kiosk speaks; an empty `private_output` means that there are no earphones."""

    output: str = ""
    private_output: str = ""
    rate: int = 140
    voice_pack: Path | None = None


@dataclass(frozen=True, slots=True)
class Glass:
    """The panel: its picture in millimetres, (0, 0) to ask the panel itself, and whether anything moves on it."""

    size_mm: tuple[float, float] = (0, 0)
    motion: bool = True


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
    second_folder: Path | None = None
    defaults: Defaults = AS_IT_COMES
    sound: Sound = Sound()
    glass: Glass = Glass()
    double_ms: int = DOUBLE_MS


def load_config(
    file: Path,
    environment: Mapping[str, str],
    given: Mapping[str, object],
    kept: Mapping[str, object] = MappingProxyType({}),
) -> Config:
    """Read the settings; `given` are the command line's, by setting name, which win.

    `kept` is what staff chose at the kiosk itself: it goes before the file, the environment before it.

    A missing file is an empty one. Raises BadSettings naming every mistake, Unavailable when it cannot be read.
    """
    values = settings_from({**_table(file), **kept}, environment, SCHEMA, prefix=PREFIX)
    values.update({name: value for name, value in given.items() if value is not None})
    problems = []
    if values["language"] not in LANGUAGES:
        problems.append(f"language must be one of {', '.join(LANGUAGES)}, not {values['language']!r}")
    if values["theme"] not in THEMES:
        problems.append(f"theme must be light or dark, not {values['theme']!r}")
    if values["volume"] not in range(LOUDEST + 1):
        problems.append(f"volume must be 0 to {LOUDEST}, not {values['volume']!r}")
    size = values["screen.width_mm"], values["screen.height_mm"]
    if (0 in size and any(size)) or any(int(str(side)) < 0 for side in size):
        problems.append(f"screen.width_mm and screen.height_mm must both be given, or both 0, not {size}")
    if values["printer.paper"] not in PAPERS:
        problems.append(f"printer.paper must be 80 or 58, not {values['printer.paper']!r}")
    if int(str(values["sound.rate"])) not in RATES:
        problems.append(f"sound.rate must be 80 to 300, not {values['sound.rate']!r}")
    if values["touch.double_ms"] not in DOUBLE_STRIKES:
        problems.append(f"touch.double_ms must be 0 to 2000, not {values['touch.double_ms']!r}")
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
        second_folder=Path(str(values["second_folder"])) if values["second_folder"] else None,
        defaults=Defaults(str(values["theme"]), int(str(values["volume"]))),
        double_ms=int(str(values["touch.double_ms"])),
        glass=Glass(
            (int(str(values["screen.width_mm"])), int(str(values["screen.height_mm"]))),
            bool(values["screen.motion"]),
        ),
        sound=Sound(
            output=str(values["sound.output"]),
            private_output=str(values["sound.private_output"]),
            rate=int(str(values["sound.rate"])),
            voice_pack=Path(str(values["sound.voice_pack"])) if values["sound.voice_pack"] else None,
        ),
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
