"""`decide(hall, command, now_ms) -> events`: what a command means in this hall, or which rule says no.

Nothing here changes anything: the events are appended to the log first, then `evolve` makes the next hall of them. A
command that has nothing to do (nobody waits) decides to no events; that is an answer, not an error.
"""

from collections.abc import Callable, Mapping
from typing import Any

from antrean.domain import announcements, check_in, floor, pinned, visit_notes, visit_plan
from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.assistance import check_assistance, whole_minutes
from antrean.domain.at_counter import (
    SCRIPT,
    Events,
    check_free,
    current,
    find_ticket,
    moving,
    reason_of,
    seated,
)
from antrean.domain.choice import next_at
from antrean.domain.errors import RuleViolation
from antrean.domain.evolve import evolve
from antrean.domain.hall import Accepted, Hall, Help
from antrean.domain.issuing import check_service, issued_by_server
from antrean.domain.readmission import arrival, readmitted
from antrean.domain.returning import check_return
from antrean.domain.ticket import OPEN_STATES, Move, State, Ticket, moved

TRANSFER_PLACES = ("front", "arrival", "end")
NAMES_NO_COUNTER = (
    c.Issue,
    c.CheckIn,
    c.AcceptHelp,
    c.FinishHelp,
    c.SetPriority,
    c.CloseDay,
    c.Cancel,
    c.ComeBack,
    c.Readmit,
    c.Announce,
    c.WithdrawAnnouncement,
)
"""Commands that may be given from anywhere in the mall."""


def decide(hall: Hall, command: c.Command, now_ms: int) -> Events:
    """The events `command` leads to; raises RuleViolation with the rule that forbids it."""
    if command.counter and command.counter not in hall.mall.counters:
        raise RuleViolation("unknown_counter", counter=command.counter)
    if not command.counter and not isinstance(command, NAMES_NO_COUNTER):
        raise RuleViolation("missing_counter")
    return _DECIDE[type(command)](hall, command, now_ms)


def _open_counter(hall: Hall, command: c.OpenCounter, now_ms: int) -> Events:
    desk, officer = hall.desk(command.counter), command.officer or SCRIPT
    if desk.officer == officer and desk.break_reason is None:
        return ()
    if desk.officer not in (None, officer) and not command.take_over:
        raise RuleViolation("counter_taken", counter=command.counter, officer=desk.officer)
    return (e.CounterOpened(command.counter, officer),)


def _close_counter(hall: Hall, command: c.CloseCounter, now_ms: int) -> Events:
    if hall.desk(command.counter).officer is None:
        return ()
    officer, _ = seated(hall, command)
    check_free(hall, command)
    return (e.CounterClosed(command.counter, officer),)


def _start_break(hall: Hall, command: c.StartBreak, now_ms: int) -> Events:
    officer, before = seated(hall, command)
    check_free(hall, command)
    return (*before, e.BreakStarted(command.counter, officer, reason_of(command.reason), command.minutes))


def _end_break(hall: Hall, command: c.EndBreak, now_ms: int) -> Events:
    return seated(hall, command)[1]


def _call_next(hall: Hall, command: c.CallNext, now_ms: int) -> Events:
    officer, before = seated(hall, command)
    ticket_id = hall.desk(command.counter).ticket_id
    if ticket_id is not None:
        current = hall.tickets[ticket_id]
        if current.state is not State.SERVING:
            raise RuleViolation("already_calling", counter=command.counter, label=str(current.label))
        before = (*before, *_finished(hall, current, command.counter, officer))
        hall = _tried(hall, before, now_ms) if current.plan else hall
    chosen = next_at(hall, command.counter, now_ms)
    if chosen is None:
        return before if ticket_id is not None else ()
    return (*before, e.TicketCalled(chosen[0].ticket_id, command.counter, officer, chosen[1], ""))


def _finish(hall: Hall, command: c.Finish, now_ms: int) -> Events:
    officer, before, ticket = moving(hall, command, Move.FINISH)
    return (*before, *_finished(hall, ticket, command.counter, officer))


def _finished(hall: Hall, ticket: Ticket, counter: str, officer: str) -> Events:
    """The current step is done, and a planned one follows."""
    done = e.ServiceFinished(ticket.ticket_id, counter, officer)
    return (done, *visit_plan.continued(hall, ticket, counter, officer))


def _tried(hall: Hall, events: Events, now_ms: int) -> Hall:
    """The hall as these events will make it: the visitor who goes on may be the next at this very counter."""
    for payload in events:
        hall = evolve(hall, Accepted(0, now_ms, "", "", payload))
    return hall


def _call_ticket(hall: Hall, command: c.CallTicket, now_ms: int) -> Events:
    officer, before = seated(hall, command)
    check_free(hall, command)
    ticket = find_ticket(hall, command.ticket)
    moved(ticket, Move.CALL)
    pinned.check_callable(hall, ticket, command.counter)
    called = e.TicketCalled(ticket.ticket_id, command.counter, officer, "chosen", reason_of(command.reason))
    return (*before, called)


def _on_current(move: Move, event: Callable[[str, str, str], e.Payload]) -> "Decide":
    """A command that moves the ticket at the counter and says nothing more."""

    def decide_it(hall: Hall, command: c.Command, now_ms: int) -> Events:
        officer, before = seated(hall, command)
        ticket = current(hall, command)
        moved(ticket, move)
        return (*before, event(ticket.ticket_id, command.counter, officer))

    return decide_it


def _return(hall: Hall, command: c.Return, now_ms: int) -> Events:
    officer, before = seated(hall, command)
    ticket = find_ticket(hall, command.ticket)
    check_return(hall, ticket, now_ms, command.beyond_grace)
    return (*before, e.TicketReturned(ticket.ticket_id, command.counter, officer))


def _come_back(hall: Hall, command: c.ComeBack, now_ms: int) -> Events:
    ticket = find_ticket(hall, command.ticket)
    check_return(hall, ticket, now_ms)
    return (e.TicketReturned(ticket.ticket_id, "", command.officer or SCRIPT),)


def _hold(hall: Hall, command: c.Hold, now_ms: int) -> Events:
    officer, before = seated(hall, command)
    ticket = current(hall, command)
    moved(ticket, Move.HOLD)
    return (*before, e.TicketHeld(ticket.ticket_id, command.counter, officer, reason_of(command.reason)))


def _take_up(move: Move, event: Callable[[str, str, str], e.Payload]) -> "Decide":
    """A command that brings a named ticket to a free counter."""

    def decide_it(hall: Hall, command: Any, now_ms: int) -> Events:
        officer, before = seated(hall, command)
        check_free(hall, command)
        ticket = find_ticket(hall, command.ticket)
        moved(ticket, move)
        return (*before, event(ticket.ticket_id, command.counter, officer))

    return decide_it


def _transfer(hall: Hall, command: c.Transfer, now_ms: int) -> Events:
    if command.service not in hall.mall.services:
        raise RuleViolation("unknown_service", service=command.service)
    if command.place not in TRANSFER_PLACES:
        raise RuleViolation("bad_field", field="place")
    pinned.check_pin(hall, command)
    officer, before, ticket = moving(hall, command, Move.TRANSFER)
    sent = e.TicketTransferred(ticket.ticket_id, command.counter, officer, command.service, command.place)
    if command.place == "front" and command.reason.strip():
        why = e.PutInFront(ticket.ticket_id, command.counter, officer, command.reason.strip())
        before = (*before, why)
    if not command.to_counter:
        return (*before, sent)
    pin = e.TicketPinned(ticket.ticket_id, command.counter, officer, command.to_counter)
    return (*before, sent, pin)


def _cancel(hall: Hall, command: c.Cancel, now_ms: int) -> Events:
    ticket = find_ticket(hall, command.ticket)
    moved(ticket, Move.CANCEL)
    officer = command.officer or SCRIPT
    return (e.TicketCancelled(ticket.ticket_id, command.counter, officer, reason_of(command.reason)),)


def _reopen(hall: Hall, command: c.Reopen, now_ms: int) -> Events:
    """Also when the visit has gone on meanwhile, as long as nobody has called its next step."""
    officer, before = seated(hall, command)
    check_free(hall, command)
    ticket = find_ticket(hall, command.ticket)
    reopened = e.TicketReopened(ticket.ticket_id, command.counter, officer)
    if visit_plan.is_continuation(ticket):
        return (*before, e.ContinuationUndone(ticket.ticket_id, command.counter, officer), reopened)
    moved(ticket, Move.REOPEN)
    return (*before, reopened)


def _set_priority(hall: Hall, command: c.SetPriority, now_ms: int) -> Events:
    """Whoever looks at the visitor decides it: no counter has to be open for that."""
    ticket = find_ticket(hall, command.ticket)
    moved(ticket, Move.SET_PRIORITY)
    if ticket.priority == command.priority and ticket.priority_checked:
        return ()
    seated = hall.desk(command.counter).officer if command.counter else None
    officer = command.officer or seated or SCRIPT
    return (e.PrioritySet(ticket.ticket_id, command.counter, officer, command.priority),)


def _accept_help(hall: Hall, command: c.AcceptHelp, now_ms: int) -> Events:
    asked = _asked(hall, command.place)
    return () if asked.accepted_by else (e.HelpAccepted(command.place, command.officer or SCRIPT),)


def _finish_help(hall: Hall, command: c.FinishHelp, now_ms: int) -> Events:
    asked, officer = _asked(hall, command.place), command.officer or SCRIPT
    came: Events = () if asked.accepted_by else (e.HelpAccepted(command.place, officer),)
    minutes = whole_minutes(now_ms - (asked.accepted_ms or now_ms))
    return (*came, e.HelpFinished(command.place, officer, minutes))


def _asked(hall: Hall, place: str) -> Help:
    found = next((help for help in hall.help if help.place == place), None)
    if found is None:
        raise RuleViolation("no_help_asked", place=place)
    return found


def _issue(hall: Hall, command: c.Issue, now_ms: int) -> Events:
    check_assistance(command.reason, command.minutes)
    check_service(hall, command.service, now_ms)
    issued = issued_by_server(
        hall,
        command.service,
        command.ticket_id,
        command.generation,
        command.priority,
        command.language,
        "staff",
    )
    more: list[e.Payload] = []
    if command.reason:
        more.append(e.AssistanceGiven(command.ticket_id, command.reason, command.minutes))
    if command.print_at:
        more.append(e.PrintOrdered(command.ticket_id, command.print_at))
    return (issued, *more)


def _readmit(hall: Hall, command: c.Readmit, now_ms: int) -> Events:
    """A paper's ticket back at its old place; nothing when the hall knows it already."""
    proven = command.proven
    if proven is None:
        raise RuleViolation("bad_paper")
    if proven.ticket_id in hall.tickets:
        return ()
    if proven.service not in hall.mall.services:
        raise RuleViolation("unknown_service", service=proven.service)
    event = readmitted(proven)
    if arrival(hall, event, now_ms) is None:
        raise RuleViolation("paper_of_another_day", label=str(proven.claim.label))
    return (event,)


def _close_day(hall: Hall, command: c.CloseDay, now_ms: int) -> Events:
    left = (ticket for ticket in hall.tickets.values() if ticket.state in OPEN_STATES)
    return tuple(e.TicketExpired(ticket.ticket_id, ticket.state.value) for ticket in left)


Decide = Callable[[Hall, Any, int], Events]
_DECIDE: Mapping[type[c.Command], Decide] = {
    c.OpenCounter: _open_counter,
    c.CloseCounter: _close_counter,
    c.StartBreak: _start_break,
    c.EndBreak: _end_break,
    c.SetServices: floor.set_services,
    c.Announce: announcements.announce,
    c.WithdrawAnnouncement: announcements.withdraw,
    c.CallNext: _call_next,
    c.CallTicket: _call_ticket,
    c.Recall: _on_current(Move.RECALL, e.TicketRecalled),
    c.Start: _on_current(Move.START, e.ServiceStarted),
    c.Finish: _finish,
    c.Absent: _on_current(Move.ABSENT, e.TicketAbsent),
    c.UndoCall: _on_current(Move.UNDO_CALL, e.CallUndone),
    c.Return: _return,
    c.ComeBack: _come_back,
    c.Hold: _hold,
    c.Resume: _take_up(Move.RESUME, e.TicketResumed),
    c.CallBack: _take_up(Move.CALL_BACK, e.TicketCalledBack),
    c.Transfer: _transfer,
    c.AddService: visit_plan.add_service,
    c.DropService: visit_plan.drop_service,
    c.PlanJourney: visit_plan.plan_journey,
    c.WriteNote: visit_notes.write_note,
    c.Deliver: visit_notes.deliver,
    c.Cancel: _cancel,
    c.Reopen: _reopen,
    c.SetPriority: _set_priority,
    c.AcceptHelp: _accept_help,
    c.FinishHelp: _finish_help,
    c.Issue: _issue,
    c.CheckIn: check_in.check_in,
    c.Readmit: _readmit,
    c.CloseDay: _close_day,
}
