"""Officers' notes on a ticket, and what was delivered in a step.

The text of a note never enters the log: the event holds a salted commitment, so that the text can be erased when its
time is over while the chain stays whole.
"""

import hashlib
import hmac

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.at_counter import Events, moving
from antrean.domain.changed import changed
from antrean.domain.errors import RuleViolation
from antrean.domain.hall import Accepted, Hall
from antrean.domain.moves import stepped
from antrean.domain.ticket import Move, Note, State, Ticket

MAX_NOTES = 20
"""So many notes on one ticket are a file, which belongs into the agency's own system."""
MAX_DELIVERED = 99


def commitment(salt: bytes, text: str) -> str:
    """What the log holds of a note: SHA-256 keyed by a secret salt of at least 16 bytes, in hexadecimal."""
    return hmac.new(salt, text.encode(), hashlib.sha256).hexdigest()


def write_note(hall: Hall, command: c.WriteNote, now_ms: int) -> Events:
    """A note on the visitor at the counter; raises RuleViolation `note_empty`, `notes_full`."""
    officer, before, ticket = moving(hall, command, Move.NOTE)
    if not command.text.strip():
        raise RuleViolation("note_empty")
    if len(ticket.notes) >= MAX_NOTES:
        raise RuleViolation("notes_full", label=str(ticket.label), limit=MAX_NOTES)
    note = e.NoteWritten(ticket.ticket_id, command.counter, officer, command.note_id, command.commitment)
    return (*before, note)


def deliver(hall: Hall, command: c.Deliver, now_ms: int) -> Events:
    """What was delivered in this step; 0 takes a word back. Raises RuleViolation."""
    if command.service not in hall.mall.services:
        raise RuleViolation("unknown_service", service=command.service)
    officer, before, ticket = moving(hall, command, Move.DELIVER)
    known = dict(ticket.step.delivered).get(command.service, 0)
    if command.quantity > MAX_DELIVERED or (not command.quantity and not known):
        raise RuleViolation("bad_quantity", limit=MAX_DELIVERED)
    if command.quantity == known:
        return before
    said = e.ServiceDelivered(ticket.ticket_id, command.counter, officer, command.service, command.quantity)
    return (*before, said)


def note_written(hall: Hall, accepted: Accepted, event: e.NoteWritten, ticket: Ticket, target: State) -> Hall:
    """The ticket has one more note; its text is kept elsewhere."""
    note = Note(event.note_id, accepted.order_ms, event.officer, event.counter)
    return hall.with_ticket(_with_note(ticket, note))


def delivered(
    hall: Hall, accepted: Accepted, event: e.ServiceDelivered, ticket: Ticket, target: State
) -> Hall:
    """The step's deliveries with the last word about this service."""
    said = {**dict(ticket.step.delivered), event.service: event.quantity}
    kept = tuple((service, quantity) for service, quantity in said.items() if quantity)
    return hall.with_ticket(stepped(ticket, delivered=kept))


def _with_note(ticket: Ticket, note: Note) -> Ticket:
    if any(other.note_id == note.note_id for other in ticket.notes):
        return ticket
    return changed(ticket, notes=(*ticket.notes, note))
