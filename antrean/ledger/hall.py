"""A server's ledger file: one writer, a few readers."""

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from antrean.domain.errors import Unavailable
from antrean.ledger import connection as files
from antrean.ledger.driver import Connection
from antrean.ledger.errors import LedgerMissing, translated
from antrean.ledger.hall_meta import first_rows
from antrean.ledger.hall_schema import HALL_SCHEMA
from antrean.ledger.room import Room, with_room
from antrean.ledger.schema import check_version, migrate
from antrean.ledger.writer import Transaction, Writer

FILE_NAME = "antrean.db"
LOCK_NAME = "antrean.lock"
"""Held by the one server of a folder; a restore needs it too."""
MAX_IDLE_READERS = 8
"""Reopening a connection costs ten times a read under WAL; more than these are rarely busy at once."""


@dataclass(frozen=True, slots=True)
class FreshIds:
    """Three new UUID strings for a ledger that does not exist yet: incarnation, server's device and log."""

    incarnation: str
    device_id: str
    log_id: str


class HallLedger:
    """The ledger in `folder`; jobs write through `writer`, any thread reads through `reading()`."""

    def __init__(self, folder: Path, writer: Writer | None) -> None:
        self.folder = folder
        self.path = folder / FILE_NAME
        self._writer = writer
        self._idle: queue.LifoQueue[Connection] = queue.LifoQueue(MAX_IDLE_READERS)

    @classmethod
    def open(
        cls, folder: Path, *, fresh: FreshIds, now_ms: int, check: bool = True, room: Room | None = None
    ) -> "HallLedger":
        """Open for writing, making or migrating the file first; `check` reads its structure through.

        Raises NewerFile, LedgerBroken or Unavailable. Another program may have the file open: each
        transaction waits for its turn. `room` makes space when the disk is full.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(f"{folder} cannot be made: {error}", permanent=True) from error
        path = folder / FILE_NAME

        def opened() -> Connection:
            connection = files.connect(path, checkpoints=True)
            try:
                migrate(connection, path, HALL_SCHEMA, lambda new: first_rows(new, fresh, now_ms))
                if check:
                    files.quick_check(connection, path)
            except BaseException:
                connection.close()
                raise
            return connection

        writer = Writer(with_room(room, opened))
        writer.make_room = room.make if room is not None else None
        return cls(folder, writer)

    @classmethod
    def open_reading(cls, folder: Path) -> "HallLedger":
        """Open for reading only, beside a running server or not; raises LedgerMissing or NewerFile."""
        ledger = cls(folder, None)
        with ledger.reading() as snapshot:
            if check_version(snapshot, ledger.path, HALL_SCHEMA) == 0:
                raise LedgerMissing(ledger.path)
        return ledger

    @property
    def writer(self) -> Writer:
        """The one writer; raises Unavailable for a ledger opened for reading."""
        if self._writer is None:
            raise Unavailable("this ledger was opened for reading only", permanent=True)
        return self._writer

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """One consistent read-only snapshot, for any thread."""
        try:
            connection = self._idle.get_nowait()
        except queue.Empty:
            connection = files.connect(self.path, read_only=True)
        try:
            with files.reading(connection):
                yield connection
        finally:
            try:
                self._idle.put_nowait(connection)
            except queue.Full:
                connection.close()

    def close(self) -> None:
        """Finish what waits in the writer and close every connection."""
        while not self._idle.empty():
            with translated():
                self._idle.get_nowait().close()
        if self._writer is not None:
            self._writer.close()
