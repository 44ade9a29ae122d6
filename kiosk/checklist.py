"""The list of what to bring, printed without a number: who asked for it, and what they are told of its paper."""

from typing import TYPE_CHECKING

from kiosk.desk import Paper
from kiosk.screens.card import Card
from kiosk.screens.number_face import TROUBLE
from kiosk.screens.sheets import notice_sheet

if TYPE_CHECKING:
    from kiosk.window import KioskWindow


class Checklist:
    """Prints the list of the service that the visitor of `window` looks at."""

    def __init__(self, window: "KioskWindow") -> None:
        self._window, self._desk = window, window.desk

    def ask(self) -> None:
        """The visitor wants it on paper."""
        self._say("printer", "checklist_printing", "checklist_text")
        visit = self._window.visit
        job = self._desk.print_checklist(visit.service, visit.language)
        self._window.choose(listed=(visit.service, job))

    def miss(self, job: str, paper: Paper) -> None:
        """Say that it did not come out, to the visitor who asked for it and still looks at that service."""
        screen = self._window.screen_
        looking = isinstance(screen, Card) and (screen.service.code, job) == self._window.visit.listed
        if paper in TROUBLE and looking:
            self._say("printer-off", "checklist_failed", "checklist_failed_text")

    def _say(self, icon: str, title: str, text: str) -> None:
        scene = self._window.scene()
        words = scene.t(f"kiosk.{title}"), scene.t(f"kiosk.{text}")
        self._window.show_sheet(notice_sheet(scene, icon, *words, self._window))
