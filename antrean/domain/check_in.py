"""Checking a booking in: what a code leads to, at a counter, with a helper or at a kiosk.

Nobody who comes with a booking of today is turned away: not by a quota, nor by opening hours inside the window. Early
and late visitors get a number like anybody; a code that nobody knows yet gets one that is looked up later.
"""

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.at_counter import Events, find_ticket
from antrean.domain.booked import holder_of, how_kept
from antrean.domain.booking import CLAIMED, IN_TIME, Booking
from antrean.domain.booking_claim import is_booking_token, split_booking_token, unpack_booking
from antrean.domain.booking_code import is_code, normal_code, shown_code
from antrean.domain.catalogue import Mall
from antrean.domain.errors import BadInput, IllegalTransition, RuleViolation
from antrean.domain.hall import Hall
from antrean.domain.issuing import check_open, check_service, issued_by_server
from antrean.domain.opening import local_day
from antrean.domain.ticket import OPEN_STATES, Ticket

CHANNEL = "booking"
CLAIMED_CHANNEL = "staff"


def check_day(mall: Mall, day: str, booking: Booking) -> None:
    """Refuse what the outside cancelled, and a slot of another local day (YYYY-MM-DD); raises RuleViolation."""
    if booking.cancelled:
        raise RuleViolation("booking_cancelled", booking=shown_code(booking.code))
    if local_day(mall.timezone, booking.start_ms).isoformat() != day:
        raise RuleViolation("booking_other_day", booking=shown_code(booking.code), start_ms=booking.start_ms)


def claimed_code(text: str) -> str:
    """The code to look up, of what was typed or scanned; raises BadInput `bad_booking_code` for what can be no code.

    Of a signed code it is the one it names, proved or not.
    """
    if is_booking_token(text):
        return unpack_booking(split_booking_token(text)[0]).code
    code = normal_code(text)
    if is_code(code):
        return code
    raise BadInput("bad_booking_code")


def arrived_event(booking: Booking, ticket_id: str, proof: str) -> e.BookingArrived:
    """What follows the TicketIssued of a visitor with this booking."""
    return e.BookingArrived(
        ticket_id=ticket_id,
        source=booking.source,
        booking_id=booking.booking_id,
        code=booking.code,
        slot_ms=booking.start_ms,
        slot_end_ms=booking.end_ms,
        proof=proof,
    )


def check_in(hall: Hall, command: c.CheckIn, now_ms: int) -> Events:
    """A ticket for a booking; raises RuleViolation when it has one, or is for another day, cancelled or unknown."""
    booking = command.booking
    if command.ticket:
        return _to_number(hall, command, find_ticket(hall, command.ticket))
    if booking is None:
        return _claim(hall, command, now_ms)
    before = holder_of(hall, booking.source, booking.booking_id)
    if before is not None:
        raise RuleViolation("booking_arrived", booking=shown_code(booking.code), label=str(before.label))
    check_day(hall.mall, hall.day, booking)
    service = booking.service if booking.service in hall.mall.services else command.service
    if service not in hall.mall.services:
        raise RuleViolation("unknown_service", service=booking.service)
    if how_kept(hall.mall, service, booking.start_ms, now_ms) != IN_TIME:
        check_open(hall, service, now_ms)
    issued = _issued(hall, command, service, CHANNEL)
    return (issued, arrived_event(booking, command.ticket_id, command.proof), *_printed(command))


def _to_number(hall: Hall, command: c.CheckIn, ticket: Ticket) -> Events:
    """The booking, or the claim of one, for a number taken without it: a paper given back, or a code found later.

    Early and late are judged by the number's own arrival; the place of one that was called already stays.
    """
    booking, label = command.booking, str(ticket.label)
    if ticket.state not in OPEN_STATES:
        raise IllegalTransition("check_in", ticket.state.value, label)
    if booking is None:
        code = claimed_code(command.code)
        if ticket.booking is not None:
            raise RuleViolation("ticket_has_booking", label=label, booking=shown_code(ticket.booking.code))
        return (e.BookingClaimed(ticket.ticket_id, code),)
    before = holder_of(hall, booking.source, booking.booking_id)
    if before is not None:
        if before is ticket:
            return ()
        raise RuleViolation("booking_arrived", booking=shown_code(booking.code), label=str(before.label))
    check_day(hall.mall, hall.day, booking)
    if ticket.booking is not None and ticket.booking.how != CLAIMED:
        raise RuleViolation("ticket_has_booking", label=label, booking=shown_code(ticket.booking.code))
    if ticket.steps[0].service != booking.service:
        raise RuleViolation("booking_other_service", booking=shown_code(booking.code), label=label)
    return (arrived_event(booking, ticket.ticket_id, command.proof),)


def _claim(hall: Hall, command: c.CheckIn, now_ms: int) -> Events:
    """An ordinary number for a code nobody knows: it is asked for by naming the service."""
    code = claimed_code(command.code)
    if not command.service:
        raise RuleViolation("unknown_booking", booking=shown_code(code))
    check_service(hall, command.service, now_ms)
    issued = _issued(hall, command, command.service, CLAIMED_CHANNEL)
    return (issued, e.BookingClaimed(command.ticket_id, code), *_printed(command))


def _issued(hall: Hall, command: c.CheckIn, service: str, channel: str) -> e.TicketIssued:
    return issued_by_server(
        hall, service, command.ticket_id, command.generation, command.priority, command.language, channel
    )


def _printed(command: c.CheckIn) -> Events:
    return (e.PrintOrdered(command.ticket_id, command.print_at),) if command.print_at else ()
