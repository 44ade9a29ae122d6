"""Pictures of every screen, drawn without a display: for the README, for designers, for tests."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from antrean.domain.catalogue import Mall
from antrean.look.tokens import CONTRAST, LIGHT, Theme
from antrean.texts import LANGUAGES, texts_for
from kiosk.desk import Desk, Issued, Paper
from kiosk.picture_desk import PictureDesk
from kiosk.screens import lists
from kiosk.screens.card import Card
from kiosk.screens.entry import Pairing, Pin
from kiosk.screens.finder import FinderScreen
from kiosk.screens.needs import Needs
from kiosk.screens.number import Number
from kiosk.screens.priority import Priority
from kiosk.screens.screen import Scene, Screen
from kiosk.screens.sheets import Sheet, display_sheet, idle_sheet, notice_sheet
from kiosk.screens.staff import Staff
from kiosk.screens.welcome import Welcome
from kiosk.widgets.style import Style, load_fonts

SHEETS = ("still-here", "display", "notice")


@dataclass(frozen=True)
class View:
    """A way of looking: orientation, language, theme and scale."""

    portrait: bool
    language: str
    theme: Theme
    scale: float = 1.0

    @property
    def name(self) -> str:
        """For file names."""
        return f"{'portrait' if self.portrait else 'landscape'}-{self.language}-{self.theme.name}"


def views() -> Iterator[View]:
    """Every combination a screen must look well in."""
    for portrait in (True, False):
        for language in LANGUAGES:
            for theme in (LIGHT, CONTRAST):
                yield View(portrait, language, theme)


def scene_for(desk: Desk, view: View) -> Scene:
    """The scene of a view."""
    load_fonts()
    return Scene(Style(view.theme, view.scale, view.portrait), texts_for(view.language), desk, desk.mall())


def screens(scene: Scene, service: str, issued: Issued) -> dict[str, Callable[[], Screen]]:
    """Every screen by name; `service` is the one shown on the card."""

    def number(paper: Paper) -> Screen:
        screen = Number(scene, issued)
        screen.show_paper(paper)
        return screen

    def found() -> Screen:
        screen = FinderScreen(scene)
        for character in "KTP HILANG":
            screen.type(character)
        return screen

    mall, chosen = scene.mall, scene.mall.services[service]
    return {
        "welcome": lambda: Welcome(scene),
        "needs": lambda: Needs(scene),
        "services": lambda: lists.services_of_need(scene, chosen.need),
        "agencies": lambda: lists.agencies_of_need(scene, list(mall.needs)[-1]),
        "card": lambda: Card(scene, chosen),
        "priority": lambda: Priority(scene),
        "number": lambda: number(Paper.PRINTED),
        "number-printing": lambda: number(Paper.WAITING),
        "number-no-paper": lambda: number(Paper.FAILED),
        "finder": found,
        "finder-empty": lambda: FinderScreen(scene),
        "pairing": lambda: Pairing(scene, "http://192.168.10.5:8080"),
        "pin": lambda: Pin(scene),
        "staff": lambda: Staff(scene),
    }


def lay(name: str, scene: Scene, below: Screen) -> Sheet:
    """Lay the sheet called `name` over a screen."""
    t = scene.t
    if name == "still-here":
        sheet = idle_sheet(scene, 20, below)
    elif name == "display":
        sheet = display_sheet(scene, scene.style.theme is CONTRAST, below)
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
    `<screen>-<portrait|landscape>-<language>-<light|contrast>.png`.
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
