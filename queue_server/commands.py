"""Runs officers' commands: who may give which, once per idempotency key, decided and durable in one turn."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from antrean.domain.commands import (
    AcceptHelp,
    Announce,
    CallNext,
    CheckIn,
    Command,
    FinishHelp,
    Issue,
    OpenCounter,
    Readmit,
    Return,
    SetPriority,
    SetServices,
    WithdrawAnnouncement,
    WriteNote,
    command_of,
)
from antrean.domain.decide import decide
from antrean.domain.errors import RuleViolation
from antrean.domain.estimate import people_ahead
from antrean.domain.event import Envelope, canonical
from antrean.domain.events import NoteWritten, Payload, StoodIn, TicketCalled
from antrean.domain.hall import Hall
from antrean.domain.label import status_token
from antrean.domain.ticket import State
from antrean.domain.views import row
from antrean.domain.visit_notes import commitment
from antrean.ledger import hall_commands, hall_people
from queue_server import orders, paper_keys
from queue_server.auth.callers import Staff
from queue_server.bookings import checking_in
from queue_server.live import LiveHall, Turn
from queue_server.shares import check_free

HALL_WIDE = frozenset({"supervisor", "administrator"})
HELPER_COMMANDS = frozenset({"issue", "check_in", "accept_help", "finish_help", "readmit", "set_priority"})
IN_PERSON = (
    OpenCounter,
    SetServices,
    Announce,
    WithdrawAnnouncement,
    AcceptHelp,
    FinishHelp,
    SetPriority,
)
"""Commands that somebody with a hall-wide role gives in their own name, also where an officer sits."""
SALT_BYTES = 32
SUPERVISOR_COMMANDS = frozenset({"reopen", "announce", "withdraw_announcement"})


@dataclass(frozen=True)
class Done:
    """The answer to a command: JSON text, the same for every repetition of its key."""

    status: int
    answer: str


def run_command(
    live: LiveHall, data: Mapping[str, Any], key: str, staff: Staff, new_id: Callable[[], str]
) -> Done:
    """Runs one command of `staff`; raises RuleViolation (nothing is stored then, the key stays free).

    `older_server` means that a later life of the server runs elsewhere, `key_reused` that the key was used before
    with another body.
    """
    own_key = kept_key(staff, key)
    try:
        body_hash = hashlib.sha256(canonical(data)).hexdigest()
    except UnicodeEncodeError:
        raise RuleViolation("bad_field", field="body") from None

    def work(turn: Turn) -> Done:
        stored = hall_commands.stored_answer(turn.tx, own_key)
        if stored is not None:
            if stored.body_hash != body_hash:
                raise RuleViolation("key_reused")
            return Done(stored.status, stored.answer)
        command = _prepared(command_of(data), staff, turn, new_id)
        payloads = _decided(command, turn, live)
        if payloads:
            payloads = (*_stood_in(command, staff, turn), *payloads)
        if isinstance(command, Issue) or (
            isinstance(command, CheckIn) and command.booking is None and not command.ticket
        ):
            check_free(turn, command.service)
        if isinstance(command, Issue | CheckIn) and command.print_at:
            orders.check_printer(turn.tx, command.print_at)
        envelopes = turn.write(payloads)
        if isinstance(command, OpenCounter) and staff.session is not None:
            hall_people.touch_session(turn.tx, staff.session.session_hash, turn.now_ms, command.counter)
        answer = json.dumps(_answer(turn, command, payloads, envelopes), ensure_ascii=False)
        hall_commands.store_answer(turn.tx, own_key, body_hash, 200, answer, turn.now_ms)
        return Done(200, answer)

    check_allowed(data, staff)
    live.check_newest_life()
    return live.run(work)


def kept_key(staff: Staff, key: str) -> str:
    """The form in which the ledger keeps one person's key: nobody hits on another's by chance."""
    return hashlib.sha256(f"{staff.name}\n{key}".encode()).hexdigest()


def check_allowed(data: Mapping[str, Any], staff: Staff) -> None:
    """Raises RuleViolation `not_allowed`, `counter_not_chosen` or `not_your_counter` (param counter)."""
    name, counter = data.get("command"), data.get("counter", "")
    if staff.roles & HALL_WIDE:
        return
    if "helper" in staff.roles and name in HELPER_COMMANDS:
        return
    if "officer" not in staff.roles or name in SUPERVISOR_COMMANDS:
        raise RuleViolation("not_allowed")
    if name == "open_counter" and not staff.is_script and staff.home_counter in (None, counter):
        return
    if staff.counter is None:
        raise RuleViolation("counter_not_chosen")
    if counter != staff.counter:
        raise RuleViolation("not_your_counter", counter=staff.counter)


def _prepared(command: Command, staff: Staff, turn: Turn, new_id: Callable[[], str]) -> Command:
    """The command with what only the server knows: who gives it, and the id of a new ticket.

    Somebody with a hall-wide role acts for whoever sits at the counter; so does a script.
    """
    seated = turn.truth.hall.desk(command.counter).officer if command.counter else None
    in_person = isinstance(command, IN_PERSON)
    stands_in = bool(staff.roles & HALL_WIDE) and seated is not None and not in_person
    officer = None if staff.is_script or stands_in else staff.name
    command = replace(command, officer=officer)
    if isinstance(command, Issue):
        return replace(command, ticket_id=new_id(), generation=turn.truth.generation)
    if isinstance(command, CheckIn):
        known = checking_in.completed(command, turn)
        return replace(known, ticket_id=new_id(), generation=turn.truth.generation)
    if isinstance(command, SetServices):
        return replace(command, any_service=bool(staff.roles & HALL_WIDE))
    if isinstance(command, Announce):
        return replace(command, announcement_id=new_id())
    if isinstance(command, Readmit):
        return replace(command, proven=paper_keys.proven(turn, command.token))
    if isinstance(command, Return):
        return replace(command, beyond_grace=bool(staff.roles & HALL_WIDE))
    return command


def _stood_in(command: Command, staff: Staff, turn: Turn) -> Sequence[Payload]:
    """The note that somebody acts in the place of the officer at the counter: events name the officer alone."""
    if (
        staff.is_script
        or not staff.roles & HALL_WIDE
        or isinstance(command, IN_PERSON)
        or not command.counter
    ):
        return ()
    seated = turn.truth.hall.desk(command.counter).officer
    return () if seated in (None, staff.name) else (StoodIn(command.counter, seated, staff.name),)


def _decided(command: Command, turn: Turn, live: LiveHall) -> Sequence[Payload]:
    """What a command leads to; the text of a note is kept beside the log, which holds its commitment."""
    if not isinstance(command, WriteNote):
        return decide(turn.truth.hall, command, turn.now_ms)
    salt, text = live.random_bytes(SALT_BYTES), command.text.strip()
    promised = replace(command, note_id=live.new_id(), commitment=commitment(salt, text))
    payloads = decide(turn.truth.hall, promised, turn.now_ms)
    for payload in payloads:
        if isinstance(payload, NoteWritten):
            turn.keep_note(payload, text, salt)
    return payloads


def _answer(
    turn: Turn, command: Command, payloads: Sequence[Payload], envelopes: Sequence[Envelope]
) -> dict[str, Any]:
    hall = turn.truth.hall
    return {
        "ticket": _ticket(hall, command, payloads),
        "events": [
            {"event_id": envelope.event_id, "type": envelope.type, "body": dict(envelope.body)}
            for envelope in envelopes
        ],
        "position": turn.truth.position,
        "term": turn.term,
    }


def _ticket(hall: Hall, command: Command, payloads: Sequence[Payload]) -> dict[str, Any] | None:
    """The ticket the command was about; for `call_next` only one that was called."""
    named = [
        payload.ticket_id
        for payload in payloads
        if hasattr(payload, "ticket_id")
        and (isinstance(payload, TicketCalled) or not isinstance(command, CallNext))
    ]
    if isinstance(command, Readmit) and command.proven is not None:
        named = [command.proven.ticket_id]  # also when the hall knew it before, and nothing was written
    if not named:
        return None
    ticket = hall.tickets[named[-1]]
    waits = isinstance(command, Readmit) and ticket.state is State.WAITING
    return {
        **row(hall, ticket, ticket.step.why),
        "state": ticket.state.value,
        "counter": ticket.step.counter,
        "token": status_token(ticket.ticket_id),
        **({"ahead": people_ahead(hall, ticket.step.service, ticket.step.place)} if waits else {}),
    }
