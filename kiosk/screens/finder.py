"""Find a service by everyday words: a large letter pad, and suggestions after each letter."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QWidget

from antrean.domain.catalogue import Service
from kiosk.desk import HelpState
from kiosk.screens.lists import agency_row, service_row
from kiosk.screens.screen import LEFT, TOP, Area, Scene, Screen
from kiosk.screens.tiles import WIDE, Row
from kiosk.widgets.key import Key
from kiosk.widgets.measure import EASY_KEY
from kiosk.widgets.pad import FLAT_LETTERS, LARGE_LETTERS, LETTERS, Pad
from kiosk.widgets.panel import Icon, Panel
from kiosk.widgets.words import lines_of

if TYPE_CHECKING:
    from antrean.finder import Answer, Finder

LONGEST = 48
"""Letters typed at most; a long sentence finds no better than its three telling words."""
GAP = 16
LINE = 1.2
"""Height of a line in units of its size."""
NARROW = 560
"""Tiles below this width keep all their room for words."""
GUESSES = 2
GUESS, EASY_GUESS = 140, 170
"""The least height of a guess."""
_HELP = {HelpState.NONE: "help", HelpState.ASKED: "help_asked", HelpState.ACCEPTED: "help_accepted"}


@dataclass(frozen=True)
class Plan:
    """Where the parts lie: title, field, suggestions (how many, and the tallest), pad and its rows."""

    title: Area
    field: Area
    found: Area
    most: int
    tallest: float
    pad: Area
    rows: tuple[str, ...]


class FinderScreen(Screen):
    """The letter pad and the best suggestions; says `row_chosen` or `agency_chosen` with a code.

    `typed_on` says what is typed after each letter, so that a screen built anew can begin with it.
    """

    row_chosen = Signal(str)
    agency_chosen = Signal(str)
    typed_on = Signal(str)

    def __init__(self, scene: Scene, finder: "Finder | None" = None, typed: str = "") -> None:
        super().__init__(scene)
        self.frame()
        self.typed = typed
        if finder is None:
            from antrean.finder import Finder  # not at the start: it would keep the first picture waiting

            finder = Finder(scene.mall)
        self._finder = finder
        self._found: list[QWidget] = []
        self._call: Key | None = None
        self._plan = plan = plan_of(self)
        self.words(self.t("kiosk.find_service"), *plan.title, 92 if self.easy else 76, 800)
        self.put(Panel(self.style_, "surface", 16), *plan.field)
        self.put(Icon(self.style_, "zoom", 60, "accent"), plan.field.x + 28, _middle(plan.field, 60), 60, 60)
        self._caret = Panel(self.style_, "accent", 2)
        self.put(self._caret, 0, 0, 5, 68)
        self._field = self.words("", *self._field_room(), self._field_size, 700)
        self._field.setObjectName("typed")
        names = {"_": self.t("kiosk.space"), "<": self.t("kiosk.delete")}
        pad = Pad(self.style_, plan.rows, plan.pad.width, plan.pad.height, names)
        pad.pressed.connect(self.type)
        self.put(pad, *plan.pad)
        self._suggest()

    @property
    def _field_size(self) -> float:
        return 68 if self.easy else 60

    def _field_room(self) -> Area:
        field = self._plan.field
        return Area(field.x + 108, field.y + 6, field.width - 140, field.height - 12)

    def type(self, char: str) -> None:
        """Take one press of the pad."""
        if char == "<":
            self.typed = self.typed[:-1]
        elif len(self.typed) < LONGEST:
            self.typed = (self.typed + char).lstrip()
        self.typed_on.emit(self.typed)
        self._suggest()

    def tick(self) -> None:
        """Besides what every screen shows: whether the help called from here is coming."""
        super().tick()
        if self._call is not None:
            state = self.desk.help_state()
            self._call.say(self.t(f"kiosk.{_HELP[state]}"))
            self._call.become("filled" if state is HelpState.NONE else "quiet")

    def _suggest(self) -> None:
        self._show_typed()
        for old in self._found:
            old.hide()
            old.deleteLater()
        self._found, self._call = [], None
        plan = self._plan
        answers = self._finder.find(self.typed, plan.most)
        tall = min(plan.tallest, (plan.found.height - GAP * (plan.most - 1)) / plan.most)
        for at, answer in enumerate(answers):
            place = Area(plan.found.x, plan.found.y + at * (tall + GAP), plan.found.width, tall)
            self._found.append(self._tile(answer, place))
        if not answers and self.typed.strip():
            self._nothing()
        elif not answers:
            hint = self.t("kiosk.find_hint")
            place = plan.found._replace(height=plan.found.height + GAP)
            self._found.append(self.words(hint, *place, self._soft, colour="ink_soft", valign=TOP))
        for new in self._found:
            new.show()

    @property
    def _soft(self) -> float:
        return 62 if self.easy else 50

    def _show_typed(self) -> None:
        """The end of what was typed, as much as the field holds, and the caret behind it."""
        room, px = self._field_room(), self.style_.px
        metrics = QFontMetricsF(self.style_.font(self._field_size, 700))
        shown = self.typed
        while metrics.horizontalAdvance(shown) > px(room.width - 12):
            shown = "…" + shown.lstrip("…")[1:]
        self._field.say(shown)
        drawn = metrics.horizontalAdvance(shown) / self.style_.scale
        self.put(self._caret, room.x + drawn + 5, _middle(self._plan.field, 68), 5, 68)
        self._caret.show()

    def _tile(self, answer: "Answer", place: Area) -> Key:
        row = (
            service_row(self.scene, answer.of, self.desk.view(answer.of.code))
            if isinstance(answer.of, Service)
            else agency_row(self.scene, answer.of)
        )
        tile = self._key(row, place)
        supports = (row.support if place.width >= WIDE else row.brief or row.support, row.brief, "")
        for support in supports:
            tile.say(row.title, support)
            if not tile.clipped:
                break
        kind, _, code = row.name.partition(":")
        chosen = self.row_chosen if kind == "service" else self.agency_chosen
        tile.clicked.connect(lambda: chosen.emit(code))
        return tile

    def _key(self, row: Row, place: Area) -> Key:
        large = place.width >= WIDE
        key = Key(
            self.style_,
            row.title,
            icon=row.icon if place.width >= NARROW else "",
            size=64 if self.easy else 54,
            icon_size=88 if large else 72,
            kind="off" if row.quiet else "plain",
            name=row.name,
        )
        self.put(key, *place)
        return key

    def _lines(self, text: str, size: float, weight: int) -> int:
        return len(lines_of(self.style_.font(size, weight), text, self.style_.px(self._plan.found.width)))

    def _nothing(self) -> None:
        """What may have been meant, else honestly that nothing was found; and a person to ask."""
        found, line = self._plan.found, 84.0 if self.easy else 72.0
        guesses = self._finder.guess(self.typed, GUESSES) if found.height - line >= self._least else ()
        said = self.t("kiosk.find_guess" if guesses else "kiosk.find_not_yet")
        head = line * min(self._lines(said, self._soft + 6, 800), 2)
        self._found.append(self.words(said, found.x, found.y, found.width, head, self._soft + 6, 800))
        call = EASY_KEY if found.width >= WIDE or not self.easy else 172
        below = found._replace(y=found.y + head, height=found.height - head)
        above = below._replace(height=below.height - call - GAP)
        if not guesses:
            self._offer_help(found._replace(y=self._advised(above), height=call))
        elif above.height >= self._least:
            self._offer_help(found._replace(y=self._guessed(guesses, above), height=call))
        else:  # no room for both; the key at the foot of every screen calls as well
            self._guessed(guesses, below)

    @property
    def _least(self) -> float:
        return EASY_GUESS if self.easy else GUESS

    def _guessed(self, guesses: tuple["Answer", ...], room: Area) -> float:
        """As many guesses as fit, one at least; returns where the room below them begins."""
        most = max(min(len(guesses), int((room.height + GAP) // (self._least + GAP))), 1)
        tall = min(self._plan.tallest, (room.height - GAP * (most - 1)) / most)
        for at, answer in enumerate(guesses[:most]):
            self._found.append(self._tile(answer, room._replace(y=room.y + at * (tall + GAP), height=tall)))
        return room.y + most * (tall + GAP)

    def _advised(self, room: Area) -> float:
        """What else to try, unless there is room for no more than the key; returns where the room below begins."""
        more, size = self.t("kiosk.find_nothing"), self._soft - (not self.easy) * 2
        tall = self._lines(more, size, 500) * size * LINE + GAP
        if tall > room.height:
            return room.y
        place = room._replace(height=tall)
        self._found.append(self.words(more, *place, size, colour="ink_soft", align=LEFT, valign=TOP))
        return room.y + tall + GAP

    def _offer_help(self, place: Area) -> None:
        self._call = Key(
            self.style_,
            self.t("kiosk.help"),
            icon="user-question",
            size=self._soft + 4,
            icon_size=72,
            name="find:help",
        )
        self._call.clicked.connect(self.help_called)
        self.put(self._call, *place)
        self._found.append(self._call)
        self.tick()


def plan_of(screen: Screen) -> Plan:
    """How the parts lie for a screen's orientation, in easy mode and within reach."""
    end = screen.foot.y - GAP
    if screen.portrait:
        return _upright(screen, end)
    left, width = Area(48, 176, 576, 110), Area(680, 40, 1192, 110)
    if screen.reach:
        tall = max(end - screen.low, len(FLAT_LETTERS) * (EASY_KEY + 14) - 14 if screen.easy else 0)
        top, x = end - tall, 614 if screen.easy else 680
        return Plan(
            Area(48, top - 126, x - 104, 110), Area(x, top - 126, 1872 - x, 110),
            Area(48, top, x - 104, tall), 2, 172, Area(x, top, 1872 - x, tall), FLAT_LETTERS,
        )  # fmt: skip
    most = 2 if screen.easy else 3
    tallest = 240 if screen.easy else 172
    return Plan(
        left, width, Area(48, 300, 576, end - 300), most, tallest, Area(680, 170, 1192, end - 170), LETTERS
    )


def _upright(screen: Screen, end: float) -> Plan:
    easy, reach = screen.easy, screen.reach
    rows = LARGE_LETTERS if easy else LETTERS
    key = (EASY_KEY if reach else 140) if easy else (100 if reach else 138)
    tall = len(rows) * (key + 14) - 14
    pad = Area(48, end - tall, 984, tall)
    top = screen.low if reach else 184 + 124 + 116 + 2 * GAP if not easy else 172 + 124 + 132 + GAP
    field = 132 if easy else 116
    found = Area(48, top, 984, pad.y - GAP - 8 - top)
    return Plan(
        Area(48, top - field - GAP - 124, 984, 116), Area(48, top - field - GAP, 984, field),
        found, 1 if easy and reach else 2 if easy else 3, 200 if easy else 180, pad, rows,
    )  # fmt: skip


def _middle(area: Area, height: float) -> float:
    return area.y + (area.height - height) / 2
