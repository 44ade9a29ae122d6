"""Takes over what an outside says: a page at a time, without ever taking back that a visitor is here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from antrean.domain.booking import Booking
from antrean.domain.booking_code import is_code, normal_code
from antrean.domain.catalogue import Mall
from antrean.ledger import hall_booking_notes as notes
from antrean.ledger import hall_booking_outbox as outbox
from antrean.ledger import hall_bookings as copy
from antrean.ledger.hall_booking_notes import Arrival
from antrean.ledger.hall_bookings import BookingRow
from antrean.ledger.writer import Transaction
from queue_server.bookings import conflicts
from queue_server.bookings.connector import Problem, Seen

UNKNOWN_SERVICE = "unknown_service"
"""The problem of a booking for a service the mall does not have; another file of the mall may cure it."""
LONGEST_ID = 300
LONGEST_MS = 24 * 3_600_000
NEXT_CENTURY_MS = 4_102_444_800_000
MOST_DETAIL = 500


def merge(
    tx: Transaction,
    mall: Mall,
    source: str,
    seen: Sequence[Seen],
    now_ms: int,
    new_key: Callable[[], str],
) -> int:
    """Keeps what the outside has now and returns how many bookings changed; what cannot be meant becomes a problem."""
    changed = 0
    for one in seen:
        problem = problem_of(one, mall)
        if problem is not None:
            note_problems(tx, source, [problem], now_ms)
            continue
        told = Booking(
            source,
            one.booking_id,
            normal_code(one.code),
            one.service,
            one.start_ms,
            one.end_ms,
            one.cancelled,
            one.revision,
        )
        changed += _take(tx, mall, told, now_ms, new_key)
    notes.settle_problems(tx, source, [one.booking_id for one in seen if problem_of(one, mall) is None])
    return changed


def differing(r: Transaction, source: str, seen: Iterable[Seen]) -> list[Seen]:
    """Those of a page that are not in the copy as they are; a full listing mostly says what is known."""
    found = []
    for one in seen:
        row = copy.booking(r, source, one.booking_id)
        told = (
            normal_code(one.code), one.service, one.start_ms, one.end_ms, one.cancelled, one.revision
        )  # fmt: skip
        if row is None or told != (
            row.code, row.service, row.start_ms, row.end_ms, row.cancelled, row.revision
        ):  # fmt: skip
            found.append(one)
    return found


def cancel(
    tx: Transaction,
    mall: Mall,
    source: str,
    booking_ids: Iterable[str],
    now_ms: int,
    new_key: Callable[[], str],
    unchanged_since_ms: int | None = None,
) -> int:
    """Bookings that are gone outside count as cancelled; returns how many were not before.

    With `unchanged_since_ms` only those that nobody told of since (a listing may be older than a push).
    """
    changed, ids = 0, list(booking_ids)
    for booking_id in ids:
        row = copy.booking(tx, source, booking_id)
        if row is None or row.cancelled:
            continue
        if unchanged_since_ms is None or row.changed_ms < unchanged_since_ms:
            changed += _take(tx, mall, replace(row.booking, cancelled=True), now_ms, new_key)
    notes.settle_problems(tx, source, ids)
    return changed


def note_problems(tx: Transaction, source: str, problems: Iterable[Problem], now_ms: int) -> None:
    """Keeps entries that cannot be understood, for a person to see."""
    for one in problems:
        notes.note_problem(
            tx, source, one.booking_id[:LONGEST_ID], one.code[:64], one.detail[:MOST_DETAIL], now_ms
        )


def problem_of(seen: Seen, mall: Mall) -> Problem | None:
    """Why a booking cannot be taken over; None when it can."""
    if not 0 < len(seen.booking_id) <= LONGEST_ID:
        return Problem(seen.booking_id[:LONGEST_ID], "bad_id", f"an id has 1 to {LONGEST_ID} characters")
    if not is_code(normal_code(seen.code)):
        return Problem(seen.booking_id, "bad_code", f"no code: {seen.code[:40]!r}")
    if seen.service not in mall.services:
        return Problem(seen.booking_id, UNKNOWN_SERVICE, f"the mall has no service {seen.service[:60]!r}")
    if not 0 < seen.end_ms - seen.start_ms <= LONGEST_MS or not 0 < seen.start_ms < NEXT_CENTURY_MS:
        return Problem(seen.booking_id, "bad_times", f"from {seen.start_ms} to {seen.end_ms}")
    return None


def _take(tx: Transaction, mall: Mall, told: Booking, now_ms: int, new_key: Callable[[], str]) -> bool:
    """One booking; whether anything but its revision is new."""
    before = copy.booking(tx, told.source, told.booking_id)
    if before is not None and replace(before.booking, revision=told.revision) == told:
        if before.revision != told.revision:
            copy.set_revision(tx, before, told.revision)
        return False
    row = copy.put(tx, told, now_ms)
    if before is not None:
        _reconcile(tx, mall, before, row, now_ms, new_key)
    return True


def _reconcile(
    tx: Transaction, mall: Mall, before: BookingRow, row: BookingRow, now_ms: int, new_key: Callable[[], str]
) -> None:
    """The table of conflicts, for what the outside changed after the mall had spoken."""
    moved = before.start_ms != row.start_ms or before.service != row.service
    if row.outcome in ("arrived", "fulfilled"):
        if row.cancelled and not before.cancelled:
            conflicts.note(tx, mall, row, conflicts.CANCELLED, conflicts.PRESENCE, row.label, now_ms)
            tell_after_cancel(tx, row, now_ms, new_key)
        if moved:
            conflicts.note(tx, mall, row, conflicts.MOVED, conflicts.KEEPS_PLACE, row.label, now_ms)
    elif row.outcome == "noshow" and moved and not row.cancelled:
        conflicts.note(tx, mall, row, conflicts.NOSHOW_MOVED, conflicts.BOOKED_AGAIN, "", now_ms)
        outbox.take_back(tx, row.source, row.booking_id, "noshow", conflicts.NOSHOW_MOVED, now_ms)
        copy.set_outcome(tx, row, "", None, now_ms)


def take_arrival(
    tx: Transaction, row: BookingRow, arrival: Arrival, now_ms: int, new_key: Callable[[], str]
) -> bool:
    """Somebody came with a booking: the copy and the outside hear of it, once. False when that was known.

    A ticket that comes with a booking somebody else already came with is kept all the same.
    """
    if not notes.note_arrival(tx, arrival) or row.outcome in ("arrived", "fulfilled"):
        return False
    tell(tx, row, "arrived", arrival.order_ms, row.cancelled, arrival.label, now_ms, new_key)
    copy.set_outcome(
        tx, row, "arrived", arrival.order_ms, now_ms, ticket_id=arrival.ticket_id, label=arrival.label
    )
    return True


def tell(
    tx: Transaction,
    row: BookingRow,
    what: str,
    at_ms: int,
    after_cancel: bool,
    label: str,
    now_ms: int,
    new_key: Callable[[], str],
) -> None:
    """Have an outcome told under a key of its own."""
    outbox.enqueue(
        tx,
        new_key(),
        source=row.source,
        booking_id=row.booking_id,
        what=what,
        at_ms=at_ms,
        after_cancel=after_cancel,
        label=label,
        now_ms=now_ms,
    )


def tell_after_cancel(tx: Transaction, row: BookingRow, now_ms: int, new_key: Callable[[], str]) -> None:
    """The outside hears that somebody came although it had cancelled: by what waits untried, else by a new word."""
    told = [one for one in outbox.of_booking(tx, row.source, row.booking_id) if one.what == "arrived"]
    if any(one.after_cancel for one in told):
        return
    untried = [one for one in told if one.state == outbox.WAITING and one.attempts == 0]
    if untried:
        outbox.mark_after_cancel(tx, untried[-1])
        return
    tell(tx, row, "arrived", row.outcome_ms or now_ms, True, row.label, now_ms, new_key)


def tell_number(
    tx: Transaction, row: BookingRow, label: str, now_ms: int, new_key: Callable[[], str]
) -> None:
    """The outside hears which number stands for the booking now: by what waits untried, else by a new word."""
    told = [one for one in outbox.of_booking(tx, row.source, row.booking_id) if one.what == "arrived"]
    untried = [one for one in told if one.state == outbox.WAITING and one.attempts == 0]
    if untried:
        outbox.set_label(tx, untried[-1], label)
        return
    tell(tx, row, "arrived", row.outcome_ms or now_ms, row.cancelled, label, now_ms, new_key)
