"""The visitor at a counter as the officer sees them: the way so far, what is planned, noted and delivered, what can be
done now.

The shapes are described in `docs/http.md`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from antrean.domain.hall import CounterState, Hall, counter_state
from antrean.domain.returning import return_until_ms
from antrean.domain.ticket import Move, State, Ticket, can
from antrean.domain.visit_plan import is_continuation, journeys_for

Wire = dict[str, Any]
Texts = Mapping[str, str]
"""The texts of notes by their ids; a note that is not in it was erased."""
VISITOR_LEFT = "visitor_left"
"""The reason of a cancellation that the visitor asked for by phone."""

MOVES = (
    Move.RECALL,
    Move.START,
    Move.FINISH,
    Move.ABSENT,
    Move.UNDO_CALL,
    Move.HOLD,
    Move.TRANSFER,
    Move.CANCEL,
    Move.SET_PRIORITY,
    Move.NOTE,
    Move.DELIVER,
)


def at_the_counter(hall: Hall, ticket: Ticket, texts: Texts) -> Wire:
    """What the console shows of the current visitor beyond a row of its list."""
    step = ticket.step
    return {
        "state": step.state.value,
        "service_code": step.service,
        "called_at": step.called_ms,
        "started_at": step.started_ms,
        "recalls": step.recalls,
        "standard_minutes": hall.mall.services[step.service].service_minutes,
        "to_counter": step.to_counter or None,
        "also": aliases(hall, ticket),
        "journey": journey(ticket),
        "plan": named(hall, ticket.plan),
        "notes": [
            {
                "at": note.at_ms,
                "officer": note.officer,
                "counter": note.counter,
                "text": texts.get(note.note_id, ""),
            }
            for note in ticket.notes
        ],
        "delivered": [
            {**one, "quantity": quantity}
            for service, quantity in step.delivered
            for one in named(hall, (service,))
        ],
    }


def named(hall: Hall, codes: Iterable[str]) -> list[Wire]:
    """Services as {code, name}, without those that left the catalogue."""
    services = hall.mall.services
    return [{"code": code, "name": services[code].short.to_dict()} for code in codes if code in services]


def of_a_visit(hall: Hall, ticket: Ticket) -> Wire:
    """What a row of a list adds of the visit: the counter that alone calls it, and that an earlier service is done."""
    return {
        "to_counter": ticket.step.to_counter or None,
        "planned": is_continuation(ticket),
        "return_until_ms": return_until_ms(hall, ticket),
    }


def booking_of(ticket: Ticket) -> Wire | None:
    """The booking a ticket came with, None without one; nothing of it tells who booked."""
    booking = ticket.booking
    if booking is None:
        return None
    return {
        "code": booking.code,
        "slot_ms": booking.slot_ms,
        "slot_end_ms": booking.slot_end_ms,
        "how": booking.how,
    }


def alias_label(hall: Hall, ticket: Ticket) -> str | None:
    """The number that stands for this ticket's booking, None for a ticket that is no alias."""
    first = hall.tickets.get(ticket.alias_of) if ticket.alias_of else None
    return str(first.label) if first else None


def aliases(hall: Hall, ticket: Ticket) -> list[str]:
    """The other numbers a visitor may hold for the same booking, which this one stands for."""
    if ticket.booking is None:
        return []
    return [str(one.label) for one in hall.tickets.values() if one.alias_of == ticket.ticket_id]


def journey(ticket: Ticket) -> list[Wire]:
    """What happened to the visitor so far: `{"at", "what", "where", "service"}` in order of time."""
    issued = {
        "at": ticket.arrived_ms,
        "what": "issued",
        "where": ticket.channel,
        "service": ticket.steps[0].service,
    }
    story: list[Wire] = [issued]
    for step in ticket.steps:
        moments = (
            ("called", step.called_ms),
            ("started", step.started_ms),
            (step.state.value, step.ended_ms),
        )
        story += [
            {"at": at, "what": what, "where": step.counter, "service": step.service}
            for what, at in moments
            if at is not None
        ]
    return story


def fitting_journeys(hall: Hall, code: str) -> list[Wire]:
    """The published journeys that go on after the service of the visitor at this counter."""
    desk = hall.desk(code)
    if desk.ticket_id is None:
        return []
    ticket = hall.tickets[desk.ticket_id]
    known = {*ticket.plan, *(step.service for step in ticket.steps)}
    return [
        {"code": one.code, "name": one.name.to_dict(), "services": named(hall, one.services)}
        for one in journeys_for(hall, ticket.step.service)
        if not known.issuperset(one.services)
    ]


def allowed(hall: Hall, code: str) -> list[str]:
    """The commands that make sense at this counter now, for the console's keys.

    The table lets an absent mark follow any call; the console offers it only after the mall's number of calls, so that
    nobody loses a turn by a slip of the hand.
    """
    state, desk = counter_state(hall, code), hall.desk(code)
    if desk.ticket_id is None:
        closed = state is CounterState.CLOSED
        return (
            ["open_counter", "call_next"]
            if closed
            else ["call_next", "call_ticket", "start_break", "close_counter"]
        )
    ticket = hall.tickets[desk.ticket_id]
    able = [move.value for move in MOVES if can(ticket, move)]
    if "absent" in able and ticket.step.recalls + 1 < hall.mall.policy.absent_after_calls:
        able.remove("absent")
    if can(ticket, Move.PLAN):
        able.append("add_service")
        able += ["drop_service"] if ticket.plan else []
        able += ["plan_journey"] if fitting_journeys(hall, code) else []
    return ["call_next", *able] if ticket.state is State.SERVING else able


def for_the_phone(hall: Hall, ticket: Ticket, now_ms: int) -> Wire:
    """What the visitor's own page adds: what they may do, until when they may return, what was and follows."""
    until_ms = return_until_ms(hall, ticket)
    step, services = ticket.step, hall.mall.services
    return {
        "calls": step.recalls + 1 if step.state is State.CALLED else 0,
        "left": step.state is State.CANCELLED and step.reason == VISITOR_LEFT,
        "earlier": [
            {"name": services[one.service].name.to_dict(), "state": one.state.value}
            for one in ticket.steps[:-1]
            if one.service in services
        ],
        "can": [
            *(["leave"] if can(ticket, Move.CANCEL) else []),
            *(["come_back"] if until_ms is not None and now_ms <= until_ms else []),
        ],
        "no_show_until_ms": until_ms,
        "plan": [
            {"code": code, "name": services[code].name.to_dict()} for code in ticket.plan if code in services
        ],
    }
