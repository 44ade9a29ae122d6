"""The way of a visitor with a booking: scanner or pad, what the code leads to, then on to a number."""

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from antrean.domain.booking_claim import is_booking_token
from antrean.domain.booking_code import is_code, normal_code
from antrean.domain.errors import AntreanError, BadInput
from kiosk.checking_in import Found
from kiosk.screens.booking_card import BookingCard
from kiosk.screens.check_in import CheckIn
from kiosk.screens.screen import Screen
from kiosk.screens.sheets import notice_sheet

if TYPE_CHECKING:
    from kiosk.journey import Journey
    from kiosk.window import KioskWindow

log = logging.getLogger(__name__)


def is_booking(text: str) -> bool:
    """Whether a scanned text can be a booking's: its signed code, or its short one."""
    return is_booking_token(text) or is_code(normal_code(text))


class Arriving(QObject):
    """Leads from *Sudah booking?* or the scanner to the card, and hands over to the journey for the number."""

    def __init__(self, window: "KioskWindow", journey: "Journey") -> None:
        super().__init__(window)
        self._window, self._journey, self._desk = window, journey, window.desk

    def begin(self) -> None:
        """The visitor says they have booked."""
        self._choose(booking="", ordinary=False, service="", need="", agency="", found=False)
        self._window.go(self._check_in)

    def show(self, text: str) -> None:
        """A code was typed or scanned: say what it leads to, before anything is taken."""
        try:
            self._desk.find_booking(text)
        except AntreanError as refused:
            self._refuse(refused)
            return
        self._choose(booking=text, ordinary=False, service="", need="", agency="", found=False)
        self._window.go(self.card)

    def back(self) -> bool:
        """One step back on this way; False when the visitor is not on it."""
        screen, visit = self._window.screen_, self._window.visit
        if isinstance(screen, BookingCard):
            self.begin()
        elif visit.booking and visit.service and not (visit.need or visit.agency or visit.found):
            self._choose(service="", ordinary=False)
            self._window.go(self.card)
        else:
            return False
        return True

    def card(self) -> Screen:
        """What the code leads to now; it is looked up anew, for the copy may have changed."""
        found = self._desk.find_booking(self._window.visit.booking)
        screen = BookingCard(self._window.scene(), found)
        screen.arrived.connect(lambda: self._arrive(found))
        screen.ordinary.connect(lambda: self._walk_in(found))
        screen.service_wanted.connect(self._journey.choose_need)
        screen.retyped.connect(self.begin)
        screen.copy_called.connect(lambda: self._copy(found))
        screen.finished.connect(self._window.leave)
        return screen

    def _choose(self, **choices: object) -> None:
        self._window.visit = replace(self._window.visit, **choices)  # type: ignore[arg-type]

    def _check_in(self) -> Screen:
        screen = CheckIn(self._window.scene(), self._window.visit.code)
        screen.typed_on.connect(lambda typed: self._choose(code=typed))
        screen.entered.connect(self.show)
        return screen

    def _arrive(self, found: Found) -> None:
        self._choose(service=found.service)
        self._journey.ask_priority()

    def _walk_in(self, found: Found) -> None:
        """Without the booking: the service's own card, with its hours and what to bring."""
        self._choose(service=found.service, ordinary=True)
        self._journey.show_card()

    def _copy(self, found: Found) -> None:
        t = self._window.scene().t
        if self._desk.copy_booking(found, self._window.visit.language):
            words = t("kiosk.copy_printing"), t("kiosk.copy_text")
            self._window.show_sheet(notice_sheet(self._window.scene(), "printer", *words, self._window))

    def _refuse(self, refused: AntreanError) -> None:
        code = refused.code if isinstance(refused, BadInput) else "unavailable"
        log.info("no booking looked up: %s", code)
        t = self._window.scene().t
        words = (
            ("scan_unknown_title", "scan_unknown")
            if isinstance(refused, BadInput)
            else ("machine_stuck", "refused_unavailable")
        )
        title, text = (t(f"kiosk.{key}") for key in words)
        self._window.show_sheet(notice_sheet(self._window.scene(), "info-circle", title, text, self._window))
