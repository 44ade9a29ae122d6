"""Small files that are either whole and old or whole and new: the only way this room touches anything but databases."""

import os
from pathlib import Path

from antrean.ledger.errors import DiskFull, is_full

ENDINGS = ("", "-wal", "-shm")
"""What belongs to one database."""


def read(path: Path) -> bytes | None:
    """The content of a file; None when there is none, or when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file: a new one is written and synced before it takes the name; readable by the owner alone.

    Raises DiskFull, or OSError as it is. A cut at any moment leaves the old content or the new.
    """
    part = path.with_name(path.name + ".new")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        try:
            with os.fdopen(handle, "wb", closefd=False) as file:
                file.write(content)
            os.fsync(handle)
        finally:
            os.close(handle)
        os.replace(part, path)
        sync_folder(path.parent)
    except OSError as error:
        _remove(part)
        if is_full(error):
            raise DiskFull(f"the disk is full: {error}") from error
        raise


def set_aside(path: Path, to: Path) -> None:
    """Give a database, with what belongs to it, another name; raises OSError."""
    for end in reversed(ENDINGS):  # the file itself last: until then it is still found under its name
        beside = path.with_name(path.name + end)
        if beside.exists():
            os.replace(beside, to.with_name(to.name + end))
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make new names in `folder` durable; systems that cannot sync a folder keep names with their files."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # it is overwritten by the next attempt
