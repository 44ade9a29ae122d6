"""Behind the emblem: the PIN, the staff corner's pages, and what staff do there."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from antrean.domain.errors import Unavailable
from kiosk.defaults import Defaults
from kiosk.screens.entry import Pin
from kiosk.screens.screen import Screen
from kiosk.screens.sheets import Sheet, notice_sheet
from kiosk.screens.staff import Staff
from kiosk.screens.staff_pages import Network, Outfit

if TYPE_CHECKING:
    from kiosk.window import KioskWindow

log = logging.getLogger(__name__)
MOST_WRONG_PINS = 5
CLOSED, RESTART = 0, 75
"""Exit codes: staff closed the kiosk; whoever started it shall start it again (EX_TEMPFAIL)."""


class StaffCorner(QObject):
    """Leads staff from the PIN to their pages, and with the PIN straight into helper mode."""

    def __init__(self, window: "KioskWindow") -> None:
        super().__init__(window)
        self._window, self._desk = window, window.desk
        self._wrong_pins = 0

    def ask_pin(self) -> None:
        """Somebody says they are staff."""
        self._wrong_pins = 0
        self._window.go(self._pin)

    def back(self) -> bool:
        """One step back within the corner; False when nothing of it shows."""
        within = isinstance(self._window.screen_, Network | Outfit)
        if within:
            self._window.go(self._staff)
        return within

    @property
    def open(self) -> bool:
        """Whether staff are at the kiosk, behind its screens or about to be."""
        return isinstance(self._window.screen_, Pin | Staff | Network | Outfit)

    def _pin(self) -> Screen:
        screen = Pin(self._window.scene())
        screen.entered.connect(lambda pin: self._check(pin, helping=False))
        screen.helping_entered.connect(lambda pin: self._check(pin, helping=True))
        return screen

    def _check(self, pin: str, helping: bool) -> None:
        if self._desk.check_pin(pin):
            self._wrong_pins = 0
            if helping:
                self._help()
            else:
                self._window.go(self._staff)
            return
        self._wrong_pins += 1
        if self._wrong_pins >= MOST_WRONG_PINS:
            self._window.leave()
        elif isinstance(self._window.screen_, Pin):
            self._window.screen_.complain(self._window.screen_.t("kiosk.staff_pin_wrong"))

    def _help(self) -> None:
        self._window.journey.help_somebody()

    # --- the pages

    def _staff(self) -> Screen:
        screen = Staff(self._window.scene())
        screen.helping_called.connect(self._help)
        screen.test_print_called.connect(self._then_look(self._desk.test_print))
        screen.paper_changed_called.connect(self._then_look(self._desk.paper_changed))
        screen.network_called.connect(lambda: self._window.go(self._network))
        screen.outfit_called.connect(lambda: self._window.go(self._outfit))
        screen.restart_called.connect(lambda: self._window.quit_asked.emit(RESTART))
        screen.quit_called.connect(self._ask_to_quit)
        return screen

    def _network(self) -> Screen:
        screen = Network(self._window.scene())
        screen.contact_called.connect(self._then_look(self._desk.contact_now))
        return screen

    def _outfit(self) -> Screen:
        screen = Outfit(self._window.scene())
        screen.defaults_chosen.connect(self._keep)
        screen.sample_called.connect(self._speak_sample)
        return screen

    def _then_look(self, act: Callable[[], None]) -> Callable[[], None]:
        def do() -> None:
            act()
            if self._window.screen_ is not None:
                self._window.screen_.tick()

        return do

    def _ask_to_quit(self) -> None:
        scene = self._window.scene()
        t = scene.t
        sheet = Sheet(scene, "quit", "logout", t("staff.quit_title"), t("staff.quit_text"), self._window)
        sheet.offer(
            ("quit", t("staff.quit_yes"), "logout", "plain"),
            ("close", t("staff.quit_no"), "arrow-left", "filled"),
        )
        self._window.show_sheet(sheet, answer=self._answer)

    def _answer(self, name: str) -> None:
        self._window.close_sheet()
        if name == "quit":
            self._window.quit_asked.emit(CLOSED)

    def _keep(self, defaults: Defaults) -> None:
        """Every visit begins so from now on, this one too; also when the disk refuses to remember it."""
        refused = False
        try:
            self._desk.keep_defaults(defaults)
        except Unavailable as trouble:
            log.error("the choice could not be kept: %s", trouble)
            refused = True
        settings = self._window.settings
        begins = replace(settings.assist, theme=defaults.theme, volume=defaults.volume)
        self._window.settings = replace(settings, assist=begins)
        self._window.assist(theme=defaults.theme, volume=defaults.volume)
        if refused:
            t = self._window.scene().t
            words = t("staff.not_kept"), t("staff.not_kept_text")
            self._window.show_sheet(
                notice_sheet(self._window.scene(), "alert-triangle", *words, self._window)
            )

    def _speak_sample(self) -> None:
        scene = self._window.scene()
        if self._window.speaker.available():
            self._window.speaker.say((scene.t("staff.sample"),), scene.language)
            return
        words = scene.t("staff.volume"), scene.t("staff.no_voice")
        self._window.show_sheet(notice_sheet(scene, "volume-off", *words, self._window))
