"""What a manager learns of bookings: kept in time, early, late, missed, cancelled, sold too often; beside walk-ins."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from antrean.domain.booked import how_kept
from antrean.domain.booking import EARLY, IN_TIME, LATE, Booking, BookingStatus
from antrean.domain.catalogue import Mall
from antrean.domain.opening import local_day
from antrean.domain.slots import slots_on
from antrean.domain.waits import Visit

GROUPS = ("day", "service")
PRESENT = (BookingStatus.ARRIVED, BookingStatus.FULFILLED)


@dataclass(frozen=True, slots=True)
class BookingTally:
    """One group of days or services ("" where it is not grouped by that).

    `booked` are all bookings that were not cancelled before anybody came, `cancelled` those that were. Of the booked
    came `in_time`, `early` or `late`; `noshow` are those the mall has said so of. `overbooked` counts arrivals above
    what their slot holds. `walk_in` are the visitors without a booking. Waits are medians from arrival to call, None
    when nobody was called.
    """

    day: str
    service: str
    booked: int
    in_time: int
    early: int
    late: int
    noshow: int
    cancelled: int
    overbooked: int
    walk_in: int
    booked_wait_ms: int | None
    walk_in_wait_ms: int | None

    @property
    def arrived(self) -> int:
        """The bookings somebody came with."""
        return self.in_time + self.early + self.late

    def to_dict(self) -> dict[str, Any]:
        """The wire form."""
        return {
            "day": self.day,
            "service": self.service,
            "booked": self.booked,
            "in_time": self.in_time,
            "early": self.early,
            "late": self.late,
            "noshow": self.noshow,
            "cancelled": self.cancelled,
            "overbooked": self.overbooked,
            "walk_in": self.walk_in,
            "booked_wait_ms": self.booked_wait_ms,
            "walk_in_wait_ms": self.walk_in_wait_ms,
        }


@dataclass(slots=True)
class _Group:
    came: Counter[str] = field(default_factory=Counter)
    said: Counter[BookingStatus] = field(default_factory=Counter)
    slots: Counter[tuple[str, int]] = field(default_factory=Counter)
    walk_in: int = 0
    booked_waits: list[int] = field(default_factory=list)
    walk_in_waits: list[int] = field(default_factory=list)


def booking_report(
    mall: Mall,
    visits: Iterable[Visit],
    bookings: Iterable[tuple[Booking, BookingStatus]],
    by: tuple[str, ...] = GROUPS,
) -> tuple[BookingTally, ...]:
    """Tallies by day and service, or by those of GROUPS that are named; in the order of days, then of services.

    `visits` are all of a range of days, by arrival (see `waits.VisitFold`), `bookings` those whose slots lie in it. Who
    came is told by the visits alone: such a booking counts once, on the day somebody came with it and in the service
    they came for, also when the outside moved it afterwards or never told of it. Only the first step of a visit is
    somebody who came.
    """
    groups: dict[tuple[str, str], _Group] = {}

    def group(day: str, service: str) -> _Group:
        return groups.setdefault((day if "day" in by else "", service if "service" in by else ""), _Group())

    came = set[tuple[str, str]]()
    for visit in _first_steps(visits):
        if visit.booking in came:
            continue
        day = local_day(mall.timezone, visit.arrived_ms).isoformat()
        found, waited = group(day, visit.service), visit.waited_ms
        if visit.booking is None:
            found.walk_in += 1
            found.walk_in_waits += [] if waited is None else [waited]
            continue
        came.add(visit.booking)
        found.came[how_kept(mall, visit.service, visit.slot_ms, visit.arrived_ms)] += 1
        found.slots[visit.service, visit.slot_ms] += 1
        found.booked_waits += [] if waited is None else [waited]
    for booking, status in bookings:
        if (booking.source, booking.booking_id) not in came and status not in PRESENT:
            day = local_day(mall.timezone, booking.start_ms).isoformat()
            group(day, booking.service).said[status] += 1
    capacities = _Capacities(mall)
    return tuple(
        _tally(key, groups[key], capacities) for key in sorted(groups, key=lambda key: _order(mall, key))
    )


def _first_steps(visits: Iterable[Visit]) -> Iterable[Visit]:
    seen = set[str]()
    for visit in visits:
        if visit.ticket_id not in seen:
            seen.add(visit.ticket_id)
            yield visit


def _order(mall: Mall, key: tuple[str, str]) -> tuple[str, int, str]:
    day, service = key
    codes = list(mall.services)
    return day, codes.index(service) if service in mall.services else len(codes), service


class _Capacities:
    """What slots hold, by service and start; None for a slot that is not of the mall's own grid."""

    def __init__(self, mall: Mall) -> None:
        self._mall = mall
        self._days: dict[tuple[str, str], Mapping[int, int]] = {}

    def of(self, code: str, slot_ms: int) -> int | None:
        service = self._mall.services.get(code)
        if service is None:
            return None
        day = local_day(self._mall.timezone, slot_ms)
        key = (code, day.isoformat())
        if key not in self._days:
            self._days[key] = {slot.start_ms: slot.capacity for slot in slots_on(self._mall, service, day)}
        return self._days[key].get(slot_ms)


def _tally(key: tuple[str, str], group: _Group, capacities: _Capacities) -> BookingTally:
    too_many = 0
    for (service, slot_ms), came in group.slots.items():
        capacity = capacities.of(service, slot_ms)
        too_many += max(came - capacity, 0) if capacity is not None else 0
    cancelled = group.said[BookingStatus.CANCELLED]
    return BookingTally(
        day=key[0],
        service=key[1],
        booked=group.said.total() - cancelled + group.came.total(),
        in_time=group.came[IN_TIME],
        early=group.came[EARLY],
        late=group.came[LATE],
        noshow=group.said[BookingStatus.NOSHOW],
        cancelled=cancelled,
        overbooked=too_many,
        walk_in=group.walk_in,
        booked_wait_ms=_median(group.booked_waits),
        walk_in_wait_ms=_median(group.walk_in_waits),
    )


def _median(values: list[int]) -> int | None:
    return int(median(values)) if values else None
