"""A morning in which many consoles call at once, over the real command path: `python -m tests.server.hundred_consoles`.

Each console is a thread that calls, starts, holds, transfers and makes mistakes; one key in ten is pressed twice at the
same moment. Afterwards the log is read again from its beginning and every call in it has to be explained.
"""

import argparse
import itertools
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from antrean.domain import events as e
from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.choice import next_at
from antrean.domain.errors import RuleViolation
from antrean.domain.evolve import evolve
from antrean.domain.hall import Accepted, Hall, empty_hall
from antrean.domain.line import COUNTS_AS_OVERTAKING
from antrean.domain.ticket import State
from antrean.ledger import hall_log
from antrean.ledger.hall_people import Session
from queue_server.auth.callers import Staff
from queue_server.commands import run_command
from queue_server.live import LiveHall, accepted_of
from tests.domain.malls import mall_data, service
from tests.server.house_of_tests import MORNING_MS, FakeKiosk, FakeWorld, House, fill, served

LINES = 20
BATCH = 100
BATCH_S = 120
"""Each push tells of 100 visitors of two minutes, so that 10,000 come within 200 minutes."""
ENDED = frozenset({State.COMPLETED, State.CANCELLED, State.NO_SHOW, State.EXPIRED})


class Clockwork(FakeWorld):
    """A machine whose clock the kiosk moves on; each look at it costs 2 ms."""

    def stamp(self) -> Any:
        self.pass_ms(-8)
        return super().stamp()

    def pass_ms(self, ms: int) -> None:
        with self._lock:
            self.now_ms += ms


def crowded_mall(counters: int) -> dict[str, Any]:
    """Twenty lines; each counter serves three or four of them, every fifth relieves another."""
    data = mall_data()
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
    data["services"] = [service(f"s{at:02d}", letters[at]) for at in range(LINES)]
    data["counters"] = [
        {
            "code": str(at + 1),
            "zone": "1A",
            "name": {"id": f"Loket {at + 1}", "en": f"Counter {at + 1}"},
            "services": [f"s{(at * 3 + more) % LINES:02d}" for more in range(3 + at % 2)],
            "helps": [{"service": f"s{(at * 3 + 9) % LINES:02d}", "after_minutes": 1}] if at % 5 == 0 else [],
        }
        for at in range(counters)
    ]
    return data


@dataclass
class Report:
    """What the morning was and which promises it broke."""

    consoles: int
    tickets: int
    seconds: float
    calls: int
    commands: int
    refused: Counter[str]
    why: Counter[str]
    call_ms: list[float]
    problems: list[str] = field(default_factory=list)

    def text(self) -> str:
        """The morning in a few lines."""
        times = sorted(self.call_ms)
        spread = f"p50 {times[len(times) // 2]:.0f} ms, p99 {times[len(times) * 99 // 100]:.0f} ms"
        lines = [
            f"{self.consoles} consoles, {self.tickets} tickets: {self.calls} calls by {self.commands} commands in "
            f"{self.seconds:.0f} s, a call {spread}",
            f"  called by {dict(self.why.most_common())}",
            f"  refused {dict(self.refused.most_common())}",
            *(f"  BROKEN: {problem}" for problem in self.problems[:20]),
        ]
        found = len(self.problems)
        lines.append(
            f"  {found} promises broken" if found else "  none called twice, none forgotten, all explained"
        )
        return "\n".join(lines)


class Console:
    """One officer at one counter, on a thread of its own."""

    def __init__(self, rush: "Rush", counter: str, seed: int) -> None:
        self.rush, self.counter, self.dice = rush, counter, random.Random(f"{seed}-{counter}")
        name = f"officer-{counter}"
        session = Session(name, name, MORNING_MS, MORNING_MS, MORNING_MS, counter, "csrf")
        self.staff = Staff(name, name, frozenset({"officer"}), counter, None, session)
        self.keys = itertools.count(1)
        self.called: list[str] = []
        self.call_ms: list[float] = []
        self.refused: Counter[str] = Counter()
        self.commands = 0
        self.thread = threading.Thread(target=self._work, name=f"console-{counter}")

    def _work(self) -> None:
        try:
            self._open()
            while not self.rush.is_over():
                self._serve_one()
        except (
            BaseException
        ) as error:  # whatever it is, the judge has to hear of it: a thread's end is silent
            self.rush.failures.append(f"console {self.counter}: {error!r}")

    def _open(self) -> None:
        self._give("open_counter")

    def _serve_one(self) -> None:
        answer = self._press_twice("call_next") if self.dice.random() < 0.1 else self._timed("call_next")
        if answer is None or answer["ticket"] is None:
            self._bring_back()
            self.rush.pause.wait(0.05)
            return
        self.called.append(answer["ticket"]["ticket_id"])
        chance = self.dice.random()
        if chance < 0.05:
            self._give("absent")
        elif chance < 0.08:
            self._give("undo_call")
            self._pick()
        else:
            self._give("start")
            self._after_start(self.dice.random())

    def _after_start(self, chance: float) -> None:
        if chance < 0.05:
            place = self.dice.choice(("arrival", "end", "front"))
            self._give(
                "transfer", service=f"s{self.dice.randrange(LINES):02d}", place=place, reason="berkas lengkap"
            )
        elif chance < 0.08:
            held = self.called[-1]
            self._give("hold", reason="fotokopi")
            self._give(self.dice.choice(("resume", "call_back")), ticket=held)
            self._give("start")
        elif chance < 0.3:
            self._give("finish")

    def _pick(self) -> None:
        """Call a visitor by name, with a reason."""
        hall = self.rush.live.truth.hall
        line = hall.line(self.dice.choice(hall.services_of(self.counter)))
        if line.by_key:
            waiting = self.dice.choice(line.by_key[:20]).ticket_id
            self._give("call_ticket", ticket=waiting, reason="bayi menangis")
            self._give("start")

    def _bring_back(self) -> None:
        """An absent visitor of any line comes after all."""
        hall = self.rush.live.truth.hall
        absent = [one for one in hall.aside if hall.tickets[one].state is State.NO_SHOW]
        if absent and self.dice.random() < 0.3:
            self._give("return", ticket=self.dice.choice(absent))

    def _timed(self, name: str) -> Any:
        began = time.monotonic()
        answer = self._give(name)
        self.call_ms.append((time.monotonic() - began) * 1000)
        return answer

    def _press_twice(self, name: str) -> Any:
        """The same key from two threads at once: both must hear the same."""
        key = self._key()
        other = self.rush.tabs.submit(self._send, name, key)
        mine, theirs = self._send(name, key), other.result()
        if mine != theirs:
            self.rush.failures.append(f"console {self.counter}: one key, two answers: {mine} and {theirs}")
        if self.dice.random() < 0.5 and mine is not None and mine["ticket"] is not None:
            self._give(name)  # another tab with another key: already calling
        return mine

    def _give(self, name: str, **fields: Any) -> Any:
        return self._send(name, self._key(), **fields)

    def _key(self) -> str:
        return f"{self.counter}-{next(self.keys)}"

    def _send(self, name: str, key: str, **fields: Any) -> Any:
        self.commands += 1
        data = {"command": name, "counter": self.counter, **fields}
        try:
            done = run_command(self.rush.live, data, key, self.staff, self.rush.world.new_id)
        except RuleViolation as rule:
            self.refused[rule.code] += 1
            return None
        return json.loads(done.answer)


class Rush:
    """The mall of the morning: its kiosk, its consoles, and when it is over."""

    def __init__(self, house: House, world: Clockwork, consoles: int, tickets: int, seed: int) -> None:
        self.house, self.world, self.tickets = house, world, tickets
        self.live: LiveHall = house.running.parts.live
        self.tabs = ThreadPoolExecutor(16, thread_name_prefix="tab")
        self.pause = threading.Event()
        self.failures: list[str] = []
        self.all_came = False
        self._dice = random.Random(seed)
        self._ended = threading.Event()
        self.consoles = [Console(self, str(at + 1), seed) for at in range(consoles)]

    def play(self) -> Report:
        """Run the morning to its end and judge it."""
        kiosk, began = self.house.pair(), time.monotonic()
        for console in self.consoles:
            console.thread.start()
        try:
            self._arrive(kiosk)
        finally:
            self.all_came = True
            for console in self.consoles:
                console.thread.join()
            self.tabs.shutdown()
        report = Report(
            consoles=len(self.consoles),
            tickets=self.tickets,
            seconds=time.monotonic() - began,
            calls=0,
            commands=sum(console.commands for console in self.consoles),
            refused=sum((console.refused for console in self.consoles), Counter()),
            why=Counter(),
            call_ms=[ms for console in self.consoles for ms in console.call_ms],
            problems=list(self.failures),
        )
        judge(self, report)
        return report

    def is_over(self) -> bool:
        """Whether everybody has come and nobody waits any more; a broken console ends the morning too."""
        if self.failures:
            return True
        return self.all_came and not any(map(len, self.live.truth.hall.lines.values()))

    def _arrive(self, kiosk: FakeKiosk) -> None:
        """Visitors in batches, each batch told once the hall has nearly worked off the one before."""
        letters = {one.code: one.letters for one in self.live.truth.hall.mall.services.values()}
        for first in range(0, self.tickets, BATCH):
            count = min(BATCH, self.tickets - first)
            before = len(kiosk.events)
            for _ in range(count):
                code = f"s{min(int(self._dice.expovariate(0.15)), LINES - 1):02d}"
                kiosk.issue(code, letters[code], priority=self._dice.random() < 0.15)
                kiosk.boot_ms += BATCH_S * 1000 // BATCH - 1000
            self.world.pass_ms(BATCH_S * 1000)
            while (answer := kiosk.push(kiosk.events[before:])).status_code == 503:
                self.pause.wait(0.05)  # a busy server lets officers go first
            assert answer.status_code == 200, answer.text
            while sum(map(len, self.live.truth.hall.lines.values())) > 3 * BATCH and not self.failures:
                self.pause.wait(0.02)


def judge(rush: Rush, report: Report) -> None:
    """Read the log again from its beginning; each broken promise becomes a problem of the report."""
    hall: Hall = empty_hall(rush.live.truth.hall.mall, rush.live.truth.hall.day)
    with rush.house.running.parts.ledger.reading() as r:
        log = [accepted_of(stored) for stored in hall_log.of_day(r, hall.day)]
    calls: Counter[str] = Counter()
    hall = hall.loosened()
    for accepted in log:
        if isinstance(accepted.payload, e.TicketCalled):
            calls[accepted.payload.ticket_id] += 1
            report.why[accepted.payload.why] += 1
            report.problems += unexplained(hall, accepted, accepted.payload)
        hall = evolve(hall, accepted)
    hall = hall.settled()
    report.calls = calls.total()
    if hall != rush.live.truth.hall:
        report.problems.append("the log does not fold to the live hall")
    if len(hall.tickets) != rush.tickets:
        report.problems.append(f"{len(hall.tickets)} tickets of {rush.tickets}")
    for ticket in hall.tickets.values():
        at_a_desk = ticket.step.counter and hall.desk(ticket.step.counter).ticket_id == ticket.ticket_id
        if ticket.state not in ENDED and not at_a_desk:
            report.problems.append(f"{ticket.label} is forgotten: {ticket.state}")
        if calls[ticket.ticket_id] == 0:
            report.problems.append(f"{ticket.label} was never called")
    told = Counter(ticket_id for console in rush.consoles for ticket_id in console.called)
    for ticket_id, times in told.items():
        if times > calls[ticket_id]:
            report.problems.append(
                f"{ticket_id}: {times} consoles were told, {calls[ticket_id]} calls happened"
            )


def unexplained(hall: Hall, accepted: Accepted, call: e.TicketCalled) -> list[str]:
    """Why this call should not have been; nothing when a waiting visitor was called by the rule or for a reason."""
    ticket = hall.tickets[call.ticket_id]
    if ticket.state is not State.WAITING:
        return [f"{ticket.label} was called while {ticket.state}"]
    if hall.desk(call.counter).ticket_id is not None:
        return [f"{ticket.label} was called to {call.counter}, where somebody stood"]
    if call.why == "chosen":
        return [] if call.reason else [f"{ticket.label} was picked without a reason"]
    chosen = next_at(hall, call.counter, accepted.order_ms)
    if chosen is None or (chosen[0].ticket_id, chosen[1]) != (call.ticket_id, call.why):
        return [f"{ticket.label} was called at {call.counter} as {call.why}, the rule says {chosen}"]
    passed = (
        hall.line(ticket.step.service).earlier_than(ticket.step.place)
        if call.why in COUNTS_AS_OVERTAKING
        else ()
    )
    cap = hall.mall.policy.overtaking_cap
    return [
        f"{one} was overtaken once too often" for one in passed if hall.tickets[one].step.overtaken >= cap
    ]


def morning(folder: Path, consoles: int, tickets: int, seed: int) -> Report:
    """A whole morning in `folder`."""
    world, data = Clockwork(), crowded_mall(consoles)
    check: Mall = mall_from_dict(data)
    assert len(check.counters) == consoles
    fill(folder, data)
    with served(folder, world) as house:
        return Rush(house, world, consoles, tickets, seed).play()


def main(arguments: Sequence[str] | None = None) -> int:
    """Play one morning and tell; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.server.hundred_consoles", description=__doc__)
    parser.add_argument("--consoles", type=int, default=100)
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="antrean-rush-") as folder:
        report = morning(Path(folder), asked.consoles, asked.tickets, asked.seed)
    print(report.text())
    return int(bool(report.problems))


if __name__ == "__main__":
    sys.exit(main())
