"""Lists that are paged, never scrolled: services of a need, agencies behind "other services", what was found."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal

from antrean.domain.catalogue import Service
from antrean.texts.formats import clock, day_long, wait_range, weekday
from kiosk.desk import ServiceView
from kiosk.screens.screen import CENTRE, Scene, Screen
from kiosk.widgets.key import Key
from kiosk.widgets.words import Words

OTHER_NEED = "lain"
"""The need whose services are shown agency by agency."""

NEAR_MS = 6 * 24 * 3600 * 1000
"""Within six days a weekday's name is not ambiguous."""


@dataclass(frozen=True)
class Row:
    """One tile of a list."""

    name: str
    icon: str
    title: str
    support: str = ""
    quiet: bool = False


class PagedList(Screen):
    """Tiles in one column (portrait) or two (landscape), with keys for the page before and after."""

    row_chosen = Signal(str)

    def __init__(self, scene: Scene, title: str, hint: str, rows: Sequence[Row], page: int = 0) -> None:
        super().__init__(scene)
        self.frame()
        self._rows = tuple(rows)
        self._page = min(page, self.pages - 1)
        self._tiles: list[Key] = []
        width = 984 if self.portrait else 576
        self.words(title, 48, 192, width, 128 if self.portrait else 190, 84 if self.portrait else 72, 800)
        self.words(
            hint,
            48,
            322 if self.portrait else 386,
            width,
            64 if self.portrait else 130,
            50,
            500,
            colour="ink_soft",
        )
        self._where: Words = self.words("", 48, 0, 10, 10, align=CENTRE)
        self._pager()
        self._fill()

    @property
    def per_page(self) -> int:
        """How many tiles a page holds."""
        return 6 if self.portrait else 8

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(-(-len(self._rows) // self.per_page), 1)

    @property
    def page(self) -> int:
        """The page shown, from 0."""
        return self._page

    def _pager(self) -> None:
        if self.pages == 1:
            return
        style, t = self.style_, self.t
        before = Key(
            style,
            t("kiosk.page_before"),
            icon="chevron-left",
            size=46,
            weight=600,
            icon_size=56,
            name="page:before",
        )
        after = Key(
            style,
            t("kiosk.page_after"),
            icon="chevron-right",
            size=46,
            weight=600,
            icon_size=56,
            name="page:after",
            kind="quiet",
        )
        before.clicked.connect(lambda: self._turn(-1))
        after.clicked.connect(lambda: self._turn(1))
        if self.portrait:
            self.put(before, 48, 1540, 388, 136)
            self.put(after, 644, 1540, 388, 136)
            self.put(self._where, 448, 1540, 184, 128)
        else:
            self.put(before, 48, 604, 576, 120)
            self.put(after, 48, 744, 576, 120)
            self.put(self._where, 48, 524, 576, 64)
        self._before, self._after = before, after

    def _turn(self, by: int) -> None:
        self._page = min(max(self._page + by, 0), self.pages - 1)
        self._fill()

    def _fill(self) -> None:
        for tile in self._tiles:
            tile.hide()
            tile.deleteLater()
        self._tiles = []
        if self.pages > 1:
            self._before.setVisible(self._page > 0)
            self._after.setVisible(self._page < self.pages - 1)
            self._where.say(self.t("kiosk.page_of", page=self._page + 1, pages=self.pages))
        first = self._page * self.per_page
        for at, row in enumerate(self._rows[first : first + self.per_page]):
            tile = Key(
                self.style_,
                row.title,
                icon=row.icon,
                support=row.support,
                kind="off" if row.quiet else "plain",
                size=54,
                weight=700,
                icon_size=96 if self.portrait else 80,
                name=row.name,
            )
            tile.clicked.connect(lambda _=False, name=row.name: self.row_chosen.emit(name.partition(":")[2]))
            if self.portrait:
                self.put(tile, 48, 404 + at * 188, 984, 172)
            else:
                self.put(tile, 680 + at % 2 * 604, 32 + at // 2 * 214, 588, 200)
            self._tiles.append(tile)


def service_row(scene: Scene, service: Service) -> Row:
    """A service's tile: its name and how it stands now."""
    view = scene.desk.view(service.code)
    return Row(
        f"service:{service.code}",
        service.icon,
        service.short.get(scene.language),
        standing(scene, view),
        quiet=not view.open or view.full,
    )


def standing(scene: Scene, view: ServiceView) -> str:
    """How a service stands, in one line: closed and until when, full, or who waits and how long.

    Half-width tiles of a lying screen hold only the shortest of it; the card says the rest.
    """
    t = scene.t
    if not scene.style.portrait:
        return _briefly(scene, view)
    if view.full:
        return t("kiosk.full_today")
    if not view.open:
        return closed_words(scene, view)
    waiting = t("kiosk.waiting_people", n=view.waiting) if view.waiting is not None else ""
    wait = wait_range(*view.wait, scene.language) if view.wait else ""
    return " · ".join(part for part in (waiting, wait) if part) or t("kiosk.open_now")


def _briefly(scene: Scene, view: ServiceView) -> str:
    t = scene.t
    if view.full:
        return t("kiosk.full_brief")
    if not view.open:
        if view.opens_ms is None or view.opens_ms - scene.desk.now_ms() > NEAR_MS:
            return t("kiosk.closed")
        when = clock(view.opens_ms, scene.mall.timezone, scene.language)
        day = weekday(view.opens_ms, scene.mall.timezone, scene.language)
        short = day[:3] if scene.language == "en" else day  # the long English names do not fit beside "Opens"
        return t("kiosk.opens_brief", day=short, clock=when)
    if view.wait:
        return wait_range(*view.wait, scene.language)
    return t("kiosk.open_now") if view.waiting is None else t("kiosk.people", n=view.waiting)


def closed_words(scene: Scene, view: ServiceView) -> str:
    """Why it is closed and when it opens."""
    t, timezone, language = scene.t, scene.mall.timezone, scene.language
    if view.opens_ms is None:
        return t("kiosk.closed")
    now = scene.desk.now_ms()
    when = clock(view.opens_ms, timezone, language)
    opens, today = day_long(view.opens_ms, timezone, language), day_long(now, timezone, language)
    if opens == today:
        when = t("kiosk.when_today", clock=when)
    else:
        near = view.opens_ms - now < NEAR_MS
        day = (
            weekday(view.opens_ms, timezone, language) if near else opens.partition(", ")[2].rsplit(" ", 1)[0]
        )
        when = t("kiosk.when_day", day=day, clock=when)
    key = f"kiosk.closed_{view.reason}"
    return t(key, when=when) if t.has(key) else t("kiosk.closed")


def services_of_need(scene: Scene, need: str, page: int = 0) -> PagedList:
    """The list of a need's services, the common ones first."""
    found = sorted(
        (s for s in scene.mall.services.values() if s.need == need), key=lambda service: not service.common
    )
    title = scene.mall.needs[need].name.get(scene.language)
    return PagedList(
        scene,
        title,
        scene.t("kiosk.choose_service"),
        [service_row(scene, service) for service in found],
        page,
    )


def agencies_of_need(scene: Scene, need: str, page: int = 0) -> PagedList:
    """The agencies that offer services of a need."""
    codes = {service.agency: 0 for service in scene.mall.services.values() if service.need == need}
    for service in scene.mall.services.values():
        if service.need == need:
            codes[service.agency] += 1
    agencies = [scene.mall.agencies[code] for code in scene.mall.agencies if code in codes]
    rows = [
        Row(
            f"agency:{agency.code}",
            agency.icon,
            agency.short,
            scene.t("kiosk.services_count", n=codes[agency.code]),
        )
        for agency in agencies
    ]
    title = scene.mall.needs[need].name.get(scene.language)
    return PagedList(scene, title, scene.t("kiosk.choose_agency"), rows, page)


def services_of_agency(scene: Scene, agency: str, need: str, page: int = 0) -> PagedList:
    """The services of one agency behind "other services"."""
    found = [s for s in scene.mall.services.values() if s.agency == agency and s.need == need]
    rows = [service_row(scene, service) for service in found]
    return PagedList(scene, scene.mall.agencies[agency].short, scene.t("kiosk.choose_service"), rows, page)
