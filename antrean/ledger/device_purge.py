"""Dropping old events of a device: only what the server acknowledged, backed up and has had for a week.

What is dropped leaves its last seq and hash behind, so that the rest of the chain can still be checked.
"""

from antrean.ledger.driver import Connection

KEPT_MS = 7 * 24 * 3_600_000
EVENTS_AT_ONCE = 200
"""Few enough that a visitor's tap does not wait for them."""


def tails(connection: Connection) -> dict[str, tuple[int, str]]:
    """By log, the seq and hash of the last event that was dropped."""
    rows = connection.execute("SELECT log_id, purged_seq, purged_hash FROM log_tails WHERE purged_seq > 0")
    return {row[0]: (row[1], row[2]) for row in rows}


def note_backed_up(tx: Connection, log_id: str, seq: int) -> None:
    """The server's newest backup holds a log up to `seq`."""
    tx.execute(
        "INSERT INTO log_tails (log_id, backed_up_seq, purged_seq, purged_hash) VALUES (?1, ?2, 0, '')"
        " ON CONFLICT (log_id) DO UPDATE SET backed_up_seq = excluded.backed_up_seq",
        (log_id, seq),
    )


def purge(tx: Connection, now_ms: int) -> int:
    """Drop the oldest events that need not be kept, at most `EVENTS_AT_ONCE`; returns how many went.

    The newest ticket and everything after it stays: from it the kiosk knows when it was last used.
    """
    tails = tx.execute(
        "SELECT log_id, backed_up_seq, purged_seq FROM log_tails WHERE backed_up_seq > purged_seq"
    ).fetchall()
    return sum(_purge(tx, now_ms, *tail) for tail in tails)


def _purge(tx: Connection, now_ms: int, log_id: str, backed_up: int, gone: int) -> int:
    rows = tx.execute(
        "SELECT events.position, seq, hash, acknowledged_ms FROM events JOIN outbox USING (position)"
        " WHERE log_id = ? AND seq > ? AND seq <= ?"
        " AND events.position < (SELECT max(position) FROM tickets) ORDER BY seq LIMIT ?",
        (log_id, gone, backed_up, EVENTS_AT_ONCE),
    ).fetchall()
    going = []
    for position, seq, own_hash, acknowledged_ms in rows:
        if acknowledged_ms is None or acknowledged_ms > now_ms - KEPT_MS:
            break
        going.append((position, seq, own_hash))
    if not going:
        return 0
    positions = [(position,) for position, _, _ in going]
    for table in ("tickets", "outbox", "events"):
        tx.executemany(f"DELETE FROM {table} WHERE position = ?", positions)
    tx.execute(
        "UPDATE log_tails SET purged_seq = ?, purged_hash = ? WHERE log_id = ?", (*going[-1][1:], log_id)
    )
    return len(going)
