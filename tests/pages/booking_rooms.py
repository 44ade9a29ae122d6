"""A mall whose bookings are as a test wants them, behind the real pages."""

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from flask import Blueprint

from antrean.domain.booking import Booking
from antrean.domain.booking_report import BookingTally
from antrean.domain.errors import RuleViolation
from antrean.ledger import hall_bookings
from antrean.ledger.hall_booking_outbox import QUARANTINED, OutboxRow
from queue_server.app import PageRoom
from queue_server.bookings.health import Conflict, SourceHealth
from queue_server.house import ServerHouse
from queue_server.pages import House as PagesHouse
from queue_server.pages import pages_blueprint
from queue_server.pages.errors import error_page
from tests.server.house_of_tests import FakeWorld, House, fill, served


@dataclass
class FakeRoom:
    """Bookings as given; keeps what it was asked to do."""

    sources: list[SourceHealth] = field(default_factory=list)
    rows: list[Booking] = field(default_factory=list)
    held: list[OutboxRow] = field(default_factory=list)
    decided: list[Conflict] = field(default_factory=list)
    tallies: list[BookingTally] = field(default_factory=list)
    kiosks: list[str] = field(default_factory=list)
    broken: str = ""
    done: list[tuple[str, ...]] = field(default_factory=list)

    def health(self) -> Sequence[SourceHealth]:
        return self.sources

    def settings_error(self) -> str:
        return self.broken

    def outbox(self) -> Sequence[OutboxRow]:
        return self.held

    def waits_for_kiosks(self) -> Sequence[str]:
        return self.kiosks

    def conflicts(self, day: datetime.date) -> Sequence[Conflict]:
        return self.decided if day == datetime.date(2025, 11, 24) else []

    def expected(self, day: datetime.date) -> Sequence[Booking]:
        return self.rows

    def try_now(self, name: str) -> None:
        self.done.append(("try", name))

    def retry(self, key: str, officer: str) -> None:
        self._settle("retry", key, officer)

    def drop(self, key: str, officer: str) -> None:
        self._settle("drop", key, officer)

    def _settle(self, what: str, key: str, officer: str) -> None:
        if key not in [row.key for row in self.held]:
            raise RuleViolation("unknown_entry", entry=key)
        self.done.append((what, key, officer))

    def reports(
        self, first: datetime.date, last: datetime.date, *groupings: tuple[str, ...]
    ) -> Sequence[Sequence[BookingTally]]:
        days = [one for one in self.tallies if first.isoformat() <= one.day <= last.isoformat()]
        return [grouped(days, by) for by in groupings]


def grouped(tallies: list[BookingTally], by: tuple[str, ...]) -> list[BookingTally]:
    """The same figures by fewer groups."""
    groups: dict[tuple[str, str], BookingTally] = {}
    for one in tallies:
        key = (one.day if "day" in by else "", one.service if "service" in by else "")
        groups[key] = summed(groups[key], one) if key in groups else replace(one, day=key[0], service=key[1])
    return list(groups.values())


def summed(one: BookingTally, other: BookingTally) -> BookingTally:
    """Both together; the medians of the first stay."""
    names = ("booked", "in_time", "early", "late", "noshow", "cancelled", "overbooked", "walk_in")
    return replace(one, **{name: getattr(one, name) + getattr(other, name) for name in names})


def source(name: str = "kota", **changes: Any) -> SourceHealth:
    """A source where all is well, but for the changes."""
    values: dict[str, Any] = {
        "name": name, "kind": "json", "url": "https://booking.example/v1", "last_contact_ms": None,
        "last_error": "", "waiting": 0, "quarantined": 0, "problems": (),
    }  # fmt: skip
    return SourceHealth(**{**values, **changes})


def refused(key: str, name: str = "kota", what: str = "arrived", label: str = "A1-001") -> OutboxRow:
    """An outcome that its source will not take."""
    return OutboxRow(
        1, key, name, f"id-{key}", what, 1_763_949_600_000, False, label, QUARANTINED, 1, 0,
        "unknown_booking", 1_763_949_600_000, 1_763_949_600_000, "",
    )  # fmt: skip


def booked(code: str, start_ms: int, service: str = "ktp-baru", *, cancelled: bool = False) -> Booking:
    """A booking as its source tells it."""
    return Booking("kota", f"id-{code}", code, service, start_ms, start_ms + 1_800_000, cancelled, "1")


def tally(day: str, service: str, booked: int, in_time: int, **changes: Any) -> BookingTally:
    """A line of a report."""
    values: dict[str, Any] = {
        "early": 0, "late": 0, "noshow": 0, "cancelled": 0, "overbooked": 0, "walk_in": 0,
        "booked_wait_ms": None, "walk_in_wait_ms": None,
    }  # fmt: skip
    return BookingTally(day, service, booked, in_time, **{**values, **changes})


@contextmanager
def mall_with(folder: Path, room: FakeRoom, **changes: Any) -> Iterator[House]:
    """A served mall whose pages see these bookings."""

    def blueprint(house: PagesHouse) -> Blueprint:
        return pages_blueprint(replace(cast(ServerHouse, house), booking_room=room))

    data = folder / "mall"
    data.mkdir()
    fill(data)
    with served(
        data, FakeWorld(), pages=PageRoom(blueprint, error_page), heartbeat_s=0.5, **changes
    ) as house:
        yield house


def sell(
    house: House, code: str, start_ms: int, service: str = "ktp-baru", *, cancelled: bool = False
) -> None:
    """The mall has heard of this booking from its source."""
    told = booked(code, start_ms, service, cancelled=cancelled)
    parts = house.running.parts
    parts.ledger.writer.run(lambda tx: hall_bookings.put(tx, told, parts.live.now_ms()))
