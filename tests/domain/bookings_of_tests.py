"""A hall in which visitors come with bookings, for tests: check-ins at kiosks and what the server decides."""

from dataclasses import replace
from typing import Any

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.booking import Booking
from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.evolve import evolve
from antrean.domain.hall import Accepted
from antrean.domain.ticket import Ticket
from tests.domain.malls import mall_data
from tests.domain.test_floor import MINUTE, T0, Floor

SLOT = T0 + 60 * MINUTE
"""The slot most bookings of these tests have: 10.00."""


def bookable(**rule: Any) -> Mall:
    """The test mall, whose `kk` may be booked."""
    data = mall_data()
    data["services"][2]["booking"] = {"per_hour": 12, **rule}
    return mall_from_dict(data)


def booking_of(booking_id: str = "b1", service: str = "kk", start_ms: int = SLOT, **more: Any) -> Booking:
    """What the outside says."""
    end_ms = start_ms + 30 * MINUTE
    return Booking(
        "situs",
        booking_id,
        "ABCD2345",
        service,
        start_ms,
        end_ms,
        **{"cancelled": False, "revision": "1", **more},
    )


class Booked(Floor):
    """A hall told of check-ins."""

    def __init__(self, mall: Mall | None = None) -> None:
        super().__init__(mall or bookable())

    def come(
        self,
        name: str,
        booking_id: str = "b1",
        *,
        at: int,
        slot_ms: int = SLOT,
        service: str = "kk",
        **more: Any,
    ) -> Ticket:
        """A kiosk's check-in, told of with its moment; gives the ticket as it stands then."""
        for one in check_in(self.hall.day, name, booking_id, at, slot_ms, service, **more):
            self.position += 1
            one = replace(one, position=self.position)
            self.log.append(one)
            self.hall = evolve(self.hall, one)
        return self.hall.tickets[name]

    def walk_in(self, name: str, at: int, *, priority: bool = False, service: str = "kk") -> Ticket:
        """Anybody else, at a moment."""
        for one in check_in(self.hall.day, name, "", at, 0, service, priority=priority):
            self.log.append(one)
            self.hall = evolve(self.hall, one)
        return self.hall.tickets[name]

    def check_in(
        self, booking: Booking | None = None, *, name: str = "s1", **more: Any
    ) -> tuple[e.Payload, ...]:
        """Staff check somebody in now."""
        fields = {"code": "ABCD-2345", "proof": "copy" if booking else "", "generation": 1, **more}
        return self.give(c.CheckIn(ticket_id=name, booking=booking, **fields))

    def ticket(self, name: str) -> Ticket:
        """The ticket as it stands now."""
        return self.hall.tickets[name]


def check_in(
    day: str,
    name: str,
    booking_id: str,
    at: int,
    slot_ms: int = SLOT,
    service: str = "kk",
    *,
    priority: bool = False,
    issuer: str = "1",
    number: int | None = None,
) -> tuple[Accepted, ...]:
    """The events of one check-in at a kiosk: the number, and the booking behind it (none for "")."""
    counter = number if number is not None else sum(name.encode()) + 1
    letters = {"ktp-baru": "A", "ktp-hilang": "A", "kk": "B", "npwp": "P", "tutup": "T"}[service]
    channel = "booking" if booking_id else "kiosk"
    issued = e.TicketIssued(name, service, letters, issuer, 1, counter, day, priority, "id", channel, False)
    told = [Accepted(0, at, f"kiosk-{issuer}", f"{name}-1", issued)]
    if booking_id:
        arrived = e.BookingArrived(
            name, "situs", booking_id, "ABCD2345", slot_ms, slot_ms + 30 * MINUTE, "copy"
        )
        told.append(Accepted(0, at, f"kiosk-{issuer}", f"{name}-2", arrived))
    return tuple(told)
