"""The key a visit begins with."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QResizeEvent

from kiosk.widgets.key import FOOT, Key
from kiosk.widgets.panel import paint_kawung
from kiosk.widgets.style import Style
from kiosk.widgets.words import Words


class StartKey(Key):
    """The largest key of the kiosk, with the batik kawung at seven per cent behind its picture."""

    def __init__(self, style: Style, title: str, support: str) -> None:
        super().__init__(style, title, kind="filled", name="start")
        self._hand = style.icon("hand-finger", 300 if style.portrait else 250, "accent_ink", "accent")
        self.setAccessibleName(f"{title}. {support}")
        px = style.px
        self._big = Words(style, title, 124, 800, colour="accent_ink", parent=self)
        self._small = Words(style, support, 54, 500, colour="accent_ink", parent=self)
        self._px = px

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the words out on the left, above the foot."""
        px, height = self._px, self.height()
        small, left = px(72), px(56)
        width = self.width() - self._hand.width() - px(80) - left - px(24)
        self._big.setGeometry(left, px(32), width, height - px(FOOT) - px(72) - small)
        self._small.setGeometry(left, height - px(FOOT) - px(36) - small, width, small)

    def _paint_inside(self, painter: QPainter, ink: str) -> None:
        px = self._px
        clear, full = QColor(self._style.colour("accent_ink")), QColor(self._style.colour("accent_ink"))
        clear.setAlphaF(0)
        full.setAlphaF(0.09)
        ornament = QLinearGradient(self.width() * 0.4, 0, self.width(), 0)
        ornament.setColorAt(0, clear)
        ornament.setColorAt(1, full)
        if self._style.theme.name != "contrast":
            box = QRectF(
                self.width() * 0.4, px(6), self.width() * 0.6 - px(8), self.height() - px(FOOT) - px(12)
            )
            paint_kawung(painter, box, px(132), ornament)
        top = (self.height() - px(FOOT) - self._hand.height()) // 2
        painter.drawPixmap(self.width() - self._hand.width() - px(80), top, self._hand)

    @property
    def clipped(self) -> bool:
        """Whether a word does not fit."""
        return self._big.clipped or self._small.clipped
