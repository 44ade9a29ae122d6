"""A waiting-time report as the manager reads it: the finding first, minutes in words, sorted rows."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from antrean.domain.catalogue import Mall
from antrean.domain.errors import RuleViolation
from antrean.domain.opening import local_day
from antrean.domain.waits import GROUPS, Row, Spread
from antrean.texts import Texts, texts_for
from antrean.texts.formats import day_words, weekday_of
from queue_server.pages.context import Report, ReportQuery

LONGEST_DAYS = 400
NOON = 12
HOURS = {"": (0, 24), "morning": (0, NOON), "afternoon": (NOON, 24)}
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of the table: spreads in minutes (None when nothing was measured), shares in percent."""

    key: str
    name: str
    agency: str
    issued: int
    called: int
    wait: tuple[float | None, ...]
    serve: tuple[float | None, ...]
    no_show: int
    cancelled: int
    kept: int | None
    promise: int | None


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything the page says about one report."""

    title: str
    heading: str
    rows: tuple[RowView, ...]
    total: RowView
    finding: str
    left_out: str
    serve_line: str


def asked_query(args: Mapping[str, str], mall: Mall, now_ms: int) -> ReportQuery:
    """The query of an address; today's services when it says nothing. Raises RuleViolation for what cannot be."""
    today = local_day(mall.timezone, now_ms)
    first = _day(args.get("from"), "from") or today
    last = _day(args.get("to"), "to") or max(first, today if "from" not in args else first)
    if last < first:
        raise RuleViolation("bad_range")
    if (last - first).days >= LONGEST_DAYS:
        raise RuleViolation("range_too_long")
    by, hours = args.get("by") or "service", args.get("hours", "")
    agency, service = args.get("agency") or None, args.get("service") or None
    for name, fits in (
        ("by", by in GROUPS),
        ("hours", hours in HOURS),
        ("agency", agency is None or agency in mall.agencies),
        ("service", service is None or service in mall.services),
    ):
        if not fits:
            raise RuleViolation("bad_field", field=name)
    return ReportQuery(first, last, by, agency, service, *HOURS[hours])


def _day(text: str | None, field: str) -> datetime.date | None:
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise RuleViolation("bad_field", field=field) from None


def hours_name(query: ReportQuery) -> str:
    """The name of the part of the day in the address."""
    return next(name for name, hours in HOURS.items() if hours == (query.from_hour, query.to_hour))


def presets(query: ReportQuery, mall: Mall, now_ms: int) -> list[tuple[str, str, str, bool]]:
    """The four usual ranges: text key, first day, last day, whether it is the one shown."""
    today = local_day(mall.timezone, now_ms)
    month_end = today.replace(day=1) - datetime.timedelta(days=1)
    ranges = (
        ("today", today, today),
        ("yesterday", *[today - datetime.timedelta(days=1)] * 2),
        ("week", today - datetime.timedelta(days=today.weekday()), today),
        ("last_month", month_end.replace(day=1), month_end),
    )
    shown, found = (query.first, query.last), False
    answer = []
    for name, first, last in ranges:
        is_shown = not found and (first, last) == shown  # on a Monday, today is also this week
        found = found or is_shown
        answer.append((f"manage.range_{name}", first.isoformat(), last.isoformat(), is_shown))
    return answer


def names_of(by: str, mall: Mall, lang: str) -> dict[str, str]:
    """What a grouping's keys are called."""
    match by:
        case "service":
            return {code: service.short.get(lang) for code, service in mall.services.items()}
        case "agency":
            return {code: agency.short for code, agency in mall.agencies.items()}
        case "counter":
            return {code: counter.name.get(lang) for code, counter in mall.counters.items()}
        case "hour":
            point = "." if lang == "id" else ":"
            return {f"{hour:02d}": f"{hour:02d}{point}00" for hour in range(24)}
    return {}


def report_view(report: Report, query: ReportQuery, mall: Mall, lang: str) -> ReportView:
    """The report in words and minutes; slowest first, except for hours and days, which keep their order."""
    t = texts_for(lang)
    names = names_of(query.by, mall, lang)
    rows = [_row(row, query.by, names, mall, lang) for row in report.rows]
    if query.by not in ("hour", "day"):
        rows.sort(key=lambda row: (-(row.wait[1] or -1), row.name))
    total = _row(report.total, "", {"": t("manage.col_total")}, mall, lang)
    title = range_words(query, lang)
    eight = total.wait[1]
    heading = (
        t("manage.heading_none", range=title)
        if eight is None
        else t("manage.heading_wait", range=title, minutes=minutes_words(eight, t))
    )
    return ReportView(
        title, heading, tuple(rows), total, _finding(rows, query.by, t), _left_out(report.total, t), _serving(total, t)
    )  # fmt: skip


def range_words(query: ReportQuery, lang: str) -> str:
    """The range as people say it: one day with its weekday, or two days."""
    first, last = query.first, query.last
    if first == last:
        return f"{weekday_of(first, lang)}, {day_words(first, lang)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_words(last, lang)}"
    return f"{day_words(first, lang)} – {day_words(last, lang)}"


def minutes_words(minutes: float, t: Texts) -> str:
    """Whole minutes, rounded up because the sentence says "at most"."""
    if minutes < 1:
        return t("manage.less_than_minute")
    return t("manage.minutes_n", n=whole(minutes))


def whole(minutes: float) -> int:
    """Minutes rounded up."""
    return -int(-minutes // 1)


def _row(row: Row, by: str, names: Mapping[str, str], mall: Mall, lang: str) -> RowView:
    service = mall.services.get(row.key) if by == "service" else None
    name = names.get(row.key)
    if name is None:
        name = day_words(datetime.date.fromisoformat(row.key), lang) if by == "day" else row.key
    called = row.wait.count
    return RowView(
        key=row.key,
        name=name,
        agency=mall.agencies[service.agency].short if service else "",
        issued=row.issued,
        called=called,
        wait=_minutes(row.wait),
        serve=_minutes(row.serve),
        no_show=row.outcomes.get("no_show", 0),
        cancelled=row.outcomes.get("cancelled", 0),
        kept=round(100 * (called - row.late) / called) if called else None,
        promise=service.promise_minutes if service else None,
    )


def _minutes(spread: Spread) -> tuple[float | None, ...]:
    values = (spread.p50_ms, spread.p80_ms, spread.p90_ms, spread.max_ms)
    return tuple(None if ms is None else ms / MINUTE_MS for ms in values)


def _finding(rows: list[RowView], by: str, t: Texts) -> str:
    called = [row for row in rows if row.wait[1] is not None]
    if not called:
        return t("manage.no_rows")
    slowest = max(called, key=lambda row: row.wait[1] or 0)
    if by == "hour":
        return t("manage.chart_title_hour", hour=slowest.name)
    return t("manage.chart_title_group", name=slowest.name)


def _left_out(total: Row, t: Texts) -> str:
    uncalled, unconfirmed = total.issued - total.wait.count, total.outcomes.get("unconfirmed", 0)
    if not uncalled and not unconfirmed:
        return t("manage.left_out_none", issued=total.issued)
    return t("manage.left_out", issued=total.issued, uncalled=uncalled, unconfirmed=unconfirmed)


def _serving(total: RowView, t: Texts) -> str:
    half, eight, nine = total.serve[:3]
    if half is None or eight is None or nine is None:
        return t("manage.serve_none")
    words = {
        name: minutes_words(value, t) for name, value in (("half", half), ("eight", eight), ("nine", nine))
    }
    return t("manage.serve_line", **words)
