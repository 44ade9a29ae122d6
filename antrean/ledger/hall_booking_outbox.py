"""What the mall has to tell outsides, in order: each outcome with a random key that is durable before the first try.

A row is waiting, done, quarantined (the outside will never take it: a person looks) or dismissed (by that person).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from antrean.domain.errors import RuleViolation
from antrean.ledger import hall_log, hall_meta
from antrean.ledger.driver import Row
from antrean.ledger.hall_log import StoredEvent
from antrean.ledger.writer import Transaction

TOLD = "bookings.told"
"""The setting that keeps how far the log was projected: every outcome up to there is in the outbox."""
WAITING, DONE, QUARANTINED, DISMISSED = "waiting", "done", "quarantined", "dismissed"
_COLUMNS = (
    "id, key, source, booking_id, what, at_ms, after_cancel, label, state, attempts, next_ms, last_error, made_ms,"
    " settled_ms, settled_by"
)
_SPEAKS_OF_BOOKINGS = (
    "BookingArrived",
    "BookingClaimed",
    "BookingMatched",
    "BookingMissed",
    "ServiceFinished",
)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One outcome to tell: `at_ms` when it became so, `attempts` tries so far, the next one not before `next_ms`."""

    id: int
    key: str
    source: str
    booking_id: str
    what: str
    at_ms: int
    after_cancel: bool
    label: str
    state: str
    attempts: int
    next_ms: int
    last_error: str
    made_ms: int
    settled_ms: int | None
    settled_by: str


def told_position(r: Transaction) -> int:
    """The position of the log up to which every outcome is in the outbox."""
    return int(hall_meta.setting(r, TOLD) or "0")


def set_told_position(tx: Transaction, position: int) -> None:
    """Everything up to `position` is in the outbox; in the same transaction as the rows."""
    hall_meta.set_setting(tx, TOLD, str(position))


def events_since(r: Transaction, position: int, limit: int) -> tuple[list[StoredEvent], int]:
    """What the next `limit` positions of the log say of bookings or finished services, and where they end."""
    return hall_log.of_types(r, position, limit, _SPEAKS_OF_BOOKINGS)


def enqueue(
    tx: Transaction,
    key: str,
    *,
    source: str,
    booking_id: str,
    what: str,
    at_ms: int,
    after_cancel: bool,
    label: str,
    now_ms: int,
) -> None:
    """Have an outcome told, after all that waits for the same booking."""
    tx.execute(
        "INSERT INTO booking_outbox (key, source, booking_id, what, at_ms, after_cancel, label, made_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (key, source, booking_id, what, at_ms, int(after_cancel), label, now_ms),
    )


def of_booking(r: Transaction, source: str, booking_id: str) -> list[OutboxRow]:
    """All that was or is to be told of a booking, in order."""
    rows = r.execute(
        f"SELECT {_COLUMNS} FROM booking_outbox WHERE source = ? AND booking_id = ? ORDER BY id",
        (source, booking_id),
    )
    return [_row(row) for row in rows]


def due(r: Transaction, source: str, now_ms: int, limit: int) -> list[OutboxRow]:
    """What may be told now: of each booking the first that waits, if its time has come, oldest first."""
    rows = r.execute(
        f"SELECT {_COLUMNS} FROM booking_outbox WHERE id IN"
        " (SELECT min(id) FROM booking_outbox WHERE source = ? AND state = 'waiting' GROUP BY booking_id)"
        " AND next_ms <= ? ORDER BY id LIMIT ?",
        (source, now_ms, limit),
    )
    return [_row(row) for row in rows]


def attempted(tx: Transaction, rows: Sequence[OutboxRow]) -> None:
    """Count a try of each; durable before it, so that what was tried is never taken for untold."""
    tx.executemany(
        "UPDATE booking_outbox SET attempts = attempts + 1 WHERE id = ?", [(row.id,) for row in rows]
    )


def done(tx: Transaction, rows: Sequence[OutboxRow], now_ms: int) -> None:
    """The outside has heard these."""
    tx.executemany(
        "UPDATE booking_outbox SET state = 'done', settled_ms = ?, last_error = '' WHERE id = ? AND state = 'waiting'",
        [(now_ms, row.id) for row in rows],
    )


def later(tx: Transaction, row: OutboxRow, error: str, next_ms: int) -> None:
    """This one did not get through; it is tried again from `next_ms` on."""
    tx.execute(
        "UPDATE booking_outbox SET last_error = ?, next_ms = ? WHERE id = ? AND state = 'waiting'",
        (error, next_ms, row.id),
    )


def put_aside(tx: Transaction, row: OutboxRow, error: str, now_ms: int) -> None:
    """The outside will never take this one: it waits for a person and blocks nothing."""
    tx.execute(
        "UPDATE booking_outbox SET state = 'quarantined', last_error = ?, settled_ms = ? WHERE id = ?"
        " AND state = 'waiting'",
        (error, now_ms, row.id),
    )


def mark_after_cancel(tx: Transaction, row: OutboxRow) -> None:
    """The booking was cancelled outside before anybody was told of its arrival: nothing was tried under this key."""
    tx.execute("UPDATE booking_outbox SET after_cancel = 1 WHERE id = ? AND attempts = 0", (row.id,))


def set_label(tx: Transaction, row: OutboxRow, label: str) -> None:
    """Another number stands for the booking before anybody was told of one: nothing was tried under this key."""
    tx.execute("UPDATE booking_outbox SET label = ? WHERE id = ? AND attempts = 0", (label, row.id))


def take_back(tx: Transaction, source: str, booking_id: str, what: str, why: str, now_ms: int) -> None:
    """An outcome that waits is no longer true: it is not told."""
    tx.execute(
        "UPDATE booking_outbox SET state = 'dismissed', settled_by = ?, settled_ms = ?"
        " WHERE source = ? AND booking_id = ? AND what = ? AND state IN ('waiting', 'quarantined')",
        (why, now_ms, source, booking_id, what),
    )


def retry(tx: Transaction, key: str) -> None:
    """A person wants a quarantined outcome tried again; raises RuleViolation `unknown_entry`, `entry_settled`."""
    _settle(
        tx,
        key,
        "UPDATE booking_outbox SET state = 'waiting', attempts = 0, next_ms = 0, settled_ms = NULL WHERE key = ?"
        " AND state = 'quarantined'",
        (key,),
    )


def dismiss(tx: Transaction, key: str, by: str, now_ms: int) -> None:
    """A person settles a quarantined outcome for good; raises RuleViolation `unknown_entry`, `entry_settled`."""
    _settle(
        tx,
        key,
        "UPDATE booking_outbox SET state = 'dismissed', settled_by = ?, settled_ms = ? WHERE key = ?"
        " AND state = 'quarantined'",
        (by, now_ms, key),
    )


def try_all_now(tx: Transaction, source: str) -> None:
    """Whatever waits for a source may be told at once."""
    tx.execute(
        "UPDATE booking_outbox SET next_ms = 0 WHERE source = ? AND state = 'waiting' AND next_ms > 0",
        (source,),
    )


def unsettled(r: Transaction, source: str | None = None) -> list[OutboxRow]:
    """Everything that waits or is quarantined, oldest first."""
    rows = r.execute(
        f"SELECT {_COLUMNS} FROM booking_outbox WHERE state IN ('waiting', 'quarantined')"
        " AND (?1 IS NULL OR source = ?1) ORDER BY id",
        (source,),
    )
    return [_row(row) for row in rows]


def counts(r: Transaction) -> dict[tuple[str, str], int]:
    """How many rows wait or are quarantined, by (source, state)."""
    rows = r.execute(
        "SELECT source, state, count(*) FROM booking_outbox WHERE state IN ('waiting', 'quarantined')"
        " GROUP BY source, state"
    )
    return {(row[0], row[1]): row[2] for row in rows}


def forget_settled(tx: Transaction, before_ms: int) -> None:
    """Forget what was settled before a moment."""
    tx.execute("PRAGMA secure_delete = ON")
    tx.execute(
        "DELETE FROM booking_outbox WHERE state IN ('done', 'dismissed') AND settled_ms < ?", (before_ms,)
    )


def forget_untold(tx: Transaction, known: Iterable[str], before_ms: int) -> None:
    """Forget what was made before a moment for sources that are not known any more: nobody will hear it."""
    names = list(known)
    tx.execute("PRAGMA secure_delete = ON")
    tx.execute(
        "DELETE FROM booking_outbox WHERE state IN ('waiting', 'quarantined') AND made_ms < ?"
        f" AND source NOT IN ({', '.join('?' * len(names))})",
        (before_ms, *names),
    )


def _settle(tx: Transaction, key: str, sql: str, params: Sequence[object]) -> None:
    if tx.execute(sql, params).rowcount:
        return
    if tx.execute("SELECT 1 FROM booking_outbox WHERE key = ?", (key,)).fetchone() is None:
        raise RuleViolation("unknown_entry", entry=key)
    raise RuleViolation("entry_settled", entry=key)


def _row(row: Row) -> OutboxRow:
    return OutboxRow(*(*row[:6], bool(row[6]), *row[7:]))
