"""Somebody has booked: where to hold the QR code, and a pad for the short code, which tells a wrong letter at once."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from antrean.domain.booking_code import ALPHABET, is_code, shown_code
from kiosk.checking_in import wrong_letter
from kiosk.screens.screen import Area, Scene, Screen
from kiosk.widgets.key import Key
from kiosk.widgets.pad import Pad
from kiosk.widgets.panel import Icon, Panel
from kiosk.widgets.scan_picture import ScanPicture
from kiosk.widgets.words import LEADING, Words, lines_of

LONGEST = 24
ALL_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""For codes that somebody else made; ours have no 0, 1, I, L or O, which people confuse."""
GAP = 16


@dataclass(frozen=True)
class Plan:
    """Where the parts lie; a part without a place does not show on this page.

    `columns` are the keys in a row of the pad; without a place for the key that goes on, the pad has one of its own.
    """

    title: Area
    title_size: float
    picture: Area | None = None
    how: Area | None = None
    to_pad: Area | None = None
    field: Area | None = None
    hint: Area | None = None
    pad: Area | None = None
    columns: int = 8
    go: Area | None = None


class CheckIn(Screen):
    """The scanner's picture and the pad; says `entered` with the code. `typed_on` says what is typed so far.

    In easy mode the picture comes first and the pad after a touch.
    """

    entered = Signal(str)
    typed_on = Signal(str)

    def __init__(self, scene: Scene, typed: str = "") -> None:
        super().__init__(scene)
        self.frame()
        self.typed = typed
        self._letters = ALL_LETTERS if scene.desk.foreign_codes() else ALPHABET
        self._parts: list[QWidget] = []
        self._field: Words | None = None
        self._asked: Words | None = None
        self._hint: Words | None = None
        self._plan = Plan(Area(0, 0, 0, 0), 0)
        self._pages = pages_of(self, len(self._letters))
        self._turn(len(self._pages) - 1 if typed else 0)

    def go_back(self) -> None:
        """From the pad to the picture, where they do not come together; else off the screen."""
        if self._plan is not self._pages[0]:
            self._turn(0)
        else:
            super().go_back()

    def type(self, char: str) -> None:
        """Take one press of the pad."""
        if char == ">":
            self._enter()
            return
        self.typed = self.typed[:-1] if char == "<" else (self.typed + char)[:LONGEST]
        self.typed_on.emit(self.typed)
        self._show_typed()

    def _enter(self) -> None:
        if is_code(self.typed):
            self.entered.emit(self.typed)
        elif self._hint is not None:
            self._hint.say(self.t("kiosk.code_too_short"))

    # --- how it is laid

    def _turn(self, page: int) -> None:
        for part in self._parts:
            part.hide()
            part.deleteLater()
        self._parts, self._field, self._asked, self._hint = [], None, None, None
        self._plan = plan = self._pages[page]
        t = self.t
        self._say(t("kiosk.booking_question"), plan.title, plan.title_size, 800)
        if plan.picture is not None:
            self._keep(Panel(self.style_), plan.picture)
            self._scan(plan.picture, plan.how)
        if plan.to_pad is not None:
            key = Key(
                self.style_,
                t("kiosk.type_code"),
                icon="keyboard",
                kind="filled",
                size=64,
                icon_size=92,
                name="next",
            )
            key.clicked.connect(lambda: self._turn(1))
            self._keep(key, plan.to_pad)
        if plan.field is not None:
            self._keep(Panel(self.style_, "surface", 16), plan.field)
            x, y, width, height = plan.field
            self._keep(Icon(self.style_, "qrcode", 60), Area(x + 24, y, 72, height))
            room = Area(x + 112, y, width - 128, height)
            self._asked = self._say("", room, self._soft, 500, soft=True)
            self._field = self._say("", room, 68, 800, number=True)
            self._field.setObjectName("typed")
        if plan.hint is not None:
            self._hint = self._say("", plan.hint, self._soft, 600, warns=True)
            self._hint.setObjectName("hint")
        if plan.pad is not None:
            self._lay_pad(plan, plan.pad)
        if plan.go is not None:
            size = 66 if self.easy else 58
            go = Key(
                self.style_, t("kiosk.code_done"), icon="arrow-right", kind="filled", size=size, icon_size=84,
                centred=plan.go.width > plan.go.height * 3, name="code:go",
            )  # fmt: skip
            go.clicked.connect(self._enter)
            self._keep(go, plan.go)
        self._show_typed()
        for part in self._parts:
            part.show()

    @property
    def _soft(self) -> float:
        return 62 if self.easy else 48

    def _scan(self, area: Area, how: Area | None) -> None:
        """The picture with its sentence beside or below it."""
        t, words = self.t, how or area
        beside = words.x > area.x + area.width / 8
        wide = words.x - area.x - 24 if beside else area.width - 48
        high = area.height - 32 if beside or how is None else words.y - area.y - 24
        self._keep(ScanPicture(self.style_), Area(area.x + 24, area.y + 16, wide, high))
        big, soft = 76 if self.easy else 64, self._soft + 4
        font, width = self.style_.font, self.style_.px(words.width)
        head = len(lines_of(font(big, 800), t("kiosk.scan_booking"), width)) * big * LEADING + 8
        rest = len(lines_of(font(soft, 500), t("kiosk.scan_booking_how"), width)) * soft * LEADING + 8
        y = words.y + max(words.height - head - rest, 0) / 2
        self._say(t("kiosk.scan_booking"), words._replace(y=y, height=head), big, 800)
        self._say(t("kiosk.scan_booking_how"), words._replace(y=y + head, height=rest), soft, 500, soft=True)

    def _lay_pad(self, plan: Plan, area: Area) -> None:
        keys = self._letters + ("<" if plan.go is not None else "<>")
        rows = [keys[at : at + plan.columns] for at in range(0, len(keys), plan.columns)]
        names = {"<": self.t("kiosk.delete"), ">": self.t("kiosk.code_done")}
        pad = Pad(self.style_, rows, area.width, area.height, names)
        pad.pressed.connect(self.type)
        self._keep(pad, area)

    def _keep(self, widget: QWidget, area: Area) -> None:
        self.put(widget, *area)
        self._parts.append(widget)

    def _say(
        self,
        text: str,
        area: Area,
        size: float,
        weight: int,
        *,
        number: bool = False,
        soft: bool = False,
        warns: bool = False,
    ) -> Words:
        words = self.words(
            text,
            *area,
            size,
            weight,
            number=number,
            colour="ink_soft" if soft else "warn" if warns else "ink",
        )
        self._parts.append(words)
        return words

    def _show_typed(self) -> None:
        """What is typed, or what to type; a wrong letter is told as soon as the last one is there."""
        if self._field is not None:
            shown = shown_code(self.typed)
            self._field.say(shown)
            while self._field.clipped:  # the end of a long code, which the finger is at
                shown = "…" + shown.lstrip("…")[1:]
                self._field.say(shown)
            self._field.setAccessibleName(shown_code(self.typed))
        if self._asked is not None:
            self._asked.say("" if self.typed else self.t("kiosk.code_hint"))
        if self._hint is not None:
            self._hint.say(self.t("kiosk.code_wrong") if wrong_letter(self.typed) else "")


def pages_of(screen: Screen, letters: int) -> tuple[Plan, ...]:
    """The pages for a screen's orientation and mode; the last one has the pad for so many letters."""
    end = screen.foot.y - GAP
    if screen.portrait:
        return _easy_upright(screen, letters, end) if screen.easy else (_upright(end),)
    if screen.reach:
        return (_lying_reach(screen, letters, end),)
    return _easy_lying(letters, end) if screen.easy else (_lying(letters, end),)


def _upright(end: float) -> Plan:
    """The keys all lie below 1040, so that it serves in reach mode too."""
    go = Area(48, end - 140, 984, 140)
    pad = Area(48, go.y - GAP - 500, 984, 500)
    field = Area(48, pad.y - GAP - 64 - 124, 984, 120)
    picture = Area(48, 296, 984, field.y - GAP - 296)
    return Plan(
        Area(48, 176, 984, 110), 84, picture, Area(picture.x + 440, picture.y + 40, 520, picture.height - 60),
        None, field, Area(48, field.bottom + 4, 984, 64), pad, 8, go,
    )  # fmt: skip


def _easy_upright(screen: Screen, letters: int, end: float) -> tuple[Plan, ...]:
    to_pad = Area(48, end - 176, 984, 176)
    picture = Area(48, 296, 984, to_pad.y - 24 - 296)
    first = Plan(
        Area(48, 172, 984, 116), 92, picture, Area(picture.x + 40, picture.bottom - 400, 904, 380), to_pad
    )
    columns, title = 7, Area(48, 172, 984, 116)
    rows = -(-(letters + 1) // columns)
    tall = rows * 126 - 14
    own_go = not screen.reach or end - tall - GAP - 140 >= screen.low
    if not own_go:
        tall = -(-(letters + 2) // columns) * 126 - 14
    go = Area(48, end - 140, 984, 140) if own_go else None
    pad = Area(48, (go.y - GAP if go is not None else end) - tall, 984, tall)
    field = Area(48, pad.y - GAP - 150 - 132, 984, 132)
    return first, Plan(
        title, 92, None, None, None, field, Area(48, field.bottom + 2, 984, 146), pad, columns, go
    )


def _lying(letters: int, end: float) -> Plan:
    picture = Area(48, 290, 576, end - 290)
    columns = 11 if letters < 36 else 10
    go = Area(680, end - 132, 1192, 132)
    field = Area(680, 36, 1192, 120)
    pad = Area(680, 226, 1192, go.y - GAP - 226)
    return Plan(
        Area(48, 172, 576, 116), 68, picture, Area(72, picture.bottom - 290, 528, 280), None, field,
        Area(680, 158, 1192, 64), pad, columns, go,
    )  # fmt: skip


def _easy_lying(letters: int, end: float) -> tuple[Plan, ...]:
    title = Area(48, 176, 576, 170)
    picture = Area(680, 32, 1192, end - 32)
    first = Plan(title, 84, picture, Area(1180, 120, 670, end - 200), Area(48, end - 176, 576, 176))
    field = Area(48, 352, 576, 132)
    return first, Plan(
        title, 84, None, None, None, field, Area(48, 492, 576, 200), Area(680, 32, 1192, end - 32), 7,
        Area(48, end - 152, 576, 152),
    )  # fmt: skip


def _lying_reach(screen: Screen, letters: int, end: float) -> Plan:
    """All keys in three rows over the whole width, the way on among them."""
    key = 112 if screen.easy else 100
    tall = max(end - screen.low, 3 * (key + 14) - 14)
    pad = Area(48, end - tall, 1824, tall)
    field = Area(680, pad.y - GAP - 124, 1192, 120)
    picture = Area(680, 24, 1192, field.y - GAP - 24)
    return Plan(
        Area(48, 172, 576, 110), 68, picture, Area(picture.x + 260, picture.y, 916, picture.height), None, field,
        Area(48, 290, 600, pad.y - GAP - 290), pad, -(-(letters + 2) // 3),
    )  # fmt: skip
