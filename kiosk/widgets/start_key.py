"""The key a visit begins with."""

from PySide6.QtCore import QPointF, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen, QResizeEvent

from kiosk.widgets.key import FOOT, Key
from kiosk.widgets.panel import paint_kawung
from kiosk.widgets.style import Style
from kiosk.widgets.words import Words

WAVE_MS = 2400
"""One wave: far below three flashes a second."""
STILL = 0.2
"""Where the waves stand while nothing moves."""


class StartKey(Key):
    """The largest key of the kiosk: words, a hand that shows what to do, and the batik kawung behind it."""

    def __init__(self, style: Style, title: str, support: str, *, large: bool = False) -> None:
        super().__init__(style, title, kind="filled", name="start")
        self.setAccessibleName(f"{title}. {support}")
        self._big = Words(style, title, 160 if large else 128, 800, colour="accent_ink", parent=self)
        self._small = Words(style, support, 62 if large else 54, 500, colour="accent_ink", parent=self)
        self._px = style.px
        self._wave = STILL
        self._waves = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=WAVE_MS)
        self._waves.valueChanged.connect(self._waved)

    def mark(self, on: bool) -> None:
        """Show, by inversion, that it is being read now."""
        super().mark(on)
        for words in (self._big, self._small):
            words.dye("accent" if on else "accent_ink")

    def invite(self, title: str, support: str) -> None:
        """Say the same in another language to passers-by, and wave; its name stays what it was."""
        for words, text in ((self._big, title), (self._small, support)):
            name = words.accessibleName()
            words.say(text)
            words.setAccessibleName(name)
        self._lay()
        self._waves.start()

    def _waved(self, at: float) -> None:
        self._wave = at
        self.update(self._hand_box().toAlignedRect())

    def _side(self) -> float:
        """The hand's size."""
        return min(self.height() * 0.72, self.width() * 0.34)

    def _hand_box(self) -> QRectF:
        """The room of the hand with its waves."""
        side = self._side()
        left = self.width() - side * 1.22 - self._px(32)
        top = (self.height() - self._px(FOOT) - side) / 2
        return QRectF(left - side * 0.2, 0, side * 1.6, top + side + self._px(FOOT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the words out on the left, above the foot."""
        self._lay()

    def _lay(self) -> None:
        """Both texts as one block in the middle; the second only where it leaves the first its room."""
        px, room = self._px, self.height() - self._px(FOOT)
        left, air, gap = px(56), px(20), px(22)
        width = round(self.width() - self._side() * 1.3 - px(40)) - left
        self._small.setGeometry(left, 0, width, room)
        small = self._small.inked.height() + px(8)
        self._big.setGeometry(left, 0, width, room - 2 * air - gap - small)
        self._small.setVisible(not self._big.clipped and small < room / 3)
        if self._small.isHidden():
            self._big.setGeometry(left, air, width, room - 2 * air)
            return
        big = self._big.inked.height() + px(4)
        top = (room - big - gap - small) // 2
        self._big.setGeometry(left, top, width, big)
        self._small.setGeometry(left, top + big + gap, width, small)

    def _paint_inside(self, painter: QPainter, ink: str) -> None:
        px, side = self._px, self._side()
        clear, full = QColor(self._style.colour(ink)), QColor(self._style.colour(ink))
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
        left = self.width() - side * 1.12 - px(32)
        top = (self.height() - px(FOOT) - side) / 2 + side * 0.06
        self._paint_waves(painter, QPointF(left + side * 0.38, top + side * 0.18), side, ink)
        tones = ("accent", "accent_ink") if self._marked else ("accent_ink", "accent")
        hand = self._style.icon("hand-finger", side / self._style.scale, *tones)
        painter.drawPixmap(QPointF(left, top), hand)

    def _paint_waves(self, painter: QPainter, tip: QPointF, side: float, ink: str) -> None:
        """Two rings around the finger's tip."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ring in (0.0, 0.5):
            at = (self._wave + ring) % 1
            colour = QColor(self._style.colour(ink))
            colour.setAlphaF(0.75 * (1 - at) + 0.05)
            painter.setPen(QPen(colour, self._px(6)))
            radius = side * (0.12 + 0.22 * at)
            painter.drawEllipse(tip, radius, radius)

    @property
    def clipped(self) -> bool:
        """Whether a word does not fit."""
        return self._big.clipped or (not self._small.isHidden() and self._small.clipped)
