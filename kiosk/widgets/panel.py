"""Flat grounds: cards and notices, which nobody can touch, and the pattern behind the start key."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QGradient, QPainter, QPainterPath, QPaintEvent, QPen, QTransform
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from kiosk.widgets.style import Style


class Panel(QFrame):
    """A rounded flat ground in a colour of the theme; `radius` 0 makes a band."""

    def __init__(
        self, style: Style, colour: str = "surface", radius: float = 32, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._style, self._colour, self._radius = style, colour, radius
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, outlined in the high-contrast theme where ground and surface are one."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, box = self._style.theme, QRectF(self.rect())
        if theme.name == "contrast" and self._radius:
            width = self._style.px(3)
            painter.setPen(QPen(self._style.colour("line"), width))
            box = box.adjusted(width / 2, width / 2, -width / 2, -width / 2)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._style.colour(self._colour))
        painter.drawRoundedRect(box, self._style.px(self._radius), self._style.px(self._radius))
        painter.end()


class Rule(QFrame):
    """A hairline."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._style.colour("line"))
        painter.end()


class Icon(QLabel):
    """A pictogram in the middle of its box; screen readers skip it as long as it has no name."""

    def __init__(
        self, style: Style, name: str, size: float, stroke: str = "accent", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._style, self._icon_size, self._stroke = style, size, stroke
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.become(name)

    def become(self, name: str) -> None:
        """Show another pictogram."""
        self.setPixmap(self._style.icon(name, self._icon_size, self._stroke))


def petal(centre: QPointF, length: float, angle: float) -> QPainterPath:
    """One petal of the kawung: a pointed oval from the centre outwards at `angle` degrees."""
    path = QPainterPath()
    path.moveTo(0, 0)
    path.cubicTo(-length * 0.36, -length * 0.22, -length * 0.36, -length * 0.68, 0, -length)
    path.cubicTo(length * 0.36, -length * 0.68, length * 0.36, -length * 0.22, 0, 0)
    return QTransform().translate(centre.x(), centre.y()).rotate(angle).map(path)


def paint_kawung(painter: QPainter, box: QRectF, side: float, colour: QBrush | QGradient) -> None:
    """Fill `box` with the batik pattern kawung: overlapping circles of petals, `side` pixels each."""
    painter.save()
    painter.setClipRect(box)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for column in range(int(box.width() / side) + 2):
        for row in range(int(box.height() / side) + 2):
            centre = QPointF(box.left() + column * side, box.top() + row * side)
            for angle in (45, 135, 225, 315):
                painter.drawPath(petal(centre, side * 0.68, angle))
    painter.restore()
