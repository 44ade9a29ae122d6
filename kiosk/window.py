"""The kiosk's window: one screen at a time, a sheet over it, the idle clock, and the choices of the one visitor."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from antrean.domain.catalogue import Mall
from antrean.domain.errors import RuleViolation
from antrean.look.tokens import THEMES
from antrean.texts import texts_for
from kiosk.assist.service import Assistance
from kiosk.desk import Desk
from kiosk.empty_mall import EMPTY_MALL
from kiosk.journey import FOLLOWS, Journey
from kiosk.laying import fade_in, fit_on, judge, paint_around, place_on, style_on
from kiosk.resting import shift_at
from kiosk.scanner import Scanner
from kiosk.screens.entry import Pairing, Preparing
from kiosk.screens.night import Night
from kiosk.screens.number import Number
from kiosk.screens.screen import Scene, Screen
from kiosk.screens.sheets import STILL_HERE, Sheet, idle_sheet
from kiosk.screens.welcome import Welcome
from kiosk.speech import NoSpeaker, Speaker
from kiosk.visit import Aloud, Assist, Settings
from kiosk.widgets.measure import Fit
from kiosk.widgets.style import load_fonts

log = logging.getLogger(__name__)


class KioskWindow(QWidget):
    """Shows what the journey asks for, and owns nothing but the visitor's choices."""

    ticket_issued = Signal(object)
    quit_asked = Signal(int)

    def __init__(self, desk: Desk, settings: Settings, speaker: Speaker | None = None) -> None:
        super().__init__()
        load_fonts()
        self.desk, self.settings, self.speaker = desk, settings, speaker or NoSpeaker()
        self.visit = settings.new_visit()
        self.screen_: Screen | None = None
        self.sheet: Sheet | None = None
        self._make: Callable[[], Screen] | None = None
        self._make_sheet: Callable[[], Sheet] | None = None
        self._answer: Callable[[str], None] = self._close
        self._idle = self._asked = self._calm = 0
        self._shift = (0, 0)
        self.setWindowTitle("Antrean")
        self.journey = Journey(self)
        self.assistance = Assistance(self)
        self._scanner = Scanner(self)
        self._scanner.scanned.connect(self.journey.paper_scanned)
        self._scanner.pressed.connect(self.assistance.five_keys.press)
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self.assistance.touches)
            app.installEventFilter(self._scanner)
        self._timer = QTimer(self, interval=settings.tick_ms)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self.leave()

    # --- what is shown

    @property
    def on_top(self) -> Sheet | Screen | None:
        """The sheet, else the screen."""
        return self.sheet or self.screen_

    def go(self, make: Callable[[], Screen]) -> None:
        """Show the screen that `make` builds; it is built again for another language, theme or size."""
        self._show(make)
        self.read_out()

    def again(self) -> None:
        """Build the same screen anew, as it has to be drawn now; a sheet stays over it."""
        if self._make is not None:
            self._show(self._make, again=True)

    def _show(self, make: Callable[[], Screen], *, again: bool = False) -> None:
        self._make = make
        if not again:
            self._drop_sheet()
        old, self.screen_ = self.screen_, make()
        new = self.screen_
        new.setParent(self)
        new.went_back.connect(self.journey.back)
        new.help_called.connect(self.journey.call_help)
        new.display_help_called.connect(self.assistance.open_sheet)
        new.read_called.connect(self.read_once)
        new.staff_called.connect(self.journey.ask_pin)
        self.assistance.greet(new)
        self._place(new)
        new.show()
        if old is not None:
            if self.settings.motion and not again and self.visit.assist.aloud is not Aloud.EXPLORE:
                fade_in(self, old, new)
            old.hide()
            old.deleteLater()
        self._idle = self._asked = self._calm = 0
        if self._make_sheet is not None:
            self._lay_sheet(self._make_sheet())
        elif self.sheet is not None:
            self.sheet.raise_()
        self.assistance.renew(keep=again)
        self.update()

    def scene(self) -> Scene:
        """What a screen is drawn with now."""
        drawing = self.fit()
        assist = replace(self.visit.assist, easy=self.visit.assist.easy or drawing.easy_only)
        style = style_on(drawing, THEMES[assist.theme], easy=assist.easy)
        voice = self.speaker.available()
        motion = self.settings.motion and assist.aloud is not Aloud.EXPLORE
        helping = bool(self.visit.helped_since_ms)
        return Scene(
            style, texts_for(self.visit.language), self.desk, self.mall(), assist, voice, motion, helping
        )

    def fit(self) -> Fit:
        """How the drawing lies on this panel, in millimetres."""
        return fit_on(self, self.settings.screen_mm)

    def mall(self) -> Mall:
        """The mall as last heard; `EMPTY_MALL` while there is none."""
        try:
            return self.desk.mall()
        except RuleViolation:  # not paired yet, or the catalogue is still on its way
            return EMPTY_MALL

    def _place(self, screen: QWidget) -> None:
        screen.setGeometry(place_on(self, self.fit(), self._shift))

    def show_sheet(
        self,
        sheet: Sheet,
        again: Callable[[], Sheet] | None = None,
        answer: Callable[[str], None] | None = None,
    ) -> None:
        """Lay a sheet over the screen, in the place of any other; there is as much time to read it as for a screen.

        `again` builds it anew with the screen; without it, it stays as it is. `answer` takes the names of its keys;
        without it any key closes the sheet, and "leave" ends the visit.
        """
        self._drop_sheet()
        self._idle = self._asked = 0
        self._make_sheet, self._answer = again, answer or self._close
        self._lay_sheet(sheet)
        self.assistance.renew()
        self.read_out()

    def _lay_sheet(self, sheet: Sheet) -> None:
        old, self.sheet = self.sheet, sheet
        sheet.answered.connect(self._answer)
        self._place(sheet)
        sheet.show()
        sheet.raise_()
        if old is not None:
            old.hide()
            old.deleteLater()

    def close_sheet(self) -> None:
        """Show the whole screen again."""
        if self.sheet is not None:
            self._drop_sheet()
            self.assistance.renew()

    def _drop_sheet(self) -> None:
        old, self.sheet, self._make_sheet = self.sheet, None, None
        if old is not None:
            old.hide()
            old.deleteLater()

    def _close(self, name: str) -> None:
        self.close_sheet()
        if name == "leave":
            self.leave()

    # --- how it serves this visitor

    def choose(self, **choices: Any) -> None:
        """Remember what the visitor chose; `choices` are fields of `kiosk.visit.Visit`. Nothing is drawn anew."""
        self.visit = replace(self.visit, **choices)

    def leave(self) -> None:
        """Back to Welcome; every personal choice is forgotten."""
        self.begin_visit()
        self.journey.start_over()

    def begin_visit(self) -> None:
        """Whoever is at the kiosk from now on is somebody else: every personal choice is forgotten."""
        self.speaker.stop()
        self.visit = self.settings.new_visit()
        self._tune()

    def speak(self, language: str) -> None:
        """Go on in another language."""
        self.choose(language=language)
        self.again()
        self.read_out()

    def assist(self, **changes: Any) -> None:
        """Serve this visitor otherwise from now on; `changes` are fields of `kiosk.visit.Assist`."""
        self.serve(replace(self.visit.assist, **changes))
        self.read_out()

    def serve(self, assist: Assist) -> None:
        """Serve this visitor so from now on; nothing is said of it."""
        if assist != self.visit.assist:
            self.choose(assist=assist)
            self._tune()
            self.again()

    def _tune(self) -> None:
        self.speaker.set_volume(self.visit.assist.volume)
        self.speaker.set_private(self.visit.assist.private)

    def read_out(self) -> None:
        """Speak what shows, for a visitor who wants it spoken."""
        if self.visit.assist.aloud is not Aloud.OFF:
            self.read_once()

    def read_once(self) -> None:
        """Speak what shows, once."""
        if self.on_top is not None:
            self.speaker.say(self.on_top.spoken(), self.visit.language)

    # --- time and touch

    @property
    def at_home(self) -> bool:
        """Whether nobody is in the middle of anything."""
        return isinstance(self.screen_, Welcome | Night | Pairing | Preparing)

    def _tick(self) -> None:
        if self.screen_ is None:
            return
        if isinstance(self.screen_, FOLLOWS) and self.mall() is not self.screen_.scene.mall:
            self.journey.meet_catalogue()
        self.screen_.tick()
        self.assistance.tick()
        changed = self.visit != self.settings.new_visit()
        if isinstance(self.screen_, Number) or (self.at_home and not changed and self.sheet is None):
            self._rest()
            return
        self._ask()

    def _ask(self) -> None:
        """Somebody is in the middle of something: when it grows quiet, ask; who does not answer is forgotten."""
        patience = 2 if self.visit.assist.slow else 1
        quiet, answer = self.settings.idle_seconds * patience, self.settings.answer_seconds * patience
        if self.sheet is not None and self.sheet.objectName() == STILL_HERE:
            self._asked += 1
            if self._asked >= answer:
                self.leave()
            else:
                left = answer - self._asked
                self.sheet.say(texts_for(self.visit.language)("kiosk.still_here_text", n=left))
            return
        self._idle += 1
        if self._idle >= quiet:
            self.show_sheet(idle_sheet(self.scene(), answer, self))

    def _rest(self) -> None:
        """Nobody is here for a while: care for the glass."""
        self._calm += 1
        if self._calm >= self.settings.idle_seconds and self.at_home:
            self.journey.rest()
            self._shift = shift_at(self.desk.now_ms())
            if self.screen_ is not None:
                self._place(self.screen_)
            self.update()

    def somebody_is_here(self) -> None:
        """Start the idle clock anew, and the countdown of a number."""
        self._idle = self._asked = self._calm = 0
        if isinstance(self.screen_, Number):
            self.screen_.extend()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay everything out again for the new size."""
        if verdict := judge(self.fit()):
            log.warning("%s", verdict)
        if self._make_sheet is None:
            self._drop_sheet()  # it was laid out for the other size
        if self._make is not None:
            self._show(self._make, again=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground around and behind the screen."""
        if self.screen_ is not None:
            paint_around(self, self.screen_, shaded=self.sheet is not None)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop listening before Qt takes the window apart."""
        self._timer.stop()
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self.assistance.touches)
            app.removeEventFilter(self._scanner)
        super().closeEvent(event)
