"""What can be wrong with a ledger, and the one place that reads SQLite's error codes.

    AntreanError
    ├── Unavailable
    │   ├── LedgerMissing    there is no file where one was expected
    │   ├── NewerFile        the file was written by a newer program
    │   └── OldSqlite        the SQLite library has the bug that corrupts a WAL
    └── LedgerBroken         the disk or the file cannot be trusted: the process must exit

`LedgerBroken` is deliberately not an `Unavailable`: code that waits and tries again must not swallow it.
After
a failed fsync the kernel may have dropped the very pages that were not written, so a second try lies.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from antrean.domain.errors import AntreanError, Unavailable
from antrean.ledger.driver import SqliteError

# https://sqlite.org/rescode.html
_BUSY, _LOCKED = 5, 6
_PERM, _READONLY, _CANTOPEN, _AUTH = 3, 8, 14, 23
_IOERR, _CORRUPT, _NOTADB = 10, 11, 26
_FULL = 13


class LedgerBroken(AntreanError):
    """The file or the disk under it failed; nothing may be written any more and the process must exit."""


class LedgerMissing(Unavailable):
    """There is no ledger at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"there is no ledger at {path}", permanent=True)


class NewerFile(Unavailable):
    """The file's schema is newer than this program knows; an older program would damage it."""

    def __init__(self, path: Path, file_version: int, program_version: int) -> None:
        self.path, self.file_version, self.program_version = path, file_version, program_version
        super().__init__(
            f"{path} has schema version {file_version}, this program knows up to {program_version}: "
            "start the newer program, or restore a backup made by this one",
            permanent=True,
        )


class OldSqlite(Unavailable):
    """The SQLite library is too old to be trusted with two connections on one WAL."""

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(
            f"SQLite {found} found, {wanted} or newer is needed: install pysqlite3", permanent=True
        )


def translate(error: Exception) -> Exception:
    """Give the error of this product that `error` stands for; an unforeseen one comes back as it is, loud."""
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in (_IOERR, _CORRUPT, _NOTADB):
        return LedgerBroken(f"the ledger or its disk is damaged: {error}")
    if code == _FULL:
        return Unavailable(f"the disk is full: {error}", permanent=False)
    if code in (_BUSY, _LOCKED):
        return Unavailable(f"the ledger is busy: {error}", permanent=False)
    if code in (_PERM, _READONLY, _CANTOPEN, _AUTH):
        return Unavailable(f"the ledger cannot be opened or written: {error}", permanent=True)
    return error


@contextmanager
def translated() -> Iterator[None]:
    """Run a block whose SQLite errors leave as errors of this product."""
    try:
        yield
    except SqliteError as error:
        known = translate(error)
        if known is error:
            raise
        raise known from error
