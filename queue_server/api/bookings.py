"""The operation by which kiosks keep their own copy of the coming bookings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from antrean.domain.opening import day_bounds, local_day
from antrean.ledger import hall_bookings as copy
from antrean.ledger.hall_bookings import BookingRow
from antrean.ledger.hall_devices import Device
from queue_server.auth.callers import Access
from queue_server.bookings.checking_in import known_keys
from queue_server.bookings.room import Bookings
from queue_server.operations import Call, Operation
from queue_server.problems import Problem
from queue_server.wire.kiosk_bookings import MAX_BOOKINGS, BookingsAnswer, BookingsQuery


@dataclass(frozen=True)
class BookingsApi:
    """Answers kiosks from the copy, without a turn of the writer."""

    bookings: Bookings

    def operations(self) -> list[Operation]:
        """The one exchange."""
        return [
            Operation(
                "GET",
                "/v1/bookings",
                "Hear of the coming bookings, or of what changed since a cursor",
                self.changed,
                access=Access.DEVICE,
                query=BookingsQuery,
                answers={200: BookingsAnswer},
            )
        ]

    def changed(self, call: Call) -> Mapping[str, Any]:
        """A page of bookings from today on."""
        query: BookingsQuery = call.query
        assert isinstance(call.caller, Device)  # the gate admits nobody else here
        if call.caller.kind != "kiosk":
            raise Problem(403, "not_allowed")
        room = self.bookings
        mall = room.live.truth.hall.mall
        life, _, known = query.cursor.rpartition(".")
        is_ours = life == room.incarnation and known.isascii() and known.isdigit()
        rev = int(known) if is_ours else 0
        today = local_day(mall.timezone, room.live.now_ms())
        with room.ledger.reading() as r:
            newest = copy.newest_rev(r)
            if rev > newest:
                rev, is_ours = 0, False
            rows = copy.changed_since(r, rev, day_bounds(mall.timezone, today)[0], MAX_BOOKINGS + 1)
            keys = known_keys(r)
        more = len(rows) > MAX_BOOKINGS
        rows = rows[:MAX_BOOKINGS]
        reached = rows[-1].rev if more else newest
        return {
            "cursor": f"{room.incarnation}.{reached}",
            "more": more,
            "reset": not is_ours,
            "bookings": [_told(row) for row in rows],
            "keys": [{"source": one.source, "mall": one.mall, "key": one.key_hex} for one in keys],
        }


def _told(row: BookingRow) -> dict[str, Any]:
    return {
        "source": row.source,
        "booking_id": row.booking_id,
        "code": row.code,
        "service": row.service,
        "start_ms": row.start_ms,
        "end_ms": row.end_ms,
        "status": row.status.value,
        "label": row.label,
        "ticket_id": row.ticket_id,
    }
