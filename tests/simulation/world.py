"""Simulated time and machines: one queue of events, and clocks that are as wrong as those of real computers."""

import heapq
import itertools
import random
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from antrean.domain.timeline import Stamp
from tests.simulation.disk import Disk, disk_with
from tests.simulation.driver import OPEN

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


class Killed(BaseException):
    """The program in which this code ran is gone; nothing in it may go on."""


@dataclass
class Paper:
    """A number that a visitor saw, with what really happened: the truth that everything is held against."""

    ticket_id: str
    label: str
    number: tuple[str, int, str, int]
    service: str
    true_ms: float
    kiosk: str
    boot_id: str
    token: str = ""
    lost: bool = False
    booked: bool = False


@dataclass
class World:
    """True time in milliseconds, what is due, the dice, and the record of what was done to people."""

    seed: int
    root: Path
    start_ms: float
    dice: random.Random = field(init=False)
    now: float = field(init=False)
    papers: list[Paper] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    story: list[str] = field(default_factory=list)
    _due: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _order: "itertools.count[int]" = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.now = self.start_ms

    def at(self, delay_ms: float, action: Callable[[], None]) -> None:
        """Do `action` later."""
        heapq.heappush(self._due, (self.now + delay_ms, next(self._order), action))

    def wait(self, ms: float) -> None:
        """Let time pass; everything due meanwhile happens, also to whoever waits."""
        until = self.now + ms
        while self._due and self._due[0][0] <= until:
            due, _, action = heapq.heappop(self._due)
            self.now = max(self.now, due)
            action()
        self.now = max(self.now, until)

    def new_id(self) -> str:
        """A UUIDv7 of this moment from the dice."""
        value = int(self.now) << 80 | 7 << 76 | self.dice.getrandbits(12) << 64
        return str(uuid.UUID(int=value | 2 << 62 | self.dice.getrandbits(62)))

    def random_bytes(self, count: int) -> bytes:
        """Bytes from the dice."""
        return self.dice.randbytes(count)

    def tell(self, what: str) -> None:
        """Add a line to the story of this run."""
        self.story.append(f"{(self.now - self.start_ms) / 1000:9.1f}s  {what}")

    def blame(self, what: str) -> None:
        """Note a broken promise."""
        self.tell(f"WRONG: {what}")
        self.wrong.append(what)


class Machine:
    """A computer: its clocks, its disk, and whether it runs. `life` changes each time its programs die."""

    def __init__(self, world: World, name: str, *, wall_error_ms: float = 0, drift_ppm: float = 0) -> None:
        self.world = world
        self.name = name
        self.life = 0
        self.up = True
        self.paused_until = 0.0
        self.wall_error_ms = wall_error_ms
        self.drift_ppm = drift_ppm
        self._lives = itertools.count()
        self.disk = Disk(self._folder())
        self.boot()

    @property
    def folder(self) -> Path:
        """Where its programs keep their data now."""
        return self.disk.folder / "data"

    def boot(self) -> None:
        """A new boot: the boot clock starts again, the wall clock stays as wrong as it is."""
        self.boot_id = self.world.new_id()
        self._booted_ms = self.world.now
        self._boot_clock_ms = self.world.dice.uniform(5_000, 60_000)

    def stamp(self) -> Stamp:
        """What this machine's clocks say."""
        ran = (self.world.now - self._booted_ms) * (1 + self.drift_ppm / 1e6)
        return Stamp(
            self.boot_id, int(self._boot_clock_ms + ran), max(0, int(self.world.now + self.wall_error_ms))
        )

    def check(self, life: int) -> None:
        """Raise Killed in code of an earlier life."""
        if life != self.life or not self.up:
            raise Killed(self.name)

    def die(self, *, power: bool) -> None:
        """All programs of this machine end at once; without power the unsynced is lost too and the next boot is new."""
        dice = self.world.dice
        files = self.disk.lost_power(dice) if power else self.disk.cached()
        self.replace_disk(files)
        if power:
            self.boot()

    def replace_disk(self, files: dict[str, bytes]) -> None:
        """Go on (after a restart) with these files and nothing else."""
        self.up = False
        self.life += 1
        was = self.disk
        was.dead = True
        for connection in [one for one in OPEN if one.path.startswith(str(was.folder))]:
            connection.close()
        was.remove()
        self.disk = disk_with(self._folder(), files)
        if was.full:
            self.disk.fill()

    def _folder(self) -> Path:
        return self.world.root / self.name / str(next(self._lives))
