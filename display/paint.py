"""Drawing in the boards' own measures: text on capital height, ticket numbers with a soft hyphen, pictograms."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QImage, QPainter, QPainterPath, QPen
from PySide6.QtSvg import QSvgRenderer

from antrean.look import all_fonts, tinted_svg
from antrean.look.tokens import NUMBER_FAMILY, TEXT_FAMILY

ELLIPSIS = "…"
HYPHEN_WIDTH, HYPHEN_AIR, HYPHEN_THICK = 0.26, 0.07, 0.085  # of the font's pixel size


def load_fonts() -> None:
    """Make the bundled faces known to Qt; call once after the application exists."""
    for path in all_fonts():
        QFontDatabase.addApplicationFont(str(path))


@lru_cache(maxsize=256)
def font(size: float, weight: int = 500, *, number: bool = False, tight: float = 0.0) -> QFont:
    """A face at `size` design pixels; `tight` is tracking in em."""
    face = QFont(NUMBER_FAMILY if number else TEXT_FAMILY)
    face.setPixelSize(max(1, round(size)))
    face.setWeight(QFont.Weight(weight))
    face.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if tight:
        face.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, tight * size)
    if number:
        face.setFeature(QFont.Tag("tnum"), 1)
    return face


def width(text: str, face: QFont) -> float:
    """The advance of a text in design pixels."""
    return QFontMetricsF(face).horizontalAdvance(text)


def cap_height(face: QFont) -> float:
    """The height of a capital letter."""
    return QFontMetricsF(face).capHeight()


def elided(text: str, face: QFont, room: float) -> str:
    """The text, shortened with an ellipsis when it is wider than `room`."""
    if width(text, face) <= room:
        return text
    while text and width(text + ELLIPSIS, face) > room:
        text = text[:-1]
    return text.rstrip(" ·,") + ELLIPSIS


def shrunk(text: str, sizes: tuple[float, ...], weight: int, room: float) -> tuple[str, QFont]:
    """The text in the largest of these sizes that fits `room`, else shortened in the smallest."""
    for size in sizes:
        face = font(size, weight)
        if width(text, face) <= room:
            return text, face
    return elided(text, face, room), face


def wrapped(text: str, face: QFont, room: float) -> list[str]:
    """The text in lines no wider than `room`, broken between words."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}", face) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def label_width(label: str, size: float, weight: int) -> float:
    """The width of a ticket number drawn by `draw_label`."""
    face = font(size, weight, number=True, tight=0.012)
    head, hyphen, tail = label.partition("-")
    gap = (HYPHEN_WIDTH + 2 * HYPHEN_AIR) * size if hyphen else 0.0
    return width(head, face) + gap + width(tail, face)


def fitted(labels: frozenset[str], room: float, largest: float, weight: int) -> float:
    """The largest size at which each of these numbers fits `room`."""
    widest = max(label_width(label, 100, weight) for label in labels)
    return min(largest, 100 * room / widest)


class Pencil:
    """A painter with the boards' habits; y is always the middle of the capitals or their baseline."""

    def __init__(self, painter: QPainter) -> None:
        self.painter = painter
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)

    def box(self, rect: QRectF, fill: str, radius: float = 0.0) -> None:
        """A filled rectangle."""
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(fill))
        self.painter.drawRoundedRect(rect, radius, radius)

    def ring(self, rect: QRectF, colour: str, thick: float, radius: float) -> None:
        """An outline that stays inside the rectangle."""
        self.painter.setPen(QPen(QColor(colour), thick))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        half = thick / 2
        self.painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius, radius)

    def text(
        self, x: float, baseline: float, text: str, face: QFont, colour: str, align: str = "left"
    ) -> float:
        """Text on a baseline; `align` says which end `x` is. The answer is its width."""
        wide = width(text, face)
        left = x - (wide if align == "right" else wide / 2 if align == "centre" else 0)
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)  # the number face's outlines overlap
        path.addText(QPointF(left, baseline), face, text)
        self.painter.fillPath(path, QColor(colour))
        return wide

    def middle(self, x: float, y: float, text: str, face: QFont, colour: str, align: str = "left") -> float:
        """Text whose capitals are centred on `y`."""
        return self.text(x, y + cap_height(face) / 2, text, face, colour, align)

    def label(
        self, x: float, baseline: float, label: str, size: float, weight: int, colour: str, soft: str
    ) -> None:
        """A ticket number: its hyphen is drawn thinner and softer at half the capitals' height."""
        face = font(size, weight, number=True, tight=0.012)
        head, hyphen, tail = label.partition("-")
        self.text(x, baseline, head, face, colour)
        if not hyphen:
            return
        left = x + width(head, face) + HYPHEN_AIR * size
        thick = HYPHEN_THICK * size
        top = baseline - cap_height(face) / 2 - thick / 2
        self.box(QRectF(left, top, HYPHEN_WIDTH * size, thick), soft, thick * 0.2)
        self.text(left + (HYPHEN_WIDTH + HYPHEN_AIR) * size, baseline, tail, face, colour)

    def picture(self, rect: QRectF, picture: QImage, radius: float) -> None:
        """A picture with round corners."""
        self.painter.save()
        corners = QPainterPath()
        corners.addRoundedRect(rect, radius, radius)
        self.painter.setClipPath(corners)
        self.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.painter.drawImage(rect, picture)
        self.painter.restore()

    def icon(self, x: float, middle: float, name: str, size: float, colour: str, wash: str = "none") -> None:
        """A pictogram in a square, centred on `middle`."""
        self.painter.save()
        _svg(name, colour, wash).render(self.painter, QRectF(x, middle - size / 2, size, size))
        self.painter.restore()


@lru_cache(maxsize=64)
def _svg(name: str, colour: str, wash: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(tinted_svg(name, colour, wash).encode()))
