"""What a kiosk hears of the coming bookings: enough to check somebody in without a network, and nobody's name."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from queue_server.wire.common import Query, Said

MAX_BOOKINGS = 500


class BookingsQuery(Query):
    """Where the kiosk stands; leave it out to get everything from today on."""

    cursor: Annotated[str, Field(max_length=100)] = ""


class ToldBooking(Said):
    """One booking; `label` and `ticket_id` are "" until somebody checked in with it."""

    source: str
    booking_id: str
    code: str
    service: str
    start_ms: int
    end_ms: int
    status: Literal["booked", "arrived", "fulfilled", "cancelled", "noshow"]
    label: str
    ticket_id: str


class ToldBookingKey(Said):
    """The public key (Ed25519, hexadecimal) by which `source` signs bookings of the mall it calls `mall`."""

    source: str
    mall: str
    key: str


class BookingsAnswer(Said):
    """At most 500 bookings in the order of their changes. `cursor` leads on, at once while there is `more`; `reset`:
    what the kiosk has is of another life of this server, and everything is told from its beginning.
    """

    cursor: str
    more: bool
    reset: bool
    bookings: Annotated[list[ToldBooking], Field(max_length=MAX_BOOKINGS)]
    keys: list[ToldBookingKey]
