"""A server's ledger file: one writer, a few readers."""

from dataclasses import dataclass
from pathlib import Path

from antrean.ledger.hall_meta import first_rows
from antrean.ledger.hall_schema import HALL_SCHEMA
from antrean.ledger.pooled import PooledLedger, check_made, writer_of
from antrean.ledger.room import Room
from antrean.ledger.writer import Writer

FILE_NAME = "antrean.db"
LOCK_NAME = "antrean.lock"
"""Held by the one server of a folder; a restore needs it too."""


@dataclass(frozen=True, slots=True)
class FreshIds:
    """Three new UUID strings for a ledger that does not exist yet: incarnation, server's device and log."""

    incarnation: str
    device_id: str
    log_id: str


class HallLedger(PooledLedger):
    """The ledger in `folder`; jobs write through `writer`, any thread reads through `reading()`."""

    def __init__(self, folder: Path, writer: Writer | None) -> None:
        super().__init__(folder / FILE_NAME, writer)

    @classmethod
    def open(
        cls, folder: Path, *, fresh: FreshIds, now_ms: int, check: bool = True, room: Room | None = None
    ) -> "HallLedger":
        """Open for writing, making or migrating the file first; `check` reads its structure through.

        Raises NewerFile, LedgerBroken or Unavailable. Another program may have the file open: each
        transaction waits for its turn. `room` makes space when the disk is full.
        """
        path = folder / FILE_NAME
        return cls(
            folder,
            writer_of(path, HALL_SCHEMA, lambda new: first_rows(new, fresh, now_ms), check=check, room=room),
        )

    @classmethod
    def open_reading(cls, folder: Path) -> "HallLedger":
        """Open for reading only, beside a running server or not; raises LedgerMissing or NewerFile."""
        ledger = cls(folder, None)
        check_made(ledger, HALL_SCHEMA)
        return ledger
