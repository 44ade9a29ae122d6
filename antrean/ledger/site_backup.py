"""Copies of a booking site's ledger, and coming back from one."""

from dataclasses import dataclass
from pathlib import Path

from antrean.ledger import site, site_bookings, site_malls
from antrean.ledger.backup import copy_checked, put_back
from antrean.ledger.connection import connect, quick_check
from antrean.ledger.errors import LedgerMissing, translated
from antrean.ledger.folder_lock import held_alone
from antrean.ledger.schema import check_version
from antrean.ledger.site import FILE_NAME, LOCK_NAME
from antrean.ledger.site_schema import SITE_SCHEMA


@dataclass(frozen=True, slots=True)
class SiteVerified:
    """What a site's ledger or backup holds: its malls, its bookings, the number of its newest change."""

    malls: int
    bookings: int
    last_change: int


def backup_site(folder: Path, target: Path) -> SiteVerified:
    """Copy the ledger of a running or stopped site to `target`; raises LedgerMissing, LedgerBroken or Unavailable."""
    return copy_checked(folder / FILE_NAME, target, verify_site)


def verify_site(path: Path) -> SiteVerified:
    """Read a backup file, or a site's folder, through; raises LedgerMissing, LedgerBroken or NewerFile."""
    file = path / FILE_NAME if path.is_dir() else path
    connection = connect(file, read_only=True)
    try:
        with translated():
            if check_version(connection, file, SITE_SCHEMA) == 0:
                raise LedgerMissing(file)
            quick_check(connection, file)
            connection.execute("BEGIN")
            bookings = sum(site_bookings.counts(connection).values())
            found = SiteVerified(len(site_malls.malls(connection)), bookings, site.last_change(connection))
            connection.execute("ROLLBACK")
    finally:
        connection.close()
    return found


def restore_site(backup_file: Path, folder: Path, life: str) -> SiteVerified:
    """Make `folder` the site that `backup_file` holds, under a new life: every mall reads a full listing.

    What was there is kept beside it as `booking.db.replaced`. Refuses (Unavailable) while a site runs on `folder`.
    """
    lock = held_alone(
        folder, LOCK_NAME, f"a booking site runs on {folder}: stop it first; nothing was changed"
    )
    try:
        found = verify_site(backup_file)
        put_back(backup_file, folder / FILE_NAME, lambda tx: site.renew_life(tx, life))
    finally:
        lock.close()
    return found
