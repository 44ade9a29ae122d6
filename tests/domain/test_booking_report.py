"""What a manager reads of bookings: kept, early, late, missed, cancelled, sold too often, beside walk-ins."""

from typing import Any

import pytest

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.booking import Booking, BookingStatus
from antrean.domain.booking_report import BookingTally, booking_report
from antrean.domain.waits import report, visits_of
from tests.domain.bookings_of_tests import SLOT, Booked, bookable, booking_of
from tests.domain.test_floor import MINUTE

DAY = "2025-11-24"
DAY_MS = 24 * 60 * MINUTE
S = BookingStatus


def tallies(
    hall: Booked, *bookings: tuple[Booking, BookingStatus], by: Any = ("day", "service")
) -> list[BookingTally]:
    return list(booking_report(hall.hall.mall, visits_of(hall.log), bookings, by))


def counts(tally: BookingTally) -> tuple[int, ...]:
    """booked, in time, early, late, noshow, cancelled, overbooked, walk-in."""
    wire = tally.to_dict()
    names = ("booked", "in_time", "early", "late", "noshow", "cancelled", "overbooked", "walk_in")
    return tuple(wire[name] for name in names)


def test_a_morning_of_every_kind_is_told_in_one_row() -> None:
    hall = Booked()
    hall.walk_in("w", SLOT - 30 * MINUTE)
    hall.come("a", "b1", at=SLOT - 5 * MINUTE)
    hall.come("b", "b2", at=SLOT - 40 * MINUTE)
    hall.come("c", "b3", at=SLOT + 40 * MINUTE)
    said = [(booking_of(f"b{at}"), S.ARRIVED) for at in (1, 2, 3)]
    said += [(booking_of("b4"), S.NOSHOW), (booking_of("b5"), S.CANCELLED), (booking_of("b6"), S.BOOKED)]
    [row] = tallies(hall, *said)
    assert (row.day, row.service, row.arrived) == (DAY, "kk", 3)
    assert counts(row) == (5, 1, 1, 1, 1, 1, 0, 1)
    assert (row.booked_wait_ms, row.walk_in_wait_ms) == (None, None)


def test_waits_of_both_classes_are_medians_to_the_call() -> None:
    hall = Booked()
    hall.walk_in("w", SLOT - 30 * MINUTE)
    hall.come("a", "b1", at=SLOT - 5 * MINUTE)
    hall.come("b", "b2", at=SLOT - 3 * MINUTE)
    for at in range(3):
        hall.now = SLOT + at * MINUTE
        hall.serve_next()
    [row] = tallies(hall)
    assert (row.walk_in_wait_ms, row.booked_wait_ms) == (30 * MINUTE, int(5.5 * MINUTE))


def test_arrivals_above_what_their_slot_holds_are_overbooked() -> None:
    hall = Booked(bookable(walk_in_percent=75))  # three an hour: one in the slot at 10.00, two at 10.30
    for at in range(4):
        hall.come(f"a{at}", f"b{at}", at=SLOT - 5 * MINUTE)
    [row] = tallies(hall)
    assert counts(row) == (4, 4, 0, 0, 0, 0, 3, 0)
    odd = Booked(bookable(walk_in_percent=75))
    for at in range(4):
        odd.come(f"a{at}", f"b{at}", at=SLOT - 5 * MINUTE, slot_ms=SLOT + MINUTE)
    assert tallies(odd)[0].overbooked == 0


def test_presence_is_told_by_the_visit_whatever_the_outside_says_later() -> None:
    hall = Booked()
    hall.come("a", "b1", at=SLOT - 5 * MINUTE)
    moved = booking_of("b1", start_ms=SLOT + DAY_MS)
    for later in ((booking_of("b1"), S.CANCELLED), (moved, S.ARRIVED), (moved, S.FULFILLED)):
        [row] = tallies(hall, later)
        assert counts(row) == (1, 1, 0, 0, 0, 0, 0, 0)


def test_a_booking_whose_visitor_came_on_another_day_is_not_booked_on_this_one() -> None:
    assert tallies(Booked(), (booking_of("b1"), S.ARRIVED)) == []


def test_nameless_bookings_count_each() -> None:
    nameless = Booking("", "", "", "kk", SLOT, SLOT, False, "")
    [row] = tallies(Booked(), (nameless, S.NOSHOW), (nameless, S.NOSHOW), (nameless, S.CANCELLED))
    assert counts(row) == (2, 0, 0, 0, 2, 1, 0, 0)


def test_an_alias_is_no_visitor_and_nothing_cancelled() -> None:
    hall = Booked()
    hall.come("b", "b1", at=SLOT - 3 * MINUTE)
    hall.come("a", "b1", at=SLOT - 5 * MINUTE)
    [row] = tallies(hall)
    assert counts(row) == (1, 1, 0, 0, 0, 0, 0, 0)
    [waits] = report(visits_of(hall.log), hall.hall.mall, "service")
    assert (waits.issued, dict(waits.outcomes)) == (1, {"waiting": 1})


def test_whoever_came_again_with_one_booking_came_once() -> None:
    hall = Booked()
    hall.come("a", "b1", at=SLOT - 5 * MINUTE)
    hall.now = SLOT
    hall.give(c.Cancel(ticket="a", reason="salah"))
    hall.come("b", "b1", at=SLOT + MINUTE)
    [row] = tallies(hall)
    assert counts(row) == (1, 1, 0, 0, 0, 0, 0, 0)


def test_a_visit_of_several_services_came_once_and_a_matched_claim_came_with_its_booking() -> None:
    hall = Booked()
    hall.now = SLOT - 2 * MINUTE
    hall.check_in(None, service="kk")
    hall.tell(e.BookingMatched("s1", "situs", "b1", "ABCD2345", SLOT, SLOT + 30 * MINUTE))
    hall.now = SLOT
    hall.serve_next()
    hall.give(c.Transfer(counter="2", service="ktp-baru"))
    [row] = tallies(hall)
    assert (row.service, counts(row)) == ("kk", (1, 1, 0, 0, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        (("day", "service"), [(DAY, "ktp-baru"), (DAY, "kk"), (DAY, "dulu"), ("2025-11-25", "kk")]),
        (("day",), [(DAY, ""), ("2025-11-25", "")]),
        (("service",), [("", "ktp-baru"), ("", "kk"), ("", "dulu")]),
        ((), [("", "")]),
    ],
)
def test_rows_follow_the_days_and_the_malls_own_order(
    by: tuple[str, ...], keys: list[tuple[str, str]]
) -> None:
    hall = Booked()
    hall.walk_in("w", SLOT, service="ktp-baru")
    said = [(booking_of(service=service), S.BOOKED) for service in ("dulu", "kk")]
    said.append((booking_of(start_ms=SLOT + DAY_MS), S.BOOKED))
    assert [(row.day, row.service) for row in tallies(hall, *said, by=by)] == keys
