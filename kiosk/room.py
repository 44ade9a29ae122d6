"""What a kiosk gives up on a full disk before a visitor goes without a number: everything that is not the log."""

from pathlib import Path

from antrean.ledger.room import Room, shed_files

SPOOL = "spool"
ENDED = ("*.printed", "*.unconfirmed", "*.failed.*", "*.unknown.*")
"""Jobs whose paper is out or never will be: only their outcome is still told, and that stands in the log as unknown."""
LOGS = ("*.log.*", "*.log.gz", "core", "core.*")


def kiosk_room(folder: Path) -> Room:
    """The space of a kiosk's data folder; its ballast is not put in place before `refill`."""
    return Room(folder, lambda: shed(folder))


def shed(folder: Path) -> bool:
    """Remove ended print jobs and old logs; whether there were any. A file that cannot be removed is left."""
    found = [path for name in ENDED for path in (folder / SPOOL).glob(name)]
    found += [path for name in LOGS for path in folder.glob(name)]
    return shed_files(found)
