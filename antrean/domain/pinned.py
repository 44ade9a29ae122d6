"""A step that one counter alone calls: its officer knows the case, or has what the visitor came for.

It stands in its service's line by the same order key as everybody, and only that counter sees it there. A pin ends when
its counter closes or no longer serves the service: then any counter of the line calls the visitor, so that nobody
waits for an officer who has gone home.
"""

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.errors import RuleViolation
from antrean.domain.hall import Accepted, Hall
from antrean.domain.moves import stepped
from antrean.domain.ticket import State, Step, Ticket


def check_pin(hall: Hall, command: c.Transfer) -> None:
    """Refuse a counter that is unknown, does not serve the service now, or is closed; raises RuleViolation."""
    code = command.to_counter
    if not code:
        return
    if code not in hall.mall.counters:
        raise RuleViolation("unknown_counter", counter=code)
    if command.service not in hall.services_of(code):
        raise RuleViolation("counter_does_not_serve", counter=code, service=command.service)
    if hall.desk(code).officer is None and code != command.counter:
        raise RuleViolation("counter_not_open", counter=code)


def check_callable(hall: Hall, ticket: Ticket, counter: str) -> None:
    """Refuse to pick a ticket that another counter calls; raises RuleViolation `pinned_elsewhere`.

    While that counter pauses, others may, with the reason that every call out of order needs.
    """
    pinned = ticket.step.to_counter
    pauses = hall.desk(pinned).break_reason is not None
    if ticket.state is State.WAITING and pinned not in ("", counter) and not pauses:
        raise RuleViolation("pinned_elsewhere", label=str(ticket.label), counter=pinned)


def pin_of(hall: Hall, step: Step) -> str:
    """The counter that alone may call the step once it waits again; "" when there is none or its counter has closed."""
    code = step.to_counter
    holds = code and hall.desk(code).officer is not None and step.service in hall.services_of(code)
    return code if holds else ""


def ticket_pinned(
    hall: Hall, accepted: Accepted, event: e.TicketPinned, ticket: Ticket, target: State
) -> Hall:
    """The waiting step is for one counter."""
    step = ticket.step
    hall = hall.with_ticket(stepped(ticket, to_counter=event.to_counter))
    return hall.with_line(step.service, hall.line(step.service).pinned_to(step.place, event.to_counter))


def released(hall: Hall, counter: str, served: tuple[str, ...] = ()) -> Hall:
    """The hall without pins to `counter` on lines other than those in `served`: it closed, or serves less."""
    pinned = [
        (service, place)
        for service, line in hall.lines.items()
        if line.pins and service not in served
        for code, place in line.pins
        if code == counter
    ]
    for service, place in pinned:
        hall = hall.with_ticket(stepped(hall.tickets[place.ticket_id], to_counter=""))
        hall = hall.with_line(service, hall.line(service).unpinned(place))
    return hall
