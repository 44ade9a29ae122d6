"""A key that is on or off, and says so with a mark and a word."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from antrean.texts import Texts
from kiosk.widgets.key import FOOT, Key
from kiosk.widgets.style import Style
from kiosk.widgets.words import paint_words

WIDE = 700
"""From this width on, in drawn pixels, the mark stands at the right end; below, the word stands under the name."""

MARK, BADGE = 58, 52
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ChoiceKey(Key):
    """Named `title`; `on` decides how it looks and what a voice says of it."""

    def __init__(
        self, style: Style, t: Texts, title: str, icon: str, name: str, *, on: bool, wide: bool
    ) -> None:
        self._on, self._wide, self._word = on, wide, t("kiosk.choice_on")
        super().__init__(
            style,
            title,
            icon=icon,
            support=self._word if on and not wide else "",
            kind="quiet" if on else "plain",
            size=54,
            icon_size=68,
            name=name,
        )
        self.setAccessibleName(t("kiosk.choice_is_on" if on else "kiosk.choice_is_off", name=title))

    def _inner(self) -> QRect:
        inner = super()._inner()
        return inner.adjusted(0, 0, 12 - self._mark_width, 0) if self._wide and self._on else inner

    @property
    def _mark_width(self) -> int:
        font = self._style.font(self._style.smallest, 700)
        return self._style.px(MARK) + round(QFontMetricsF(font).horizontalAdvance(self._word)) + 8

    def _paint_inside(self, painter: QPainter, ink: str) -> None:
        super()._paint_inside(painter, ink)
        if not self._on:
            return
        px, ground = self._style.px, self.looks()[0]
        if self._wide:
            badge = self._style.icon("circle-check", MARK - 8, ink, ground)
            left = self.width() - self._mark_width - px(12)
            painter.drawPixmap(left, (self.height() - px(FOOT) - badge.height()) // 2, badge)
            painter.setPen(self._style.colour(ink))
            box = QRect(left + px(MARK), 0, self._mark_width, self.height() - px(FOOT))
            paint_words(
                painter, self._style, self._style.font(self._style.smallest, 700), self._word, box, _LEFT
            )
        else:
            badge = self._style.icon("circle-check", BADGE, ink, ground)
            top = self.height() - px(FOOT) - badge.height() - px(16)
            painter.drawPixmap(self.width() - badge.width() - px(20), top, badge)
