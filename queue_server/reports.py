"""Wait-time reports over any range of days, folded from the accepted events of the ledger."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from antrean.domain.assist_report import CallFold, Calls
from antrean.domain.assistance import ASSIST_REASONS
from antrean.domain.catalogue import Mall
from antrean.domain.errors import RuleViolation
from antrean.domain.events import payload_of
from antrean.domain.hall import Accepted
from antrean.domain.waits import Row, Visit, VisitFold, report, summary
from antrean.ledger import hall_log
from antrean.ledger.hall import HallLedger

MAX_DAYS = 3_700
COUNTS = ("completed", "no_show", "cancelled", "transferred", "expired", "unconfirmed")
SPREAD = ("p50_ms", "p80_ms", "p90_ms", "max_ms")
ASSISTED = (
    "assisted",
    *(f"assisted_{reason}" for reason in ASSIST_REASONS),
    "assisted_unsaid",
    "assist_minutes",
)
"""Columns of the tickets staff took for visitors, after those of waiting and serving."""
OF_VISITS = ("tickets", "delivered")
"""The last columns: different numbers (a visit of two services is issued twice), and services delivered."""

IDLE_OUTCOMES = frozenset({"waiting", "called", "on_hold"})


@dataclass(frozen=True)
class Report:
    """One report: its range (local dates, both included), its rows by group and the row over all visits."""

    first: str
    last: str
    by: str
    rows: tuple[Row, ...]
    total: Row

    def to_dict(self) -> dict[str, Any]:
        """The wire form; durations in milliseconds."""
        return {
            "first": self.first,
            "last": self.last,
            "by": self.by,
            "rows": [row.to_dict() for row in self.rows],
            "total": self.total.to_dict(),
        }


def check_range(first: str, last: str) -> None:
    """Raises RuleViolation `bad_range` unless both are dates in order, at most ten years apart."""
    try:
        days = (date.fromisoformat(last) - date.fromisoformat(first)).days
    except ValueError:
        days = -1
    if not 0 <= days < MAX_DAYS:
        raise RuleViolation("bad_range", days=MAX_DAYS)


@dataclass(frozen=True)
class History:
    """What the log says of a range of days: the visits by arrival, and the calls for help from kiosks."""

    visits: tuple[Visit, ...]
    calls: Calls


def visits_between(ledger: HallLedger, first: str, last: str, today: str) -> tuple[Visit, ...]:
    """The visits of a range of days; see `history`."""
    return history(ledger, first, last, today).visits


def history(ledger: HallLedger, first: str, last: str, today: str) -> History:
    """A range of days, folded. A visit of a past day that nobody ended (it reached the server after that day had
    closed) counts as expired. Raises RuleViolation `bad_range`.
    """
    check_range(first, last)
    fold, calls = VisitFold(), CallFold()
    with ledger.reading() as r:
        for stored in hall_log.between(r, first, last):
            envelope = stored.envelope
            payload = payload_of(envelope.type, envelope.v, envelope.body)
            one = Accepted(stored.position, stored.order_ms, envelope.device_id, envelope.event_id, payload)
            fold.add(one)
            calls.add(one)
    visits = fold.visits() if last >= today else tuple(map(_closed, fold.visits()))
    return History(visits, calls.calls())


def _closed(visit: Visit) -> Visit:
    if visit.outcome not in IDLE_OUTCOMES:
        return visit
    return Visit(**{**{name: getattr(visit, name) for name in Visit.__slots__}, "outcome": "expired"})


def wait_report(ledger: HallLedger, mall: Mall, first: str, last: str, by: str, today: str) -> Report:
    """Waiting and serving times by service, agency, counter, hour or day; raises RuleViolation `bad_range`."""
    visits = visits_between(ledger, first, last, today)
    return Report(first, last, by, report(visits, mall, by), summary("", visits, mall))


def report_csv(made: Report, mall: Mall, language: str) -> Iterator[str]:
    """The report as CSV lines (RFC 4180, UTF-8 with a mark that spreadsheets need); durations in whole seconds."""
    yield "\ufeff" + _line(
        [made.by, "name", "issued", *COUNTS, "late"]
        + [
            f"{what}_{name.removesuffix('_ms')}_s"
            for what in ("wait", "serve")
            for name in ("count", *SPREAD)
        ]
        + [*ASSISTED, *OF_VISITS]
    )
    for row in (*made.rows, made.total):
        data = row.to_dict()
        spreads = [data[what][name] for what in ("wait", "serve") for name in ("count", *SPREAD)]
        cells = [value if index % 5 == 0 else _seconds(value) for index, value in enumerate(spreads)]
        name = name_of(mall, made.by, row.key, language)
        counts = [row.outcomes.get(one, 0) for one in COUNTS]
        yield _line(
            [
                row.key,
                name,
                row.issued,
                *counts,
                row.late,
                *cells,
                *assisted_cells(row),
                row.tickets,
                row.delivered,
            ]
        )


def assisted_cells(row: Row) -> list[int]:
    """The columns ASSISTED of a row."""
    by_reason = [row.assisted.get(reason, 0) for reason in (*ASSIST_REASONS, "")]
    return [sum(by_reason), *by_reason, row.assist_minutes]


def visits_csv(visits: tuple[Visit, ...], mall: Mall) -> Iterator[str]:
    """Every visit as one CSV line with local times; nothing personal is in it."""
    zone = ZoneInfo(mall.timezone)
    yield "\ufeff" + _line(
        [
            "ticket_id",
            "service",
            "counter",
            "priority",
            "assisted",
            "outcome",
            "arrived",
            "called",
            "started",
            "ended",
            "assist_reason",
            "assist_minutes",
        ]
    )
    for visit in visits:
        moments = (visit.arrived_ms, visit.called_ms, visit.started_ms, visit.ended_ms)
        yield _line(
            [visit.ticket_id, visit.service, visit.counter or ""]
            + [int(visit.priority), int(visit.assisted), visit.outcome]
            + ["" if at is None else datetime.fromtimestamp(at // 1000, zone).isoformat() for at in moments]
            + [visit.assist_reason, visit.assist_minutes]
        )


def name_of(mall: Mall, by: str, key: str, language: str) -> str:
    """The readable name of a report's group."""
    if by == "service" and key in mall.services:
        return mall.services[key].name.get(language)
    if by == "agency" and key in mall.agencies:
        return mall.agencies[key].name.get(language)
    if by == "counter" and key in mall.counters:
        return mall.counters[key].name.get(language)
    return key


def _seconds(ms: int | None) -> str:
    return "" if ms is None else str(round(ms / 1000))


def _line(cells: list[Any]) -> str:
    sheet = io.StringIO()
    # A cell that begins like a formula would run in a spreadsheet.
    csv.writer(sheet).writerow(
        [f"'{cell}" if str(cell)[:1] in "=+@" and cell != "" else cell for cell in cells]
    )
    return sheet.getvalue()
