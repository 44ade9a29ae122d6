"""The malls a booking site sells for: their shared secrets, and what they last told."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from antrean.domain.errors import RuleViolation
from antrean.ledger.driver import Row
from antrean.ledger.writer import Transaction

_MALL = "key, secret, created_ms, withdrawn_ms, heard_ms, catalogue_rev, catalogue, crowd_ms"


@dataclass(frozen=True, slots=True)
class MallRow:
    """A mall of the site. `heard_ms`: its last signed request; `catalogue_rev` None before it told its catalogue, which
    is kept here under the number `catalogue`.
    """

    key: str
    secret: str
    created_ms: int
    withdrawn_ms: int | None
    heard_ms: int | None
    catalogue_rev: int | None
    catalogue: int | None
    crowd_ms: int | None


def add_mall(tx: Transaction, key: str, secret: str, now_ms: int) -> None:
    """Let a mall in, or a removed one in again with a new secret; raises RuleViolation mall_exists."""
    row = mall(tx, key)
    if row is not None and row.withdrawn_ms is None:
        raise RuleViolation("mall_exists", mall=key)
    tx.execute(
        "INSERT INTO malls (key, secret, created_ms) VALUES (?, ?, ?) "
        "ON CONFLICT (key) DO UPDATE SET secret = excluded.secret, withdrawn_ms = NULL",
        (key, secret, now_ms),
    )


def remove_mall(tx: Transaction, key: str, now_ms: int) -> None:
    """Sell for a mall no more and hear it no more; its bookings stay. Raises RuleViolation unknown_mall."""
    done = tx.execute(
        "UPDATE malls SET withdrawn_ms = ?, secret = '' WHERE key = ? AND withdrawn_ms IS NULL", (now_ms, key)
    )
    if done.rowcount == 0:
        raise RuleViolation("unknown_mall", mall=key)


def mall(r: Transaction, key: str) -> MallRow | None:
    """A mall by its key, removed ones too."""
    row = r.execute(f"SELECT {_MALL} FROM malls WHERE key = ?", (key,)).fetchone()
    return None if row is None else _mall(row)


def malls(r: Transaction) -> list[MallRow]:
    """Every mall that was not removed, by key."""
    rows = r.execute(f"SELECT {_MALL} FROM malls WHERE withdrawn_ms IS NULL ORDER BY key")
    return [_mall(row) for row in rows]


def heard(tx: Transaction, key: str, now_ms: int) -> None:
    """Note a sign of life."""
    tx.execute("UPDATE malls SET heard_ms = ? WHERE key = ?", (now_ms, key))


def catalogue(r: Transaction, number: int) -> dict[str, Any] | None:
    """The file form of a catalogue that some mall told; None for one that is not kept."""
    row = r.execute("SELECT file FROM catalogues WHERE number = ?", (number,)).fetchone()
    found: dict[str, Any] | None = json.loads(row[0]) if row is not None else None
    return found


def set_catalogue(tx: Transaction, key: str, rev: int, file: Mapping[str, Any]) -> None:
    """Sell by this catalogue from now on; `rev` is the mall's own revision."""
    text = json.dumps(file, ensure_ascii=False, separators=(",", ":"))
    number = tx.execute("INSERT INTO catalogues (mall, file) VALUES (?, ?)", (key, text)).lastrowid
    tx.execute("UPDATE malls SET catalogue_rev = ?, catalogue = ? WHERE key = ?", (rev, number, key))
    forget_catalogues(tx)


def forget_catalogues(tx: Transaction) -> int:
    """Drop the older catalogues by which no booking was made."""
    return tx.execute(
        "DELETE FROM catalogues WHERE number NOT IN (SELECT catalogue FROM malls WHERE catalogue IS NOT NULL) "
        "AND number NOT IN (SELECT catalogue FROM bookings)"
    ).rowcount


def crowd(r: Transaction, key: str) -> list[dict[str, Any]]:
    """How crowded the services were as of the row's `crowd_ms`."""
    row = r.execute("SELECT crowd FROM malls WHERE key = ?", (key,)).fetchone()
    found: list[dict[str, Any]] = json.loads(row[0]) if row is not None else []
    return found


def set_crowd(tx: Transaction, key: str, crowding: Sequence[Mapping[str, Any]], now_ms: int) -> None:
    """Keep how crowded the services are now."""
    text = json.dumps(crowding, ensure_ascii=False, separators=(",", ":"))
    tx.execute("UPDATE malls SET crowd = ?, crowd_ms = ? WHERE key = ?", (text, now_ms, key))


def _mall(row: Row) -> MallRow:
    return MallRow(*row)
