"""What a free counter is advised to do, and that an officer may follow the advice."""

import pytest

from antrean.domain import commands as c
from antrean.domain.errors import RuleViolation
from antrean.domain.views import console_state
from tests.domain.test_floor import MINUTE, T0, Floor


def test_an_idle_counter_is_told_where_it_is_needed() -> None:
    floor = Floor()
    floor.give(c.OpenCounter(counter="2", officer="dewi"))
    assert console_state(floor.hall, "2", floor.now)["suggestion"] is None
    floor.arrive("a", "ktp-hilang")
    floor.now += MINUTE
    said = console_state(floor.hall, "2", floor.now)["suggestion"]
    assert (said["kind"], said["service"], said["waiting"]) == ("help_service", "ktp-hilang", 1)
    assert said["longest_ms"] == 2 * MINUTE


def test_an_officer_may_serve_what_the_idle_counter_is_advised_and_keep_to_it() -> None:
    floor = Floor()
    floor.give(c.OpenCounter(counter="1", officer="dewi"))
    floor.arrive("a", "kk")
    with pytest.raises(RuleViolation, match="not_at_this_counter"):
        floor.give(c.SetServices(counter="1", services="ktp-baru,kk", officer="dewi"))
    floor.now = T0 + (floor.hall.mall.services["kk"].promise_minutes + 1) * MINUTE
    floor.give(c.SetServices(counter="1", services="ktp-baru,kk", officer="dewi"))
    floor.give(c.SetServices(counter="1", services="kk", officer="dewi"))
    assert floor.hall.services_of("1") == ("kk",)


def test_an_own_service_that_was_dropped_is_suggested_when_it_waits_longest() -> None:
    floor = Floor()
    floor.give(c.OpenCounter(counter="2", officer="dewi"))
    floor.give(c.SetServices(counter="2", services="kk", officer="dewi"))
    floor.arrive("b", "ktp-baru")
    floor.arrive("a", "ktp-hilang")
    said = console_state(floor.hall, "2", floor.now)["suggestion"]
    assert (said["kind"], said["service"]) == ("open_more", "ktp-baru")


def test_a_line_of_the_same_agency_is_suggested_only_beyond_its_promise() -> None:
    floor = Floor()
    floor.give(c.OpenCounter(counter="1", officer="dewi"))
    floor.arrive("a", "kk")
    promise = floor.hall.mall.services["kk"].promise_minutes
    floor.now = T0 + promise * MINUTE
    assert console_state(floor.hall, "1", floor.now)["suggestion"] is None
    floor.now += 1
    assert console_state(floor.hall, "1", floor.now)["suggestion"]["service"] == "kk"


def test_nothing_is_suggested_to_a_counter_at_work_on_a_break_or_closed() -> None:
    floor = Floor()
    floor.arrive("a", "ktp-hilang")
    assert console_state(floor.hall, "2", floor.now)["suggestion"] is None, "closed"
    floor.give(c.OpenCounter(counter="2", officer="dewi"))
    floor.arrive("own", "kk")
    assert console_state(floor.hall, "2", floor.now)["suggestion"] is None, "somebody waits for it"
    floor.serve_next()
    assert console_state(floor.hall, "2", floor.now)["suggestion"] is None, "serving"
    floor.give(c.Finish(counter="2"))
    floor.give(c.StartBreak(counter="2", reason="makan"))
    assert console_state(floor.hall, "2", floor.now)["suggestion"] is None, "break"
