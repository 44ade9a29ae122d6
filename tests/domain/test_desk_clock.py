"""Since when a counter is as it is."""

import pytest

from antrean.domain import commands as c
from antrean.domain import events as e
from tests.domain.floor_of_tests import MINUTE, OPENS, Floor


@pytest.fixture
def floor() -> Floor:
    return Floor()


def minutes(floor: Floor) -> tuple[float | None, float | None]:
    """Since which minute of the day somebody sits at counter 1, and since when it is as it is."""
    desk = floor.hall.desk("1")
    moments = (desk.officer_ms, desk.since_ms)
    officer, since = (None if at is None else (at - OPENS) / MINUTE for at in moments)
    return officer, since


def test_a_counter_nobody_opened_has_no_clock(floor: Floor) -> None:
    assert minutes(floor) == (None, None)


def test_the_officers_clock_runs_on_over_visitors_and_breaks(floor: Floor) -> None:
    floor.comes()
    floor.does(c.OpenCounter(counter="1", officer="sari"))
    seen = []
    for at, command in (
        (5, c.CallNext(counter="1")),
        (6, c.Start(counter="1")),
        (16, c.Finish(counter="1")),
        (20, c.StartBreak(counter="1", reason="makan", minutes=30)),
        (55, c.EndBreak(counter="1")),
    ):
        floor.at = at
        floor.does(command)
        seen.append(minutes(floor))
    assert seen == [(0, 5), (0, 5), (0, 16), (0, 20), (0, 55)]


def test_taking_over_and_closing_start_them_anew(floor: Floor) -> None:
    floor.does(c.OpenCounter(counter="1", officer="sari"))
    floor.at = 30
    floor.does(c.OpenCounter(counter="1", officer="dewi", take_over=True))
    assert minutes(floor) == (30, 30)
    floor.at = 40
    floor.does(c.OpenCounter(counter="1", officer="dewi"))
    assert minutes(floor) == (30, 30)
    floor.does(c.CloseCounter(counter="1"))
    assert minutes(floor) == (None, 40)


def test_a_visitor_who_leaves_by_phone_frees_the_counter_that_called(floor: Floor) -> None:
    ticket = floor.comes()
    floor.does(c.OpenCounter(counter="1", officer="sari"))
    floor.at = 5
    floor.does(c.CallNext(counter="1"))
    floor.at = 7
    floor.accept(e.TicketCancelled(ticket, "", "visitor", "visitor_left"))
    assert minutes(floor) == (0, 7)
