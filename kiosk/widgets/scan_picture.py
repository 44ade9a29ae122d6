"""A picture of what to do with a QR code: a phone shows it to the scanner's window."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QLabel, QWidget

from kiosk.widgets.style import Style

MODULES = 17
FINDER = 7
_BITS = 0x5A3C96E1D2B47F08C35E91A6D4B2F07C19E8
"""What lies between the three large squares: it looks like a code and says nothing."""
WIDE, HIGH = 420.0, 470.0
"""The picture's own measure; it is painted as large as its box allows."""


class ScanPicture(QLabel):
    """Painted in the theme's colours; screen readers skip it, the words beside it say the same."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setPixmap(QPixmap(1, 1))  # a label with a picture is a picture to screen readers; we paint it

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the phone, the light and the scanner below it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = min(self.width() / WIDE, self.height() / HIGH)
        painter.translate((self.width() - WIDE * scale) / 2, (self.height() - HIGH * scale) / 2)
        painter.scale(scale, scale)
        self._light(painter)
        self._phone(painter, QRectF(98, 8, 224, 330))
        self._scanner(painter)
        painter.end()

    def _colour(self, name: str) -> QColor:
        return self._style.colour(name)

    def _light(self, painter: QPainter) -> None:
        """The cone between the phone and the window."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour("accent_wash"))
        painter.drawPolygon(
            QPolygonF([QPointF(98, 250), QPointF(322, 250), QPointF(268, 408), QPointF(152, 408)])
        )

    def _phone(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(QPen(self._colour("accent"), 9))
        painter.setBrush(QColor("#FFFFFF"))
        painter.drawRoundedRect(box, 30, 30)
        painter.setPen(
            QPen(self._colour("accent") if self._style.theme.name == "light" else QColor("#0B4F4A"), 7)
        )
        painter.drawLine(
            QPointF(box.center().x() - 26, box.top() + 26), QPointF(box.center().x() + 26, box.top() + 26)
        )
        side = 170.0
        self._code(painter, QRectF(box.center().x() - side / 2, box.top() + 76, side, side))

    def _code(self, painter: QPainter, box: QRectF) -> None:
        """Black on white in every theme, as codes are."""
        each, bits = box.width() / MODULES, _BITS
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#16222E"))
        far = MODULES - FINDER
        for row in range(MODULES):
            for column in range(MODULES):
                near = (row <= FINDER and (column <= FINDER or column >= far - 1)) or (
                    row >= far - 1 and column <= FINDER
                )
                bit = bits >> ((row * 13 + column * 7) % 140) & 1
                if bit and not near:
                    painter.drawRect(
                        QRectF(box.left() + column * each, box.top() + row * each, each + 0.3, each + 0.3)
                    )
        for row, column in ((0, 0), (0, far), (far, 0)):
            for inset, colour in ((0, "#16222E"), (1, "#FFFFFF"), (2, "#16222E")):
                painter.setBrush(QColor(colour))
                wide = (FINDER - 2 * inset) * each
                painter.drawRect(
                    QRectF(box.left() + (column + inset) * each, box.top() + (row + inset) * each, wide, wide)
                )

    def _scanner(self, painter: QPainter) -> None:
        """A low housing with its window, and the beam that reads."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour("accent"))
        painter.drawRoundedRect(QRectF(70, 404, 280, 62), 22, 22)
        painter.setBrush(self._colour("accent_wash"))
        painter.drawRoundedRect(QRectF(120, 420, 180, 20), 10, 10)
        painter.setPen(QPen(self._colour("accent"), 8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for x in (150, 210, 270):
            painter.drawLine(QPointF(x, 362), QPointF(x, 388))
