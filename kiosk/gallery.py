"""Pictures of every screen, drawn without a display: for the README, for designers, for tests."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from antrean.domain.catalogue import Mall
from antrean.look.tokens import CONTRAST, DARK, LIGHT, Theme
from antrean.texts import LANGUAGES, texts_for
from kiosk.assist.sheet import AssistSheet
from kiosk.checking_in import Standing
from kiosk.desk import Desk, Issued, Paper
from kiosk.picture_desk import MORNING_MS, PictureDesk
from kiosk.resting import Shut, shut_at
from kiosk.screens import lists
from kiosk.screens.assisted import Assisted
from kiosk.screens.booking_card import BookingCard
from kiosk.screens.card import Card
from kiosk.screens.check_in import CheckIn
from kiosk.screens.entry import Pairing, Pin
from kiosk.screens.finder import FinderScreen
from kiosk.screens.needs import Needs
from kiosk.screens.night import Night
from kiosk.screens.number import Number
from kiosk.screens.priority import Priority
from kiosk.screens.screen import Scene, Screen
from kiosk.screens.sheets import Sheet, idle_sheet, notice_sheet
from kiosk.screens.staff import Staff
from kiosk.screens.staff_pages import Network, Outfit
from kiosk.screens.welcome import Welcome
from kiosk.visit import ASSIST, Assist
from kiosk.widgets.measure import EASY_TEXT, SMALLEST_TEXT
from kiosk.widgets.style import Style, load_fonts

NIGHT_MS = MORNING_MS - 12 * 3_600_000
TYPED = {
    "finder": "KTP HILANG",
    "finder-empty": "",
    "finder-guess": "UANG LEMBUR KURANG",
    "finder-nothing": "PESAN PIZZA",
}
"""What the pictures' visitor typed into the finder."""
SHEETS = ("still-here", "display", "notice")


MODES = {
    "": ASSIST,
    "easy": Assist(easy=True),
    "reach": Assist(reach=True),
    "easy-reach": Assist(easy=True, reach=True),
}


@dataclass(frozen=True)
class View:
    """A way of looking: orientation, language, theme, scale and one of `MODES`."""

    portrait: bool
    language: str
    theme: Theme
    scale: float = 1.0
    mode: str = ""

    @property
    def name(self) -> str:
        """For file names."""
        way = "portrait" if self.portrait else "landscape"
        return "-".join(part for part in (way, self.language, self.theme.name, self.mode) if part)


def views() -> Iterator[View]:
    """The ways a screen must look well: all themes in one language, all languages in light, and every mode."""
    for portrait in (True, False):
        for mode in MODES:
            for language in LANGUAGES:
                yield View(portrait, language, LIGHT, mode=mode)
        for theme in (CONTRAST, DARK):
            yield View(portrait, LANGUAGES[0], theme)
        yield View(portrait, LANGUAGES[0], CONTRAST, mode="easy")


def scene_for(desk: Desk, view: View) -> Scene:
    """The scene of a view."""
    load_fonts()
    assist = replace(MODES[view.mode], theme=view.theme.name)
    style = Style(view.theme, view.scale, view.portrait, EASY_TEXT if assist.easy else SMALLEST_TEXT)
    return Scene(style, texts_for(view.language), desk, desk.mall(), assist, voice=True)


def screens(scene: Scene, service: str, issued: Issued) -> dict[str, Callable[[], Screen]]:
    """Every screen by name; `service` is the one shown on the card."""

    def number(paper: Paper) -> Screen:
        screen = Number(scene, issued)
        screen.show_paper(paper)
        return screen

    def booked() -> Screen:
        booking = PictureDesk(scene.mall).sample_booking(service)
        screen = Number(scene, replace(issued, booking=booking, ahead=None, wait=None))
        screen.show_paper(Paper.PRINTED)
        return screen

    def booking(standing: Standing) -> Callable[[], Screen]:
        return lambda: BookingCard(scene, PictureDesk(scene.mall).sample_booking(service, standing))

    def typed(words: str) -> Callable[[], Screen]:
        return lambda: FinderScreen(scene, typed=words)

    mall, chosen = scene.mall, scene.mall.services[service]
    return {
        "welcome": lambda: Welcome(scene),
        "night": lambda: _night(scene),
        "needs": lambda: Needs(scene),
        "services": lambda: lists.services_of_need(scene, chosen.need),
        "agencies": lambda: lists.agencies_of_need(scene, list(mall.needs)[-1]),
        "card": lambda: Card(scene, chosen),
        "priority": lambda: Priority(scene),
        "number": lambda: number(Paper.PRINTED),
        "number-printing": lambda: number(Paper.WAITING),
        "number-no-paper": lambda: number(Paper.FAILED),
        "check-in": lambda: CheckIn(scene),
        "check-in-code": lambda: CheckIn(scene, "K7M4RTX8"),
        "booking": booking(Standing.IN_TIME),
        "booking-arrived": booking(Standing.ARRIVED),
        "booking-unknown": booking(Standing.UNKNOWN),
        "number-booking": booked,
        **{name: typed(words) for name, words in TYPED.items()},
        "pairing": lambda: Pairing(scene, "http://192.168.10.5:8080"),
        "pin": lambda: Pin(scene),
        "staff": lambda: Staff(scene),
        "staff-network": lambda: Network(scene),
        "staff-outfit": lambda: Outfit(scene),
        "helper-needs": lambda: Needs(replace(scene, helping=True)),
        "helper-reason": lambda: Assisted(replace(scene, helping=True), chosen),
    }


def _night(scene: Scene) -> Screen:
    """The evening before the pictures' morning."""
    desk = PictureDesk(scene.mall, NIGHT_MS)
    shut = shut_at(scene.mall, NIGHT_MS)
    return Night(replace(scene, desk=desk), shut or Shut(None))


def lay(name: str, scene: Scene, below: Screen) -> Sheet:
    """Lay the sheet called `name` over a screen."""
    t = scene.t
    if name == "still-here":
        sheet = idle_sheet(scene, 20, below)
    elif name == "display":
        sheet = AssistSheet(scene, below, earphones=scene.voice)
    else:
        sheet = notice_sheet(scene, "info-circle", t("kiosk.no_number"), t("kiosk.refused_full"), below)
    sheet.resize(below.size())
    return sheet


def longest_service(mall: Mall) -> str:
    """The service that is hardest to fit."""
    return max(mall.services.values(), key=lambda one: len(one.requirements) * 100 + len(one.name.id)).code


def grab_all(
    directory: Path, mall: Mall, service: str = "", seen: Iterable[View] | None = None
) -> list[Path]:
    """Write one PNG per screen and view of `mall` into `directory`; needs Qt, offscreen is fine.

    `service` is the one on the card, by default the one that is hardest to fit; `seen` limits
    the views. Files are called
    `<screen>-<portrait|landscape>-<language>-<light|contrast|dark>[-<mode>].png`.
    """
    app = QApplication.instance() or QApplication([])
    directory.mkdir(parents=True, exist_ok=True)
    desk = PictureDesk(mall)
    service = service or longest_service(mall)
    written = []
    for view in seen or views():
        scene = scene_for(desk, view)
        pictures = {
            name: make() for name, make in screens(scene, service, desk.sample_ticket(service)).items()
        }
        for name in SHEETS:
            pictures[f"sheet-{name}"] = below = Needs(scene)
            lay(name, scene, below)
        for name, screen in pictures.items():
            path = directory / f"{name}-{view.name}.png"
            screen.grab().save(str(path))
            written.append(path)
    app.processEvents()
    return written
