"""Papers of the server's tickets, printed by a kiosk: who can, and what a kiosk is told until it answers.

An order is the event PrintOrdered; any print outcome ends it. It is told in every pull until then: the kiosk keeps the
ticket's id durably before paper moves, so hearing it twice prints it once.
"""

from __future__ import annotations

from typing import Any

from antrean.domain.errors import RuleViolation
from antrean.domain.estimate import people_ahead, wait_range
from antrean.domain.hall import Hall
from antrean.domain.helping import orders_for
from antrean.domain.ticket import State
from antrean.ledger import hall_devices, hall_meta
from antrean.ledger.hall_devices import Device
from antrean.ledger.writer import Transaction
from queue_server.live import Turn

DRAWS_ORDERS = 2
"""Since this version of the protocol a kiosk draws tickets it did not issue."""


def note_protocol(tx: Transaction, device_id: str, protocol: int) -> None:
    """Keep the version a device speaks; it may go back to an older program."""
    if protocol != protocol_of(tx, device_id):
        hall_meta.set_setting(tx, f"protocol.{device_id}", str(protocol))


def protocol_of(r: Transaction, device_id: str) -> int:
    """The version a device spoke when it last greeted, 1 before that."""
    return int(hall_meta.setting(r, f"protocol.{device_id}") or "1")


def can_print(r: Transaction, device: Device) -> bool:
    """Whether this device prints papers of others at all."""
    able = device.kind == "kiosk" and device.withdrawn_ms is None
    return able and protocol_of(r, device.device_id) >= DRAWS_ORDERS


def check_printer(r: Transaction, device_id: str) -> None:
    """Raises RuleViolation `cannot_print_there` unless this kiosk prints papers of others."""
    device = next((one for one in hall_devices.devices(r) if one.device_id == device_id), None)
    if device is None or not can_print(r, device):
        raise RuleViolation("cannot_print_there", kiosk=device.name if device else device_id[:40])


def told(turn: Turn, device: Device) -> list[dict[str, Any]]:
    """What a kiosk is to print now."""
    if not turn.truth.hall.orders or not can_print(turn.tx, device):
        return []
    hall = turn.truth.hall
    orders = orders_for(hall, device.device_id, turn.now_ms)
    return [_wire(hall, order.ticket_id, turn.now_ms) for order in orders]


def _wire(hall: Hall, ticket_id: str, now_ms: int) -> dict[str, Any]:
    """All that the face of the paper needs beside the mall's file, which every kiosk has."""
    ticket = hall.tickets[ticket_id]
    step, waits = ticket.step, ticket.state is State.WAITING
    wait = wait_range(hall, step.service, now_ms, step.place) if waits else None
    return {
        "ticket_id": ticket_id,
        "label": str(ticket.label),
        "service": step.service,
        "language": ticket.language,
        "priority": ticket.priority,
        "issued_ms": ticket.arrived_ms,
        "ahead": people_ahead(hall, step.service, step.place) if waits else None,
        "wait": list(wait) if wait else None,
    }
