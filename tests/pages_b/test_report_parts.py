"""Charts, durations and questions as values, without a server."""

import datetime

import pytest

from antrean.domain.errors import RuleViolation
from queue_server.pages.chart import hour_chart, nice_axis, spread_bar
from queue_server.pages.manage import plain
from queue_server.pages.query import asked_query, day_choices, parameters
from queue_server.pages.report_view import RowView, how_long, whole
from tests.domain.malls import mall
from tests.server.house_of_tests import MORNING_MS

MALL = mall()


def row(key: str, half: float, eight: float, nine: float, promise: int | None = None) -> RowView:
    wait = (half, eight, nine, nine)
    return RowView(key, key, "", None, 9, 9, 9, 0, 0, wait, wait, 0, 100, promise)


@pytest.mark.parametrize(
    ("largest", "axis"), [(0, (1, 1)), (4, (1, 4)), (24, (5, 25)), (46, (10, 50)), (601, (240, 720))]
)
def test_axes_begin_at_nothing_and_end_on_a_round_figure(largest: float, axis: tuple[int, int]) -> None:
    assert nice_axis(largest) == axis


def test_an_hour_without_calls_is_a_gap_not_a_guess() -> None:
    chart = str(hour_chart([row("09", 4, 10, 20), row("13", 2, 8, 16)], None, "id"))
    assert chart.count("<rect") == 2
    assert "12.00" in chart


def test_a_chart_of_nobody_is_no_chart() -> None:
    assert hour_chart([], None, "id") is None


def test_a_breach_is_drawn_as_one() -> None:
    assert 'class="reach late"' in spread_bar(row("a", 4, 10, 30, promise=25), 10, 30)
    assert 'class="reach fine"' in spread_bar(row("a", 4, 10, 20, promise=25), 10, 30)


def test_durations_never_look_like_a_time_of_day() -> None:
    assert how_long(5.8, "id") == "5 mnt 48 dtk"
    assert how_long(23.2, "en") == "24 minutes"
    assert how_long(150, "id") == "2 j 30 mnt"
    assert whole(23.01) == 24


def test_a_bare_address_asks_about_today_and_one_date_about_that_day() -> None:
    today = asked_query({}, MALL, MORNING_MS)
    assert (today.first, today.last, today.by) == (datetime.date(2025, 11, 24), today.first, "service")
    day = asked_query({"from": "2025-11-18"}, MALL, MORNING_MS)
    assert (day.first, day.last) == (datetime.date(2025, 11, 18), datetime.date(2025, 11, 18))


def test_an_agency_chosen_after_a_service_of_another_widens_the_question() -> None:
    assert asked_query({"agency": "pajak", "service": "kk"}, MALL, MORNING_MS).service is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"from": "x"},
        {"from": "2025-11-02", "to": "2025-11-01"},
        {"by": "colour"},
        {"hours": "night"},
        {"agency": "no"},
    ],
)
def test_a_question_nobody_can_ask_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(RuleViolation):
        asked_query(wrong, MALL, MORNING_MS)


def test_links_keep_the_filters_they_do_not_change() -> None:
    query = asked_query({"from": "2025-11-18", "service": "kk", "hours": "morning"}, MALL, MORNING_MS)
    assert parameters(query, by="hour") == "from=2025-11-18&to=2025-11-18&service=kk&hours=morning&by=hour"
    shown = [choice.name for choice in day_choices(query, MALL, MORNING_MS, "id") if choice.shown]
    assert shown == ["Sel 18"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_of_the_csv_runs_in_a_spreadsheet(start: str) -> None:
    assert plain(f"{start}1+1") == f"'{start}1+1"
