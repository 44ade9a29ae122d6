"""A key: touchable means footed. A three-pixel edge and a solid foot; nothing else on a screen has one."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from kiosk.widgets.measure import SMALLEST_TEXT
from kiosk.widgets.style import Style
from kiosk.widgets.words import INKED, fitted, leading, lines_of, paint_words

EDGE, FOOT = 3, 9
PAD, TIGHT_PAD, RIGHT_PAD = 36, 24, 18
AIR, EASY_AIR = 0.05, 0.03
"""Of the height, above and below the words; large words and two kinds of them are set closer."""

LARGE_PICTURE = 76
"""A picture beyond this size stands in the wide padding of a tile."""

_LOOKS = {
    # kind: ground, edge, foot, ink
    "plain": ("surface", "edge", "edge", "ink"),
    "filled": ("accent", "accent", "accent_deep", "accent_ink"),
    "quiet": ("accent_wash", "accent", "accent", "accent"),
    "help": ("surface", "accent", "accent", "accent"),
    "off": ("sunken", "edge", "edge", "ink_soft"),
}
_LEFT, _MIDDLE = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignHCenter
_TOP, _BOTTOM = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom


class Key(QAbstractButton):
    """A picture, then words: `title` heavy, `support` small above or below it.

    `picture_room` keeps the picture's place free for a painter of its own; `stacked` puts the picture on top.
    Takes no keyboard focus, because a scanner types and its Enter would press whatever had the focus.
    """

    def __init__(
        self,
        style: Style,
        title: str,
        *,
        icon: str = "",
        support: str = "",
        support_above: bool = False,
        kind: str = "plain",
        size: float = 58,
        weight: int = 700,
        icon_size: float = 76,
        centred: bool = False,
        picture_room: float = 0,
        stacked: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._style, self._title, self._support, self._above = style, title, support, support_above
        self._icon_name, self._icon_size, self._kind = icon, icon_size, kind
        self._size, self._weight, self._centred = size, weight, centred
        self._picture = icon_size if icon else picture_room
        self._stacked = stacked
        self._marked = False
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._named()

    def say(self, title: str, support: str = "") -> None:
        """Change the words."""
        if (title, support) != (self._title, self._support):
            self._title, self._support = title, support
            self._named()
            self.update()

    def text(self) -> str:
        """The words of the key, without the support."""
        return self._title

    def become(self, kind: str) -> None:
        """Change the look (plain, filled, quiet, help, off)."""
        if kind != self._kind:
            self._kind = kind
            self.update()

    def picture(self, icon: str) -> None:
        """Change the picture of a key that has one."""
        if icon != self._icon_name:
            self._icon_name = icon
            self.update()

    def mark(self, on: bool) -> None:
        """Show, by inversion, that it is being read now."""
        if on != self._marked:
            self._marked = on
            self.update()

    def looks(self) -> tuple[str, str, str, str]:
        """The colours of ground, edge, foot and ink as it has to be painted now."""
        ground, edge, foot, ink = _LOOKS[self._kind]
        return (ink, edge, foot, ground) if self._marked else (ground, edge, foot, ink)

    def _named(self) -> None:
        words = (self._support, self._title) if self._above else (self._title, self._support)
        self.setAccessibleName(". ".join(word for word in words if word))

    @property
    def clipped(self) -> bool:
        """Whether some of its words do not fit."""
        title, support = self._boxes()
        if self._support and title.height() + support.height() > self._inner().height() + 2:
            return True
        if not fitted(self._style, self._title, title, self._size, self._weight)[1]:
            return True
        return (
            bool(self._support)
            and not fitted(self._style, self._support, support, self._style.smallest, 500)[1]
        )

    @property
    def _pad(self) -> int:
        tight = 0 < self._picture <= LARGE_PICTURE or self.width() <= self._style.px(360)
        if self._stacked or (self._centred and not self._picture):
            return self._style.px(8)
        return self._style.px(TIGHT_PAD if tight else PAD)

    def _inner(self) -> QRect:
        """The room for words, right of the picture and above the foot."""
        px = self._style.px
        left = self._pad
        close = self._support or self._style.smallest > SMALLEST_TEXT
        air = round(self.height() * (EASY_AIR if close else AIR))
        if self._stacked:
            top = air + px(self._picture) + px(4)
            return QRect(left, top, self.width() - 2 * left, self.height() - px(FOOT) - air - top)
        if self._picture:
            left += px(self._picture) + px(28 if self._picture > LARGE_PICTURE else 18)
        right = px(8 if self._centred and not self._picture else RIGHT_PAD)
        return QRect(left, air, self.width() - left - right, self.height() - px(FOOT) - 2 * air)

    def _boxes(self) -> tuple[QRect, QRect]:
        """Where the title and the support text go."""
        inner = self._inner()
        if not self._support:
            return inner, QRect()
        small_font = self._style.font(self._style.smallest, 500)
        small = round(
            len(lines_of(small_font, self._support, inner.width())) * leading(self._style, small_font)
        )
        room = QRect(inner.left(), inner.top(), inner.width(), max(inner.height() - small, 0))
        font, _ = fitted(self._style, self._title, room, self._size, self._weight)
        lines = len(lines_of(font, self._title, inner.width()))
        tall = round((lines - 1) * leading(self._style, font) + font.pixelSize() * INKED)
        top = inner.top() + max((inner.height() - tall - small) // 2, 0)
        if self._above:
            return (
                QRect(inner.left(), top + small, inner.width(), tall),
                QRect(inner.left(), top, inner.width(), small),
            )
        return QRect(inner.left(), top, inner.width(), tall), QRect(
            inner.left(), top + tall, inner.width(), small
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the key, pressed into its foot while held."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, edge, foot, ink = self.looks()
        px = self._style.px
        down = px(FOOT - 3) if self.isDown() else 0
        radius, inset = px(24), max(px(EDGE), 1)
        if self._style.colour(ground) == self._style.colour(foot):
            edge = "ground"  # in high contrast a line parts the key from its foot
        body = QRectF(0, down, self.width(), self.height() - px(FOOT))
        self._fill(painter, QRectF(0, px(FOOT), self.width(), self.height() - px(FOOT)), radius, foot)
        self._fill(painter, body, radius, edge)
        self._fill(painter, body.adjusted(inset, inset, -inset, -inset), radius - inset, ground)
        painter.translate(0, down)
        self._paint_inside(painter, ink)
        painter.end()

    def _fill(self, painter: QPainter, box: QRectF, radius: float, colour: str) -> None:
        path = QPainterPath()
        path.addRoundedRect(box, radius, radius)
        painter.fillPath(path, self._style.colour(colour))

    def _paint_inside(self, painter: QPainter, ink: str) -> None:
        title, support = self._boxes()
        font, _ = fitted(self._style, self._title, title, self._size, self._weight)
        shift = 0
        if self._centred:
            wide = max(
                QFontMetricsF(font).horizontalAdvance(line)
                for line in lines_of(font, self._title, title.width())
            )
            left, right = (self._pad if self._picture else title.left()), title.left() + wide
            if self._picture and not self._title:
                right = left + self._style.px(self._picture)
            shift = round((self.width() - right - left) / 2)
        if self._icon_name:
            self._paint_icon(painter, ink, shift)
        painter.setPen(self._style.colour(ink))
        side = _CENTRE if self._stacked else _LEFT
        words = title.translated(shift, 0)
        paint_words(painter, self._style, font, self._title, words, side | _MIDDLE, even=True)
        if self._support:
            small, _ = fitted(self._style, self._support, support, self._style.smallest, 500)
            soft = {"ink": "ink_soft", "accent": "ink"}.get(ink, ink) if not self._marked else ink
            painter.setPen(self._style.colour(soft))
            end = _BOTTOM if self._above else _TOP
            paint_words(painter, self._style, small, self._support, support.translated(shift, 0), _LEFT | end)

    def _paint_icon(self, painter: QPainter, ink: str, shift: int) -> None:
        stroke = ink if self._marked or ink in ("accent_ink", "ink_soft") else "accent"
        wash = (
            "none"
            if self._marked
            else "accent"
            if ink == "accent_ink"
            else "surface"
            if self._kind == "quiet"
            else "accent_wash"
        )
        pixmap = self._style.icon(self._icon_name, self._icon_size, stroke, wash)
        if self._stacked:
            painter.drawPixmap(
                (self.width() - pixmap.width()) // 2, self._inner().top() - pixmap.height(), pixmap
            )
            return
        top = (self.height() - self._style.px(FOOT) - pixmap.height()) // 2
        painter.drawPixmap(self._pad + shift, top, pixmap)
