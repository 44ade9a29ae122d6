"""Who else works in a data folder: told by a lock that the system drops by itself when a process dies."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from antrean.domain.errors import Unavailable

SEATS = 64
"""How many programs fit into one folder where the system only knows locks on bytes (Windows)."""
LOOK_AGAIN_S = 0.05


class FolderLock:
    """A lock file several processes of one program share; the first one in, and the last one out, know
    that they are.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._file: IO[str] = path.open("a")
        except OSError as error:
            raise Unavailable(f"{path} cannot be opened: {error}", permanent=True) from error
        self._lock = _lock_of(self._file)

    def alone(self) -> bool:
        """Take the folder for this process alone, without waiting; False when others are in it."""
        return self._lock(True, False)

    def share(self) -> None:
        """Let others in, after waiting for one that holds it alone."""
        self._lock(False, True)

    def close(self) -> None:
        """Leave."""
        self._file.close()


def held_alone(folder: Path, name: str, taken: str, mode: int = 0o777) -> FolderLock:
    """The lock of `folder`, made first where there is none, held by this process alone.

    Raises Unavailable, with the words `taken` while another process is in it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=mode)
    except OSError as error:
        raise Unavailable(f"{folder} cannot be made: {error}", permanent=True) from error
    lock = FolderLock(folder / name)
    if not lock.alone():
        lock.close()
        raise Unavailable(taken, permanent=True)
    return lock


class Seats:
    """Sharing made of locks on single bytes: a sharer holds one seat, who is alone holds them all.

    `take(first, count)` and `leave(first, count)` lock and unlock bytes at once; `take` never waits.
    """

    def __init__(
        self,
        take: Callable[[int, int], bool],
        leave: Callable[[int, int], None],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._take = take
        self._leave = leave
        self._pause = pause
        self._held: tuple[int, int] | None = None

    def __call__(self, exclusive: bool, wait: bool) -> bool:
        """Hold the folder alone or shared; without `wait` False at once when that cannot be."""
        before, self._held = self._held, None
        if before is not None:
            self._leave(*before)
        while not self._seated(exclusive):
            if not wait:
                self._seated_again(before)
                return False
            self._pause(LOOK_AGAIN_S)
        return True

    def _seated(self, exclusive: bool) -> bool:
        wanted = [(0, SEATS)] if exclusive else [(seat, 1) for seat in range(SEATS)]
        for first, count in wanted:
            if self._take(first, count):
                self._held = first, count
                return True
        return False

    def _seated_again(self, before: tuple[int, int] | None) -> None:
        if before is not None and self._take(*before):
            self._held = before


if sys.platform == "win32":
    import msvcrt

    def _lock_of(file: IO[str]) -> Callable[[bool, bool], bool]:
        handle = file.fileno()

        def take(first: int, count: int) -> bool:
            file.seek(first)
            try:
                msvcrt.locking(handle, msvcrt.LK_NBLCK, count)
            except OSError:
                return False
            return True

        def leave(first: int, count: int) -> None:
            file.seek(first)
            msvcrt.locking(handle, msvcrt.LK_UNLCK, count)

        return Seats(take, leave)

else:
    import fcntl

    def _lock_of(file: IO[str]) -> Callable[[bool, bool], bool]:
        def lock(exclusive: bool, wait: bool) -> bool:
            kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
            try:
                fcntl.flock(file, kind if wait else kind | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        return lock
