"""Who is still expected today, for those who would serve them: the hour, the code, until when the place is kept."""

from collections.abc import Collection
from typing import Any

from antrean.domain.booked import window
from antrean.domain.opening import local_day
from queue_server.pages.context import House

SHOWN = 60


def expected_rows(house: House, services: Collection[str]) -> list[dict[str, Any]] | None:
    """Today's bookings of these services that nobody has come with, the earliest first; None without any source.

    A row is `{"code", "service" (names), "slot_ms", "until_ms"}`; who booked is known to nobody here.
    """
    room = house.bookings()
    if room is None:
        return None
    mall = house.mall()
    today = local_day(mall.timezone, house.now_ms())
    rows = [row for row in room.expected(today) if row.service in services and row.service in mall.services]
    return [
        {
            "code": row.code,
            "service": mall.services[row.service].short.to_dict(),
            "slot_ms": row.start_ms,
            "until_ms": window(mall, row.service, row.start_ms)[1],
        }
        for row in sorted(rows, key=lambda row: (row.start_ms, row.code))[:SHOWN]
    ]
