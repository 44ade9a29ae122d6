"""The three operations every outside of the JSON booking API answers to its malls (docs/booking-api.md).

The booking site registers them with its own answers; the pages and the description are written from the same values.
"""

from __future__ import annotations

from collections.abc import Callable

from queue_server.auth.callers import Access
from queue_server.operations import Answer, Call, Operation
from queue_server.wire.bookings import (
    ChangesAnswer,
    ChangesQuery,
    MallAnswer,
    MallRequest,
    OutcomeAnswer,
    OutcomeRequest,
)

TITLE = "Antrean JSON booking API: what an outside answers to a mall"
MALL_LIMIT = 960 * 1024
"""Bytes of a `PUT /v1/mall`: the catalogue of a mall with 150 services takes 210 KB."""
Run = Callable[[Call], Answer]


def booking_operations(changes: Run, outcome: Run, mall: Run) -> list[Operation]:
    """The operations, answered by these; each caller is a `Partner` whose `key` is the mall's."""
    return [
        Operation(
            "GET",
            "/v1/changes",
            "The bookings that changed since a cursor, or all that are to come",
            changes,
            access=Access.PARTNER,
            query=ChangesQuery,
            answers={200: ChangesAnswer},
            problems=(410,),
        ),
        Operation(
            "POST",
            "/v1/outcomes",
            "Hear from the mall what became of a booking, once per Idempotency-Key",
            outcome,
            access=Access.PARTNER,
            body=OutcomeRequest,
            answers={200: OutcomeAnswer},
            problems=(404, 409),
            required_headers=("Idempotency-Key",),
        ),
        Operation(
            "PUT",
            "/v1/mall",
            "Hear from the mall what may be sold and how crowded it is",
            mall,
            access=Access.PARTNER,
            body=MallRequest,
            answers={200: MallAnswer},
            body_limit=MALL_LIMIT,
        ),
    ]
