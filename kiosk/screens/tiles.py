"""Tiles in a grid: as many as the place holds, and one more tile to the next ones when it does not hold all."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QObject, Signal

from kiosk.screens.screen import Area, Screen
from kiosk.widgets.key import FOOT, Key

MORE = "page:after"
"""The object name of the tile that leads to the next ones."""

SMALL_PICTURE = 56
WIDE = 900
"""A tile this wide, in drawn pixels, holds a whole sentence."""


@dataclass(frozen=True)
class Row:
    """One tile: `name` is its object's, whose part after the colon is said when it is chosen.

    `brief` stands for `support` where the tile is narrow.
    """

    name: str
    icon: str
    title: str
    support: str = ""
    brief: str = ""
    quiet: bool = False
    kind: str = "plain"


@dataclass(frozen=True)
class Grid:
    """Where tiles lie and how tall they may be, in drawn pixels; `words` is the size of their words."""

    area: Area
    columns: int
    least: float
    most: float
    gap: float = 16
    words: float = 54

    @property
    def rows(self) -> int:
        """How many rows fit."""
        return int((self.area.height + self.gap) // (self.least + self.gap))

    @property
    def capacity(self) -> int:
        """How many tiles fit."""
        return self.rows * self.columns

    def per_page(self, count: int) -> int:
        """How many of `count` things a page shows."""
        return count if count <= self.capacity else self.capacity - 1

    def pages(self, count: int) -> int:
        """On how many pages `count` things come, at least one."""
        return max(ceil(count / max(self.per_page(count), 1)), 1)

    def place(self, at: int, count: int) -> Area:
        """Where the tile number `at` of a page lies when there are `count` things in all."""
        rows = self.rows if count > self.capacity else max(ceil(count / self.columns), 1)
        tall = min(self.most, (self.area.height - self.gap * (rows - 1)) / rows)
        wide = (self.area.width - self.gap * (self.columns - 1)) / self.columns
        column, row = at % self.columns, at // self.columns
        return Area(
            self.area.x + column * (wide + self.gap), self.area.y + row * (tall + self.gap), wide, tall
        )


class Tiles(QObject):
    """The tiles of `rows` on a screen; says `chosen` with what a row's name has after its colon, `named` with all."""

    chosen = Signal(str)
    named = Signal(str)

    def __init__(self, screen: Screen, grid: Grid, rows: Sequence[Row], page: int = 0) -> None:
        super().__init__(screen)
        self._screen, self._grid, self._rows = screen, grid, tuple(rows)
        self.page = min(max(page, 0), self.pages - 1)
        self._keys: list[Key] = []
        self._turning: list[Key] = []
        self._fill()

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return self._grid.pages(len(self._rows))

    def turn(self) -> None:
        """Show the next ones; after the last the first."""
        self.page = (self.page + 1) % self.pages
        self._fill()
        for key in (*self._keys, *self._turning):
            key.show()

    def _say(self, name: str) -> None:
        self.named.emit(name)
        self.chosen.emit(name.partition(":")[2])

    def restate(self, rows: Sequence[Row]) -> None:
        """The same things stand otherwise now: their tiles say so and stay where they are, also under a finger."""
        self._rows = tuple(rows)
        self._state()

    def _fill(self) -> None:
        self._clear()
        self._keys = [self._tile(row, at) for at, row in enumerate(self._shown)]
        if not self._state():
            self._clear()
            self._keys = [self._tile(row, at, SMALL_PICTURE) for at, row in enumerate(self._shown)]
        if self.pages > 1:
            self._turning = [self._more()]

    @property
    def _shown(self) -> tuple[Row, ...]:
        """The rows of this page."""
        each = self._grid.per_page(len(self._rows))
        return self._rows[self.page * each : (self.page + 1) * each]

    def _state(self) -> bool:
        """Say how things stand, on all tiles of the page or, names first, on none; whether the names fit."""
        for stated in (True, False):
            for key, row in zip(self._keys, self._shown, strict=True):
                key.say(row.title, self._support(row) if stated else "")
                key.become(_kind(row))
            if not any(key.clipped for key in self._keys):
                return True
        return False

    def _clear(self) -> None:
        for key in (*self._keys, *self._turning):
            key.hide()
            key.deleteLater()
        self._keys, self._turning = [], []

    def _support(self, row: Row) -> str:
        wide = self._grid.place(0, len(self._rows)).width >= WIDE and not self._screen.easy
        return row.support if wide else row.brief or row.support

    def _tile(self, row: Row, at: int, picture: float = 0) -> Key:
        place = self._grid.place(at, len(self._rows))
        key = Key(
            self._screen.style_,
            row.title,
            icon=row.icon,
            kind=_kind(row),
            size=self._grid.words,
            weight=700,
            icon_size=picture or self._icon_size(place),
            name=row.name,
        )
        key.clicked.connect(lambda _=False, name=row.name: self._say(name))
        self._screen.put(key, *place)
        return key

    def _more(self) -> Key:
        t = self._screen.t
        place = self._grid.place(self._grid.capacity - 1, len(self._rows))
        where = t("kiosk.page_of", page=self.page + 1, pages=self.pages)
        key = Key(
            self._screen.style_,
            t("kiosk.more_choices"),
            icon="layout-grid",
            support=where,
            kind="quiet",
            size=self._grid.words,
            weight=700,
            icon_size=self._icon_size(place),
            name=MORE,
        )
        key.clicked.connect(self.turn)
        self._screen.put(key, *place)
        return key

    def _icon_size(self, place: Area) -> float:
        """The picture: as large as the tile allows, small enough to leave room for the words."""
        inside = place.height - FOOT
        if place.width >= WIDE:
            return min(176, inside - 40)
        return min(120 if self._grid.words > 58 else 88 if self._grid.words > 51 else 72, inside - 28)


def _kind(row: Row) -> str:
    return "off" if row.quiet else row.kind
