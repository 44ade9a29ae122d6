"""Forgets bookings a week after their day: nothing that leads to a person stays, only how many there were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

from antrean.domain.booking import BookingStatus
from antrean.domain.catalogue import Mall
from antrean.domain.opening import day_bounds, local_day
from antrean.ledger import hall_booking_notes as notes
from antrean.ledger import hall_booking_outbox as outbox
from antrean.ledger import hall_bookings as copy
from antrean.ledger.hall import HallLedger
from antrean.ledger.hall_booking_notes import SlotCount
from antrean.ledger.hall_bookings import BookingRow
from antrean.ledger.writer import Transaction
from queue_server.bookings.pulling import DAY_MS, DAYS_BACK

AT_ONCE = 200


def forget_old(ledger: HallLedger, mall: Mall, now_ms: int, known: frozenset[str] | None) -> int:
    """Forgets what lies more than seven days back and returns how many bookings.

    A booking whose outcome the outside has not heard yet is kept until it has: the word is useless without its name. An
    outside that is not among the `known` sources any more (None: nobody knows which they are) never will.
    """
    today = local_day(mall.timezone, now_ms)
    before_ms = day_bounds(mall.timezone, today)[0] - DAYS_BACK * DAY_MS
    before_day = local_day(mall.timezone, before_ms).isoformat()
    with ledger.reading() as r:
        waiting = {
            (row.source, row.booking_id)
            for row in outbox.unsettled(r)
            if known is None or row.source in known or row.made_ms >= before_ms
        }
        old = [row for row in copy.between(r, 0, before_ms) if (row.source, row.booking_id) not in waiting]
    for at in range(0, len(old), AT_ONCE):
        part = old[at : at + AT_ONCE]
        ledger.writer.run(partial(_forget, mall=mall, rows=part))

    def last(tx: Transaction) -> None:
        if known is not None:
            outbox.forget_untold(tx, known, before_ms)
        outbox.forget_settled(tx, before_ms)
        notes.forget(tx, before_ms, before_day)

    ledger.writer.run(last)
    return len(old)


def _forget(tx: Transaction, mall: Mall, rows: Sequence[BookingRow]) -> None:
    notes.add_counts(tx, counts_of(mall, rows))
    copy.drop(tx, rows)


def counts_of(mall: Mall, rows: Sequence[BookingRow]) -> list[SlotCount]:
    """How many of each slot nobody came with; those somebody came with are in the log as visits."""
    open_, cancelled, noshow = BookingStatus.BOOKED, BookingStatus.CANCELLED, BookingStatus.NOSHOW
    said = Counter((row.service, row.start_ms, row.status) for row in rows)
    slots = sorted({(row.service, row.start_ms) for row in rows if row.status in (open_, cancelled, noshow)})
    return [
        SlotCount(
            local_day(mall.timezone, start_ms).isoformat(),
            service,
            start_ms,
            said[service, start_ms, open_],
            said[service, start_ms, cancelled],
            said[service, start_ms, noshow],
        )
        for service, start_ms in slots
    ]
