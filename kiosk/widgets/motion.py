"""Motion that is over before a finger moves: one screen gives way to the next, and a picture that nudges."""

from math import pi, sin

from PySide6.QtCore import QEasingCurve, Qt, QTimer, QVariantAnimation
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from kiosk.widgets.panel import Icon
from kiosk.widgets.style import Style

FADE_MS = 160
SLIDE = 28
"""Drawn pixels that the new screen still has to go when it begins to show."""
NUDGE_MS, NUDGES_S, NUDGE = 50, 0.9, 10
"""Milliseconds a frame, nudges a second (three flashes a second would be too many), drawn pixels."""


class Fade(QLabel):
    """Lies over a screen that is already there and takes touches, and fades `before` into it."""

    def __init__(self, before: QPixmap, after: QPixmap, slide: int, over: QWidget) -> None:
        super().__init__(over)
        self._before, self._after, self._slide = before, after, slide
        self._done = 0.0
        self.setObjectName("fade")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._run = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=FADE_MS)
        self._run.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._run.valueChanged.connect(self._step)
        self._run.finished.connect(self.deleteLater)
        self._run.start()

    def _step(self, done: float) -> None:
        self._done = done
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the old picture below the new one, which comes in from the side."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._before)
        painter.setOpacity(self._done)
        painter.drawPixmap(round(self._slide * (1 - self._done)), 0, self._after)
        painter.end()


class Nudge(Icon):
    """A pictogram that moves a little downwards again and again: the paper comes out there."""

    def __init__(self, style: Style, name: str, size: float, *, moving: bool) -> None:
        super().__init__(style, name, size)
        self._at = 0.0
        self._swing = style.px(NUDGE)
        if moving:
            self._timer = QTimer(self, interval=NUDGE_MS)
            self._timer.timeout.connect(self._step)
            self._timer.start()

    def _step(self) -> None:
        self._at += NUDGE_MS / 1000 * NUDGES_S
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it where it is now."""
        painter = QPainter(self)
        picture = self.pixmap()
        down = round(self._swing * abs(sin(self._at * pi)))
        left, top = (
            (self.width() - picture.width()) // 2,
            (self.height() - picture.height() - self._swing) // 2,
        )
        painter.drawPixmap(left, top + down, picture)
        painter.end()
