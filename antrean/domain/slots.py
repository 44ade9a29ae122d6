"""Which slots of a day may be booked, and how many visitors each may be sold to.

Slots lie inside the opening hours, one after another from the start of each stretch. Of what a service can do in an
hour only a part is sold; the rest is for those who walk in, always.
"""

import datetime
from dataclasses import dataclass

from antrean.domain.catalogue import BookingRule, Mall, Service
from antrean.domain.opening import open_stretches

MINUTE_MS = 60_000
HOUR_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of time (server ms) that may be booked `capacity` times, at least once."""

    start_ms: int
    end_ms: int
    capacity: int


def slots_on(mall: Mall, service: Service, day: datetime.date) -> tuple[Slot, ...]:
    """The slots of `service` on a local day, in order; empty without a rule, on holidays, blackouts and closed days.

    Lengths are real minutes, also on a day whose clocks change.
    """
    rule = service.booking
    if rule is None or day in rule.blackouts:
        return ()
    step_ms = rule.slot_minutes * MINUTE_MS
    found: list[Slot] = []
    for start_ms, end_ms in open_stretches(mall, service, day):
        for at in range((end_ms - start_ms) // step_ms):
            before, after = at * rule.slot_minutes, (at + 1) * rule.slot_minutes
            capacity = sold_until(rule, after) - sold_until(rule, before)
            if capacity:
                begins = start_ms + at * step_ms
                found.append(Slot(begins, begins + step_ms, capacity))
    return tuple(found)


def sold_until(rule: BookingRule, minutes: int) -> int:
    """How many may be sold in the first `minutes` of a stretch: whole visitors, and never more in a whole hour than
    its share."""
    share = rule.per_hour * (100 - rule.walk_in_percent)
    hours, rest = divmod(minutes, HOUR_MINUTES)
    return hours * (share // 100) + share * rest // (100 * HOUR_MINUTES)


def bookable_days(mall: Mall, service: Service, today: datetime.date) -> tuple[datetime.date, ...]:
    """The days on which `service` has slots, from today to the rule's last day ahead."""
    if service.booking is None:
        return ()
    days = (today + datetime.timedelta(days=ahead) for ahead in range(service.booking.days_ahead + 1))
    return tuple(day for day in days if slots_on(mall, service, day))
