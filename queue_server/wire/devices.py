"""What devices send and hear: pair, hello, push, pull."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from queue_server.wire.common import Count, Object, Query, Said, Short, Wire

MAX_EVENTS = 200


class PairRequest(Wire):
    """A pairing code as typed, in any case, with or without its hyphen."""

    code: Annotated[str, Field(min_length=1, max_length=40)]


class PairAnswer(Said):
    """Who the device is now. `issuer` is a kiosk's character in ticket numbers."""

    device_id: str
    token: str
    kind: str
    name: str
    issuer: str | None
    counter: str | None
    public_url: str
    incarnation: str
    term: int


class HelloRequest(Wire):
    """A device introduces a log. `error_ms` is its estimate of half a round trip."""

    protocol: Count
    term: Count
    program: Short
    version: Short
    log_id: Short
    last_seq: Count
    boot_id: Short
    boot_ms: Count
    wall_ms: Annotated[int, Field(gt=-(2**53), lt=2**53)]
    catalogue_rev: Count | None = None
    error_ms: Count | None = None


class News(Said):
    """What every exchange tells a device. `shares` are totals for today of services with a quota."""

    term: int
    incarnation: str
    server_ms: int
    day: str
    generation: int
    heard: dict[str, int]
    shares: dict[str, int]
    retry_after_ms: int


class HelloAnswer(News):
    """The server's side of the introduction; `catalogue` is null when the device has this revision."""

    protocol: int
    ack_seq: int
    issuer: str | None
    catalogue_rev: int
    catalogue: Object | None
    public_url: str
    services: Object


class PushRequest(Wire):
    """The next events of one log, at most 200, as envelopes."""

    term: Count
    incarnation: Short
    log_id: Short
    boot_id: Short
    boot_ms: Count
    events: Annotated[list[Object], Field(max_length=MAX_EVENTS)]
    error_ms: Count | None = None


class QuarantinedEvent(Said):
    """An event that was kept for a person instead of being counted."""

    seq: int
    code: str


class PushAnswer(News):
    """How far the log is durable on the server."""

    ack_seq: int
    quarantined: list[QuarantinedEvent]


class PullQuery(Query):
    """Where the device stands; leave both out to get everything."""

    cursor: Annotated[str, Field(max_length=100)] = ""
    catalogue_rev: Annotated[int, Field(ge=0, lt=2**53)] | None = None


class PullAnswer(News):
    """The server's news as whole states."""

    cursor: str
    catalogue_rev: int
    catalogue: Object | None
    public_url: str
    services: Object
