"""Serves one visitor after the other in the way they choose: the sheet, the voice, five keys, trembling hands."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from antrean.texts import Texts, texts_for
from kiosk.assist.choices import chosen, silenced
from kiosk.assist.five_keys import FiveKeys
from kiosk.assist.guide import Guide
from kiosk.assist.sheet import MODES, TONGUES, AssistSheet
from kiosk.assist.touches import Touches
from kiosk.assist.voice_bar import VoiceBar
from kiosk.screens.night import Night
from kiosk.screens.number import Number
from kiosk.screens.screen import Screen
from kiosk.screens.sheets import Sheet
from kiosk.screens.welcome import Welcome
from kiosk.visit import Aloud, Assist

if TYPE_CHECKING:
    from kiosk.window import KioskWindow

WARNING_SECONDS = 20
"""A visitor who listens is told this long before a number goes (WCAG 2.2, 2.2.1)."""


class Assistance(QObject):
    """Knows what a touch and a key of the pad mean in `window`, which keeps what the visitor chose."""

    def __init__(self, window: "KioskWindow") -> None:
        super().__init__(window)
        self._window = window
        self._warned = False
        self.guide = Guide(window, lambda: window.on_top, window.scene, self._say)
        double_ms = window.settings.double_ms
        self.touches = Touches(
            window,
            self.guide,
            double_ms,
            lambda: window.visit.assist.aloud,
            lambda: window.on_top,
            lambda: window.scene().style.scale,
        )
        self.touches.touched.connect(self._touched)
        self.touches.searched.connect(self._searched)
        self.five_keys = FiveKeys(self, self.guide, double_ms, lambda: window.visit.five_keys)
        self.five_keys.began.connect(self._begin_five_keys)
        self.five_keys.used.connect(window.somebody_is_here)

    def greet(self, screen: Screen) -> None:
        """A screen was built: hear its key that silences."""
        for bar in screen.findChildren(VoiceBar):
            bar.silenced.connect(self._silence)

    def renew(self, *, keep: bool = False) -> None:
        """Another screen or sheet is on top; with `keep` it is the same one drawn anew."""
        self.guide.renew(keep=keep, begin=self._window.visit.five_keys)

    def open_sheet(self, page: str = MODES) -> None:
        """Lay the assist sheet over the screen."""
        window = self._window

        def sheet() -> Sheet:
            return AssistSheet(window.scene(), window, page, earphones=window.speaker.has_private())

        window.show_sheet(sheet(), again=sheet, answer=self._choose)

    def tell(self, change: Callable[[], None]) -> None:
        """Make a change that nobody pressed for, and read the screen anew when it changed what stands on it.

        Anew, because the change may come while the screen is being read: nothing of it may be lost.
        """
        self.guide.note()
        change()
        if self.guide.changes():
            self._window.read_out()
        self.guide.follow()

    def tick(self) -> None:
        """Once a second: follow what moved by itself, and say when a number is about to go."""
        self.guide.follow()
        screen = self._window.screen_
        left = screen.seconds_left if isinstance(screen, Number) else None
        soon = left is not None and left <= WARNING_SECONDS
        if soon and not self._warned:
            self._say((self._t("kiosk.number_ends_soon", n=left),))
        self._warned = soon

    @property
    def _t(self) -> Texts:
        return texts_for(self._window.visit.language)

    def _say(self, sentences: Sequence[str]) -> None:
        if self._window.visit.assist.aloud is not Aloud.OFF:
            self._speak(*sentences)

    def _speak(self, *sentences: str) -> None:
        self._window.speaker.say(sentences, self._window.visit.language)

    # --- what the visitor chose

    def _choose(self, name: str) -> None:
        """A key of the assist sheet: applied at once, and said."""
        window, was = self._window, self._window.visit.assist
        if name == "close":
            window.close_sheet()
            window.read_out()
        elif name in (MODES, TONGUES):
            self.open_sheet(name)
        elif name.startswith("language:"):
            window.speak(name.partition(":")[2])
        else:
            now = chosen(name, was, window.settings.assist, window.speaker.available())
            window.serve(now)
            self._confirm(name, now)

    def _confirm(self, name: str, now: Assist) -> None:
        if name in ("quieter", "louder"):
            self._speak(self._t("kiosk.volume_sample", n=now.volume))
        elif name == "talk":
            self._speak(self._t("kiosk.talk_begins" if now.aloud is Aloud.EXPLORE else "kiosk.talk_ends"))
        elif self._window.sheet is not None:
            key = self._window.sheet.findChild(QWidget, f"sheet:{name}")
            self._say((key.accessibleName(),) if isinstance(key, QWidget) else ())

    def _silence(self) -> None:
        self._window.speaker.stop()
        self._window.serve(silenced(self._window.visit.assist))

    # --- touches and keys

    def _touched(self) -> None:
        self._window.speaker.stop()
        self._window.somebody_is_here()

    def _searched(self) -> None:
        """A finger rests on the first screen: somebody who does not see it looks for a way in."""
        window = self._window
        silent = window.visit.assist.aloud is not Aloud.EXPLORE
        if silent and window.speaker.available() and isinstance(window.on_top, Welcome):
            window.serve(replace(window.visit.assist, aloud=Aloud.EXPLORE))
            self._speak(self._t("kiosk.talk_begins"))

    def _begin_five_keys(self) -> None:
        """The first arrow of a visit: where there is a voice, it leads the keys."""
        window = self._window
        if isinstance(window.screen_, Night):
            window.journey.start_over()
        window.choose(five_keys=True)
        if window.speaker.available():
            window.serve(replace(window.visit.assist, aloud=Aloud.EXPLORE))
        self.renew()
        if self.guide.current is not None:
            self.guide.read(self.guide.current, self._t("kiosk.five_keys_begin"))
