"""A device's own chained log: what one open transaction does to it."""

import json
from dataclasses import dataclass

from antrean.domain.booking_code import normal_code
from antrean.domain.claim import Seal
from antrean.domain.errors import RuleViolation
from antrean.domain.event import Envelope, canonical
from antrean.domain.events import (
    AssistanceGiven,
    DayOpened,
    Payload,
    TicketIssued,
    TicketPrinted,
    TicketPrintFailed,
    TicketPrintUnknown,
    TicketReadmitted,
    body_of,
    type_of,
)
from antrean.domain.label import Label
from antrean.domain.numbering import next_number
from antrean.domain.timeline import Stamp
from antrean.ledger import device_arrivals
from antrean.ledger.device_arrivals import Arrival, Arrived
from antrean.ledger.driver import Connection, Row

COLUMNS = "event_id, device_id, log_id, seq, type, v, boot_id, boot_ms, wall_ms, body, prev_hash"
_OWN = "device_id, issuer, log_id, last_seq, last_hash, day, generation"
KEPT_ORDERS = 1_000
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
class Assistance:
    """Why staff take a ticket for its visitor, and how long that took so far; `event_id` is its own event's."""

    event_id: str
    reason: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Order:
    """What a visitor asks for; `quota` is the service's tickets a day, None without one; `day` the local date.

    `assistance` is why an assisted ticket is taken by staff, None where nobody said; `booking` what the visitor came
    with, None for one who walked in.
    """

    service: str
    series: str
    day: str
    priority: bool
    language: str
    channel: str = "kiosk"
    assisted: bool = False
    quota: int | None = None
    assistance: Assistance | None = None
    booking: Arrival | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """A durable ticket: nothing takes this number back. `token` is the staff code printed at its foot, `booking` what
    its visitor came with.
    """

    ticket_id: str
    label: Label
    service: str
    day: str
    priority: bool
    language: str
    stamp: Stamp
    token: str = ""
    booking: Arrival | None = None


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
        for table in ("tickets", "print_orders"):
            connection.execute(
                f"UPDATE {table} SET printed = ? WHERE ticket_id = ?", (printed, body["ticket_id"])
            )
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


def issue(connection: Connection, order: Order, *, seal: Seal, event_id: str, stamp: Stamp) -> Issued:
    """Take the next number of the series: counter, event, outbox and ticket in the caller's one transaction.

    `seal` makes the ticket's id and the code on its paper out of the number, so it runs in here.
    Raises RuleViolation `not_paired` without an issuer, `full` when the day's share is spent, `booking_arrived` when
    the order's booking has its number from here already.
    """
    at = own(connection)
    if not at.issuer:
        raise RuleViolation("not_paired")
    if order.booking is not None:
        device_arrivals.refuse_twice(connection, order.booking)
    spend(connection, order)
    number = next_number(*_known(connection, order.series))
    sealed = seal(at.issuer, at.generation, number)
    ticket_id = sealed.ticket_id
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
    if order.assistance is not None:
        given = AssistanceGiven(ticket_id, order.assistance.reason, order.assistance.minutes)
        append(connection, given, event_id=order.assistance.event_id, stamp=stamp)
    label = Label(order.series, at.issuer, number)
    issued = Issued(
        ticket_id,
        label,
        order.service,
        order.day,
        order.priority,
        order.language,
        stamp,
        sealed.token,
        order.booking,
    )
    if order.booking is not None:
        _arrive(connection, issued, order.booking)
    return issued


def _arrive(connection: Connection, issued: Issued, booking: Arrival) -> None:
    """Say of the ticket just issued which booking it is for, and keep that for whoever asks again."""
    append(connection, booking.event(issued.ticket_id), event_id=booking.event_id, stamp=issued.stamp)
    arrived = Arrived(
        ticket_id=issued.ticket_id,
        source=booking.source,
        booking_id=booking.booking_id,
        code=normal_code(booking.code),
        service=issued.service,
        label=str(issued.label),
        slot_ms=booking.slot_ms,
        slot_end_ms=booking.slot_end_ms,
        proof=booking.proof,
        day=issued.day,
        priority=issued.priority,
        language=issued.language,
        token=issued.token,
        taken_ms=booking.taken_ms,
    )
    device_arrivals.note(connection, arrived)


def readmit(
    connection: Connection, paper: TicketReadmitted, day: str, *, event_id: str, stamp: Stamp
) -> bool:
    """Log that a paper of local date `day` gave its place back; False when this log knows the ticket already.

    Its number is heard, so that this device never gives it to anybody else. Raises RuleViolation `not_paired`.
    """
    at = own(connection)
    if not at.issuer:
        raise RuleViolation("not_paired")
    if knows(connection, paper.ticket_id):
        return False
    append(connection, paper, event_id=event_id, stamp=stamp, at=at)
    if day == at.day:
        connection.execute(
            "INSERT INTO heard VALUES (?, ?) ON CONFLICT (series) DO UPDATE"
            " SET number = max(number, excluded.number)",
            (paper.series, paper.number),
        )
    return True


def knows(connection: Connection, ticket_id: str) -> bool:
    """Whether this device issued the ticket or took its paper back before."""
    row = connection.execute(
        "SELECT 1 FROM tickets WHERE ticket_id = ?1 UNION ALL SELECT 1 FROM events"
        " WHERE type = 'TicketReadmitted' AND json_extract(body, '$.ticket_id') = ?1 LIMIT 1",
        (ticket_id,),
    ).fetchone()
    return row is not None


def take_order(connection: Connection, ticket_id: str) -> bool:
    """Note, before paper moves, that this device prints a ticket of the server; False when it did so before.

    Old notes go: the ids are ordered by time, and the server tells an order for two minutes only.
    """
    taken = connection.execute("INSERT OR IGNORE INTO print_orders VALUES (?, 'pending')", (ticket_id,))
    connection.execute(
        "DELETE FROM print_orders WHERE ticket_id <="
        " (SELECT ticket_id FROM print_orders ORDER BY ticket_id DESC LIMIT 1 OFFSET ?)",
        (KEPT_ORDERS,),
    )
    return taken.rowcount == 1


def tickets_of_generation(connection: Connection, generation: int) -> list[Envelope]:
    """What the device wrote of the tickets of its current generation, and of papers it took back, oldest first."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM events WHERE type = 'TicketReadmitted' OR json_extract(body, '$.ticket_id') IN"
        " (SELECT ticket_id FROM tickets WHERE generation = ?) ORDER BY position",
        (generation,),
    )
    seen: set[tuple[str, str]] = set()
    found = []
    for event in map(envelope_of, rows):
        told = event.type, event.body["ticket_id"]
        if told not in seen:
            seen.add(told)
            found.append(event)
    return found


def spend(connection: Connection, order: Order) -> None:
    """Take one of the day's tickets of a service with a quota; raises RuleViolation `full`.

    A booking counts and is never refused: its place was promised.
    """
    if order.quota is None:
        return
    day, granted, spent = share(connection, order.service, order.day)
    promised = order.booking is not None and order.booking.promised
    if spent >= granted and not promised:
        raise RuleViolation("full", service=order.service)
    connection.execute(
        "INSERT INTO shares VALUES (?1, ?2, ?3, ?4) ON CONFLICT (service) DO UPDATE"
        " SET day = ?2, granted = ?3, spent = ?4",
        (order.service, day, granted, spent + 1),
    )


def share(connection: Connection, service: str, day: str) -> tuple[str, int, int]:
    """The (day, granted, spent) a ticket of `day` draws on.

    On a day the server has not spoken of yet it is the base share, of which every kiosk has its own: together they
    stay below the quota however long the kiosks are out of contact.
    """
    row = connection.execute(
        "SELECT day, granted, spent FROM shares WHERE service = ?", (service,)
    ).fetchone()
    if row is not None and row[0] >= day:
        return row[0], row[1], row[2]
    kept = connection.execute("SELECT value FROM meta WHERE name = 'base_shares'").fetchone()
    return day, (json.loads(kept[0]) if kept else {}).get(service, 0), 0


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
    for table in ("counters", "heard") if restart else ():
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
