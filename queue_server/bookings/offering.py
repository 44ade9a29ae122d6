"""What the mall has to offer now: its catalogue, and how crowded each service is."""

from __future__ import annotations

from antrean.domain.estimate import Outlook, wait_range
from antrean.ledger import hall_meta
from antrean.ledger.hall import HallLedger
from queue_server.bookings.connector import Crowd, Offer
from queue_server.live import LiveHall


def offer_of(ledger: HallLedger, live: LiveHall) -> Offer:
    """The catalogue under its revision, and of each service that may be booked how many wait and how long."""
    with ledger.reading() as r:
        meta = hall_meta.meta(r)
    hall, now_ms = live.truth.hall, live.now_ms()
    outlook = Outlook(hall, now_ms)
    crowding = tuple(
        Crowd(code, outlook.people_ahead(code), wait_range(hall, code, now_ms, None, outlook))
        for code, service in hall.mall.services.items()
        if service.booking is not None
    )
    return Offer(meta.catalogue_rev, meta.catalogue, crowding)
