"""Visitors kept for one counter, and absent visitors who come back: only there, only in time, and never forgotten."""

import pytest

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.choice import next_at
from antrean.domain.decide import decide
from antrean.domain.views import ticket_state
from tests.domain.visits_of_tests import MALL, Visits

GRACE = MALL.policy.ticket_grace_minutes


def test_only_the_counter_it_is_for_calls_a_pinned_visitor_and_fairly() -> None:
    hall = Visits()
    mine = hall.comes()
    hall.serve()
    hall.at += 1
    others = [hall.comes() for _ in range(3)]
    hall.does(c.Transfer(counter="1", service="ktp-baru", place="arrival", to_counter="2"))
    assert hall.ticket(mine).step.to_counter == "2"
    for other in others[:2]:
        assert hall.serve("1") == other
        hall.does(c.Finish(counter="1"))
    assert hall.ticket(mine).step.overtaken == 0
    assert hall.refused(c.CallTicket(counter="1", ticket=mine, reason="ingin")) == "pinned_elsewhere"
    state = ticket_state(hall.hall, hall.ticket(mine), hall.now_ms)
    assert state["ahead"] == 0
    assert state["wait"] is not None
    assert hall.serve("2") == mine


def test_a_pin_survives_an_undone_call_and_a_changed_priority_and_ends_with_its_counter() -> None:
    hall = Visits()
    mine = hall.comes()
    hall.serve()
    hall.does(c.Transfer(counter="1", service="ktp-baru", to_counter="2"))
    hall.does(c.CallNext(counter="2"))
    hall.does(c.UndoCall(counter="2"))
    hall.does(c.SetPriority(ticket=mine, priority=True))
    assert next_at(hall.hall, "1", hall.now_ms) is None
    hall.does(c.CallNext(counter="2"))
    hall.does(c.Absent(counter="2"))
    hall.does(c.ComeBack(ticket=mine, officer="visitor"))
    assert next_at(hall.hall, "1", hall.now_ms) is None
    hall.does(c.CloseCounter(counter="2"))
    assert hall.serve("1") == mine


def test_while_the_counter_pauses_another_may_call_its_visitor_with_a_reason() -> None:
    hall = Visits()
    mine = hall.comes()
    hall.serve()
    hall.does(c.Transfer(counter="1", service="ktp-baru", to_counter="2"))
    hall.does(c.StartBreak(counter="2", reason="salat", minutes=15))
    assert next_at(hall.hall, "1", hall.now_ms) is None
    called = hall.does(c.CallTicket(counter="1", ticket=mine, reason="loket 2 istirahat"))
    assert called == (e.TicketCalled(mine, "1", "officer-1", "chosen", "loket 2 istirahat"),)
    hall.does(c.UndoCall(counter="1"))
    hall.does(c.EndBreak(counter="2"))
    assert hall.refused(c.CallTicket(counter="1", ticket=mine, reason="lagi")) == "pinned_elsewhere"


def test_a_pin_ends_when_its_counter_serves_the_service_no_more() -> None:
    hall = Visits()
    mine = hall.comes()
    hall.serve()
    hall.does(c.Transfer(counter="1", service="ktp-baru", to_counter="2"))
    hall.does(c.SetServices(counter="2", services="kk"))
    assert hall.serve("1") == mine


def test_an_absent_visitor_whose_counter_closed_meanwhile_comes_back_for_any() -> None:
    hall = Visits()
    mine = hall.comes()
    hall.serve()
    hall.does(c.Transfer(counter="1", service="ktp-baru", to_counter="2"))
    hall.does(c.CallNext(counter="2"))
    hall.does(c.Absent(counter="2"))
    hall.does(c.CloseCounter(counter="2"))
    hall.does(c.Return(counter="1", ticket=mine))
    assert hall.ticket(mine).step.to_counter == ""
    assert hall.serve("1") == mine


@pytest.mark.parametrize("minutes, allowed", [(GRACE - 1, True), (GRACE, True), (GRACE + 1, False)])
def test_officers_and_visitors_have_the_same_grace(minutes: int, allowed: bool) -> None:
    hall = Visits()
    mine = hall.comes()
    hall.does(c.CallNext(counter="1"))
    hall.does(c.Absent(counter="1"))
    hall.at += minutes
    back, by_phone = c.Return(counter="1", ticket=mine), c.ComeBack(ticket=mine, officer="visitor")
    assert ("come_back" in ticket_state(hall.hall, hall.ticket(mine), hall.now_ms)["can"]) == allowed
    if allowed:
        assert decide(hall.hall, back, hall.now_ms)
        assert decide(hall.hall, by_phone, hall.now_ms) == (e.TicketReturned(mine, "", "visitor"),)
    else:
        assert {hall.refused(back), hall.refused(by_phone)} == {"grace_over"}
        late = c.Return(counter="1", ticket=mine, beyond_grace=True)
        assert decide(hall.hall, late, hall.now_ms)


def test_coming_back_by_phone_is_capped_like_any_return() -> None:
    hall = Visits()
    mine = hall.comes()
    for _ in range(MALL.policy.max_returns):
        hall.does(c.CallNext(counter="1"))
        hall.does(c.Absent(counter="1"))
        hall.does(c.ComeBack(ticket=mine, officer="visitor"))
    hall.does(c.CallNext(counter="1"))
    hall.does(c.Absent(counter="1"))
    assert hall.refused(c.ComeBack(ticket=mine, officer="visitor")) == "returned_too_often"
    state = ticket_state(hall.hall, hall.ticket(mine), hall.now_ms)
    assert (state["can"], state["no_show_until_ms"]) == (["leave"], None)
