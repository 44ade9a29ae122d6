"""Events that could not be accepted: kept as they came, acknowledged, and shown until a person settles them."""

from collections.abc import Sequence
from dataclasses import dataclass

from antrean.domain.errors import RuleViolation
from antrean.ledger.writer import Transaction

HELD, ACCEPTED, DISMISSED = "held", "accepted", "dismissed"
_COLUMNS = "id, device_id, log_id, seq, hash, code, raw, received_ms, status, note, settled_by, settled_ms"


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An event that cannot be accepted: kept as it came, acknowledged, shown to a person."""

    device_id: str
    log_id: str
    seq: int
    hash: str
    prev_hash: str
    code: str
    raw: str


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """A quarantined event as it is kept; `status` is held, accepted (tried again) or dismissed (with a `note`)."""

    id: int
    device_id: str
    log_id: str
    seq: int
    hash: str
    code: str
    raw: str
    received_ms: int
    status: str
    note: str
    settled_by: str | None
    settled_ms: int | None


def put_aside(tx: Transaction, quarantined: Sequence[Quarantined], received_ms: int) -> None:
    """Keep events as they came."""
    if not quarantined:
        return
    tx.executemany(
        "INSERT INTO quarantine (device_id, log_id, seq, hash, code, raw, received_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(q.device_id, q.log_id, q.seq, q.hash, q.code, q.raw, received_ms) for q in quarantined],
    )


def quarantine(r: Transaction) -> list[QuarantinedRow]:
    """Everything that was ever put aside, oldest first, the settled ones too."""
    return [QuarantinedRow(*row) for row in r.execute(f"SELECT {_COLUMNS} FROM quarantine ORDER BY id")]


def entry(r: Transaction, number: int) -> QuarantinedRow:
    """One entry; raises RuleViolation `unknown_entry`."""
    row = r.execute(f"SELECT {_COLUMNS} FROM quarantine WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise RuleViolation("unknown_entry", entry=number)
    return QuarantinedRow(*row)


def held(r: Transaction) -> int:
    """How many events wait for a person."""
    row = r.execute("SELECT count(*) FROM quarantine WHERE status = 'held'").fetchone()
    return int(row[0]) if row else 0


def settle(tx: Transaction, number: int, status: str, *, by: str, note: str, now_ms: int) -> None:
    """Close a held entry; raises RuleViolation `entry_settled` when somebody did so before."""
    changed = tx.execute(
        "UPDATE quarantine SET status = ?, note = ?, settled_by = ?, settled_ms = ? WHERE id = ? AND status = 'held'",
        (status, note, by, now_ms, number),
    ).rowcount
    if changed == 0:
        entry(tx, number)
        raise RuleViolation("entry_settled", entry=number)


def quarantined_hashes(r: Transaction) -> dict[tuple[str, str, int], str]:
    """The hash of everything put aside, by (device, log, seq)."""
    return {
        (row[0], row[1], row[2]): row[3]
        for row in r.execute("SELECT device_id, log_id, seq, hash FROM quarantine")
    }
