"""The service card in easy mode: a few things at a time, then the key that takes a number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from antrean.domain.catalogue import Service
from antrean.texts.formats import clock, wait_range
from kiosk.screens.facts import requirement_rows
from kiosk.screens.lists import opens_words
from kiosk.screens.screen import MIDDLE, RIGHT, TOP, Area, Screen
from kiosk.screens.standings import Standings
from kiosk.widgets.key import Key
from kiosk.widgets.panel import Icon, Panel, Rule
from kiosk.widgets.words import LEADING, Words, lines_of

BIG, SMALL = 66, 62
LEAD, AIR, LEAST = 184, 28, 160
"""Drawn pixels: words begin there, over and below them, the lowest row."""


@dataclass(frozen=True)
class Fact:
    """One row: a picture, a soft label above or "", what counts, and a note below or ""."""

    icon: str
    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Step:
    """One page: its heading and its rows."""

    heading: str
    facts: tuple[Fact, ...]


class Steps:
    """Lays the steps of a service on a screen, one at a time; `take` and `checklist` are called for their keys."""

    def __init__(
        self,
        screen: Screen,
        service: Service,
        standings: Standings,
        take: Callable[[], object],
        checklist: Callable[[], object],
    ) -> None:
        self._screen, self._service, self._standings = screen, service, standings
        self._take, self._checklist = take, checklist
        self._parts: list[QWidget] = []
        self._at = 0
        if screen.portrait:
            self._head, self._keys_at = Area(48, 172, 984, 196), Area(48, 1438, 984, 170)
            self._body, self._last = Area(48, 386, 984, 1030), Area(48, 386, 984, 860)
        else:
            self._head, self._keys_at = Area(48, 196, 576, 320), Area(48, 700, 576, 152)
            self._body = self._last = Area(680, 32, 1192, 820)
        self._steps = self._plan()
        self._lay()

    def back(self) -> bool:
        """One step back; whether there was one."""
        if self._at == 0:
            return False
        self._turn(-1)
        return True

    def renew(self) -> None:
        """Lay the step with the key anew, as the service stands now; the others say nothing of it."""
        if self._at == len(self._steps) - 1:
            self._lay()

    # --- what each step says

    def _plan(self) -> list[Step]:
        t, scene = self._screen.t, self._screen.scene
        needed = [Fact(*row[:1], "", *row[1:]) for row in requirement_rows(scene, self._service)]
        pages = _pages(needed, self._height, self._body.height)
        steps = [Step(t("kiosk.what_to_bring"), tuple(page)) for page in pages]
        pages = _pages(self._facts(), self._height, self._last.height)
        return [*steps, *(Step(t("kiosk.cost_and_time"), tuple(page)) for page in pages)]

    def _facts(self) -> list[Fact]:
        t, scene, service = self._screen.t, self._screen.scene, self._service
        view = self._standings.of(service.code)
        wait = wait_range(*view.wait, scene.language) if view.wait else t("kiosk.wait_unknown")
        return [
            Fact("cash", t("kiosk.cost"), scene.own(service.cost)),
            Fact("calendar-check", t("kiosk.ready_in"), scene.own(service.time)),
            Fact("clock", t("kiosk.expected_wait"), wait),
            Fact("certificate", t("kiosk.product"), scene.own(service.product)),
        ]

    def _lines(self, text: str, size: float, weight: int) -> int:
        style = self._screen.style_
        return len(lines_of(style.font(size, weight), text, style.px(self._body.width - LEAD - 32)))

    def _heights(self, fact: Fact) -> tuple[float, float, float]:
        label = SMALL * LEADING if fact.label else 0
        value = self._lines(fact.value, BIG, 700) * BIG * LEADING
        note = self._lines(fact.note, SMALL, 500) * SMALL * LEADING if fact.note else 0
        return label, value, note

    def _height(self, fact: Fact) -> float:
        return max(sum(self._heights(fact)) + AIR, LEAST)

    # --- how it is laid

    def _put(self, widget: QWidget, x: float, y: float, width: float, height: float) -> None:
        self._screen.put(widget, x, y, width, height)
        self._parts.append(widget)

    def _words(
        self,
        text: str,
        area: Area,
        size: float,
        weight: int,
        colour: str = "ink",
        valign: Qt.AlignmentFlag = MIDDLE,
    ) -> None:
        words = Words(self._screen.style_, text, size, weight, colour=colour, valign=valign)
        self._put(words, *area)

    def _lay(self) -> None:
        for part in self._parts:
            part.hide()
            part.deleteLater()
        self._parts = []
        step, last = self._steps[self._at], self._at == len(self._steps) - 1
        self._heading(step)
        self._rows(step.facts, self._last if last else self._body)
        if last:
            self._end()
        else:
            self._next()
        for part in self._parts:
            part.show()

    def _heading(self, step: Step) -> None:
        screen, (x, y, width, height) = self._screen, self._head
        name = screen.scene.own(self._service.short)
        where = screen.t("kiosk.page_of", page=self._at + 1, pages=len(self._steps))
        if screen.portrait:
            self._words(name, Area(x, y, width, 104), 84, 800)
            self._words(step.heading, Area(x, y + 108, width - 160, 84), 62, 500, "ink_soft")
            count = Words(screen.style_, f"{self._at + 1}/{len(self._steps)}", 62, 700, align=RIGHT)
            count.setAccessibleName(where)
            self._put(count, x + width - 150, y + 108, 150, 84)
        else:
            self._words(name, Area(x, y, width, height - 160), 72, 800, valign=TOP)
            short = f"{step.heading} {self._at + 1}/{len(self._steps)}"
            words = Words(screen.style_, short, 62, 500, colour="ink_soft")
            words.setAccessibleName(f"{step.heading}. {where}")
            self._put(words, x, y + height - 156, width, 150)

    def _rows(self, facts: Sequence[Fact], area: Area) -> None:
        style, (x, y, width, height) = self._screen.style_, area
        heights = [self._height(fact) for fact in facts]
        spare = min((height - sum(heights)) / len(facts), 40)
        self._put(Panel(style), x, y, width, sum(heights) + spare * len(facts))
        for at, fact in enumerate(facts):
            tall = heights[at] + spare
            if at:
                self._put(Rule(style), x + 40, y - 1, width - 80, 2)
            self._put(Icon(style, fact.icon, 120), x + 24, y, 136, tall)
            label, value, note = self._heights(fact)
            top, left, room = y + (tall - label - value - note) / 2, x + LEAD, width - LEAD - 28
            if label:
                self._words(fact.label, Area(left, top, room, label), SMALL, 500, "ink_soft")
            self._words(fact.value, Area(left, top + label, room, value), BIG, 700)
            if note:
                self._words(fact.note, Area(left, top + label + value, room, note), SMALL, 500, "ink_soft")
            y += tall

    def _key(self, key: Key, area: Area, pressed: Callable[[], object]) -> None:
        key.clicked.connect(lambda: pressed())
        self._put(key, *area)

    def _next(self) -> None:
        text = self._screen.t("kiosk.page_after")
        key = Key(
            self._screen.style_, text, icon="arrow-right", kind="filled", size=72, icon_size=100, name="next"
        )
        self._key(key, self._keys_at, lambda: self._turn(1))

    def _end(self) -> None:
        """The key that takes a number, or why there is none; above it the checklist."""
        screen, style, t = self._screen, self._screen.style_, self._screen.t
        view = self._standings.of(self._service.code)
        x, y, width, height = self._keys_at
        if self._standings.ready(self._service.code):
            size = 72 if screen.portrait else 62
            take = Key(
                style,
                t("kiosk.easy_take"),
                icon="ticket",
                kind="filled",
                size=size,
                icon_size=100,
                name="take",
            )
            self._key(take, self._keys_at, self._take)
        else:
            self._put(Panel(style, "warn_wash"), *self._keys_at)
            why = t("kiosk.easy_full") if view.full else opens_words(screen.scene, view)
            if view.last_ms is not None and not view.full:
                zone = screen.scene.mall.timezone
                why = t("kiosk.last_number_at", clock=clock(view.last_ms, zone, t.language))
            self._words(why, Area(x + 28, y + 6, width - 48, height - 12), 62, 700, "warn")
        listing = Key(
            style, t("kiosk.print_checklist"), icon="printer", size=62, icon_size=80, name="checklist"
        )
        tall = 148
        self._key(listing, Area(x, y - tall - 20, width, tall), self._checklist)

    def _turn(self, by: int) -> None:
        self._at = min(max(self._at + by, 0), len(self._steps) - 1)
        self._lay()


def _pages(facts: Sequence[Fact], height: Callable[[Fact], float], room: float) -> list[list[Fact]]:
    """As many rows a page as fit."""
    pages: list[list[Fact]] = [[]]
    used = 0.0
    for fact in facts:
        tall = height(fact)
        if pages[-1] and used + tall > room:
            pages.append([])
            used = 0.0
        pages[-1].append(fact)
        used += tall
    return pages
