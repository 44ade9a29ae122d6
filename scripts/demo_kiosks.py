"""Simulated kiosks: a real ledger, the real numbering and the real conversation with the server, without a screen."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from pathlib import Path

import uuid6

from antrean.domain.catalogue import Mall
from antrean.domain.errors import RuleViolation
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_memory import Pairing
from antrean.link.patience import ANSWER_SECONDS
from antrean.link.server import ServerLink
from kiosk import script
from kiosk.boot import machine_stamps
from kiosk.config import FILE_NAME, load_config
from kiosk.issuing import Issuing
from kiosk.mall_clock import MallClock
from kiosk.orders import Orders
from kiosk.paper import DirectPaper, worker_for
from kiosk.printing import Outcomes, Printing
from kiosk.room import SPOOL
from kiosk.sync import Listener, SyncWorker
from printers.face import PAPERS
from scripts.demo_crowd import Visitor
from scripts.demo_pace import Pace, Tally

NAME = "Kiosk {} (demo)"
PROGRAM_VERSION = "demo"
FLUSH_SECONDS = 3.0


def new_id() -> str:
    """A fresh time-ordered UUID."""
    return str(uuid6.uuid7())


class SimulatedKiosk:
    """One kiosk with its own data folder; its visitors come one after the other on one thread."""

    def __init__(self, folder: Path, url: str, printer: str, pace: Pace, tally: Tally) -> None:
        given = {"server": url, "printer.target": printer}
        self._config = load_config(folder / FILE_NAME, {}, given)
        self._folder = folder
        self._pace = pace
        self._tally = tally
        self._visitors: Sequence[Visitor] = ()
        self._thread = threading.Thread(target=self._work, name=folder.name, daemon=True)
        self.failure: Exception | None = None

    def is_paired(self) -> bool:
        """Whether an earlier run has enrolled this kiosk."""
        ledger, _ = self._hands()
        try:
            return ledger.memory.pairing() is not None
        finally:
            ledger.close()

    def pair(self, code: str) -> None:
        """Enrol at the server with a one-time code; raises RuleViolation or Unavailable."""
        ledger, hands = self._hands()
        try:
            script.pair(code, self._config, hands)
        finally:
            ledger.close()

    def start(self, visitors: Sequence[Visitor]) -> None:
        """Let these visitors come, each at their time."""
        self._visitors = visitors
        self._thread.start()

    def join(self, timeout_s: float) -> None:
        """Wait until the last ticket is in the ledger and, if the server is near, with the server."""
        self._thread.join(timeout_s)

    def _work(self) -> None:
        ledger, hands = self._hands()
        told, outcomes = (
            ledger.sibling(checkpoints=True),
            Outcomes(ledger.sibling(), new_id, hands.clock.stamp),
        )
        printer = worker_for(self._config, self._folder / SPOOL, outcomes.take, hands.clock.stamp)
        sync = SyncWorker(
            told,
            lambda pairing: hands.link(pairing, ANSWER_SECONDS),
            hands.clock,
            new_id,
            random.random,
            Listener(status=_ignore, news=_ignore, mall=_ignore, broken=self._fail),
            version=PROGRAM_VERSION,
            orders=Orders(told, Printing(printer, outcomes), PAPERS[self._config.paper]),
        )
        if printer is not None:
            printer.start()
        try:
            mall = script.known_mall(hands)
            pairing = ledger.memory.pairing()
            if pairing is None:
                raise RuleViolation("not_paired")
            sync.start()
            self._receive(mall, hands, script.printed_address(pairing), sync)
            sync.stop()
            script.settle(hands, FLUSH_SECONDS)
        except Exception as error:  # the thread's end must reach the person at the terminal
            self._fail(error)
        finally:
            sync.stop()
            if printer is not None:
                printer.stop()
            ledger.close()

    def _receive(self, mall: Mall, hands: script.Hands, address: str, sync: SyncWorker) -> None:
        issuing = Issuing(hands.ledger, hands.clock, hands.new_id)
        for visitor in self._visitors:
            if not self._pace.wait_until(visitor.at_s):
                return
            try:
                issued = issuing.issue(
                    mall, visitor.service, priority=visitor.priority, language=visitor.language
                )
            except RuleViolation:
                self._tally.count("turned_away")  # the service is full for today: a person would go home
                continue
            self._tally.issued(issued.ticket_id, self._pace.now_s())
            hands.paper(mall, issued, address)
            sync.wake()

    def _fail(self, error: Exception) -> None:
        self.failure = error

    def _hands(self) -> tuple[DeviceLedger, script.Hands]:
        stamps = machine_stamps()
        ledger = DeviceLedger.open(self._folder, new_id=new_id, stamp=stamps())
        clock = MallClock(stamps, ledger.memory.anchor(stamps().boot_id), ledger.memory.met_ms())

        def link(pairing: Pairing, seconds: float) -> ServerLink:
            return ServerLink(self._config.servers, pairing.token, answer_seconds=seconds)

        paper = DirectPaper(self._config, ledger, clock, new_id)
        return ledger, script.Hands(ledger, clock, new_id, link, paper, PROGRAM_VERSION)


def _ignore(_: object) -> None:
    """Nobody looks at this kiosk's screen."""
