"""The manager's report of bookings: booked against walk-in, in time, early, late, missed, cancelled, oversold."""

import csv
import datetime
import io
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.booking_report import GROUPS, BookingTally
from antrean.domain.errors import RuleViolation
from queue_server.pages.booking_chart import day_chart, outcome_bar, waits_axis, waits_bar
from queue_server.pages.booking_report_view import report_view
from queue_server.pages.chart import bar_scale
from queue_server.pages.context import House
from queue_server.pages.frame import language, page
from queue_server.pages.guard import Guard
from queue_server.pages.manage import BYTE_ORDER_MARK, ROLES, plain
from queue_server.pages.query import asked_query, day_choices, range_words
from queue_server.pages.report_view import how_long, whole

PATH = "/manage/bookings"
BY = ("service", "day")
CSV_HEAD = (
    "day", "service", "name", "booked", "in_time", "early", "late", "noshow", "cancelled", "overbooked",
    "walk_in", "booked_wait_p50_s", "walk_in_wait_p50_s",
)  # fmt: skip


def add_pages(site: Blueprint, house: House, guard: Guard) -> None:
    """`/manage/bookings` and the same as CSV."""

    @site.get(PATH)
    @guard(ROLES)
    def booking_report() -> AnyResponse:
        return _page(house)

    @site.get(f"{PATH}.csv")
    @guard(ROLES)
    def booking_table() -> AnyResponse:
        return _table(house)


def _asked(house: House) -> tuple[datetime.date, datetime.date, str]:
    query = asked_query(request.args, house.mall(), house.now_ms())
    if query.by not in BY:
        raise RuleViolation("bad_field", field="by")
    return query.first, query.last, query.by


def _address(path: str, first: datetime.date, last: datetime.date, by: str) -> str:
    return f"{path}?{urlencode({'from': first.isoformat(), 'to': last.isoformat(), 'by': by})}"


def _page(house: House) -> AnyResponse:
    lang, mall, room = language(), house.mall(), house.bookings()
    first, last, by = _asked(house)
    query = asked_query(request.args, mall, house.now_ms())
    groupings = ((by,), ("day",), ())
    tallies, days, total = room.reports(first, last, *groupings) if room else ((), (), ())
    view = report_view(tallies, days, total, by, mall, lang)
    step, end = waits_axis(view.rows)
    return page(
        house,
        "manage_bookings.html",
        set_up=room is not None,
        view=view,
        first=first,
        last=last,
        by=by,
        scope=range_words(query, lang),
        days=day_choices(query, mall, house.now_ms(), lang, PATH),
        tabs=[(one, _address(PATH, first, last, one) + "#table") for one in BY],
        csv_address=_address(f"{PATH}.csv", first, last, by),
        chart=day_chart(view.days),
        scale=bar_scale(step, end),
        parts=lambda row: outcome_bar(row, view.most),
        waits=lambda row: waits_bar(row, step, end),
        day_address=lambda row: f"{PATH}?{urlencode({'from': row.key, 'to': row.key})}",
        how_long=lambda minutes: how_long(minutes, lang),
        whole=whole,
        count=lambda n: f"{n:,}".replace(",", "." if lang == "id" else ","),
    )


def _table(house: House) -> AnyResponse:
    room, lang, mall = house.bookings(), language(), house.mall()
    first, last, _ = _asked(house)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(CSV_HEAD)
    for one in room.reports(first, last, GROUPS)[0] if room else ():
        service = mall.services.get(one.service)
        writer.writerow(csv_line(one, service.short.get(lang) if service else one.service))
    response = Response(BYTE_ORDER_MARK + text.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="antrean-bookings-{first}-{last}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def csv_line(one: BookingTally, name: str) -> list[str | int]:
    """One line of the file: waits in whole seconds, empty where nobody was called."""
    return [
        one.day, plain(one.service), plain(name),
        one.booked, one.in_time, one.early, one.late, one.noshow, one.cancelled, one.overbooked, one.walk_in,
        _seconds(one.booked_wait_ms), _seconds(one.walk_in_wait_ms),
    ]  # fmt: skip


def _seconds(ms: int | None) -> int | str:
    return "" if ms is None else round(ms / 1000)
