"""A booking: one reserved slot of one service, said by whoever sells it, and what the mall says became of it.

Life-cycle words are those of FHIR's Appointment. The outside owns slot, person and cancellation; the mall alone says
that somebody arrived, was served, or did not come. Presence wins: who stands in the hall has arrived, whatever the
outside says afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from antrean.domain.errors import IllegalTransition

SIGNED = "signed"
"""The revision of a booking that only its signed code proves."""
PROOFS = ("copy", "signed", "staff")
"""How a check-in was proved: by the local copy, by the code's signature, by a person who looked it up."""


class BookingStatus(StrEnum):
    """Where a booking stands, by the outside's word and the mall's together."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"


class Said(StrEnum):
    """Who says what of a booking; "moved" is the outside giving it another slot."""

    OUTSIDE_BOOKED = "outside booked"
    OUTSIDE_MOVED = "outside moved"
    OUTSIDE_CANCELLED = "outside cancelled"
    MALL_ARRIVED = "mall arrived"
    MALL_FULFILLED = "mall fulfilled"
    MALL_NOSHOW = "mall noshow"


_B = BookingStatus

BOOKING_TRANSITIONS: Mapping[tuple[BookingStatus, Said], BookingStatus] = {
    (_B.BOOKED, Said.OUTSIDE_BOOKED): _B.BOOKED,
    (_B.BOOKED, Said.OUTSIDE_MOVED): _B.BOOKED,
    (_B.BOOKED, Said.OUTSIDE_CANCELLED): _B.CANCELLED,
    (_B.BOOKED, Said.MALL_ARRIVED): _B.ARRIVED,
    (_B.BOOKED, Said.MALL_NOSHOW): _B.NOSHOW,
    (_B.CANCELLED, Said.OUTSIDE_BOOKED): _B.BOOKED,
    (_B.CANCELLED, Said.OUTSIDE_MOVED): _B.BOOKED,
    (_B.CANCELLED, Said.OUTSIDE_CANCELLED): _B.CANCELLED,
    (_B.CANCELLED, Said.MALL_ARRIVED): _B.ARRIVED,
    (_B.ARRIVED, Said.OUTSIDE_BOOKED): _B.ARRIVED,
    (_B.ARRIVED, Said.OUTSIDE_MOVED): _B.ARRIVED,
    (_B.ARRIVED, Said.OUTSIDE_CANCELLED): _B.ARRIVED,
    (_B.ARRIVED, Said.MALL_ARRIVED): _B.ARRIVED,
    (_B.ARRIVED, Said.MALL_FULFILLED): _B.FULFILLED,
    (_B.FULFILLED, Said.OUTSIDE_BOOKED): _B.FULFILLED,
    (_B.FULFILLED, Said.OUTSIDE_MOVED): _B.FULFILLED,
    (_B.FULFILLED, Said.OUTSIDE_CANCELLED): _B.FULFILLED,
    (_B.FULFILLED, Said.MALL_ARRIVED): _B.FULFILLED,
    (_B.FULFILLED, Said.MALL_FULFILLED): _B.FULFILLED,
    (_B.NOSHOW, Said.OUTSIDE_BOOKED): _B.NOSHOW,
    (_B.NOSHOW, Said.OUTSIDE_MOVED): _B.BOOKED,
    (_B.NOSHOW, Said.OUTSIDE_CANCELLED): _B.NOSHOW,
    (_B.NOSHOW, Said.MALL_ARRIVED): _B.ARRIVED,
    (_B.NOSHOW, Said.MALL_NOSHOW): _B.NOSHOW,
}
"""The whole life of a booking. What is not in this table is refused."""


def booking_after(status: BookingStatus, said: Said) -> BookingStatus:
    """The status after somebody's word, by the table; raises IllegalTransition (its label is "")."""
    target = BOOKING_TRANSITIONS.get((status, said))
    if target is None:
        raise IllegalTransition(said.value, status.value, "")
    return target


def status_of(cancelled: bool, outcome: str) -> BookingStatus:
    """The status by the outside's last word and the mall's outcome (arrived, fulfilled, noshow, "" for none yet)."""
    if outcome:
        return BookingStatus(outcome)
    return BookingStatus.CANCELLED if cancelled else BookingStatus.BOOKED


@dataclass(frozen=True, slots=True)
class Booking:
    """What the outside says: `start_ms` to `end_ms` of `service` belong to whoever shows `code`.

    `source` is the configured outside, `booking_id` its own name for the booking, `revision` whatever it counts its
    changes by (SIGNED when only the signed code is known).
    """

    source: str
    booking_id: str
    code: str
    service: str
    start_ms: int
    end_ms: int
    cancelled: bool
    revision: str


IN_TIME, EARLY, LATE, CLAIMED = "in_time", "early", "late", "claimed"
HOW = (IN_TIME, EARLY, LATE, CLAIMED)


@dataclass(frozen=True, slots=True)
class Booked:
    """The booking behind a ticket. `how` it was kept: in_time, early, late, or claimed (a code nobody knew yet).

    Of a claim only the code is known: the other texts are "" and the moments 0.
    """

    source: str
    booking_id: str
    code: str
    slot_ms: int
    slot_end_ms: int
    how: str

    @property
    def key(self) -> tuple[str, str]:
        """What tells bookings apart."""
        return self.source, self.booking_id
