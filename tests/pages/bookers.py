"""Visitors with bookings, as a kiosk writes them down: what the tests of pages share."""

from tests.server.house_of_tests import MORNING_MS, FakeKiosk

MINUTE_MS = 60_000
NINE_TEN_MS = MORNING_MS + 10 * MINUTE_MS


def arrive(kiosk: FakeKiosk, code: str, slot_ms: int, service: str = "ktp-baru") -> str:
    """Somebody checks in at the kiosk with a booking it knows; the ticket's id."""
    ticket_id = kiosk.issue(service, channel="booking")
    body = {"ticket_id": ticket_id, "source": "kota", "booking_id": f"id-{code}", "code": code}
    slot = {"slot_ms": slot_ms, "slot_end_ms": slot_ms + 30 * MINUTE_MS, "proof": "copy"}
    kiosk.write("BookingArrived", {**body, **slot})
    return ticket_id


def claim(kiosk: FakeKiosk, code: str, service: str = "ktp-baru") -> str:
    """Somebody names a code the kiosk does not know; the ticket's id."""
    ticket_id = kiosk.issue(service)
    kiosk.write("BookingClaimed", {"ticket_id": ticket_id, "code": code})
    return ticket_id
