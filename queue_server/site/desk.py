"""What the pages of the booking site may ask: the use cases behind one protocol, and the values they answer with.

Every refusal is a RuleViolation whose code is a text key (`error.<code>`). Instants are milliseconds since the Unix
epoch; a slot is known by its start.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from antrean.domain.catalogue import Mall, Service

DayReason = Literal["", "full", "closed", "blackout", "same_day"]
"""Why nothing can be booked on a day: sold out, not open (or its last slot has begun), a day the service keeps free,
or today while the mall has not been heard for too long. "" when something is free."""


@dataclass(frozen=True, slots=True)
class MallCard:
    """A mall of the site; `heard_ms` is None before its first contact, and then it has nothing to sell."""

    key: str
    name: str
    city: str
    timezone: str
    heard_ms: int | None
    in_contact: bool
    """Whether it was heard lately enough for slots of today to be sold."""


@dataclass(frozen=True, slots=True)
class DayView:
    """A day on which a service might be booked; `free` places remain in all its slots together."""

    date: datetime.date
    free: int
    reason: DayReason


@dataclass(frozen=True, slots=True)
class SlotView:
    """A slot that has not begun; `free` is 0 for one that is sold out."""

    start_ms: int
    end_ms: int
    free: int


@dataclass(frozen=True, slots=True)
class CrowdView:
    """How many wait for a service now and how long (`wait`: at least, at most, in whole minutes), as of `as_of_ms`."""

    waiting: int
    wait: tuple[int, int] | None
    as_of_ms: int


@dataclass(frozen=True, slots=True)
class BookingView:
    """A booking as its owner sees it. `secret` opens its page and must be shown to nobody else."""

    secret: str
    code: str
    """Eight letters as they are kept; show them with `booking_code.shown_code`."""
    token: str
    """The text of the QR that a kiosk can prove without any network; 114 characters of the alphanumeric mode."""
    mall: str
    """The mall's key on this site."""
    service: str
    start_ms: int
    end_ms: int
    status: str
    """A value of `antrean.domain.booking.BookingStatus`."""
    label: str
    """The number the mall gave at check-in ("A1-012"), "" before it told one."""
    language: str
    changeable: bool
    """Whether it may still be cancelled or moved: it is booked and its slot has not begun."""
    after_cancel: bool = False
    """It was cancelled here, and yet its owner came: the mall's word stands, and no-one is turned away."""


class BookingDesk(Protocol):
    """The site's use cases. Safe for any thread; what `book`, `reschedule` and `cancel` answered is durable."""

    def now_ms(self) -> int:
        """The site's clock."""

    def malls(self) -> Sequence[MallCard]:
        """Every mall that has told its catalogue, by name."""

    def mall(self, key: str) -> Mall:
        """The catalogue as the mall last told it; raises RuleViolation unknown_mall."""

    def days(self, key: str, service: str) -> Sequence[DayView]:
        """Each day from today on to the end of the service's booking time, also those without a free place.

        Raises RuleViolation unknown_mall, unknown_service, not_bookable.
        """

    def slots(self, key: str, service: str, date: datetime.date) -> Sequence[SlotView]:
        """The slots of a day that have not begun; none on a day without. Raises as `days`."""

    def crowd(self, key: str, service: str) -> CrowdView | None:
        """How crowded it is now; None when the mall did not tell, told more than ten minutes ago, or is
        no mall of the site."""

    def book(
        self,
        key: str,
        service: str,
        start_ms: int,
        contact: str,
        language: str,
        client: str,
        form: str = "",
    ) -> BookingView:
        """Takes a place in a slot. `contact` is an e-mail address or a telephone number and is not kept; `client` the
        network address of who asks. `form` is the unguessable name of the form: sent again with the same words, also
        after a restart, it is answered with the booking it made.

        Raises RuleViolation slot_full, slot_gone, same_day_closed, one_open_booking, contact_blocked (until_ms),
        bad_contact, too_many_tries (until_ms), and as `days`.
        """

    def booking(self, secret: str) -> BookingView:
        """A booking by its secret; raises RuleViolation unknown_booking."""

    def booked_by(self, booking: BookingView) -> tuple[Mall, Service]:
        """The mall and the service of a booking: as the mall told them last, or, when it offers the service no more or
        was removed from the site, as they were when it was booked. Raises RuleViolation unknown_booking.
        """

    def reschedule(self, secret: str, start_ms: int) -> BookingView:
        """Moves a booking to another slot of the same service: same code, a new QR.

        Raises RuleViolation unknown_booking, booking_settled, slot_full, slot_gone, same_day_closed.
        """

    def cancel(self, secret: str) -> BookingView:
        """Gives the place back; a cancelled one stays so. Raises RuleViolation unknown_booking, booking_settled."""
