"""Reading what can still be read of a damaged device ledger, row by row, until errors and past them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from antrean.domain.errors import AntreanError
from antrean.domain.event import Envelope
from antrean.ledger.connection import connect_damaged
from antrean.ledger.device_log import COLUMNS, Own, envelope_of
from antrean.ledger.driver import Connection, Row, SqliteError

MOST_BAD_IN_A_ROW = 20_000
"""A damaged index can promise positions that never were; after so many bad ones the rest is given up."""
_BOOKINGS = "source, booking_id, code, service, start_ms, end_ms, status, label, ticket_id, typed, listing"
_ARRIVALS = (
    "source, booking_id, ticket_id, code, service, label, slot_ms, slot_end_ms, proof, day, priority, language, token,"
    " taken_ms"
)
_OWN = "device_id, issuer, log_id, last_seq, last_hash, day, generation"


@dataclass(frozen=True)
class Salvaged:
    """What was readable: events whose hash is right and that nobody acknowledged, oldest first; facts and tables.

    `generation` is the highest met anywhere, `numbers` the highest of each series within the newest generation.
    """

    events: tuple[Envelope, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    own: Own | None = None
    generation: int = 0
    numbers: Mapping[str, int] = field(default_factory=dict)
    tables: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)


def salvage(path: Path) -> Salvaged:
    """Read the database at `path`; an unreadable one gives an empty `Salvaged`. Changes nothing in the file."""
    # Without the file beside the WAL that says which frames count, the database alone is better than nothing.
    for without_wal in (False, True):
        try:
            connection = connect_damaged(path, without_wal=without_wal)
        except SqliteError:
            continue
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return _read(connection)
        except SqliteError:
            continue
        finally:
            connection.close()
    return Salvaged()


def _read(connection: Connection) -> Salvaged:
    own_rows = _rows(connection, f"SELECT {_OWN} FROM own")
    own = _own(own_rows[0]) if own_rows else None
    all_events = list(_events(connection))
    acknowledged = {
        row[0]
        for row in _rows(
            connection, "SELECT position FROM outbox WHERE acknowledged_ms IS NOT NULL OR moved = 1"
        )
    }
    tables = {
        name: tuple(_rows(connection, f"SELECT {columns} FROM {name}"))
        for name, columns in (
            ("heard", "series, number"),
            ("shares", "service, day, granted, spent"),
            ("anchors", "boot_id, boot_ms, server_ms, error_ms, epoch"),
            ("print_orders", "ticket_id, printed"),
            ("bookings", _BOOKINGS),
            ("booking_keys", "source, mall, key_hex"),
            ("booking_arrivals", _ARRIVALS),
        )
    }
    generation, numbers = _numbers(
        own, [event for _, event in all_events], _rows(connection, "SELECT series, last FROM counters")
    )
    facts = {str(row[0]): str(row[1]) for row in _rows(connection, "SELECT name, value FROM meta")}
    waiting = tuple(event for position, event in all_events if position not in acknowledged)
    return Salvaged(waiting, facts, own, generation, numbers, tables)


def _rows(connection: Connection, sql: str) -> list[Row]:
    found: list[Row] = []
    try:
        for row in connection.execute(sql):
            found.append(row)
    except SqliteError:
        return found
    return found


def _own(row: Row) -> Own | None:
    kinds = (str, str, str, int, str, str, int)
    return Own(*row) if all(isinstance(value, kind) for value, kind in zip(row, kinds, strict=True)) else None


def _events(connection: Connection) -> Iterator[tuple[int, Envelope]]:
    sql = f"SELECT {COLUMNS}, hash, position FROM events"
    last = 0
    try:
        for row in connection.execute(f"{sql} NOT INDEXED ORDER BY position"):
            last = max(last, row[-1])
            yield from sound(row)
        return
    except SqliteError:
        pass  # a bad page ends the walk; beyond it every row is asked for by itself
    bad = 0
    for position in range(last + 1, _highest(connection) + 1):
        rows = _rows(connection, f"{sql} WHERE position = {position}")
        bad = 0 if rows else bad + 1
        if bad > MOST_BAD_IN_A_ROW:
            return
        for row in rows:
            yield from sound(row)


def _highest(connection: Connection) -> int:
    asked = (
        "SELECT seq FROM sqlite_sequence WHERE name = 'events'",
        "SELECT position FROM events ORDER BY position DESC LIMIT 1",
        "SELECT max(position) FROM outbox",
    )
    found = [row[0] for sql in asked for row in _rows(connection, sql)]
    return max([value for value in found if isinstance(value, int)], default=0)


def sound(row: Row) -> Iterator[tuple[int, Envelope]]:
    """The event of a row (the columns of a log, its hash, its position), unless the row is not what was written."""
    try:
        envelope = Envelope.from_dict(envelope_of(row).to_dict())
        if envelope.hash() == row[-2]:
            yield row[-1], envelope
    except (AntreanError, ValueError, TypeError, AttributeError, json.JSONDecodeError):
        return


def _numbers(own: Own | None, events: list[Envelope], counters: list[Row]) -> tuple[int, dict[str, int]]:
    told = [event.body for event in events if event.type in ("TicketIssued", "NumbersSkipped", "DayOpened")]
    generations = [body["generation"] for body in told if isinstance(body.get("generation"), int)]
    generation = max([own.generation if own else 0, *generations])
    numbers: dict[str, int] = {}
    for body in told:
        number = body.get("number", body.get("through"))
        if body.get("generation") == generation and isinstance(number, int):
            numbers[body["series"]] = max(numbers.get(body["series"], 0), number)
    if own is None or own.generation == generation:
        for row in counters:
            if isinstance(row[0], str) and isinstance(row[1], int):
                numbers[row[0]] = max(numbers.get(row[0], 0), row[1])
    return generation, numbers
