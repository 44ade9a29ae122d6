"""Operations by which an outside reaches its mall: a hint to ask at once, and bookings told before it asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from antrean.domain.errors import BadInput
from queue_server.auth.callers import Access, Partner
from queue_server.bookings.connector import Seen
from queue_server.bookings.room import Bookings
from queue_server.operations import Call, Operation
from queue_server.wire.bookings import (
    BookingsPushAnswer,
    BookingsPushRequest,
    HintAnswer,
    HintRequest,
    PushedEntry,
    instant_ms,
)


@dataclass(frozen=True)
class BookingHooks:
    """Takes what outsides send; each caller is a `Partner` whose `key` is the name of a source."""

    bookings: Bookings
    now_ms: Callable[[], int]

    def operations(self) -> list[Operation]:
        """Hint and push."""
        return [
            Operation(
                "POST",
                "/v1/bookings/hint",
                "Tell the mall that something changed at the outside; it asks for it at once",
                self.hint,
                access=Access.PARTNER,
                body=HintRequest,
                answers={200: HintAnswer},
            ),
            Operation(
                "POST",
                "/v1/bookings/push",
                "Tell the mall bookings before it asks for them",
                self.push,
                access=Access.PARTNER,
                body=BookingsPushRequest,
                answers={200: BookingsPushAnswer},
            ),
        ]

    def hint(self, call: Call) -> Mapping[str, Any]:
        """Only wakes the worker: whoever sends it, what counts is what the outside then answers."""
        self.bookings.hint(_source(call))
        return {"server_ms": self.now_ms()}

    def push(self, call: Call) -> Mapping[str, Any]:
        """Takes bookings over as a page of changes would, but for those that are known in a newer state."""
        seen = [_seen(at, one) for at, one in enumerate(call.body.bookings)]
        taken = self.bookings.push(_source(call), seen)
        return {"taken": taken, "server_ms": self.now_ms()}


def _seen(at: int, entry: PushedEntry) -> Seen:
    try:
        start_ms, end_ms = instant_ms(entry.start), instant_ms(entry.end)
    except (ValueError, OverflowError) as error:
        raise BadInput("bad_field", field=f"bookings.{at}.start") from error
    cancelled = entry.status == "cancelled"
    return Seen(entry.id, entry.code, entry.service, start_ms, end_ms, cancelled, entry.revision)


def _source(call: Call) -> str:
    assert isinstance(call.caller, Partner)  # the gate admits nobody else here
    return call.caller.key
