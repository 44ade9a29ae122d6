"""The manager's pages: what is happening now, and waiting and serving times of any range."""

import csv
import io
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.waits import GROUPS, Row
from queue_server.pages.chart import axis_of, hour_chart, spread_bar
from queue_server.pages.context import House
from queue_server.pages.frame import language, page
from queue_server.pages.now_view import now_view
from queue_server.pages.report_view import asked_query, hours_name, names_of, presets, report_view, whole

ROLES = frozenset({"manager", "supervisor", "administrator"})
BYTE_ORDER_MARK = "\ufeff"
"""Spreadsheets read a CSV as UTF-8 only when it begins with this."""


def add_pages(site: Blueprint, house: House, guard: Any) -> None:
    """`/manage`, `/manage/waits` and `/manage/waits.csv`."""

    @site.get("/manage")
    @guard(ROLES)
    def now() -> AnyResponse:
        return page(house, "manage_now.html", **now_view(house, language()))

    @site.get("/manage/waits")
    @guard(ROLES)
    def waits() -> AnyResponse:
        lang, mall = language(), house.mall()
        query = asked_query(request.args, mall, house.now_ms())
        by_hour = replace(query, by="hour")
        shown = report_view(house.report(query), query, mall, lang)
        hours = report_view(house.report(by_hour), by_hour, mall, lang)
        return page(
            house,
            "manage_waits.html",
            query=query,
            part=hours_name(query),
            presets=presets(query, mall, house.now_ms()),
            view=shown,
            hours=hours,
            chart=hour_chart(hours.rows, lang),
            axis=axis_of(shown.rows),
            bar=spread_bar,
            groups=GROUPS,
            whole=whole,
        )

    @site.get("/manage/waits.csv")
    @guard(ROLES)
    def table() -> AnyResponse:
        mall = house.mall()
        query = asked_query(request.args, mall, house.now_ms())
        names = names_of(query.by, mall, language())
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(CSV_HEAD)
        writer.writerows(csv_line(row, names.get(row.key, row.key)) for row in house.report(query).rows)
        response = Response(BYTE_ORDER_MARK + text.getvalue(), mimetype="text/csv")
        name = f"antrean-{query.first}-{query.last}-{query.by}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.headers["Cache-Control"] = "no-store"
        return response


OUTCOMES = ("completed", "transferred", "no_show", "cancelled", "expired", "unconfirmed")
CSV_HEAD = (
    "key", "name", "issued", "called", "late",
    "wait_p50_s", "wait_p80_s", "wait_p90_s", "wait_max_s",
    "served", "serve_p50_s", "serve_p80_s", "serve_p90_s", "serve_max_s", *OUTCOMES,
)  # fmt: skip


def csv_line(row: Row, name: str) -> list[str | int]:
    """One line of the file: durations in whole seconds, empty where there is nothing to measure."""
    spreads = [
        [one.count, *("" if ms is None else round(ms / 1000) for ms in (one.p50_ms, one.p80_ms, one.p90_ms, one.max_ms))]
        for one in (row.wait, row.serve)
    ]  # fmt: skip
    waited, served = spreads
    counts = [row.outcomes.get(outcome, 0) for outcome in OUTCOMES]
    return [plain(row.key), plain(name), row.issued, waited[0], row.late, *waited[1:], *served, *counts]


def plain(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
