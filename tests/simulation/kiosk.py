"""A kiosk in the simulator: the real ledger, issuing, print log and sync worker, with visitors in front of it."""

from collections.abc import Callable
from typing import Any

from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.errors import RuleViolation, Unavailable
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_memory import Pairing
from antrean.ledger.errors import LedgerBroken
from antrean.link.server import ServerLink
from kiosk.checking_in import Asked, CheckingIn
from kiosk.conversation import News
from kiosk.issuing import Issuing
from kiosk.mall_clock import MallClock
from kiosk.printing import Outcomes
from kiosk.readmission import Readmission, own_key
from kiosk.script import pairing_of
from kiosk.sync import Listener, SyncStatus, SyncWorker
from printers.outcome import Failed, Outcome, Printed, Unknown
from tests.simulation.disk import SimulatedRoom
from tests.simulation.mall import SERVICES
from tests.simulation.network import Network, Transport
from tests.simulation.server import URL
from tests.simulation.world import Killed, Machine, Paper, World

SYNC_EVERY_MS = 110_000
_MALLS: dict[str, Mall] = {}


class Kiosk:
    """One kiosk program on one machine."""

    def __init__(self, machine: Machine, network: Network) -> None:
        self.machine = machine
        self.network = network
        self.world: World = machine.world
        self.status = SyncStatus("offline", 0, None)
        self.met: set[str] = set()
        self.gone = False
        self._ledgers: list[DeviceLedger] = []
        self._ledger: DeviceLedger | None = None

    @property
    def running(self) -> bool:
        """Whether its program runs."""
        return self._ledger is not None

    @property
    def ledger(self) -> DeviceLedger:
        """Its ledger while it runs."""
        assert self._ledger is not None
        return self._ledger

    def pair(self, code: str) -> None:
        """Join the mall, as staff do once."""
        link = ServerLink([URL], transport=Transport(self.network, self.machine))
        answer = link.pair(code, own_key(self.ledger, self.world.new_id).public)
        link.close()
        assert answer.issuer is not None
        self.ledger.memory.pair(pairing_of(answer, (URL,)), new_id=self.world.new_id)
        self._sync.reconnect()
        self.status = SyncStatus("offline", 0, None)

    def start(self) -> None:
        """Start the program on what the disk holds."""
        if self.running or self.gone:
            return
        self.machine.up, self.machine.paused_until = True, 0.0
        self.guarded(self._start)

    def guarded(self, action: Callable[[], None]) -> None:
        """Run something in the program; when the machine dies of it, the program ends and is started again."""
        life = self.machine.life
        try:
            action()
        except Killed:
            return
        except Exception as error:
            if life != self.machine.life:
                return  # it was killed meanwhile: what its last code met does not matter
            if not self.machine.disk.dead and not isinstance(error, LedgerBroken):
                raise
            self._end()

    def visitor(self, code: str = "") -> None:
        """Somebody wants a number, perhaps with the code of a booking."""
        if not self.running or self.machine.paused_until > self.world.now:
            self.world.done["visitors sent to another kiosk"] += 1
            return
        self.guarded(lambda: self._serve(code))

    def scans(self) -> bool:
        """Whether it takes papers: one that has not heard of its mall yet shows no scanner."""
        return self.running and self.ledger.memory.catalogue() is not None

    def scan(self, paper: Paper) -> None:
        """A visitor holds the paper of a kiosk that is no more under the scanner."""
        known = self.ledger.memory.catalogue()
        if known is None or not paper.token:
            return
        try:
            taken = self._readmission.take(_mall(known[1]), paper.token)
            self.world.done[f"papers scanned: {taken.result}"] += 1
        except RuleViolation as refusal:
            self.world.done[f"papers refused: {refusal.code}"] += 1

    def kill(self, *, power: bool) -> None:
        """End the program now."""
        self._ledger = None
        self._ledgers.clear()
        self.machine.die(power=power)

    # --- inside

    def _start(self) -> None:
        world, machine = self.world, self.machine
        room = SimulatedRoom(machine.disk)
        try:
            ledger = DeviceLedger.open(machine.folder, new_id=world.new_id, stamp=machine.stamp(), room=room)
        except Unavailable:
            if not machine.disk.full:
                raise
            world.done["kiosk starts that a full disk kept waiting"] += 1
            world.at(10_000, self.start)
            return
        room.refill()
        stamp = machine.stamp()
        clock = MallClock(machine.stamp, ledger.memory.anchor(stamp.boot_id), ledger.memory.met_ms())
        sync_ledger, print_ledger = ledger.sibling(checkpoints=True), ledger.sibling()
        self._ledgers = [ledger, sync_ledger, print_ledger]
        self._issuing = Issuing(ledger, clock, world.new_id)
        self._desk = CheckingIn(ledger, clock, world.new_id, self._issuing)
        self._readmission = Readmission(ledger, clock, world.new_id)
        self._outcomes = Outcomes(print_ledger, world.new_id, machine.stamp)
        self._sync = SyncWorker(
            sync_ledger,
            self._link,
            clock,
            world.new_id,
            world.dice.random,
            Listener(self._take_status, self._take_news, lambda mall: None, lambda broken: None),
            version="simulated",
            every_ms=SYNC_EVERY_MS,
        )
        self._ledger = ledger
        world.done["kiosk starts"] += 1
        life = machine.life
        world.at(world.dice.uniform(0, 2_000), lambda: self._round(life))

    def _link(self, pairing: Pairing) -> ServerLink:
        return ServerLink(pairing.servers, pairing.token, transport=Transport(self.network, self.machine))

    def _round(self, life: int) -> None:
        if life != self.machine.life or not self.running:
            return
        if self.machine.paused_until > self.world.now:
            self.world.at(self.machine.paused_until - self.world.now + 1, lambda: self._round(life))
            return
        if self.ledger.memory.pairing() is None:
            self.world.at(1_000, lambda: self._round(life))
            return

        def talk() -> None:
            wait_ms = self._sync.round()
            self.machine.check(life)
            self.world.at(wait_ms, lambda: self._round(life))

        self.guarded(talk)

    def _take_status(self, status: SyncStatus) -> None:
        self.status = status
        if status.state == "refused":
            self.world.done[f"refused: {status.code}"] += 1

    def _take_news(self, news: News) -> None:
        self.met.add(self.machine.boot_id)

    def _serve(self, code: str) -> None:
        world, machine, dice = self.world, self.machine, self.world.dice
        known = self.ledger.memory.catalogue()
        if known is None:
            world.done["visitors before the mall was known"] += 1
            return
        mall = _mall(known[1])
        service, priority = dice.choices(SERVICES, (5, 3, 2))[0], dice.random() < 0.1
        try:
            if code:
                issued = self._desk.take(mall, code, Asked("id", priority), service=service)[1]
            else:
                issued = self._issuing.issue(mall, service, priority=priority, language="id")
        except RuleViolation as refusal:
            if refusal.code in ("booking_arrived", "booking_other_day"):
                world.done[f"visitors told: {refusal.code}"] += 1
                return
            if refusal.code != "full":
                world.blame(f"{machine.name} refused a visitor: {refusal}")
            world.done["visitors told that a service is full"] += 1
            return
        except Unavailable as trouble:
            if not machine.disk.full and not machine.disk.dead:
                world.blame(f"{machine.name} could not give a number: {trouble}")
            if machine.disk.dead:
                raise
            world.done["visitors sent away by a full disk"] += 1
            return
        own = self.ledger.own()
        label = issued.label
        number = (label.issuer, own.generation, label.series, label.number)
        paper = Paper(
            issued.ticket_id,
            str(label),
            number,
            issued.service,
            world.now,
            machine.name,
            machine.boot_id,
            token=issued.token,
            booked=issued.booking is not None and issued.booking.promised,
        )
        world.papers.append(paper)
        world.done["tickets"] += 1
        life = machine.life
        world.at(dice.uniform(800, 2_500), lambda: self._printed(life, issued.ticket_id))

    def _printed(self, life: int, ticket_id: str) -> None:
        if life != self.machine.life or not self.running:
            return
        outcomes: tuple[Outcome, ...] = (Printed(), Failed("paper_out"), Unknown("timeout"))
        outcome = self.world.dice.choices(outcomes, (90, 5, 5))[0]

        def note() -> None:
            try:
                self._outcomes.take(ticket_id, outcome)
            except Unavailable:
                if not self.machine.disk.full:
                    raise

        self.guarded(note)

    def _end(self) -> None:
        dice, disk = self.world.dice, self.machine.disk
        died = disk.dead
        sync_failed, disk.sync_fails = disk.sync_fails, False
        self.kill(power=sync_failed or (died and dice.random() < 0.5))
        self.world.done["kiosk ended in the middle of a write" if died else "kiosk ended by itself"] += 1
        self.world.at(dice.uniform(1_000, 10_000), self.start)


def _mall(data: dict[str, Any]) -> Mall:
    name = data["mall"]["name"]
    if name not in _MALLS:
        _MALLS[name] = mall_from_dict(data)
    return _MALLS[name]
