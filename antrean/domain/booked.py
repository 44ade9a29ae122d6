"""What a booking makes of a ticket: its place in line, and one ticket for one booking.

A visitor who checks in within the window of their slot stands in line as if they had come at its start, less the head
start of bookings, and never later than they really came. Whoever comes earlier or later waits like anybody who walks
in. Where two kiosks checked one booking in without knowing of each other, the earlier ticket stands for it and the
other becomes its alias; a call is never undone for that.
"""

from antrean.domain import events as e
from antrean.domain.booking import CLAIMED, EARLY, IN_TIME, LATE, Booked
from antrean.domain.catalogue import Mall
from antrean.domain.changed import changed
from antrean.domain.hall import Accepted, Hall
from antrean.domain.moves import MINUTE_MS, place_of, stepped
from antrean.domain.one_booking import Candidate, verdict
from antrean.domain.pace import with_one_put_first
from antrean.domain.ticket import Place, State, Step, Ticket

ALIAS = "booking_alias"
"""The reason of a ticket that another one stands for."""
GONE_STATES = (State.CANCELLED, State.EXPIRED)


def window(mall: Mall, service: str, slot_ms: int) -> tuple[int, int]:
    """From when until when (both inclusive, server ms) a booking of that slot is in time."""
    early, late = _window_minutes(mall, service)
    return slot_ms - early * MINUTE_MS, slot_ms + late * MINUTE_MS


def _window_minutes(mall: Mall, service: str) -> tuple[int, int]:
    found = mall.services.get(service)
    rule, policy = found.booking if found else None, mall.policy
    early = policy.booking_early_minutes if rule is None or rule.early_minutes is None else rule.early_minutes
    late = policy.booking_late_minutes if rule is None or rule.late_minutes is None else rule.late_minutes
    return early, late


def how_kept(mall: Mall, service: str, slot_ms: int, arrived_ms: int) -> str:
    """Whether somebody who arrived then is in_time, early or late for that slot."""
    first_ms, last_ms = window(mall, service, slot_ms)
    if arrived_ms < first_ms:
        return EARLY
    return IN_TIME if arrived_ms <= last_ms else LATE


def missed_from_ms(mall: Mall, service: str, slot_ms: int) -> int:
    """From when on a booking nobody came with may be called missed: its window and the grace are over."""
    return window(mall, service, slot_ms)[1] + mall.policy.booking_grace_minutes * MINUTE_MS


def booked_place(
    hall: Hall, service: str, arrived_ms: int, ticket_id: str, priority: bool, booking: Booked | None
) -> tuple[Place, str]:
    """A place in the line of `service` and the reason code for it, by priority and booking, whichever is better.

    The head start of bookings never reaches further than their window: then coming earlier costs nobody a place.
    """
    place = place_of(hall, arrived_ms, ticket_id, priority)
    why = "priority" if priority else "arrival"
    if booking is None or booking.how != IN_TIME:
        return place, why
    early, _ = _window_minutes(hall.mall, service)
    head_start = min(hall.mall.policy.booking_head_start_minutes, early) * MINUTE_MS
    slot_key_ms = booking.slot_ms - head_start
    if priority and place.key_ms < slot_key_ms:
        return place, why
    return Place(min(arrived_ms, slot_key_ms), arrived_ms, ticket_id), "booking"


def place_on(hall: Hall, ticket: Ticket, priority: bool) -> tuple[Place, str]:
    """The place of the current step as its line would give it now; a booking counts for its own step, the first."""
    step = ticket.step
    booking = ticket.booking if len(ticket.steps) == 1 else None
    return booked_place(hall, step.service, step.place.arrived_ms, ticket.ticket_id, priority, booking)


def is_fresh(ticket: Ticket) -> bool:
    """Whether nobody has called this ticket yet: only such a one can become an alias."""
    return ticket.state is State.WAITING and len(ticket.steps) == 1 and ticket.step.called_ms is None


def holder_of(hall: Hall, source: str, booking_id: str) -> Ticket | None:
    """The ticket that stands for a booking now; None when nobody came, or its ticket was taken out or has expired."""
    ticket = hall.tickets.get(hall.bookings.get((source, booking_id), ""))
    return None if ticket is None or ticket.state in GONE_STATES else ticket


def arrived(hall: Hall, accepted: Accepted, event: e.BookingArrived | e.BookingMatched) -> Hall:
    """The ticket has its booking, and its place; of two tickets of one booking one becomes the other's alias."""
    ticket = hall.tickets.get(event.ticket_id)
    if ticket is None or (ticket.booking is not None and ticket.booking.how != CLAIMED):
        return hall
    how = how_kept(hall.mall, ticket.steps[0].service, event.slot_ms, ticket.arrived_ms)
    booking = Booked(event.source, event.booking_id, event.code, event.slot_ms, event.slot_end_ms, how)
    hall = _replaced(hall, changed(ticket, booking=booking))
    other = holder_of(hall, *booking.key)
    if other is not None and other.ticket_id != ticket.ticket_id:
        return _one_of_two(hall, other, hall.tickets[ticket.ticket_id], booking.key)
    return changed(hall, bookings=hall.bookings.with_item(booking.key, ticket.ticket_id))


def claimed(hall: Hall, accepted: Accepted, event: e.BookingClaimed) -> Hall:
    """The ticket is marked to be looked up; its place is that of anybody who walks in."""
    ticket = hall.tickets.get(event.ticket_id)
    if ticket is None or ticket.booking is not None:
        return hall
    return hall.with_ticket(changed(ticket, booking=Booked("", "", event.code, 0, 0, CLAIMED)))


def _replaced(hall: Hall, ticket: Ticket) -> Hall:
    """The hall with this ticket, one that still waits at the place its booking gives it."""
    step = ticket.step
    if not is_fresh(ticket):
        return hall.with_ticket(ticket)
    place, why = place_on(hall, ticket, ticket.priority)
    if (place, why) == (step.place, step.why):
        return hall.with_ticket(ticket)
    if why == "booking" and not ticket.priority:
        hall = changed(hall, pace=with_one_put_first(hall.pace))
    return moved_in_line(hall, stepped(ticket, place=place, why=why), step)


def moved_in_line(hall: Hall, ticket: Ticket, before: Step) -> Hall:
    """The hall in which a waiting ticket stands at its new place instead of where its step `before` stood."""
    step = ticket.step
    line = hall.line(step.service).moved(before.place, step.place)
    return hall.with_ticket(ticket).with_line(step.service, line)


def _one_of_two(hall: Hall, holder: Ticket, ticket: Ticket, key: tuple[str, str]) -> Hall:
    """One booking, two tickets."""
    found = verdict(_candidate(holder), _candidate(ticket))
    hall = changed(hall, bookings=hall.bookings.with_item(key, found.stands))
    if not found.alias:
        return hall
    first = hall.tickets[found.stands]
    if found.alias == holder.ticket_id:
        for other in _aliases_of(hall, holder.ticket_id):
            hall = hall.with_ticket(_alias(other, first))
    return _aliased(hall, hall.tickets[found.alias], first)


def _candidate(ticket: Ticket) -> Candidate:
    absent_ms = ticket.step.ended_ms if ticket.state is State.NO_SHOW else None
    return Candidate(ticket.arrived_ms, ticket.ticket_id, is_fresh(ticket), absent_ms)


def _aliased(hall: Hall, ticket: Ticket, first: Ticket) -> Hall:
    """The hall in which `first` stands for a waiting ticket."""
    step = ticket.step
    hall = hall.with_ticket(_alias(stepped(ticket, state=State.CANCELLED, reason=ALIAS), first))
    return hall.with_line(step.service, hall.line(step.service).left(step.place))


def _alias(ticket: Ticket, first: Ticket) -> Ticket:
    """The moment is told by the tickets alone, so that it is the same in whatever order their kiosks were heard."""
    at_ms = max(ticket.arrived_ms, first.arrived_ms)
    return changed(stepped(ticket, ended_ms=at_ms), alias_of=first.ticket_id)


def _aliases_of(hall: Hall, ticket_id: str) -> list[Ticket]:
    return [ticket for ticket in hall.tickets.each() if ticket.alias_of == ticket_id]
