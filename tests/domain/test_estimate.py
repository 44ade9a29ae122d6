"""The wait range: what moves it, what it never does, and what happens at the edges."""

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antrean.domain import events as e
from antrean.domain.catalogue import Hours, Interval, Mall
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.estimate import Forecast, Outlook, forecast, people_ahead, rounded, wait_range
from antrean.domain.evolve import evolve, evolve_all
from antrean.domain.hall import Accepted, Hall, empty_hall
from antrean.domain.pace import KEEP_SERVICE, WALK_MS, WHOLE_MALL, agency_key
from antrean.domain.rollout import LONGEST_RUN, RunDesk, RunLine, rolled_out
from tests.domain.malls import mall_data
from tests.domain.test_order import issued

MINUTE = 60_000
NINE = 1_764_036_000_000
"""09:00 in Jakarta on 25 November 2025."""
MALL = mall_from_dict(mall_data())


def hall_of(*moments: tuple[float, e.Payload], mall: Mall = MALL) -> Hall:
    """The hall after these events, each so many minutes after nine."""
    log = [
        Accepted(at, NINE + int(minute * MINUTE), "d", f"e{at}", event)
        for at, (minute, event) in enumerate(moments)
    ]
    return evolve_all(empty_hall(mall, "2025-11-25"), log)


def seen(hall: Hall, service: str, minute: float = 0, number: int | None = None) -> Forecast:
    """What is expected of somebody who comes, or of the ticket with that number, so many minutes after nine."""
    place = hall.tickets[issued(number).ticket_id].step.place if number is not None else None
    found = forecast(Outlook(hall, NINE + int(minute * MINUTE)), service, place)
    assert found is not None
    return found


def at_two(kind: type[e.TicketMove], number: int, **more: Any) -> e.TicketMove:
    """A move of that ticket at counter 2."""
    return kind(issued(number).ticket_id, "2", "Sari", **more)


def served(number: int, minute: float, minutes: float) -> list[tuple[float, e.Payload]]:
    """Somebody called at counter 2 and away after so many minutes."""
    return [
        (minute, at_two(e.TicketCalled, number, why="arrival", reason="")),
        (minute, at_two(e.ServiceStarted, number)),
        (minute + minutes, at_two(e.ServiceFinished, number)),
    ]


TWO_OPEN = (0, e.CounterOpened("2", "Sari"))


def line_of(count: int, minute: float = 0, first: int = 1, **more: Any) -> list[tuple[float, e.Payload]]:
    """So many tickets of one service."""
    return [(minute, issued(first + at, **more)) for at in range(count)]


@given(st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_more_people_ahead_never_shorten_the_wait(fewer: int, more: int) -> None:
    fewer, more = sorted((fewer, more))
    few, many = (seen(hall_of(TWO_OPEN, *line_of(count)), "kk") for count in (fewer, more))
    assert few.mean_ms <= many.mean_ms
    assert few.low_ms <= many.low_ms + MINUTE
    assert few.high_ms <= many.high_ms + MINUTE
    assert few.shown[0] <= many.shown[0]
    assert few.shown[1] <= many.shown[1]


@given(st.integers(1, 40), st.integers(1, 40), st.booleans())
@settings(max_examples=30, deadline=None)
def test_who_stands_further_back_never_waits_less(one: int, other: int, crowd_elsewhere: bool) -> None:
    elsewhere = line_of(10, first=100, service="ktp-baru") if crowd_elsewhere else []
    hall = hall_of(TWO_OPEN, *elsewhere, *[(1 + at / 10, issued(at)) for at in range(1, 41)])
    ahead, behind = sorted((one, other))
    assert seen(hall, "kk", 6, ahead).mean_ms <= seen(hall, "kk", 6, behind).mean_ms


@given(
    st.lists(
        st.sampled_from(["open1", "open2", "close2", "pause1", "pause2", "come", "come2", "call2", "done2"])
    ),
    st.integers(0, 600),
)
@settings(max_examples=120, deadline=None)
def test_every_range_is_finite_ordered_and_never_a_point_or_below_zero(acts: list[str], later: int) -> None:
    hall, number = empty_hall(MALL, "2025-11-25"), 0
    for at, act in enumerate(acts):
        event: e.Payload
        match act:
            case "open1" | "open2":
                event = e.CounterOpened(act[-1], "Sari")
            case "close2":
                event = e.CounterClosed("2", "Sari")
            case "pause1" | "pause2":
                event = e.BreakStarted(act[-1], "Sari", "istirahat", at % 3 * 10)
            case "come" | "come2":
                number += 1
                event = issued(number, service="ktp-baru" if act == "come2" else "kk", priority=at % 4 == 0)
            case "call2":
                event = at_two(e.TicketCalled, max(number, 1), why="arrival", reason="")
            case _:
                event = at_two(e.TicketAbsent, max(number, 1))
        hall = evolve(hall, Accepted(at, NINE + at * MINUTE, "d", f"e{at}", event))
    outlook = Outlook(hall, NINE + later * MINUTE)
    places = [(ticket.step.service, ticket.step.place) for ticket in hall.tickets.values()]
    for service, place in [*((code, None) for code in MALL.services), *places]:
        found = forecast(outlook, service, place)
        if found is None:
            continue
        assert math.isfinite(found.high_ms)
        assert 0 <= found.low_ms < found.high_ms
        low, high = found.shown
        assert (low % 5, high % 5) == (0, 0)
        assert 0 <= low < high


@given(st.floats(0, 1e8), st.floats(0, 1e8))
def test_the_shown_range_lies_within_half_a_step_of_the_range(one: float, other: float) -> None:
    low, high = sorted((one, other))
    first, last = rounded(low, high)
    assert abs(first * MINUTE - low) <= 2.5 * MINUTE
    assert last - first == 5 or abs(last * MINUTE - high) <= 2.5 * MINUTE


def test_without_a_counter_there_is_no_range_unless_somebody_said_when_they_are_back() -> None:
    closed = hall_of(*line_of(3))
    assert wait_range(closed, "kk", NINE) is None
    assert wait_range(closed, "kk", NINE, closed.tickets[issued(2).ticket_id].step.place) is None
    away = hall_of(TWO_OPEN, *line_of(3), (1, e.BreakStarted("2", "Sari", "salat", 0)))
    assert wait_range(away, "kk", NINE + MINUTE) is None
    back_soon = hall_of(TWO_OPEN, *line_of(3), (1, e.BreakStarted("2", "Sari", "salat", 30)))
    assert 30 * MINUTE < seen(back_soon, "kk", 1, number=1).mean_ms < 45 * MINUTE


def test_nobody_counts_on_a_break_that_should_have_ended_long_ago() -> None:
    hall = hall_of(TWO_OPEN, *line_of(3), (1, e.BreakStarted("2", "Sari", "salat", 10)))
    assert wait_range(hall, "kk", NINE + 20 * MINUTE) is not None
    assert wait_range(hall, "kk", NINE + 120 * MINUTE) is None


def test_a_counter_that_no_longer_serves_the_line_does_not_shorten_it() -> None:
    both = (TWO_OPEN, (0, e.CounterOpened("3", "Budi")))
    alone = hall_of(*both, *line_of(12))
    helped = hall_of(*both, (0, e.ServedChanged("3", "Budi", "kk,npwp")), *line_of(12))
    assert seen(helped, "kk").mean_ms < 0.7 * seen(alone, "kk").mean_ms
    assert wait_range(hall_of(*both, (0, e.ServedChanged("2", "Sari", "ktp-baru"))), "kk", NINE) is None


def test_a_counter_that_helps_shortens_a_long_line_and_not_a_short_one() -> None:
    data = mall_data()
    for counter in data["counters"]:
        if counter["code"] == "3":
            counter["helps"] = [{"service": "kk", "after_minutes": 20}]
    helping = mall_from_dict(data)
    both = (TWO_OPEN, (0, e.CounterOpened("3", "Budi")))
    short, long = (
        [seen(hall_of(*both, *line_of(count), mall=mall), "kk").mean_ms for mall in (MALL, helping)]
        for count in (3, 30)
    )
    assert short[1] == pytest.approx(short[0], abs=MINUTE)
    assert long[1] < 0.8 * long[0]


def test_a_visitor_kept_for_one_counter_waits_for_that_counter() -> None:
    moments = [TWO_OPEN, (0, e.CounterOpened("1", "Budi")), *line_of(1, service="ktp-baru")]
    busy = [*moments, *line_of(9, minute=0.1, first=2)]
    pinned = hall_of(*busy, (0.2, e.TicketPinned(issued(1).ticket_id, "2", "Sari", "2")))
    free = hall_of(*busy)
    assert pinned.line("ktp-baru").pins
    assert seen(pinned, "ktp-baru", 1, number=1).mean_ms >= seen(free, "ktp-baru", 1, number=1).mean_ms


def test_twins_have_ranges_of_their_own() -> None:
    early, late = issued(7), replace(issued(7), ticket_id=issued(8).ticket_id, issuer="2")
    hall = hall_of(TWO_OPEN, (0, early), *line_of(9, minute=1, first=20), (2, late))
    first, last = (
        forecast(Outlook(hall, NINE + 3 * MINUTE), "kk", hall.tickets[ticket.ticket_id].step.place)
        for ticket in (early, late)
    )
    assert first is not None
    assert last is not None
    assert first.high_ms < last.low_ms


def test_visitors_with_priority_who_still_come_lengthen_the_wait_of_others_only() -> None:
    first_at = line_of(6, minute=-5, first=50, priority=True)
    moments = [(-6, e.CounterOpened("2", "Sari")), *first_at, *line_of(6, minute=0)]
    plain = [(-6, e.CounterOpened("2", "Sari")), *line_of(6, minute=-5, first=50), *line_of(6, minute=0)]
    assert seen(hall_of(*moments), "kk", 1).mean_ms > seen(hall_of(*plain), "kk", 1).mean_ms + 2 * MINUTE
    hall = hall_of(*moments)
    mine = next(ticket for ticket in hall.tickets.values() if ticket.priority)
    found = forecast(Outlook(hall, NINE + 12 * MINUTE), "kk", mine.step.place)
    call = Outlook(hall, NINE + 12 * MINUTE).pool("kk")
    assert found is not None
    assert call is not None
    assert found.mean_ms == pytest.approx(
        (call.run.call_of("kk", mine.step.place.key_ms) or 0) - NINE - 12 * MINUTE
    )


def test_a_published_pause_lies_in_the_way() -> None:
    noon = Hours(((Interval(0, 9 * 60 + 30), Interval(10 * 60 + 30, 24 * 60)),) * 7)
    paused = replace(MALL, services={**MALL.services, "kk": replace(MALL.services["kk"], hours=noon)})
    paused = replace(paused, counters={**MALL.counters, "2": replace(MALL.counters["2"], services=("kk",))})
    straight = replace(MALL, counters=paused.counters)
    before, after = (
        seen(hall_of(TWO_OPEN, *line_of(12), mall=mall), "kk").mean_ms for mall in (straight, paused)
    )
    assert after - before == pytest.approx(60 * MINUTE, rel=0.15)
    soon = seen(hall_of(TWO_OPEN, *line_of(2), mall=paused), "kk").mean_ms
    assert soon < 30 * MINUTE


def test_slow_work_today_lengthens_the_wait_and_a_known_pace_narrows_the_range() -> None:
    def day(minutes: float) -> Hall:
        work = [one for at in range(1, 9) for one in served(at, at * 20, minutes)]
        return hall_of(TWO_OPEN, *line_of(8), *work, *line_of(10, minute=200, first=20))

    fresh = seen(hall_of(TWO_OPEN, *line_of(10, minute=200, first=20)), "kk", 200)
    slow, quick = seen(day(12), "kk", 200), seen(day(3), "kk", 200)
    assert quick.mean_ms < 0.75 * fresh.mean_ms
    assert slow.mean_ms > 1.4 * fresh.mean_ms
    assert (quick.high_ms - quick.low_ms) / quick.mean_ms < (fresh.high_ms - fresh.low_ms) / fresh.mean_ms


def test_a_group_learns_how_long_a_visitor_held_a_counter() -> None:
    pace = hall_of(TWO_OPEN, *line_of(2), *served(1, 1, 10), *served(2, 20, 5)).pace
    ratios = [(minutes * MINUTE - WALK_MS) / (5 * MINUTE) for minutes in (10, 5)]
    assert pace.tempo("kk").total == pytest.approx(ratios[0] * KEEP_SERVICE + ratios[1])
    assert pace.tempo(agency_key("dukcapil")).weight == pytest.approx(1.98)
    assert pace.tempo(WHOLE_MALL).total == pytest.approx(ratios[0] * 0.995 + ratios[1])


def test_a_call_that_was_a_mistake_teaches_nothing() -> None:
    hall = hall_of(TWO_OPEN, *line_of(1), served(1, 1, 0)[0], (2, at_two(e.CallUndone, 1)))
    assert hall.pace.tempo("kk").weight == 0


def test_only_a_pause_while_somebody_waited_counts_as_one() -> None:
    there = hall_of(TWO_OPEN, *line_of(2, minute=0.5), *served(1, 1, 5), *served(2, 8, 5))
    came_later = hall_of(
        TWO_OPEN, *line_of(1, minute=0.5), *served(1, 1, 5), *line_of(1, minute=7, first=2), *served(2, 8, 5)
    )
    assert there.pace.gaps.total == pytest.approx(2 * MINUTE)
    assert came_later.pace.gaps.weight == 0


def test_people_ahead_are_those_of_every_line_of_the_same_staffed_counters() -> None:
    hall = hall_of(TWO_OPEN, *line_of(3, service="ktp-baru"), *line_of(2, first=10))
    assert people_ahead(hall, "kk") == 5
    assert people_ahead(hall, "ktp-hilang") == 3  # nobody there: counter 1 would serve both
    away = evolve(hall, Accepted(90, NINE, "d", "e90", e.CounterOpened("1", "Budi")))
    away = evolve(away, Accepted(91, NINE, "d", "e91", e.BreakStarted("2", "Sari", "salat", 20)))
    assert people_ahead(away, "ktp-baru") == 3
    assert people_ahead(hall, "kk", hall.tickets[issued(10).ticket_id].step.place) == 3


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(0, 30))
def test_a_run_calls_everybody_once_in_order_and_keeps_every_counter_busy(
    free: list[int], count: int
) -> None:
    desks = [RunDesk(float(at * MINUTE), ("kk",)) for at in free]
    run = rolled_out(desks, {"kk": RunLine(range(count), 10.0 * MINUTE)})
    assert len(run.calls["kk"]) == count
    assert list(run.calls["kk"]) == sorted(run.calls["kk"])
    level = (sum(free) + 10 * count) / len(free)
    assert abs(run.free["kk"] / MINUTE - level) <= 10


def test_a_very_long_line_is_run_through_in_larger_steps() -> None:
    count = 40 * LONGEST_RUN
    run = rolled_out([RunDesk(0.0, ("kk",))], {"kk": RunLine(range(count), 1.0)})
    assert len(run.calls["kk"]) <= LONGEST_RUN
    assert run.free["kk"] == pytest.approx(count, rel=0.01)
    assert run.call_of("kk", count // 2) == pytest.approx(count / 2, rel=0.01)


def test_larger_steps_take_short_lines_for_no_longer_than_they_are() -> None:
    lines = {"long": RunLine(range(10 * LONGEST_RUN), 1.0)} | {
        f"short{at}": RunLine([at], 1.0) for at in range(50)
    }
    run = rolled_out([RunDesk(0.0, tuple(lines))], lines)
    assert run.free["long"] == pytest.approx(10 * LONGEST_RUN + 50)


def test_in_the_first_hour_counters_that_have_not_opened_are_expected_soon() -> None:
    data = mall_data()
    data["mall"]["hours"] = {day: [["09:00", "16:00"]] for day in data["mall"]["hours"]}
    early = mall_from_dict(data)
    served = replace(early.counters["3"], services=("kk",))
    early = replace(early, counters={**early.counters, "3": served})
    hall = hall_of(TWO_OPEN, *line_of(12), mall=early)
    soon, never = seen(hall, "kk", 1), seen(hall, "kk", 61)
    assert soon.mean_ms < 0.8 * never.mean_ms
    closed = hall_of(
        TWO_OPEN, (0, e.CounterOpened("3", "Budi")), (0.1, e.CounterClosed("3", "Budi")), *line_of(12)
    )
    gone = evolve_all(empty_hall(early, "2025-11-25"), [])
    assert wait_range(gone, "kk", NINE) is None  # expected is not promised
    assert seen(closed, "kk", 1).mean_ms > 1.25 * soon.mean_ms  # who has gone home is not expected again
