"""Everything that did not go by the rule: who was taken out of turn, when, by whom, why, and whom it passed over."""

import csv
import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.errors import RuleViolation
from antrean.domain.opening import local_day
from antrean.texts import Texts, texts_for
from antrean.texts.formats import clock, day_words, weekday_of
from queue_server.pages.context import House
from queue_server.pages.find_view import reason_words
from queue_server.pages.floor import READERS
from queue_server.pages.floor_view import officers
from queue_server.pages.frame import language, page
from queue_server.pages.guard import Guard
from queue_server.pages.manage import BYTE_ORDER_MARK, plain

KINDS = ("chosen", "front", "priority_set", "booking", "helped", "reopened", "undone", "cancelled")
ICONS = {
    "chosen": "hand-finger",
    "front": "chevrons-up",
    "priority_set": "user-check",
    "booking": "calendar-time",
    "helped": "arrows-exchange",
    "reopened": "history",
    "undone": "arrow-back-up",
    "cancelled": "circle-x",
}
CSV_HEAD = ("day", "time", "what", "label", "counter", "officer", "reason", "passed_over")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to; "" means all."""

    day: datetime.date
    kind: str
    officer: str

    def address(self, path: str, **changes: str) -> str:
        """The address of this list, with some of it changed."""
        named = {"day": self.day.isoformat(), "kind": self.kind, "officer": self.officer}
        return f"{path}?{urlencode({key: value for key, value in {**named, **changes}.items() if value})}"


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One event of the list in the reader's words."""

    at: str
    icon: str
    what: str
    label: str
    counter: str
    officer: str
    reason: str
    passed_over: int
    address: str


def add_pages(site: Blueprint, house: House, guard: Guard) -> None:
    """`/manage/out-of-order` and the same as CSV."""

    @site.get("/manage/out-of-order")
    @guard(READERS)
    def out_of_order() -> AnyResponse:
        return _page(house)

    @site.get("/manage/out-of-order.csv")
    @guard(READERS)
    def order_table() -> AnyResponse:
        return _table(house)


def asked_of(args: Mapping[str, str], today: datetime.date) -> Asked:
    """What an address asks for; today when it says nothing. Raises RuleViolation `bad_field`."""
    try:
        day = datetime.date.fromisoformat(args["day"]) if args.get("day") else today
    except ValueError:
        raise RuleViolation("bad_field", field="day") from None
    kind = args.get("kind", "")
    if kind not in ("", *KINDS):
        raise RuleViolation("bad_field", field="kind")
    return Asked(day, kind, args.get("officer", ""))


def kept(rows: Sequence[Mapping[str, Any]], asked: Asked) -> list[Mapping[str, Any]]:
    """The rows that are asked for."""
    return [row for row in rows if asked.kind in ("", row["what"]) and asked.officer in ("", row["officer"])]


def _page(house: House) -> AnyResponse:
    lang, mall = language(), house.mall()
    t, today = texts_for(lang), local_day(mall.timezone, house.now_ms())
    asked = asked_of(request.args, today)
    everything = house.out_of_order(asked.day.isoformat())
    rows, names = kept(everything, asked), officers(house, lang)
    people = sorted(
        {row["officer"] for row in everything if row["officer"]}, key=lambda one: names.get(one, one)
    )
    return page(
        house,
        "manage_order.html",
        heading=_heading(rows, t),
        asked=asked,
        day_said=f"{weekday_of(asked.day, lang)}, {day_words(asked.day, lang)}",
        today=today.isoformat(),
        counts=[(kind, sum(1 for row in everything if row["what"] == kind)) for kind in KINDS],
        everything=len(everything),
        people=[(one, names.get(one, one)) for one in people],
        rows=[_row(row, asked, mall.timezone, names, t, lang) for row in rows],
        csv_address=asked.address("/manage/out-of-order.csv"),
    )


def _heading(rows: Sequence[Mapping[str, Any]], t: Texts) -> str:
    passed = sum(row["passed_over"] for row in rows)
    if not rows:
        return t("manage.order_heading_none")
    return t("manage.order_heading", n=len(rows)) + (
        f" {t('manage.order_heading_passed', n=passed)}" if passed else ""
    )


def _row(
    row: Mapping[str, Any], asked: Asked, zone: str, names: Mapping[str, str], t: Texts, lang: str
) -> OrderRow:
    find = urlencode({"q": row["label"], "day": asked.day.isoformat()})
    return OrderRow(
        clock(row["at"], zone, lang),
        ICONS[row["what"]],
        t(f"manage.order_{row['what']}"),
        row["label"],
        row["counter"],
        names.get(row["officer"], row["officer"]),
        reason_words(row["reason"], lang),
        row["passed_over"],
        f"/manage/find?{find}",
    )


def _table(house: House) -> AnyResponse:
    mall, lang = house.mall(), language()
    asked = asked_of(request.args, local_day(mall.timezone, house.now_ms()))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(CSV_HEAD)
    for row in kept(house.out_of_order(asked.day.isoformat()), asked):
        cells = (row["label"], row["counter"], row["officer"], reason_words(row["reason"], lang))
        time = clock(row["at"], mall.timezone, "en")
        writer.writerow([asked.day, time, row["what"], *map(plain, cells), row["passed_over"]])
    response = Response(BYTE_ORDER_MARK + text.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="antrean-out-of-order-{asked.day}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response
