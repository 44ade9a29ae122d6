"""Words that fit: text in a box, wrapped by words, set smaller down to the floor before anything would be cut."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.widgets.style import SMALLEST_TEXT, Style

STEP = 4


def fitted(
    style: Style, text: str, box: QRect, size: float, weight: int, *, number: bool = False, floor: float = SMALLEST_TEXT
) -> tuple[QFont, bool]:
    """The largest font up to `size` in which `text` fits `box` without breaking a word, and whether it does at all."""
    now = max(size, floor)
    while True:
        font = style.font(now, weight, number=number)
        if _fits(font, text, box):
            return font, True
        if now <= floor:
            return font, False
        now = max(now - STEP, floor)


def _fits(font: QFont, text: str, box: QRect) -> bool:
    metrics = QFontMetrics(font)
    if any(metrics.horizontalAdvance(word) > box.width() for word in text.split()):
        return False
    needed = metrics.boundingRect(QRect(0, 0, box.width(), 10_000), Qt.TextFlag.TextWordWrap, text)
    return needed.height() <= box.height() and needed.width() <= box.width()


class Words(QWidget):
    """A text in a colour of the theme; `clipped` says that even the smallest size was too large."""

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

    @property
    def clipped(self) -> bool:
        """Whether the text does not fit its box."""
        return bool(self._text) and not self._fitted()[1]

    def _fitted(self) -> tuple[QFont, bool]:
        return fitted(self._style, self._text, self.rect(), self._size, self._weight, number=self._number)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setFont(self._fitted()[0])
        painter.setPen(self._style.colour(self._colour))
        painter.drawText(self.rect(), self._align | Qt.TextFlag.TextWordWrap, self._text)
        painter.end()
