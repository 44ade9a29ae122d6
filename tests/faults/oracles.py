"""What holds after any faults: nothing printed lost or doubled, every answered command done once, files sound."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import uuid6

from antrean.domain.errors import AntreanError
from antrean.ledger import backup, hall_log
from antrean.ledger.device import DeviceLedger
from antrean.ledger.hall import HallLedger
from antrean.ledger.hall_log import StoredEvent, StoredTicket
from kiosk.boot import machine_stamps


def _events(folder: Path) -> tuple[list[StoredEvent], dict[str, StoredTicket | None], list[str]]:
    ledger = HallLedger.open_reading(folder)
    try:
        with ledger.reading() as r:
            found = [stored for day in hall_log.days(r) for stored in hall_log.of_day(r, day)]
            ids = {str(e.envelope.body["ticket_id"]) for e in found if e.envelope.type == "TicketIssued"}
            tickets = {ticket_id: hall_log.ticket(r, ticket_id) for ticket_id in ids}
            aside = [f"event {row.seq} was put aside: {row.code}" for row in hall_log.quarantine(r)]
    finally:
        ledger.close()
    return found, tickets, aside


def server_faults(
    folder: Path, printed: Iterable[Mapping[str, Any]], answers: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """Every promise the server's ledger in `folder` breaks, given printed lines and answered commands; [] for none."""
    problems = [f"the server's ledger: {problem}" for problem in backup.verify(folder).problems]
    events, tickets, aside = _events(folder)
    issued = [event.envelope.body for event in events if event.envelope.type == "TicketIssued"]
    times = Counter(body["ticket_id"] for body in issued)
    problems += aside
    problems += [
        f"{line['label']} {line['ticket_id']} is lost" for line in printed if not times[line["ticket_id"]]
    ]
    problems += [f"ticket {ticket_id} came {count} times" for ticket_id, count in times.items() if count > 1]
    problems += _number_faults(issued, tickets)
    problems += _press_faults(events, answers)
    return problems


def _number_faults(
    issued: Sequence[Mapping[str, Any]], tickets: Mapping[str, StoredTicket | None]
) -> list[str]:
    kept = [body for body in issued if not getattr(tickets.get(body["ticket_id"]), "twin", False)]
    numbers = Counter((b["issuer"], b["generation"], b["series"], b["number"]) for b in kept)
    labels = Counter((b["day"], b["series"], b["issuer"], b["number"]) for b in kept)
    found = [f"number {number} was given {n} times" for number, n in numbers.items() if n > 1]
    found += [f"label {label} was given {n} times" for label, n in labels.items() if n > 1]
    found += [
        f"ticket {body['ticket_id']} has no row" for body in issued if tickets[body["ticket_id"]] is None
    ]
    return found


def _press_faults(events: Sequence[StoredEvent], answers: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Each answered command's events are there once, and nobody was called by a command that nobody gave."""
    there = Counter(event.envelope.event_id for event in events)
    promised = [(key, event["event_id"]) for key, answer in answers.items() for event in answer["events"]]
    found = [f"{key}: its event {event_id} is there {there[event_id]} times" for key, event_id in promised
             if there[event_id] != 1]  # fmt: skip
    known = {event_id for _, event_id in promised}
    called = [event.envelope for event in events if event.envelope.type == "TicketCalled"]
    found += [f"nobody asked for the call {e.event_id}" for e in called if e.event_id not in known]
    times = Counter(str(e.body["ticket_id"]) for e in called)
    found += [f"ticket {ticket_id} was called {n} times" for ticket_id, n in times.items() if n > 1]
    if len(known) != len(promised):
        found.append("two commands were answered with the same event")
    return found


def kiosk_faults(folder: Path, printed: Iterable[Mapping[str, Any]], at_server: Path) -> list[str]:
    """Every promise a kiosk's ledger breaks; `printed` are its own lines. All its tickets must be at the server."""
    try:
        ledger = DeviceLedger.open(folder, new_id=lambda: str(uuid6.uuid7()), stamp=machine_stamps()())
    except AntreanError as error:  # quick_check is part of opening
        return [f"{folder.name} does not open: {error}"]
    try:
        ledger.check_chain()
        own = [event.body for event in ledger.events() if event.type == "TicketIssued"]
        waiting = ledger.outbox.count()
    except AntreanError as error:
        return [f"{folder.name}: {error}"]
    finally:
        ledger.close()
    problems = [f"{folder.name} still has {waiting} events to send"] if waiting else []
    problems += _order_faults(folder, own)
    ids = {body["ticket_id"] for body in own}
    problems += [f"{line['label']} was printed and is not in the log of {folder.name}" for line in printed
                 if line["ticket_id"] not in ids]  # fmt: skip
    heard = {event.envelope.body["ticket_id"] for event in _events(at_server)[0]
             if event.envelope.type == "TicketIssued"}  # fmt: skip
    return problems + [f"{folder.name} issued {lost}, and the server never heard" for lost in ids - heard]


def _order_faults(folder: Path, own: Iterable[Mapping[str, Any]]) -> list[str]:
    """Numbers that do not go up within a generation, in the order of the log."""
    last: dict[tuple[str, str, int], int] = {}
    found = []
    for body in own:
        line = (body["series"], body["issuer"], body["generation"])
        if body["number"] <= last.get(line, 0):
            found.append(f"{folder.name} gave {line} number {body['number']} after {last[line]}")
        last[line] = body["number"]
    return found
