"""Every sentence a kiosk says, as a table to fill with recordings: `python -m scripts.kiosk_sentences jv MALL.toml`.

Sentences with a number of people or minutes come in too many forms to record; they stay computed.
"""

import os
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtWidgets import QApplication

from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict
from antrean.look.tokens import LIGHT
from antrean.texts import LANGUAGES
from antrean.voice.speech import label_in
from kiosk.desk import Paper
from kiosk.gallery import MODES, SHEETS, View, lay, longest_service, scene_for, screens
from kiosk.picture_desk import PictureDesk
from kiosk.screens.aloud_ticket import card_aloud, number_aloud
from kiosk.screens.lists import services_of_need
from kiosk.screens.needs import Needs

_STAFF = ("pin", "pairing", "staff", "helper")
_COUNTED = re.compile(r"^\d+\. ")
_CHANGING = re.compile(r"\d+–\d+|^\d+ |http|\d\.\d")


def sentences(mall: Mall, language: str) -> Iterator[str]:
    """What visitors hear on every screen and sheet, and of every service; with repetitions."""
    desk = PictureDesk(mall)
    ticket = desk.sample_ticket(longest_service(mall))
    for mode in MODES:
        scene = scene_for(desk, View(True, language, LIGHT, mode=mode))
        for name, make in screens(scene, ticket.service, ticket).items():
            if not name.startswith(_STAFF):
                yield from make().spoken()
        for name in SHEETS:
            below = Needs(scene)
            yield from lay(name, scene, below).spoken()
        for need in mall.needs:
            yield from services_of_need(scene, need).spoken()
    for service in mall.services.values():
        yield from card_aloud(scene, service)
    one_of_each_zone = {mall.zone_of(service).code: service for service in mall.services.values()}
    for service in one_of_each_zone.values():
        for paper in Paper:
            yield from number_aloud(scene, desk.sample_ticket(service.code), paper)


def table(mall: Mall, language: str) -> str:
    """The text of a `sentences.toml` whose recordings are numbered."""
    found = dict.fromkeys(_COUNTED.sub("", one) for one in sentences(mall, language))
    kept = [one for one in found if not _CHANGING.search(one) and label_in(one) is None]
    lines = [f'"{_quoted(one)}" = "kiosk/{at:03d}.wav"' for at, one in enumerate(kept, 1)]
    return "\n".join(("[clips]", *lines, ""))


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def main(arguments: list[str]) -> int:
    """Print the table; returns the exit code."""
    if len(arguments) != 2 or arguments[0] not in LANGUAGES:
        print(f"usage: python -m scripts.kiosk_sentences {'|'.join(LANGUAGES)} MALL.toml", file=sys.stderr)
        return 2
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    mall = mall_from_dict(tomllib.loads(Path(arguments[1]).read_text(encoding="utf-8")))
    print(table(mall, arguments[0]))
    app.processEvents()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
