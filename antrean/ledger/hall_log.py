"""The accepted log of every device, in the order of acceptance, and the numbers that are taken."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from antrean.domain.errors import RuleViolation
from antrean.domain.event import Envelope
from antrean.ledger.driver import Row, SqliteError
from antrean.ledger.hall_quarantine import Quarantined as Quarantined
from antrean.ledger.hall_quarantine import put_aside
from antrean.ledger.hall_quarantine import quarantine as quarantine
from antrean.ledger.writer import Transaction

_COLUMNS = (
    "position, event_id, device_id, log_id, seq, type, v, boot_id, boot_ms, wall_ms, body, prev_hash, hash,"
    " order_ms, anchored, received_ms, day"
)
_INSERT = f"INSERT INTO events ({_COLUMNS}) VALUES ({', '.join('?' * 17)})"
_JSON = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":")
).encode  # one for all: half the time of `dumps`
_INSERT_TICKET = "INSERT INTO tickets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event the server accepts; `order_ms` is its place in server time, fixed once, `day` the local date."""

    envelope: Envelope
    hash: str
    order_ms: int
    day: str
    anchored: bool = True


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An accepted event with its position in the server's log."""

    position: int
    envelope: Envelope
    hash: str
    order_ms: int
    received_ms: int
    day: str
    anchored: bool


@dataclass(frozen=True, slots=True)
class Head:
    """How far one device's log is known: highest seq, its hash, its order time; (0, "", 0) when unknown."""

    ack_seq: int
    last_hash: str
    last_order_ms: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """What an acceptance did: positions in the order of the events, the log's new head, the twins."""

    positions: range
    head: Head
    twins: frozenset[str]


@dataclass(frozen=True, slots=True)
class StoredTicket:
    """A ticket that was ever issued; `twin` when another one took the number first."""

    ticket_id: str
    issuer: str
    generation: int
    series: str
    number: int
    service: str
    day: str
    position: int
    twin: bool


def head(r: Transaction, device_id: str, log_id: str) -> Head:
    """How far this device's log is known."""
    row = r.execute(
        "SELECT ack_seq, last_hash, last_order_ms FROM device_logs WHERE device_id = ? AND log_id = ?",
        (device_id, log_id),
    ).fetchone()
    return Head(0, "", 0) if row is None else Head(*row)


def heads(r: Transaction, device_id: str) -> dict[str, Head]:
    """How far each log of a device is known."""
    rows = r.execute(
        "SELECT log_id, ack_seq, last_hash, last_order_ms FROM device_logs WHERE device_id = ?", (device_id,)
    )
    return {row[0]: Head(*row[1:]) for row in rows}


def accept(
    tx: Transaction, events: Sequence[NewEvent], *, received_ms: int, quarantined: Sequence[Quarantined] = ()
) -> Accepted:
    """Append the next events of one device's log.

    Together with the quarantined ones their seqs follow the head without a gap, in ascending order.
    Raises RuleViolation `gap` (param ack_seq), `fork` (param seq) when the chain does not continue the
    known log,
    `duplicate_event` or `duplicate_ticket` (param seq) when an id was used before: quarantine that one and
    try again.
    """
    links = [(e.envelope.seq, e.envelope.prev_hash, e.hash) for e in events]
    links += [(q.seq, q.prev_hash, q.hash) for q in quarantined]
    if not links:
        raise ValueError("nothing to accept")
    device_id, log_id = _log_of(events, quarantined)
    before = head(tx, device_id, log_id)
    last_hash = _check_links(sorted(links), before)
    first = last_position(tx) + 1
    rows = [_row(first + index, event, received_ms) for index, event in enumerate(events)]
    try:
        tx.executemany(_INSERT, rows)
    except SqliteError as error:
        raise _duplicate_event(tx, events) or error from error
    twins = _take_numbers(tx, events, first)
    put_aside(tx, quarantined, received_ms)
    order_ms = max([before.last_order_ms, *(event.order_ms for event in events)])
    after = Head(before.ack_seq + len(links), last_hash, order_ms)
    tx.execute(
        "INSERT INTO device_logs VALUES (?, ?, ?, ?, ?) ON CONFLICT (device_id, log_id) DO UPDATE"
        " SET ack_seq = excluded.ack_seq, last_hash = excluded.last_hash, last_order_ms = "
        "excluded.last_order_ms",
        (device_id, log_id, after.ack_seq, after.last_hash, after.last_order_ms),
    )
    return Accepted(range(first, first + len(rows)), after, twins)


def accept_again(tx: Transaction, event: NewEvent, *, received_ms: int) -> int:
    """Append an event whose place in its device's log was acknowledged when it was put aside; gives its position.

    Raises RuleViolation `duplicate_event` or `duplicate_ticket`.
    """
    position = last_position(tx) + 1
    try:
        tx.execute(_INSERT, _row(position, event, received_ms))
    except SqliteError as error:
        raise _duplicate_event(tx, [event]) or error from error
    _take_numbers(tx, [event], position)
    return position


def order_before(r: Transaction, device_id: str, log_id: str, seq: int) -> int:
    """The order time of a log's last accepted event before `seq`, 0 when there is none."""
    row = r.execute(
        "SELECT order_ms FROM events WHERE device_id = ? AND log_id = ? AND seq < ? ORDER BY seq DESC LIMIT 1",
        (device_id, log_id, seq),
    ).fetchone()
    return 0 if row is None else int(row[0])


def compare(r: Transaction, device_id: str, log_id: str, hashes: Mapping[int, str]) -> None:
    """Check re-offered events against the stored ones; raises RuleViolation `fork` (param seq) on another hash."""
    for seq, offered in hashes.items():
        row = r.execute(
            "SELECT hash FROM events WHERE device_id = ?1 AND log_id = ?2 AND seq = ?3"
            " UNION ALL SELECT hash FROM quarantine WHERE device_id = ?1 AND log_id = ?2 AND seq = ?3",
            (device_id, log_id, seq),
        ).fetchone()
        if row is not None and row[0] != offered:
            raise RuleViolation("fork", seq=seq)


def since(r: Transaction, position: int, limit: int = 1000) -> list[StoredEvent]:
    """Up to `limit` events after `position`, in the order of acceptance."""
    rows = r.execute(
        f"SELECT {_COLUMNS} FROM events WHERE position > ? ORDER BY position LIMIT ?", (position, limit)
    )
    return [_stored(row) for row in rows]


def of_types(
    r: Transaction, position: int, limit: int, types: Sequence[str]
) -> tuple[list[StoredEvent], int]:
    """The events of these types among the next `limit` after `position`, and the position where those end."""
    row = r.execute(
        "SELECT max(position) FROM (SELECT position FROM events WHERE position > ? ORDER BY position LIMIT ?)",
        (position, limit),
    ).fetchone()
    end = position if row is None or row[0] is None else row[0]
    rows = r.execute(
        f"SELECT {_COLUMNS} FROM events WHERE position > ? AND position <= ?"
        f" AND type IN ({', '.join('?' * len(types))}) ORDER BY position",
        (position, end, *types),
    )
    return [_stored(row) for row in rows], end


def of_day(r: Transaction, day: str) -> Iterator[StoredEvent]:
    """The events of one local date in the order of acceptance, streamed."""
    return between(r, day, day)


def between(r: Transaction, first_day: str, last_day: str) -> Iterator[StoredEvent]:
    """The events of a range of local dates by day, then order of acceptance, streamed."""
    rows = r.execute(
        f"SELECT {_COLUMNS} FROM events WHERE day BETWEEN ? AND ? ORDER BY day, position",
        (first_day, last_day),
    )
    return map(_stored, rows)


def of_ticket(r: Transaction, ticket: StoredTicket) -> list[StoredEvent]:
    """What was accepted of one ticket on its day, in the order of acceptance, and who stood in for whom that day."""
    rows = r.execute(
        f"SELECT {_COLUMNS} FROM events WHERE day = ?"
        " AND (type = 'StoodIn' OR json_extract(body, '$.ticket_id') = ?) ORDER BY position",
        (ticket.day, ticket.ticket_id),
    )
    return [_stored(row) for row in rows]


def in_chain_order(r: Transaction) -> Iterator[StoredEvent]:
    """Every event, log by log in the order of its seqs, streamed."""
    return map(_stored, r.execute(f"SELECT {_COLUMNS} FROM events ORDER BY device_id, log_id, seq"))


def last_position(r: Transaction) -> int:
    """The position of the newest event, 0 when there is none."""
    row = r.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
    return 0 if row is None else int(row[0])


def last_received_ms(r: Transaction) -> int:
    """The server time of the newest acceptance, 0 when there is none."""
    row = r.execute("SELECT received_ms FROM events ORDER BY position DESC LIMIT 1").fetchone()
    return 0 if row is None else int(row[0])


def days(r: Transaction) -> list[str]:
    """Every local date that has events, oldest first."""
    # A loose index scan: one step a day instead of one a row.
    sql = (
        "WITH RECURSIVE known (day) AS (SELECT min(day) FROM events UNION ALL"
        " SELECT (SELECT min(day) FROM events WHERE events.day > known.day) FROM known WHERE known.day IS "
        "NOT NULL)"
        " SELECT day FROM known WHERE day IS NOT NULL"
    )
    return [row[0] for row in r.execute(sql)]


def ticket(r: Transaction, ticket_id: str) -> StoredTicket | None:
    """A ticket by its id, of any day."""
    row = r.execute("SELECT * FROM tickets WHERE ticket_id = ?", (ticket_id,)).fetchone()
    return None if row is None else _ticket(row)


def tickets_numbered(r: Transaction, day: str, number: int) -> list[StoredTicket]:
    """The tickets of a local date with this number under any letters, in the order of acceptance."""
    rows = r.execute("SELECT * FROM tickets WHERE day = ? AND number = ? ORDER BY position", (day, number))
    return [_ticket(row) for row in rows]


def highest_generation(r: Transaction, issuer: str) -> int:
    """The highest generation ever seen of this issuer, 0 when none."""
    row = r.execute("SELECT generation FROM generations WHERE issuer = ?", (issuer,)).fetchone()
    return 0 if row is None else int(row[0])


def raise_generation(tx: Transaction, issuer: str, generation: int) -> None:
    """Remember `generation` for the issuer unless a higher one is known."""
    tx.execute(
        "INSERT INTO generations VALUES (?, ?) ON CONFLICT (issuer) DO UPDATE"
        " SET generation = max(generation, excluded.generation)",
        (issuer, generation),
    )


def _ticket(row: Row) -> StoredTicket:
    return StoredTicket(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], bool(row[8]))


def _log_of(events: Sequence[NewEvent], quarantined: Sequence[Quarantined]) -> tuple[str, str]:
    names = {(e.envelope.device_id, e.envelope.log_id) for e in events}
    names |= {(q.device_id, q.log_id) for q in quarantined}
    if len(names) != 1:
        raise ValueError("events of one log at a time")
    return names.pop()


def _check_links(links: Sequence[tuple[int, str, str]], before: Head) -> str:
    last_seq, last_hash = before.ack_seq, before.last_hash
    for seq, prev_hash, own_hash in links:
        if seq != last_seq + 1:
            raise RuleViolation("gap", ack_seq=before.ack_seq)
        if prev_hash != last_hash:
            raise RuleViolation("fork", seq=seq)
        last_seq, last_hash = seq, own_hash
    return last_hash


def _row(position: int, event: NewEvent, received_ms: int) -> Row:
    e = event.envelope
    return (
        position, e.event_id, e.device_id, e.log_id, e.seq, e.type, e.v, e.boot_id, e.boot_ms, e.wall_ms,
        _JSON(e.body), e.prev_hash, event.hash, event.order_ms, int(event.anchored), received_ms,
        event.day,
    )  # fmt: skip


def _stored(row: Row) -> StoredEvent:
    sent = (row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9])
    return StoredEvent(
        position=row[0],
        envelope=Envelope(*sent, json.loads(row[10]), row[11]),
        hash=row[12],
        order_ms=row[13],
        anchored=bool(row[14]),
        received_ms=row[15],
        day=row[16],
    )


def _take_numbers(tx: Transaction, events: Sequence[NewEvent], first: int) -> frozenset[str]:
    generations: dict[str, int] = {}
    rows: list[Row] = []
    for position, event in enumerate(events, first):
        e = event.envelope
        if e.type not in ("TicketIssued", "TicketReadmitted", "DayOpened"):
            continue
        b = e.body
        generations[b["issuer"]] = max(generations.get(b["issuer"], 0), b["generation"])
        if e.type != "DayOpened":
            number = (b["issuer"], b["generation"], b["series"], b["number"])
            rows.append((b["ticket_id"], *number, b["service"], event.day, position, 0))
    taken = tx.executemany(f"{_INSERT_TICKET} ON CONFLICT DO NOTHING", rows).rowcount if rows else 0
    for issuer, generation in generations.items():
        raise_generation(tx, issuer, generation)
    return frozenset() if taken == len(rows) else _twins(tx, rows, events, first)


def _twins(tx: Transaction, rows: Sequence[Row], events: Sequence[NewEvent], first: int) -> frozenset[str]:
    twins = set()
    for row in rows:
        stored = ticket(tx, row[0])
        if stored is None:
            tx.execute(_INSERT_TICKET, (*row[:-1], 1))
            twins.add(row[0])
        elif stored.position != row[7] and not _same_ticket(stored, row):
            raise RuleViolation("duplicate_ticket", seq=events[row[7] - first].envelope.seq)
    return frozenset(twins)


def _same_ticket(stored: StoredTicket, row: Row) -> bool:
    """Whether a ticket that is known is only told of again: by an older disk image that came back, by its paper."""
    known = (stored.ticket_id, stored.issuer, stored.generation, stored.series, stored.number, stored.service)
    return known == row[:6]


def _duplicate_event(tx: Transaction, events: Sequence[NewEvent]) -> RuleViolation | None:
    seen = set()
    for event in events:
        e = event.envelope
        row = tx.execute(
            "SELECT device_id, log_id, seq FROM events WHERE event_id = ?", (e.event_id,)
        ).fetchone()
        if e.event_id in seen or (row is not None and row != (e.device_id, e.log_id, e.seq)):
            return RuleViolation("duplicate_event", seq=e.seq)
        seen.add(e.event_id)
    return None
