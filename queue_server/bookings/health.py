"""What people may see and do about bookings: how each source is, what waits, what disagreed and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from antrean.domain.booked import how_kept
from antrean.domain.booking import Booking, BookingStatus
from antrean.domain.booking_report import GROUPS, BookingTally, booking_report
from antrean.domain.hall import Hall
from antrean.domain.opening import day_bounds
from antrean.ledger import hall_booking_notes as notes
from antrean.ledger import hall_booking_outbox as outbox
from antrean.ledger import hall_bookings as copy
from antrean.ledger import hall_people
from antrean.ledger.hall import HallLedger
from antrean.ledger.hall_booking_notes import Arrival, ProblemRow, SlotCount
from antrean.ledger.hall_booking_outbox import OutboxRow
from antrean.ledger.hall_bookings import BookingRow, SourceRow
from antrean.ledger.writer import Transaction
from queue_server.bookings.settings import SourceConfig
from queue_server.bookings.worker import Worker
from queue_server.live import LiveHall
from queue_server.reports import visits_between

SILENT_MS = 30 * 60_000
"""After so long without contact an outside stops selling slots of today, and a person should know."""


@dataclass(frozen=True)
class SourceHealth:
    """How one source is. `waiting` and `quarantined` outcomes are not told, `problems` cannot be understood.

    `error_ms` is since when it cannot be reached; `silent`: for half an hour or longer, so that nothing more is sold
    for today. `configured` is False for one that was taken out of `bookings.toml` with something still to tell.
    """

    name: str
    kind: str
    url: str
    last_contact_ms: int | None
    last_error: str
    waiting: int
    quarantined: int
    problems: tuple[ProblemRow, ...]
    error_ms: int | None = None
    silent: bool = False
    configured: bool = True


@dataclass(frozen=True)
class Conflict:
    """One disagreement: its `case` and `decision` are words of `queue_server.bookings.conflicts`."""

    at_ms: int
    case: str
    decision: str
    source: str
    code: str
    detail: str


@dataclass(frozen=True)
class BookingRowView:
    """A booking of a day with what became of it; `how` it was kept is "" until somebody came."""

    source: str
    code: str
    service: str
    start_ms: int
    end_ms: int
    status: BookingStatus
    cancelled: bool
    label: str
    ticket_id: str
    arrived_ms: int | None
    how: str


def is_silent(row: SourceRow | None, now_ms: int) -> bool:
    """Whether a source was out of contact for half an hour; one that was never tried is not."""
    if row is None:
        return False
    since = row.last_contact_ms or row.since_ms or row.error_ms
    return since is not None and now_ms - since > SILENT_MS


@dataclass(frozen=True)
class BookingsHealth:
    """The bookings room as pages see it."""

    ledger: HallLedger
    live: LiveHall
    worker: Worker

    def health(self) -> list[SourceHealth]:
        """Every source of `bookings.toml`, then those taken out that still have something to tell."""
        now_ms = self.live.now_ms()
        with self.ledger.reading() as r:
            rows, counts, odd = copy.sources(r), outbox.counts(r), notes.problems(r)
        configs = {config.name: config for config in self.worker.configs}
        gone = sorted({name for name, _ in counts} - configs.keys())
        return [
            _health(name, configs.get(name), rows.get(name), counts, odd, now_ms)
            for name in [*configs, *gone]
        ]

    def settings_error(self) -> str:
        """What is wrong with `bookings.toml`, "" when nothing is."""
        return self.worker.settings_error

    def alarms(self) -> list[str]:
        """`bookings_silent`, `bookings_refused` (outcomes put aside), `bookings_settings`: a person should look."""
        if not self.worker.configs and not self.worker.settings_error:
            return []
        now_ms = self.live.now_ms()
        with self.ledger.reading() as r:
            rows, counts = copy.sources(r), outbox.counts(r)
        silent = any(is_silent(rows.get(config.name), now_ms) for config in self.worker.configs)
        refused = any(state == outbox.QUARANTINED for _, state in counts)
        found = ["bookings_silent"] if silent else []
        found += ["bookings_refused"] if refused else []
        return found + (["bookings_settings"] if self.worker.settings_error else [])

    def outbox(self) -> list[OutboxRow]:
        """What waits or is quarantined, oldest first."""
        with self.ledger.reading() as r:
            return outbox.unsettled(r)

    def waits_for_kiosks(self) -> list[str]:
        """The names of kiosks not heard for half an hour: until they are, or are withdrawn, nobody is a no-show."""
        return self.worker.afterwards.unheard(self.live.now_ms() - SILENT_MS)

    def conflicts(self, day: date) -> list[Conflict]:
        """What disagreed about bookings of a local day, oldest first."""
        with self.ledger.reading() as r:
            rows = notes.conflicts(r, day.isoformat())
        return [Conflict(row.at_ms, row.what, row.decision, row.source, row.code, row.detail) for row in rows]

    def try_now(self, name: str) -> None:
        """Has a source asked at once."""
        self.worker.try_now(name)

    def retry(self, key: str, officer: str = "page") -> None:
        """Tries a quarantined outcome again; raises RuleViolation `unknown_entry`, `entry_settled`."""
        now_ms = self.live.now_ms()

        def job(tx: Transaction) -> None:
            outbox.retry(tx, key)
            hall_people.audit(tx, at_ms=now_ms, actor=officer, action="booking_outcome_retried", subject=key)

        self.ledger.writer.run(job)
        self.worker.wake()

    def drop(self, key: str, officer: str) -> None:
        """Settles a quarantined outcome untold; it stays in the ledger with who did so for a week.

        Raises RuleViolation `unknown_entry`, `entry_settled`.
        """
        now_ms = self.live.now_ms()

        def job(tx: Transaction) -> None:
            outbox.dismiss(tx, key, officer, now_ms)
            hall_people.audit(
                tx, at_ms=now_ms, actor=officer, action="booking_outcome_dismissed", subject=key
            )

        self.ledger.writer.run(job)

    def bookings_of(self, day: date) -> list[BookingRowView]:
        """The bookings of a local day by slot, of a day within the last week or the coming two."""
        hall = self.live.truth.hall
        with self.ledger.reading() as r:
            rows = copy.between(r, *day_bounds(hall.mall.timezone, day))
            came = {
                (row.source, row.booking_id): notes.arrivals_of(r, row.source, row.booking_id)
                for row in rows
                if row.ticket_id
            }
        return [_view(hall, row, came.get((row.source, row.booking_id), [])) for row in rows]

    def expected(self, day: date) -> list[Booking]:
        """The bookings of a local day that nobody has come with, neither cancelled nor missed, by slot.

        One look at the copy and one at the hall, which knows who came before the copy does: every counter asks this
        once a minute.
        """
        hall = self.live.truth.hall
        with self.ledger.reading() as r:
            rows = copy.open_between(r, *day_bounds(hall.mall.timezone, day))
        return [row.booking for row in rows if (row.source, row.booking_id) not in hall.bookings]

    def report(self, first: date, last: date, by: tuple[str, ...] = GROUPS) -> tuple[BookingTally, ...]:
        """Booked against walk-in for a range of local days; raises RuleViolation `bad_range`."""
        return self.reports(first, last, by)[0]

    def reports(
        self, first: date, last: date, *groupings: tuple[str, ...]
    ) -> tuple[tuple[BookingTally, ...], ...]:
        """As `report`, for each of these groupings; the log is read once for all of them."""
        hall = self.live.truth.hall
        visits = visits_between(self.ledger, first.isoformat(), last.isoformat(), hall.day)
        start, end = day_bounds(hall.mall.timezone, first)[0], day_bounds(hall.mall.timezone, last)[1]
        with self.ledger.reading() as r:
            rows = copy.between(r, start, end)
            counted = notes.counted(r, first.isoformat(), last.isoformat())
        said = [*((row.booking, row.status) for row in rows), *_forgotten(counted)]
        return tuple(booking_report(hall.mall, visits, said, by) for by in groupings)


def _health(
    name: str,
    config: SourceConfig | None,
    row: SourceRow | None,
    counts: dict[tuple[str, str], int],
    odd: Sequence[ProblemRow],
    now_ms: int,
) -> SourceHealth:
    return SourceHealth(
        name=name,
        kind=config.kind if config else "",
        url=config.url if config else "",
        last_contact_ms=row.last_contact_ms if row else None,
        last_error=row.last_error if row else "",
        waiting=counts.get((name, outbox.WAITING), 0),
        quarantined=counts.get((name, outbox.QUARANTINED), 0),
        problems=tuple(one for one in odd if one.source == name),
        error_ms=row.error_ms if row else None,
        silent=config is not None and is_silent(row, now_ms),
        configured=config is not None,
    )


def _view(hall: Hall, row: BookingRow, arrivals: Sequence[Arrival]) -> BookingRowView:
    """The booking with its visitor as the hall sees them; of another day, as the check-in was told."""
    ticket = hall.tickets.get(row.ticket_id)
    arrival = next((one for one in arrivals if one.ticket_id == row.ticket_id), None)
    if ticket is not None and ticket.booking is not None:
        at_ms, how = ticket.arrived_ms, ticket.booking.how
    elif arrival is not None:
        at_ms, how = (
            arrival.order_ms,
            how_kept(hall.mall, row.service, arrival.slot_ms, arrival.order_ms),
        )
    else:
        at_ms, how = None, ""
    return BookingRowView(
        row.source,
        row.code,
        row.service,
        row.start_ms,
        row.end_ms,
        row.status,
        row.cancelled,
        row.label,
        row.ticket_id,
        at_ms,
        how,
    )


def _forgotten(counted: Sequence[SlotCount]) -> list[tuple[Booking, BookingStatus]]:
    """Nameless bookings, as many as were counted when theirs were forgotten."""
    found: list[tuple[Booking, BookingStatus]] = []
    for one in counted:
        nameless = Booking("", "", "", one.service, one.start_ms, one.start_ms, False, "")
        found += [(nameless, BookingStatus.BOOKED)] * one.booked
        found += [(nameless, BookingStatus.CANCELLED)] * one.cancelled
        found += [(nameless, BookingStatus.NOSHOW)] * one.noshow
    return found
