"""One booking checked in at kiosks that could not hear each other: one visitor, the same in any order of the logs."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.booked import ALIAS
from antrean.domain.evolve import evolve, evolve_all
from antrean.domain.hall import Accepted, Hall, empty_hall
from antrean.domain.ticket import State
from antrean.domain.views import ticket_state
from antrean.domain.waits import visits_of
from tests.domain.bookings_of_tests import SLOT, Booked, bookable, check_in
from tests.domain.test_floor import MINUTE

MALL = bookable()
DAY = "2025-11-24"


def folded(log: list[Accepted]) -> Hall:
    return evolve_all(empty_hall(MALL, DAY), log)


def told(*visitors: tuple[str, str, int]) -> list[tuple[Accepted, ...]]:
    """One kiosk log for each (ticket, booking, minute from the slot)."""
    return [
        check_in(DAY, name, booking, SLOT + at * MINUTE, issuer=str(kiosk), number=1)
        for kiosk, (name, booking, at) in enumerate(visitors, start=1)
    ]


def same(hall: Hall) -> Any:
    """What of the hall must not depend on the order of the logs; twins know no order either."""
    return (hall.tickets, hall.lines, hall.bookings, hall.issued, hall.heard, hall.numbers, hall.pace)


def test_the_earlier_number_stands_and_the_other_is_its_alias() -> None:
    first, second = told(("a", "b1", -5), ("b", "b1", -3))
    for log in ([*first, *second], [*second, *first]):
        hall = folded(log)
        a, b = hall.tickets["a"], hall.tickets["b"]
        assert (a.state, a.alias_of) == (State.WAITING, "")
        assert (b.state, b.alias_of, b.step.reason, b.step.ended_ms) == (
            State.CANCELLED, "a", ALIAS, SLOT - 3 * MINUTE,
        )  # fmt: skip
        assert list(hall.bookings.items()) == [(("situs", "b1"), "a")]
        assert [arrival.ticket_id for arrival in hall.line("kk").by_arrival] == ["a"]
        assert ticket_state(hall, b, SLOT)["alias_of"] == str(a.label)


def test_the_same_moment_is_settled_by_the_tickets_id() -> None:
    first, second = told(("b", "b1", -5), ("a", "b1", -5))
    for log in ([*first, *second], [*second, *first]):
        assert folded(log).tickets["b"].alias_of == "a"


def test_of_three_numbers_the_earliest_stands_for_both_others_in_every_order() -> None:
    logs = told(("a", "b1", -3), ("b", "b1", -5), ("c", "b1", -9))
    halls = [folded([one for log in order for one in log]) for order in itertools.permutations(logs)]
    assert {hall.tickets["a"].alias_of for hall in halls} == {"c"}
    assert {hall.tickets["b"].alias_of for hall in halls} == {"c"}
    assert all(same(hall) == same(halls[0]) for hall in halls)


VISITORS = st.lists(
    st.tuples(st.sampled_from(("b1", "b2", "b3", "")), st.integers(-30, 30), st.booleans()),
    min_size=1,
    max_size=8,
)


@settings(deadline=None, max_examples=150)
@given(VISITORS, st.randoms(use_true_random=False))
def test_any_logs_in_any_order_fold_to_the_same_hall(visitors: list[Any], chance: Any) -> None:
    logs = [
        check_in(DAY, f"t{at}", booking, SLOT + came * MINUTE, issuer=str(at + 1), number=1, priority=first)
        for at, (booking, came, first) in enumerate(visitors)
    ]
    in_order = folded([one for log in logs for one in log])
    shuffled: list[Accepted] = []
    left = [list(log) for log in logs]
    while any(left):
        shuffled.append(chance.choice([log for log in left if log]).pop(0))
    again = folded(shuffled)
    assert same(again) == same(in_order)
    one_by_one = empty_hall(MALL, DAY)
    for one in shuffled:
        one_by_one = evolve(one_by_one, one)
    assert same(one_by_one) == same(in_order)
    for booking in ("b1", "b2", "b3"):
        mine = [one for one in again.tickets.values() if one.booking and one.booking.booking_id == booking]
        standing = [one for one in mine if one.state is State.WAITING]
        assert len(standing) == bool(mine)
        if mine:
            assert standing[0] == min(mine, key=lambda one: (one.arrived_ms, one.ticket_id))
    fold = visits_of(shuffled)
    assert {visit.ticket_id for visit in fold} == {
        one.ticket_id for one in again.tickets.values() if not one.alias_of
    }


@pytest.mark.parametrize("earlier", [-8, -3])
@pytest.mark.parametrize(
    "served", ["called", "serving", "completed", "on_hold", "transferred", "absent", "returned"]
)
def test_a_call_is_never_undone_by_a_log_that_comes_later(served: str, earlier: int) -> None:
    hall = Booked(MALL)
    hall.come("a", at=SLOT - 5 * MINUTE)
    hall.now = SLOT
    hall.give(c.CallNext(counter="2"))
    if served in ("absent", "returned"):
        hall.give(c.Absent(counter="2"))
        if served == "returned":
            hall.give(c.Return(counter="2", ticket="a"))
    elif served != "called":
        hall.give(c.Start(counter="2"))
        after: dict[str, c.Command] = {
            "completed": c.Finish(counter="2"),
            "on_hold": c.Hold(counter="2", reason="fotokopi"),
            "transferred": c.Transfer(counter="2", service="ktp-baru"),
        }
        if served in after:
            hall.give(after[served])
    before, desk = hall.ticket("a"), hall.hall.desk("2")
    hall.come("b", at=SLOT + earlier * MINUTE)
    assert hall.ticket("a") == before
    assert hall.hall.desk("2") == desk
    assert (hall.ticket("b").state, hall.ticket("b").alias_of) == (State.CANCELLED, "a")
    assert hall.hall.bookings.get(("situs", "b1")) == "a"


def test_a_call_taken_back_leaves_the_earlier_number_standing() -> None:
    hall = Booked(MALL)
    hall.come("a", at=SLOT - 5 * MINUTE)
    hall.now = SLOT
    hall.give(c.CallNext(counter="2"))
    hall.give(c.UndoCall(counter="2"))
    hall.come("b", at=SLOT - 8 * MINUTE)
    assert hall.ticket("a").alias_of == "b"
    assert [arrival.ticket_id for arrival in hall.hall.line("kk").by_arrival] == ["b"]


def test_a_number_taken_after_the_first_was_marked_absent_is_the_visitor() -> None:
    hall = Booked(MALL)
    hall.come("a", at=SLOT - 5 * MINUTE)
    hall.now = SLOT
    hall.give(c.CallNext(counter="2"))
    hall.give(c.Absent(counter="2"))
    hall.come("b", at=SLOT + 5 * MINUTE)
    assert (hall.ticket("a").state, hall.ticket("b").state) == (State.NO_SHOW, State.WAITING)
    assert hall.hall.bookings.get(("situs", "b1")) == "b"
    assert {visit.ticket_id for visit in visits_of(hall.log)} == {"a", "b"}


def test_two_numbers_that_were_both_called_both_stay() -> None:
    hall = Booked(MALL)
    hall.walk_in("claimed", SLOT - 9 * MINUTE)
    hall.now = SLOT
    hall.give(c.CallNext(counter="2"))
    hall.come("a", at=SLOT - 5 * MINUTE)
    hall.give(c.CallTicket(counter="3", ticket="a", reason="uji"))
    hall.tell(e.BookingMatched("claimed", "situs", "b1", "ABCD2345", SLOT, SLOT + 30 * MINUTE))
    assert {hall.ticket(name).state for name in ("claimed", "a")} == {State.CALLED}
    assert {hall.ticket(name).alias_of for name in ("claimed", "a")} == {""}
    assert hall.hall.bookings.get(("situs", "b1")) == "claimed"


def test_a_claim_called_before_it_proved_true_stands_and_the_waiting_number_is_its_alias() -> None:
    hall = Booked(MALL)
    hall.walk_in("claimed", SLOT - 3 * MINUTE)
    hall.now = SLOT
    hall.give(c.CallNext(counter="2"))
    hall.come("a", at=SLOT - 5 * MINUTE)
    hall.tell(e.BookingMatched("claimed", "situs", "b1", "ABCD2345", SLOT, SLOT + 30 * MINUTE))
    assert hall.ticket("a").alias_of == "claimed"
    assert hall.ticket("claimed").state is State.CALLED
    assert len(hall.hall.line("kk")) == 0


def test_the_label_on_an_aliass_paper_finds_the_number_that_stands() -> None:
    hall = Booked(MALL)
    hall.come("a", at=SLOT - 5 * MINUTE)
    alias = hall.come("b", at=SLOT - 3 * MINUTE)
    hall.now = SLOT
    called = hall.give(c.CallTicket(counter="2", ticket=str(alias.label), reason="menunjukkan kertas kedua"))
    assert isinstance(called[-1], e.TicketCalled)
    assert called[-1].ticket_id == "a"


def test_an_alias_cannot_be_called_or_come_back() -> None:
    hall = Booked(MALL)
    hall.come("a", at=SLOT - 5 * MINUTE)
    hall.come("b", at=SLOT - 3 * MINUTE)
    hall.now = SLOT
    assert hall.order() == [("a", "booking")]
    log = len(hall.log)
    hall.tell(e.TicketCalled("b", "2", "sari", "arrival", ""), e.TicketReturned("b", "2", "sari"))
    assert len(hall.log) == log + 2
    assert hall.ticket("b").state is State.CANCELLED
