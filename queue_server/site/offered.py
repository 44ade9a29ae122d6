"""What a service has left to sell: its slots by the mall's catalogue, less what is taken."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from antrean.domain.catalogue import Mall, Service
from antrean.domain.errors import RuleViolation
from antrean.domain.opening import day_bounds, local_day
from antrean.domain.slots import Slot, slots_on
from antrean.ledger import site_bookings
from antrean.ledger.writer import Transaction
from queue_server.site.desk import DayReason, DayView, SlotView

Taken = Mapping[tuple[int, int], int]
"""How many places are held from a start to an end (ms)."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A service of a mall at one moment. `silent`: the mall was not heard for long, so nothing is sold for today.

    `catalogue` is the number of the one it is sold by.
    """

    key: str
    catalogue: int
    mall: Mall
    service: Service
    now_ms: int
    silent: bool

    @property
    def today(self) -> datetime.date:
        """The mall's own date."""
        return local_day(self.mall.timezone, self.now_ms)

    def dates(self) -> list[datetime.date]:
        """From today to the last day that is sold."""
        ahead = self.service.booking.days_ahead if self.service.booking else -1
        return [self.today + datetime.timedelta(days=days) for days in range(ahead + 1)]

    def days(self, r: Transaction) -> list[DayView]:
        """Every date with what is free on it."""
        dates = self.dates()
        if not dates:
            return []
        taken = self.taken(r, dates[0], dates[-1])
        return [self._day(date, taken) for date in dates]

    def slots(self, r: Transaction, date: datetime.date) -> list[SlotView]:
        """The slots of a date that have not begun, sold out ones too."""
        if date not in self.dates():
            return []
        taken = self.taken(r, date, date)
        closed = self.silent and date == self.today
        return [
            SlotView(slot.start_ms, slot.end_ms, 0 if closed else left(slot, taken))
            for slot in self._ahead(date)
        ]

    def slot(self, start_ms: int) -> Slot:
        """The slot that starts then and may be sold; raises RuleViolation slot_gone, same_day_closed."""
        latest_ms = day_bounds(self.mall.timezone, self.dates()[-1])[1]
        if not self.now_ms < start_ms < latest_ms:  # also whatever no calendar can hold
            raise RuleViolation("slot_gone", start_ms=start_ms)
        date = local_day(self.mall.timezone, start_ms)
        found = [slot for slot in self._ahead(date) if slot.start_ms == start_ms]
        if not found:
            raise RuleViolation("slot_gone", start_ms=start_ms)
        if self.silent and date == self.today:
            raise RuleViolation("same_day_closed")
        return found[0]

    def taken(self, r: Transaction, first: datetime.date, last: datetime.date) -> Taken:
        """The places held on these dates."""
        from_ms, to_ms = day_bounds(self.mall.timezone, first)[0], day_bounds(self.mall.timezone, last)[1]
        return site_bookings.taken(r, self.key, self.service.code, from_ms, to_ms)

    def _ahead(self, date: datetime.date) -> list[Slot]:
        return [slot for slot in slots_on(self.mall, self.service, date) if slot.start_ms > self.now_ms]

    def _day(self, date: datetime.date, taken: Taken) -> DayView:
        slots = self._ahead(date)
        free = sum(left(slot, taken) for slot in slots)
        reason: DayReason = "" if free else "full"
        if not slots:
            rule = self.service.booking
            reason = "blackout" if rule and date in rule.blackouts else "closed"
        elif self.silent and date == self.today:
            free, reason = 0, "same_day"
        return DayView(date, free, reason)


def left(slot: Slot, taken: Taken) -> int:
    """How many places a slot has left.

    Whatever reaches into it counts: after a change of the catalogue, bookings may lie across the new slots.
    """
    held = sum(count for (start, end), count in taken.items() if start < slot.end_ms and end > slot.start_ms)
    return max(0, slot.capacity - held)
