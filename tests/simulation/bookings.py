"""Citizens with bookings in the simulator: told to the server before the day, checked in at any kiosk from its copy."""

import random
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from antrean.domain.booked import ALIAS, is_fresh, place_on
from antrean.domain.booking import IN_TIME, Booking
from antrean.domain.booking_code import new_code
from antrean.domain.ticket import State
from antrean.ledger import hall_bookings
from antrean.ledger.hall_log import StoredEvent
from tests.simulation.world import MINUTE_MS, World

if TYPE_CHECKING:
    from tests.simulation.run import Run
    from tests.simulation.server import Server

SOURCE = "situs"
MOST = 24
RULE = {"per_hour": 8, "slot_minutes": 30, "walk_in_percent": 50}
BOOKABLE = ("ktp-baru", "kk")


class Citizens:
    """Those who booked, with dice of their own; some of them come to two kiosks."""

    def __init__(self, world: World) -> None:
        self._dice = random.Random(f"{world.seed}/bookings")
        self._bookings = [self._booking(world.start_ms) for _ in range(MOST)]

    def tell(self, server: "Server") -> None:
        """The server has heard of them all."""
        assert server.parts is not None
        now_ms = server.parts.live.now_ms()
        writer = server.parts.ledger.writer
        writer.run(lambda tx: hall_bookings.set_cursor(tx, SOURCE, "", "", now_ms))
        for booking in self._bookings:
            writer.run(partial(hall_bookings.put, told=booking, now_ms=now_ms))

    def next_code(self) -> str:
        """The code in the hand of who comes now; "" for most, who have none."""
        return self._dice.choice(self._bookings).code if self._dice.random() < 0.25 else ""

    def _booking(self, start_ms: float) -> Booking:
        dice = self._dice
        code = new_code(dice.randbytes(16))
        slot_ms = int(start_ms) + dice.randint(-1, 3) * 15 * MINUTE_MS
        service = dice.choice(BOOKABLE)
        return Booking(SOURCE, code, code, service, slot_ms, slot_ms + 30 * MINUTE_MS, False, "1")


def ask(run: "Run", log: list[StoredEvent]) -> None:
    """One ticket stands for a booking, no arrival is lost, and nobody stands where the rule does not put them."""
    assert run.server.parts is not None
    world, hall = run.world, run.server.parts.live.truth.hall
    came = {one.envelope.body["ticket_id"] for one in log if one.envelope.type == "BookingArrived"}
    readmitted = {one.envelope.body["ticket_id"] for one in log if one.envelope.type == "TicketReadmitted"}
    for paper in world.papers:
        if paper.booked and paper.ticket_id not in came | readmitted and not paper.lost:
            world.blame(f"{paper.label} of {paper.kiosk} has lost its booking")
    waiting: Counter[tuple[str, str]] = Counter()
    for ticket in hall.tickets.values():
        if ticket.booking is None:
            continue
        world.done[f"bookings: {ticket.booking.how}"] += 1
        if ticket.alias_of:
            world.done["bookings: second numbers"] += 1
            stands = hall.tickets[ticket.alias_of]
            if stands.alias_of or (ticket.state, ticket.step.reason) != (State.CANCELLED, ALIAS):
                world.blame(f"{ticket.label} is no alias of {stands.label}")
        elif is_fresh(ticket):
            waiting[ticket.booking.key] += ticket.booking.how != "claimed"
            if ticket.booking.how == IN_TIME and (ticket.step.place, ticket.step.why) != place_on(
                hall, ticket, ticket.priority
            ):
                world.blame(f"{ticket.label} does not stand where its booking puts it")
    for key, count in waiting.items():
        if count > 1:
            world.blame(f"{count} numbers wait for the booking {key}")
    for key, ticket_id in hall.bookings.items():
        if hall.tickets[ticket_id].alias_of:
            world.blame(f"an alias stands for the booking {key}")
