"""What most decisions ask first: who acts at a counter, which ticket is there, and which one a name means."""

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.errors import RuleViolation
from antrean.domain.hall import Hall
from antrean.domain.label import Label
from antrean.domain.ticket import OPEN_STATES, Move, Ticket, moved

Events = tuple[e.Payload, ...]
SCRIPT = "script"
"""The officer's name when a script opens a counter nobody sits at."""


def seated(hall: Hall, command: c.Command) -> tuple[str, Events]:
    """Who acts at the counter, and the events that seat them or end their break first; raises RuleViolation."""
    desk = hall.desk(command.counter)
    if desk.officer is None:
        officer = command.officer or SCRIPT
        return officer, (e.CounterOpened(command.counter, officer),)
    if command.officer is not None and command.officer != desk.officer:
        raise RuleViolation("counter_taken", counter=command.counter, officer=desk.officer)
    back: Events = (e.BreakEnded(command.counter, desk.officer),) if desk.break_reason is not None else ()
    return desk.officer, back


def current(hall: Hall, command: c.Command) -> Ticket:
    """The ticket at the command's counter; raises RuleViolation when nobody is there."""
    ticket_id = hall.desk(command.counter).ticket_id
    if ticket_id is None:
        raise RuleViolation("nobody_at_counter", counter=command.counter)
    return hall.tickets[ticket_id]


def moving(hall: Hall, command: c.Command, move: Move) -> tuple[str, Events, Ticket]:
    """Who acts, the events before, and the ticket at the counter if `move` is allowed; raises RuleViolation."""
    officer, before = seated(hall, command)
    ticket = current(hall, command)
    moved(ticket, move)
    return officer, before, ticket


def check_free(hall: Hall, command: c.Command) -> None:
    """Refuse to take a second visitor to a counter that has one."""
    ticket_id = hall.desk(command.counter).ticket_id
    if ticket_id is not None:
        raise RuleViolation("counter_busy", counter=command.counter, label=str(hall.tickets[ticket_id].label))


def find_ticket(hall: Hall, name: str) -> Ticket:
    """The ticket with this id or label; of several with one label the open one, for an alias the one that stands.

    Raises RuleViolation.
    """
    ticket = hall.tickets.get(name)
    if ticket is not None:
        return ticket
    held = [hall.tickets[ticket_id] for ticket_id in hall.numbers.get(str(Label.parse(name)), ())]
    holders = [
        hall.tickets[stands] for stands in dict.fromkeys(one.alias_of or one.ticket_id for one in held)
    ]
    candidates = [holder for holder in holders if holder.state in OPEN_STATES] or holders
    if not candidates:
        raise RuleViolation("unknown_ticket", ticket=name)
    if len(candidates) > 1:
        raise RuleViolation("twins", ticket=name, checks=", ".join(twin.check for twin in candidates))
    return candidates[0]


def reason_of(text: str) -> str:
    """The reason without white space around it; raises RuleViolation `reason_missing` for an empty one."""
    reason = text.strip()
    if not reason:
        raise RuleViolation("reason_missing")
    return reason
