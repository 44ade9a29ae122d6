"""The ring around what is being read, in two tones so that it shows on every ground."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QWidget

from kiosk.widgets.style import Style

GAP, LINE, HALO = 5, 8, 4
"""Drawn pixels, from the edge of what is ringed outwards."""

ROUND = 30


class Ring(QFrame):
    """Lies over the screens of `over`, lets every touch through, and is hidden until it is laid around something."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over, self._style = over, Style()
        self.setObjectName("ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def surround(self, stop: QWidget, style: Style) -> None:
        """Lie around `stop`, which shows in the same window."""
        self._style = style
        out = style.px(GAP + LINE + HALO)
        place = stop.rect().translated(stop.mapTo(self._over, stop.rect().topLeft()))
        self.setGeometry(place.adjusted(-out, -out, out, out))
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a line of ink between two of ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px = self._style.px
        for colour, width in (("ground", GAP + LINE + HALO), ("ink", LINE)):
            pen = QPen(self._style.colour(colour), max(px(width), 1))
            inset = px(HALO) + px(LINE) / 2 if colour == "ink" else px(GAP + LINE + HALO) / 2
            painter.setPen(pen)
            box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(box, px(ROUND), px(ROUND))
        painter.end()
