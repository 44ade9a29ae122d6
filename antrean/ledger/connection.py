"""Opening a ledger file with everything that keeps it safe."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from antrean.ledger.driver import SQLITE_VERSION, SQLITE_VERSION_INFO, Connection, SqliteError, raw_connect
from antrean.ledger.errors import (
    DiskFull,
    LedgerBroken,
    LedgerDamaged,
    LedgerMissing,
    OldSqlite,
    translate,
    translated,
)

OLDEST_SQLITE = (3, 51, 3)  # before it two connections that write or checkpoint at once can corrupt a WAL
BUSY_SECONDS = 5.0
CHECKPOINT_PAGES = 1000
LEAST_BYTES = 128 * 1024
"""What opening a ledger needs beside it: 32 KiB for the WAL's index, and some to write."""


def connect(path: Path, *, read_only: bool = False, checkpoints: bool = False) -> Connection:
    """Open `path` in WAL mode with full syncs; only a connection with `checkpoints` moves the WAL by itself.

    Raises OldSqlite, LedgerMissing (only when reading), Unavailable or LedgerBroken.
    """
    if SQLITE_VERSION_INFO < OLDEST_SQLITE:
        raise OldSqlite(SQLITE_VERSION, ".".join(map(str, OLDEST_SQLITE)))
    if read_only and not path.exists():
        raise LedgerMissing(path)
    with translated(), _full_when_nothing_is_left(path):
        mode = "ro" if read_only else "rwc"
        connection = raw_connect(f"file:{quote(str(path.absolute()))}?mode={mode}", busy_seconds=BUSY_SECONDS)
        try:
            _prepare(connection, read_only=read_only, checkpoints=checkpoints)
        except BaseException:
            connection.close()
            raise
    return connection


def connect_damaged(path: Path, *, without_wal: bool) -> Connection:
    """Open a file that cannot be trusted, to read what can be read; changes nothing. Raises the driver's errors."""
    how = "mode=ro&immutable=1" if without_wal else "mode=ro"
    connection = raw_connect(f"file:{quote(str(path.absolute()))}?{how}", busy_seconds=1)
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


@contextmanager
def _full_when_nothing_is_left(path: Path) -> Iterator[None]:
    """On a disk without room SQLite cannot make the file beside a WAL, and says "I/O error" without a reason."""
    try:
        yield
    except SqliteError as error:
        if isinstance(translate(error), LedgerBroken) and _free_bytes(path) < LEAST_BYTES:
            raise DiskFull(f"the disk is full: {error}") from error
        raise


def _free_bytes(path: Path) -> int:
    try:
        return shutil.disk_usage(path.parent).free
    except OSError:
        return LEAST_BYTES


def _prepare(connection: Connection, *, read_only: bool, checkpoints: bool) -> None:
    if read_only:
        connection.execute("PRAGMA query_only = ON")
    else:
        connection.execute("PRAGMA journal_mode = WAL")
    for pragma in (
        "synchronous = FULL",  # NORMAL lost acknowledged rows in 150 of 150 torn-write runs, FULL in none
        "foreign_keys = ON",
        "trusted_schema = OFF",
        "cell_size_check = ON",
        f"wal_autocheckpoint = {CHECKPOINT_PAGES if checkpoints else 0}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def quick_check(connection: Connection, path: Path) -> None:
    """Read the file's structure through; raises LedgerDamaged naming the first finding."""
    with translated():
        found = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found is None or found[0] != "ok":
            raise LedgerDamaged(f"{path} is damaged: {found[0] if found else 'no answer'}; restore a backup")


@contextmanager
def writing(connection: Connection) -> Iterator[Connection]:
    """One durable transaction: waits for its turn first, rolls back on any exception, syncs at the end."""
    with translated():
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def reading(connection: Connection) -> Iterator[Connection]:
    """One consistent snapshot for several reads."""
    with translated():
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
