"""Calls for help and papers printed elsewhere: what their events make of the hall, and what is still to be done."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from antrean.domain import events as e
from antrean.domain.changed import changed
from antrean.domain.hall import Accepted, Hall, Help, PrintOrder
from antrean.domain.ticket import Paper, Ticket

ON_THE_WAY_MS = 30 * 60_000
"""A call that somebody accepted and nobody finished is shown no longer than this: the visitor has long gone on."""

ORDER_GOOD_FOR_MS = 120_000
"""A paper not taken over by its kiosk within this is not printed any more, as with a kiosk's own spool: the visitor
has gone on with the number from the helper's page."""


_SAID = {Paper.OK: "printed", Paper.FAILED: "failed", Paper.UNKNOWN: "unknown"}


def help_requested(hall: Hall, accepted: Accepted, event: e.HelpRequested) -> Hall:
    """A call; asking again while nobody comes keeps the moment of the first."""
    if any(help.place == event.place and help.accepted_by is None for help in hall.help):
        return hall
    asked = Help(accepted.event_id, event.place, accepted.device_id, accepted.order_ms)
    return changed(hall, help=(*_elsewhere(hall, event.place), asked))


def help_accepted(hall: Hall, accepted: Accepted, event: e.HelpAccepted) -> Hall:
    """Somebody comes."""
    return changed(
        hall,
        help=tuple(
            replace(help, accepted_by=event.officer, accepted_ms=accepted.order_ms)
            if help.place == event.place
            else help
            for help in hall.help
        ),
    )


def help_finished(hall: Hall, accepted: Accepted, event: e.HelpFinished) -> Hall:
    """The call is done and off every list."""
    return changed(hall, help=_elsewhere(hall, event.place))


def open_help(hall: Hall, now_ms: int) -> tuple[Help, ...]:
    """The calls somebody should know of: those nobody accepted first, each group in the order it was asked."""
    known = [help for help in hall.help if now_ms - (help.accepted_ms or now_ms) < ON_THE_WAY_MS]
    return tuple(sorted(known, key=lambda help: (help.accepted_by is not None, help.asked_ms)))


def print_ordered(hall: Hall, accepted: Accepted, event: e.PrintOrdered) -> Hall:
    """A paper to be printed; a later order for the same ticket takes the place of the earlier."""
    order = PrintOrder(event.ticket_id, event.device_id, accepted.order_ms)
    return changed(hall, orders=(*_other_orders(hall, event.ticket_id), order))


def paper_is(paper: Paper) -> Callable[[Hall, Accepted, Any], Hall]:
    """What a print outcome makes of the hall: the ticket's paper is known, and nobody has to print it any more."""

    def apply(hall: Hall, accepted: Accepted, event: Any) -> Hall:
        if any(order.ticket_id == event.ticket_id for order in hall.orders):
            hall = changed(hall, orders=_other_orders(hall, event.ticket_id))
        ticket = hall.tickets.get(event.ticket_id)
        if ticket is None or ticket.paper is Paper.OK:
            return hall
        return hall.with_ticket(changed(ticket, paper=paper))

    return apply


def unchecked(hall: Hall) -> list[Ticket]:
    """Waiting visitors who said yes to priority and whom no staff has seen, by arrival."""
    ahead_of_arrival = [
        hall.tickets[place.ticket_id]
        for line in hall.lines.values()
        for place in line.by_key
        if place.key_ms != place.arrived_ms
    ]
    found = [ticket for ticket in ahead_of_arrival if ticket.priority and not ticket.priority_checked]
    return sorted(found, key=lambda ticket: (ticket.step.arrived_ms, ticket.ticket_id))


def paper_state(hall: Hall, ticket: Ticket, now_ms: int) -> str:
    """What is known of a ticket's paper: none (nobody was asked to print it), printing, printed, failed, unknown, or
    late (its kiosk did not take it over in time)."""
    if ticket.paper is not Paper.PENDING:
        return _SAID[ticket.paper]
    order = next((order for order in hall.orders if order.ticket_id == ticket.ticket_id), None)
    if order is not None:
        return "printing" if now_ms - order.ordered_ms < ORDER_GOOD_FOR_MS else "late"
    return "none" if ticket.channel == "staff" else "printing"


def orders_for(hall: Hall, device_id: str, now_ms: int) -> tuple[PrintOrder, ...]:
    """What the kiosk `device_id` is to print now, oldest first."""
    return tuple(
        order
        for order in hall.orders
        if order.device_id == device_id
        and now_ms - order.ordered_ms < ORDER_GOOD_FOR_MS
        and order.ticket_id in hall.tickets
    )


def _elsewhere(hall: Hall, place: str) -> tuple[Help, ...]:
    return tuple(help for help in hall.help if help.place != place)


def _other_orders(hall: Hall, ticket_id: str) -> tuple[PrintOrder, ...]:
    return tuple(order for order in hall.orders if order.ticket_id != ticket_id)
