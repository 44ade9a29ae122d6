"""The header's line while the kiosk speaks: that it does, what it is at, and the key that silences it."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame

from antrean.texts import Texts
from kiosk.widgets.key import Key
from kiosk.widgets.measure import EASY_TEXT, SMALLEST_TEXT
from kiosk.widgets.style import Style
from kiosk.widgets.words import fitted, paint_words

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class VoiceBar(QFrame):
    """Stands in the header's place; says `silenced`. A drawing of `width` × 124, upright or lying."""

    silenced = Signal()

    def __init__(self, style: Style, t: Texts, *, easy: bool) -> None:
        super().__init__()
        self.setObjectName("voice_bar")
        self._style, self._now, self._said = style, t("kiosk.being_read"), ""
        self._size = EASY_TEXT if easy else SMALLEST_TEXT
        bare = easy and not style.portrait  # no room for a picture beside words that large
        self._key_width = 250 if bare else 340 if easy else 300 if style.portrait else 270
        self._picture = 104 if style.portrait else 0
        self._key = Key(
            style,
            t("kiosk.silence"),
            icon="" if bare else "volume-off",
            icon_size=58,
            size=self._size,
            weight=600,
            centred=True,
            name="silence",
            parent=self,
        )
        self._key.clicked.connect(self.silenced)
        self.setAccessibleName(self._now)

    def say(self, what: str) -> None:
        """Show what is being read; a text too long for its line is left out, because it stands on the screen."""
        if what != self._said:
            self._said = what
            self.setAccessibleName(f"{self._now}. {what}" if what else self._now)
            self.update()

    def resizeEvent(self, event: object) -> None:
        """Keep the key at the right end."""
        wide = self._style.px(self._key_width)
        self._key.setGeometry(self.width() - wide, 0, wide, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, the line and below it what is being read."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        style, px = self._style, self._style.px
        left = px(self._picture)
        if left:
            icon = style.icon("volume", 84)
            painter.drawPixmap(0, (self.height() - icon.height()) // 2, icon)
        room = QRect(left, 0, self.width() - left - px(self._key_width) - px(16), self.height())
        upper = QRect(room.left(), room.top(), room.width(), room.height() // 2)
        lower = upper.translated(0, upper.height())
        heavy, fits = fitted(style, self._said, lower, self._size + 6, 800)
        soft, alone = fitted(style, self._now, upper, self._size, 500)
        painter.setPen(style.colour("ink"))
        if self._said and fits and alone:
            paint_words(painter, style, soft, self._now, upper, _LEFT)
            paint_words(painter, style, heavy, self._said, lower, _LEFT)
        else:
            font, _ = fitted(style, self._now, room, self._size + 6, 700)
            paint_words(painter, style, font, self._now, room, _LEFT)
        painter.end()
