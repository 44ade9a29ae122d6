"""What lies before the people of one hall at one moment: who serves, at which pace, and the run of the calls to come.

Made once for many estimates of one hall. Lines that share counters form a pool; each pool is run through once.
"""

import datetime
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from antrean.domain.catalogue import Hours
from antrean.domain.choice import help_limits
from antrean.domain.hall import CounterState, Hall, counter_state
from antrean.domain.pace import MINUTE_MS, agency_key
from antrean.domain.rollout import Rollout, RunDesk, RunLine, rolled_out
from antrean.domain.ticket import Place
from antrean.domain.usual_times import UsualTimes

ABSENT = (CounterState.CLOSED, CounterState.BREAK)
REACTION_MS = 20_000
"""An idle officer calls so soon after somebody came."""
OVERDUE_MS = 3 * MINUTE_MS
"""Officers come back from a break so long after they said."""
LONG_OVERDUE_MS = 30 * MINUTE_MS
"""Nobody counts on a counter whose break should have ended so long ago."""
SOON_MS, SOON_CHANCE, SOON_FADES_MS = 12 * MINUTE_MS, 0.9, 25 * MINUTE_MS
"""A counter that has not opened yet opens so soon with this chance, less likely the longer the day runs."""
HOUR_MS = 60 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class Staffing:
    """Which counters are staffed now, and how many of them serve each service."""

    states: Mapping[str, CounterState]
    serving: Mapping[str, int]


def staffing(hall: Hall) -> Staffing:
    """Who serves what now."""
    states = {code: counter_state(hall, code) for code in hall.mall.counters}
    open_now = {code: state for code, state in states.items() if state not in ABSENT}
    return Staffing(open_now, Counter(service for code in open_now for service in hall.services_of(code)))


@dataclass(frozen=True, slots=True)
class Pool:
    """Lines that share counters: the run of their calls, a usual cycle in ms, counters, observations so far, and how
    many visitors with priority come to them in a millisecond.
    """

    run: Rollout
    cycle_ms: float
    counters: int
    seen: float
    urgent: float


class Outlook:
    """The pools of a hall at `now_ms`, each made when first asked for."""

    def __init__(self, hall: Hall, now_ms: int) -> None:
        self.hall, self.now_ms, self.staff = hall, now_ms, staffing(hall)
        self._coming = {
            code: desk.break_until_ms + OVERDUE_MS
            for code, desk in hall.desks.items()
            if desk.break_until_ms is not None
            and code in hall.mall.counters
            and desk.break_until_ms > now_ms - LONG_OVERDUE_MS
        }
        self._at: dict[str, list[str]] = {}
        for code in (*self.staff.states, *self._coming):
            for service in (*hall.services_of(code), *help_limits(hall, code)):
                self._at.setdefault(service, []).append(code)
        self._catalogued: dict[str, list[str]] | None = None
        self._lines_of: dict[tuple[str, ...], frozenset[str]] = {}
        self._ahead: dict[tuple[str, ...], int] = {}
        self._pools: dict[str, Pool] = {}
        self._unopened = [code for code in hall.mall.counters if hall.desk(code).since_ms is None]
        self._times = UsualTimes(hall, now_ms, self.staff.states)

    def pool(self, service: str) -> Pool | None:
        """The pool of a service's line; None without a counter that serves it or has said when it will."""
        if service not in self._at:
            return None
        found = self._pools.get(service)
        return self._made(service) if found is None else found

    def people_ahead(self, service: str, place: Place | None = None) -> int:
        """How many wait with an earlier place than `place` (None: than somebody who comes now) at the same counters.

        Counted over every line that the service's staffed counters serve, because officers call from all of them;
        over those of all its counters while none is staffed.
        """
        hall = self.hall
        counters = tuple(
            code
            for code in self._at.get(service, ())
            if code in self.staff.states and service in hall.services_of(code)
        ) or tuple(self._all_at(service))
        if place is None and service in (found := self._same_lines(counters)):
            if counters not in self._ahead:
                self._ahead[counters] = sum(len(hall.line(code)) for code in found)
            return self._ahead[counters]
        lines = [hall.line(code) for code in {service, *self._same_lines(counters)}]
        return sum(len(line) if place is None else line.ahead_of(place) for line in lines)

    def _same_lines(self, counters: tuple[str, ...]) -> frozenset[str]:
        found = self._lines_of.get(counters)
        if found is None:
            found = frozenset(code for counter in counters for code in self.hall.services_of(counter))
            self._lines_of[counters] = found
        return found

    def _all_at(self, service: str) -> Sequence[str]:
        """Every counter that serves a service, staffed or not."""
        if self._catalogued is None:
            self._catalogued = {}
            for code in self.hall.mall.counters:
                for served in self.hall.services_of(code):
                    self._catalogued.setdefault(served, []).append(code)
        return self._catalogued.get(service, ())

    def line_of(self, service: str, place: Place) -> str:
        """The name in its pool of the line in which that place waits."""
        pinned = next((code for code, other in self.hall.line(service).pins if other == place), "")
        return pin_line(service, pinned) if pinned else service

    def _made(self, service: str) -> Pool:
        hall, counters, codes = self.hall, dict[str, None](), {service: None}
        todo = [service]
        while todo:
            for counter in self._at.get(todo.pop(), ()):
                if counter in counters:
                    continue
                counters[counter] = None
                fresh = [
                    code
                    for code in (*hall.services_of(counter), *help_limits(hall, counter))
                    if code not in codes
                ]
                codes.update(dict.fromkeys(fresh))
                todo += fresh
        lines = self._lines(codes)
        run = rolled_out(self._desks(counters, lines), lines)
        weighted = [(line.cycle_ms, len(line.keys)) for line in lines.values()]
        waiting = sum(count for _, count in weighted)
        cycle = (
            sum(cycle * count for cycle, count in weighted) / waiting
            if waiting
            else sum(cycle for cycle, _ in weighted) / len(weighted)
        )
        seen = hall.pace.tempo(agency_key(hall.mall.services[service].agency)).weight
        urgent = sum(hall.pace.urgent(code, self.now_ms) for code in codes)
        pool = Pool(run, cycle, len(counters), seen, urgent)
        self._pools.update(dict.fromkeys(codes, pool))
        return pool

    def _lines(self, codes: Mapping[str, None]) -> dict[str, RunLine]:
        lines, gap = dict[str, RunLine](), self.hall.pace.gap_ms
        for code in codes:
            line, cycle = self.hall.line(code), self._times.held_ms(code) + gap
            keys = [place.key_ms for place in line.by_key]
            if line.returned:
                keys = sorted([*keys, *(place.key_ms for _, place in line.returned)])
            for counter, place in line.pins:
                keys.remove(place.key_ms)
                name = pin_line(code, counter)
                before = lines[name].keys if name in lines else ()
                lines[name] = RunLine(sorted([*before, place.key_ms]), cycle)
            lines[code] = RunLine(keys, cycle)
        return lines

    def _desks(self, counters: Mapping[str, None], lines: Mapping[str, RunLine]) -> list[RunDesk]:
        """The pool's counters, those at work freed one after another as strangers' times end, not all at the mean."""
        hall, now_ms = self.hall, self.now_ms
        free = sorted((self._left_ms(code), code) for code in counters)
        at_work = [code for left, code in free if left > REACTION_MS]
        part = {code: 2 * (at + 1) / (len(at_work) + 1) for at, code in enumerate(at_work)}
        desks = [
            RunDesk(
                now_ms + left * part.get(code, 1),
                self._lines_at(code, lines),
                help_limits(hall, code),
                self._pause(code),
            )
            for left, code in free
        ]
        return desks + self._soon(lines)

    def _lines_at(self, counter: str, lines: Mapping[str, RunLine]) -> list[str]:
        own = self.hall.services_of(counter)
        return [*own, *(name for code in own if (name := pin_line(code, counter)) in lines)]

    def _soon(self, lines: Mapping[str, RunLine]) -> list[RunDesk]:
        """Counters that have not opened today, in the first hour of their day."""
        hall, desks = self.hall, list[RunDesk]()
        for code in self._unopened:
            own = [service for service in hall.services_of(code) if service in lines]
            if not own:
                continue
            gone = self.now_ms - day_of(hall, own[0])[0]
            if 0 <= gone < HOUR_MS:
                slow = math.exp(gone / SOON_FADES_MS) / SOON_CHANCE
                desks.append(RunDesk(float(self.now_ms + SOON_MS), own, slow=slow))
        return desks

    def _pause(self, counter: str) -> tuple[float, float] | None:
        """The next published pause of what the counter serves."""
        served = self.hall.services_of(counter)
        pauses = day_of(self.hall, served[0])[1] if served else ()
        return next((pause for pause in pauses if pause[0] > self.now_ms), None)

    def _left_ms(self, counter: str) -> float:
        """How long until the counter can call, on average."""
        back_ms = self._coming.get(counter)
        if back_ms is not None:
            return max(back_ms - self.now_ms, OVERDUE_MS)
        desk = self.hall.desk(counter)
        if desk.ticket_id is None:
            return REACTION_MS
        service = self.hall.tickets[desk.ticket_id].step.service
        return self._times.left_ms(service, desk.since_ms) + self.hall.pace.gap_ms


def pin_line(service: str, counter: str) -> str:
    """The name of the line of those whom only this counter calls."""
    return f"{service} {counter}"


def day_of(hall: Hall, service: str) -> tuple[int, tuple[tuple[float, float], ...]]:
    """When the service's day begins, and its published pauses, in server milliseconds; (0, ()) on a closed day."""
    found = hall.mall.services[service]
    return _day(hall.mall.hours_of(found), hall.mall.timezone, hall.day)


@lru_cache(256)
def _day(hours: Hours, timezone: str, day: str) -> tuple[int, tuple[tuple[float, float], ...]]:
    date = datetime.date.fromisoformat(day)
    midnight = (
        datetime.datetime(date.year, date.month, date.day, tzinfo=ZoneInfo(timezone)).timestamp() * 1000
    )
    today = hours.on(date)
    pauses = tuple(
        (midnight + one.end * MINUTE_MS, midnight + other.start * MINUTE_MS) for one, other in pairwise(today)
    )
    return (int(midnight) + today[0].start * MINUTE_MS if today else 0), pauses
