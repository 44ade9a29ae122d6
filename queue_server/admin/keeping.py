"""`tickets`, `backup`, `restore`, `verify`: reading the day and keeping the data."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from antrean.domain.errors import AntreanError
from antrean.domain.hall import Hall, empty_hall
from antrean.domain.ticket import Place, State, Ticket
from antrean.ledger import backup as backups
from antrean.ledger import hall_lives, hall_log, hall_meta
from queue_server.admin.tools import Desk, mall_in, warn
from queue_server.backups import BACKUPS, backup_name
from queue_server.live import fold

IDLE = frozenset({State.WAITING, State.CALLED, State.ON_HOLD, State.NO_SHOW})


def tickets(desk: Desk, options: Namespace) -> None:
    """Lists the tickets of a day in calling order: those called, by first call, then those waiting."""
    with desk.reading() as ledger:
        mall = mall_in(ledger)
        with ledger.reading() as r:
            today = hall_meta.meta(r).day
            day = options.day or today
            hall = fold(empty_hall(mall, day), hall_log.of_day(r, day))
            called = _first_calls(hall_log.of_day(r, day))
    for ticket in calling_order(hall, called):
        state = ticket.state.value
        if day < today and ticket.state in IDLE:
            state = State.EXPIRED.value
        row = {
            "ticket_id": ticket.ticket_id,
            "label": str(ticket.label),
            "service": ticket.step.service,
            "state": state,
            "arrived_at": ticket.arrived_ms,
            "counter": ticket.step.counter,
        }
        if options.json:
            visit = {"steps": _steps(ticket), "plan": list(ticket.plan)} if options.steps else {}
            desk.say_json({**row, **visit})
        else:
            desk.say(f"{row['label']:9} {state:12} {row['counter'] or '-':5} {row['service']}")


def _steps(ticket: Ticket) -> list[dict[str, Any]]:
    """The services of the visit so far, each with its own state, counter and moments; the last one is current."""
    return [
        {
            "service": step.service,
            "state": step.state.value,
            "counter": step.counter,
            "arrived_at": step.arrived_ms,
            "called_at": step.called_ms,
            "started_at": step.started_ms,
            "ended_at": step.ended_ms,
        }
        for step in ticket.steps
    ]


def _first_calls(log: Iterator[hall_log.StoredEvent]) -> dict[str, int]:
    first: dict[str, int] = {}
    for stored in log:
        if stored.envelope.type == "TicketCalled":
            first.setdefault(stored.envelope.body["ticket_id"], stored.position)
    return first


def calling_order(hall: Hall, called: dict[str, int]) -> list[Ticket]:
    """All tickets of the hall: those called at least once by first call, then the waiting by place, then the rest."""

    def key(ticket: Ticket) -> tuple[int, int, Place]:
        waiting = ticket.state is State.WAITING
        if ticket.ticket_id in called and not waiting:
            return 0, called[ticket.ticket_id], ticket.step.place
        return (1 if waiting else 2), 0, ticket.step.place

    return sorted(hall.tickets.values(), key=key)


def backup(desk: Desk, options: Namespace) -> None:
    """Writes a verified copy, also beside a running server, and prints its path.

    Without a target it goes to the folder of the server's own backups, which are kept and dropped by themselves.
    """
    target: Path = options.target or desk.data / BACKUPS / backup_name(desk.now_ms())
    target.parent.mkdir(parents=True, exist_ok=True)
    made = backups.backup(desk.data, target)
    desk.say(f"{target}: {made.events} events, last position {made.last_position}")


def restore(desk: Desk, options: Namespace) -> None:
    """Puts a backup back as a new incarnation: devices then offer again what the backup lacks."""
    backups.restore(
        options.file, desk.data, incarnation=desk.new_id(), log_id=desk.new_id(), force=options.force
    )
    warn(f"{desk.data} is restored; start the server, and the devices will offer again what is missing")


def take_over(desk: Desk, options: Namespace) -> None:
    """Puts this server's life above every one its devices have met: they follow it and offer again what it lacks."""
    incarnation, log_id = desk.new_id(), desk.new_id()
    with desk.alone() as ledger:
        ledger.writer.run(lambda tx: hall_lives.reincarnate(tx, incarnation=incarnation, log_id=log_id))
        with ledger.reading() as r:
            term = hall_meta.meta(r).term
    warn(f"{desk.data} goes on under term {term}; start it, and never again the server it replaces")


def verify(desk: Desk, options: Namespace) -> None:
    """Checks the file and the chain of every log; raises AntreanError with the findings."""
    target: Path = options.file or desk.data
    found = backups.verify(target)
    if found.problems:
        raise AntreanError("; ".join(found.problems))
    desk.say(f"{target}: {found.events} events, last position {found.last_position}, no problems")
