"""What an administrator of the site does on the command line: `mall add|list|remove`, `backup`, `restore`."""

from __future__ import annotations

import datetime
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from antrean.domain.errors import RuleViolation
from antrean.ledger import site_malls
from antrean.ledger.backup import BACKUPS, backup_name
from antrean.ledger.site import FILE_NAME, SiteLedger
from antrean.ledger.site_backup import backup_site, restore_site, verify_site
from antrean.seal.requests import Signer
from queue_server.site.running import World, opened

SHARED_BYTES = 32


@dataclass(frozen=True)
class SiteAdmin:
    """Where a command works: the site's data folder, the machine, and where it prints."""

    data: Path
    world: World
    out: TextIO

    def mall_add(self, options: Namespace) -> None:
        """Lets a mall in and prints the secret it shares with the site, this once."""
        secret = self.world.random_bytes(SHARED_BYTES).hex()
        Signer(options.key, secret)  # raises BadInput for a key that no request could carry
        with self._ledger(make=True) as ledger:
            ledger.writer.run(lambda tx: site_malls.add_mall(tx, options.key, secret, self.world.now_ms()))
        self._say(secret)

    def mall_list(self, options: Namespace) -> None:
        """Lists the malls: key, when last heard (UTC), the revision of the catalogue it told."""
        with self._ledger() as ledger, ledger.reading() as r:
            rows = site_malls.malls(r)
        for row in rows:
            heard = "never" if row.heard_ms is None else _utc(row.heard_ms)
            rev = "-" if row.catalogue_rev is None else str(row.catalogue_rev)
            self._say(f"{row.key:32} heard {heard:20} catalogue {rev}")

    def mall_remove(self, options: Namespace) -> None:
        """Sells for a mall no more; its bookings stay, and whoever has one still finds its page."""
        with self._ledger() as ledger:
            ledger.writer.run(lambda tx: site_malls.remove_mall(tx, options.key, self.world.now_ms()))

    def backup(self, options: Namespace) -> None:
        """Writes a verified copy, also beside a running site."""
        target: Path = options.target or self.data / BACKUPS / backup_name(self.world.now_ms())
        found = backup_site(self.data, target)
        self._say(
            f"{target}: {found.malls} malls, {found.bookings} bookings, last change {found.last_change}"
        )

    def verify(self, options: Namespace) -> None:
        """Reads a backup, or the ledger in use, through."""
        target: Path = options.file or self.data
        found = verify_site(target)
        self._say(f"{target}: {found.malls} malls, {found.bookings} bookings, no problems")

    def restore(self, options: Namespace) -> None:
        """Puts a backup back; the site must be stopped."""
        found = restore_site(options.file, self.data, self.world.new_id())
        self._say(
            f"{self.data}: {found.malls} malls, {found.bookings} bookings; every mall will ask for all of them"
        )

    @contextmanager
    def _ledger(self, *, make: bool = False) -> Iterator[SiteLedger]:
        if not make and not (self.data / FILE_NAME).exists():
            raise RuleViolation("no_site", folder=str(self.data))
        if make:
            self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        ledger = opened(self.data, self.world, check=False)
        try:
            yield ledger
        finally:
            ledger.close()

    def _say(self, text: str) -> None:
        print(text, file=self.out)


def _utc(at_ms: int) -> str:
    return datetime.datetime.fromtimestamp(at_ms / 1000, datetime.UTC).strftime("%Y-%m-%d %H:%M:%SZ")
