"""A booking site's ledger file: one writer, a few readers, under the same rules as a mall's."""

from dataclasses import dataclass
from pathlib import Path

from antrean.ledger.driver import Connection
from antrean.ledger.pooled import PooledLedger, check_made, writer_of
from antrean.ledger.room import Room
from antrean.ledger.site_schema import SITE_SCHEMA
from antrean.ledger.writer import Transaction, Writer

FILE_NAME = "booking.db"
LOCK_NAME = "booking.lock"
"""Held by the one site of a folder; a restore needs it too."""
LIFE, SEED, CHANGE = "life", "seed", "change"


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a new site's ledger starts with: the name of its life, a UUID, and the 32 secret bytes that sign codes."""

    life: str
    seed: bytes


class SiteLedger(PooledLedger):
    """The ledger in `folder`; jobs write through `writer`, any thread reads through `reading()`."""

    def __init__(self, folder: Path, writer: Writer | None) -> None:
        super().__init__(folder / FILE_NAME, writer)

    @classmethod
    def open(
        cls, folder: Path, *, fresh: Fresh, check: bool = True, room: Room | None = None
    ) -> "SiteLedger":
        """Open for writing, making or migrating the file first; `check` reads its structure through.

        Raises NewerFile, LedgerBroken or Unavailable. Another program may have the file open.
        """

        def fill(new: Connection) -> None:
            rows = ((LIFE, fresh.life), (SEED, fresh.seed.hex()), (CHANGE, "0"))
            new.executemany("INSERT INTO meta VALUES (?, ?)", rows)

        return cls(folder, writer_of(folder / FILE_NAME, SITE_SCHEMA, fill, check=check, room=room))

    @classmethod
    def open_reading(cls, folder: Path) -> "SiteLedger":
        """Open for reading only, beside a running site or not; raises LedgerMissing or NewerFile."""
        ledger = cls(folder, None)
        check_made(ledger, SITE_SCHEMA)
        return ledger


def life(r: Transaction) -> str:
    """The name of the ledger's life; a restored backup lives anew, because its count of changes went back."""
    return _value(r, LIFE)


def renew_life(tx: Transaction, new: str) -> None:
    """Begin a new life: every mall asks for a full listing."""
    tx.execute("UPDATE meta SET value = ? WHERE name = ?", (new, LIFE))


def seed(r: Transaction) -> bytes:
    """The secret of 32 bytes that signs the codes of bookings."""
    return bytes.fromhex(_value(r, SEED))


def last_change(r: Transaction) -> int:
    """The number of the newest change, 0 before the first."""
    return int(_value(r, CHANGE))


def next_change(tx: Transaction) -> int:
    """Take the next number for a change; a number that was taken is never given again."""
    tx.execute("UPDATE meta SET value = value + 1 WHERE name = ?", (CHANGE,))
    return last_change(tx)


def _value(r: Transaction, name: str) -> str:
    row = r.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise KeyError(name)
    return str(row[0])
