"""The product's SQLite driver over APSW, so that a simulated disk can stand under the real ledgers."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import apsw

from antrean.ledger.driver import Connection, Row, SqliteError
from tests.simulation import disk


class _Cursor:
    """What a statement gives back."""

    def __init__(self, cursor: Any, rowcount: int, lastrowid: int | None) -> None:
        self._cursor = cursor
        self.rowcount = rowcount
        self.lastrowid = lastrowid

    def fetchone(self) -> Row | None:
        with _translated():
            row: Row | None = self._cursor.fetchone()
            return row

    def fetchall(self) -> list[Row]:
        with _translated():
            rows: list[Row] = self._cursor.fetchall()
            return rows

    def __iter__(self) -> Iterator[Row]:
        with _translated():
            yield from self._cursor


class SimulatedConnection:
    """One connection to a file on a simulated disk; belongs to the program that opened it."""

    def __init__(self, uri: str) -> None:
        name, _, query = uri.removeprefix("file:").partition("?")
        flags = apsw.SQLITE_OPEN_READONLY if "mode=ro" in query else _READ_WRITE
        self.path = unquote(name)
        with _translated():
            self._raw = apsw.Connection(self.path, flags=flags, vfs=disk.VFS_NAME, statementcachesize=256)
        self._checkpoints = False
        OPEN.append(self)

    @property
    def in_transaction(self) -> bool:
        return bool(self._raw.in_transaction)

    @in_transaction.setter
    def in_transaction(self, value: bool) -> None:
        raise AttributeError("in_transaction")

    def execute(self, sql: str, params: Sequence[object] = ()) -> _Cursor:
        if sql.startswith(_AUTOCHECKPOINT):
            self._checkpoints = not sql.endswith("= 0")
            return self._run("SELECT 1", ())
        done = self._run(sql, params)
        if sql == "COMMIT" and self._checkpoints:
            self._checkpoint()
        return done

    def _checkpoint(self) -> None:
        """What SQLite does by itself after a commit; APSW would report its failure as one of the commit."""
        wal = Path(self.path + "-wal")
        if wal.exists() and wal.stat().st_size > CHECKPOINT_BYTES:
            with contextlib.suppress(apsw.Error):
                self._raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _run(self, sql: str, params: Sequence[object]) -> _Cursor:
        with _translated():
            cursor = self._raw.execute(sql, tuple(params))
            return _Cursor(cursor, self._raw.changes(), self._raw.last_insert_rowid())

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> _Cursor:
        with _translated():
            before = self._raw.total_changes()
            cursor = self._raw.executemany(sql, (tuple(row) for row in rows))
            return _Cursor(cursor, self._raw.total_changes() - before, None)

    def backup(
        self, target: Connection, *, pages: int = -1, progress: Callable[[int, int, int], None] | None = None
    ) -> None:
        assert isinstance(target, SimulatedConnection)
        try:
            with _translated(), target._raw.backup("main", self._raw, "main") as copy:
                while not copy.done:
                    copy.step(pages)
        except SystemError as error:  # APSW's word for a failure while it was ending another failure
            failed = SqliteError("the copy failed")
            failed.sqlite_errorcode = apsw.SQLITE_IOERR  # type: ignore[attr-defined]  # the product reads it
            raise failed from error

    def close(self) -> None:
        if self in OPEN:
            OPEN.remove(self)
        with contextlib.suppress(apsw.Error):
            self._raw.close(True)


_AUTOCHECKPOINT = "PRAGMA wal_autocheckpoint"
CHECKPOINT_BYTES = 200_000
"""Earlier than the product, so that short runs know checkpoints too."""
_READ_WRITE = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
OPEN: list[SimulatedConnection] = []
"""Every open connection: a machine that loses power closes none of them politely."""


def simulated_connect(uri: str, *, busy_seconds: float) -> Connection:
    """Stands in for `antrean.ledger.driver.raw_connect`; nobody waits for a lock, as one thread runs everything."""
    return SimulatedConnection(uri)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError as error:
        raise SqliteError("Could not decode to UTF-8 column") from error
    except apsw.Error as error:
        known = SqliteError(str(error))
        known.sqlite_errorcode = _code(error)  # type: ignore[attr-defined]  # the product reads it
        raise known from error


def _code(error: apsw.Error) -> int:
    """The result code; errors that the simulated disk raised itself carry none."""
    if isinstance(error, apsw.FullError):
        return apsw.SQLITE_FULL
    if isinstance(error, apsw.IOError):
        return apsw.SQLITE_IOERR
    return int(getattr(error, "extendedresult", 0))
