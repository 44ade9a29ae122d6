"""Copies of a server's ledger that can be trusted, and coming back from one."""

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from antrean.domain.errors import Unavailable
from antrean.ledger import hall_lives, hall_log, hall_meta, hall_notes, hall_quarantine
from antrean.ledger.connection import connect, quick_check, writing
from antrean.ledger.driver import Connection, SqliteError, raw_connect
from antrean.ledger.errors import LedgerBroken, translated
from antrean.ledger.folder_lock import held_alone
from antrean.ledger.hall import FILE_NAME, LOCK_NAME
from antrean.ledger.hall_schema import HALL_SCHEMA
from antrean.ledger.schema import check_version

T = TypeVar("T")
BACKUPS = "backups"
"""The folder of automatic backups, inside the data folder."""
_NAMED = re.compile(r"antrean-(?P<day>\d{8})T\d{6}Z\.db")
DAYS_KEPT = 7
PAGES_A_STEP = 500  # the writer gets its turn between steps


@dataclass(frozen=True, slots=True)
class Verified:
    """What a ledger or backup holds, read through and recomputed; `problems` is empty for a sound one."""

    events: int
    last_position: int
    incarnation: str
    problems: tuple[str, ...]


def backup_name(now_ms: int) -> str:
    """The name of a backup made now: sorts by age, and says the day (UTC) by which `rotate` thins out."""
    return datetime.fromtimestamp(now_ms / 1000, UTC).strftime("antrean-%Y%m%dT%H%M%SZ.db")


def backups_in(folder: Path) -> list[Path]:
    """The backups with a name of `backup_name` in a folder, oldest first; other files are nobody's business here."""
    return sorted(path for path in folder.glob("antrean-*.db") if _NAMED.fullmatch(path.name))


def backup(folder: Path, target: Path) -> Verified:
    """Copy the ledger of a running or stopped server to the file `target`, synced and checked before it
    gets its name.

    Raises LedgerMissing, LedgerBroken or Unavailable; an unfinished copy never stands under `target`.
    """

    def sound(part: Path) -> Verified:
        found = verify(part)
        if found.problems:
            raise LedgerBroken(f"the copy of {folder} is not sound: {found.problems[0]}")
        return found

    return copy_checked(folder / FILE_NAME, target, sound)


def copy_checked(file: Path, target: Path, check: Callable[[Path], T]) -> T:
    """Copy a ledger's file, also one in use, to `target`, which it becomes once `check` passed and it is synced.

    Raises as `backup`, and what `check` raises.
    """
    source = connect(file, read_only=True)
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_part(part)
        _copy(source, part)
        found = check(part)
        _sync(part)
        part.replace(target)
        _sync(target.parent)
    except OSError as error:
        raise Unavailable(f"the backup {target} cannot be written: {error}", permanent=False) from error
    finally:
        source.close()
        _remove_part(part)
    return found


def verify(path: Path) -> Verified:
    """Read a backup file or a server's folder through: structure, every hash and every device's chain."""
    file = path / FILE_NAME if path.is_dir() else path
    connection = connect(file, read_only=True)
    try:
        with translated():
            check_version(connection, file, HALL_SCHEMA)
            quick_check(connection, file)
            connection.execute("BEGIN")
            events, problems = _check_events(connection)
            changed = hall_notes.changed_notes(connection)
            problems += tuple(f"note {note} is not what the log commits to" for note in changed)
            last = hall_log.last_position(connection)
            incarnation = hall_meta.meta(connection).incarnation
            connection.execute("ROLLBACK")
    finally:
        connection.close()
    return Verified(events, last, incarnation, problems)


def restore(
    backup_file: Path, folder: Path, *, incarnation: str, log_id: str, force: bool = False
) -> Verified:
    """Make `folder` the ledger that `backup_file` holds, under a new incarnation: devices offer again what it lacks.

    Refuses (Unavailable) a folder whose ledger reaches further than the backup unless `force`; the ledger
    that was there is kept beside it as `antrean.db.replaced`, also a damaged one. Refuses (Unavailable) while a
    server runs on `folder`.
    """
    lock = held_alone(
        folder,
        LOCK_NAME,
        f"a server runs on {folder}: stop it first (systemctl stop antrean-server), then restore again; "
        "nothing was changed",
    )
    try:
        return _restore(backup_file, folder, incarnation=incarnation, log_id=log_id, force=force)
    finally:
        lock.close()


def _restore(backup_file: Path, folder: Path, *, incarnation: str, log_id: str, force: bool) -> Verified:
    found = verify(backup_file)
    if found.problems:
        raise LedgerBroken(f"{backup_file} is not sound: {found.problems[0]}")
    file = folder / FILE_NAME
    if file.exists() and not force and _reach(file) > found.last_position:
        raise Unavailable(
            f"{file} has more events than {backup_file}; nothing was changed (force replaces it all the "
            f"same)",
            permanent=True,
        )
    put_back(backup_file, file, lambda tx: hall_lives.reincarnate(tx, incarnation=incarnation, log_id=log_id))
    return found


def put_back(backup_file: Path, file: Path, change: Callable[[Connection], None]) -> None:
    """Make `file` what a backup holds, after `change` in one transaction; what stood there is kept as `….replaced`.

    Raises LedgerBroken or Unavailable; then `file` is as it was. The caller holds the folder alone.
    """
    part = file.with_name(file.name + ".part")
    source = connect(backup_file, read_only=True)
    try:
        _remove_part(part)
        _copy(source, part)
        fresh = connect(part)
        try:
            with writing(fresh) as tx:
                change(tx)
            fresh.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            fresh.close()
        if file.exists():
            _set_aside(file)
        _sync(part)
        part.replace(file)
        _sync(file.parent)
    except OSError as error:
        raise Unavailable(f"{file.parent} cannot be restored: {error}", permanent=False) from error
    finally:
        source.close()
        _remove_part(part)


def rotate(folder: Path, keep: int) -> list[Path]:
    """Remove what `kept` does not keep of a folder's backups, and return it."""
    found = backups_in(folder)
    staying = kept([path.name for path in found], keep)
    old = [path for path in found if path.name not in staying]
    for path in old:
        path.unlink(missing_ok=True)
    return old


def kept(names: Iterable[str], keep: int, days: int = DAYS_KEPT) -> frozenset[str]:
    """Which backups stay: the newest `keep`, and the newest of each of the last `days` days that have one."""
    by_age = sorted(name for name in names if _NAMED.fullmatch(name))
    of_day = {name[8:16]: name for name in by_age}
    lasting = [of_day[day] for day in sorted(of_day)[-days:]]
    return frozenset(by_age[-keep:] if keep else ()) | frozenset(lasting)


def _copy(source: Connection, target: Path) -> None:
    with translated():
        connection = raw_connect(f"file:{target.absolute()}?mode=rwc", busy_seconds=5)
        try:
            source.backup(connection, pages=PAGES_A_STEP)
            # A single file that needs nothing beside it.
            connection.execute("PRAGMA journal_mode = DELETE")
        finally:
            connection.close()


def _check_events(connection: Connection) -> tuple[int, tuple[str, ...]]:
    aside = hall_quarantine.quarantined_hashes(connection)
    heads: dict[tuple[str, str], tuple[int, str]] = {}
    problems = []
    count = 0
    for stored in hall_log.in_chain_order(connection):
        e = stored.envelope
        seq, last_hash = heads.get((e.device_id, e.log_id), (0, ""))
        while seq + 1 < e.seq and (e.device_id, e.log_id, seq + 1) in aside:
            seq, last_hash = seq + 1, aside[e.device_id, e.log_id, seq + 1]
        if e.hash() != stored.hash:
            problems.append(f"event {stored.position} was changed after it was accepted")
        elif e.seq != seq + 1 or e.prev_hash != last_hash:
            problems.append(f"event {stored.position} does not continue its device's log")
        heads[e.device_id, e.log_id] = (e.seq, stored.hash)
        count += 1
    return count, tuple(problems)


def _reach(file: Path) -> int:
    """How far the ledger that is there reaches; a damaged one reaches nowhere: it is what restoring is for."""
    try:
        connection = connect(file, read_only=True)
    except LedgerBroken:
        return 0
    try:
        with translated():
            made = check_version(connection, file, HALL_SCHEMA)
            return hall_log.last_position(connection) if made else 0
    except LedgerBroken:
        return 0
    finally:
        connection.close()


def _set_aside(file: Path) -> None:
    aside = file.with_name(file.name + ".replaced")
    for end in ("-wal", "-shm"):
        (file.parent / (aside.name + end)).unlink(missing_ok=True)
    try:
        connection = connect(file)
        try:
            # What stands only in the WAL must go aside with the file it belongs to.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
    except (LedgerBroken, SqliteError):
        pass  # too damaged to be tidied: its WAL goes aside as it is
    file.replace(aside)
    for end in ("-wal", "-shm"):
        beside = file.parent / (file.name + end)
        if beside.exists():
            beside.replace(file.parent / (aside.name + end))


def _remove_part(part: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        (part.parent / (part.name + end)).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
