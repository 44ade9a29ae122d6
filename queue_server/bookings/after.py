"""What the mall says of bookings by itself: a claimed code that proved real, and a booking nobody came with.

Both become events of the server's own log; what they mean outside is told by the projection of the log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from antrean.domain.booked import missed_from_ms
from antrean.domain.catalogue import Mall
from antrean.domain.events import BookingMatched, BookingMissed
from antrean.domain.opening import local_day
from antrean.ledger import hall_booking_notes as notes
from antrean.ledger import hall_booking_outbox as outbox
from antrean.ledger import hall_bookings as copy
from antrean.ledger import hall_devices, hall_log, hall_quarantine
from antrean.ledger.hall import HallLedger
from antrean.ledger.hall_booking_notes import Arrival, Claim
from antrean.ledger.hall_bookings import BookingRow
from antrean.ledger.writer import Transaction
from queue_server.bookings import conflicts, store
from queue_server.bookings.projection import BATCH
from queue_server.bookings.pulling import DAY_MS, DAYS_BACK
from queue_server.contacts import Contacts
from queue_server.live import LiveHall, Turn

AT_ONCE = 100
MARGIN_MS = 60_000
"""A kiosk pulls after it has pushed everything; what it wrote between the two is in its next round, seconds later."""


@dataclass(frozen=True)
class Afterwards:
    """Looks at the copy and the log; belongs to one thread."""

    ledger: HallLedger
    live: LiveHall
    contacts: Contacts
    new_key: Callable[[], str]

    def match_claims(self) -> int:
        """Gives tickets whose claimed code became known their booking; returns how many."""
        with self.ledger.reading() as r:
            known = [claim for claim in notes.open_claims(r) if copy.with_code(r, claim.code)]
        return self.live.run(lambda turn: _match(turn, known, self.new_key)) if known else 0

    def say_missed(self) -> int:
        """Says of bookings whose grace is over that nobody came, once every kiosk was heard after that; how many."""
        now_ms, mall = self.live.now_ms(), self.live.truth.hall.mall
        with self.ledger.reading() as r:
            rows = copy.open_between(r, now_ms - DAYS_BACK * DAY_MS, now_ms)
            over = [row for row in rows if _is_over(mall, row, now_ms)]
            heard_ms = self._all_heard_ms(r) if over else None
        sure = [row for row in over if heard_ms is None or heard_ms > _missed_ms(mall, row) + MARGIN_MS]
        return self.live.run(lambda turn: _miss(turn, sure[:AT_ONCE])) if sure else 0

    def unheard(self, since_ms: int) -> list[str]:
        """The names of kiosks in use that were not heard since a moment: no-shows wait for them."""
        with self.ledger.reading() as r:
            kiosks = _kiosks(r)
        return sorted(
            name for device_id, name in kiosks if (self.contacts.pulled_ms(device_id) or 0) <= since_ms
        )

    def _all_heard_ms(self, r: Transaction) -> int | None:
        """Up to when every kiosk in use has told all it knows; None when there is no kiosk in use."""
        kiosks = _kiosks(r)
        return min((self.contacts.pulled_ms(device_id) or 0 for device_id, _ in kiosks), default=None)


def _kiosks(r: Transaction) -> list[tuple[str, str]]:
    """The kiosks in use: one that never greeted has no services yet, and cannot have let anybody in."""
    return [
        (one.device_id, one.name)
        for one in hall_devices.devices(r)
        if one.kind == "kiosk" and one.withdrawn_ms is None and one.seen_ms is not None
    ]


def _missed_ms(mall: Mall, row: BookingRow) -> int:
    return missed_from_ms(mall, row.service, row.start_ms)


def _is_over(mall: Mall, row: BookingRow, now_ms: int) -> bool:
    """Only of what the mall knew before the slot began can it say so: else a kiosk could not know it either."""
    return row.known_ms <= row.start_ms and _missed_ms(mall, row) < now_ms


def _miss(turn: Turn, rows: Sequence[BookingRow]) -> int:
    if _is_behind(turn.tx):
        return 0  # somebody may have come in what is not read yet
    aside = [row.raw for row in hall_quarantine.quarantine(turn.tx) if row.status == hall_quarantine.HELD]
    said = 0
    for row in rows:
        now = copy.booking(turn.tx, row.source, row.booking_id)
        if now is None or (now.outcome, now.cancelled, now.start_ms) != ("", False, row.start_ms):
            continue
        if any(row.code in raw or row.booking_id in raw for raw in aside):
            continue  # a person has to look at what a kiosk said of it
        day = local_day(turn.truth.hall.mall.timezone, row.start_ms).isoformat()
        missed = BookingMissed(row.source, row.booking_id, row.code, row.service, row.start_ms)
        turn.write([missed], day=day)
        said += 1
    return said


def _is_behind(tx: Transaction) -> bool:
    """Whether the log says anything of bookings that was not read yet."""
    position = outbox.told_position(tx)
    while True:
        events, end = outbox.events_since(tx, position, BATCH)
        if any(event.envelope.type != "ServiceFinished" for event in events):
            return True
        if end >= hall_log.last_position(tx) or end == position:
            return False
        position = end


def _match(turn: Turn, claims: Sequence[Claim], new_key: Callable[[], str]) -> int:
    matched = 0
    for claim in claims:
        now = notes.claim_of(turn.tx, claim.ticket_id)
        if now is None or now.settled:
            continue
        matched += _settled(turn, claim, copy.with_code(turn.tx, claim.code), new_key)
    return matched


def _settled(turn: Turn, claim: Claim, rows: Sequence[BookingRow], new_key: Callable[[], str]) -> bool:
    """Whether one of these bookings gives the ticket its place: of the same service, on the day of the claim.

    With a booking of that day for another service its visitor is here too, and the outside hears it; but no slot of the
    line they stand in was sold to them.
    """
    mall = turn.truth.hall.mall
    of_day = [row for row in rows if local_day(mall.timezone, row.start_ms).isoformat() == claim.day]
    fits = [row for row in of_day if row.service == claim.service]
    if not rows:
        return False
    notes.settle_claim(turn.tx, claim.ticket_id)
    row = min(fits or of_day or rows, key=lambda row: (row.cancelled, row.start_ms))
    if not fits:
        detail = f"{claim.label}: {claim.day}, {claim.service}"
        conflicts.note(turn.tx, mall, row, conflicts.UNKNOWN_CODE, conflicts.WALK_IN, detail, turn.now_ms)
        if of_day:
            arrival = Arrival(
                claim.ticket_id,
                row.source,
                row.booking_id,
                row.service,
                row.start_ms,
                claim.order_ms,
                claim.label,
            )
            store.take_arrival(turn.tx, row, arrival, turn.now_ms, new_key)
        return False
    matched = BookingMatched(claim.ticket_id, row.source, row.booking_id, row.code, row.start_ms, row.end_ms)
    turn.write([matched], day=claim.day)
    return True
