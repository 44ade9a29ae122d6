"""A booking's place in line: in time, early, late, with priority, at the next service; and what screens say of it."""

import pytest

from antrean.domain import commands as c
from antrean.domain.booked import missed_from_ms, window
from antrean.domain.catalogue_file import mall_from_dict, mall_to_dict
from antrean.domain.views import console_state, ticket_state
from tests.domain.bookings_of_tests import SLOT, Booked, bookable
from tests.domain.test_floor import MINUTE


def minutes(key_ms: int) -> int:
    """A moment as whole minutes from the slot."""
    assert (key_ms - SLOT) % MINUTE == 0
    return (key_ms - SLOT) // MINUTE


# --- the place in line


@pytest.mark.parametrize(
    ("came", "how", "key", "why"),
    [
        (-40, "early", -40, "arrival"),
        (-16, "early", -16, "arrival"),
        (-15, "in_time", -15, "booking"),
        (-8, "in_time", -15, "booking"),
        (0, "in_time", -15, "booking"),
        (15, "in_time", -15, "booking"),
        (16, "late", 16, "arrival"),
        (300, "late", 300, "arrival"),
    ],
)
def test_a_booking_in_time_counts_from_its_slot_and_any_other_from_arrival(
    came: int, how: str, key: int, why: str
) -> None:
    ticket = Booked().come("a", at=SLOT + came * MINUTE)
    assert ticket.booking is not None
    assert ticket.booking.how == how
    assert (minutes(ticket.step.place.key_ms), ticket.step.why) == (key, why)
    assert ticket.step.arrived_ms == ticket.step.place.arrived_ms == SLOT + came * MINUTE


@pytest.mark.parametrize(
    ("rule", "policy", "came", "key"),
    [
        ({"early_minutes": 60}, {}, -50, -50),
        ({"early_minutes": 60}, {}, -10, -15),
        ({"early_minutes": 60}, {"booking_head_start_minutes": 30}, -10, -30),
        ({"early_minutes": 5}, {"booking_head_start_minutes": 30}, -3, -5),
        ({"early_minutes": 5}, {"booking_head_start_minutes": 30}, -6, -6),
        ({"late_minutes": 45}, {}, 44, -15),
        ({}, {"booking_head_start_minutes": 0}, 5, 0),
        ({}, {"booking_early_minutes": 0, "booking_late_minutes": 0}, 0, 0),
        ({}, {"booking_late_minutes": 0}, 1, 1),
    ],
)
def test_windows_are_the_services_own_or_the_malls(
    rule: dict[str, int], policy: dict[str, int], came: int, key: int
) -> None:
    data = mall_to_dict(bookable(**rule))
    data["policy"] |= policy
    ticket = Booked(mall_from_dict(data)).come("a", at=SLOT + came * MINUTE)
    assert minutes(ticket.step.place.key_ms) == key


def test_coming_earlier_never_costs_a_place_and_a_booking_is_never_worse_than_walking_in() -> None:
    data = mall_to_dict(bookable(early_minutes=7, late_minutes=20))
    data["policy"] |= {"booking_head_start_minutes": 25}
    mall = mall_from_dict(data)
    keys = [Booked(mall).come("a", at=SLOT + came * MINUTE).step.place.key_ms for came in range(-30, 21)]
    assert keys == sorted(keys)
    assert all(key <= SLOT + came * MINUTE for came, key in zip(range(-30, 21), keys, strict=True))


def test_with_priority_the_better_of_both_keys_counts_and_never_their_sum() -> None:
    hall = Booked()
    before = hall.come("a", "b1", at=SLOT - 10 * MINUTE, priority=True)
    after = hall.come("b", "b2", at=SLOT + 10 * MINUTE, priority=True)
    assert (minutes(before.step.place.key_ms), before.step.why) == (-25, "priority")
    assert (minutes(after.step.place.key_ms), after.step.why) == (-15, "booking")


def test_priority_withdrawn_or_confirmed_leaves_the_booking_its_place() -> None:
    hall = Booked()
    hall.come("a", at=SLOT - 10 * MINUTE)
    hall.now = SLOT
    hall.give(c.SetPriority(ticket="a", priority=True))
    assert (minutes(hall.ticket("a").step.place.key_ms), hall.ticket("a").step.why) == (-25, "priority")
    hall.give(c.SetPriority(ticket="a", priority=False))
    assert (minutes(hall.ticket("a").step.place.key_ms), hall.ticket("a").step.why) == (-15, "booking")
    assert len(hall.hall.line("kk")) == 1


def test_the_line_calls_a_booking_by_its_slot_and_says_why() -> None:
    hall = Booked()
    for at in range(4):
        hall.walk_in(f"w{at}", SLOT + (at * 5 - 20) * MINUTE)
    hall.come("booked", at=SLOT - 2 * MINUTE)
    hall.now = SLOT
    assert hall.order() == [
        ("w0", "arrival"), ("w1", "arrival"), ("booked", "booking"), ("w2", "arrival"), ("w3", "arrival"),
    ]  # fmt: skip
    row = console_state(hall.hall, "2", hall.now)["waiting"][2]
    assert row["reason"] == {
        "code": "booking", "params": {"arrived_at": SLOT - 2 * MINUTE, "slot_at": SLOT},
    }  # fmt: skip
    assert row["booking"] == {
        "code": "ABCD2345", "slot_ms": SLOT, "slot_end_ms": SLOT + 30 * MINUTE, "how": "in_time",
    }  # fmt: skip
    state = ticket_state(hall.hall, hall.ticket("w0"), hall.now)
    assert (state["booking"], state["alias_of"]) == (None, None)


def test_a_wait_is_told_longer_where_bookings_go_first() -> None:
    halls = Booked(), Booked()
    for at in range(12):
        halls[0].walk_in(f"t{at}", SLOT + at * MINUTE)
        halls[1].come(f"t{at}", f"b{at}", at=SLOT + at * MINUTE)
    shares = [hall.hall.pace.priority_share for hall in halls]
    assert shares[0] < shares[1] < 1
    assert halls[0].hall.pace.came == halls[1].hall.pace.came == 12
    halls[1].come("p", "bp", at=SLOT + 12 * MINUTE, priority=True)
    assert halls[1].hall.pace.came_first == 13


def test_the_next_service_of_the_visit_goes_by_arrival() -> None:
    hall = Booked()
    hall.come("a", at=SLOT - 2 * MINUTE)
    hall.now = SLOT
    assert hall.serve_next() == ("a", "booking")
    hall.give(c.Transfer(counter="2", service="ktp-baru", place="arrival"))
    ticket = hall.ticket("a")
    assert (minutes(ticket.step.place.key_ms), ticket.step.why) == (-2, "arrival")
    hall.give(c.SetPriority(ticket="a", priority=True))
    hall.give(c.SetPriority(ticket="a", priority=False))
    assert minutes(hall.ticket("a").step.place.key_ms) == -2


def test_window_and_grace_are_inclusive_moments() -> None:
    mall = bookable(early_minutes=5)
    assert window(mall, "kk", SLOT) == (SLOT - 5 * MINUTE, SLOT + 15 * MINUTE)
    assert window(mall, "gone", SLOT) == (SLOT - 15 * MINUTE, SLOT + 15 * MINUTE)
    assert missed_from_ms(mall, "kk", SLOT) == SLOT + 75 * MINUTE
