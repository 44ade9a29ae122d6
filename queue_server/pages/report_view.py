"""A waiting-time report as the manager reads it: the finding first, then figures by group, hour and weekday."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from antrean.domain.catalogue import Mall
from antrean.domain.waits import Row, Spread, Visit, report, summary
from antrean.texts import Texts, texts_for
from antrean.texts.formats import day_words, duration, weekday_of
from queue_server.pages.context import ReportQuery
from queue_server.pages.query import NOON, parameters

MINUTE_MS = 60_000
LONG_MINUTES = 10
"""From here on seconds say nothing: a headline rounds up to whole minutes."""
TOO_LONG_MINUTES = 120
"""Beyond this people think in hours."""
ENOUGH = 3
"""A group with fewer called visitors is no headline while another has as many."""
LINKED = {"service": "service", "agency": "agency", "day": "from"}


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of the table. Spreads are half, 8, 9 and 10 in 10 in minutes, None when nothing was measured."""

    key: str
    name: str
    below: str
    address: str | None
    issued: int
    called: int
    served: int
    no_show: int
    dropped: int
    wait: tuple[float | None, ...]
    serve: tuple[float | None, ...]
    late: int
    kept: int | None
    promise: int | None
    delivered: int = 0


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything the page says about one report."""

    heading: str
    rows: tuple[RowView, ...]
    total: RowView
    finding: str
    outcomes: tuple[tuple[str, int], ...]
    left_out: str
    parts: tuple[RowView, ...]


def _figure(name: str) -> Callable[[RowView], float]:
    return lambda row: float(getattr(row, name))


def _share(name: str, at: int) -> Callable[[RowView], float]:
    def value(row: RowView) -> float:
        minutes = getattr(row, name)[at]
        return -1.0 if minutes is None else float(minutes)

    return value


SORTS: Mapping[str, Callable[[RowView], float]] = {
    **{name: _figure(name) for name in ("issued", "served", "delivered", "no_show", "dropped", "late")},
    **{f"{name}_{at}": _share(name, at) for name in ("wait", "serve") for at in range(4)},
}
"""Columns a table can be sorted by, largest first."""


def report_view(
    visits: Sequence[Visit], query: ReportQuery, mall: Mall, lang: str, sort: str = ""
) -> ReportView:
    """The report of these visits, slowest first unless asked otherwise; hours and days keep their order."""
    t = texts_for(lang)
    names = names_of(query.by, mall, lang)
    rows = [_row(row, query, names, mall, lang) for row in report(visits, mall, query.by)]
    by_name = sorted(rows, key=lambda row: row.name) if query.by in ("service", "agency") else rows
    if sort in SORTS:
        rows = sorted(by_name, key=SORTS[sort], reverse=True)
    elif query.by in ("service", "agency"):
        rows = sorted(by_name, key=SORTS["wait_1"], reverse=True)
    all_of_them = summary("", visits, mall)
    total = view_of(all_of_them, t("manage.col_total"))
    if query.service:
        rows = [row for row in rows if query.by != "service" or row.key == query.service]
    return ReportView(
        heading=_heading(hour_rows(visits, mall, lang), total, t),
        rows=tuple(rows),
        total=total,
        finding=_finding(rows, query.by, t),
        outcomes=_outcomes(all_of_them, t),
        left_out=_what_was_left_out(all_of_them, t),
        parts=_parts(visits, mall, t),
    )


def hour_rows(visits: Sequence[Visit], mall: Mall, lang: str) -> list[RowView]:
    """The visits by hour of arrival."""
    names = names_of("hour", mall, lang)
    return [view_of(row, names[row.key]) for row in report(visits, mall, "hour")]


def view_of(
    row: Row, name: str, below: str = "", address: str | None = None, promise: int | None = None
) -> RowView:
    """A row in minutes."""
    called, outcomes = row.wait.count, row.outcomes
    return RowView(
        key=row.key,
        name=name,
        below=below,
        address=address,
        issued=row.issued,
        called=called,
        served=sum(outcomes.get(one, 0) for one in ("completed", "transferred", "unconfirmed")),
        no_show=outcomes.get("no_show", 0),
        dropped=outcomes.get("cancelled", 0) + outcomes.get("expired", 0),
        wait=_minutes(row.wait),
        serve=_minutes(row.serve),
        late=row.late,
        kept=round(100 * (called - row.late) / called) if called else None,
        promise=promise,
        delivered=row.delivered,
    )


def names_of(by: str, mall: Mall, lang: str) -> dict[str, str]:
    """What a grouping's keys are called; days are not listed."""
    match by:
        case "service":
            return {code: service.short.get(lang) for code, service in mall.services.items()}
        case "agency":
            return {code: agency.short for code, agency in mall.agencies.items()}
        case "counter":
            return {code: counter.name.get(lang) for code, counter in mall.counters.items()}
        case "hour":
            return {f"{hour:02d}": hour_words(hour, lang) for hour in range(24)}
    return {}


def hour_words(hour: int, lang: str) -> str:
    """A full hour on the clock: "09.00"."""
    return f"{hour:02d}{'.' if lang == 'id' else ':'}00"


def how_long(minutes: float, lang: str) -> str:
    """A duration for a headline: whole minutes rounded up; to the second while short, in hours when long."""
    even = minutes >= 1 and round(minutes * MINUTE_MS) % MINUTE_MS == 0
    if minutes <= TOO_LONG_MINUTES and (even or minutes >= LONG_MINUTES):
        return texts_for(lang)("manage.minutes_n", n=whole(minutes))
    return duration(round(minutes * MINUTE_MS), lang)


def whole(minutes: float) -> int:
    """Minutes rounded up."""
    return -int(-minutes // 1)


def weekday_hours(visits: Sequence[Visit], mall: Mall) -> dict[tuple[int, int], float]:
    """What half of the visitors waited at most, in minutes, by weekday (Monday 0) and hour of arrival."""
    zone, groups = ZoneInfo(mall.timezone), dict[tuple[int, int], list[Visit]]()
    for visit in visits:
        at = datetime.datetime.fromtimestamp(visit.arrived_ms / 1000, zone)
        groups.setdefault((at.weekday(), at.hour), []).append(visit)
    halves = {key: summary("", group, mall).wait.p50_ms for key, group in groups.items()}
    return {key: half / MINUTE_MS for key, half in halves.items() if half is not None}


def _row(row: Row, query: ReportQuery, names: Mapping[str, str], mall: Mall, lang: str) -> RowView:
    by, key = query.by, row.key
    service = mall.services.get(key) if by == "service" else None
    name, below = names.get(key, key), mall.agencies[service.agency].short if service else ""
    if by == "day":
        day = datetime.date.fromisoformat(key)
        name, below = day_words(day, lang), weekday_of(day, lang)
    address = None
    if by == "day":
        address = parameters(query, **{"from": key, "to": key, "by": "service"})
    elif by in LINKED and key in names:
        address = parameters(query, **{LINKED[by]: key, "by": "hour" if by == "service" else "service"})
    return view_of(
        row, name, below, address and f"/manage?{address}", service.promise_minutes if service else None
    )


def _minutes(spread: Spread) -> tuple[float | None, ...]:
    values = (spread.p50_ms, spread.p80_ms, spread.p90_ms, spread.max_ms)
    return tuple(None if ms is None else ms / MINUTE_MS for ms in values)


def _heading(hours: Sequence[RowView], total: RowView, t: Texts) -> str:
    if total.wait[1] is None:
        return t("manage.heading_none" if total.issued else "manage.heading_empty")
    called = [row for row in hours if row.wait[1] is not None]
    if len(called) < 2:
        return t("manage.heading_wait", time=how_long(total.wait[1], t.language))
    busiest = max(called, key=lambda row: (row.issued, row.wait[1] or 0))
    return t("manage.heading_busiest", hour=busiest.key, time=how_long(busiest.wait[1] or 0, t.language))


def _finding(rows: Sequence[RowView], by: str, t: Texts) -> str:
    called = [row for row in rows if row.wait[1] is not None]
    if not called:
        return t("manage.no_rows")
    if len(called) == 1:
        return t("manage.finding_one", name=called[0].name)
    most = [row for row in called if row.called >= ENOUGH] or called
    slowest = max(most, key=lambda row: row.wait[1] or 0)
    late = [row for row in most if row.promise is not None and (row.wait[1] or 0) > row.promise]
    if by == "service" and late:
        return t("manage.finding_late", n=len(late), name=slowest.name)
    return t(f"manage.finding_{by}", name=slowest.name)


def _outcomes(total: Row, t: Texts) -> tuple[tuple[str, int], ...]:
    """How the numbers ended, in a fixed order; the usual four are named even when nobody is among them."""
    counts = dict(total.outcomes)
    served = counts.pop("completed", 0) + counts.pop("unconfirmed", 0)
    pairs = [
        ("served", served),
        ("no_show", counts.pop("no_show", 0)),
        ("cancelled", counts.pop("cancelled", 0)),
    ]
    pairs.append(("expired", counts.pop("expired", 0)))
    under_way = ("transferred", "waiting", "called", "serving", "on_hold")
    pairs += [(name, counts[name]) for name in under_way if name in counts]
    return tuple((t(f"manage.outcome_{name}"), count) for name, count in pairs)


def _what_was_left_out(total: Row, t: Texts) -> str:
    said = _left_out(total, t)
    if total.tickets < total.issued:
        said = f"{t('manage.several_services', issued=total.issued, tickets=total.tickets)} {said}"
    return f"{said} {t('manage.left_out_late', n=total.came_late)}" if total.came_late else said


def _left_out(total: Row, t: Texts) -> str:
    uncalled, unconfirmed = total.issued - total.wait.count, total.outcomes.get("unconfirmed", 0)
    if not uncalled and not unconfirmed:
        return t("manage.left_out_none", issued=total.issued)
    return t("manage.left_out", issued=total.issued, uncalled=uncalled, unconfirmed=unconfirmed)


def _parts(visits: Sequence[Visit], mall: Mall, t: Texts) -> tuple[RowView, ...]:
    hours = {"morning": range(NOON), "afternoon": range(NOON, 24)}
    zone = ZoneInfo(mall.timezone)

    def arrived(visit: Visit) -> int:
        return datetime.datetime.fromtimestamp(visit.arrived_ms / 1000, zone).hour

    return tuple(
        view_of(
            summary(name, [visit for visit in visits if arrived(visit) in of], mall),
            t(f"manage.filter_{name}"),
        )
        for name, of in hours.items()
    )
