"""What devices send and hear: pair, hello, push, pull."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from queue_server.wire.common import Count, Object, Query, Said, Short, Wire

MAX_EVENTS = 200
PaperKeyText = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
"""An Ed25519 public key in hexadecimal."""


class PairRequest(Wire):
    """A pairing code as typed, in any case, with or without its hyphen; `paper_key` signs a kiosk's tickets."""

    code: Annotated[str, Field(min_length=1, max_length=40)]
    paper_key: PaperKeyText | None = None


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


class MeasuredAnchor(Wire):
    """A whole exchange as the device measured it: halfway through it, at `boot_ms` of its boot, the server said
    `server_ms`; `error_ms` is half the round trip, `epoch` what the server called that stretch of its clock.
    """

    boot_id: Short
    boot_ms: Count
    server_ms: Count
    error_ms: Count
    epoch: Short | Literal[""] = ""


class HelloRequest(Wire):
    """A device introduces a log and the `protocols` it speaks. `anchors` are the exchanges it remembers, the best of
    each boot, `paper_key` the key that signs its tickets, `paper_keys` how many such keys it has heard of.
    """

    protocols: Annotated[list[Count], Field(min_length=1, max_length=20)]
    term: Count
    program: Short
    version: Short
    log_id: Short
    last_seq: Count
    boot_id: Short
    boot_ms: Count
    wall_ms: Annotated[int, Field(gt=-(2**53), lt=2**53)]
    catalogue_rev: Count | None = None
    anchors: Annotated[list[MeasuredAnchor], Field(max_length=20, default_factory=list)]
    paper_key: PaperKeyText | None = None
    paper_keys: Count = 0


class News(Said):
    """What every exchange tells a device. `generation` is the highest known of the log's issuer, 0 where no log is
    spoken of. `shares` are totals for today of services with a quota, `issued` what the
    server has seen of them, `base_shares` the totals for a later day on which the device has not heard from it yet.
    """

    term: int
    incarnation: str
    server_ms: int
    epoch: str
    day: str
    generation: int
    heard: dict[str, int]
    shares: dict[str, int]
    base_shares: dict[str, int]
    issued: dict[str, int]
    retry_after_ms: int


class ToldPaperKey(Said):
    """The key by which the papers of one kiosk prove themselves."""

    device_id: str
    issuer: str
    key: str


class KnownLog(Said):
    """How far a log is durable on the server; `hash` is of its last event, "" for a log without any."""

    seq: int
    hash: str


class HelloAnswer(News):
    """The server's side of the introduction; `protocol` is the highest version both speak, `logs` all the logs the
    server has of this device, `backed_up_seq` as in a push, `catalogue` is null when the device has this revision,
    `paper_keys` when it knows them all.
    """

    protocol: int
    ack_seq: int
    backed_up_seq: int
    logs: dict[str, KnownLog]
    issuer: str | None
    catalogue_rev: int
    catalogue: Object | None
    paper_keys: list[ToldPaperKey] | None
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
    anchors: Annotated[list[MeasuredAnchor], Field(max_length=20, default_factory=list)]


class QuarantinedEvent(Said):
    """An event that was kept for a person instead of being counted."""

    seq: int
    code: str


class PushAnswer(News):
    """How far the log is durable on the server, and how far its newest backup reaches (0: none in this run)."""

    ack_seq: int
    backed_up_seq: int
    quarantined: list[QuarantinedEvent]


class PullQuery(Query):
    """Where the device stands; leave all out to get everything."""

    term: Annotated[int, Field(ge=0, lt=2**53)] = 0
    cursor: Annotated[str, Field(max_length=100)] = ""
    catalogue_rev: Annotated[int, Field(ge=0, lt=2**53)] | None = None
    paper_keys: Annotated[int, Field(ge=0, lt=2**53)] = 0


class ToldOrder(Said):
    """A ticket the server issued and this kiosk is to print once; `wait` in minutes, null where nobody knows."""

    ticket_id: str
    label: str
    service: str
    language: str
    priority: bool
    issued_ms: int
    ahead: int | None
    wait: list[int] | None


class PullAnswer(News):
    """The server's news as whole states. `orders` are told until the kiosk says how their print ended, to kiosks that
    greeted with protocol 2. `bookings_cursor` is that of a kiosk that knows every booking, "" where there are none.
    """

    cursor: str
    catalogue_rev: int
    catalogue: Object | None
    paper_keys: list[ToldPaperKey] | None
    public_url: str
    services: Object
    orders: list[ToldOrder]
    bookings_cursor: str
