"""What a supervisor is told of each counter, and when somebody should look."""

from typing import Any

import pytest

from antrean.domain import commands as c
from antrean.domain.floor_watch import floor_state
from tests.domain.floor_of_tests import MINUTE, OPENS, Floor
from tests.domain.malls import mall_data


@pytest.fixture
def floor() -> Floor:
    return Floor()


def seen(floor: Floor, code: str = "1") -> dict[str, Any]:
    """A counter as the supervisor sees it now."""
    state = floor_state(floor.hall, floor.now_ms)
    found: dict[str, Any] = next(one for one in state["counters"] if one["code"] == code)
    return found


def test_a_counter_tells_who_sits_there_since_when_and_whom_they_serve(floor: Floor) -> None:
    floor.comes()
    floor.comes("ktp-hilang")
    floor.does(c.OpenCounter(counter="1", officer="sari"))
    floor.at = 5
    floor.does(c.CallNext(counter="1"))
    floor.at = 7
    floor.does(c.Start(counter="1"))
    one = seen(floor)
    assert (one["state"], one["officer"], one["current"]["label"]) == ("serving", "sari", "A1-001")
    assert (one["officer_since"], one["since"]) == (OPENS, OPENS + 7 * MINUTE)
    assert (one["waiting"], one["oldest_at"], one["look"]) == (1, OPENS, None)
    floor.does(c.Finish(counter="1"))
    assert seen(floor)["today"] == {
        "completed": 1,
        "no_show": 0,
        "transferred": 0,
        "median_serve_ms": 0,
    }


def test_a_visitor_taken_up_again_is_served_since_then(floor: Floor) -> None:
    ticket = floor.comes()
    for at, command in (
        (0, c.CallNext(counter="1")),
        (1, c.Start(counter="1")),
        (2, c.Hold(counter="1", reason="fotokopi")),
        (60, c.Resume(counter="1", ticket=ticket)),
    ):
        floor.at = at
        floor.does(command)
    assert (seen(floor)["since"], seen(floor)["look"]) == (OPENS + 60 * MINUTE, None)


@pytest.mark.parametrize(
    ("commands", "after", "look"),
    [
        ((c.StartBreak(counter="1", reason="makan", minutes=30),), 29, None),
        ((c.StartBreak(counter="1", reason="makan", minutes=30),), 31, "break_over"),
        ((c.StartBreak(counter="1", reason="makan"),), 300, None),
        ((c.CallNext(counter="1"),), 4, None),
        ((c.CallNext(counter="1"),), 6, "calling_long"),
        ((c.CallNext(counter="1"), c.Start(counter="1")), 9, None),
        ((c.CallNext(counter="1"), c.Start(counter="1")), 11, "serving_long"),
        ((c.OpenCounter(counter="1", officer="sari"),), 9, None),
        ((c.OpenCounter(counter="1", officer="sari"),), 11, "left_open"),
        ((), 300, None),
    ],
)
def test_what_lasts_too_long_is_pointed_out(
    floor: Floor, commands: tuple[c.Command, ...], after: float, look: str | None
) -> None:
    floor.comes()
    for command in commands:
        floor.does(command)
    floor.at = after
    assert seen(floor)["look"] == look


def test_an_open_counter_nobody_waits_for_is_no_concern(floor: Floor) -> None:
    floor.does(c.OpenCounter(counter="1", officer="sari"))
    floor.at = 100
    assert seen(floor)["look"] is None


def test_an_idle_counter_beside_a_crowded_line_of_its_agency_is_offered_once(floor: Floor) -> None:
    for _ in range(3):
        floor.comes("kk", "B")
    floor.does(c.OpenCounter(counter="1", officer="sari"))
    assert floor_state(floor.hall, floor.now_ms)["remedies"] == []
    floor.at = 30
    remedies = floor_state(floor.hall, floor.now_ms)["remedies"]
    assert [(one["counter"], one["kind"], one["service"]) for one in remedies] == [
        ("1", "help_service", "kk")
    ]
    assert (remedies[0]["waiting"], remedies[0]["longest_ms"]) == (3, 30 * MINUTE)
    floor.does(
        c.SetServices(counter="1", officer="ratna", services="ktp-baru,ktp-hilang,kk", any_service=True)
    )
    assert floor_state(floor.hall, floor.now_ms)["remedies"] == []
    assert seen(floor)["services"] == ["ktp-baru", "ktp-hilang", "kk"]
    assert (seen(floor)["changed"], seen(floor)["waiting"]) == (True, 3)


def test_a_counter_that_should_relieve_a_late_line_and_does_not_is_pointed_out() -> None:
    data = mall_data()
    data["counters"][0]["helps"] = [{"service": "kk", "after_minutes": 20}]
    floor = Floor(data)
    floor.comes("kk", "B")
    floor.does(c.OpenCounter(counter="1", officer="sari"))
    floor.at = 15
    assert (seen(floor)["waiting"], seen(floor)["look"]) == (0, None)
    floor.at = 25
    assert (seen(floor)["waiting"], seen(floor)["look"]) == (1, "left_open")
