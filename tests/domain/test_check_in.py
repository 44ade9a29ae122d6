"""Checking in with staff: what the mall decides when the outside differs, row by row of docs/bookings.md."""

import pytest

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.booking_claim import BookingClaim
from antrean.domain.booking_code import new_code
from antrean.domain.catalogue_file import mall_from_dict, mall_to_dict
from antrean.domain.commands import command_of
from antrean.domain.errors import BadInput, RuleViolation
from antrean.domain.hall import issued_today
from antrean.domain.ticket import State
from antrean.domain.views import ticket_state
from antrean.seal.bookings import BookingSigner
from tests.domain.bookings_of_tests import SLOT, Booked, bookable, booking_of
from tests.domain.malls import mall_data
from tests.domain.test_floor import MINUTE, T0

DAY_MS = 24 * 60 * MINUTE


def test_a_known_booking_becomes_a_number_with_its_booking() -> None:
    hall = Booked()
    hall.now = SLOT - 5 * MINUTE
    booking = booking_of()
    issued, arrived, order = hall.check_in(booking, print_at="kiosk-1", priority=True, language="su")
    assert isinstance(issued, e.TicketIssued)
    assert (issued.channel, issued.service, issued.issuer, issued.language, issued.priority) == (
        "booking", "kk", "Y", "su", True,
    )  # fmt: skip
    assert arrived == e.BookingArrived("s1", "situs", "b1", "ABCD2345", SLOT, SLOT + 30 * MINUTE, "copy")
    assert order == e.PrintOrdered("s1", "kiosk-1")
    assert hall.hall.bookings.get(("situs", "b1")) == "s1"
    assert hall.ticket("s1").channel == "booking"


def test_whoever_is_here_already_hears_their_number() -> None:
    hall = Booked()
    hall.come("a", at=SLOT - 5 * MINUTE)
    hall.now = SLOT
    with pytest.raises(RuleViolation, match="booking_arrived") as refused:
        hall.check_in(booking_of(cancelled=True))
    assert refused.value.params == {"booking": "ABCD-2345", "label": str(hall.ticket("a").label)}


def test_cancelled_outside_and_nobody_here_yet_is_no_booking_any_more() -> None:
    hall = Booked()
    with pytest.raises(RuleViolation, match="booking_cancelled"):
        hall.check_in(booking_of(cancelled=True))
    assert hall.log == []


@pytest.mark.parametrize(
    "start_ms", [SLOT + DAY_MS, SLOT - DAY_MS, T0 + 15 * 60 * MINUTE, T0 - 9 * 60 * MINUTE - 1]
)
def test_another_local_day_is_refused_with_the_day(start_ms: int) -> None:
    with pytest.raises(RuleViolation, match="booking_other_day") as refused:
        Booked().check_in(booking_of(start_ms=start_ms))
    assert refused.value.params["start_ms"] == start_ms


@pytest.mark.parametrize("start_ms", [T0 - 9 * 60 * MINUTE, T0 + 15 * 60 * MINUTE - 1])
def test_the_local_day_begins_and_ends_at_local_midnight(start_ms: int) -> None:
    arrived = Booked().check_in(booking_of(start_ms=start_ms))[1]
    assert isinstance(arrived, e.BookingArrived)
    assert arrived.slot_ms == start_ms


def test_no_quota_refuses_a_booking_and_it_counts_in_it() -> None:
    data = mall_data()
    data["services"][3]["booking"] = {"per_hour": 12}
    hall = Booked(mall_from_dict(data))
    for name in ("a", "b"):
        hall.walk_in(name, T0, service="npwp")
    with pytest.raises(RuleViolation, match="service_full"):
        hall.give(c.Issue(service="npwp", ticket_id="x", generation=1))
    hall.check_in(booking_of(service="npwp"))
    assert hall.ticket("s1").state is State.WAITING
    assert issued_today(hall.hall, "npwp") == 3


def closing_hall() -> Booked:
    """The service closes at 10.00, when the slot begins; its last number is given at 09.30."""
    data = mall_data()
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    data["services"][2] |= {
        "booking": {"per_hour": 12},
        "hours": {day: [["08:00", "10:00"]] for day in days},
        "last_number_minutes_before_close": 30,
    }
    return Booked(mall_from_dict(data))


def test_inside_its_window_no_opening_hour_refuses_a_booking_outside_they_do() -> None:
    for came, code in ((-20, "last_number_given"), (16, "service_closed")):
        hall = closing_hall()
        hall.now = SLOT + came * MINUTE
        with pytest.raises(RuleViolation, match=code):
            hall.check_in(booking_of())
    for came in (-15, 0, 15):
        hall = closing_hall()
        hall.now = SLOT + came * MINUTE
        hall.check_in(booking_of())
        assert hall.ticket("s1").state is State.WAITING


def test_a_code_nobody_knows_asks_for_a_service_and_then_is_looked_up_later() -> None:
    hall = Booked()
    with pytest.raises(RuleViolation, match="unknown_booking") as refused:
        hall.check_in(None)
    assert refused.value.params == {"booking": "ABCD-2345"}
    issued, claimed = hall.check_in(None, service="kk")
    assert isinstance(issued, e.TicketIssued)
    assert (issued.channel, claimed) == ("staff", e.BookingClaimed("s1", "ABCD2345"))
    booking = hall.ticket("s1").booking
    assert booking is not None
    assert (booking.how, booking.code, booking.slot_ms) == ("claimed", "ABCD2345", 0)
    assert hall.ticket("s1").step.why == "arrival"
    assert ticket_state(hall.hall, hall.ticket("s1"), hall.now)["booking"]["how"] == "claimed"


def test_a_claim_is_refused_like_any_number() -> None:
    hall = Booked()
    for service, code in (("nope", "unknown_service"), ("tutup", "service_not_offered")):
        with pytest.raises(RuleViolation, match=code):
            hall.check_in(None, service=service)
    with pytest.raises(BadInput, match="bad_booking_code"):
        hall.check_in(None, service="kk", code="?!")


def test_of_a_signed_code_whose_key_nobody_has_its_short_code_is_claimed() -> None:
    code = new_code(bytes(range(16)))
    token = BookingSigner(bytes(32)).seal(BookingClaim(code, SLOT, 30), "kk", "mpp")
    hall = Booked()
    assert hall.check_in(None, service="kk", code=token)[1] == e.BookingClaimed("s1", code)


def test_a_claim_that_proves_true_moves_to_the_place_it_would_have_had() -> None:
    hall = Booked()
    hall.walk_in("w", SLOT - 12 * MINUTE)
    hall.now = SLOT - 2 * MINUTE
    hall.check_in(None, service="kk")
    hall.now = SLOT
    assert hall.order() == [("w", "arrival"), ("s1", "arrival")]
    hall.tell(e.BookingMatched("s1", "situs", "b1", "ABCD2345", SLOT, SLOT + 30 * MINUTE))
    assert hall.order() == [("s1", "booking"), ("w", "arrival")]
    assert hall.hall.bookings.get(("situs", "b1")) == "s1"
    hall.tell(e.BookingClaimed("s1", "OTHER"), e.BookingMatched("s1", "situs", "b9", "X", 1, 2))
    booking = hall.ticket("s1").booking
    assert booking is not None
    assert (booking.booking_id, booking.how) == ("b1", "in_time")


def test_whoever_was_passed_often_enough_stays_next_when_their_claim_proves_true() -> None:
    data = mall_to_dict(bookable())
    data["policy"] |= {"booking_head_start_minutes": 0, "overtaking_cap": 2}
    hall = Booked(mall_from_dict(data))
    hall.now = SLOT + 10 * MINUTE
    hall.check_in(None, service="kk")
    for at in range(4):
        hall.walk_in(f"p{at}", SLOT + (11 + at) * MINUTE, priority=True)
    hall.now = SLOT + 15 * MINUTE
    assert [hall.serve_next(), hall.serve_next()] == [("p0", "priority"), ("p1", "priority")]
    hall.tell(e.BookingMatched("s1", "situs", "b1", "ABCD2345", SLOT, SLOT + 30 * MINUTE))
    assert hall.ticket("s1").step.place.key_ms == SLOT
    assert hall.order() == [("s1", "capped"), ("p2", "priority"), ("p3", "priority")]


def test_bookings_count_as_passing_those_who_walked_in() -> None:
    data = mall_to_dict(bookable())
    data["policy"] |= {"overtaking_cap": 2}
    hall = Booked(mall_from_dict(data))
    hall.walk_in("w", SLOT - 6 * MINUTE)
    for at in range(4):
        hall.come(f"b{at}", f"b{at}", at=SLOT - (5 - at) * MINUTE)
    hall.now = SLOT
    assert [hall.serve_next() for _ in range(4)] == [
        ("b0", "booking"), ("b1", "booking"), ("w", "capped"), ("b2", "booking"),
    ]  # fmt: skip


def test_a_claim_that_proves_true_after_its_call_changes_no_place() -> None:
    hall = Booked()
    hall.now = SLOT - 2 * MINUTE
    hall.check_in(None, service="kk")
    hall.serve_next()
    before = hall.ticket("s1").step
    hall.tell(e.BookingMatched("s1", "situs", "b1", "ABCD2345", SLOT, SLOT + 30 * MINUTE))
    assert hall.ticket("s1").step == before
    booking = hall.ticket("s1").booking
    assert booking is not None
    assert booking.how == "in_time"


def test_a_service_that_left_the_catalogue_is_named_by_staff() -> None:
    hall = Booked()
    with pytest.raises(RuleViolation, match="unknown_service"):
        hall.check_in(booking_of(service="dulu"))
    issued = hall.check_in(booking_of(service="dulu"), service="ktp-baru")[0]
    assert isinstance(issued, e.TicketIssued)
    assert issued.service == "ktp-baru"


def test_cancelled_or_moved_outside_after_check_in_the_number_keeps_its_place() -> None:
    """The outside's later word is no event of the hall: whoever is here is here."""
    hall = Booked()
    hall.come("a", at=SLOT - 5 * MINUTE)
    before = hall.ticket("a")
    for later in (booking_of(cancelled=True), booking_of(start_ms=SLOT + DAY_MS)):
        with pytest.raises(RuleViolation, match="booking_arrived"):
            hall.check_in(later)
    assert hall.ticket("a") == before


def test_a_slot_sold_again_serves_both() -> None:
    hall = Booked()
    hall.come("a", "b1", at=SLOT - 5 * MINUTE)
    hall.come("b", "b2", at=SLOT - 4 * MINUTE)
    hall.now = SLOT
    assert hall.order() == [("a", "booking"), ("b", "booking")]


@pytest.mark.parametrize("end", ["cancel", "expire"])
def test_after_a_number_was_taken_out_the_booking_may_come_again(end: str) -> None:
    hall = Booked()
    hall.come("a", at=SLOT - 5 * MINUTE)
    hall.now = SLOT
    hall.give(c.Cancel(ticket="a", reason="pulang") if end == "cancel" else c.CloseDay())
    hall.check_in(booking_of())
    assert hall.hall.bookings.get(("situs", "b1")) == "s1"
    assert hall.ticket("s1").state is State.WAITING
    assert hall.ticket("a").alias_of == ""


def test_a_missed_booking_changes_nobody_in_the_hall() -> None:
    hall = Booked()
    hall.come("a", at=SLOT - 5 * MINUTE)
    before = hall.hall
    hall.tell(e.BookingMissed("situs", "b2", "WXYZ2345", "kk", SLOT))
    assert hall.hall is before


def test_words_about_a_number_nobody_knows_change_nothing() -> None:
    hall = Booked()
    before = hall.hall
    hall.tell(
        e.BookingArrived("gone", "situs", "b1", "ABCD2345", SLOT, SLOT, "copy"),
        e.BookingClaimed("gone", "ABCD2345"),
        e.BookingMatched("gone", "situs", "b1", "ABCD2345", SLOT, SLOT),
    )
    assert hall.hall is before


# --- a number first, the booking later


def test_a_number_taken_before_the_code_came_up_gets_its_booking_and_its_place() -> None:
    hall = Booked()
    hall.walk_in("w", SLOT - 12 * MINUTE)
    hall.walk_in("mine", SLOT - 5 * MINUTE)
    hall.now = SLOT + 30 * MINUTE
    label = str(hall.ticket("mine").label)
    assert hall.check_in(booking_of(), ticket=label) == (
        e.BookingArrived("mine", "situs", "b1", "ABCD2345", SLOT, SLOT + 30 * MINUTE, "copy"),
    )
    assert hall.order() == [("mine", "booking"), ("w", "arrival")]
    assert hall.check_in(booking_of(), ticket=label) == ()
    with pytest.raises(RuleViolation, match="booking_arrived"):
        hall.check_in(booking_of(), ticket="w")
    with pytest.raises(RuleViolation, match="ticket_has_booking"):
        hall.check_in(booking_of("b2"), ticket="mine")
    with pytest.raises(RuleViolation, match="ticket_has_booking"):
        hall.check_in(None, ticket="mine")


def test_a_number_at_the_counter_gets_its_booking_where_it_stands() -> None:
    hall = Booked()
    hall.walk_in("a", SLOT - 5 * MINUTE)
    hall.now = SLOT
    hall.serve_next()
    before = hall.ticket("a").step
    hall.check_in(booking_of(), ticket="a", counter="2")
    assert hall.ticket("a").step == before
    assert hall.hall.bookings.get(("situs", "b1")) == "a"


def test_a_claim_for_a_number_is_looked_up_and_then_named_by_staff_after_all() -> None:
    hall = Booked()
    hall.walk_in("a", SLOT - 5 * MINUTE)
    assert hall.check_in(None, ticket="a") == (e.BookingClaimed("a", "ABCD2345"),)
    hall.check_in(booking_of(), ticket="a")
    booking = hall.ticket("a").booking
    assert booking is not None
    assert booking.how == "in_time"


def test_a_booking_is_not_given_to_a_number_that_has_ended_or_is_for_something_else() -> None:
    hall = Booked()
    hall.walk_in("a", SLOT - 5 * MINUTE)
    hall.walk_in("b", SLOT - 5 * MINUTE, service="ktp-baru")
    with pytest.raises(RuleViolation, match="booking_other_service"):
        hall.check_in(booking_of(), ticket="b")
    with pytest.raises(RuleViolation, match="booking_other_day"):
        hall.check_in(booking_of(start_ms=SLOT + DAY_MS), ticket="a")
    with pytest.raises(RuleViolation, match="booking_cancelled"):
        hall.check_in(booking_of(cancelled=True), ticket="a")
    hall.give(c.Cancel(ticket="a", reason="pulang"))
    with pytest.raises(RuleViolation, match="illegal_transition"):
        hall.check_in(booking_of(), ticket="a")
    with pytest.raises(RuleViolation, match="unknown_ticket"):
        hall.check_in(booking_of(), ticket="Z1-001")


# --- the wire form of the command


def test_a_check_in_is_asked_for_with_its_code_alone() -> None:
    assert command_of({"command": "check_in", "code": "abcd-2345"}) == c.CheckIn(code="abcd-2345")
    with pytest.raises(BadInput, match="missing_field"):
        command_of({"command": "check_in", "service": "kk"})
    for field in ("booking", "proof", "ticket_id", "generation"):
        with pytest.raises(BadInput, match="unknown_field"):
            command_of({"command": "check_in", "code": "abcd-2345", field: None})
