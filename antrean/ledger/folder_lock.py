"""Who else works in a data folder: told by a lock that the system drops by itself when a process dies."""

import sys
from pathlib import Path
from typing import IO

from antrean.domain.errors import Unavailable


class FolderLock:
    """A lock file several processes of one program share; the first one in, and the last one out, know
    that they are.

    On systems without `flock` every opener takes itself for the only one.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._file: IO[str] = path.open("a")
        except OSError as error:
            raise Unavailable(f"{path} cannot be opened: {error}", permanent=True) from error

    def alone(self) -> bool:
        """Take the folder for this process alone, without waiting; False when others are in it."""
        return _flock(self._file, exclusive=True, wait=False)

    def share(self) -> None:
        """Let others in, after waiting for one that holds it alone."""
        _flock(self._file, exclusive=False, wait=True)

    def close(self) -> None:
        """Leave."""
        self._file.close()


if sys.platform == "win32":

    def _flock(file: IO[str], *, exclusive: bool, wait: bool) -> bool:
        return True

else:
    import fcntl

    def _flock(file: IO[str], *, exclusive: bool, wait: bool) -> bool:
        kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
        try:
            fcntl.flock(file, kind if wait else kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
