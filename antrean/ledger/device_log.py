"""A device's own chained log: what one open transaction does to it."""

import json
from dataclasses import dataclass

from antrean.domain.errors import RuleViolation
from antrean.domain.event import Envelope, canonical
from antrean.domain.events import (
    DayOpened,
    Payload,
    TicketIssued,
    TicketPrinted,
    TicketPrintFailed,
    TicketPrintUnknown,
    body_of,
    type_of,
)
from antrean.domain.label import Label
from antrean.domain.numbering import next_number
from antrean.domain.timeline import Stamp
from antrean.ledger.driver import Connection, Row

COLUMNS = "event_id, device_id, log_id, seq, type, v, boot_id, boot_ms, wall_ms, body, prev_hash"
_OWN = "device_id, issuer, log_id, last_seq, last_hash, day, generation"
_PRINTED = {TicketPrinted: "ok", TicketPrintFailed: "failed", TicketPrintUnknown: "unknown"}


@dataclass(frozen=True, slots=True)
class Own:
    """Who the device is and where its log and its day stand; issuer "" before pairing, day "" before the first."""

    device_id: str
    issuer: str
    log_id: str
    last_seq: int
    last_hash: str
    day: str
    generation: int


@dataclass(frozen=True, slots=True)
class Order:
    """What a visitor asks for; `quota` is the service's tickets a day, None without one; `day` the local date."""

    service: str
    series: str
    day: str
    priority: bool
    language: str
    channel: str = "kiosk"
    assisted: bool = False
    quota: int | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """A durable ticket: nothing takes this number back."""

    ticket_id: str
    label: Label
    service: str
    day: str
    priority: bool
    language: str
    stamp: Stamp


def own(connection: Connection) -> Own:
    """Read the device's state."""
    row = connection.execute(f"SELECT {_OWN} FROM own").fetchone()
    if row is None:
        raise AssertionError("a device ledger is born with its row")
    return Own(*row)


def append(
    connection: Connection, payload: Payload, *, event_id: str, stamp: Stamp, at: Own | None = None
) -> int:
    """Chain one event to the log with its outbox row and return its position; `at` spares a read."""
    at = at or own(connection)
    body = body_of(payload)
    envelope = Envelope(
        event_id,
        at.device_id,
        at.log_id,
        at.last_seq + 1,
        type_of(payload),
        payload.VERSION,
        stamp.boot_id,
        stamp.boot_ms,
        stamp.wall_ms,
        body,
        at.last_hash,
    )
    position = insert(connection, envelope)
    printed = _PRINTED.get(type(payload))
    if printed is not None and not body["copy"]:
        connection.execute("UPDATE tickets SET printed = ? WHERE ticket_id = ?", (printed, body["ticket_id"]))
    return position


def insert(connection: Connection, envelope: Envelope) -> int:
    """Write an envelope, its outbox row and the log's new head; returns the event's position."""
    e, own_hash = envelope, envelope.hash()
    cursor = connection.execute(
        f"INSERT INTO events ({COLUMNS}, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            e.event_id, e.device_id, e.log_id, e.seq, e.type, e.v, e.boot_id, e.boot_ms, e.wall_ms,
            canonical(e.body).decode(), e.prev_hash, own_hash,
        ),
    )  # fmt: skip
    position = cursor.lastrowid or 0
    connection.execute("INSERT INTO outbox (position) VALUES (?)", (position,))
    connection.execute("UPDATE own SET last_seq = ?, last_hash = ?", (e.seq, own_hash))
    return position


def issue(connection: Connection, order: Order, *, ticket_id: str, event_id: str, stamp: Stamp) -> Issued:
    """Take the next number of the series: counter, event, outbox and ticket in the caller's one transaction.

    Raises RuleViolation `not_paired` without an issuer, `full` when the day's share is spent.
    """
    at = own(connection)
    if not at.issuer:
        raise RuleViolation("not_paired")
    spend(connection, order)
    number = next_number(*_known(connection, order.series))
    payload = TicketIssued(
        ticket_id=ticket_id,
        service=order.service,
        series=order.series,
        issuer=at.issuer,
        generation=at.generation,
        number=number,
        day=order.day,
        priority=order.priority,
        language=order.language,
        channel=order.channel,
        assisted=order.assisted,
    )
    position = append(connection, payload, event_id=event_id, stamp=stamp, at=at)
    connection.execute(
        "INSERT INTO tickets (issuer, generation, series, number, ticket_id, service, position, printed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 'pending')",
        (at.issuer, at.generation, order.series, number, ticket_id, order.service, position),
    )
    set_counter(connection, order.series, number)
    label = Label(order.series, at.issuer, number)
    return Issued(ticket_id, label, order.service, order.day, order.priority, order.language, stamp)


def spend(connection: Connection, order: Order) -> None:
    """Take one of the day's tickets of a service with a quota; raises RuleViolation `full`."""
    if order.quota is None:
        return
    row = connection.execute(
        "SELECT granted, spent FROM shares WHERE service = ?", (order.service,)
    ).fetchone()
    # Without a share yet (a new day out of contact) the kiosk may spend the whole quota: nobody loses a place.
    granted, spent = row if row is not None else (order.quota, 0)
    if spent >= granted:
        raise RuleViolation("full", service=order.service)
    connection.execute(
        "INSERT INTO shares VALUES (?, ?, ?) ON CONFLICT (service) DO UPDATE SET spent = excluded.spent",
        (order.service, granted, spent + 1),
    )


def open_day(
    connection: Connection,
    day: str,
    generation: int,
    by: str,
    *,
    event_id: str,
    stamp: Stamp,
    restart: bool = True,
) -> None:
    """Go on under `generation` if it is higher; with `restart` the numbers of every series start from 1 again."""
    at = own(connection)
    if generation <= at.generation or not at.issuer:
        return
    append(connection, DayOpened(day, generation, at.issuer, by), event_id=event_id, stamp=stamp, at=at)
    connection.execute("UPDATE own SET day = ?, generation = ?", (day, generation))
    for table in ("counters", "heard", "shares") if restart else ():
        connection.execute(f"DELETE FROM {table}")


def set_counter(connection: Connection, series: str, last: int) -> None:
    """Note the last number of a series."""
    connection.execute(
        "INSERT INTO counters VALUES (?, ?) ON CONFLICT (series) DO UPDATE SET last = excluded.last",
        (series, last),
    )


def envelope_of(row: Row) -> Envelope:
    """Read COLUMNS back."""
    device = (row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8])
    return Envelope(*device, json.loads(row[9]), row[10])


def _known(connection: Connection, series: str) -> tuple[int, int]:
    row = connection.execute(
        "SELECT coalesce((SELECT last FROM counters WHERE series = ?1), 0),"
        " coalesce((SELECT number FROM heard WHERE series = ?1), 0)",
        (series,),
    ).fetchone()
    return (row[0], row[1]) if row else (0, 0)
