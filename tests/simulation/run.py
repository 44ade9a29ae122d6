"""One simulated stretch of a mall's day from one seed: people, faults, healing, and then the questions."""

import shutil
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from antrean.ledger import hall_log
from tests.simulation import oracles
from tests.simulation.bookings import Citizens
from tests.simulation.console import Console
from tests.simulation.driver import OPEN
from tests.simulation.faults import schedule
from tests.simulation.kiosk import Kiosk
from tests.simulation.mall import COUNTERS
from tests.simulation.network import Network
from tests.simulation.server import Server
from tests.simulation.world import HOUR_MS, MINUTE_MS, Machine, World

NOON_MS = 1_763_956_800_000  # Monday 24 November 2025, 11.00 in Jakarta
NEAR_MIDNIGHT_MS = NOON_MS + 12.75 * HOUR_MS
MOST_VISITORS = 160
HEAL_MS = 20 * MINUTE_MS


@dataclass(frozen=True)
class Outcome:
    """What one seed came to: what happened by kind, and every broken promise."""

    seed: int
    done: Counter[str]
    wrong: list[str]
    story: list[str]


@dataclass
class Run:
    """The whole of one run."""

    world: World
    network: Network = field(init=False)
    server: Server = field(init=False)
    citizens: Citizens = field(init=False)
    kiosks: list[Kiosk] = field(default_factory=list)
    consoles: list[Console] = field(default_factory=list)
    retired: list[Kiosk] = field(default_factory=list)
    repaired: bool = False
    forgot: list[tuple[float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        world = self.world
        dice = world.dice
        self.network = Network(world)
        self.server = Server(Machine(world, "server", drift_ppm=dice.uniform(-50, 50)))
        self.network.server = self.server
        self.citizens = Citizens(world)
        self.citizens.tell(self.server)
        for number in range(dice.randint(1, 4)):
            self.add_kiosk(f"kiosk{number + 1}")
        for counter in COUNTERS:
            machine = Machine(world, f"counter{counter}")
            self.consoles.append(
                Console(machine, self.network, counter, pace_ms=dice.uniform(20, 90) * 1_000)
            )

    def add_kiosk(self, name: str) -> Kiosk:
        """A new kiosk joins the mall."""
        world, dice = self.world, self.world.dice
        machine = Machine(
            world,
            name,
            wall_error_ms=dice.choice((0, 0, dice.uniform(-1, 1) * HOUR_MS, -world.now)),
            drift_ppm=dice.uniform(-80, 80),
        )
        kiosk = Kiosk(machine, self.network)
        kiosk.start()
        self.enrol(kiosk)
        self.kiosks.append(kiosk)
        return kiosk

    def any_kiosk(self) -> Kiosk:
        """One of the kiosks in the hall."""
        return self.world.dice.choice(self.kiosks)

    def clone(self, kiosk: Kiosk) -> None:
        """A copy of a kiosk's disk starts in another machine."""
        world = self.world
        machine = Machine(
            world,
            f"{kiosk.machine.name}-copy{len(self.kiosks) + len(self.retired)}",
            drift_ppm=world.dice.uniform(-80, 80),
        )
        machine.replace_disk(kiosk.machine.disk.cached())
        copy = Kiosk(machine, self.network)
        self.kiosks.append(copy)
        world.at(world.dice.uniform(1_000, MINUTE_MS), copy.start)

    def replace(self, kiosk: Kiosk) -> None:
        """A kiosk's disk is gone for good; a new kiosk takes its place. The last kiosk of the hall is spared."""
        if len(self.kiosks) == 1:
            return
        self.lost_with(kiosk, since_ms=0)
        kiosk.gone = True
        kiosk.kill(power=True)
        self.kiosks.remove(kiosk)
        self.retired.append(kiosk)
        self.world.at(
            self.world.dice.uniform(1, 5) * MINUTE_MS,
            lambda: self._try_new(f"{kiosk.machine.name}-new{len(self.retired)}"),
        )

    def _try_new(self, name: str) -> None:
        disk = self.server.machine.disk
        if not self.server.listening() or disk.full or disk.sync_fails or disk.fuse is not None:
            self.world.at(10_000, lambda: self._try_new(name))
            return
        self.add_kiosk(name)

    def lost_with(self, kiosk: Kiosk, *, since_ms: float) -> None:
        """Papers of this kiosk since then may be known to nobody but the people who hold them."""
        for paper in self.world.papers:
            if paper.kiosk == kiosk.machine.name and paper.true_ms >= since_ms:
                paper.lost = True

    def restore_server(self) -> None:
        """The server's disk dies; a technician puts the last copied backup on a new one."""
        if self.repaired:
            return
        assert self.server.offsite is not None
        taken, file = self.server.offsite
        self.world.tell("the server's disk dies and a backup is restored")
        self.forgot.append((taken, self.world.now))
        self.server.restore(file)

    def enrol(self, kiosk: Kiosk) -> None:
        """Staff pair a kiosk with the server as it is now."""
        network, weather, cut = self.network, self.network.weather, dict(self.network.cut)
        network.heal()
        pause, self.server.machine.paused_until = self.server.machine.paused_until, 0.0
        assert self.server.parts is not None
        code = self.server.parts.enrolment.make_code("kiosk", kiosk.machine.name, "staff")
        kiosk.guarded(lambda: kiosk.pair(code))
        network.weather, network.cut = weather, cut
        self.server.machine.paused_until = pause


def simulate(seed: int, root: Path) -> Outcome:
    """Run one seed in a folder of its own below `root`."""
    folder = root / f"seed-{seed}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    world = World(seed, folder, start_ms=0)
    world.now = world.start_ms = NEAR_MIDNIGHT_MS if world.dice.random() < 0.15 else NOON_MS
    try:
        run = Run(world)
        _live(run)
        _heal(run)
        oracles.ask(run)
        run.server.kill(power=False)
    except Exception:
        world.blame(f"a program failed in a way nobody foresaw: {traceback.format_exc()}")
    finally:
        for connection in list(OPEN):  # of programs that nobody killed: a long soak would run out of files
            connection.close()
        shutil.rmtree(folder, ignore_errors=True)
    return Outcome(seed, world.done, world.wrong, world.story)


def _live(run: Run) -> None:
    world = run.world
    span = world.dice.uniform(10, 32) * MINUTE_MS
    for console in run.consoles:
        console.begin()
    for _ in range(world.dice.randint(0, 6)):
        world.at(world.dice.uniform(0, span), lambda: world.dice.choice(run.consoles).issue())
    for _ in range(world.dice.randint(MOST_VISITORS // 2, MOST_VISITORS)):
        world.at(world.dice.uniform(0, span), lambda: run.any_kiosk().visitor(run.citizens.next_code()))
    schedule(run, span)
    world.wait(span)


def _heal(run: Run) -> None:
    """Everything is repaired; then the mall gets as long as it may take to agree."""
    world = run.world
    world.tell("everything is repaired")
    run.repaired = True
    run.network.heal()
    for console in run.consoles:
        console.rest()
    for machine in (run.server.machine, *(kiosk.machine for kiosk in run.kiosks)):
        machine.paused_until = 0.0
        machine.disk.fuse, machine.disk.sync_fails = None, False
        machine.disk.empty()
    run.server.start()
    for kiosk in run.kiosks:
        kiosk.start()
    healed = world.now
    _settle(run, healed)
    _pair_again(run)
    world.done["healing took (ms)"] = int(world.now - healed)
    _readmit(run)
    _settle(run, world.now)
    for kiosk in run.kiosks:
        if not _settled(kiosk):
            world.blame(f"{kiosk.machine.name} has not settled: {kiosk.status}")
    world.wait(3 * MINUTE_MS)
    _settle(run, world.now)


def _settle(run: Run, since: float) -> None:
    while run.world.now < since + HEAL_MS and not all(_at_rest(kiosk) for kiosk in run.kiosks):
        run.world.wait(1_000)


def _pair_again(run: Run) -> None:
    """A server restored from a backup older than a kiosk does not know it: staff pair it once more."""
    for kiosk in run.kiosks:
        if kiosk.status.state == "refused" and kiosk.status.code == "unknown_token":
            run.world.done["kiosks paired again after a restore"] += 1
            run.enrol(kiosk)
    _settle(run, run.world.now)


def _readmit(run: Run) -> None:
    """Everybody whose number nobody knows shows the paper, at a kiosk or at a counter."""
    world, parts = run.world, run.server.parts
    assert parts is not None
    with parts.ledger.reading() as r:
        unknown = [
            paper for paper in world.papers if paper.lost and hall_log.ticket(r, paper.ticket_id) is None
        ]
    for paper in unknown:
        if world.dice.random() < 0.5:
            kiosk = run.any_kiosk()
            if kiosk.scans():
                kiosk.guarded(lambda kiosk=kiosk, paper=paper: kiosk.scan(paper))  # type: ignore[misc]
                continue
        run.consoles[0].readmit(paper)


def _at_rest(kiosk: Kiosk) -> bool:
    return _settled(kiosk) or kiosk.status.code == "unknown_token"


def _settled(kiosk: Kiosk) -> bool:
    return kiosk.running and kiosk.status.state == "online" and kiosk.ledger.outbox.count() == 0
