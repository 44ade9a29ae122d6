"""Take the pictures of the kiosk's screens and write the page that shows them, `docs/kiosk-screens.md`.

    python -m scripts.pictures_screens

Every picture is a screen of the sample mall on a Monday morning, drawn by the kiosk's own code without a display.
"""

from __future__ import annotations

import os
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict
from antrean.look.tokens import THEMES
from antrean.texts import LANGUAGES, OWN_NAMES
from queue_server.samples import sample_path
from scripts import run
from scripts.pictures_camera import keep

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

ROOT = Path(__file__).parent.parent
PAGE, FOLDER = ROOT / "docs" / "kiosk-screens.md", "kiosk"
SERVICE = "ktp-hilang"
UPRIGHT, LYING = 400, 620
"""Widths of the pictures in pixels."""
OLD_MS = 25 * 60 * 1000

_KEPT: list[object] = []
"""Qt's application must outlive the pictograms that are remembered for the next screen."""

Wanted = tuple[str, str, str]
"""A screen of the gallery, or one of ours; the way it is seen (`lying`, theme, mode, language); what it shows."""


@dataclass(frozen=True)
class Part:
    """A heading, a sentence or two, and pictures in rows of `columns`."""

    heading: str
    text: str
    columns: int
    pictures: tuple[Wanted, ...]


PARTS = (
    Part(
        "A visit",
        "Welcome, a need, a service, its published standard, one question, the number. Three touches choose, and two"
        " are enough for what most people come for; nothing scrolls.",
        3,
        (
            ("welcome", "", "Who is called, one key to begin, the most common services, four languages"),
            ("needs", "", "Fourteen everyday needs, the finder, and who has booked"),
            ("services", "", "All services of a need at once, with the wait"),
            ("card", "", "What to bring, cost, time, result, who waits"),
            ("priority", "", "One question; only yes or no is kept"),
            ("number", "", "The number, where to wait, how long about"),
        ),
    ),
    Part(
        "A visitor with a booking",
        "A QR code held to the scanner on any screen, or eight letters on the pad, lead to what was booked and how it"
        " stands; then comes the number. It works without the server and the internet, and nobody is turned away"
        " for a code that is not known yet.",
        4,
        (
            ("check-in", "", "Where to hold the code, and a pad for its letters"),
            ("check-in-code", "", "A wrong letter is told at once"),
            ("booking", "", "What was booked, in time"),
            ("number-booking", "", "The number says why it stands where it stands"),
            ("booking-late", "", "Too late: by time of arrival"),
            ("booking-unknown", "", "Nobody knows the code yet: a number all the same"),
            ("booking-arrived", "", "Twice: the same number again"),
            ("booking", "contrast easy", "Mode mudah in high contrast"),
        ),
    ),
    Part(
        "Four languages",
        "The first screen invites in each language in turn while nobody is there; a touch keeps one for the visit.",
        4,
        tuple(("welcome", language, OWN_NAMES[language]) for language in LANGUAGES),
    ),
    Part(
        "Mode mudah",
        "The same screens with larger words and fewer things. Nothing is smaller than 62 pixels of the drawing and no"
        " key lower than 112; what does not fit comes on the next page.",
        4,
        (
            ("welcome", "easy", "Begin, or choose a language"),
            ("needs", "easy", "A few needs and more"),
            ("services", "easy", "Four services and more"),
            ("card", "easy", "What to bring"),
            ("card-last", "easy", "Cost and time, then the number"),
            ("priority", "easy", "The question in pictures"),
            ("number", "easy", "Number, place, what to do"),
            ("number-no-paper", "easy", "No paper: what stays true"),
        ),
    ),
    Part(
        "High contrast and dark",
        "A visitor chooses high contrast on any screen. Dark is for halls with little light; at night the kiosk darkens"
        " by itself, says when the mall opens, and wakes at a touch.",
        4,
        (
            ("needs", "contrast easy", "High contrast, easy"),
            ("card", "contrast", "High contrast"),
            ("number", "dark", "Dark"),
            ("night", "dark", "The mall is shut"),
        ),
    ),
    Part(
        "Within reach",
        "For somebody in a wheelchair, or small: all keys lie in the lower part, only facts above.",
        3,
        (
            ("welcome", "reach", "Welcome"),
            ("needs", "reach", "Needs"),
            ("services", "reach", "Services"),
        ),
    ),
    Part(
        "When something fails",
        "The visitor still gets a number, and reads what stays true before what went wrong.",
        4,
        (
            ("number-no-paper", "", "The printer has no paper"),
            ("welcome-alone", "", "No server: calls are told as old"),
            ("card-closed", "", "Closed: why, and when it opens"),
            ("sheet-notice", "", "The last number just went"),
        ),
    ),
    Part(
        "Help on every screen",
        "The finder takes everyday words; the sheet changes how the kiosk serves this visitor; a kiosk left alone asks,"
        " then forgets.",
        3,
        (
            ("finder", "", "Suggestions after each letter"),
            ("finder-guess", "", "What it is not sure of is asked"),
            ("finder-nothing", "", "Honest when it knows nothing"),
            ("finder", "easy", "Larger letters, fewer answers"),
            ("sheet-display", "", "How the kiosk serves you"),
            ("sheet-still-here", "", "Masih di sini?"),
        ),
    ),
    Part(
        "Lying panels",
        "The same drawing for 1920 × 1080.",
        2,
        (
            ("welcome", "lying", "Welcome"),
            ("needs", "lying", "Needs"),
            ("services", "lying", "Services"),
            ("card", "lying", "Service card"),
            ("number", "lying", "Number"),
            ("check-in", "lying", "Sudah booking?"),
            ("booking", "lying", "What was booked"),
            ("needs", "lying easy", "Mode mudah"),
            ("card", "lying easy", "Mode mudah: what to bring"),
            ("number", "lying contrast easy", "Mode mudah in high contrast"),
        ),
    ),
)


def name_of(screen: str, way: str) -> str:
    """The picture's name, without its folder and ending."""
    return "-".join([screen, *way.split()])


def rendered() -> str:
    """The page."""
    lines = [
        "# The kiosk's screens",
        "",
        "Drawn anew by `make pictures`. What the sizes are in millimetres, and on which panels:"
        " [kiosk](kiosk.md#millimetres).",
    ]
    for part in PARTS:
        lines += ["", f"## {part.heading}", "", part.text, "", "<table>"]
        for at in range(0, len(part.pictures), part.columns):
            lines.append("<tr>")
            for screen, way, shows in part.pictures[at : at + part.columns]:
                source = f"pictures/{FOLDER}/{name_of(screen, way)}.png"
                lines.append(f'<td><img src="{source}" alt="{shows}"><br>{shows}</td>')
            lines.append("</tr>")
        lines.append("</table>")
    return "\n".join(lines) + "\n"


def _screens(mall: Mall, way: str) -> dict[str, Callable[[], QWidget]]:
    from PySide6.QtWidgets import QAbstractButton

    from kiosk import gallery
    from kiosk.checking_in import Standing
    from kiosk.picture_desk import MORNING_MS, PictureDesk
    from kiosk.screens.booking_card import BookingCard
    from kiosk.screens.card import Card
    from kiosk.screens.needs import Needs
    from kiosk.screens.welcome import Welcome

    class Alone(PictureDesk):
        """A desk whose server was last heard a while ago."""

        def news_age_ms(self) -> int | None:
            return OLD_MS

    said = way.split()
    theme = next((THEMES[word] for word in said if word in THEMES), THEMES["light"])
    language = next((word for word in said if word in LANGUAGES), LANGUAGES[0])
    mode = next((word for word in said if word in gallery.MODES), "")
    view = gallery.View("lying" not in said, language, theme, mode=mode)
    desk = PictureDesk(mall)
    scene = gallery.scene_for(desk, view)

    def last_step() -> QWidget:
        card = Card(scene, mall.services[SERVICE])
        while following := card.findChild(QAbstractButton, "next"):
            following.setObjectName("")
            following.click()
        return card

    def sheet(name: str) -> Callable[[], QWidget]:
        def make() -> QWidget:
            below = Needs(scene)
            gallery.lay(name, scene, below)
            return below

        return make

    made: dict[str, Callable[[], QWidget]] = dict(
        gallery.screens(scene, SERVICE, desk.sample_ticket(SERVICE)).items()
    )
    made["card-last"] = last_step
    made["booking-late"] = lambda: BookingCard(scene, desk.sample_booking(SERVICE, Standing.LATE))
    evening = gallery.scene_for(PictureDesk(mall, MORNING_MS + 8 * 3_600_000), view)
    made["card-closed"] = lambda: Card(evening, mall.services[SERVICE])
    made["welcome-alone"] = lambda: Welcome(gallery.scene_for(Alone(mall), view))
    made.update({f"sheet-{name}": sheet(name) for name in gallery.SHEETS})
    return made


def wanted() -> Iterator[tuple[str, str]]:
    """Every picture as (screen, way), once."""
    yield from dict.fromkeys((screen, way) for part in PARTS for screen, way, _ in part.pictures)


def take(folder: Path) -> None:
    """Take every picture, and write the page."""
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication([])
    _KEPT.append(app)
    mall = mall_from_dict(tomllib.loads(sample_path("mpp").read_text(encoding="utf-8")))
    for screen, way in wanted():
        shot = folder / "screen.png"
        _screens(mall, way)[screen]().grab().save(str(shot))
        keep(shot, f"{FOLDER}/{name_of(screen, way)}", LYING if "lying" in way else UPRIGHT)
    app.processEvents()
    PAGE.write_text(rendered(), encoding="utf-8")


def main() -> None:
    """Run from the command line."""
    os.environ.update(run.qt_environment({}))
    with tempfile.TemporaryDirectory(prefix="antrean-screens-") as place:
        take(Path(place))


if __name__ == "__main__":
    main()
