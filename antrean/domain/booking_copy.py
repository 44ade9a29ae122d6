"""What a kiosk knows of the coming bookings: enough to check somebody in without any network, and nobody's name."""

from dataclasses import dataclass

from antrean.domain.booking import BookingStatus
from antrean.domain.booking_claim import BookingKey


@dataclass(frozen=True, slots=True)
class BookingCopy:
    """A booking as the mall's server last told it; `label` and `ticket_id` are "" until somebody checked in."""

    source: str
    booking_id: str
    code: str
    service: str
    start_ms: int
    end_ms: int
    status: BookingStatus
    label: str = ""
    ticket_id: str = ""


@dataclass(frozen=True, slots=True)
class BookingPage:
    """One page of the server's bookings, or of what changed since a cursor; `cursor` leads to the next one.

    `more`: there are further pages now. `reset`: what the kiosk has is of another life, and a full listing begins.
    `keys` are those that signed codes are checked with, all of them on every page.
    """

    cursor: str
    more: bool
    reset: bool
    bookings: tuple[BookingCopy, ...]
    keys: tuple[BookingKey, ...]
