"""Operations for managers: wait-time reports as JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response

from antrean.domain.assist_report import assist_report
from antrean.domain.booking_report import GROUPS
from antrean.ledger.hall import HallLedger
from queue_server.auth.callers import Access
from queue_server.bookings.health import BookingsHealth
from queue_server.live import LiveHall
from queue_server.operations import Call, Operation
from queue_server.out_of_order import rows_of
from queue_server.reports import (
    Report,
    check_range,
    history,
    report_csv,
    visits_between,
    visits_csv,
    wait_report,
)
from queue_server.wire.hall import (
    AssistanceAnswer,
    BookingReportAnswer,
    DayQuery,
    OutOfOrderAnswer,
    RangeQuery,
    ReportAnswer,
    ReportQuery,
)


@dataclass(frozen=True)
class ReportApi:
    """Reports over any range of days."""

    ledger: HallLedger
    live: LiveHall
    booked: BookingsHealth

    def operations(self) -> list[Operation]:
        """The report in two forms, and the visits behind it."""
        return [
            Operation(
                "GET",
                "/v1/reports/waits",
                "Waiting and serving times of a range of days",
                self.waits,
                access=Access.REPORTS,
                query=ReportQuery,
                answers={200: ReportAnswer},
            ),
            Operation(
                "GET",
                "/v1/reports/waits.csv",
                "The same as CSV",
                self.waits_csv,
                access=Access.REPORTS,
                query=ReportQuery,
                answers={200: "text/csv"},
            ),
            Operation(
                "GET",
                "/v1/reports/visits.csv",
                "Every visit of a range of days as CSV",
                self.visits,
                access=Access.REPORTS,
                query=RangeQuery,
                answers={200: "text/csv"},
            ),
            Operation(
                "GET",
                "/v1/reports/assistance",
                "Tickets staff took for visitors, by reason, and calls for help of a range of days",
                self.assistance,
                access=Access.REPORTS,
                query=RangeQuery,
                answers={200: AssistanceAnswer},
            ),
            Operation(
                "GET",
                "/v1/reports/bookings",
                "Bookings of a range of days beside those who walked in",
                self.bookings,
                access=Access.REPORTS,
                query=RangeQuery,
                answers={200: BookingReportAnswer},
            ),
            Operation(
                "GET",
                "/v1/reports/out-of-order",
                "Who was taken out of order on a day, by whom and why",
                self.out_of_order,
                access=Access.REPORTS,
                query=DayQuery,
                answers={200: OutOfOrderAnswer},
            ),
        ]

    def waits(self, call: Call) -> Mapping[str, Any]:
        """The report as JSON."""
        return self._report(call.query).to_dict()

    def waits_csv(self, call: Call) -> Response:
        """The report as a file."""
        query: ReportQuery = call.query
        lines = report_csv(self._report(query), self.live.truth.hall.mall, call.language)
        return _file(lines, f"antrean-{query.by}-{query.first}-{query.last}.csv")

    def assistance(self, call: Call) -> Mapping[str, Any]:
        """Help given and asked for."""
        query: RangeQuery = call.query
        told = history(self.ledger, query.first, query.last, self.live.truth.hall.day)
        made = assist_report(told.visits, told.calls)
        return {"first": query.first, "last": query.last, **made.to_dict()}

    def bookings(self, call: Call) -> Mapping[str, Any]:
        """Booked against walk-in."""
        query: RangeQuery = call.query
        check_range(query.first, query.last)
        first, last = date.fromisoformat(query.first), date.fromisoformat(query.last)

        groupings = (GROUPS, ("service",), ("day",), ())
        rows, services, days, total = (
            [one.to_dict() for one in tallies] for tallies in self.booked.reports(first, last, *groupings)
        )
        return {
            "first": query.first,
            "last": query.last,
            "rows": rows,
            "services": services,
            "days": days,
            "total": total[0] if total else None,
        }

    def out_of_order(self, call: Call) -> Mapping[str, Any]:
        """Every act out of order."""
        query: DayQuery = call.query
        hall = self.live.truth.hall
        day = query.day or hall.day
        return {"day": day, "rows": [row.to_dict() for row in rows_of(self.ledger, hall.mall, day)]}

    def visits(self, call: Call) -> Response:
        """The visits as a file."""
        query: RangeQuery = call.query
        hall = self.live.truth.hall
        visits = visits_between(self.ledger, query.first, query.last, hall.day)
        return _file(visits_csv(visits, hall.mall), f"antrean-visits-{query.first}-{query.last}.csv")

    def _report(self, query: ReportQuery) -> Report:
        hall = self.live.truth.hall
        return wait_report(self.ledger, hall.mall, query.first, query.last, query.by, hall.day)


def _file(lines: Iterator[str], name: str) -> Response:
    response = Response(lines, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
