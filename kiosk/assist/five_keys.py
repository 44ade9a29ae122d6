"""The whole kiosk by five keys: left and right through the reading order, up and down by rows, Enter presses."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from kiosk.assist.guide import Guide

MOVING = 0.5
"""Of the double-strike time, for the arrows: one walks through a screen by pressing the same key again."""

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ROWS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
ARROWS = frozenset((*_STEPS, *_ROWS))
ENTERS = frozenset((Qt.Key.Key_Return, Qt.Key.Key_Enter))


class FiveKeys(QObject):
    """Takes keys that belong to no scan; says `began` with the first arrow and `used` with every key that counts.

    `on` tells whether this visitor uses the keys; Enter does nothing before an arrow was pressed.
    """

    began = Signal()
    used = Signal()

    def __init__(self, parent: QObject, guide: Guide, double_ms: int, on: Callable[[], bool]) -> None:
        super().__init__(parent)
        self._guide, self._double_ms, self._on = guide, double_ms, on
        self._last, self._last_ms = 0, -1_000_000

    def press(self, key: int, at_ms: int) -> None:
        """Take a key at a moment of the events' clock."""
        arrow = key in ARROWS
        if not (arrow or self._on()) or self._is_second(key, at_ms):
            return
        self._last, self._last_ms = key, at_ms
        self.used.emit()
        if not self._on():
            self.began.emit()
        elif key in _STEPS:
            self._guide.step(_STEPS[Qt.Key(key)])
        elif key in _ROWS:
            self._guide.row(_ROWS[Qt.Key(key)])
        else:
            self._guide.press()

    def _is_second(self, key: int, at_ms: int) -> bool:
        limit = self._double_ms * (MOVING if key in ARROWS else 1)
        return key == self._last and at_ms - self._last_ms < limit
