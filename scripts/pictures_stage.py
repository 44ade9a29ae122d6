"""A morning in the sample mall on a clock that the stage turns: real server, ledgers, kiosks, officers' commands.

The pictures of the README are taken here, so that they show a hall in the middle of its work and the same hour
every time. Nothing on the stage waits: the clock jumps to whatever is due next.
"""

from __future__ import annotations

import heapq
import itertools
import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import uuid6

from antrean.domain.catalogue import Mall
from antrean.domain.errors import AntreanError, RuleViolation
from antrean.domain.timeline import Stamp
from antrean.ledger import hall_meta, hall_people
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_memory import Pairing
from antrean.ledger.hall import FreshIds, HallLedger
from antrean.ledger.hall_people import ApiToken
from antrean.ledger.writer import Transaction
from antrean.link.server import ServerLink
from antrean.link.wire import Wire
from kiosk import script
from kiosk.config import FILE_NAME, Config, load_config
from kiosk.conversation import Conversation, News
from kiosk.issuing import Issuing
from kiosk.mall_clock import MallClock
from kiosk.paper import DirectPaper
from queue_server.admin.mall import read_mall
from queue_server.app import PageRoom
from queue_server.auth.secrets import fingerprint, new_token
from queue_server.pages import pages_blueprint
from queue_server.pages.errors import error_page
from queue_server.running import Running, in_background, start
from queue_server.settings import ServerSettings
from scripts.demo_crowd import crowd
from scripts.demo_officers import Officer, waiting_now
from scripts.demo_pace import Lobby, Tally
from scripts.processes import Trouble

PUBLIC_URL = "http://antrean.samudra.example"
VERSION, SAMPLE = "0.1.0", "mpp"
LOBBY_S = 10.0
LATEST_SITTING_DOWN_S = 120.0


class StageClock:
    """A machine whose time runs as usual and can be put forward. Any thread may read it."""

    def __init__(self, begin_ms: int) -> None:
        self._boot_id = str(uuid.uuid4())
        self._ahead_ms = begin_ms - time.monotonic_ns() // 1_000_000
        self._begin_ms = begin_ms

    def now_ms(self) -> int:
        """The stage's time."""
        return time.monotonic_ns() // 1_000_000 + self._ahead_ms

    def turn_to(self, at_s: float) -> None:
        """Put the clock forward to a moment in seconds after the beginning; never back."""
        self._ahead_ms += max(0, self._begin_ms + int(at_s * 1000) - self.now_ms())

    def turn_on(self, seconds: float) -> None:
        """Put the clock forward by some seconds."""
        self._ahead_ms += int(seconds * 1000)

    def stamp(self) -> Stamp:
        """The stage's time as a boot clock and a wall clock."""
        now = self.now_ms()
        return Stamp(self._boot_id, now - self._begin_ms + 3_600_000, now)

    def new_id(self) -> str:
        """A new UUIDv7."""
        return str(uuid6.uuid7())

    def random_bytes(self, count: int) -> bytes:
        """Bytes nobody can guess."""
        return os.urandom(count)


def make_mall(data: Path, clock: StageClock) -> dict[str, str]:
    """Make the sample mall with its real hours; returns an officer's token for each counter."""
    catalogue = read_mall(SAMPLE)
    tokens = {counter["code"]: new_token(clock.random_bytes) for counter in catalogue["counters"]}
    fresh = FreshIds(clock.new_id(), clock.new_id(), clock.new_id())
    ledger = HallLedger.open(data, fresh=fresh, now_ms=clock.now_ms())

    def job(tx: Transaction) -> None:
        hall_meta.set_catalogue(tx, catalogue)
        for code, token in tokens.items():
            made_ms = clock.now_ms()
            row = ApiToken(fingerprint(token), f"officer-{code}", "officer", code, made_ms, None)
            hall_people.add_token(tx, row)

    ledger.writer.run(job)
    ledger.close()
    return tokens


@contextmanager
def open_server(data: Path, clock: StageClock) -> Iterator[Running]:
    """Serve the mall in `data` on loopback, any free port, until the block ends."""
    settings = ServerSettings("127.0.0.1", 0, PUBLIC_URL, 40, 0, 1, voice=False)
    broken: list[AntreanError] = []
    running = start(data, settings, clock, broken.append, pages=PageRoom(pages_blueprint, error_page))
    thread = in_background(running)
    try:
        yield running
    finally:
        running.stop()
        thread.join(10)
    if broken:
        raise Trouble(f"The server's disk failed: {broken[0]}")


class StagedKiosk:
    """One paired kiosk on the stage's clock; `hands` are what a real one works with."""

    def __init__(self, folder: Path, url: str, printer: str, code: str, clock: StageClock) -> None:
        self.clock = clock
        given = {"server": url, "printer.target": printer}
        self.config: Config = load_config(folder / FILE_NAME, {}, given)
        ledger = DeviceLedger.open(folder, new_id=clock.new_id, stamp=clock.stamp())
        time_here = MallClock(clock.stamp)

        def link(pairing: Pairing, seconds: float) -> ServerLink:
            return ServerLink(self.config.servers, pairing.token, answer_seconds=seconds)

        paper = DirectPaper(self.config, ledger, time_here, clock.new_id)
        self.hands = script.Hands(ledger, time_here, clock.new_id, link, paper, VERSION)
        pairing = script.pair(code, self.config, self.hands)
        self.mall = script.known_mall(self.hands)
        self._issuing = Issuing(ledger, time_here, clock.new_id)
        self._talk = Conversation(
            ledger, link(pairing, 10.0), time_here, clock.new_id, version=VERSION, watch=True
        )

    def issue(self, service: str, *, priority: bool, language: str) -> str | None:
        """Give a number and tell the server; the ticket's id, or None when the service is full."""
        try:
            issued = self._issuing.issue(self.mall, service, priority=priority, language=language)
        except RuleViolation:
            return None
        self.exchange()
        return issued.ticket_id

    def exchange(self) -> News:
        """Tell the server everything and hear its news."""
        return self._talk.exchange()

    def close(self) -> None:
        """Let go of the connection and the ledger."""
        self._talk.close()
        self.hands.ledger.close()


@dataclass(frozen=True)
class Cast:
    """Who is on the stage: kiosks, and the counters that officers hold."""

    mall: Mall
    url: str
    kiosks: tuple[StagedKiosk, ...]
    tokens: Mapping[str, str]


Step = Callable[[float], float | None]
"""Does something at a moment (seconds after the beginning); says after how long it is due again, None for never."""


def press_with(wire: Wire, token: str) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """How an officer with this token gives commands."""

    def press(body: Mapping[str, Any]) -> Mapping[str, Any]:
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        return wire.ask("POST", "/v1/commands", token=token, body=body, headers=headers)

    return press


def play(
    cast: Cast, clock: StageClock, visitors: int, minutes: float, seed: int, leaves: str | None = None
) -> None:
    """Let a morning of `minutes` pass; afterwards the officers still sit where they sat, but one `leaves`."""
    chance, lobby, tally, wire = Random(seed), Lobby(), Tally(), Wire((cast.url,))
    due: list[tuple[float, int, Step]] = []
    turns = itertools.count()
    officers: dict[str, Officer] = {}

    def plan(at_s: float, step: Step) -> None:
        heapq.heappush(due, (at_s, next(turns), step))

    for visitor in crowd(cast.mall, visitors, minutes, len(cast.kiosks), chance):
        kiosk = cast.kiosks[visitor.kiosk]

        def come(now_s: float, visitor: Any = visitor, kiosk: StagedKiosk = kiosk) -> None:
            kiosk.issue(visitor.service, priority=visitor.priority, language=visitor.language)

        plan(visitor.at_s, come)
    for code, token in cast.tokens.items():
        press = press_with(wire, token)
        own = Random(chance.random())
        officers[code] = officer = Officer(cast.mall, cast.mall.counters[code], press, lobby, tally, own)
        plan(chance.uniform(0, LATEST_SITTING_DOWN_S), officer.step)

    def look(now_s: float) -> float:
        lobby.waiting = waiting_now(wire)
        return LOBBY_S

    plan(0.0, look)
    try:
        while due and due[0][0] < minutes * 60:
            at_s, _, step = heapq.heappop(due)
            clock.turn_to(at_s)
            again_s = step(at_s)
            if again_s is not None:
                plan(at_s + again_s, step)
        if leaves is not None:
            officers[leaves].leave()
    finally:
        wire.close()
