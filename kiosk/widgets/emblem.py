"""The mall's flower, which also is the hidden way to the staff corner."""

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from kiosk.widgets.style import Style

TAPS, WITHIN_MS = 5, 3000


class Emblem(QLabel):
    """Four petals in a square; five taps within three seconds say `staff_called`."""

    staff_called = Signal()

    def __init__(
        self, style: Style, parent: QWidget | None = None, now: Callable[[], int] | None = None
    ) -> None:
        super().__init__(parent)
        self._style = style
        self._timer = QElapsedTimer()
        self._timer.start()
        self._now = now or self._timer.elapsed
        self._taps: list[int] = []
        self.setObjectName("emblem")
        self.setPixmap(QPixmap(1, 1))  # a label with a picture is a picture to screen readers; we paint it

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Count a tap."""
        now = self._now()
        self._taps = [tap for tap in self._taps if now - tap < WITHIN_MS] + [now]
        if len(self._taps) >= TAPS:
            self._taps = []
            self.staff_called.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the flower."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(self.width(), self.height())
        painter.translate(0, (self.height() - side) / 2)
        painter.scale(side / 100, side / 100)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._style.colour("accent"))
        painter.drawRoundedRect(QRectF(0, 0, 100, 100), 24, 24)
        painter.setBrush(self._style.colour("accent_ink"))
        for turn in range(4):
            painter.save()
            painter.translate(50, 50)
            painter.rotate(turn * 90)
            painter.drawPath(_petal())
            painter.restore()
        painter.drawEllipse(QPointF(50, 50), 3.4, 3.4)
        painter.end()


def _petal() -> QPainterPath:
    path = QPainterPath(QPointF(0, -5))
    path.cubicTo(-13, -13, -15, -28, 0, -40)
    path.cubicTo(15, -28, 13, -13, 0, -5)
    return path
