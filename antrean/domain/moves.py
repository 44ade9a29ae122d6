"""What the moves of tickets share as the hall evolves: the table looked up, the step changed, the desk left."""

from collections.abc import Callable
from typing import Any

from antrean.domain.changed import changed
from antrean.domain.hall import Accepted, Hall
from antrean.domain.ticket import TRANSITIONS, Move, Place, State, Ticket

Apply = Callable[[Hall, Accepted, Any], Hall]
MINUTE_MS = 60_000


def on_move(move: Move, apply: Callable[[Hall, Accepted, Any, Ticket, State], Hall]) -> Apply:
    """Look the ticket and the move up, and leave the hall alone when they do not fit."""

    def checked(hall: Hall, accepted: Accepted, event: Any) -> Hall:
        ticket = hall.tickets.get(event.ticket_id)
        target = TRANSITIONS.get((ticket.state, move)) if ticket else None
        return hall if ticket is None or target is None else apply(hall, accepted, event, ticket, target)

    return checked


def stepped(ticket: Ticket, **changes: Any) -> Ticket:
    """The ticket with its current step changed."""
    return changed(ticket, steps=(*ticket.steps[:-1], changed(ticket.step, **changes)))


def left_desk(hall: Hall, counter: str, ticket_id: str) -> Hall:
    """The hall with nobody at that counter, if it was this ticket that stood there."""
    desk = hall.desk(counter)
    return hall.with_desk(changed(desk, ticket_id=None)) if desk.ticket_id == ticket_id else hall


def place_of(hall: Hall, arrived_ms: int, ticket_id: str, priority: bool) -> Place:
    """The place in line of somebody who arrived then, by the head start of their class."""
    head_start = hall.mall.policy.priority_head_start_minutes * MINUTE_MS if priority else 0
    return Place(arrived_ms - head_start, arrived_ms, ticket_id)
