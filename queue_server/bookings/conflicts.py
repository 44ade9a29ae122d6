"""The cases in which outside and mall disagree, and what is decided; each is kept for people to see.

The sentences for people are the texts `admin.booking_<case>` and `admin.booking_<decision>` of the staff's languages.
"""

from __future__ import annotations

from antrean.domain.catalogue import Mall
from antrean.domain.opening import local_day
from antrean.domain.slots import slots_on
from antrean.ledger import hall_booking_notes as notes
from antrean.ledger.hall_booking_notes import ConflictRow
from antrean.ledger.hall_bookings import BookingRow
from antrean.ledger.writer import Transaction

CANCELLED = "cancelled_after_arrival"
"""Cancelled outside, and its visitor is here: presence wins, the outside hears `arrived` after a cancellation."""
MOVED = "moved_after_arrival"
"""Given another slot outside, and its visitor is here: they keep the place of the slot that was known."""
OVERBOOKED = "slot_overbooked"
"""More bookings of a slot came than it has places, because one was sold again: all are served, and counted."""
TWICE = "checked_in_twice"
"""Two kiosks that could not hear each other took one booking in."""
UNKNOWN_CODE = "unknown_code"
"""A code nobody knew when its visitor came."""
AFTER_NOSHOW = "came_after_noshow"
"""Called missed, and its visitor did come, as a log that was put aside told later."""
NOSHOW_MOVED = "moved_after_noshow"
"""Called missed, and then given another slot outside: it is booked again."""

PRESENCE = "presence_wins"
KEEPS_PLACE = "keeps_its_place"
BOTH_SERVED = "all_are_served"
ALIAS = "earliest_is_the_ticket"
BOTH_STAY = "both_tickets_stay"
MATCHED = "matched"
WALK_IN = "stays_a_walk_in"
BOOKED_AGAIN = "booked_again"

CASES = (CANCELLED, MOVED, OVERBOOKED, TWICE, UNKNOWN_CODE, AFTER_NOSHOW, NOSHOW_MOVED)
DECISIONS = (PRESENCE, KEEPS_PLACE, BOTH_SERVED, ALIAS, BOTH_STAY, MATCHED, WALK_IN, BOOKED_AGAIN)


def note(
    tx: Transaction, mall: Mall, row: BookingRow, what: str, decision: str, detail: str, now_ms: int
) -> None:
    """Keep a conflict under the local day of its booking; what is noted again stays one."""
    day = local_day(mall.timezone, row.start_ms).isoformat()
    one = ConflictRow(now_ms, day, row.source, row.booking_id, row.code, what, decision, detail)
    notes.note_conflict(tx, one)


def capacity_of(mall: Mall, service: str, slot_ms: int) -> int | None:
    """How many bookings a slot may be sold to; None where the mall's own rule has no such slot."""
    found = mall.services.get(service)
    if found is None or found.booking is None:
        return None
    for slot in slots_on(mall, found, local_day(mall.timezone, slot_ms)):
        if slot.start_ms == slot_ms:
            return slot.capacity
    return None
