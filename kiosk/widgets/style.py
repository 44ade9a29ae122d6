"""How big and in which colours: one value given to every widget.

Sizes in the code are those of a 1080 × 1920 (or 1920 × 1080) drawing; `Style.px` scales them to the real screen
(`kiosk.widgets.measure` says by how much, and what that is in millimetres).
"""

from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from antrean.look import all_fonts, tinted_svg
from antrean.look.tokens import LIGHT, NUMBER_FAMILY, TEXT_FAMILY, Theme
from kiosk.widgets.measure import DRAWN_MM, SMALLEST_TEXT


@dataclass(frozen=True)
class Style:
    """A theme, a scale (real pixels per drawn pixel), and the smallest text (drawn pixels).

    `mm_per_px` is the width of one real pixel of the panel in millimetres.
    """

    theme: Theme = LIGHT
    scale: float = 1.0
    portrait: bool = True
    smallest: float = SMALLEST_TEXT
    mm_per_px: float = DRAWN_MM

    def px(self, size: float) -> int:
        """A drawn size in real pixels."""
        return round(size * self.scale)

    def font(self, size: float, weight: int = 500, *, number: bool = False) -> QFont:
        """The text face, or the number face with its plain zero; large sizes are set tighter."""
        font = QFont(NUMBER_FAMILY if number else TEXT_FAMILY)
        font.setPixelSize(max(self.px(size), 1))
        font.setWeight(QFont.Weight(weight))
        if size >= 84:
            font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 98.2)
        return font

    def colour(self, name: str) -> QColor:
        """A colour of the theme by its token's name."""
        return QColor(getattr(self.theme, name))

    def icon(self, name: str, size: float, stroke: str = "accent", wash: str = "accent_wash") -> QPixmap:
        """A pictogram in two tones of the theme."""
        return _icon(name, self.px(size), getattr(self.theme, stroke), getattr(self.theme, wash, "none"))


@cache
def _icon(name: str, size: int, stroke: str, wash: str) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(tinted_svg(name, stroke, wash, 1.7).encode()))
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


@cache
def load_fonts() -> None:
    """Make the bundled faces known to Qt; needs the application to exist."""
    for path in all_fonts():
        QFontDatabase.addApplicationFont(str(path))
