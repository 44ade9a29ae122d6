"""The kiosk's window: which screen follows which, the idle clock, and the choices of the one visitor at it."""

import logging
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from antrean.domain.catalogue import Mall
from antrean.domain.errors import AntreanError, RuleViolation, Unavailable
from antrean.look.tokens import CONTRAST, LIGHT
from antrean.texts import LANGUAGES, texts_for
from kiosk.complaints import complaint
from kiosk.desk import Choice, Desk, Issued, Paper
from kiosk.empty_mall import EMPTY_MALL
from kiosk.screens import lists
from kiosk.screens.card import Card
from kiosk.screens.entry import Pairing, Pin, Preparing
from kiosk.screens.finder import FinderScreen
from kiosk.screens.needs import Needs
from kiosk.screens.number import Number
from kiosk.screens.priority import Priority
from kiosk.screens.screen import LANDSCAPE, PORTRAIT, Scene, Screen
from kiosk.screens.sheets import Sheet, display_sheet, idle_sheet, notice_sheet
from kiosk.screens.staff import Staff
from kiosk.screens.welcome import Welcome
from kiosk.visit import Settings, Visit
from kiosk.widgets.style import Style, load_fonts

log = logging.getLogger(__name__)
MOST_WRONG_PINS = 5
RESTART = 75
"""Exit code that asks whoever started the kiosk to start it again (EX_TEMPFAIL)."""


class KioskWindow(QWidget):
    """Shows one screen at a time and owns nothing but the visitor's choices."""

    ticket_issued = Signal(object)
    quit_asked = Signal(int)
    _paper_came = Signal(str, object)

    def __init__(self, desk: Desk, settings: Settings) -> None:
        super().__init__()
        load_fonts()
        self.desk, self.settings = desk, settings
        self.visit = Visit(settings.language)
        self.screen_: Screen | None = None
        self._make: Callable[[], Screen] = self._home
        self._sheet: Sheet | None = None
        self._idle = 0
        self._wrong_pins = 0
        self._issued: Issued | None = None
        self._paper = Paper.WAITING
        self.setWindowTitle("Antrean")
        self._paper_came.connect(self._show_paper)
        desk.on_paper(self._paper_came.emit)
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)
        self._timer = QTimer(self, interval=settings.tick_ms)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self.go(self._home)

    # --- moving about

    def go(self, make: Callable[[], Screen]) -> None:
        """Show the screen that `make` builds; it is built again for another language, theme or size."""
        self._make = make
        self._close_sheet()
        old, self.screen_ = self.screen_, make()
        new = self.screen_
        new.setParent(self)
        new.went_back.connect(self._back)
        new.help_called.connect(self._call_help)
        new.display_help_called.connect(self._display_help)
        new.staff_called.connect(lambda: self.go(self._pin))
        self._place(new)
        new.show()
        if old is not None:
            old.hide()
            old.deleteLater()
        self._idle = 0
        self.update()

    def _scene(self) -> Scene:
        theme = CONTRAST if self.visit.contrast else LIGHT
        portrait = self.height() >= self.width()
        wide, high = PORTRAIT if portrait else LANDSCAPE
        scale = min(self.width() / wide, self.height() / high)
        return Scene(Style(theme, scale, portrait), texts_for(self.visit.language), self.desk, self._mall())

    def _mall(self) -> Mall:
        try:
            return self.desk.mall()
        except RuleViolation:  # not paired yet, or the catalogue is still on its way
            return EMPTY_MALL

    def _place(self, screen: QWidget) -> None:
        scene = self._scene()
        wide, high = PORTRAIT if scene.style.portrait else LANDSCAPE
        size = QSize(scene.style.px(wide), scene.style.px(high))
        screen.setGeometry(
            (self.width() - size.width()) // 2,
            (self.height() - size.height()) // 2,
            size.width(),
            size.height(),
        )

    def _again(self) -> None:
        if self.screen_ is not None:
            self.go(self._make)

    def _home(self) -> Screen:
        if not self.desk.paired():
            return self._pairing()
        return self._welcome() if self._mall() is not EMPTY_MALL else Preparing(self._scene())

    def _welcome(self) -> Screen:
        screen = Welcome(self._scene())
        screen.started.connect(lambda: self.go(self._needs))
        screen.language_chosen.connect(self.speak)
        screen.service_chosen.connect(self._choose_service)
        return screen

    def _needs(self) -> Screen:
        self.visit = replace(self.visit, need="", agency="", service="", page=0, found=False)
        screen = Needs(self._scene())
        screen.need_chosen.connect(self._choose_need)
        screen.finder_called.connect(lambda: self.go(self._finder))
        return screen

    def _choose_need(self, need: str) -> None:
        self.visit = replace(self.visit, need=need, page=0)
        self.go(self._list)

    def _list(self) -> Screen:
        scene, visit = self._scene(), self.visit
        if visit.need == lists.OTHER_NEED and not visit.agency:
            screen = lists.agencies_of_need(scene, visit.need)
            screen.row_chosen.connect(self._choose_agency)
            return screen
        if visit.agency:
            screen = lists.services_of_agency(scene, visit.agency, visit.need, visit.page)
        else:
            screen = lists.services_of_need(scene, visit.need, visit.page)
        screen.row_chosen.connect(lambda code: self._choose_service(code, screen.page))
        return screen

    def _choose_agency(self, agency: str) -> None:
        self.visit = replace(self.visit, agency=agency)
        self.go(self._list)

    def _choose_service(self, service: str, page: int = 0, found: bool = False) -> None:
        self.visit = replace(self.visit, service=service, page=page, found=found)
        self.go(self._card)

    def _finder(self) -> Screen:
        screen = FinderScreen(self._scene())
        screen.row_chosen.connect(lambda code: self._choose_service(code, found=True))
        return screen

    def _card(self) -> Screen:
        scene = self._scene()
        screen = Card(scene, scene.mall.services[self.visit.service])
        screen.taken.connect(lambda: self.go(self._priority))
        screen.checklist_called.connect(self._print_checklist)
        return screen

    def _priority(self) -> Screen:
        screen = Priority(self._scene())
        screen.answered.connect(self._take)
        return screen

    def _number(self) -> Screen:
        assert self._issued is not None
        told = self.settings
        screen = Number(self._scene(), self._issued, told.number_seconds, told.trouble_seconds)
        if self._paper is not Paper.WAITING:
            screen.show_paper(self._paper)
        screen.finished.connect(self.leave)
        return screen

    def _pairing(self) -> Screen:
        screen = Pairing(self._scene(), self.settings.server)
        screen.entered.connect(self._pair)
        return screen

    def _pin(self) -> Screen:
        screen = Pin(self._scene())
        screen.entered.connect(self._check_pin)
        return screen

    def _staff(self) -> Screen:
        screen = Staff(self._scene())
        screen.test_print_called.connect(self.desk.test_print)
        screen.restart_called.connect(lambda: self.quit_asked.emit(RESTART))
        screen.quit_called.connect(lambda: self.quit_asked.emit(0))
        return screen

    def _back(self) -> None:
        where = type(self.screen_)
        if where is Priority:
            self.go(self._card)
        elif where is Card:
            self.visit = replace(self.visit, service="")
            listed = self._list if self.visit.need else self._welcome
            self.go(self._finder if self.visit.found else listed)
        elif where is lists.PagedList and self.visit.agency:
            self.visit = replace(self.visit, agency="", page=0)
            self.go(self._list)
        elif where in (lists.PagedList, FinderScreen):
            self.go(self._needs)
        else:
            self.leave()

    def leave(self) -> None:
        """Back to Welcome; every personal choice is forgotten."""
        self.visit = Visit(self.settings.language)
        self._issued, self._paper = None, Paper.WAITING
        self._wrong_pins = 0
        self.go(self._home)

    # --- what the visitor asks for

    def speak(self, language: str) -> None:
        """Go on in another language."""
        self.visit = replace(self.visit, language=language)
        self._again()

    def _take(self, priority: bool) -> None:
        choice = Choice(self.visit.service, priority, self.visit.language)
        try:
            self._issued = self.desk.issue(choice)
        except AntreanError as refused:
            self._refuse(refused)
            return
        self._paper = Paper.WAITING
        self.go(self._number)  # before paper: whatever becomes of it, the visitor sees the number
        self.desk.print_ticket(self._issued, self.visit.language)
        self.ticket_issued.emit(self._issued)

    def _refuse(self, refused: AntreanError) -> None:
        code = refused.code if isinstance(refused, RuleViolation) else "unavailable"
        log.info("no number given: %s", code)
        self.go(self._card)
        t = texts_for(self.visit.language)
        text = t(f"kiosk.refused_{code}") if t.has(f"kiosk.refused_{code}") else t("kiosk.refused")
        self._show_sheet(notice_sheet(self._scene(), "info-circle", t("kiosk.no_number"), text, self))

    def _show_paper(self, ticket_id: str, paper: Paper) -> None:
        if self._issued is not None and ticket_id == self._issued.ticket_id:
            self._paper = paper
            if isinstance(self.screen_, Number):
                self.screen_.show_paper(paper)

    def _print_checklist(self) -> None:
        self.desk.print_checklist(self.visit.service, self.visit.language)
        t = texts_for(self.visit.language)
        sheet = notice_sheet(
            self._scene(), "printer", t("kiosk.checklist_printing"), t("kiosk.checklist_text"), self
        )
        self._show_sheet(sheet)

    def _call_help(self) -> None:
        self.desk.call_help(type(self.screen_).__name__)
        if self.screen_ is not None:
            self.screen_.tick()

    def _pair(self, code: str, server: str) -> None:
        screen = self.screen_
        if not isinstance(screen, Pairing):
            return
        screen.complain(screen.t("kiosk.pairing_busy"))
        screen.repaint()  # asking the server may take seconds
        try:
            self.desk.pair(code, server)
        except Unavailable:
            screen.complain(screen.t("kiosk.pairing_unavailable"))
        except RuleViolation as refused:
            screen.complain(complaint(refused, self.visit.language))
        else:
            self.leave()

    def _check_pin(self, pin: str) -> None:
        if self.desk.check_pin(pin):
            self._wrong_pins = 0
            self.go(self._staff)
            return
        self._wrong_pins += 1
        if self._wrong_pins >= MOST_WRONG_PINS:
            self.leave()
        elif isinstance(self.screen_, Pin):
            self.screen_.complain(self.screen_.t("kiosk.staff_pin_wrong"))

    def _display_help(self) -> None:
        self._show_sheet(display_sheet(self._scene(), self.visit.contrast, self))

    # --- sheets and time

    def _show_sheet(self, sheet: Sheet) -> None:
        self._close_sheet()
        self._sheet = sheet
        sheet.answered.connect(self._answer)
        self._place(sheet)
        sheet.show()
        sheet.raise_()

    def _close_sheet(self) -> None:
        if self._sheet is not None:
            self._sheet.hide()
            self._sheet.deleteLater()
            self._sheet = None

    def _answer(self, name: str) -> None:
        self._close_sheet()
        if name == "contrast":
            self.visit = replace(self.visit, contrast=not self.visit.contrast)
            self._again()
        elif name == "language":
            at = LANGUAGES.index(self.visit.language)
            self.speak(LANGUAGES[(at + 1) % len(LANGUAGES)])
        elif name == "leave":
            self.leave()

    @property
    def at_home(self) -> bool:
        """Whether nobody is in the middle of anything."""
        return isinstance(self.screen_, Welcome | Pairing | Preparing)

    def _tick(self) -> None:
        if self.screen_ is None:
            return
        if isinstance(self.screen_, Welcome | Preparing) and self._mall() is not self.screen_.scene.mall:
            self._again()  # the catalogue came or changed
        self.screen_.tick()
        changed = self.visit != Visit(self.settings.language)
        if isinstance(self.screen_, Number) or (self.at_home and not changed and self._sheet is None):
            return
        self._idle += 1
        if self._idle == self.settings.idle_seconds:
            self._show_sheet(idle_sheet(self._scene(), self.settings.answer_seconds, self))
        elif self._idle > self.settings.idle_seconds:
            left = self.settings.idle_seconds + self.settings.answer_seconds - self._idle
            if left <= 0:
                self.leave()
            elif self._sheet is not None:
                self._sheet.say(self.screen_.t("kiosk.still_here_text", n=left))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Any touch means that somebody is here."""
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin):
            self._idle = 0
            if isinstance(self.screen_, Number):
                self.screen_.extend()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay everything out again for the new size."""
        self._again()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground around and behind the screen."""
        painter = QPainter(self)
        style = self._scene().style
        painter.fillRect(self.rect(), style.colour("ground"))
        painter.end()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop listening before Qt takes the window apart."""
        self._timer.stop()
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        super().closeEvent(event)
