"""A key that may be the chosen one of several: a badge in its corner says so, not its colour alone."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from kiosk.widgets.key import Key
from kiosk.widgets.style import Style

BADGE, CORNER = 44, 12


class ChosenKey(Key):
    """A key of a set of which one is `chosen`."""

    def __init__(self, style: Style, title: str, *, chosen: bool, name: str) -> None:
        kind = "quiet" if chosen else "plain"
        super().__init__(style, title, kind=kind, size=style.smallest, weight=600, icon_size=0, name=name)
        self._chosen = chosen

    def _paint_inside(self, painter: QPainter, ink: str) -> None:
        super()._paint_inside(painter, ink)
        if not self._chosen:
            return
        px, colour = self._style.px, self._style.colour
        side = px(BADGE)
        box = QRectF(self.width() - side - px(CORNER), px(CORNER), side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(ink))
        painter.drawEllipse(box)
        tick = self._style.icon("check", BADGE * 0.72, "ground" if not self._marked else "accent")
        corner = box.center() - QPointF(tick.width() / 2, tick.height() / 2)
        painter.drawPixmap(corner.toPoint(), tick)
