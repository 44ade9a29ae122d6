"""Kiosks and displays: enrolled by a one-time code, known by a token, withdrawn but never deleted."""

from dataclasses import dataclass

from antrean.domain.errors import RuleViolation
from antrean.ledger import hall_issuers
from antrean.ledger.writer import Transaction

_COLUMNS = "device_id, kind, name, issuer, counter, created_ms, withdrawn_ms, seen_ms, version"


@dataclass(frozen=True, slots=True)
class Device:
    """An enrolled device; `issuer` is a kiosk's character, `counter` where a counter display stands."""

    device_id: str
    kind: str
    name: str
    issuer: str | None
    counter: str | None
    created_ms: int
    withdrawn_ms: int | None
    seen_ms: int | None
    version: str | None


def add_pairing_code(
    tx: Transaction,
    code_hash: str,
    *,
    kind: str,
    name: str,
    now_ms: int,
    expires_ms: int,
    counter: str | None = None,
) -> None:
    """Let one device in by a code, once, until `expires_ms`; only the code's hash is kept."""
    tx.execute(
        "INSERT INTO pairing_codes (code_hash, kind, name, counter, created_ms, expires_ms) VALUES (?, ?, "
        "?, ?, ?, ?)",
        (code_hash, kind, name, counter, now_ms, expires_ms),
    )


def redeem_pairing_code(
    tx: Transaction, code_hash: str, *, device_id: str, token_hash: str, now_ms: int
) -> Device:
    """Enrol a device; a kiosk gets a character that no log ever had.

    Raises RuleViolation pairing_unknown, pairing_used, pairing_expired or no_issuer_left.
    """
    row = tx.execute(
        "SELECT kind, name, counter, expires_ms, device_id FROM pairing_codes WHERE code_hash = ?",
        (code_hash,),
    ).fetchone()
    if row is None:
        raise RuleViolation("pairing_unknown")
    kind, name, counter, expires_ms, used_by = row
    if used_by is not None:
        raise RuleViolation("pairing_used")
    if now_ms > expires_ms:
        raise RuleViolation("pairing_expired")
    issuer = hall_issuers.unused(tx) if kind == "kiosk" else None
    tx.execute(
        "INSERT INTO devices (device_id, kind, name, issuer, counter, token_hash, created_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (device_id, kind, name, issuer, counter, token_hash, now_ms),
    )
    tx.execute("UPDATE pairing_codes SET device_id = ? WHERE code_hash = ?", (device_id, code_hash))
    return Device(device_id, kind, name, issuer, counter, now_ms, None, None, None)


def device_of_token(r: Transaction, token_hash: str) -> Device | None:
    """The device that shows this token, withdrawn ones too."""
    row = r.execute(f"SELECT {_COLUMNS} FROM devices WHERE token_hash = ?", (token_hash,)).fetchone()
    return None if row is None else Device(*row)


def device(r: Transaction, device_id: str) -> Device | None:
    """A device by its id."""
    row = r.execute(f"SELECT {_COLUMNS} FROM devices WHERE device_id = ?", (device_id,)).fetchone()
    return None if row is None else Device(*row)


def devices(r: Transaction) -> list[Device]:
    """Every device, oldest first."""
    return [
        Device(*row) for row in r.execute(f"SELECT {_COLUMNS} FROM devices ORDER BY created_ms, device_id")
    ]


def withdraw_device(tx: Transaction, device_id: str, now_ms: int) -> None:
    """Refuse this device from now on; raises RuleViolation unknown_device."""
    _touched(
        tx.execute("UPDATE devices SET withdrawn_ms = ? WHERE device_id = ?", (now_ms, device_id)).rowcount,
        device_id,
    )


def device_seen(tx: Transaction, device_id: str, now_ms: int, version: str) -> None:
    """Note that the device spoke and which version it runs."""
    tx.execute(
        "UPDATE devices SET seen_ms = ?, version = ? WHERE device_id = ?", (now_ms, version, device_id)
    )


def _touched(rows: int, device_id: str) -> None:
    if rows == 0:
        raise RuleViolation("unknown_device", device=device_id)
