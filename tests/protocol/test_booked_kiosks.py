"""Kiosks and a real server around one day's bookings: told ahead, checked in apart, and settled when they meet."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from antrean.domain.booked import ALIAS
from antrean.domain.booking import Booking
from antrean.domain.booking_claim import BookingClaim, BookingKey
from antrean.domain.booking_code import new_code
from antrean.domain.catalogue_file import mall_from_dict
from antrean.ledger import hall_bookings
from antrean.ledger.device_log import Issued
from antrean.seal.bookings import BookingSigner
from kiosk.checking_in import Asked, CheckingIn, Found, Standing
from queue_server.bookings.projection import Projector
from tests.protocol.whole import MINUTE_MS, Kiosk, Machine, Server

SIGNER = BookingSigner(bytes(range(32)))
A, B, SIGNED, LATER = (new_code(f"{name:>16}".encode()) for name in ("a", "b", "signed", "later"))


class Desk:
    """Check-ins at one kiosk."""

    def __init__(self, kiosk: Kiosk) -> None:
        self.kiosk = kiosk
        known = kiosk.ledger.memory.catalogue()
        assert known is not None
        self.mall = mall_from_dict(known[1])
        self.desk = CheckingIn(kiosk.ledger, kiosk.clock, kiosk.new_id, kiosk.issuing)

    def look(self, text: str) -> Found:
        return self.desk.look(self.mall, text)

    def take(self, text: str, service: str = "") -> Issued:
        return self.desk.take(self.mall, text, Asked("id"), service=service)[1]


@pytest.fixture
def desks(tmp_path: Path, server: Server) -> Iterator[tuple[Desk, Desk]]:
    """Two kiosks that know of two bookings and the site's key, and hear nobody from now on."""
    server.ledger.writer.run(lambda tx: hall_bookings.set_cursor(tx, "situs", "", "", server.world.now_ms))
    server.ledger.writer.run(
        lambda tx: hall_bookings.set_keys(tx, "situs", (BookingKey("situs", "mpp", SIGNER.public),))
    )
    for code in (A, B):
        told(server, code)
    kiosks = [
        Kiosk(tmp_path / name, Machine(server.world, name), server.pair(name)) for name in ("north", "south")
    ]
    for kiosk in kiosks:
        kiosk.meet(server)
    yield Desk(kiosks[0]), Desk(kiosks[1])
    for kiosk in kiosks:
        kiosk.stop()


def told(server: Server, code: str, cancelled: bool = False) -> None:
    """The outside says that somebody has a slot in ten minutes, or has cancelled it."""
    start_ms = server.world.now_ms + 10 * MINUTE_MS
    said = Booking("situs", code, code, "ktp-baru", start_ms, start_ms + 30 * MINUTE_MS, cancelled, "1")
    server.ledger.writer.run(lambda tx: hall_bookings.put(tx, said, server.world.now_ms))


def project(server: Server) -> None:
    """What became of bookings is in the server's copy, as its worker would soon have seen to."""
    Projector(server.ledger, server.parts.live, lambda: str(uuid.uuid4())).catch_up()


def test_one_booking_at_two_kiosks_is_one_visitor_and_both_learn_the_number_that_stands(
    server: Server, desks: tuple[Desk, Desk]
) -> None:
    north, south = desks
    first = north.take(A)
    server.world.now_ms += MINUTE_MS
    second = south.take(A)
    south.kiosk.meet(server)
    north.kiosk.meet(server)
    hall = server.hall()
    assert hall.bookings["situs", A] == first.ticket_id, "the earlier one, although it was heard later"
    alias = hall.tickets[second.ticket_id]
    assert (alias.alias_of, alias.step.reason) == (first.ticket_id, ALIAS)
    assert hall.tickets[first.ticket_id].booking.how == "in_time"
    project(server)
    south.kiosk.meet(server)
    found = south.look(A)
    assert (found.standing, found.label) == (Standing.ARRIVED, str(first.label)), (
        "no copy of a number nobody calls"
    )


def test_cancelled_outside_meanwhile_presence_wins(server: Server, desks: tuple[Desk, Desk]) -> None:
    north, south = desks
    issued = north.take(B)
    told(server, B, cancelled=True)
    south.kiosk.meet(server)
    assert south.look(B).standing is Standing.CANCELLED
    north.kiosk.meet(server)
    project(server)
    south.kiosk.meet(server)
    found = south.look(B)
    assert (found.standing, found.label) == (Standing.ARRIVED, str(issued.label))


def test_a_signed_code_and_an_unknown_one_find_their_place_when_the_server_hears(
    server: Server, desks: tuple[Desk, Desk]
) -> None:
    north, south = desks
    start_ms = server.world.now_ms + 10 * MINUTE_MS
    signed = north.take(SIGNER.seal(BookingClaim(SIGNED, start_ms, 30), "ktp-baru", "mpp"))
    claimed = south.take(LATER, "ktp-baru")
    north.kiosk.meet(server)
    south.kiosk.meet(server)
    hall = server.hall()
    assert hall.tickets[signed.ticket_id].booking.how == "in_time"
    assert hall.tickets[claimed.ticket_id].booking.how == "claimed"
    told(server, LATER)
    south.kiosk.meet(server)
    assert south.look(LATER).label == str(claimed.label), "told of only after its visitor had come"
