"""The way of a visitor with a booking: scanner or pad, what the code leads to, then on to a number.

Its screens are loaded when the first visitor takes this way: at the start they would keep the first picture waiting.
"""

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from antrean.domain.booking_claim import is_booking_token
from antrean.domain.booking_code import is_code, normal_code
from antrean.domain.errors import AntreanError, BadInput, Unavailable
from kiosk.checking_in import Found
from kiosk.desk import Paper
from kiosk.screens.number_face import TROUBLE
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
        self._last: Found | None = None

    def begin(self) -> None:
        """The visitor says they have booked."""
        self._window.choose(booking="", ordinary=False, service="", need="", agency="", found=False)
        self._window.go(self._check_in)

    def show(self, text: str) -> None:
        """A code was typed or scanned: say what it leads to, before anything is taken."""
        try:
            self._last = self._desk.find_booking(text)
        except AntreanError as refused:
            self._refuse(refused)
            return
        self._journey.end_number()
        self._window.choose(booking=text, ordinary=False, service="", need="", agency="", found=False)
        self._window.go(self.card)

    def back(self) -> bool:
        """One step back on this way; False when the visitor is not on it."""
        from kiosk.screens.booking_card import BookingCard
        from kiosk.screens.check_in import CheckIn

        screen, visit = self._window.screen_, self._window.visit
        if isinstance(screen, BookingCard):
            self.begin()
        elif isinstance(screen, CheckIn):
            self._journey.choose_need()
        elif visit.booking and visit.service and not (visit.need or visit.agency or visit.found):
            self._window.choose(service="", ordinary=False)
            self._window.go(self.card)
        else:
            return False
        return True

    def card(self) -> Screen:
        """What the code leads to now; it is looked up anew, for the copy may have changed."""
        from kiosk.screens.booking_card import BookingCard

        found = self._look()
        screen = BookingCard(self._window.scene(), found)
        screen.arrived.connect(lambda: self._arrive(found))
        screen.ordinary.connect(lambda: self._walk_in(found))
        screen.service_wanted.connect(lambda: self._name_service(found))
        screen.retyped.connect(self.begin)
        screen.copy_called.connect(lambda: self._copy(found))
        screen.finished.connect(self._window.leave)
        return screen

    def miss_copy(self, ticket_id: str, paper: Paper) -> None:
        """Say that the copy did not come out, to a visitor who still looks at the number."""
        from kiosk.screens.booking_card import BookingCard

        screen = self._window.screen_
        if paper in TROUBLE and isinstance(screen, BookingCard) and screen.found.ticket_id == ticket_id:
            t = self._window.scene().t
            text = f"{t('kiosk.number_valid')} {t('kiosk.paper_step_photo')}"
            sheet = notice_sheet(
                self._window.scene(), "printer-off", t("kiosk.copy_failed"), text, self._window
            )
            self._window.show_sheet(sheet)

    def _look(self) -> Found:
        """What the code leads to, or led to a moment ago where the disk does not answer now."""
        text = self._window.visit.booking
        try:
            self._last = self._desk.find_booking(text)
        except Unavailable as trouble:
            if self._last is None or self._last.text != text:
                raise
            log.error("a booking could not be looked up again: %s", trouble)
        return self._last

    def _check_in(self) -> Screen:
        from kiosk.screens.check_in import CheckIn

        screen = CheckIn(self._window.scene(), self._window.visit.code)
        screen.typed_on.connect(lambda typed: self._window.choose(code=typed))
        screen.entered.connect(self.show)
        return screen

    def _arrive(self, found: Found) -> None:
        self._window.choose(service=found.service)
        self._journey.ask_priority()

    def _walk_in(self, found: Found) -> None:
        """Without the booking: the service's own card, with its hours and what to bring."""
        self._window.choose(service=found.service, ordinary=True)
        self._journey.show_card()

    def _name_service(self, found: Found) -> None:
        """On the ordinary screens; what does not hold today is left behind there."""
        self._window.choose(ordinary=not found.gives_number)
        self._journey.choose_need()

    def _copy(self, found: Found) -> None:
        t = self._window.scene().t
        words = t("kiosk.copy_printing"), t("kiosk.copy_text")
        self._window.show_sheet(notice_sheet(self._window.scene(), "printer", *words, self._window))
        self._desk.copy_booking(found, self._window.visit.language)  # may fail before it returns

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
