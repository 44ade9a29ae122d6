"""Backups of a running server: one file each, verified, the oldest dropped."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from antrean.ledger.backup import backup, rotate

BACKUPS = "backups"


def back_up(data: Path, now_ms: int, keep: int) -> Path:
    """Makes one backup in `data`/backups, keeps the newest `keep`, and returns the new file."""
    folder = data / BACKUPS
    folder.mkdir(exist_ok=True)
    made = folder / backup_name(now_ms)
    backup(data, made)
    rotate(folder, keep)
    return made


def backup_name(now_ms: int) -> str:
    """The name of a backup made now, sortable by age."""
    return datetime.fromtimestamp(now_ms / 1000, UTC).strftime("antrean-%Y%m%dT%H%M%SZ.db")
