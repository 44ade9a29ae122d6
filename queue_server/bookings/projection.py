"""Reads from the log what became of bookings: into the copy, and into the outbox for the outside.

How far the log was read is kept in the same transaction as what came of it. A kill at any moment therefore loses and
doubles nothing; a log that is read twice (a restored server's) says again only what is true.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from antrean.domain.booking import SIGNED, Booking
from antrean.domain.events import (
    BookingArrived,
    BookingClaimed,
    BookingMatched,
    BookingMissed,
    ServiceFinished,
)
from antrean.domain.label import Label
from antrean.ledger import hall_booking_notes as notes
from antrean.ledger import hall_booking_outbox as outbox
from antrean.ledger import hall_bookings as copy
from antrean.ledger import hall_log
from antrean.ledger.hall import HallLedger
from antrean.ledger.hall_booking_notes import Arrival, Claim
from antrean.ledger.hall_bookings import BookingRow
from antrean.ledger.hall_log import StoredEvent
from antrean.ledger.writer import Transaction
from queue_server.bookings import conflicts, store
from queue_server.live import LiveHall, Turn, accepted_of

A_WRITE = 25
"""Events in one transaction: a call waits behind it for a few milliseconds at most."""
BATCH = 500
"""Positions of the log that are looked at in one go."""
KEEP_EVERY = 2_000
"""After so many positions without a word about bookings, how far the log was read is kept all the same."""


@dataclass
class Projector:
    """Follows the log; belongs to one thread. `new_key` gives random idempotency keys."""

    ledger: HallLedger
    live: LiveHall
    new_key: Callable[[], str]
    _read: int = -1

    def catch_up(self) -> bool:
        """Reads the log to its end; whether it said anything of bookings."""
        found = False
        while True:
            with self.ledger.reading() as r:
                kept = outbox.told_position(r)
                begin = max(kept, self._read)
                events, end = outbox.events_since(r, begin, BATCH)
                mine = _of_bookings(r, events)
            if not self._keep(kept, mine, end):
                self._read = -1  # somebody else has read on meanwhile: begin where they are
                return found
            found, self._read = found or bool(mine), end
            if end == begin:
                return found

    def _keep(self, kept: int, events: Sequence[StoredEvent], end: int) -> bool:
        """Writes what came of a stretch of the log, in small transactions; False when it was not ours to write."""
        for at in range(0, len(events), A_WRITE):
            part = events[at : at + A_WRITE]
            reached = end if at + A_WRITE >= len(events) else part[-1].position
            if not self.live.run(partial(self._write, kept=kept, events=part, end=reached)):
                return False
            kept = reached
        if end - kept < KEEP_EVERY:
            return True
        return self.live.run(partial(self._write, kept=kept, events=(), end=end))

    def _write(self, turn: Turn, kept: int, events: Sequence[StoredEvent], end: int) -> bool:
        if outbox.told_position(turn.tx) != kept:
            return False
        for stored in events:
            self._project(turn, stored)
        outbox.set_told_position(turn.tx, end)
        return True

    def _project(self, turn: Turn, stored: StoredEvent) -> None:
        match accepted_of(stored).payload:
            case BookingArrived() as event:
                self._arrived(turn, event, stored.order_ms)
            case BookingMatched() as event:
                claim = notes.claim_of(turn.tx, event.ticket_id)
                notes.settle_claim(turn.tx, event.ticket_id)
                self._arrived(turn, event, claim.order_ms if claim else stored.order_ms)
            case BookingClaimed() as event:
                self._claimed(turn, event, stored)
            case BookingMissed() as event:
                row = copy.booking(turn.tx, event.source, event.booking_id)
                if row is not None and row.outcome == "":
                    store.tell(turn.tx, row, "noshow", stored.order_ms, False, "", turn.now_ms, self.new_key)
                    copy.set_outcome(turn.tx, row, "noshow", stored.order_ms, turn.now_ms)
            case ServiceFinished() as event:
                self._finished(turn, event.ticket_id, stored.order_ms)

    def _arrived(self, turn: Turn, event: BookingArrived | BookingMatched, at_ms: int) -> None:
        tx, label = turn.tx, label_of(turn.tx, event.ticket_id)
        row = copy.booking(tx, event.source, event.booking_id) or _signed(turn, event)
        arrival = Arrival(
            event.ticket_id, row.source, row.booking_id, row.service, event.slot_ms, at_ms, label
        )
        if notes.arrival_of(tx, event.ticket_id) is not None:
            return
        if store.take_arrival(tx, row, arrival, turn.now_ms, self.new_key):
            _note_odd(turn, row, event.slot_ms, label, claimed=isinstance(event, BookingMatched))
        else:
            self._again(turn, row)

    def _again(self, turn: Turn, row: BookingRow) -> None:
        """A booking came twice: the copy shows the ticket that stands for it."""
        arrivals = notes.arrivals_of(turn.tx, row.source, row.booking_id)
        hall = turn.truth.hall
        holder = hall.bookings.get((row.source, row.booking_id))
        first = next((one for one in arrivals if one.ticket_id == holder), arrivals[0])
        tickets = [hall.tickets[one.ticket_id] for one in arrivals if one.ticket_id in hall.tickets]
        decision = conflicts.ALIAS if any(one.alias_of for one in tickets) else conflicts.BOTH_STAY
        detail = ", ".join(one.label for one in arrivals)
        conflicts.note(turn.tx, hall.mall, row, conflicts.TWICE, decision, detail, turn.now_ms)
        if row.outcome == "arrived" and row.label != first.label:
            store.tell_number(turn.tx, row, first.label, turn.now_ms, self.new_key)
        copy.set_outcome(
            turn.tx,
            row,
            row.outcome,
            row.outcome_ms,
            turn.now_ms,
            ticket_id=first.ticket_id,
            label=first.label,
        )

    def _claimed(self, turn: Turn, event: BookingClaimed, stored: StoredEvent) -> None:
        ticket = hall_log.ticket(turn.tx, event.ticket_id)
        if ticket is not None:
            label = label_of(turn.tx, event.ticket_id)
            notes.note_claim(
                turn.tx,
                Claim(event.ticket_id, event.code, ticket.service, stored.day, stored.order_ms, label),
            )

    def _finished(self, turn: Turn, ticket_id: str, at_ms: int) -> None:
        arrival = notes.arrival_of(turn.tx, ticket_id)
        row = copy.booking(turn.tx, arrival.source, arrival.booking_id) if arrival else None
        if arrival is None or row is None or row.outcome != "arrived":
            return
        store.tell(turn.tx, row, "fulfilled", at_ms, row.cancelled, arrival.label, turn.now_ms, self.new_key)
        copy.set_outcome(
            turn.tx, row, "fulfilled", at_ms, turn.now_ms, ticket_id=ticket_id, label=arrival.label
        )


def label_of(r: Transaction, ticket_id: str) -> str:
    """A ticket's number as people read it, "" for a ticket the ledger does not have."""
    ticket = hall_log.ticket(r, ticket_id)
    return "" if ticket is None else str(Label(ticket.series, ticket.issuer, ticket.number))


def _of_bookings(r: Transaction, events: Sequence[StoredEvent]) -> list[StoredEvent]:
    """Without the finished services of tickets that never had a booking, which are most of any log."""
    bodies = [one.envelope for one in events]
    booked = {one.body["ticket_id"] for one in bodies if one.type in ("BookingArrived", "BookingMatched")}
    return [
        stored
        for stored, envelope in zip(events, bodies, strict=True)
        if envelope.type != "ServiceFinished"
        or envelope.body["ticket_id"] in booked
        or notes.arrival_of(r, envelope.body["ticket_id"]) is not None
    ]


def _signed(turn: Turn, event: BookingArrived | BookingMatched) -> BookingRow:
    """A booking that only its signature proved is in the copy from now on: no other kiosk takes it in again."""
    ticket = hall_log.ticket(turn.tx, event.ticket_id)
    told = Booking(
        event.source,
        event.booking_id,
        event.code,
        ticket.service if ticket else "",
        event.slot_ms,
        event.slot_end_ms,
        False,
        SIGNED,
    )
    return copy.put(turn.tx, told, turn.now_ms)


def _note_odd(turn: Turn, row: BookingRow, slot_ms: int, label: str, *, claimed: bool) -> None:
    """The table of conflicts, for a visitor who came while the outside had already changed its mind."""
    tx, mall, now_ms = turn.tx, turn.truth.hall.mall, turn.now_ms
    if claimed:
        conflicts.note(tx, mall, row, conflicts.UNKNOWN_CODE, conflicts.MATCHED, label, now_ms)
    if row.outcome == "noshow":
        conflicts.note(tx, mall, row, conflicts.AFTER_NOSHOW, conflicts.PRESENCE, label, now_ms)
    if row.cancelled:
        conflicts.note(tx, mall, row, conflicts.CANCELLED, conflicts.PRESENCE, label, now_ms)
    if row.start_ms != slot_ms:
        conflicts.note(tx, mall, row, conflicts.MOVED, conflicts.KEEPS_PLACE, label, now_ms)
    capacity = conflicts.capacity_of(mall, row.service, slot_ms)
    came = notes.came_to(tx, row.service, slot_ms)
    if capacity is not None and came > capacity:
        conflicts.note(
            tx,
            mall,
            row,
            conflicts.OVERBOOKED,
            conflicts.BOTH_SERVED,
            f"{label}: {came} > {capacity}",
            now_ms,
        )
