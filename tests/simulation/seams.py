"""Where the simulated machine goes in under the real ledgers: how a file is opened and how a new one is laid out."""

import errno
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import apsw

import antrean.ledger.backup
import antrean.ledger.connection
import antrean.ledger.device
import antrean.ledger.pooled
from antrean.domain.errors import Unavailable
from antrean.ledger import small_file
from antrean.ledger.connection import writing
from antrean.ledger.driver import Connection
from antrean.ledger.errors import DiskFull
from antrean.ledger.schema import Schema, check_version
from antrean.ledger.writer import Transaction, Writer, _Waiting
from tests.simulation import disk
from tests.simulation.driver import simulated_connect


def install() -> None:
    """Let every ledger opened in this process from now on live on simulated disks."""
    disk.install()
    for opener in (antrean.ledger.backup, antrean.ledger.connection):
        opener.raw_connect = simulated_connect  # type: ignore[attr-defined]
    for room in (antrean.ledger.device, antrean.ledger.pooled):
        room.migrate = _migrate  # type: ignore[attr-defined]
    antrean.ledger.pooled.Writer = _InlineWriter  # type: ignore[attr-defined]
    small_file.write_durably = _write_durably


class _InlineWriter(Writer):
    """The product's writer without its thread: a job is committed before `submit` returns."""

    def _start(self) -> None:
        pass

    def submit(self, job: Callable[[Transaction], Any]) -> Future[Any]:
        future: Future[Any] = Future()
        if self._closed:
            raise Unavailable("the ledger is closed", permanent=True)
        future.set_running_or_notify_cancel()
        self._commit([_Waiting(job, future)])
        return future

    def close(self) -> None:
        self._closed = True
        self._connection.close()


_really_write = small_file.write_durably


def _write_durably(path: Path, content: bytes) -> None:
    """The second files: whole and old or whole and new, on a disk that may be full or gone."""
    found = disk.disk_of(path)
    if found is not None:
        try:
            found.step()
            found.grow(len(content))
        except apsw.FullError as error:
            raise DiskFull("the disk is full") from error
        except apsw.IOError as error:
            raise OSError(errno.EIO, "the machine is gone") from error
    _really_write(path, content)


def _migrate(connection: Connection, path: Path, schema: Schema, fill: Callable[[Connection], None]) -> None:
    """The same as the product's, without the library that keeps its receipts: it wants another driver's cursors."""
    if check_version(connection, path, schema) == schema.version:
        return
    with writing(connection):
        before = check_version(connection, path, schema)
        for migration in schema.migrations[before:]:
            for statement in migration.statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {schema.version}")
        connection.execute(f"PRAGMA application_id = {schema.application_id}")
        if before == 0:
            fill(connection)
