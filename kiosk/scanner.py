"""A keyboard-mode scanner at the kiosk: what it types becomes one text, and no key of it reaches a button.

A five-key pad types as well, only arrows and Enter. One place decides which key is whose, because a scanner's Enter
must press nothing.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

GAP_MS = 200
"""Scanners type a key every 2 to 60 ms; what comes later than this begins anew."""

SETTLE_MS = 1000
"""A key this soon after a scanner's is its own: an Enter that came late, or the second of two."""

LONGEST = 400
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ENDS = (*_ENTERS, Qt.Key.Key_Tab)
_OTHER_HAND = (
    Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier
)
"""Scanners type figures of the number block under Alt; those are no arrows."""


class Scanner(QObject):
    """An application event filter for one window that says `scanned` with each text that a terminator ended.

    Says `pressed` with an arrow or Enter that belongs to no scan, and the moment of its event in milliseconds. The
    kiosk has pads of its own and no physical keyboard, so all typed characters are the scanner's.
    """

    scanned = Signal(str)
    pressed = Signal(int, object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._typed = ""
        self._last_ms = self._scanner_ms = -1_000_000

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Swallow every key where it enters: at the window."""
        if event.type() is not QEvent.Type.KeyPress or watched is not self._window.windowHandle():
            return False
        assert isinstance(event, QKeyEvent)
        now = event.timestamp()
        if now - self._last_ms > GAP_MS:
            self._typed = ""
        if event.key() in _ENDS and self._typed:
            self._end(now)
        elif event.key() in (*_ARROWS, *_ENTERS) and not event.modifiers() & _OTHER_HAND:
            return self._single(event, now)
        else:
            self._last_ms = self._scanner_ms = now
            if event.text() and event.text().isprintable():
                self._typed = (self._typed + event.text())[-LONGEST:]
        return True

    def _end(self, now_ms: int) -> None:
        typed, self._typed = self._typed.strip(), ""
        self._last_ms = self._scanner_ms = now_ms
        if typed:
            self.scanned.emit(typed)

    def _single(self, event: QKeyEvent, now_ms: int) -> bool:
        """A key of the pad, unless a scanner was at work just now or a finger only lies on it."""
        if now_ms - self._scanner_ms > SETTLE_MS and not event.isAutoRepeat():
            self._typed = ""
            self.pressed.emit(int(event.key()), now_ms)
        return True
