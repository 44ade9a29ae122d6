"""Wait reports, the wait range, commands in wire form, and the persistent map."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.errors import BadInput
from antrean.domain.estimate import people_ahead, wait_range
from antrean.domain.evolve import evolve_all
from antrean.domain.hall import Accepted, Hall, empty_hall
from antrean.domain.shelves import Shelves
from antrean.domain.views import console_state, services_state, ticket_state
from antrean.domain.visit_view import allowed
from antrean.domain.waits import Visit, percentile, report, visits_of
from tests.domain.malls import mall
from tests.domain.test_order import issued

MALL = mall()
MINUTE = 60_000
NINE = 1_764_036_000_000  # 2025-11-25 09:00 in Jakarta
ONE, TWO = issued(1), issued(2)


def log(*moments: tuple[int, e.Payload]) -> list[Accepted]:
    """Events at these minutes after nine."""
    return [
        Accepted(at, NINE + minute * MINUTE, "d", f"e{at}", event)
        for at, (minute, event) in enumerate(moments)
    ]


def hall_after(*moments: tuple[int, e.Payload]) -> Hall:
    """The hall after these events."""
    return evolve_all(empty_hall(MALL, "2025-11-25"), log(*moments))


def move(kind: type[e.TicketMove], ticket: e.TicketIssued, **more: Any) -> e.TicketMove:
    """That move of a ticket at counter 2."""
    return kind(ticket.ticket_id, "2", "Sari", **more)


DAY = (
    (0, ONE),
    (5, TWO),
    (10, move(e.TicketCalled, ONE, why="arrival", reason="")),
    (12, move(e.ServiceStarted, ONE)),
    (20, move(e.ServiceFinished, ONE)),
    (45, move(e.TicketCalled, TWO, why="arrival", reason="")),
    (46, move(e.TicketAbsent, TWO)),
)


def test_a_report_says_how_long_people_waited_and_were_served() -> None:
    (row,) = report(visits_of(log(*DAY)), MALL, "service")
    assert (row.key, row.issued, dict(row.outcomes)) == ("kk", 2, {"completed": 1, "no_show": 1})
    assert (row.wait.p50_ms, row.wait.p90_ms) == (10 * MINUTE, 40 * MINUTE)
    assert (row.serve.count, row.serve.p50_ms) == (1, 8 * MINUTE)
    assert row.late == 1


@pytest.mark.parametrize(("by", "keys"), [("hour", ["09"]), ("counter", ["2"]), ("agency", ["dukcapil"])])
def test_a_report_groups_by_hour_counter_and_agency(by: str, keys: list[str]) -> None:
    assert [row.key for row in report(visits_of(log(*DAY)), MALL, by)] == keys


def test_a_service_that_only_the_evening_ended_is_left_out_of_the_averages() -> None:
    moments = (*DAY[:4], (400, e.TicketExpired(ONE.ticket_id, "serving")))
    (row,) = report(visits_of(log(*moments)), MALL, "service")
    assert row.outcomes["unconfirmed"] == 1
    assert row.serve.count == 0


def test_a_transfer_makes_a_second_visit_that_keeps_its_own_times() -> None:
    moments = (*DAY[:4], (20, move(e.TicketTransferred, ONE, service="ktp-baru", place="end")))
    visits = visits_of(log(*moments))
    first, second = (visit for visit in visits if visit.ticket_id == ONE.ticket_id)
    assert (first.outcome, first.served_ms) == ("transferred", 8 * MINUTE)
    assert (second.service, second.arrived_ms - NINE) == ("ktp-baru", 20 * MINUTE)


@given(st.lists(st.integers(0, 10**6), min_size=1), st.sampled_from([0.5, 0.8, 0.9]))
def test_at_least_that_share_waited_no_longer_than_the_percentile(values: list[int], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(1 for value in values if value <= found) >= share * len(values)


def test_nothing_has_no_percentile() -> None:
    assert percentile([], 0.5) is None
    assert Visit("t", "kk", 0, priority=False, assisted=False).waited_ms is None


def test_the_wait_is_a_range_that_grows_with_the_line_and_unknown_when_no_counter_is_open() -> None:
    assert wait_range(hall_after((0, ONE)), "kk", NINE) is None
    opened = (0, e.CounterOpened("2", "Sari"))
    short, long = hall_after(opened), hall_after(opened, *((1, issued(at)) for at in range(1, 13)))
    assert wait_range(short, "kk", NINE + MINUTE) == (0, 5)
    low, high = wait_range(long, "kk", NINE + MINUTE) or (0, 0)
    # twelve people, five minutes each by a standard nobody has seen kept yet
    assert 30 <= low < 60 < high <= 130
    assert (low % 5, high % 5) == (0, 0)


def test_another_line_at_one_of_two_counters_does_not_hold_up_the_other_counter() -> None:
    both = ((0, e.CounterOpened("1", "Budi")), (0, e.CounterOpened("2", "Sari")))
    crowd = hall_after(*both, (1, issued(1, service="ktp-baru")), *((2, issued(at)) for at in range(2, 22)))
    assert len(crowd.line("kk")) == 20  # a hundred minutes of work that only counter 2 does
    assert wait_range(crowd, "ktp-baru", NINE + 2 * MINUTE)


def test_the_phone_page_knows_how_many_are_ahead() -> None:
    hall = hall_after((0, ONE), (1, TWO))
    state = ticket_state(hall, hall.tickets[TWO.ticket_id], NINE)
    assert (state["state"], state["ahead"], state["label"]) == ("waiting", 1, "B1-002")


def test_those_ahead_are_counted_over_every_line_of_the_same_counters() -> None:
    other = issued(5, service="ktp-baru")  # counter 2 serves both, counter 3 neither
    hall = hall_after((0, e.CounterOpened("2", "Sari")), (0, other), (1, ONE), (2, issued(9, service="npwp")))
    assert ticket_state(hall, hall.tickets[ONE.ticket_id], NINE)["ahead"] == 1
    assert people_ahead(hall, "kk") == 2
    assert services_state(hall, NINE)["services"]["kk"]["waiting"] == 1


def test_kiosks_hear_the_highest_number_of_each_series() -> None:
    hall = hall_after((0, ONE), (1, TWO), (2, e.NumbersSkipped("B", "1", 1, 9)))
    assert services_state(hall, NINE)["heard"] == {"B": 9}


def test_the_console_offers_absent_only_after_the_malls_number_of_calls() -> None:
    called = (*DAY[:3],)
    recalls = [(11, move(e.TicketRecalled, ONE))] * (MALL.policy.absent_after_calls - 1)
    assert "absent" not in allowed(hall_after(*called), "2")
    assert "absent" in allowed(hall_after(*called, *recalls), "2")


def test_the_console_lists_absent_visitors_until_they_return() -> None:
    hall = hall_after(*DAY)
    assert [row["label"] for row in console_state(hall, "2", NINE)["no_show"]] == ["B1-002"]
    back = hall_after(*DAY, (47, move(e.TicketReturned, TWO)))
    assert console_state(back, "2", NINE)["no_show"] == []
    assert console_state(back, "2", NINE)["next"] == "B1-002"


def test_a_command_reads_from_the_wire() -> None:
    assert c.command_of({"command": "call_next", "counter": "3"}) == c.CallNext(counter="3")
    assert c.command_of({"command": "hold", "counter": "3", "reason": "x"}) == c.Hold(counter="3", reason="x")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, "unknown_command"),
        ({"command": ["call_next"]}, "unknown_command"),
        ({"command": "close_day"}, "unknown_command"),
        ({"command": "call_next", "counter": 3}, "bad_field"),
        ({"command": "call_next", "counter": "3", "officer": "x"}, "unknown_field"),
        ({"command": "issue", "service": "kk", "generation": 9}, "unknown_field"),
        ({"command": "hold", "counter": "3"}, "missing_field"),
        ({"command": "hold", "counter": "3", "reason": "x" * 300}, "bad_field"),
        ({"command": "start_break", "counter": "3", "reason": "x", "minutes": True}, "bad_field"),
    ],
)
def test_a_malformed_command_is_refused_with_the_reason(data: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        c.command_of(data)
    assert refused.value.code == code


@given(st.lists(st.tuples(st.integers(0, 600), st.integers())))
def test_shelves_hold_what_a_dictionary_holds_and_never_change(pairs: list[tuple[int, int]]) -> None:
    shelves: Shelves[int, int] = Shelves()
    plain: dict[int, int] = {}
    kept = [(shelves, dict(plain))]
    for key, value in pairs:
        shelves = shelves.with_item(key, value)
        plain[key] = value
        kept.append((shelves, dict(plain)))
    for old, expected in kept:
        assert dict(old) == expected
        assert len(old) == len(expected)
