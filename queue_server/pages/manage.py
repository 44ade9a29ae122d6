"""The manager's pages: what is happening now, and waiting and serving times of any range."""

import csv
import datetime
import io

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.waits import GROUPS, Row, report
from antrean.texts.formats import clock, weekday_of
from queue_server.pages.assist_view import assist_view
from queue_server.pages.chart import axis_of, bar_scale, heat_map, hour_chart, spread_bar
from queue_server.pages.context import House
from queue_server.pages.floor import may_command
from queue_server.pages.frame import language, page
from queue_server.pages.guard import Guard
from queue_server.pages.now_view import now_view
from queue_server.pages.query import asked_query, day_choices, parameters, part_of, range_words, scope_words
from queue_server.pages.report_view import (
    SORTS,
    hour_rows,
    how_long,
    names_of,
    report_view,
    weekday_hours,
    whole,
)
from queue_server.reports import ASSISTED, OF_VISITS, assisted_cells

ROLES = frozenset({"manager", "supervisor", "administrator"})
BYTE_ORDER_MARK = "\ufeff"
"""Spreadsheets read a CSV as UTF-8 only when it begins with this."""
MONDAY = datetime.date(2024, 1, 1)


def add_pages(site: Blueprint, house: House, guard: Guard) -> None:
    """`/manage`, its parts that renew themselves, `/manage/now` and `/manage/waits.csv`."""

    @site.get("/manage")
    @guard(ROLES)
    def manage() -> AnyResponse:
        return _waits(house)

    @site.get("/manage/strip")
    @guard(ROLES)
    def strip() -> AnyResponse:
        return _part(house, "manage_strip.html")

    @site.get("/manage/now")
    @guard(ROLES)
    def now() -> AnyResponse:
        return page(house, "manage_now.html", now=now_view(house, language()), may=may_command(house))

    @site.get("/manage/now/part")
    @guard(ROLES)
    def now_part() -> AnyResponse:
        return _part(house, "manage_now_part.html")

    @site.get("/manage/waits.csv")
    @guard(ROLES)
    def table() -> AnyResponse:
        return _table(house)


def _part(house: House, template: str) -> AnyResponse:
    lang = language()
    answer = page(house, template, now=now_view(house, lang), may=may_command(house))
    answer.headers["X-Clock"] = clock(house.now_ms(), house.mall().timezone, lang)
    return answer


def _waits(house: House) -> AnyResponse:
    lang, mall, now_ms = language(), house.mall(), house.now_ms()
    query, sort = asked_query(request.args, mall, now_ms), request.args.get("sort", "")
    visits, help_given = house.assistance(query)
    view = report_view(visits, query, mall, lang, sort)
    promise = mall.services[query.service].promise_minutes if query.service else None
    weekdays = [weekday_of(MONDAY + datetime.timedelta(days=day), lang) for day in range(7)]
    step, end = axis_of(view.rows)
    tabs = [(by, f"/manage?{parameters(query, by=by)}#table") for by in GROUPS]
    services = [service for service in mall.services.values() if query.agency in (None, service.agency)]
    return page(
        house,
        "manage.html",
        query=query,
        part=part_of(query),
        days=day_choices(query, mall, now_ms, lang),
        scope=scope_words(query, mall, lang),
        range_said=range_words(query, lang),
        services=services,
        view=view,
        chart=hour_chart(hour_rows(visits, mall, lang), promise, lang),
        heat=heat_map(weekday_hours(visits, mall), weekdays, lang),
        scale=bar_scale(step, end),
        bar=lambda row: spread_bar(row, step, end),
        tabs=tabs,
        sort=sort if sort in SORTS else ("wait_1" if query.by in ("service", "agency") else ""),
        sort_address=lambda column: f"/manage?{parameters(query)}&sort={column}#table",
        csv_address=f"/manage/waits.csv?{parameters(query)}",
        visits_address=f"/v1/reports/visits.csv?from={query.first}&to={query.last}",
        assist=assist_view(help_given, lang),
        whole=whole,
        count=lambda n: f"{n:,}".replace(",", "." if lang == "id" else ","),
        how_long=lambda minutes: how_long(minutes, lang),
        now=now_view(house, lang),
        bare=not request.args,
    )


def _table(house: House) -> AnyResponse:
    mall = house.mall()
    query = asked_query(request.args, mall, house.now_ms())
    names = names_of(query.by, mall, language())
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(CSV_HEAD)
    rows = report(house.visits(query), mall, query.by)
    writer.writerows(csv_line(row, names.get(row.key, row.key)) for row in rows)
    response = Response(BYTE_ORDER_MARK + text.getvalue(), mimetype="text/csv")
    name = f"antrean-{query.first}-{query.last}-{query.by}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


OUTCOMES = ("completed", "transferred", "no_show", "cancelled", "expired", "unconfirmed")
CSV_HEAD = (
    "key", "name", "issued", "called", "late",
    "wait_p50_s", "wait_p80_s", "wait_p90_s", "wait_max_s",
    "served", "serve_p50_s", "serve_p80_s", "serve_p90_s", "serve_max_s", *OUTCOMES, *ASSISTED, *OF_VISITS,
)  # fmt: skip


def csv_line(row: Row, name: str) -> list[str | int]:
    """One line of the file: durations in whole seconds, empty where there is nothing to measure."""
    waited, served = (
        [one.count, *(_seconds(ms) for ms in (one.p50_ms, one.p80_ms, one.p90_ms, one.max_ms))]
        for one in (row.wait, row.serve)
    )
    counts = [row.outcomes.get(outcome, 0) for outcome in OUTCOMES]
    times = [waited[0], row.late, *waited[1:], *served]
    return [
        plain(row.key),
        plain(name),
        row.issued,
        *times,
        *counts,
        *assisted_cells(row),
        row.tickets,
        row.delivered,
    ]


def _seconds(ms: int | None) -> int | str:
    return "" if ms is None else round(ms / 1000)


def plain(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
