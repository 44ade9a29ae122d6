"""How much of a device's log the server's backups hold: only that may a device drop, a week later."""

from antrean.ledger.writer import Transaction


def backed_up_seq(r: Transaction, device_id: str, log_id: str, position: int) -> int:
    """The last event of a log that was accepted at or before `position`, where the newest backup ends; 0 for none."""
    row = r.execute(
        "SELECT seq FROM events WHERE device_id = ? AND log_id = ? AND position <= ? ORDER BY seq DESC LIMIT 1",
        (device_id, log_id, position),
    ).fetchone()
    return 0 if row is None else int(row[0])
