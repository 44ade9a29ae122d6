"""Everything of a day that did not go by the rule: who took whom out of turn, when, why, and whom it passed over.

Nothing is kept for this list beside the log: it is folded anew from the day's events, so no row can be missing from it
and none can be taken out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from antrean.domain import events as e
from antrean.domain.evolve import evolve
from antrean.domain.hall import Accepted, Hall
from antrean.domain.line import FRONT_KEY_MS, HELPING, arrival_of
from antrean.domain.ordered import Ordered
from antrean.domain.ticket import Place, State, Ticket

VISITOR = "visitor"
"""The officer's name of a visitor who acts by phone: leaving is nobody's cherry-picking."""
CHOSEN = "chosen"
FRONT = "front"
BOOKING = "booking"


@dataclass(frozen=True, slots=True)
class Row:
    """One act out of order.

    `what` is chosen (called by name), front (transferred before everybody), helped (called from a line the counter
    only relieves), priority_set, undone, reopened, cancelled, or booking (a claimed code proved right, and its visitor
    moved forward by the rule: nobody did it). `officer` is the person who did it, also when they stood in for the one
    at the counter. `reason` is what they gave, or priority_given, priority_withdrawn, booking_matched.
    `passed_over` counts those who had arrived earlier and were waiting at that moment.
    """

    at_ms: int
    officer: str
    counter: str
    label: str
    what: str
    reason: str
    passed_over: int

    def to_dict(self) -> dict[str, Any]:
        """The wire form."""
        return {
            "at": self.at_ms,
            "officer": self.officer,
            "counter": self.counter,
            "label": self.label,
            "what": self.what,
            "reason": self.reason,
            "passed_over": self.passed_over,
        }


def out_of_order(hall: Hall, log: Iterable[Accepted]) -> Iterator[Row]:
    """The rows of a day's events in their order; `hall` is that day's empty hall."""
    hall, standing_in, in_front = hall.loosened(), None, None
    for accepted in log:
        event = accepted.payload
        if isinstance(event, e.StoodIn):
            standing_in = accepted
        elif isinstance(event, e.PutInFront):
            in_front = event
        elif isinstance(event, e.TicketMove):
            ticket = hall.tickets.get(event.ticket_id)
            found = _judged(hall, event, ticket) if ticket else None
            if ticket is not None and found is not None:
                what, reason, passed_over = found
                if what == FRONT and in_front is not None and in_front.ticket_id == ticket.ticket_id:
                    reason, in_front = in_front.reason, None
                officer = _who(event, accepted, standing_in)
                label = str(ticket.label)
                yield Row(accepted.order_ms, officer, event.counter, label, what, reason, passed_over)
        elif isinstance(event, e.BookingMatched):
            old = hall.tickets.get(event.ticket_id)
            line = hall.line(old.step.service).by_key if old else None
            hall = evolve(hall, accepted)  # in place: what stood there before was kept above
            if old is not None and line is not None:
                passed_over = _moved_forward(line, old, hall.tickets[old.ticket_id])
                if passed_over:
                    label = str(old.label)
                    yield Row(accepted.order_ms, "", "", label, BOOKING, "booking_matched", passed_over)
            continue
        hall = evolve(hall, accepted)


def _moved_forward(line: Ordered[Place], old: Ticket, new: Ticket) -> int:
    """How many of a line a waiting ticket stands ahead of at its new place, whom it stood behind at its old one."""
    if new.step.state is not State.WAITING:
        return 0
    return max(0, line.rank(old.step.place) - line.rank(new.step.place))


def _judged(hall: Hall, event: e.TicketMove, ticket: Ticket) -> tuple[str, str, int] | None:
    """What the event is, its reason, and how many it passed over; None when it went by the rule."""
    match event:
        case e.TicketCalled(why=why, reason=reason) if why == CHOSEN:
            return CHOSEN, reason, _earlier(hall, (ticket.step.service,), ticket.step.place)
        case e.TicketCalled(why=why) if why == HELPING:
            return "helped", "", _earlier(hall, hall.services_of(event.counter), ticket.step.place)
        case e.TicketTransferred(service=service, place=place) if place == FRONT:
            return FRONT, "", len(hall.line(service).by_arrival)
        case e.PrioritySet(priority=priority) if priority != ticket.priority:
            reason = "priority_given" if priority else "priority_withdrawn"
            return "priority_set", reason, _moved_before(hall, ticket) if priority else 0
        case e.CallUndone():
            return "undone", "", 0
        case e.TicketReopened():
            return "reopened", "", 0
        case e.TicketCancelled(reason=reason) if event.officer != VISITOR:
            return "cancelled", reason, 0
    return None


def _earlier(hall: Hall, services: Iterable[str], place: Place) -> int:
    """How many in these lines arrived before `place`."""
    return sum(hall.line(code).by_arrival.rank(arrival_of(place)) for code in services)


def _moved_before(hall: Hall, ticket: Ticket) -> int:
    """How many waiting visitors a head start given now moves the ticket ahead of."""
    step = ticket.step
    if step.state is not State.WAITING or step.place.key_ms == FRONT_KEY_MS:
        return 0
    head_start_ms = hall.mall.policy.priority_head_start_minutes * 60_000
    line = hall.line(step.service).by_key
    return line.rank(step.place) - line.rank(
        step.place._replace(key_ms=step.place.arrived_ms - head_start_ms)
    )


def _who(event: e.TicketMove, accepted: Accepted, standing_in: Accepted | None) -> str:
    """Who did it: a supervisor who stood in for the seated officer in the same command, else whom the event names."""
    if standing_in is None or standing_in.order_ms != accepted.order_ms:
        return event.officer
    stood = standing_in.payload
    return stood.by if isinstance(stood, e.StoodIn) and stood.counter == event.counter else event.officer
