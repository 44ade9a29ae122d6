"""The key that holds the countdown it extends."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from kiosk.widgets.key import FOOT, PAD, Key
from kiosk.widgets.measure import SMALLEST_TEXT
from kiosk.widgets.style import Style

RING, EASY_RING = 108, 142


class MoreTimeKey(Key):
    """The key that holds the countdown it extends."""

    def __init__(self, style: Style, seconds: int, title: str, support: str) -> None:
        self._left = self._whole = seconds
        self._ring = RING if style.smallest <= SMALLEST_TEXT else EASY_RING
        super().__init__(
            style, title, support=support, support_above=True, picture_room=self._ring, size=52, name="more"
        )

    def count(self, left: int, whole: int) -> None:
        """Show the seconds left of the whole."""
        self._left, self._whole = left, whole
        self.update()

    def _paint_inside(self, painter: QPainter, ink: str) -> None:
        super()._paint_inside(painter, ink)
        px = self._style.px
        pen, side = px(11), px(self._ring - 12)
        box = QRectF(px(PAD) + px(6), (self.height() - px(FOOT) - side) / 2, side, side)
        ring = ink if self._marked else "accent"
        painter.setPen(
            QPen(self._style.colour(ink if self._marked else "sunken"), px(2) if self._marked else pen)
        )
        painter.drawEllipse(box)
        painter.setPen(QPen(self._style.colour(ring), pen, c=Qt.PenCapStyle.RoundCap))
        painter.drawArc(box, 90 * 16, round(-360 * 16 * self._left / max(self._whole, 1)))
        painter.setFont(self._style.font(self._style.smallest, 700, number=True))
        painter.setPen(self._style.colour(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(self._left))
