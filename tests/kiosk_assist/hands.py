"""Hands at a kiosk, on a clock of their own: touches with a place and a moment, keys of a pad, a scanner's typing."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from kiosk.visit import Settings
from kiosk.window import KioskWindow
from tests.kiosk_screens.fake_desk import FakeDesk
from tests.kiosk_screens.visitor import Eyes

LEFT, RIGHT, UP, DOWN = Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down
ENTER = Qt.Key.Key_Return
SLOWLY = 700
"""Milliseconds, more than any double strike."""


class FakeSpeaker:
    """Remembers what was said and how loud."""

    def __init__(self, *, voice: bool = True, earphones: bool = False) -> None:
        self.voice, self.earphones = voice, earphones
        self.said: list[str] = []
        self.languages: list[str] = []
        self.stops = 0
        self.level = -1
        self.private = False

    def available(self) -> bool:
        return self.voice

    def say(self, sentences: Sequence[str], language: str) -> None:
        assert all(sentences), "silence is not a sentence"
        self.said += sentences
        self.languages.append(language)

    def stop(self) -> None:
        self.stops += 1

    def set_volume(self, level: int) -> None:
        self.level = level

    def set_private(self, on: bool) -> None:
        self.private = on

    def has_private(self) -> bool:
        return self.earphones

    def heard(self) -> str:
        """All that was said since the last time this was asked."""
        said, self.said = self.said, []
        return "\n".join(said)


class Hands(Eyes):
    """Two hands, a five-key pad and a scanner at one window."""

    def __init__(self, qtbot: QtBot, window: KioskWindow, speaker: FakeSpeaker) -> None:
        super().__init__(qtbot, window)
        self.speaker = speaker
        self.now_ms = 100_000

    @staticmethod
    def at(
        qtbot: QtBot,
        desk: FakeDesk,
        settings: Settings,
        speaker: FakeSpeaker,
        size: tuple[int, int] = (540, 960),
    ) -> Iterator["Hands"]:
        window = KioskWindow(desk, settings, speaker)
        qtbot.addWidget(window)
        window.resize(*size)
        window.show()
        qtbot.waitExposed(window)
        yield Hands(qtbot, window, speaker)
        window.close()

    # --- seeing

    def middle(self, name: str) -> QPoint:
        part = self.find(name)
        return part.mapTo(self.window, part.rect().center())

    @property
    def ringed(self) -> QWidget:
        """What the ring is around."""
        ring, now = self.find("ring"), self.window.assistance.guide.current
        assert now is not None
        inner = now.rect().translated(now.mapTo(self.window, QPoint()))
        assert ring.geometry().contains(inner)
        assert ring.geometry().center() == inner.center()
        return now

    # --- touching

    def tap(self, *names: str, after_ms: int = SLOWLY) -> None:
        """One touch after the other on the keys of these names."""
        for name in names:
            self.touch(self.middle(name), after_ms)

    def touch(self, place: QPoint, after_ms: int = SLOWLY, *, hold_ms: int = 80) -> None:
        self.press(place, after_ms)
        self.lift(place, hold_ms)

    def press(self, place: QPoint, after_ms: int = SLOWLY) -> None:
        self._finger = self.window.childAt(place) or self.window
        self._mouse(QEvent.Type.MouseButtonPress, place, after_ms)

    def slide(self, place: QPoint, after_ms: int = 60) -> None:
        self._mouse(QEvent.Type.MouseMove, place, after_ms)

    def lift(self, place: QPoint, after_ms: int = 80) -> None:
        self._mouse(QEvent.Type.MouseButtonRelease, place, after_ms)

    def _mouse(self, kind: QEvent.Type, place: QPoint, after_ms: int) -> None:
        self.now_ms += after_ms
        held = (
            Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
        )
        button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        event = QMouseEvent(
            kind,
            QPointF(self._finger.mapFrom(self.window, place) if isValid(self._finger) else place),
            QPointF(self.window.mapToGlobal(place)),
            button,
            held,
            Qt.KeyboardModifier.NoModifier,
        )
        event.setTimestamp(self.now_ms)
        QApplication.sendEvent(self._finger if isValid(self._finger) else self.window, event)
        QApplication.processEvents()

    # --- typing

    def key(self, *keys: int, after_ms: int = SLOWLY) -> None:
        """Keys of the five-key pad, one after the other."""
        for key in keys:
            self.type_key(key, "\r" if key == ENTER else "", after_ms)

    def scan(self, text: str, gap_ms: int = 20, end: int = ENTER, after_ms: int = SLOWLY) -> None:
        """A scanner types `text`, a key every `gap_ms`."""
        self.now_ms += after_ms
        for letter in text:
            keys = {"\r": ENTER, "\t": Qt.Key.Key_Tab, " ": Qt.Key.Key_Space}
            self.type_key(keys.get(letter, 0), letter, gap_ms)
        if end:
            self.type_key(end, "\r", gap_ms)

    def type_key(
        self,
        key: int,
        text: str,
        after_ms: int,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        *,
        again: bool = False,
    ) -> None:
        self.now_ms += after_ms
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, modifier, text, again)
            event.setTimestamp(self.now_ms)
            QApplication.sendEvent(self.window.windowHandle(), event)
        QApplication.processEvents()
