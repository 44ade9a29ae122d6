"""What a touch means: trembling presses nothing twice, and for a visitor led by voice a first touch only speaks."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from kiosk.assist.guide import Guide
from kiosk.visit import Aloud
from kiosk.widgets.key import Key

NEAR = 120
"""Drawn pixels, 30 mm: a second touch this near to the first is meant for the same place."""

TYPING = 0.5
"""Of the double-strike time, on the keys of a pad: "AA" has to be typed, and a wrong letter is easily taken back."""

REST_MS = 1000
"""A finger that stays this long where it is wants to hear it again, not to press it."""

SEARCH_MS = 3000
"""A finger that stays this long on the first screen is looking for a voice."""

_DOWN = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
_KINDS = (*_DOWN, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease)


@dataclass
class _Press:
    """The last press that counted."""

    key: str = ""
    place: QPoint | None = None
    at_ms: int = -1_000_000
    screen: object = None


class Touches(QObject):
    """An application event filter for one window; `double_ms` is the time in which a second strike does not count.

    `aloud` tells what is spoken by itself, `on_top` which screen or sheet is touched. Says `touched` with every touch
    and `searched` when a finger rests on the glass.
    """

    touched = Signal()
    searched = Signal()

    def __init__(
        self,
        window: QWidget,
        guide: Guide,
        double_ms: int,
        aloud: Callable[[], Aloud],
        on_top: Callable[[], object],
        scale: Callable[[], float],
    ) -> None:
        super().__init__(window)
        self._window, self._guide, self._double_ms = window, guide, double_ms
        self._aloud, self._on_top, self._scale = aloud, on_top, scale
        self._last = _Press()
        self._down_ms: int | None = None
        self._armed: QWidget | None = None
        self._heard: QWidget | None = None
        self._heard_ms, self._heard_place = 0, QPoint()
        self._searching = QTimer(self, interval=SEARCH_MS, singleShot=True)
        self._searching.timeout.connect(self.searched)

    def search_after(self, rest_ms: int) -> None:
        """Take a finger for a searching one after so long."""
        self._searching.setInterval(rest_ms)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Decide on every touch before it reaches a key."""
        if (
            event.type() not in _KINDS
            or not isinstance(watched, QWidget)
            or not isinstance(event, QMouseEvent)
        ):
            return False
        if watched.window() is not self._window:
            return False
        if event.type() in _DOWN:
            self.touched.emit()
            self._searching.start()
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._searching.stop()
        if self._aloud() is Aloud.EXPLORE:
            self._explore(event)
            return True
        return isinstance(watched, Key) and self._strike(watched, event)

    # --- pressing at once

    def _strike(self, key: Key, event: QMouseEvent) -> bool:
        """Whether this press of a key is a second strike, which is swallowed."""
        if event.type() in _DOWN:
            if self._is_second(key, event):
                return True
            self._count(key.objectName(), event)
            self._guide.note()
        elif event.type() == QEvent.Type.MouseButtonRelease and self._aloud() is Aloud.READ:
            QTimer.singleShot(0, self._guide.tell_changes)  # once the key has done its work
        return False

    def _is_second(self, key: Key, event: QMouseEvent) -> bool:
        name, last = key.objectName(), self._last
        limit = self._double_ms * (TYPING if name.startswith("pad:") else 1)
        if event.timestamp() - last.at_ms >= limit:
            return False
        if self._on_top() is last.screen:
            return name == last.key
        # The first strike brought another screen: the second was not meant for what came under the finger.
        return last.place is not None and self._near(last.place, self._place(event))

    def _count(self, key: str, event: QMouseEvent) -> None:
        self._last = _Press(key, self._place(event), event.timestamp(), self._on_top())

    def _near(self, one: QPoint, other: QPoint) -> bool:
        return (one - other).manhattanLength() <= NEAR * self._scale()

    def _place(self, event: QMouseEvent) -> QPoint:
        return self._window.mapFromGlobal(event.globalPosition().toPoint())

    # --- hearing first

    def _explore(self, event: QMouseEvent) -> None:
        if event.type() in _DOWN:
            self._finger_down(event)
        elif self._down_ms is None:
            return
        elif event.type() == QEvent.Type.MouseMove:
            self._finger_moves(event)
        else:
            self._finger_up(event)

    def _finger_down(self, event: QMouseEvent) -> None:
        self._down_ms = event.timestamp()
        stop, self._armed = self._guide.nearest(self._place(event)), None
        if stop is not None and self._was_heard(stop, event):
            self._armed = stop
        elif stop is not None:
            self._hear(stop, event)

    def _was_heard(self, stop: QWidget, event: QMouseEvent) -> bool:
        """Whether this finger heard it here, and a while ago: neither trembling nor feeling onwards presses."""
        return (
            stop is self._heard
            and stop is self._guide.current
            and event.timestamp() - self._heard_ms >= self._double_ms
            and self._near(self._heard_place, self._place(event))
        )

    def _hear(self, stop: QWidget, event: QMouseEvent) -> None:
        if stop is not self._heard or stop is not self._guide.current:
            self._heard_ms = event.timestamp()
        self._heard = stop
        self._guide.read(stop)

    def _finger_moves(self, event: QMouseEvent) -> None:
        stop = self._guide.nearest(self._place(event))
        if stop is not None and stop is not self._guide.current:
            self._armed = None
            self._hear(stop, event)

    def _finger_up(self, event: QMouseEvent) -> None:
        armed, down = self._armed, self._down_ms or 0
        self._armed = self._down_ms = None
        self._heard_place = self._place(event)
        if armed is None or armed is not self._guide.current:
            return
        if event.timestamp() - down >= REST_MS:
            self._hear(armed, event)
        else:
            self._heard_ms = event.timestamp()  # pressed again only after the same while
            self._guide.press()
