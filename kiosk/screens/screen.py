"""What every screen has: the canvas, the header, the footer with its three places, and how to lay things on it."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from antrean.domain.catalogue import Mall
from antrean.domain.words import Words as Named
from antrean.texts import Texts
from antrean.texts.formats import clock, weekday
from kiosk.desk import Desk, HelpState
from kiosk.widgets.emblem import Emblem
from kiosk.widgets.key import Key
from kiosk.widgets.panel import Icon, Panel
from kiosk.widgets.style import SMALLEST_TEXT, Style
from kiosk.widgets.words import Words

PORTRAIT, LANDSCAPE = (1080, 1920), (1920, 1080)
STALE_MS = 60_000
"""News older than this gets a mark: a server that is there speaks every few seconds."""

LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
CENTRE, TOP = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignTop
MIDDLE = Qt.AlignmentFlag.AlignVCenter

_HELP = {HelpState.NONE: "help", HelpState.ASKED: "help_asked", HelpState.ACCEPTED: "help_accepted"}


@dataclass(frozen=True)
class Scene:
    """What a screen is drawn with."""

    style: Style
    t: Texts
    desk: Desk
    mall: Mall

    @property
    def language(self) -> str:
        """The visitor's language."""
        return self.t.language

    def own(self, named: Named) -> str:
        """The mall's own words in the visitor's language."""
        return named.get(self.language)


class Screen(QWidget):
    """A screen drawn once for one scene; the window draws it anew when language, theme or size change.

    Positions are those of a 1080 × 1920 (upright) or 1920 × 1080 drawing.
    """

    has_back = True
    has_foot = True

    went_back = Signal()
    help_called = Signal()
    display_help_called = Signal()
    staff_called = Signal()

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self.scene, self.style_, self.t, self.desk = scene, scene.style, scene.t, scene.desk
        self.portrait = scene.style.portrait
        size = PORTRAIT if self.portrait else LANDSCAPE
        self.setFixedSize(self.style_.px(size[0]), self.style_.px(size[1]))
        self._clock: Words | None = None
        self._stale: Icon | None = None
        self._help: Key | None = None

    def put(self, widget: QWidget, x: float, y: float, width: float, height: float) -> None:
        """Lay a widget on the canvas."""
        px = self.style_.px
        widget.setParent(self)
        widget.setGeometry(px(x), px(y), px(x + width) - px(x), px(y + height) - px(y))

    def words(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        height: float,
        size: float = SMALLEST_TEXT,
        weight: int = 500,
        *,
        colour: str = "ink",
        number: bool = False,
        align: Qt.AlignmentFlag = LEFT,
        valign: Qt.AlignmentFlag = MIDDLE,
    ) -> Words:
        """Lay words on the canvas."""
        words = Words(
            self.style_, text, size, weight, colour=colour, number=number, align=align, valign=valign
        )
        self.put(words, x, y, width, height)
        return words

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.style_.colour("ground"))
        painter.end()

    def tick(self) -> None:
        """Show what changes by itself: the clock, the age of the news, whether help is coming."""
        if self._clock is not None:
            self._clock.say(clock(self.desk.now_ms(), self.scene.mall.timezone, self.scene.language))
        if self._stale is not None:
            age = self.desk.news_age_ms()
            self._stale.setVisible(age is None or age > STALE_MS)
        if self._help is not None:
            state = self.desk.help_state()
            self._help.say(self.t(f"kiosk.{_HELP[state]}"))
            self._help.become("help" if state is HelpState.NONE else "quiet")

    @property
    def stale(self) -> bool:
        """Whether the mark for old news shows."""
        return self._stale is not None and self._stale.isVisibleTo(self)

    def frame(self) -> None:
        """Lay the header and, on all screens a visitor sees, the footer."""
        self._header()
        if self.has_foot:
            self._footer()
        Screen.tick(self)

    def _day(self) -> str:
        mall = self.scene.mall
        return weekday(self.desk.now_ms(), mall.timezone, self.scene.language)

    def _header(self) -> None:
        mall, day = self.scene.mall, self._day()
        top = 48 if self.portrait else 40
        emblem = Emblem(self.style_)
        emblem.staff_called.connect(self.staff_called)
        self.put(emblem, 48, top + 4, 104, 104)
        name = mall.name.removesuffix(mall.city).strip() or mall.name
        stale = Icon(self.style_, "wifi-off", 48, "warn")
        stale.setAccessibleName(self.t("kiosk.stale"))
        self._stale = stale
        if self.portrait:
            wide = len(day) > 12
            self._clock = self.words("", 832, top - 6, 200, 68, 62, 700, number=True, align=RIGHT)
            self.words(name, 172, top, 560, 60, 50, 600)
            self.words(mall.city, 172, top + 56, 360 if wide else 560, 60, colour="ink_soft")
            self.words(
                day, 560 if wide else 752, top + 56, 472 if wide else 280, 60, colour="ink_soft", align=RIGHT
            )
            self.put(stale, 752, top, 60, 60)
        else:
            self._clock = self.words("", 474, top + 56, 150, 60, 46, 700, number=True, align=RIGHT)
            self.words(name, 172, top, 460, 60, 46, 600)
            self.words(mall.city, 172, top + 56, 296, 60, colour="ink_soft")
            self.put(stale, 628, top + 62, 48, 48)

    def _footer(self) -> None:
        if self.portrait:
            self.put(Panel(self.style_, "sunken", 0), 0, 1704, 1080, 216)
            places, y, tall = ((48, 312), (384, 312), (720, 312)), 1736, 144
        else:
            self.put(Panel(self.style_, "sunken", 0), 0, 896, 1920, 184)
            places, y, tall = ((48, 576), (680, 584), (1288, 584)), 918, 136
        if self.has_back:
            self._foot_key("back", "arrow-left", places[0], y, tall).clicked.connect(self.went_back)
        self._foot_key("display", "accessible", places[1], y, tall).clicked.connect(self.display_help_called)
        self._help = self._foot_key("help", "user-question", places[2], y, tall, "help")
        self._help.clicked.connect(self.help_called)

    def _foot_key(
        self, name: str, icon: str, place: tuple[int, int], y: float, tall: float, kind: str = "plain"
    ) -> Key:
        text = self.t(f"kiosk.{name}")
        key = Key(self.style_, text, icon=icon, icon_size=58, size=46, weight=600, kind=kind, name=name)
        self.put(key, place[0], y, place[1], tall)
        return key
