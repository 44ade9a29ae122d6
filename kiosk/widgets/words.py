"""Words that fit: text in a box, broken by sense, set smaller down to the floor before anything would be cut."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from kiosk.widgets.measure import SMALLEST_TEXT
from kiosk.widgets.style import Style

STEP = 2
LARGE_LEADING, LEADING = 1.0, 1.16
"""Line height in units of the font size: tight for headings, roomy for reading."""
LARGE = 72
INKED = 0.96
"""From the top of the highest letter to the bottom of the lowest, in units of the font size."""


def lines_of(font: QFont, text: str, width: float) -> list[str]:
    """`text` in lines of at most `width`; "&" stays with what follows, a new line in the text is one here.

    A single word wider than `width` gets a line of its own.
    """
    metrics = QFontMetricsF(font)
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for part in paragraph.replace("& ", "&\u00a0").replace(" ·", "\u00a0·").split(" "):
            longer = f"{line} {part}" if line else part
            if line and metrics.horizontalAdvance(longer) > width:
                lines.append(line)
                line = part
            else:
                line = longer
        lines.append(line)
    return lines


def balanced(font: QFont, text: str, width: float) -> list[str]:
    """The same number of lines as `lines_of`, as even as words allow: short names look whole on a tile."""
    lines = lines_of(font, text, width)
    if len(lines) not in (2, 3):
        return lines
    metrics = QFontMetricsF(font)
    room = width
    while (room := room * 0.94) > width * 0.4:
        closer = lines_of(font, text, room)
        if len(closer) > len(lines) or any(metrics.horizontalAdvance(line) > room for line in closer):
            break
        lines = closer
    return lines


def leading(style: Style, font: QFont) -> float:
    """The height of one line in pixels."""
    size = font.pixelSize()
    return size * (LARGE_LEADING if size >= style.px(LARGE) else LEADING)


def fitted(
    style: Style, text: str, box: QRect, size: float, weight: int, *, number: bool = False
) -> tuple[QFont, bool]:
    """The largest font up to `size` in which `text` fits `box` without breaking a word, and whether it does."""
    return _fitted(style, text, box.width(), box.height(), size, weight, number)


@lru_cache(maxsize=4096)
def _fitted(
    style: Style, text: str, width: int, height: int, size: float, weight: int, number: bool
) -> tuple[QFont, bool]:
    """Remembered, because every painting asks again; nobody changes the font that is returned."""
    now = max(size, style.smallest)
    while True:
        font = style.font(now, weight, number=number)
        if _fits(style, font, text, width, height):
            return font, True
        if now <= style.smallest:
            return font, False
        now = max(now - STEP, style.smallest)


def _fits(style: Style, font: QFont, text: str, width: int, height: int) -> bool:
    lines, metrics = lines_of(font, text, width), QFontMetricsF(font)
    if any(metrics.horizontalAdvance(line) > width + 0.5 for line in lines):
        return False
    return (len(lines) - 1) * leading(style, font) + font.pixelSize() * INKED <= height + 1


def paint_words(
    painter: QPainter,
    style: Style,
    font: QFont,
    text: str,
    box: QRect,
    align: Qt.AlignmentFlag,
    *,
    even: bool = False,
) -> None:
    """Paint `text` in `box` with the painter's pen; `even` makes its lines alike."""
    lines = (balanced if even else lines_of)(font, text, box.width())
    high = leading(style, font)
    total = high * len(lines)
    top = float(box.top())
    if align & Qt.AlignmentFlag.AlignVCenter:
        top += (box.height() - total) / 2
    elif align & Qt.AlignmentFlag.AlignBottom:
        top += box.height() - total
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    for at, line in enumerate(lines):
        wide = metrics.horizontalAdvance(line)
        x = float(box.left())
        if align & Qt.AlignmentFlag.AlignRight:
            x += box.width() - wide
        elif align & Qt.AlignmentFlag.AlignHCenter:
            x += (box.width() - wide) / 2
        # the middle of a capital sits in the middle of its line
        baseline = top + at * high + (high + metrics.capHeight()) / 2
        painter.drawText(QPointF(x, baseline), line)


_UNDER = {"accent_ink": "accent", "call_ink": "call", "warn": "warn_wash"}
"""What lies below words of these colours; below all others it is the ground."""


class Words(QLabel):
    """A text in a colour of the theme; `clipped` says that even the smallest size was too large.

    It is a QLabel because screen readers then know it for text.
    """

    def __init__(
        self,
        style: Style,
        text: str = "",
        size: float = SMALLEST_TEXT,
        weight: int = 500,
        *,
        colour: str = "ink",
        number: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        valign: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignVCenter,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._style, self._text, self._size, self._weight = style, text, size, weight
        self._colour, self._number, self._align = colour, number, align | valign
        self._marked = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(text)

    def text(self) -> str:
        """What it says."""
        return self._text

    def say(self, text: str) -> None:
        """Say something else."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.update()

    def dye(self, colour: str) -> None:
        """Go on in another colour of the theme."""
        if colour != self._colour:
            self._colour = colour
            self.update()

    def mark(self, on: bool) -> None:
        """Show, by inversion, that it is being read now."""
        if on != self._marked:
            self._marked = on
            self.update()

    @property
    def written_size(self) -> float:
        """The size it is written in where there is room, in drawn pixels."""
        return self._size

    @property
    def clipped(self) -> bool:
        """Whether the text does not fit its box."""
        return bool(self._text) and not self._fitted()[1]

    @property
    def inked(self) -> QRect:
        """Where the letters are, within the widget."""
        font = self._fitted()[0]
        lines, metrics = lines_of(font, self._text, self.width()), QFontMetricsF(font)
        wide = round(max(metrics.horizontalAdvance(line) for line in lines))
        high = round((len(lines) - 1) * leading(self._style, font) + font.pixelSize() * INKED)
        left = {
            Qt.AlignmentFlag.AlignRight: self.width() - wide,
            Qt.AlignmentFlag.AlignHCenter: (self.width() - wide) // 2,
        }
        top = {Qt.AlignmentFlag.AlignTop: 0, Qt.AlignmentFlag.AlignBottom: self.height() - high}
        across = self._align & Qt.AlignmentFlag.AlignHorizontal_Mask
        down = self._align & Qt.AlignmentFlag.AlignVertical_Mask
        return QRect(left.get(across, 0), top.get(down, (self.height() - high) // 2), wide, high)

    def _fitted(self) -> tuple[QFont, bool]:
        return fitted(self._style, self._text, self.rect(), self._size, self._weight, number=self._number)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        ink, ground = self._colour, _UNDER.get(self._colour, "ground")
        if self._marked:
            ink, ground = ground, ink
            painter.fillRect(self.rect(), self._style.colour(ground))
        painter.setPen(self._style.colour(ink))
        paint_words(painter, self._style, self._fitted()[0], self._text, self.rect(), self._align)
        painter.end()


class BigLabel(QLabel):
    """A ticket's number as large as its box: its hyphen thinner and softer, at mid capital height."""

    clipped = False
    HYPHEN, GAP, THICK, SOFT = 0.3, 0.13, 0.1, 0.6  # in capital heights; the last is an opacity

    def __init__(self, style: Style, label: str, colour: str) -> None:
        super().__init__()
        self._style, self._label, self._colour = style, label, colour
        self.setAccessibleName(label)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def text(self) -> str:
        """The number."""
        return self._label

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the number, scaled to its box and set to its left edge."""
        font = self._style.font(200, 800, number=True)
        cap = QPainterPath()
        cap.addText(0, 0, font, "1")
        high = cap.boundingRect().height()
        glyphs, bar, x = QPainterPath(), QPainterPath(), 0.0
        glyphs.setFillRule(Qt.FillRule.WindingFill)  # the face overlaps its strokes
        for at, part in enumerate(self._label.split("-")):
            if at:
                box = QRectF(
                    x + self.GAP * high,
                    -high / 2 - self.THICK * high / 2,
                    self.HYPHEN * high,
                    self.THICK * high,
                )
                bar.addRoundedRect(box, box.height() / 2, box.height() / 2)
                x = box.right() + self.GAP * high
            word = QPainterPath()
            word.addText(0, 0, font, part)
            inked = word.boundingRect()
            glyphs.addPath(word.translated(x - inked.left(), 0))
            x += inked.width()
        scale = min(self.width() / x, self.height() / high)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(0, (self.height() + high * scale) / 2)
        painter.scale(scale, scale)
        painter.fillPath(glyphs, self._style.colour(self._colour))
        painter.setOpacity(self.SOFT)
        painter.fillPath(bar, self._style.colour(self._colour))
        painter.end()
