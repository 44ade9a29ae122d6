"""What is written of bookings: who came with one, whose code nobody knew yet, and who did not come."""

from dataclasses import dataclass

from antrean.domain.booking import PROOFS
from antrean.domain.booking_code import is_code
from antrean.domain.errors import BadInput
from antrean.domain.payload import Payload

LAST_MS = 2**47
"""The year 6429: no slot is later, and every moment before it is a date."""
LONGEST_ID = 300


@dataclass(frozen=True, slots=True)
class BookingArrived(Payload):
    """A visitor came with a booking; follows the TicketIssued (channel booking) of its ticket.

    `slot_ms` and `slot_end_ms` are the slot as it was known where they checked in; `proof` is copy, signed or staff.
    """

    ticket_id: str
    source: str
    booking_id: str
    code: str
    slot_ms: int
    slot_end_ms: int
    proof: str


@dataclass(frozen=True, slots=True)
class BookingClaimed(Payload):
    """A visitor named the code of a booking nobody knew: an ordinary ticket, to be looked up later."""

    ticket_id: str
    code: str


@dataclass(frozen=True, slots=True)
class BookingMatched(Payload):
    """The booking that a visitor had claimed was heard of after all."""

    ticket_id: str
    source: str
    booking_id: str
    code: str
    slot_ms: int
    slot_end_ms: int


@dataclass(frozen=True, slots=True)
class BookingMissed(Payload):
    """Nobody came with a booking until its grace was over, and every kiosk was heard after that: noshow."""

    source: str
    booking_id: str
    code: str
    service: str
    slot_ms: int


def check_booking(event: BookingArrived | BookingClaimed) -> None:
    """Refuse what no kiosk writes: a code that is none, a slot that is no time; raises BadInput naming the field."""
    if not is_code(event.code):
        raise BadInput("bad_event", field="code")
    if isinstance(event, BookingClaimed):
        return
    if not 0 <= event.slot_ms <= event.slot_end_ms < LAST_MS:
        raise BadInput("bad_event", field="slot_ms")
    if event.proof not in PROOFS:
        raise BadInput("bad_event", field="proof")
    if not event.source or not 0 < len(event.booking_id) <= LONGEST_ID:
        raise BadInput("bad_event", field="booking_id")
