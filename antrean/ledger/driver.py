"""The SQLite driver, typed: the few calls this room makes of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol, cast

import pysqlite3

SqliteError: type[Exception] = pysqlite3.Error
SQLITE_VERSION: str = pysqlite3.sqlite_version
SQLITE_VERSION_INFO: tuple[int, ...] = tuple(pysqlite3.sqlite_version_info)
Row = tuple[Any, ...]


class Cursor(Protocol):
    """What a statement gives back."""

    rowcount: int
    lastrowid: int | None

    def fetchone(self) -> Row | None:
        """The next row, or None."""

    def fetchall(self) -> list[Row]:
        """All remaining rows."""

    def __iter__(self) -> Iterator[Row]: ...


class Connection(Protocol):
    """One connection; it runs in autocommit mode and transactions are spelled out."""

    in_transaction: bool

    def execute(self, sql: str, params: Sequence[object] = ()) -> Cursor:
        """Run one statement."""

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> Cursor:
        """Run one statement for every row."""

    def backup(
        self,
        target: "Connection",
        *,
        pages: int = -1,
        progress: Callable[[int, int, int], None] | None = None,
    ) -> None:
        """Copy the whole database into `target`, consistently, also while others write."""

    def close(self) -> None:
        """Let go of the file."""


def raw_connect(uri: str, *, busy_seconds: float) -> Connection:
    """Open `uri`; the connection may pass from thread to thread, used by one at a time."""
    connection = pysqlite3.connect(
        uri,
        uri=True,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    return cast(Connection, connection)
