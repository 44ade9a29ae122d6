"""What may be sold of a day: whole slots inside the opening hours, no hour beyond its share, whatever clocks do."""

import datetime
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.catalogue import BookingRule, Mall
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.opening import day_bounds
from antrean.domain.slots import Slot, bookable_days, slots_on, sold_until
from tests.domain.malls import ALWAYS, mall_data, words

MONDAY = datetime.date(2026, 11, 23)
MINUTE = 60_000
OFFICE = {**ALWAYS, "mon": [["07:30", "12:00"], ["13:00", "15:00"]], "sun": []}


def a_mall(
    rule: dict[str, Any] | None, *, timezone: str = "Asia/Jakarta", hours: Any = None, **head: Any
) -> Mall:
    data = mall_data()
    data["mall"] |= {"timezone": timezone, "hours": hours or OFFICE, **head}
    if rule is not None:
        data["services"][2]["booking"] = rule
    return mall_from_dict(data)


def slots(mall: Mall, day: datetime.date = MONDAY) -> tuple[Slot, ...]:
    return slots_on(mall, mall.services["kk"], day)


def clocks(found: tuple[Slot, ...], timezone: str = "Asia/Jakarta") -> list[str]:
    return [
        f"{datetime.datetime.fromtimestamp(slot.start_ms / 1000, ZoneInfo(timezone)):%H:%M}" for slot in found
    ]


def test_slots_follow_one_another_inside_each_stretch_and_leave_out_the_break() -> None:
    found = slots(a_mall({"per_hour": 12, "slot_minutes": 60}))
    assert clocks(found) == ["07:30", "08:30", "09:30", "10:30", "13:00", "14:00"]
    assert {slot.capacity for slot in found} == {6}
    assert all(slot.end_ms - slot.start_ms == 60 * MINUTE for slot in found)


def test_a_day_without_rule_holiday_blackout_or_closed_day_has_no_slots() -> None:
    rule = {"per_hour": 12}
    holiday = [{"date": "2026-11-23", "name": words("Libur")}]
    assert slots(a_mall(None)) == ()
    assert slots(a_mall(rule, holidays=holiday)) == ()
    assert slots(a_mall({**rule, "blackouts": ["2026-11-23"]})) == ()
    assert slots(a_mall(rule), datetime.date(2026, 11, 22)) == ()
    assert slots(a_mall(rule)) != ()


def test_bookable_days_are_today_and_those_ahead_that_have_slots() -> None:
    mall = a_mall({"per_hour": 12, "days_ahead": 7, "blackouts": ["2026-11-24"]})
    days = bookable_days(mall, mall.services["kk"], MONDAY)
    assert [day.day for day in days] == [23, 25, 26, 27, 28, 30]
    assert bookable_days(mall, mall.services["ktp-baru"], MONDAY) == ()


@pytest.mark.parametrize(
    ("rule", "capacities"),
    [
        ({"per_hour": 5}, [1, 1, 1, 1, 1, 1, 1, 1, 1]),
        ({"per_hour": 6}, [1, 2, 1, 2, 1, 2, 1, 2, 1]),
        ({"per_hour": 2}, [1, 1, 1, 1]),
        ({"per_hour": 10, "walk_in_percent": 0, "slot_minutes": 45}, [7, 8, 7, 8, 7, 8]),
        ({"per_hour": 3, "walk_in_percent": 33, "slot_minutes": 120}, [4, 4]),
    ],
)
def test_whole_visitors_are_spread_over_the_hours(rule: dict[str, Any], capacities: list[int]) -> None:
    hours = {**OFFICE, "mon": [["07:30", "12:00"]]}
    found = slots(a_mall(rule, hours=hours))
    assert [slot.capacity for slot in found] == capacities


RULES = st.builds(
    BookingRule,
    per_hour=st.integers(1, 60),
    slot_minutes=st.sampled_from((5, 7, 10, 12, 15, 20, 30, 45, 50, 60, 90, 120)),
    walk_in_percent=st.integers(0, 100),
)


@given(RULES, st.integers(0, 12))
def test_no_hour_is_sold_beyond_its_share(rule: BookingRule, hours: int) -> None:
    share = rule.per_hour * (100 - rule.walk_in_percent)
    assert sold_until(rule, 60 * (hours + 1)) - sold_until(rule, 60 * hours) == share // 100
    for minutes in range(60 * hours, 60 * hours + 60):
        assert sold_until(rule, minutes) <= sold_until(rule, minutes + 1)
        assert 6000 * sold_until(rule, minutes) <= share * minutes


ZONES = (
    "Asia/Jakarta",
    "Asia/Makassar",
    "Asia/Jayapura",
    "Europe/Berlin",
    "America/St_Johns",
    "Australia/Lord_Howe",
)
CHANGES = (
    datetime.date(2026, 3, 8), datetime.date(2026, 3, 29), datetime.date(2026, 4, 5),
    datetime.date(2026, 10, 4), datetime.date(2026, 10, 25), datetime.date(2026, 11, 1),
)  # fmt: skip


@given(
    RULES,
    st.sampled_from(ZONES),
    st.sampled_from(CHANGES) | st.dates(datetime.date(2026, 1, 1), datetime.date(2027, 12, 31)),
    st.integers(0, 23),
    st.integers(1, 24),
)
def test_slots_keep_their_real_minutes_and_their_day_in_every_zone(
    rule: BookingRule, timezone: str, day: datetime.date, opens: int, closes: int
) -> None:
    opens, closes = sorted((opens, closes)) if opens != closes else (0, 24)
    hours = {key: [[f"{opens:02d}:00", f"{closes:02d}:00"]] for key in ALWAYS}
    mall = a_mall({"per_hour": 60, "walk_in_percent": 0}, timezone=timezone, hours=hours)
    service = mall.services["kk"]
    found = slots_on(mall, _with(service, rule), day)
    first_ms, after_ms = day_bounds(timezone, day)
    ends = first_ms
    for slot in found:
        assert slot.start_ms >= ends
        ends = slot.end_ms
        assert ends - slot.start_ms == rule.slot_minutes * MINUTE
        assert slot.capacity >= 1
    assert ends <= after_ms
    spans = sum(slot.capacity for slot in found)
    assert 6000 * spans <= rule.per_hour * (100 - rule.walk_in_percent) * ((after_ms - first_ms) // MINUTE)


def _with(service: Any, rule: BookingRule) -> Any:
    return replace(service, booking=rule)


def test_the_same_slot_is_another_moment_in_each_of_the_three_zones() -> None:
    starts = [slots(a_mall({"per_hour": 12}, timezone=zone))[0].start_ms for zone in ZONES[:3]]
    assert [(starts[0] - start) // (60 * MINUTE) for start in starts] == [0, 1, 2]


@pytest.mark.parametrize(
    ("day", "hours"), [(datetime.date(2026, 3, 29), 23), (datetime.date(2026, 10, 25), 25)]
)
def test_a_day_whose_clocks_change_has_the_slots_of_its_real_hours(day: datetime.date, hours: int) -> None:
    mall = a_mall({"per_hour": 4}, timezone="Europe/Berlin", hours=ALWAYS)
    assert len(slots(mall, day)) == 2 * hours


def test_a_stretch_to_midnight_ends_with_its_day() -> None:
    mall = a_mall({"per_hour": 2, "slot_minutes": 60}, hours={**ALWAYS, "mon": [["22:30", "24:00"]]})
    found = slots(mall)
    assert clocks(found) == ["22:30"]
    whole = slots(a_mall({"per_hour": 2, "slot_minutes": 60}, hours=ALWAYS))
    assert whole[-1].end_ms == day_bounds("Asia/Jakarta", MONDAY)[1]
