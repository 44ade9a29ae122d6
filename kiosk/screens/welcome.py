"""Welcome: what is being called, one large key to start, the services most people come for, the languages.

Taps are counted as choices: a need, a service and "take" lead to the priority question and the number; a service
chosen here needs only "take".
"""

from dataclasses import dataclass, replace

from PySide6.QtCore import Signal

from antrean.domain.catalogue import Mall, Service
from antrean.texts import LANGUAGES, OWN_NAMES, texts_for
from antrean.texts.formats import day_long
from kiosk.screens.aloud_ticket import welcome_aloud
from kiosk.screens.called import Called
from kiosk.screens.common import Common
from kiosk.screens.screen import Area, Scene, Screen
from kiosk.screens.tiles import Grid
from kiosk.widgets.badge import ChosenKey
from kiosk.widgets.key import Key
from kiosk.widgets.start_key import StartKey

MOST_COMMON = 6
LEAST_START = 240
"""Drawn pixels: lower than this the key to begin is no longer what one sees first."""
QUIET_TICKS, TICKS_A_WORD = 12, 6
"""Seconds of quiet before the start key speaks other languages, and how long each stays."""


def common_services(mall: Mall, most: int = MOST_COMMON) -> tuple[Service, ...]:
    """The first common service of each need, in the mall's own order."""
    first: dict[str, Service] = {}
    for service in mall.services.values():
        if service.common:
            first.setdefault(service.need, service)
    return tuple(first.values())[:most]


@dataclass(frozen=True)
class Places:
    """Where the parts of Welcome lie; `calls` are so many, `common` may be none.

    `booked` is the way for who has booked; where there is no place for it, it waits on the next screen.
    """

    called: Area
    calls: int
    start: Area
    languages: Grid
    common: Grid | None = None
    heading: bool = True
    booked: Area | None = None


def places(screen: Screen) -> Places:
    """The places for a screen's orientation and mode: in reach mode all keys lie in the lower part."""
    tongues = -(-len(LANGUAGES) // 2)
    if screen.portrait:
        return _upright(screen, tongues)
    if screen.easy and screen.reach:
        languages = Grid(Area(952, 540, 920, 312), 2, 112, 148)
        return Places(Area(48, 176, 1824, 340), 2, Area(48, 540, 880, 312), languages)
    if screen.easy:
        tall = 148 * tongues + 16 * (tongues - 1)
        languages = Grid(Area(680, 852 - tall, 1192, tall), 2, 112, 148)
        return Places(Area(48, 196, 576, 480), 1, Area(680, 32, 1192, 796 - tall), languages)
    if screen.reach:
        languages = Grid(Area(1296, 540, 576, 340), 2, 112, 162)
        common = Grid(Area(712, 540, 560, 340), 1, 130, 162, words=50)
        return Places(Area(48, 176, 1824, 340), 3, Area(48, 540, 640, 340), languages, common, heading=False)
    tall = 122 * tongues + 16 * (tongues - 1)
    languages = Grid(Area(48, 880 - tall, 576, tall), 2, 112, 122)
    common = Grid(Area(680, 500, 1192, 380), 3, 150, 182, words=50)
    return Places(Area(48, 176, 576, 688 - tall), 3, Area(680, 32, 1192, 400), languages, common)


def with_booking(screen: Screen, lie: Places) -> Places:
    """The start key gives some of its height to the way for who has booked, where enough is left of it."""
    x, y, width, height = lie.start
    tall = 150 if screen.easy else 120
    if height - tall - 20 < LEAST_START:
        return lie
    return replace(
        lie, start=Area(x, y, width, height - tall - 20), booked=Area(x, y + height - tall, width, tall)
    )


def _upright(screen: Screen, tongues: int) -> Places:
    each = 150 if screen.easy else 112
    tall = each * tongues + 16 * (tongues - 1)
    top = screen.foot.y - 28 - tall
    languages = Grid(Area(48, top, 984, tall), 2, each, each)
    if screen.easy:
        begin = screen.low + 8 if screen.reach else 460
        called = Area(48, 184, 984, begin - 208)
        return Places(called, 3 if screen.reach else 1, Area(48, begin, 984, top - begin - 28), languages)
    rows = 2 if screen.reach else 3
    high = 124 * rows + 12 * (rows - 1)
    common = Grid(Area(48, top - 20 - high, 984, high), 2, 124, 124, 12, words=50)
    begin = screen.low + 8 if screen.reach else 540
    called = Area(48, 180, 984, begin - 200)
    return Places(called, 3, Area(48, begin, 984, common.area.y - 66 - begin), languages, common)


class Welcome(Screen):
    """The first screen; any visitor begins here and ends here."""

    started = Signal()
    language_chosen = Signal(str)
    service_chosen = Signal(str)
    booking_called = Signal()
    has_back = False

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self.frame()
        lie = places(self)
        if self.desk.takes_bookings():
            lie = with_booking(self, lie)
        self._called = Called(self, lie.called, lie.calls)
        self._often: Common | None = None
        self._start = StartKey(self.style_, *self._invitation(scene.language), large=self.easy)
        self._start.clicked.connect(self.started)
        self.put(self._start, *lie.start)
        if lie.common is not None:
            self._common(lie.common, heading=lie.heading)
        if lie.booked is not None:
            self._booked(lie.booked)
        self._languages(lie.languages)
        self._quiet = 0
        self.tick()

    def _invitation(self, language: str) -> tuple[str, str]:
        t = self.t if language == self.scene.language else texts_for(language)
        return t("kiosk.touch_to_start"), t("kiosk.take_a_number")

    def _day(self) -> str:
        mall = self.scene.mall
        return day_long(self.desk.now_ms(), mall.timezone, self.scene.language).rsplit(" ", 1)[0]

    def _common(self, grid: Grid, *, heading: bool) -> None:
        """The services most people come for, one touch from their card."""
        common = common_services(self.scene.mall)[: grid.capacity]
        if common and heading:
            x, y, width, _ = grid.area
            self.words(self.t("kiosk.often_needed"), x, y - 60, width, 56, 46, 500, colour="ink_soft")
        self._often = Common(self, grid, common, self.service_chosen.emit)

    def _booked(self, area: Area) -> None:
        key = Key(
            self.style_, self.t("kiosk.already_booked"), icon="qrcode", icon_size=72, kind="quiet",
            size=66 if self.easy else 54, centred=not self.easy, name="booked",
        )  # fmt: skip
        key.clicked.connect(self.booking_called)
        self.put(key, *area)

    def _languages(self, grid: Grid) -> None:
        for at, language in enumerate(LANGUAGES):
            chosen = language == self.scene.language
            key = ChosenKey(self.style_, OWN_NAMES[language], chosen=chosen, name=f"lang:{language}")
            key.clicked.connect(lambda _=False, language=language: self.language_chosen.emit(language))
            self.put(key, *grid.place(at, len(LANGUAGES)))

    def spoken(self) -> tuple[str, ...]:
        """What is said when the screen comes."""
        return welcome_aloud(self.scene, () if self.easy else common_services(self.scene.mall))

    def tick(self) -> None:
        """Show who is called and what is open now; after a while of quiet, invite in one language after the other."""
        super().tick()
        self._called.tick()
        if self._often is not None:
            self._often.tick()
        self._quiet += 1
        late, step = divmod(self._quiet - QUIET_TICKS, TICKS_A_WORD)
        if self.scene.motion and late >= 0 and step == 0:
            at = LANGUAGES.index(self.scene.language) + 1 + late
            self._start.invite(*self._invitation(LANGUAGES[at % len(LANGUAGES)]))
