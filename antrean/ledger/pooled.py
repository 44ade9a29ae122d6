"""A ledger file of a server: one writer, a few readers; what is in it is its schema's affair."""

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from antrean.domain.errors import Unavailable
from antrean.ledger import connection as files
from antrean.ledger.driver import Connection
from antrean.ledger.errors import LedgerMissing, translated
from antrean.ledger.room import Room, with_room
from antrean.ledger.schema import Schema, check_version, migrate
from antrean.ledger.writer import Transaction, Writer

MAX_IDLE_READERS = 8
"""Reopening a connection costs ten times a read under WAL; more than these are rarely busy at once."""


class PooledLedger:
    """The ledger in the file `path`; jobs write through `writer`, any thread reads through `reading()`."""

    def __init__(self, path: Path, writer: Writer | None) -> None:
        self.path = path
        self.folder = path.parent
        self._writer = writer
        self._idle: queue.LifoQueue[Connection] = queue.LifoQueue(MAX_IDLE_READERS)

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


def writer_of(
    path: Path, schema: Schema, fill: Callable[[Connection], None], *, check: bool, room: Room | None = None
) -> Writer:
    """The writer of the file `path`, which is made or migrated first; `fill` writes the first rows of a new one.

    `check` reads its structure through; `room` makes space when the disk is full. Raises NewerFile, LedgerBroken or
    Unavailable. Another program may have the file open: each transaction waits for its turn.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"{path.parent} cannot be made: {error}", permanent=True) from error

    def opened() -> Connection:
        connection = files.connect(path, checkpoints=True)
        try:
            migrate(connection, path, schema, fill)
            if check:
                files.quick_check(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection

    writer = Writer(with_room(room, opened))
    writer.make_room = room.make if room is not None else None
    return writer


def check_made(ledger: PooledLedger, schema: Schema) -> None:
    """Raises LedgerMissing for a file without tables, NewerFile for one this program must not read."""
    with ledger.reading() as snapshot:
        if check_version(snapshot, ledger.path, schema) == 0:
            raise LedgerMissing(ledger.path)
