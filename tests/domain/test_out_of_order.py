"""The supervisor's list: every act out of order is on it, with who, when and why; the rule's own calls are not."""

import pytest

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.errors import RuleViolation
from antrean.domain.hall import empty_hall
from antrean.domain.out_of_order import Row, out_of_order
from tests.domain.test_floor import MINUTE, T0, Floor


def rows(floor: Floor) -> list[Row]:
    return list(out_of_order(empty_hall(floor.hall.mall, floor.hall.day), floor.log))


def told(floor: Floor) -> list[tuple[str, str, str, int]]:
    return [(row.what, row.label, row.reason, row.passed_over) for row in rows(floor)]


def line_of(*names: str, service: str = "kk") -> Floor:
    floor = Floor()
    for name in names:
        floor.arrive(name, service)
    return floor


def test_a_morning_by_the_rule_leaves_an_empty_list() -> None:
    floor = line_of("a", "b", "c")
    floor.arrive("first", priority=True)
    for _ in range(4):
        floor.serve_next()
    floor.give(c.Finish(counter="2"))
    assert len(floor.log) > 12
    assert rows(floor) == []


def test_a_call_by_name_says_who_when_why_and_whom_it_passed_over() -> None:
    floor = line_of("a", "b", "c")
    with pytest.raises(RuleViolation, match="reason_missing"):
        floor.give(c.CallTicket(counter="2", ticket="c", reason="  ", officer="dewi"))
    floor.give(c.CallTicket(counter="2", ticket="c", reason="bayi menangis", officer="dewi"))
    assert rows(floor) == [Row(T0 + 3 * MINUTE, "dewi", "2", "B1-003", "chosen", "bayi menangis", 2)]


def test_a_transfer_to_the_front_passes_over_everybody_who_waits_there() -> None:
    floor = line_of("a", "b")
    floor.arrive("x", "ktp-baru")
    floor.give(c.CallTicket(counter="1", ticket="x", reason="salah loket", officer="sari"))
    floor.give(c.Start(counter="1"))
    floor.give(c.Transfer(counter="1", service="kk", place="front"))
    assert told(floor) == [("chosen", "A1-001", "salah loket", 0), ("front", "A1-001", "", 2)]


def test_a_transfer_by_arrival_or_to_the_end_is_the_rule() -> None:
    floor = line_of("a", "b", "c")
    for place in ("arrival", "end"):
        floor.serve_next()
        floor.give(c.Transfer(counter="2", service="ktp-baru", place=place))
    assert rows(floor) == []


def test_a_helped_line_is_on_the_list_with_the_own_visitors_it_passed_over() -> None:
    floor = line_of("late", service="ktp-hilang")
    floor.arrive("own")
    floor.now = T0 + 31 * MINUTE
    floor.serve_next()
    assert told(floor) == [("helped", "A1-001", "", 0)]


def test_priority_given_counts_those_it_moves_ahead_of_and_a_confirmation_is_nothing() -> None:
    floor = line_of("a", "b", "c")
    floor.give(c.SetPriority(ticket="c", priority=True, officer="budi"))
    floor.give(c.SetPriority(ticket="c", priority=True, officer="budi"))
    floor.give(c.SetPriority(ticket="c", priority=False, officer="rani"))
    assert told(floor) == [
        ("priority_set", "B1-003", "priority_given", 2),
        ("priority_set", "B1-003", "priority_withdrawn", 0),
    ]
    assert [row.officer for row in rows(floor)] == ["budi", "rani"]


def test_undone_reopened_and_cancelled_are_told_but_a_visitor_who_leaves_is_not() -> None:
    floor = line_of("a", "b", "c")
    floor.give(c.CallNext(counter="2", officer="dewi"))
    floor.give(c.UndoCall(counter="2", officer="dewi"))
    floor.serve_next()
    floor.give(c.Finish(counter="2"))
    floor.give(c.Reopen(counter="2", ticket="a"))
    floor.give(c.Cancel(ticket="b", reason="kembar", officer="rani"))
    floor.give(c.Cancel(ticket="c", reason="visitor_left", officer="visitor"))
    assert told(floor) == [
        ("undone", "B1-001", "", 0),
        ("reopened", "B1-001", "", 0),
        ("cancelled", "B1-002", "kembar", 0),
    ]


def test_who_stands_in_for_the_seated_officer_is_named_and_only_for_that_command() -> None:
    floor = line_of("a", "b", "c")
    floor.give(c.OpenCounter(counter="2", officer="dewi"))
    floor.tell(e.StoodIn("2", "dewi", "rani"))
    floor.give(c.CallTicket(counter="2", ticket="c", reason="diminta"))
    floor.now += 1
    floor.give(c.UndoCall(counter="2"))
    assert [(row.what, row.officer) for row in rows(floor)] == [("chosen", "rani"), ("undone", "dewi")]


def test_every_command_that_takes_a_ticket_leaves_who_and_when_and_where_it_came_from() -> None:
    """Taking a visitor from aside needs no new reason: the events before tell why they were there."""
    floor = line_of("a", "b")
    floor.serve_next()
    floor.give(c.Hold(counter="2", reason="fotokopi"))
    floor.give(c.CallBack(counter="2", ticket="a"))
    floor.give(c.Absent(counter="2"))
    floor.give(c.Return(counter="2", ticket="a"))
    kinds = [type(one.payload).__name__ for one in floor.log[-4:]]
    assert kinds == ["TicketHeld", "TicketCalledBack", "TicketAbsent", "TicketReturned"]
    for accepted in floor.log[-4:]:
        assert isinstance(accepted.payload, e.TicketMove)
        assert (accepted.payload.ticket_id, accepted.payload.counter) == ("a", "2")
        assert accepted.payload.officer
    held = floor.log[-4].payload
    assert isinstance(held, e.TicketHeld)
    assert held.reason == "fotokopi"


def test_a_transfer_to_the_front_is_listed_with_its_reason_and_only_that_one() -> None:
    floor = line_of("a", "b")
    for reason in (" berkas sudah diperiksa ", ""):
        floor.serve_next()
        floor.give(c.Transfer(counter="2", service="ktp-hilang", place="front", reason=reason))
    assert told(floor) == [("front", "B1-001", "berkas sudah diperiksa", 0), ("front", "B1-002", "", 1)]


def test_a_claimed_booking_that_proved_right_is_told_with_whom_it_moved_ahead_of() -> None:
    floor = line_of("a", "b", "c", "late")
    floor.tell(e.BookingClaimed("c", "ABCD2345"), e.BookingClaimed("late", "BCDE3456"))
    assert rows(floor) == []
    floor.tell(e.BookingMatched("c", "kota", "b1", "ABCD2345", T0, T0 + 30 * MINUTE))
    floor.tell(e.BookingMatched("late", "kota", "b2", "BCDE3456", T0 - 90 * MINUTE, T0 - 60 * MINUTE))
    assert [(row.officer, row.counter) for row in rows(floor)] == [("", "")]
    assert told(floor) == [("booking", "B1-003", "booking_matched", 2)]
