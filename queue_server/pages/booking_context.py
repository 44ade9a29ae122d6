"""What the pages need of bookings: `BookingRoom`, as `queue_server.bookings.health` gives it."""

import datetime
from collections.abc import Sequence
from typing import Protocol

from antrean.domain.booking import Booking
from antrean.domain.booking_report import BookingTally
from antrean.ledger.hall_booking_outbox import OutboxRow
from queue_server.bookings.health import Conflict, SourceHealth


class BookingRoom(Protocol):
    """The bookings of a mall that has at least one source, or a `bookings.toml` that cannot be read."""

    def health(self) -> Sequence[SourceHealth]:
        """Every source, then those taken out that still have something to tell."""

    def settings_error(self) -> str:
        """What is wrong with `bookings.toml`, "" when nothing is."""

    def outbox(self) -> Sequence[OutboxRow]:
        """What waits or is quarantined, oldest first."""

    def waits_for_kiosks(self) -> Sequence[str]:
        """The names of kiosks without whose word nobody is said not to have come."""

    def conflicts(self, day: datetime.date) -> Sequence[Conflict]:
        """What was decided about bookings of a local date, oldest first."""

    def expected(self, day: datetime.date) -> Sequence[Booking]:
        """The bookings of a local date that nobody has come with yet, by their hour."""

    def try_now(self, name: str) -> None:
        """Has a source asked at once; an unknown name is nobody's."""

    def retry(self, key: str, officer: str) -> None:
        """Tells an outcome that was set aside again; raises RuleViolation `unknown_entry`, `entry_settled`."""

    def drop(self, key: str, officer: str) -> None:
        """Gives such an outcome up; raises RuleViolation `unknown_entry`, `entry_settled`."""

    def reports(
        self, first: datetime.date, last: datetime.date, *groupings: tuple[str, ...]
    ) -> Sequence[Sequence[BookingTally]]:
        """What became of the bookings of a range of local dates: by day and service, or by one or none of them."""
