"""The server's housekeeping: a new day, a changed catalogue, the clock's memory, old answers and notes, backups."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from antrean.domain.errors import Unavailable
from antrean.ledger import hall_commands, hall_notes, hall_people
from antrean.ledger.hall import HallLedger
from antrean.ledger.hall_meta import CLOCK_EVERY_MS
from antrean.ledger.room import Room
from antrean.ledger.writer import Transaction
from queue_server.live import LiveHall
from queue_server.timekeeper import Timekeeper

log = logging.getLogger("queue_server")
FORGET_EVERY_MS = 3_600_000
DAY_MS = 24 * 3_600_000
ANSWERS_KEPT_MS = 2 * DAY_MS


@dataclass
class Keeper:
    """Looks once a second on its own thread whether something is due; `back_up` None makes no backups."""

    ledger: HallLedger
    live: LiveHall
    timekeeper: Timekeeper
    back_up: Callable[[], object] | None
    backup_every_ms: int
    every_s: float = 1.0
    room: Room | None = None
    notes_kept_ms: int = 30 * DAY_MS
    forget_bookings: Callable[[], None] | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _done_ms: dict[str, int] = field(default_factory=dict)

    def start(self) -> None:
        """Starts looking once in `every_s`."""
        self.begin()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)
        self._thread.start()

    def begin(self) -> None:
        """Counts from now: the first backup waits one interval, the clock is remembered at the first look."""
        self._done_ms = {"forget": 0, "clock": 0, "backup": self.live.now_ms()}

    def close(self) -> None:
        """Stops after what is being done now."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self.every_s):
            try:
                self.look()
            except Unavailable as error:
                log.warning("housekeeping waits: %s", error)
            except Exception:
                log.exception("housekeeping failed; it is tried again")

    def look(self) -> None:
        """Does what is due."""
        self.timekeeper.look()
        if self.live.is_due():
            self.live.refresh()
        now = self.live.now_ms()
        if self.room is not None and self._due("room", now, CLOCK_EVERY_MS):
            self.room.refill()
        if self._due("clock", now, CLOCK_EVERY_MS):
            self.live.run(lambda turn: None)  # each turn notes the clock when that is due
        if self._due("forget", now, FORGET_EVERY_MS):
            self.ledger.writer.run(lambda tx: self._forget(tx, now))
            if self.forget_bookings is not None:
                self.forget_bookings()
        if self.back_up is not None and self._due("backup", now, self.backup_every_ms):
            self.back_up()

    def _due(self, what: str, now: int, every_ms: int) -> bool:
        if now - self._done_ms.get(what, 0) < every_ms:
            return False
        self._done_ms[what] = now
        return True

    def _forget(self, tx: Transaction, now: int) -> None:
        hall_commands.forget_answers(tx, now - ANSWERS_KEPT_MS)
        hall_people.forget_sessions(tx, now)
        hall_notes.erase_notes(tx, now - self.notes_kept_ms)
