"""Wait-time reports: fold accepted events of any range into visits, group them, and say their percentiles.

A row is one step of a ticket: it waited from its arrival to its last call and was served from start to finish. Steps
that nobody finished by hand (closed by the end of the day) count as served but stay out of the averages; the report
says how many were left out.
"""

import datetime
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from antrean.domain import events as e
from antrean.domain.catalogue import Mall
from antrean.domain.hall import Accepted
from antrean.domain.one_booking import Candidate, verdict

GROUPS = ("service", "hour", "counter", "agency", "day")
GONE = frozenset({"cancelled", "expired"})
"""Outcomes after which the visitor may come with the same booking again."""
OF_WHAT_WAS_GIVEN = ("service", "agency")
"""Groups in which a delivery belongs to the service delivered, not to the step in which it was recorded."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One step as the report sees it; moments in server milliseconds.

    `assist_reason` is "" and `assist_minutes` 0 where nobody said; both are of the ticket and follow it through its
    steps. `delivered` is what officers recorded in this step, as (service, quantity). `booking` is the booking (source
    and id) whose slot at `slot_ms` this step kept, None for everybody else.
    """

    ticket_id: str
    service: str
    arrived_ms: int
    priority: bool
    assisted: bool
    called_ms: int | None = None
    started_ms: int | None = None
    ended_ms: int | None = None
    counter: str | None = None
    outcome: str = "waiting"
    came_late: bool = False
    assist_reason: str = ""
    assist_minutes: int = 0
    delivered: tuple[tuple[str, int], ...] = ()
    booking: tuple[str, str] | None = None
    slot_ms: int = 0

    @property
    def given(self) -> tuple[tuple[str, int], ...]:
        """What was delivered: as recorded, else one of its own service if the step was finished."""
        return self.delivered or (((self.service, 1),) if self.outcome == "completed" else ())

    @property
    def waited_ms(self) -> int | None:
        """From arrival to call, None when never called."""
        return None if self.called_ms is None else self.called_ms - self.arrived_ms

    @property
    def served_ms(self) -> int | None:
        """From start to a confirmed finish, None otherwise."""
        done = self.outcome in ("completed", "transferred")
        if not done or self.started_ms is None or self.ended_ms is None:
            return None
        return self.ended_ms - self.started_ms


class VisitFold:
    """Folds events into visits one at a time, so that a year streams through without a year in memory at once."""

    def __init__(self) -> None:
        self._open: dict[str, Visit] = {}
        self._done: list[Visit] = []
        self._bookings: dict[tuple[str, str], str] = {}

    def add(self, accepted: Accepted) -> None:
        """Take one more event, in the server's order."""
        event, at = accepted.payload, accepted.order_ms
        if isinstance(event, e.TicketIssued):
            if event.ticket_id in self._open:
                return  # a restored kiosk image told again what was known
            self._open[event.ticket_id] = Visit(
                event.ticket_id, event.service, at, event.priority, event.assisted
            )
            return
        if isinstance(event, e.TicketReadmitted):
            arrived_ms = min(event.arrived_ms, at) if event.anchored else at
            self._open.setdefault(
                event.ticket_id,
                Visit(event.ticket_id, event.service, arrived_ms, event.priority, event.assisted),
            )
            return
        if isinstance(event, e.BookingArrived | e.BookingMatched):
            self._book(event)
            return
        if not isinstance(event, e.TicketMove | e.TicketExpired | e.AssistanceGiven):
            return
        visit = self._open.get(event.ticket_id)
        if visit is None:
            return
        self._open[event.ticket_id] = _after(visit, event, at)
        if isinstance(event, e.TicketTransferred | e.VisitContinued):
            self._done.append(self._open[event.ticket_id])
            self._open[event.ticket_id] = Visit(
                event.ticket_id,
                event.service,
                at,
                visit.priority,
                visit.assisted,
                assist_reason=visit.assist_reason,
                assist_minutes=visit.assist_minutes,
            )
        elif isinstance(event, e.ContinuationUndone):
            self._go_back(event.ticket_id)

    def _book(self, event: e.BookingArrived | e.BookingMatched) -> None:
        """The visit kept a booking; of two numbers of one visitor only the one that stands is a visit."""
        visit = self._open.get(event.ticket_id)
        if visit is None or visit.booking is not None:
            return
        key = (event.source, event.booking_id)
        comer = self._open[event.ticket_id] = replace(visit, booking=key, slot_ms=event.slot_ms)
        holder = self._open.get(self._bookings.get(key, ""))
        if holder is None or holder.outcome in GONE:
            self._bookings[key] = event.ticket_id
            return
        found = verdict(_candidate(holder), _candidate(comer))
        self._bookings[key] = found.stands
        if found.alias:
            del self._open[found.alias]

    def _go_back(self, ticket_id: str) -> None:
        """The step before is the current one again; the one that had begun to wait never was."""
        for place in range(len(self._done) - 1, -1, -1):
            if self._done[place].ticket_id == ticket_id:
                self._open[ticket_id] = self._done.pop(place)
                return

    def visits(self) -> tuple[Visit, ...]:
        """All visits so far, the unfinished ones too, by arrival."""
        return tuple(sorted((*self._done, *self._open.values()), key=lambda visit: visit.arrived_ms))


def _candidate(visit: Visit) -> Candidate:
    fresh = visit.outcome == "waiting" and visit.called_ms is None
    return Candidate(
        visit.arrived_ms, visit.ticket_id, fresh, visit.ended_ms if visit.outcome == "no_show" else None
    )


def _after(visit: Visit, event: e.Payload, at: int) -> Visit:
    match event:
        case e.TicketCalled():
            return replace(visit, called_ms=at, counter=event.counter, outcome="called")
        case e.CallUndone():
            return replace(visit, called_ms=None, counter=None, outcome="waiting")
        case e.ServiceStarted():
            return replace(visit, started_ms=at, counter=event.counter, outcome="serving")
        case e.TicketHeld():
            return replace(visit, outcome="on_hold")
        case e.TicketResumed() | e.TicketReopened():
            return replace(visit, ended_ms=None, outcome="serving")
        case e.TicketCalledBack():
            return replace(visit, outcome="called")
        case e.ServiceFinished():
            return replace(visit, ended_ms=at, outcome="completed")
        case e.TicketTransferred():
            return replace(visit, ended_ms=at, outcome="transferred")
        case e.TicketAbsent():
            return replace(visit, ended_ms=at, outcome="no_show")
        case e.TicketReturned():
            return replace(visit, called_ms=None, ended_ms=None, outcome="waiting")
        case e.TicketCancelled():
            return replace(visit, ended_ms=at, outcome="cancelled")
        case e.TicketExpired():
            unconfirmed = visit.outcome == "serving"
            late = event.state == e.CAME_LATE
            return replace(
                visit, ended_ms=at, outcome="unconfirmed" if unconfirmed else "expired", came_late=late
            )
        case e.PrioritySet():
            return replace(visit, priority=event.priority)
        case e.ServiceDelivered():
            said = {**dict(visit.delivered), event.service: event.quantity}
            return replace(visit, delivered=tuple((code, count) for code, count in said.items() if count))
        case e.AssistanceGiven():
            return replace(visit, assist_reason=event.reason, assist_minutes=event.minutes)
    return visit


def visits_of(log: Iterable[Accepted]) -> tuple[Visit, ...]:
    """The visits of a log."""
    fold = VisitFold()
    for accepted in log:
        fold.add(accepted)
    return fold.visits()


def percentile(values: Sequence[int], share: float) -> int | None:
    """The smallest value that at least `share` of all values do not exceed (nearest rank); None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)), 1) - 1]


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in milliseconds: half, eight and nine of ten took no longer; None of nothing."""

    count: int
    p50_ms: int | None
    p80_ms: int | None
    p90_ms: int | None
    max_ms: int | None

    def to_dict(self) -> dict[str, int | None]:
        """The wire form."""
        return {
            "count": self.count,
            "p50_ms": self.p50_ms,
            "p80_ms": self.p80_ms,
            "p90_ms": self.p90_ms,
            "max_ms": self.max_ms,
        }


def spread(values: Sequence[int]) -> Spread:
    """The percentiles of some durations."""
    return Spread(
        len(values),
        percentile(values, 0.5),
        percentile(values, 0.8),
        percentile(values, 0.9),
        max(values, default=None),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a report: a group with its counts by outcome and its two spreads.

    `issued` counts steps: a visit of three services is one in each of them; `tickets` counts each number once.
    `delivered` is how many services were delivered (see `Visit.given`); by service or agency it counts those of that
    service or agency, in whichever step they were recorded.
    `came_late` counts tickets that reached the server only after their day had closed (a kiosk was out of contact).
    `assisted` counts tickets that staff took for their visitors, by reason ("" where nobody said), each ticket once;
    `assist_minutes` is the help they needed.
    """

    key: str
    issued: int
    outcomes: Mapping[str, int]
    late: int
    wait: Spread
    serve: Spread
    came_late: int = 0
    assisted: Mapping[str, int] = field(default_factory=dict)
    assist_minutes: int = 0
    tickets: int = 0
    delivered: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The wire form."""
        return {
            "key": self.key,
            "issued": self.issued,
            "tickets": self.tickets,
            "delivered": self.delivered,
            "outcomes": dict(self.outcomes),
            "late": self.late,
            "came_late": self.came_late,
            "assisted": dict(self.assisted),
            "assist_minutes": self.assist_minutes,
            "wait": self.wait.to_dict(),
            "serve": self.serve.to_dict(),
        }


def report(visits: Iterable[Visit], mall: Mall, by: str) -> tuple[Row, ...]:
    """Group visits by service, hour (of arrival, "09"), counter, agency or day; rows in order of their key.

    `late` counts those who waited longer than the service promises. By counter, only called visits are counted.
    """
    key = _key(mall, by)
    groups: dict[str, list[Visit]] = {}
    given = Counter[str]()
    for visit in visits:
        name = key(visit)
        if name is not None:
            groups.setdefault(name, []).append(visit)
        for code, count in visit.given if by in OF_WHAT_WAS_GIVEN else ():
            what = key(replace(visit, service=code)) or code
            given[what] += count
            groups.setdefault(what, [])
    rows = (summary(name, groups[name], mall) for name in sorted(groups, key=_natural))
    return tuple(replace(row, delivered=given[row.key]) if by in OF_WHAT_WAS_GIVEN else row for row in rows)


def summary(key: str, visits: Sequence[Visit], mall: Mall) -> Row:
    """One row over all the given visits."""
    outcomes: dict[str, int] = {}
    for visit in visits:
        outcomes[visit.outcome] = outcomes.get(visit.outcome, 0) + 1
    waits = [visit.waited_ms for visit in visits if visit.waited_ms is not None]
    serves = [visit.served_ms for visit in visits if visit.served_ms is not None]
    helped = assisted(visits)
    return Row(
        key,
        len(visits),
        outcomes,
        sum(1 for visit in visits if _late(visit, mall)),
        spread(waits),
        spread(serves),
        sum(1 for visit in visits if visit.came_late),
        Counter(visit.assist_reason for visit in helped),
        sum(visit.assist_minutes for visit in helped),
        len({visit.ticket_id for visit in visits}),
        sum(count for visit in visits for _, count in visit.given),
    )


def assisted(visits: Iterable[Visit]) -> tuple[Visit, ...]:
    """One visit of each assisted ticket, however many services it went through."""
    return tuple({visit.ticket_id: visit for visit in visits if visit.assisted}.values())


def _late(visit: Visit, mall: Mall) -> bool:
    service = mall.services.get(visit.service)
    return (
        service is not None
        and visit.waited_ms is not None
        and visit.waited_ms > service.promise_minutes * 60_000
    )


def _key(mall: Mall, by: str) -> Callable[[Visit], str | None]:
    zone = ZoneInfo(mall.timezone)

    def local(visit: Visit) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(visit.arrived_ms / 1000, zone)

    def agency(visit: Visit) -> str:
        service = mall.services.get(visit.service)
        return service.agency if service else visit.service

    keys: dict[str, Callable[[Visit], str | None]] = {
        "service": lambda visit: visit.service,
        "agency": agency,
        "counter": lambda visit: visit.counter,
        "hour": lambda visit: f"{local(visit).hour:02d}",
        "day": lambda visit: local(visit).date().isoformat(),
    }
    return keys[by]


def _natural(key: str) -> tuple[int, str]:
    return (int(key), key) if key.isdigit() else (10**9, key)
