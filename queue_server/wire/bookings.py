"""What a mall and an outside that sells its bookings send each other: the JSON booking API (docs/booking-api.md)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import Field

from queue_server.wire.common import Count, Object, Query, Said, Short, Wire

MAX_PAGE = 500
MAX_PUSHED = 200
_INSTANT = r"^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$"

Instant = Annotated[str, Field(pattern=_INSTANT)]
"""A moment as RFC 3339 writes it, with its offset: `2025-11-24T09:00:00+07:00`."""
BookingId = Annotated[str, Field(min_length=1, max_length=200)]
Revision = Annotated[str, Field(min_length=1, max_length=200)]
Cursor = Annotated[str, Field(max_length=200)]
PublicKey = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class BookingEntry(Said):
    """A booking as the outside has it. `id` never changes; `code` is what the visitor types: 4 to 24 letters A-Z and
    digits, spaces and hyphens between them forgiven; `service` is the mall's code; `revision` differs with each change.
    """

    id: BookingId
    code: Annotated[str, Field(pattern="^[A-Za-z0-9 -]{4,48}$")]
    service: Short
    start: Instant
    end: Instant
    status: Literal["booked", "cancelled"]
    revision: Revision


class ChangesQuery(Query):
    """Where the mall stands: `cursor` of the last answer, left out for a full listing; `limit` bookings at most."""

    cursor: Cursor = ""
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = MAX_PAGE


class ChangesAnswer(Said):
    """One page. `cursor` asks for what follows, at once while there is `more`. `listing`: the page belongs to a full
    listing, and what stands on none of its pages is cancelled. `key` is the public key that signs the outside's codes.
    """

    cursor: Cursor
    more: bool
    listing: bool
    bookings: Annotated[list[BookingEntry], Field(max_length=MAX_PAGE)]
    key: PublicKey | None = None


class OutcomeRequest(Wire):
    """What became of a booking, and when. `after_cancel`: the visitor came although it was cancelled and was served.
    `number` is the ticket's, "" for a no-show.
    """

    id: BookingId
    status: Literal["arrived", "fulfilled", "noshow"]
    at: Instant
    after_cancel: bool = False
    number: Annotated[str, Field(max_length=20)] = ""


class OutcomeAnswer(Said):
    """The outcome is kept; `status` is the booking's at the outside now."""

    id: str
    status: Literal["booked", "arrived", "fulfilled", "cancelled", "noshow"]


class CrowdEntry(Wire):
    """How many wait for a service now; `wait`: at least and at most, in whole minutes, null where nobody knows."""

    service: Short
    waiting: Count
    wait: Annotated[list[Count], Field(min_length=2, max_length=2)] | None = None


class MallRequest(Wire):
    """What may be sold. `catalogue` is the mall's file as JSON, sent only when the outside has another revision."""

    catalogue_rev: Count
    catalogue: Object | None = None
    crowding: Annotated[list[CrowdEntry], Field(max_length=1000)]


class MallAnswer(Said):
    """Which revision of the catalogue the outside has now, null before the first."""

    catalogue_rev: int | None


class HintRequest(Wire):
    """Something changed at the outside: the mall asks for it at once. An empty object."""


class HintAnswer(Said):
    """The hint was heard."""

    server_ms: int


class PushedEntry(Wire):
    """A booking told ahead of the mall's next question. `revision` is a whole number that grows: an older one than the
    mall knows is passed over, so a push that comes late undoes nothing.
    """

    id: BookingId
    code: Annotated[str, Field(pattern="^[A-Za-z0-9 -]{4,48}$")]
    service: Short
    start: Instant
    end: Instant
    status: Literal["booked", "cancelled"]
    revision: Annotated[str, Field(pattern="^[0-9]{1,18}$")]


class BookingsPushRequest(Wire):
    """At most 200 bookings."""

    bookings: Annotated[list[PushedEntry], Field(max_length=MAX_PUSHED)]


class BookingsPushAnswer(Said):
    """How many bookings were news to the mall."""

    taken: int
    server_ms: int


def instant_ms(text: str) -> int:
    """Milliseconds since the Unix epoch; raises ValueError for what is no moment with an offset."""
    if not re.fullmatch(_INSTANT, text):
        raise ValueError("not a moment with its offset, such as 2025-11-24T09:00:00+07:00")
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def instant(at_ms: int) -> str:
    """The same, the other way: in UTC, to the millisecond."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
