"""`evolve(hall, accepted) -> hall`: what each event makes of the hall. Pure, and total over accepted events.

The server refuses illegal commands before they become events, so an event that does not fit (it can only come from a
damaged log) leaves the hall as it is instead of stopping the day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from antrean.domain import announcements, booked, floor, helping, pinned, visit_notes, visit_plan
from antrean.domain import events as e
from antrean.domain.changed import changed
from antrean.domain.desk_clock import counter_of, timed
from antrean.domain.hall import EVERY_DEVICE, LAST_CALLS, Accepted, Call, Hall
from antrean.domain.label import Label
from antrean.domain.learning import learned
from antrean.domain.line import COUNTS_AS_OVERTAKING, FRONT_KEY_MS
from antrean.domain.moves import MINUTE_MS, Apply, left_desk, on_move, place_of, stepped
from antrean.domain.pace import with_comer
from antrean.domain.readmission import arrival
from antrean.domain.ticket import OPEN_STATES, Move, Paper, Place, State, Step, Ticket


def evolve(hall: Hall, accepted: Accepted) -> Hall:
    """The hall after one accepted event."""
    apply = _APPLY.get(type(accepted.payload))
    if apply is None:
        return hall
    code = counter_of(hall, accepted.payload)
    if not code:
        return apply(hall, accepted, accepted.payload)
    before = hall.desk(code)
    after = timed(apply(hall, accepted, accepted.payload), before, accepted.order_ms)
    return learned(after, before, accepted.order_ms)


def evolve_all(hall: Hall, log: Iterable[Accepted]) -> Hall:
    """The hall after a whole log, at a third of the price of its single events."""
    hall = hall.loosened()
    for accepted in log:
        hall = evolve(hall, accepted)
    return hall.settled()


def _issued(hall: Hall, accepted: Accepted, event: e.TicketIssued) -> Hall:
    return _joined(hall, event, accepted.order_ms, accepted.device_id, event.channel)


def _readmitted(hall: Hall, accepted: Accepted, event: e.TicketReadmitted) -> Hall:
    arrived_ms = arrival(hall, event, accepted.order_ms)
    return hall if arrived_ms is None else _joined(hall, event, arrived_ms, event.issued_by, "kiosk")


def _joined(
    hall: Hall, event: e.TicketIssued | e.TicketReadmitted, arrived_ms: int, device_id: str, channel: str
) -> Hall:
    """The hall with a new ticket in its line, once: whoever tells of it again changes nothing."""
    if event.ticket_id in hall.tickets or event.service not in hall.mall.services:
        return hall
    label = Label(event.series, event.issuer, event.number)
    place = place_of(hall, arrived_ms, event.ticket_id, event.priority)
    step = Step(event.service, State.WAITING, place, "priority" if event.priority else "arrival", arrived_ms)
    ticket = Ticket(
        ticket_id=event.ticket_id,
        label=label,
        generation=event.generation,
        priority=event.priority,
        language=event.language,
        channel=channel,
        assisted=event.assisted,
        arrived_ms=arrived_ms,
        device_id=device_id,
        steps=(step,),
        priority_checked=event.assisted,  # whoever took the number stood beside the visitor
    )
    share, total = (event.service, device_id), (event.service, EVERY_DEVICE)
    issued = hall.issued.with_item(share, hall.issued.get(share, 0) + 1)
    spoken = str(label)
    holders = hall.numbers.get(spoken, ())
    if holders:
        hall, ticket = _twins(hall, holders, ticket)
    return changed(
        hall,
        tickets=hall.tickets.with_item(ticket.ticket_id, ticket),
        lines=hall.lines.with_item(event.service, hall.line(event.service).joined(place)),
        heard=hall.heard.with_item(event.series, max(hall.heard.get(event.series, 0), event.number)),
        issued=issued.with_item(total, issued.get(total, 0) + 1),
        pace=with_comer(hall.pace, event.service, event.priority, arrived_ms),
        numbers=hall.numbers.with_item(spoken, tuple(sorted((*holders, ticket.ticket_id)))),
    )


def _twins(hall: Hall, holders: Iterable[str], ticket: Ticket) -> tuple[Hall, Ticket]:
    """Two open tickets with one spoken number become twins."""
    twins = [hall.tickets[other] for other in holders if hall.tickets[other].state in OPEN_STATES]
    for twin in twins:
        hall = hall.with_ticket(replace(twin, twin=True))
    return hall, replace(ticket, twin=bool(twins))


def _skipped(hall: Hall, accepted: Accepted, event: e.NumbersSkipped) -> Hall:
    return changed(
        hall, heard=hall.heard.with_item(event.series, max(hall.heard.get(event.series, 0), event.through))
    )


def _counter_opened(hall: Hall, accepted: Accepted, event: e.CounterOpened) -> Hall:
    return hall.with_desk(
        replace(hall.desk(event.counter), officer=event.officer, break_reason=None, break_until_ms=None)
    )


def _counter_closed(hall: Hall, accepted: Accepted, event: e.CounterClosed) -> Hall:
    desk = replace(hall.desk(event.counter), officer=None, break_reason=None, break_until_ms=None)
    return pinned.released(hall.with_desk(desk), event.counter)


def _break_started(hall: Hall, accepted: Accepted, event: e.BreakStarted) -> Hall:
    until = accepted.order_ms + event.minutes * MINUTE_MS if event.minutes else None
    return hall.with_desk(changed(hall.desk(event.counter), break_reason=event.reason, break_until_ms=until))


def _break_ended(hall: Hall, accepted: Accepted, event: e.BreakEnded) -> Hall:
    return hall.with_desk(changed(hall.desk(event.counter), break_reason=None, break_until_ms=None))


def _called(hall: Hall, accepted: Accepted, event: e.TicketCalled, ticket: Ticket, target: State) -> Hall:
    step = ticket.step
    line = hall.line(step.service).left(step.place).called()
    hall = hall.with_line(step.service, line)
    if event.why in COUNTS_AS_OVERTAKING:
        for other in line.at(event.counter).earlier_than(step.place):
            hall = _overtake(hall, hall.tickets[other])
    return _at_counter(hall, accepted, event, ticket, target)


def _overtake(hall: Hall, ticket: Ticket) -> Hall:
    count = ticket.step.overtaken + 1
    if count == hall.mall.policy.overtaking_cap:
        hall = hall.with_line(
            ticket.step.service, hall.line(ticket.step.service).with_capped(ticket.step.place)
        )
    return hall.with_ticket(stepped(ticket, overtaken=count))


def _at_counter(hall: Hall, accepted: Accepted, event: e.TicketMove, ticket: Ticket, target: State) -> Hall:
    """Called, or called back from a hold: the counter has this ticket and the boards show it."""
    hall = hall.with_ticket(
        stepped(
            ticket,
            state=target,
            called_ms=accepted.order_ms,
            counter=event.counter,
            officer=event.officer,
            call_id=accepted.event_id,
            recalls=0,
            not_before=None,
        )
    )
    return _shown(
        hall.with_desk(changed(hall.desk(event.counter), ticket_id=ticket.ticket_id)), accepted, event, 0
    )


def _shown(hall: Hall, accepted: Accepted, event: e.TicketMove, recall: int) -> Hall:
    service = hall.tickets[event.ticket_id].step.service
    call = Call(accepted.event_id, event.ticket_id, event.counter, service, accepted.order_ms, recall)
    earlier = tuple(other for other in hall.calls if other.ticket_id != event.ticket_id)
    return changed(hall, calls=(call, *earlier)[:LAST_CALLS])


def _recalled(hall: Hall, accepted: Accepted, event: e.TicketRecalled, ticket: Ticket, target: State) -> Hall:
    recalls = ticket.step.recalls + 1
    hall = hall.with_ticket(stepped(ticket, recalls=recalls, call_id=accepted.event_id))
    return _shown(hall, accepted, event, recalls)


def _undone(hall: Hall, accepted: Accepted, event: e.CallUndone, ticket: Ticket, target: State) -> Hall:
    step = ticket.step
    back = stepped(ticket, state=target, called_ms=None, counter=None, officer=None, call_id=None, recalls=0)
    hall = left_desk(hall.with_ticket(back), event.counter, ticket.ticket_id)
    line = hall.line(step.service).joined(step.place).pinned_to(step.place, step.to_counter)
    if step.overtaken >= hall.mall.policy.overtaking_cap:
        line = line.with_capped(step.place)
    shown = tuple(call for call in hall.calls if call.ticket_id != ticket.ticket_id)
    return replace(hall.with_line(step.service, line), calls=shown)


def _started(hall: Hall, accepted: Accepted, event: e.ServiceStarted, ticket: Ticket, target: State) -> Hall:
    return hall.with_ticket(
        stepped(
            ticket, state=target, started_ms=accepted.order_ms, counter=event.counter, officer=event.officer
        )
    )


def _finished(
    hall: Hall, accepted: Accepted, event: e.ServiceFinished, ticket: Ticket, target: State
) -> Hall:
    took = accepted.order_ms - (ticket.step.started_ms or accepted.order_ms)
    hall = hall.with_ticket(stepped(ticket, state=target, ended_ms=accepted.order_ms))
    desk = hall.desk(event.counter)
    hall = hall.with_desk(changed(desk, completed=desk.completed + 1, serve_ms=(*desk.serve_ms, took)))
    return left_desk(hall, event.counter, ticket.ticket_id)


def _absent(hall: Hall, accepted: Accepted, event: e.TicketAbsent, ticket: Ticket, target: State) -> Hall:
    hall = hall.with_ticket(stepped(ticket, state=target, ended_ms=accepted.order_ms))
    desk = hall.desk(event.counter)
    return left_desk(hall.with_desk(changed(desk, no_show=desk.no_show + 1)), event.counter, ticket.ticket_id)


def _returned(hall: Hall, accepted: Accepted, event: e.TicketReturned, ticket: Ticket, target: State) -> Hall:
    step = ticket.step
    line = hall.line(step.service)
    due = line.calls + hall.mall.policy.return_after_calls
    back = stepped(
        ticket,
        state=target,
        why="returned",
        ended_ms=None,
        counter=None,
        officer=None,
        call_id=None,
        returns=step.returns + 1,
        not_before=due,
        to_counter=pinned.pin_of(hall, step),
    )
    line = line.rejoined(step.place, due).pinned_to(step.place, back.step.to_counter)
    return hall.with_ticket(back).with_line(step.service, line)


def _held(hall: Hall, accepted: Accepted, event: e.TicketHeld, ticket: Ticket, target: State) -> Hall:
    hall = hall.with_ticket(stepped(ticket, state=target, reason=event.reason))
    return left_desk(hall, event.counter, ticket.ticket_id)


def _resumed(hall: Hall, accepted: Accepted, event: e.TicketMove, ticket: Ticket, target: State) -> Hall:
    """Serving goes on at this counter."""
    ticket = stepped(
        ticket, state=target, counter=event.counter, officer=event.officer, ended_ms=None, reason=""
    )
    hall = hall.with_ticket(ticket)
    return hall.with_desk(changed(hall.desk(event.counter), ticket_id=ticket.ticket_id))


def _reopened(hall: Hall, accepted: Accepted, event: e.TicketReopened, ticket: Ticket, target: State) -> Hall:
    """The service goes on, and its counter has not completed it yet."""
    step = ticket.step
    desk = hall.desk(step.counter or event.counter)
    took = list(desk.serve_ms)
    if step.ended_ms is not None and (this := step.ended_ms - (step.started_ms or step.ended_ms)) in took:
        took.remove(this)
    hall = hall.with_desk(changed(desk, completed=max(desk.completed - 1, 0), serve_ms=tuple(took)))
    return _resumed(hall, accepted, event, ticket, target)


def _transferred(
    hall: Hall, accepted: Accepted, event: e.TicketTransferred, ticket: Ticket, target: State
) -> Hall:
    ended = stepped(ticket, state=target, ended_ms=accepted.order_ms)
    place = _transfer_place(hall, accepted, event.place, ticket)
    step = Step(event.service, State.WAITING, place, _transfer_why(event.place, ticket), accepted.order_ms)
    hall = hall.with_ticket(replace(ended, steps=(*ended.steps, step)))
    hall = hall.with_line(event.service, hall.line(event.service).joined(place))
    desk = hall.desk(event.counter)
    hall = hall.with_desk(changed(desk, transferred=desk.transferred + 1))
    return left_desk(hall, event.counter, ticket.ticket_id)


def _transfer_place(hall: Hall, accepted: Accepted, place: str, ticket: Ticket) -> Place:
    if place == "front":
        return Place(FRONT_KEY_MS, accepted.order_ms, ticket.ticket_id)
    arrived = accepted.order_ms if place == "end" else visit_plan.waits_since_ms(ticket)
    return place_of(hall, arrived, ticket.ticket_id, ticket.priority)


def _transfer_why(place: str, ticket: Ticket) -> str:
    return "priority" if ticket.priority and place != "front" else place


def _cancelled(
    hall: Hall, accepted: Accepted, event: e.TicketCancelled, ticket: Ticket, target: State
) -> Hall:
    return _out(hall, ticket, stepped(ticket, state=target, ended_ms=accepted.order_ms, reason=event.reason))


def _expired(hall: Hall, accepted: Accepted, event: e.TicketExpired, ticket: Ticket, target: State) -> Hall:
    unconfirmed = ticket.state is State.SERVING
    return _out(
        hall, ticket, stepped(ticket, state=target, ended_ms=accepted.order_ms, unconfirmed=unconfirmed)
    )


def _out(hall: Hall, before: Ticket, after: Ticket) -> Hall:
    """Take a ticket out of its line and off its counter."""
    hall = hall.with_ticket(after)
    step = before.step
    if step.state is State.WAITING:
        hall = hall.with_line(step.service, hall.line(step.service).left(step.place))
    return left_desk(hall, step.counter, before.ticket_id) if step.counter else hall


def _priority_set(
    hall: Hall, accepted: Accepted, event: e.PrioritySet, ticket: Ticket, target: State
) -> Hall:
    """Confirmed or withdrawn; only another word than before moves the ticket, and only by its head start.

    A place that staff gave (front) stays; a visitor who returned stays due when they were.
    """
    step = ticket.step
    checked = changed(ticket, priority=event.priority, priority_checked=True)
    if ticket.priority == event.priority or step.why == "front":
        return hall.with_ticket(checked)
    place, why = booked.place_on(hall, ticket, event.priority)
    moved = stepped(checked, place=place, why=step.why if step.why == "returned" else why)
    if step.state is not State.WAITING:
        return hall.with_ticket(moved)
    return booked.moved_in_line(hall, moved, step)


_APPLY: Mapping[type[e.Payload], Apply] = {
    e.TicketIssued: _issued,
    e.TicketReadmitted: _readmitted,
    e.TicketPrinted: helping.paper_is(Paper.OK),
    e.TicketPrintFailed: helping.paper_is(Paper.FAILED),
    e.TicketPrintUnknown: helping.paper_is(Paper.UNKNOWN),
    e.NumbersSkipped: _skipped,
    e.HelpRequested: helping.help_requested,
    e.HelpAccepted: helping.help_accepted,
    e.HelpFinished: helping.help_finished,
    e.PrintOrdered: helping.print_ordered,
    e.CounterOpened: _counter_opened,
    e.CounterClosed: _counter_closed,
    e.BreakStarted: _break_started,
    e.BreakEnded: _break_ended,
    e.ServedChanged: floor.served_changed,
    e.Announced: announcements.announced,
    e.AnnouncementWithdrawn: announcements.withdrawn,
    e.TicketCalled: on_move(Move.CALL, _called),
    e.TicketRecalled: on_move(Move.RECALL, _recalled),
    e.CallUndone: on_move(Move.UNDO_CALL, _undone),
    e.ServiceStarted: on_move(Move.START, _started),
    e.ServiceFinished: on_move(Move.FINISH, _finished),
    e.TicketAbsent: on_move(Move.ABSENT, _absent),
    e.TicketReturned: on_move(Move.RETURN, _returned),
    e.TicketHeld: on_move(Move.HOLD, _held),
    e.TicketResumed: on_move(Move.RESUME, _resumed),
    e.TicketCalledBack: on_move(Move.CALL_BACK, _at_counter),
    e.TicketTransferred: on_move(Move.TRANSFER, _transferred),
    e.TicketPinned: on_move(Move.PIN, pinned.ticket_pinned),
    e.ServiceAdded: on_move(Move.PLAN, visit_plan.service_added),
    e.ServiceDropped: on_move(Move.PLAN, visit_plan.service_dropped),
    e.JourneyPlanned: on_move(Move.PLAN, visit_plan.journey_planned),
    e.VisitContinued: on_move(Move.CONTINUE, visit_plan.visit_continued),
    e.ContinuationUndone: on_move(Move.UNDO_CONTINUE, visit_plan.continuation_undone),
    e.NoteWritten: on_move(Move.NOTE, visit_notes.note_written),
    e.ServiceDelivered: on_move(Move.DELIVER, visit_notes.delivered),
    e.TicketCancelled: on_move(Move.CANCEL, _cancelled),
    e.TicketReopened: on_move(Move.REOPEN, _reopened),
    e.TicketExpired: on_move(Move.EXPIRE, _expired),
    e.PrioritySet: on_move(Move.SET_PRIORITY, _priority_set),
    e.BookingArrived: booked.arrived,
    e.BookingMatched: booked.arrived,
    e.BookingClaimed: booked.claimed,
}
