"""A key: touchable means footed. A three-pixel edge and a solid foot; nothing else on a screen has one."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QWidget

from kiosk.widgets.style import SMALLEST_TEXT, Style
from kiosk.widgets.words import fitted

EDGE, FOOT = 3, 9
PAD = 36

_LOOKS = {
    # kind: ground, edge, foot, ink
    "plain": ("surface", "edge", "edge", "ink"),
    "filled": ("accent", "accent", "accent_deep", "accent_ink"),
    "quiet": ("accent_wash", "accent", "accent", "accent"),
    "help": ("surface", "accent", "accent", "accent"),
    "off": ("sunken", "edge", "edge", "ink_soft"),
}


class Key(QAbstractButton):
    """A picture, then words: `title` heavy, `support` small above or below it.

    `picture_room` keeps the picture's place free for a widget of its own. Takes no keyboard focus, because a scanner types and its Enter would press whatever had the focus.
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
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._style, self._title, self._support, self._above = style, title, support, support_above
        self._icon_name, self._icon_size, self._kind = icon, icon_size, kind
        self._size, self._weight, self._centred = size, weight, centred
        self._picture = icon_size if icon else picture_room
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._named()

    def say(self, title: str, support: str = "") -> None:
        """Change the words."""
        if (title, support) != (self._title, self._support):
            self._title, self._support = title, support
            self._named()
            self.update()

    def become(self, kind: str) -> None:
        """Change the look (plain, filled, quiet, help, off)."""
        self._kind = kind
        self.update()

    def _named(self) -> None:
        words = (self._support, self._title) if self._above else (self._title, self._support)
        self.setAccessibleName(". ".join(word for word in words if word))

    @property
    def clipped(self) -> bool:
        """Whether some of its words do not fit."""
        title, support = self._boxes()
        fits = self._title_fits(title)
        return not fits or bool(self._support and not fitted(self._style, self._support, support, SMALLEST_TEXT, 500)[1])

    def _title_fits(self, box: QRect) -> bool:
        return fitted(self._style, self._title, box, self._size, self._weight)[1]

    def _boxes(self) -> tuple[QRect, QRect]:
        """Where the title and the support text go."""
        px = self._style.px
        pad = px(PAD if self.width() > px(360) else 24)
        left = pad + (px(self._picture) + px(28 if self._picture > 60 else 20) if self._picture else 0)
        inner = QRect(left, px(8), self.width() - left - px(20), self.height() - px(FOOT) - px(16))
        if not self._support:
            return inner, QRect()
        rows = px(SMALLEST_TEXT * 1.18)
        lines = 2 if not fitted(self._style, self._support, QRect(0, 0, inner.width(), rows), SMALLEST_TEXT, 500)[1] else 1
        small = min(rows * lines, inner.height() // 2)
        middle = inner.center().y()
        total = min(inner.height(), small + max(px(self._size * 1.25), inner.height() - small - px(24)))
        top = max(inner.top(), middle - total // 2)
        if self._above:
            return (
                QRect(inner.left(), top + small, inner.width(), inner.bottom() - top - small),
                QRect(inner.left(), top, inner.width(), small),
            )
        return (
            QRect(inner.left(), inner.top(), inner.width(), inner.height() - small),
            QRect(inner.left(), inner.bottom() - small, inner.width(), small),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the key, pressed into its foot while held."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, edge, foot, ink = _LOOKS[self._kind]
        px, down = self._style.px, self._style.px(FOOT - 3) if self.isDown() else 0
        radius = px(24)
        body = QRectF(0, down, self.width(), self.height() - px(FOOT))
        self._fill(painter, QRectF(0, px(FOOT) if not down else down, self.width(), self.height() - max(px(FOOT), down)), radius, foot)
        self._fill(painter, body, radius, edge)
        inset = max(px(EDGE), 1)
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
        painter.setFont(font)
        painter.setPen(self._style.colour(ink))
        shift = self._centre_shift(painter, title)
        if self._icon_name:
            self._paint_icon(painter, ink, shift)
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        if self._support:
            align = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
            align |= Qt.AlignmentFlag.AlignTop if self._above else Qt.AlignmentFlag.AlignVCenter
        painter.drawText(title.translated(shift, 0), align, self._title)
        if self._support:
            painter.setFont(fitted(self._style, self._support, support, SMALLEST_TEXT, 500)[0])
            painter.setPen(self._style.colour("ink_soft" if ink == "ink" else "ink" if self._kind == "quiet" else ink))
            top = Qt.AlignmentFlag.AlignBottom if self._above else Qt.AlignmentFlag.AlignTop
            painter.drawText(support.translated(shift, 0), Qt.AlignmentFlag.AlignLeft | top | Qt.TextFlag.TextWordWrap, self._support)

    def _centre_shift(self, painter: QPainter, box: QRect) -> int:
        if not self._centred:
            return 0
        needed = painter.fontMetrics().boundingRect(box, Qt.TextFlag.TextWordWrap, self._title).width()
        icon = box.left() if self._icon_name else 0
        content = needed + (icon - self._style.px(PAD) if self._icon_name else 0)
        start = (self.width() - content) // 2
        return max(start - (self._style.px(PAD) if self._icon_name else box.left()), -box.left() + self._style.px(12))

    def _paint_icon(self, painter: QPainter, ink: str, shift: int) -> None:
        stroke = {"accent_ink": "accent_ink", "ink_soft": "ink_soft"}.get(ink, "accent")
        wash = "accent" if ink == "accent_ink" else "surface" if self._kind == "quiet" else "accent_wash"
        pixmap: QPixmap = self._style.icon(self._icon_name, self._icon_size, stroke, wash)
        pad = self._style.px(PAD if self.width() > self._style.px(360) else 24)
        top = (self.height() - self._style.px(FOOT) - pixmap.height()) // 2
        painter.drawPixmap(pad + shift, top, pixmap)
