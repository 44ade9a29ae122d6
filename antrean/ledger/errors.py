"""What can be wrong with a ledger, and the one place that reads SQLite's error codes.

    AntreanError
    ├── Unavailable
    │   ├── DiskFull         no space left; works again when there is some
    │   ├── LedgerMissing    there is no file where one was expected
    │   ├── NewerFile        the file was written by a newer program
    │   └── OldSqlite        the SQLite library has the bug that corrupts a WAL
    └── LedgerBroken         the disk or the file cannot be trusted: the process must exit
        └── LedgerDamaged    the file itself is rubbish, or cannot be read

`LedgerBroken` is deliberately not an `Unavailable`: code that waits and tries again must not swallow it.
After
a failed fsync the kernel may have dropped the very pages that were not written, so a second try lies.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from antrean.domain.errors import AntreanError, Unavailable
from antrean.ledger.driver import SqliteError

# https://sqlite.org/rescode.html
_BUSY, _LOCKED = 5, 6
_PERM, _READONLY, _CANTOPEN, _AUTH = 3, 8, 14, 23
_IOERR, _CORRUPT, _NOTADB = 10, 11, 26
_BAD_READS = (_IOERR | (1 << 8), _IOERR | (2 << 8), _IOERR | (33 << 8))
"""READ, SHORT_READ and CORRUPTFS."""
_FULL = 13
_TOO_BIG, _MISMATCH = 18, 20
"""Lengths and types that no program wrote: rubbish in a record's header. What we write is far smaller."""
_UNREADABLE = ("Could not decode to UTF-8", "unsupported file format")
"""What has no code of its own: the driver's word for a text that is rubbish, and SQLite's for a header that is."""
_IOERR_SHMSIZE = _IOERR | (19 << 8)
"""The file beside a WAL could not grow: nothing was written yet, so this is a full disk and no damage."""


class LedgerBroken(AntreanError):
    """The file or the disk under it failed; nothing may be written any more and the process must exit."""


class DiskFull(Unavailable):
    """There is no space left for what was to be written; nothing of it was."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=False)


class LedgerDamaged(LedgerBroken):
    """What the file holds is not what was written: a kiosk heals from its second files at the next start.

    A disk that only fails to write or sync says nothing against what it holds: that is a LedgerBroken, not this.
    """


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
    extended = getattr(error, "sqlite_errorcode", None) or 0
    code = extended & 0xFF
    if code == _FULL or extended == _IOERR_SHMSIZE:
        return DiskFull(f"the disk is full: {error}")
    if (
        code in (_CORRUPT, _NOTADB, _TOO_BIG, _MISMATCH)
        or extended in _BAD_READS
        or any(words in str(error) for words in _UNREADABLE)
    ):
        return LedgerDamaged(f"the ledger is damaged: {error}")
    if code == _IOERR:
        return LedgerBroken(f"the disk under the ledger failed: {error}")
    if code in (_BUSY, _LOCKED):
        return Unavailable(f"the ledger is busy: {error}", permanent=False)
    if code in (_PERM, _READONLY, _CANTOPEN, _AUTH):
        return Unavailable(f"the ledger cannot be opened or written: {error}", permanent=True)
    return error


def is_full(error: OSError) -> bool:
    """Whether a file could not be written for want of space."""
    return error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


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
