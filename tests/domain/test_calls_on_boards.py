"""What a board is told of the calls: in a rush all of them, so that one which asks now and then misses none."""

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.hall import LAST_CALLS
from antrean.domain.views import TOLD_CALLS, TOLD_MS, board_state
from tests.domain.floor_of_tests import MINUTE, Floor


def rush(calls: int) -> Floor:
    """So many visitors called in one moment."""
    floor = Floor()
    floor.does(c.OpenCounter(officer="dewi", counter="2"))
    for _ in range(calls):
        floor.comes()
        floor.does(c.CallNext(officer="dewi", counter="2"))
        floor.does(c.Start(officer="dewi", counter="2"))
    return floor


def told(floor: Floor) -> list[str]:
    return [call["call_id"] for call in board_state(floor.hall, floor.now_ms)["calls"]]


def newest(floor: Floor, calls: int) -> list[str]:
    made = [accepted.event_id for accepted in floor.log if isinstance(accepted.payload, e.TicketCalled)]
    return made[: -calls - 1 : -1]


def test_fifty_calls_within_seconds_are_all_told_and_kept_for_their_sound() -> None:
    floor = rush(50)
    assert told(floor) == newest(floor, 50)
    assert len(floor.hall.calls) == 50


def test_after_a_minute_the_last_ones_are_enough() -> None:
    floor = rush(50)
    floor.at += TOLD_MS / MINUTE
    assert told(floor) == newest(floor, TOLD_CALLS)


def test_no_rush_fills_a_board_without_end() -> None:
    assert len(told(rush(200))) == LAST_CALLS
