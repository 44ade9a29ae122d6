"""What every screen has: the canvas, the header, the footer with its three places, and how to lay things on it."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from antrean.domain.catalogue import Mall
from antrean.domain.words import Words as Named
from antrean.look.tokens import Theme
from antrean.texts import Texts
from antrean.texts.formats import clock, weekday
from kiosk.assist.order import in_order
from kiosk.assist.voice_bar import VoiceBar
from kiosk.desk import Desk, HelpState
from kiosk.screens.aloud import usual
from kiosk.visit import ASSIST, Aloud, Assist
from kiosk.widgets.emblem import Emblem
from kiosk.widgets.key import Key
from kiosk.widgets.measure import LANDSCAPE, PORTRAIT, SMALLEST_TEXT
from kiosk.widgets.panel import Icon, Panel
from kiosk.widgets.style import Style
from kiosk.widgets.words import BigLabel, Words

__all__ = ["LANDSCAPE", "PORTRAIT", "Area", "Scene", "Screen", "dressed", "reading_order"]

STALE_MS = 30_000
"""News come every two seconds; older than this they are marked, and a call is not said to be of now."""

LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
CENTRE, TOP = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignTop
MIDDLE = Qt.AlignmentFlag.AlignVCenter

LONG_DAY = 12
"""A day in more letters than this is a date and needs the wider place."""

_HELP = {HelpState.NONE: "help", HelpState.ASKED: "help_asked", HelpState.ACCEPTED: "help_accepted"}


@dataclass(frozen=True)
class Scene:
    """What a screen is drawn with; `voice` says whether the kiosk can speak, `motion` whether screens may move.

    `helping`: staff take a number for somebody else.
    """

    style: Style
    t: Texts
    desk: Desk
    mall: Mall
    assist: Assist = ASSIST
    voice: bool = False
    motion: bool = False
    helping: bool = False

    @property
    def language(self) -> str:
        """The visitor's language."""
        return self.t.language

    def for_staff(self) -> "Scene":
        """The same with the usual sizes: staff read and hit small things, and need them all at once."""
        style = replace(self.style, smallest=SMALLEST_TEXT)
        return replace(self, style=style, assist=replace(self.assist, easy=False, reach=False))

    def own(self, named: Named) -> str:
        """The mall's own words in the visitor's language."""
        return named.get(self.language)


class Area(NamedTuple):
    """A part of the drawing, in drawn pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height


def dressed(scene: Scene, theme: Theme) -> Scene:
    """The scene in another theme."""
    return replace(scene, style=replace(scene.style, theme=theme))


def reading_order(over: QWidget) -> tuple[QWidget, ...]:
    """The words, numbers and keys that show on a screen or sheet, as the eye goes through them.

    The key that silences the voice comes last: nobody wants to hear of it first.
    """
    shown = [
        part
        for part in over.findChildren(QWidget)
        if isinstance(part, Key | Words | BigLabel)
        and not isinstance(part.parentWidget(), Key)
        and part.isVisibleTo(over)
        and part.accessibleName().strip()
    ]
    boxes = {part: part.rect().translated(part.mapTo(over, QPoint())) for part in shown}
    silencing = {part for part in shown if isinstance(part.parentWidget(), VoiceBar)}
    boxes = {part: box for part, box in boxes.items() if part not in silencing}
    keys = {part for part in boxes if isinstance(part, Key)}
    foot = over.style_.px(over.foot.y) if isinstance(over, Screen) and over.has_foot else over.height()
    lying = over.width() > over.height()
    return (*in_order(boxes, keys, lying=lying, foot=foot), *silencing)


class Screen(QFrame):
    """A screen drawn once for one scene; the window draws it anew when language, theme or size change.

    Positions are those of a 1080 × 1920 (upright) or 1920 × 1080 drawing.
    """

    has_back = True
    has_foot = True

    went_back = Signal()
    help_called = Signal()
    display_help_called = Signal()
    staff_called = Signal()
    read_called = Signal()

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self.scene, self.style_, self.t, self.desk = scene, scene.style, scene.t, scene.desk
        self.portrait = scene.style.portrait
        size = PORTRAIT if self.portrait else LANDSCAPE
        self.setFixedSize(self.style_.px(size[0]), self.style_.px(size[1]))
        self._clock: Words | None = None
        self._stale: Icon | None = None
        self._help: Key | None = None
        self._around: frozenset[QWidget] = frozenset()

    @property
    def easy(self) -> bool:
        """Whether this visitor wants it bigger and fewer things at a time."""
        return self.scene.assist.easy

    @property
    def reach(self) -> bool:
        """Whether this visitor reaches only the lower part."""
        return self.scene.assist.reach

    def stops(self) -> tuple[QWidget, ...]:
        """Everything that can be spoken or pressed, in reading order."""
        return reading_order(self)

    def spoken(self) -> tuple[str, ...]:
        """What is said when the screen comes."""
        return usual(self.stops(), self._around)

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
            self._stale.setVisible(self.old_news)
        if self._help is not None:
            state = self.desk.help_state()
            self._help.say(self.t(f"kiosk.{_HELP[state]}"))
            self._help.become("help" if state is HelpState.NONE else "quiet")

    @property
    def old_news(self) -> bool:
        """Whether the server was not heard for a while, or never."""
        age = self.desk.news_age_ms()
        return age is None or age > STALE_MS

    @property
    def stale(self) -> bool:
        """Whether the mark for old news shows."""
        return self._stale is not None and self._stale.isVisibleTo(self)

    def frame(self) -> None:
        """Lay the header and, on all screens a visitor sees, the footer."""
        if self.scene.assist.aloud is Aloud.OFF:
            self._header()
        else:
            self._voice_bar()
        if self.has_foot:
            self._footer()
        self._around = frozenset(self.findChildren(QWidget))
        Screen.tick(self)

    def _day(self) -> str:
        mall = self.scene.mall
        return weekday(self.desk.now_ms(), mall.timezone, self.scene.language)

    @property
    def foot(self) -> Area:
        """The band with the keys that never move; everything else of a screen lies above it."""
        if self.easy:
            return Area(0, 1636, 1080, 284) if self.portrait else Area(0, 872, 1920, 208)
        return Area(0, 1704, 1080, 216) if self.portrait else Area(0, 896, 1920, 184)

    @property
    def low(self) -> float:
        """Where the part begins that somebody in a wheelchair reaches: its keys all lie below."""
        return 800 if self.portrait else 540

    def _voice_bar(self) -> None:
        bar = VoiceBar(self.style_, self.t, easy=self.easy)
        self.put(bar, 48, *((40, 984, 124) if self.portrait else (24, 592, 124)))

    def _header(self) -> None:
        mall = self.scene.mall
        top = 48 if self.portrait else 40
        if self.scene.helping:
            self.put(Panel(self.style_, "accent_wash", 0), 0, 0, 1080 if self.portrait else 656, 172)
        emblem = Emblem(self.style_)
        emblem.staff_called.connect(self.staff_called)
        self.put(emblem, 48, top + 4, 104, 104)
        self._stale = Icon(self.style_, "wifi-off", 48, "warn")
        self._stale.setAccessibleName(self.t("kiosk.stale"))
        if self.easy:
            self._easy_header(mall, top)
        elif self.portrait:
            self._upright_header(mall, top)
        else:
            self._clock = self.words("", 474, top + 56, 150, 60, 46, 700, number=True, align=RIGHT)
            first, second = self._who(mall)
            self.words(first, 172, top, 460, 60, 46, 600)
            self.words(second, 172, top + 56, 296, 60, colour="ink_soft")
            self.put(self._stale, 628, top + 62, 48, 48)

    def _who(self, mall: Mall) -> tuple[str, str]:
        """The two lines beside the emblem: the mall, or that staff are at work here."""
        if self.scene.helping:
            return self.t("staff.helper_mode"), self.t("staff.helper_mode_text")
        return mall_kind(mall), mall.city

    def _upright_header(self, mall: Mall, top: float) -> None:
        assert self._stale is not None
        day = self._day()
        left = 560 if len(day) > LONG_DAY else 752
        self._clock = self.words("", 832, top - 6, 200, 68, 62, 700, number=True, align=RIGHT)
        first, second = self._who(mall)
        self.words(first, 172, top, 560, 60, 50, 600)
        self.words(second, 172, top + 56, 360 if left < 752 else 560, 60, colour="ink_soft")
        self.words(day, left, top + 56, 1032 - left, 60, colour="ink_soft", align=RIGHT)
        self.put(self._stale, 752, top, 60, 60)

    def _easy_header(self, mall: Mall, top: float) -> None:
        assert self._stale is not None
        short = self.t("staff.helper_mode") if self.scene.helping else mall.short
        if self.portrait:
            self.words(short, 176, top, 560, 112, 62, 700)
            self._clock = self.words("", 812, top, 220, 112, 72, 700, number=True, align=RIGHT)
            self.put(self._stale, 744, top + 28, 56, 56)
        else:
            lines = (
                2 if self.scene.helping else 1
            )  # two lines say that staff are at work; then the clock waits
            self.words(short, 176, top - 12, 448, 72 * lines, 62, 700)
            if lines == 1:
                self._clock = self.words("", 176, top + 58, 220, 72, 62, 700, number=True)
            self.put(self._stale, 604 if lines == 2 else 420, top + 68, 56, 56)

    def _footer(self) -> None:
        band = self.foot
        self.put(Panel(self.style_, "sunken", 0), *band)
        if self.portrait and self.easy:
            places, y, tall = ((36, 324), (378, 324), (720, 324)), 1660.0, 240.0
        elif self.portrait:
            places, y, tall = ((48, 312), (384, 312), (720, 312)), 1736.0, 144.0
        else:
            places, y, tall = ((48, 576), (680, 584), (1288, 584)), band.y + 22, band.height - 48
        if self.has_back:
            self._foot_key("back", "arrow-left", places[0], y, tall).clicked.connect(self.go_back)
        elif self.scene.voice:
            self._foot_key("listen", "volume", places[0], y, tall).clicked.connect(self.read_called)
        self._foot_key("display", "accessible", places[1], y, tall).clicked.connect(self.display_help_called)
        self._help = self._foot_key("help", "user-question", places[2], y, tall, "help")
        self._help.clicked.connect(self.help_called)

    def go_back(self) -> None:
        """The visitor wants to be where they were before."""
        self.went_back.emit()

    def _foot_key(
        self, name: str, icon: str, place: tuple[int, int], y: float, tall: float, kind: str = "plain"
    ) -> Key:
        stacked = self.easy and self.portrait
        size = 64 if self.easy else 58
        key = Key(
            self.style_, self.t(f"kiosk.{name}"), icon=icon, icon_size=size, size=self.style_.smallest,
            weight=600, kind=kind, stacked=stacked, name=name,
        )  # fmt: skip
        self.put(key, place[0], y, place[1], tall)
        return key


def mall_kind(mall: Mall) -> str:
    """The mall's name without its city."""
    return mall.name.removesuffix(mall.city).strip() or mall.name
