"""The site's housekeeping: contacts and old bookings are forgotten, backups are made."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from antrean.domain.errors import Unavailable
from antrean.ledger import site_bookings, site_malls
from antrean.ledger.room import Room
from antrean.ledger.site import SiteLedger
from antrean.ledger.writer import Transaction
from queue_server.backups import BackupWatch
from queue_server.site.api import ANSWERS_KEPT_MS
from queue_server.site.settings import SiteSettings
from queue_server.site.site_desk import DAY_MS, MINUTE_MS

log = logging.getLogger("queue_server.site")
FORGET_EVERY_MS = 60 * MINUTE_MS
BOOKINGS_KEPT_MS = 180 * DAY_MS
"""After half a year nobody opens the page of a booking any more."""


@dataclass
class SiteKeeper:
    """Looks every few seconds, on its own thread, whether something is due; `watch` None makes no backups."""

    ledger: SiteLedger
    settings: SiteSettings
    now_ms: Callable[[], int]
    watch: BackupWatch | None
    room: Room
    every_s: float = 5.0
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _done_ms: dict[str, int] = field(default_factory=dict)

    def start(self) -> None:
        """Starts looking; the first backup waits one interval."""
        self._done_ms = {"backup": self.now_ms()}
        self._thread = threading.Thread(target=self._run, name="site-keeper", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops after what is being done now."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                self.look()
            except Unavailable as error:
                log.warning("housekeeping waits: %s", error)
            except Exception:
                log.exception("housekeeping failed; it is tried again")
            if self._stop.wait(self.every_s):
                return

    def look(self) -> None:
        """Does what is due."""
        now = self.now_ms()
        if self._due("room", now, MINUTE_MS):
            self.room.refill()
        if self._due("forget", now, FORGET_EVERY_MS):
            self.ledger.writer.run(lambda tx: forget(tx, self.settings, now))
        if self.watch is not None and self._due("backup", now, self.settings.backup_minutes * MINUTE_MS):
            self.watch(now)

    def _due(self, what: str, now: int, every_ms: int) -> bool:
        if 0 <= now - self._done_ms.get(what, 0) < every_ms:
            return False
        self._done_ms[what] = now
        return True


def forget(tx: Transaction, settings: SiteSettings, now: int) -> None:
    """Erases what is no longer needed.

    A contact's hash goes `forget_days` after the slot. Of a slot nobody came to it stays while the rule about no-shows
    looks at it: until the no-show no longer counts and no block it led to is left.
    """
    needed = settings.noshow_days + settings.block_days if settings.noshow_limit else settings.forget_days
    gone = now - settings.forget_days * DAY_MS
    site_bookings.forget_contacts(tx, gone, min(gone, now - needed * DAY_MS))
    site_bookings.forget_bookings(tx, now - max(BOOKINGS_KEPT_MS, (needed + 1) * DAY_MS))
    site_malls.forget_catalogues(tx)
    site_bookings.forget_told(tx, now - ANSWERS_KEPT_MS)
