"""Lists of services and agencies: all at once where they fit, never scrolled."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from antrean.domain.catalogue import Agency, Service
from antrean.texts.formats import clock, day_long, wait_range, weekday
from kiosk.desk import ServiceView
from kiosk.screens.screen import TOP, Area, Scene, Screen
from kiosk.screens.standings import Standings
from kiosk.screens.tiles import Grid, Row, Tiles

MOST_AT_ONCE = 15
"""A need with more services than fit a screen of either orientation is shown agency by agency."""

FEW, SOME = 6, 8
"""So many services have one column on an upright screen, and so many leave a lying one room for its heading."""

NEAR_MS = 6 * 24 * 3600 * 1000
"""Within six days a weekday's name is not ambiguous."""

EASY_WORDS = 68


class PagedList(Screen):
    """A heading and tiles; a tile more leads on when they do not fit."""

    row_chosen = Signal(str)

    def __init__(self, scene: Scene, title: str, hint: str, rows: Sequence[Row], page: int = 0) -> None:
        super().__init__(scene)
        self.frame()
        heading_over(self, title, hint, grid := self._grid(len(rows)))
        self._tiles = Tiles(self, grid, rows, page)
        self._tiles.chosen.connect(self.row_chosen)

    def _grid(self, count: int) -> Grid:
        if self.easy or self.reach:
            return special_grid(self)
        if self.portrait:
            area = Area(48, 392, 984, self.foot.y - 24 - 392)
            return Grid(area, 1, 172, 190) if count <= FEW else Grid(area, 2, 126, 208, words=50)
        if count <= SOME:
            area = Area(680, 32, 1192, self.foot.y - 16 - 32)
            return Grid(area, 1 if count <= SOME // 2 else 2, 172, 200)
        area = Area(48, 170, 1824, self.foot.y - 12 - 170)
        return Grid(area, 3, 126, 172, 12, words=50)

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return self._tiles.pages

    @property
    def page(self) -> int:
        """The page shown, from 0."""
        return self._tiles.page


class ServiceList(PagedList):
    """Services to choose from; a tile changes where it stands as soon as its service opens, closes or is full."""

    def __init__(self, scene: Scene, title: str, services: Sequence[Service], page: int = 0) -> None:
        standings = Standings(scene.desk, (service.code for service in services))
        rows = [service_row(scene, service, standings.of(service.code)) for service in services]
        super().__init__(scene, title, scene.t("kiosk.choose_service"), rows, page)
        self._services, self._standings = services, standings

    def tick(self) -> None:
        """Besides what every screen shows: how the services stand now."""
        super().tick()
        if self._standings.renew():
            self._tiles.restate(
                [service_row(self.scene, one, self._standings.of(one.code)) for one in self._services]
            )


def special_grid(screen: Screen) -> Grid:
    """The tiles' place in easy mode (one column, five at a time) and within reach (the lower part)."""
    words = EASY_WORDS if screen.easy else 50
    if screen.reach:
        top, end = screen.low, screen.foot.y - 20
        if screen.portrait:
            columns, least = (1, 180) if screen.easy else (2, 128)
            return Grid(Area(48, top, 984, end - top), columns, least, 200, words=words)
        columns = 2 if screen.easy else 3
        return Grid(Area(48, top, 1824, end - top), columns, 148, 180, words=words)
    if screen.portrait:
        return Grid(Area(48, 330, 984, screen.foot.y - 24 - 330), 1, 228, 240, 22, words)
    return Grid(Area(680, 32, 1192, screen.foot.y - 24 - 32), 1, 150, 180, 14, words)


def heading_over(screen: Screen, title: str, hint: str, grid: Grid, beside: float = 0) -> None:
    """The heading: over the tiles, or left of them; within reach it comes down to them.

    `beside` is the width that something else takes right of a heading over a lying screen's tiles.
    """
    area, soft = grid.area, "ink_soft"
    if screen.easy and screen.portrait:
        y = screen.low - 170 if screen.reach else 176
        screen.words(title, 48, y, 984, 140, 100, 800)
    elif screen.easy and not screen.reach:
        screen.words(title, 48, 200, 576, 400, 84, 800, valign=TOP)
    elif area.x > 48:
        screen.words(title, 48, 192, 576, 190, 72, 800)
        screen.words(hint, 48, 386, 576, 130, 50, 500, colour=soft)
    elif screen.portrait:
        y = screen.low - 230 if screen.reach else 184
        screen.words(title, 48, y, 984, 120, 84, 800)
        screen.words(hint, 48, y + 122, 984, 64, 50, 500, colour=soft)
    elif screen.reach:
        screen.words(title, 48, screen.low - 200, 1824, 100, 84, 800)
        screen.words(hint, 48, screen.low - 96, 1824, 76, 50, 500, colour=soft)
    else:
        screen.words(title, 680, 28, 1192 - beside, 76, 68, 800)
        screen.words(hint, 680, 100, 1192 - beside, 60, 46, 500, colour=soft)


def service_row(scene: Scene, service: Service, view: ServiceView) -> Row:
    """A service's tile: its name and how it stands."""
    return Row(
        f"service:{service.code}",
        service.icon,
        service.short.get(scene.language),
        standing(scene, view),
        standing(scene, view, briefly=True),
        quiet=not view.open or view.full,
    )


def agency_row(scene: Scene, agency: Agency, need: str = "") -> Row:
    """An agency's tile: its name and how many services it offers, for a need or for all."""
    offered = [s for s in scene.mall.services.values() if s.agency == agency.code and need in ("", s.need)]
    return Row(
        f"agency:{agency.code}", agency.icon, agency.short, scene.t("kiosk.services_count", n=len(offered))
    )


def standing(scene: Scene, view: ServiceView, briefly: bool = False) -> str:
    """How a service stands, in one line: closed and until when, full, or who waits and how long.

    `briefly` keeps to what a narrow tile holds; the card says the rest.
    """
    t = scene.t
    if briefly:
        return _briefly(scene, view)
    if view.full:
        return t("kiosk.full_today")
    if view.last_ms is not None:
        return t("kiosk.last_number_at", clock=clock(view.last_ms, scene.mall.timezone, scene.language))
    if not view.open:
        return closed_words(scene, view)
    waiting = t("kiosk.waiting_people", n=view.waiting) if view.waiting is not None else ""
    wait = wait_range(*view.wait, scene.language) if view.wait else ""
    return " · ".join(part for part in (waiting, wait) if part) or t("kiosk.open_now")


def opens_words(scene: Scene, view: ServiceView, letters: int | None = None) -> str:
    """Only when it opens again; the weekday in so many `letters`."""
    if view.opens_ms is None:
        return scene.t("kiosk.closed")
    timezone, language, now = scene.mall.timezone, scene.language, scene.desk.now_ms()
    when = clock(view.opens_ms, timezone, language)
    if day_long(view.opens_ms, timezone, language) == day_long(now, timezone, language):
        return scene.t("kiosk.opens_when", when=when)
    if view.opens_ms - now > NEAR_MS:
        return scene.t("kiosk.closed")
    day = weekday(view.opens_ms, timezone, language)[:letters]
    return scene.t("kiosk.opens_brief", day=day, clock=when)


def _briefly(scene: Scene, view: ServiceView) -> str:
    t = scene.t
    if view.full:
        return t("kiosk.full_brief")
    if not view.open:
        return opens_words(scene, view, letters=3)
    if view.wait:
        return wait_range(*view.wait, scene.language)
    return t("kiosk.open_now") if view.waiting is None else t("kiosk.people", n=view.waiting)


def closed_words(scene: Scene, view: ServiceView) -> str:
    """Why it is closed and when it opens, or when today's last number was given."""
    t, timezone, language = scene.t, scene.mall.timezone, scene.language
    if view.last_ms is not None:
        return t("kiosk.closed_last_number", clock=clock(view.last_ms, timezone, language))
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


def by_agency(scene: Scene, need: str) -> bool:
    """Whether a need's services are too many for one screen and come agency by agency."""
    found = [service for service in scene.mall.services.values() if service.need == need]
    return len(found) > MOST_AT_ONCE and len({service.agency for service in found}) > 1


def services_of_need(scene: Scene, need: str, page: int = 0) -> ServiceList:
    """The list of a need's services, the common ones first."""
    found = sorted(
        (s for s in scene.mall.services.values() if s.need == need), key=lambda service: not service.common
    )
    return ServiceList(scene, scene.own(scene.mall.needs[need].name), found, page)


def agencies_of_need(scene: Scene, need: str, page: int = 0) -> PagedList:
    """The agencies that offer services of a need."""
    offering = {service.agency for service in scene.mall.services.values() if service.need == need}
    rows = [
        agency_row(scene, agency, need) for code, agency in scene.mall.agencies.items() if code in offering
    ]
    title = scene.own(scene.mall.needs[need].name)
    return PagedList(scene, title, scene.t("kiosk.choose_agency"), rows, page)


def services_of_agency(scene: Scene, agency: str, need: str, page: int = 0) -> ServiceList:
    """The services that one agency offers, for a need or, when it is "", for all."""
    found = [s for s in scene.mall.services.values() if s.agency == agency and need in ("", s.need)]
    return ServiceList(scene, scene.mall.agencies[agency].short, found, page)
