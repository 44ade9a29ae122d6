"""How the server's disk and backups are: what it gives up when the disk is full, and what a person must know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from antrean.ledger.backup import BACKUPS, backups_in
from antrean.ledger.room import Room, shed_files
from queue_server.backups import BackupWatch

KEPT_WHEN_FULL = 2


@dataclass(frozen=True)
class Upkeep:
    """The space of the data folder and the watch over its backups (None: none are made)."""

    room: Room
    watch: BackupWatch | None = None

    def alarms(self) -> list[str]:
        """`disk_full` while the ballast is gone, `backup_failed` until one works again."""
        found = ["disk_full"] if self.room.low() else []
        return found + (["backup_failed"] if self.watch and self.watch.failed_since_ms is not None else [])

    def backed_up_position(self) -> int:
        """Where the newest backup of this run ends in the log; 0 before the first."""
        return self.watch.reach if self.watch else 0


def server_room(data: Path) -> Room:
    """The space of a server's data folder: backups but the newest two go first, then the ballast."""
    return Room(data, lambda: shed(data))


def shed(data: Path) -> bool:
    """Remove unfinished copies and all backups but the newest two; whether there were any."""
    folder = data / BACKUPS
    found = [*folder.glob("*.part*"), *backups_in(folder)[:-KEPT_WHEN_FULL]]
    return shed_files(found)
