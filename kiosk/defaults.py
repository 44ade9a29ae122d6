"""What staff chose at the kiosk itself: how every visit begins. Kept beside the ledger, also through a power cut."""

import logging
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from antrean.domain.errors import Unavailable
from kiosk.visit import LOUDEST, USUAL_VOLUME

log = logging.getLogger(__name__)
FILE_NAME = "kiosk.local.toml"
THEMES = ("light", "dark")
"""High contrast is a visitor's own choice, on any screen."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """The theme of the screens and the volume, 0 to `LOUDEST`."""

    theme: str = THEMES[0]
    volume: int = USUAL_VOLUME


AS_IT_COMES = Defaults()


def kept_defaults(folder: Path) -> dict[str, object]:
    """What was kept in `folder`, by setting name; whatever cannot be read or means nothing is left out."""
    try:
        table = tomllib.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:  # the kiosk itself wrote it: no reason to keep visitors waiting
        log.warning("%s is left out: %s", FILE_NAME, error)
        return {}
    kept: dict[str, object] = {}
    if table.get("theme") in THEMES:
        kept["theme"] = table["theme"]
    if type(table.get("volume")) is int and 0 <= table["volume"] <= LOUDEST:
        kept["volume"] = table["volume"]
    return kept


def keep_defaults(folder: Path, defaults: Defaults) -> None:
    """Keep them, whole or not at all; Unavailable when the disk refuses."""
    text = (
        "# Chosen in the staff corner of this kiosk; goes before kiosk.toml. Remove it to forget the choice.\n"
        f'theme = "{defaults.theme}"\nvolume = {defaults.volume}\n'
    )
    path, beside = folder / FILE_NAME, folder / f"{FILE_NAME}.new"
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise Unavailable(f"{path} cannot be written: {error}", permanent=False) from error
