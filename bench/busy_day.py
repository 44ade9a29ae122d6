"""One simulated busy day, event by event, through the hall's own rules: who came, when each was called, who asked.

Officers and visitors are drawn from one seed; every call is decided by `decide` and every change made by `evolve`. The
simulation knows what the estimator must not: the true pace of services and officers, their drift over the day, late
openings, breaks nobody planned.
"""

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.catalogue import Service
from antrean.domain.decide import decide
from antrean.domain.errors import RuleViolation
from antrean.domain.evolve import evolve
from antrean.domain.hall import Accepted, Hall, empty_hall
from antrean.domain.opening import openness
from antrean.domain.ticket import State
from bench.busy_mall import busy_mall

SECOND_MS, MINUTE_MS = 1_000, 60_000
OPENING_MS = 1_764_030_600_000
"""07:30 in Jakarta on Tuesday, 25 November 2025."""
CLOSING_MS = OPENING_MS + 510 * MINUTE_MS
NOON_MS = OPENING_MS + 270 * MINUTE_MS
HOUR_MS = 60 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class Shape:
    """How a day goes. Shares of visitors between 0 and 1, times in minutes.

    `load` is visits over what the counters could serve, `peak` the share of visits in the first half hour, `drift` how
    far the pace moves over the day, `late` how late counters open on average.
    """

    load: float = 0.75
    peak: float = 0.2
    priority: float = 0.15
    no_show: float = 0.07
    drift: float = 0.15
    late: float = 8.0
    idle_break: float = 0.4
    transfer: float = 0.04
    leave: float = 0.02
    unstaffed: float = 0.1
    lunch: int = 45
    lunch_shift: int = 0


Asked = Callable[[Hall, str, int, bool], None]


class BusyDay:
    """Runs a day; `asked(hall, ticket_id, now_ms, again)` is called whenever a visitor sees the range."""

    def __init__(
        self, seed: int, shape: Shape, asked: Asked, services_of_one: tuple[int, int] = (2, 10)
    ) -> None:
        self.lot = Random(f"day-{seed}")
        self.mall, self.truth = busy_mall(self.lot, services_of_one)
        self.shape, self.asked = shape, asked
        self.hall: Hall = empty_hall(self.mall, "2025-11-25")
        self.now_ms = OPENING_MS
        self.called: dict[str, int] = {}
        self.served: dict[str, list[int]] = {}
        """Serving times by service in milliseconds, in the order they ended."""
        self.events = 0
        self._agenda: list[tuple[int, int, Callable[[], object]]] = []
        self._turn = 0
        self._idle: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._lunch: dict[str, tuple[int, int]] = {}
        self._phase = self.lot.uniform(0, 2 * math.pi)

    def run(self) -> "BusyDay":
        """The whole day, until the last visitor has gone or two hours after closing."""
        self._plan_arrivals()
        self._plan_counters()
        while self._agenda:
            self.now_ms, _, act = heapq.heappop(self._agenda)
            if self.now_ms > CLOSING_MS + 2 * HOUR_MS:
                break
            act()
        return self

    # --- planning

    def _plan_arrivals(self) -> None:
        capacity = dict.fromkeys(self.mall.agencies, 0.0)
        for counter in self.mall.counters.values():
            capacity[self.mall.services[counter.services[0]].agency] += 420.0
        means = {code: self._mean_minutes(code) for code in self.mall.services}
        total = sum(capacity.values()) / math.fsum(
            self.truth.popularity[code] * means[code] for code in means
        )
        for agency, minutes in capacity.items():
            codes = [code for code, service in self.mall.services.items() if service.agency == agency]
            wanted = {code: total * self.shape.load * self.truth.popularity[code] for code in codes}
            work = math.fsum(wanted[code] * means[code] for code in codes)
            # Agencies hand out no more numbers than they can serve: quotas.
            share = min(1.0, 1.05 * minutes / work) if work else 0.0
            for code in codes:
                expected = wanted[code] * share
                for _ in range(int(expected) + (self.lot.random() < expected % 1)):
                    self._at(self._arrival_ms(), partial(self._arrive, code))

    def _mean_minutes(self, code: str) -> float:
        standard = self.mall.services[code].service_minutes
        return standard * self.truth.of_service[code] + 1.2

    def _arrival_ms(self) -> int:
        """A fifth in the first half hour, the rest falling off towards the afternoon."""
        if self.lot.random() < self.shape.peak:
            return OPENING_MS + int(30 * MINUTE_MS * self.lot.random() ** 1.3)
        while True:
            at = self.lot.random()
            morning, afternoon = math.exp(-3 * at), 0.35 * math.exp(-(((at - 0.72) / 0.12) ** 2))
            if self.lot.random() < morning + afternoon:
                return OPENING_MS + int((20 + 450 * at) * MINUTE_MS)

    def _plan_counters(self) -> None:
        partners: dict[str, list[str]] = {}
        for code, counter in self.mall.counters.items():
            partners.setdefault(self.mall.services[counter.services[0]].agency, []).append(code)
        for agency, codes in partners.items():
            noon = len(self.mall.hours_of(self._first(agency)).week[0]) > 1
            for at, code in enumerate(codes):
                if at and self.lot.random() < self.shape.unstaffed:
                    continue
                late = self.lot.expovariate(1 / self.shape.late) if self.shape.late else 0.0
                self._at(OPENING_MS + int(min(late, 90) * MINUTE_MS), partial(self._open, code))
                if noon:
                    self._lunch[code] = NOON_MS, NOON_MS + 60 * MINUTE_MS
                elif len(codes) == 1 or at < len(codes) // 2:
                    begin = NOON_MS + int(self.lot.uniform(-20, 15) * MINUTE_MS)
                    self._lunch[code] = begin, begin + 45 * MINUTE_MS
                else:
                    begin = NOON_MS + int(self.lot.uniform(35, 60) * MINUTE_MS)
                    self._lunch[code] = begin, begin + 45 * MINUTE_MS
                if self.shape.lunch == 0 and not noon:
                    del self._lunch[code]
                elif not noon:
                    begin = self._lunch[code][0]
                    begin += self.shape.lunch_shift * MINUTE_MS
                    self._lunch[code] = begin, begin + self.shape.lunch * MINUTE_MS
                if code in self._lunch:
                    self._at(self._lunch[code][0], partial(self._lunch_idle, code))

    def _first(self, agency: str) -> Service:
        return next(service for service in self.mall.services.values() if service.agency == agency)

    # --- the agenda

    def _at(self, at_ms: int, act: Callable[[], object]) -> None:
        self._turn += 1
        heapq.heappush(self._agenda, (at_ms, self._turn, act))

    def _after(self, seconds: float, act: Callable[[], object]) -> None:
        self._at(self.now_ms + max(int(seconds * SECOND_MS), 1), act)

    def _tell(self, payload: e.Payload, device: str = "server") -> None:
        self.events += 1
        accepted = Accepted(self.events, self.now_ms, device, f"e{self.events}", payload)
        self.hall = evolve(self.hall, accepted)
        if isinstance(payload, e.TicketCalled):
            self.called.setdefault(payload.ticket_id, self.now_ms)
        elif isinstance(payload, e.ServiceFinished):
            step = self.hall.tickets[payload.ticket_id].step
            self.served.setdefault(step.service, []).append(self.now_ms - (step.started_ms or self.now_ms))

    def _do(self, command: c.Command) -> bool:
        """Whether the command was allowed and did something."""
        try:
            events = decide(self.hall, command, self.now_ms)
        except RuleViolation:
            return False
        for event in events:
            self._tell(event)
        return bool(events)

    # --- visitors

    def _arrive(self, service: str) -> None:
        if self.now_ms >= CLOSING_MS - 20 * MINUTE_MS:
            return
        if not (now := openness(self.mall, self.mall.services[service], self.now_ms)).open:
            # The kiosk gives no number during a published pause: the visitor comes again after it.
            self._at(
                (now.opens_ms or 0) + int(self.lot.expovariate(1 / 10) * MINUTE_MS),
                partial(self._arrive, service),
            )
            return
        series = self.mall.services[service].letters
        number = self._numbers[series] = self._numbers.get(series, 0) + 1
        ticket_id = f"00000000-0000-7000-8000-{self.events:012d}"
        priority = self.lot.random() < self.shape.priority
        issued = e.TicketIssued(
            ticket_id=ticket_id,
            service=service,
            series=series,
            issuer="1",
            generation=1,
            number=number,
            day=self.hall.day,
            priority=priority,
            language="id",
            channel="kiosk",
            assisted=False,
        )
        self._tell(issued, "kiosk")
        self.asked(self.hall, ticket_id, self.now_ms, False)
        if self.lot.random() < 0.5:
            self._after(60 * self.lot.uniform(2, 60), partial(self._look_again, ticket_id))
        if self.lot.random() < self.shape.leave:
            self._after(60 * self.lot.uniform(10, 60), partial(self._leave, ticket_id))
        self._wake(service)

    def _look_again(self, ticket_id: str) -> None:
        if self.hall.tickets[ticket_id].state is State.WAITING and ticket_id not in self.called:
            self.asked(self.hall, ticket_id, self.now_ms, True)

    def _leave(self, ticket_id: str) -> None:
        if self.hall.tickets[ticket_id].state is State.WAITING:
            self._do(c.Cancel(ticket=ticket_id, reason="left"))

    def _wake(self, service: str) -> None:
        """An idle officer sees the number on the console and calls after a moment."""
        for code in sorted(self._idle):
            if service in self._serves(code):
                self._idle.discard(code)
                self._after(self.lot.uniform(3, 40), partial(self._next, code))
                return

    def _serves(self, code: str) -> tuple[str, ...]:
        return self.hall.services_of(code)

    # --- officers

    def _open(self, code: str) -> None:
        self._do(c.OpenCounter(counter=code, officer=f"o{code}"))
        self._next(code)

    def _next(self, code: str) -> None:
        if self._pauses(code):
            return
        if self.now_ms >= CLOSING_MS and not any(len(self.hall.line(one)) for one in self._serves(code)):
            self._do(c.CloseCounter(counter=code))
            return
        self._do(c.CallNext(counter=code))
        desk = self.hall.desk(code)
        if desk.ticket_id is None:
            self._idle.add(code)
        else:
            self._await(code, desk.ticket_id)

    def _pauses(self, code: str) -> bool:
        """Lunch when it is due, and now and then a short break."""
        lunch = self._lunch.get(code)
        reason, minutes, told = "", 0.0, 0
        if lunch is not None and self.now_ms >= lunch[0]:
            del self._lunch[code]
            if self.now_ms >= lunch[1]:
                return False
            reason, minutes = "istirahat", (lunch[1] - self.now_ms) / MINUTE_MS
            told = round(minutes) if self.lot.random() < 0.8 else 0
        elif self.lot.random() < self.shape.idle_break / 30:
            reason, minutes = "toilet", self.lot.uniform(4, 15)
            told = 10 if self.lot.random() < 0.5 else 0
        if not reason:
            return False
        self._finish_first(code)
        if not self._do(c.StartBreak(counter=code, reason=reason, minutes=told)):
            return False
        self._after(60 * (minutes + self.lot.expovariate(1 / 3)), partial(self._back, code))
        return True

    def _finish_first(self, code: str) -> None:
        ticket_id = self.hall.desk(code).ticket_id
        if ticket_id is not None and self.hall.tickets[ticket_id].state is State.SERVING:
            self._do(c.Finish(counter=code))

    def _lunch_idle(self, code: str) -> None:
        """Who has nobody goes to lunch on time."""
        if code in self._idle:
            self._idle.discard(code)
            self._pauses(code)

    def _back(self, code: str) -> None:
        self._do(c.EndBreak(counter=code))
        self._next(code)

    def _await(self, code: str, ticket_id: str) -> None:
        if self.lot.random() < self.shape.no_show:
            self._after(45, partial(self._do, c.Recall(counter=code)))
            self._after(90, partial(self._do, c.Recall(counter=code)))
            self._after(130, partial(self._gone, code, ticket_id))
        else:
            self._after(self.lot.uniform(10, 70), partial(self._start, code, ticket_id))

    def _gone(self, code: str, ticket_id: str) -> None:
        self._do(c.Absent(counter=code))
        if self.lot.random() < 0.3:
            self._after(self.lot.uniform(180, 900), partial(self._come_back, code, ticket_id))
        self._next(code)

    def _come_back(self, code: str, ticket_id: str) -> None:
        if self.hall.tickets[ticket_id].state is State.NO_SHOW:
            self._do(c.Return(counter=code, ticket=ticket_id))
            self._wake(self.hall.tickets[ticket_id].step.service)

    def _start(self, code: str, ticket_id: str) -> None:
        self._do(c.Start(counter=code))
        minutes = self._serving_minutes(code, self.hall.tickets[ticket_id].step.service)
        self._after(60 * minutes, partial(self._done, code, ticket_id))

    def _serving_minutes(self, code: str, service: str) -> float:
        spread = self.truth.spread[service]
        sigma = math.sqrt(math.log(1 + spread**2))
        day = (self.now_ms - OPENING_MS) / (CLOSING_MS - OPENING_MS)
        drift = 1 + self.shape.drift * math.sin(self._phase + 2 * math.pi * day)
        mean = self.mall.services[service].service_minutes * self.truth.of_service[service] * drift
        return mean * self.truth.of_officer[code] * self.lot.lognormvariate(-(sigma**2) / 2, sigma)

    def _done(self, code: str, ticket_id: str) -> None:
        chance = self.lot.random()
        if chance < self.shape.transfer:
            others = [
                one for one in self.mall.services if one.rpartition("-")[0] == self._agency_of(ticket_id)
            ]
            to = self.lot.choice(others)
            self._do(c.Transfer(counter=code, service=to, place=self.lot.choice(("arrival", "end", "front"))))
            self._wake(to)
        elif chance < 0.5:
            self._do(c.Finish(counter=code))
        self._after(self.lot.lognormvariate(2.8, 0.7), partial(self._next, code))

    def _agency_of(self, ticket_id: str) -> str:
        return self.mall.services[self.hall.tickets[ticket_id].step.service].agency


def shaped(name: str) -> Shape:
    """The days the estimator is judged on, by name."""
    plain = Shape()
    return {
        "usual": plain,
        "crowded": replace(plain, load=1.0, peak=0.3, late=4.0),
        "quiet": replace(plain, load=0.55, peak=0.12),
        "sluggish": replace(plain, drift=0.35, late=20.0, no_show=0.12, idle_break=1.2),
        "privileged": replace(plain, priority=0.3),
        "friday": replace(plain, lunch=75, lunch_shift=-30),
        "no lunch": replace(plain, lunch=0),
        "thin": replace(plain, unstaffed=0.35, load=0.5),
    }[name]
