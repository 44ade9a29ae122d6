"""What consoles, displays and phones send and hear: commands, states, streams, health."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from queue_server.wire.common import Object, Query, Said, Wire


class CommandRequest(Wire):
    """A command by its name; the further fields depend on it and are listed in docs/http.md."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)

    command: Annotated[str, Field(min_length=1, max_length=40)]
    counter: Annotated[str, Field(max_length=20)] = ""


class WrittenEvent(Said):
    """An event the command led to."""

    event_id: str
    type: str
    body: Object


class CommandAnswer(Said):
    """The ticket the command was about, null when there was none (nobody waits)."""

    ticket: Object | None
    events: list[WrittenEvent]
    position: int
    term: int


class TopicsQuery(Query):
    """Topics, separated by commas: board, services, counter:<code>, ticket:<token>, help, floor, console:<code>."""

    topics: Annotated[str, Field(min_length=1, max_length=2000)]


class StateAnswer(Said):
    """The whole state of each topic asked for."""

    topics: dict[str, Any]
    term: int
    position: str
    server_ms: int


class HealthAnswer(Said):
    """Whether the server works; `attention` when something waits for a person, and `alarms` names each: quarantine,
    older_server (`higher_term` was heard of), clock_ahead (`clock_ahead_ms` from the wall clock, negative behind),
    disk_full, backup_failed (since `backup_failed_since_ms`), bookings_silent (an outside is out of contact),
    bookings_refused (it will not take what became of a booking), bookings_settings (`bookings.toml` has mistakes).
    """

    status: str
    alarms: list[str]
    version: str
    incarnation: str
    term: int
    position: int
    day: str
    streams: int
    quarantined: int
    higher_term: int
    clock_ahead_ms: int
    backup_failed_since_ms: int | None
    server_ms: int


Date = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", json_schema_extra={"format": "date"})]


class DayQuery(Query):
    """A local date; today when left out."""

    day: Date | None = None


class OutOfOrderAnswer(Said):
    """Acts out of order of one day, oldest first; `antrean.domain.out_of_order` says what each row holds."""

    day: str
    rows: list[Object]


class RangeQuery(Query):
    """A range of local dates, both included."""

    first: Annotated[Date, Field(alias="from")]
    last: Annotated[Date, Field(alias="to")]


class ReportQuery(RangeQuery):
    """A range and what to group by: service, agency, counter, hour or day."""

    by: Annotated[str, Field(pattern=r"^(service|agency|counter|hour|day)$")] = "service"


class ReportAnswer(Said):
    """Counts, and P50, P80, P90 and longest of waiting and serving in milliseconds, per group and over all."""

    first: str
    last: str
    by: str
    rows: list[Object]
    total: Object


class BookingReportAnswer(Said):
    """What became of bookings, beside those who walked in: by day and service, by service, by day, and of all;
    `antrean.domain.booking_report` says what each row holds.
    """

    first: str
    last: str
    rows: list[Object]
    services: list[Object]
    days: list[Object]
    total: Object | None


class AssistanceAnswer(Said):
    """Assisted tickets, each once, by reason ("" where nobody said), with minutes; calls for help from kiosks, with
    the median from call to acceptance in milliseconds.
    """

    first: str
    last: str
    tickets: int
    minutes: int
    reasons: list[Object]
    calls: Object
