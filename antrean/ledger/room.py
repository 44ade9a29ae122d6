"""Space kept for the worst hour: a file that stands in the way of everything else until tickets need its place."""

import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from antrean.ledger.errors import DiskFull

log = logging.getLogger(__name__)
FILE_NAME = "ballast"
BALLAST_BYTES = 8 * 1024 * 1024
MOST_TRIES = 6
T = TypeVar("T")


class Room:
    """The space of one data folder: `make` frees some on a full disk, `refill` puts the ballast back later.

    `shed` gives up something less dear than what must be written and says whether it freed anything; it is asked until
    it has nothing left, and only then the ballast goes. Any thread may call.
    """

    def __init__(
        self, folder: Path, shed: Callable[[], bool] = lambda: False, *, ballast_bytes: int = BALLAST_BYTES
    ) -> None:
        self.path = folder / FILE_NAME
        self._shed = shed
        self._bytes = ballast_bytes
        self._lock = threading.Lock()

    def make(self) -> bool:
        """Free some space, the least dear first; False when there is nothing left to give up."""
        with self._lock:
            if self._shed():
                log.warning("the disk of %s is full: something else made way", self.path.parent)
                return True
            if not self.path.exists():
                return False
            try:
                self.path.unlink()
            except OSError as error:
                log.error("the ballast %s cannot be dropped: %s", self.path, error)
                return False
            log.error("the disk of %s is full: the ballast made way for tickets", self.path.parent)
            return True

    def refill(self) -> None:
        """Put the ballast back when the disk has twice its size to spare; never fails."""
        with self._lock:
            if not self.low() or self.free_bytes() < 2 * self._bytes:
                return
            part = self.path.with_name(FILE_NAME + ".new")
            try:
                _fill(part, self._bytes)
                os.replace(part, self.path)
            except OSError as error:
                log.warning("the ballast %s cannot be put back: %s", self.path, error)
                part.unlink(missing_ok=True)

    def low(self) -> bool:
        """Whether the ballast is gone: the disk was full and has not recovered, or never had room for it."""
        try:
            return self.path.stat().st_size < self._bytes
        except OSError:
            return True

    def free_bytes(self) -> int:
        """What the disk still has; 0 when it cannot say."""
        try:
            return shutil.disk_usage(self.path.parent).free
        except OSError:
            return 0


def with_room(room: Room | None, job: Callable[[], T]) -> T:
    """Do `job`, again after making room whenever the disk is full; raises DiskFull when nothing is left to give up."""
    for _ in range(MOST_TRIES if room is not None else 0):
        try:
            return job()
        except DiskFull:
            if room is None or not room.make():
                raise
    return job()


def shed_files(paths: Iterable[Path]) -> bool:
    """Remove these files; whether any went. One that cannot be removed is left."""
    return sum(_removed(path) for path in paths) > 0


def _removed(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True


def _fill(path: Path, size: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(handle, 0, size)  # a sparse file would hold no place at all
        else:
            block = b"\0" * 65_536
            for _ in range(size // len(block)):
                os.write(handle, block)
        os.fsync(handle)
    finally:
        os.close(handle)
