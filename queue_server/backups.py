"""Backups of a running server: one file each, verified, thinned out by age; a failure is remembered until one works."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from antrean.domain.errors import AntreanError, Unavailable
from antrean.ledger.backup import BACKUPS, backup, backup_name, rotate

__all__ = ["BACKUPS", "BackupWatch", "Made", "back_up", "backup_name"]
log = logging.getLogger("queue_server")


@dataclass(frozen=True)
class Made:
    """A finished backup; `reach` is the last position of the log in it."""

    path: Path
    reach: int


def _of_hall(data: Path, target: Path) -> int:
    return backup(data, target).last_position


def back_up(data: Path, now_ms: int, keep: int, copy: Callable[[Path, Path], int] = _of_hall) -> Made:
    """Makes one backup in `data`/backups and thins out the old ones (see `rotate`).

    `copy(data, target)` makes the copy and tells its reach.

    Raises Unavailable, LedgerMissing or LedgerBroken (the copy is not sound); nothing unfinished stays behind, also not
    of a server that was killed while it copied.
    """
    folder = data / BACKUPS
    try:
        folder.mkdir(exist_ok=True)
        for unfinished in folder.glob("*.part*"):
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable(f"{folder} cannot be written: {error}", permanent=False) from error
    made = folder / backup_name(now_ms)
    reach = copy(data, made)
    rotate(folder, keep)
    return Made(made, reach)


@dataclass
class BackupWatch:
    """Makes backups by `make(now_ms)` and knows since when they fail: a person must see that, and no log tells them.

    `may()` says whether there is room for one. `failed_since_ms` is None while they work, `why` the newest reason,
    `reach` the last position of the log in the newest one.
    """

    make: Callable[[int], Made]
    may: Callable[[], bool] = lambda: True
    failed_since_ms: int | None = field(default=None, init=False)
    why: str = field(default="", init=False)
    reach: int = field(default=0, init=False)

    def __call__(self, now_ms: int) -> None:
        """Makes one backup; raises Unavailable when it failed, for whatever reason."""
        try:
            if not self.may():
                raise Unavailable("no backup while the disk is nearly full", permanent=False)
            self.reach = self.make(now_ms).reach
        except (AntreanError, OSError) as error:
            if self.failed_since_ms is None:
                self.failed_since_ms = now_ms
            self.why = str(error)
            log.error("the backup failed: %s", error)
            raise Unavailable(f"the backup failed: {error}", permanent=False) from error
        self.failed_since_ms, self.why = None, ""
