"""A kiosk's ledger: numbers, its own log with the outbox, and what it heard from the server.

One instance belongs to one thread; several instances, also in several processes, share a folder safely.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from antrean.domain.claim import Seal
from antrean.domain.errors import Unavailable
from antrean.domain.event import Envelope
from antrean.domain.events import Payload, TicketReadmitted
from antrean.domain.timeline import Stamp
from antrean.ledger import connection as files
from antrean.ledger import device_log, device_purge, small_file
from antrean.ledger.device_bookings import DeviceBookings
from antrean.ledger.device_log import COLUMNS, Issued, Order, Own, envelope_of
from antrean.ledger.device_memory import DeviceMemory
from antrean.ledger.device_outbox import DeviceOutbox
from antrean.ledger.device_recovery import HEALED, NewId, adopt, after_stop
from antrean.ledger.device_schema import DEVICE_SCHEMA
from antrean.ledger.driver import Connection
from antrean.ledger.errors import LedgerBroken, LedgerDamaged, translated
from antrean.ledger.folder_lock import FolderLock
from antrean.ledger.high_water import HighWater
from antrean.ledger.room import Room, with_room
from antrean.ledger.salvage import Salvaged, salvage, sound
from antrean.ledger.schema import check_version, migrate
from antrean.ledger.second_memory import SecondMemory

FILE_NAME = "kiosk.db"
LOCK_NAME = "kiosk.lock"
BROKEN = ".broken-"
TIDY_EVERY_MS = 60_000
WAL_BYTES = 4 * 1024 * 1024
T = TypeVar("T")


class DeviceLedger:
    """The durable memory in `folder`; every writing method is one fsynced transaction.

    `memory` keeps what the server told (pairing, mall, shares, anchors), `bookings` its copy of the coming bookings,
    `outbox` what it has not yet acknowledged.
    """

    def __init__(
        self,
        folder: Path,
        connection: Connection,
        lock: FolderLock | None,
        mark: HighWater,
        second: SecondMemory,
        room: Room | None = None,
    ) -> None:
        self.folder = folder
        self.memory = DeviceMemory(connection, self._covered, second)
        self.outbox = DeviceOutbox(connection, self._covered)
        self.bookings = DeviceBookings(connection, self._covered)
        self._connection = connection
        self._lock = lock
        self._mark = mark
        self._second = second
        self._room = room
        self._tidied_ms = 0

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        new_id: NewId,
        stamp: Stamp,
        checkpoints: bool = False,
        check: bool = True,
        second: Path | None = None,
        room: Room | None = None,
    ) -> "DeviceLedger":
        """Open the ledger in `folder`, making it when there is none; `second` is where the second files are kept.

        The first process in goes on after the last stop (see `device_recovery`), and heals a damaged file: it is
        set aside, and a new one begins with what the second files and the readable rows tell. `room` makes space
        on a full disk. Raises NewerFile, LedgerBroken (damaged, and nothing to heal it from), Unavailable.
        """
        beside = second or folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(f"{folder} cannot be made: {error}", permanent=True) from error
        mark, memory = HighWater(beside, alone=beside == folder), SecondMemory(beside)
        opening = _Opening(folder, mark, memory, new_id, stamp, checkpoints)
        lock = FolderLock(folder / LOCK_NAME)
        try:
            first = lock.alone()
            if first:
                connection = with_room(room, lambda: opening.first(check))
                lock.share()
            else:
                lock.share()
                connection = with_room(room, opening.beside_others)
        except BaseException:
            lock.close()
            raise
        return cls(folder, connection, lock, mark, memory, room)

    def sibling(self, *, checkpoints: bool = False) -> "DeviceLedger":
        """Another connection to the same file for another thread of this process."""
        connection = files.connect(self.folder / FILE_NAME, checkpoints=checkpoints)
        return DeviceLedger(self.folder, connection, None, self._mark, self._second, self._room)

    def own(self) -> Own:
        """Who the device is and where its log and day stand."""
        with translated():
            return device_log.own(self._connection)

    def issue_number(self, order: Order, *, seal: Seal, event_id: str, stamp: Stamp) -> Issued:
        """Issue a durable ticket; raises RuleViolation `not_paired`, `full` or `booking_arrived` (param label),
        Unavailable, LedgerBroken.
        """
        return self._write(lambda tx: device_log.issue(tx, order, seal=seal, event_id=event_id, stamp=stamp))

    def readmit(self, paper: TicketReadmitted, day: str, *, event_id: str, stamp: Stamp) -> bool:
        """Log that a paper gave its place back; False when the ticket is known here. Raises as `issue_number`."""
        return self._write(lambda tx: device_log.readmit(tx, paper, day, event_id=event_id, stamp=stamp))

    def take_order(self, ticket_id: str) -> bool:
        """Note that this device prints a ticket of the server; False when it did before. Raises as `append`."""
        return self._write(lambda tx: device_log.take_order(tx, ticket_id))

    def knows(self, ticket_id: str) -> bool:
        """Whether this device issued the ticket or took its paper back before."""
        with translated():
            return device_log.knows(self._connection, ticket_id)

    def append(self, payload: Payload, *, event_id: str, stamp: Stamp) -> None:
        """Write one event to the log and the outbox."""
        self._write(lambda tx: device_log.append(tx, payload, event_id=event_id, stamp=stamp))

    def open_day(self, day: str, by: str, *, event_id: str, stamp: Stamp) -> None:
        """Start the numbers again for `day` (YYYY-MM-DD) if it is newer than the current one."""

        def job(tx: Connection) -> None:
            at = device_log.own(tx)
            if day > at.day:
                device_log.open_day(tx, day, at.generation + 1, by, event_id=event_id, stamp=stamp)

        self._write(job)

    def since(self, cursor: int, limit: int = 1000) -> list[tuple[int, Envelope]]:
        """Up to `limit` (position, event) pairs after position `cursor`, oldest first."""
        with translated():
            rows = self._connection.execute(
                f"SELECT {COLUMNS}, position FROM events WHERE position > ? ORDER BY position LIMIT ?",
                (cursor, limit),
            )
            return [(row[-1], envelope_of(row)) for row in rows]

    def events(self) -> Iterator[Envelope]:
        """The whole log, oldest first."""
        cursor = 0
        while page := self.since(cursor):
            yield from (envelope for _, envelope in page)
            cursor = page[-1][0]

    def check_chain(self) -> int:
        """Recompute every link and return how many events there are; raises LedgerBroken at the first wrong one."""
        with translated():
            heads = device_purge.tails(self._connection)
        count = 0
        for envelope in self.events():
            seq, last_hash = heads.get(envelope.log_id, (0, ""))
            if envelope.seq != seq + 1 or envelope.prev_hash != last_hash:
                raise LedgerBroken(f"event {envelope.seq} of log {envelope.log_id} breaks the chain")
            heads[envelope.log_id] = (envelope.seq, envelope.hash())
            count += 1
        at = self.own()
        if at.last_seq and heads.get(at.log_id) != (at.last_seq, at.last_hash):
            raise LedgerBroken(f"log {at.log_id} does not end where the ledger says")
        return count

    def tidy(self, now_ms: int) -> None:
        """Housekeeping between visitors: the WAL kept short, old events dropped, the ballast put back.

        `now_ms` is server time. Only one connection of a program may call it: the one that checkpoints. Raises
        LedgerBroken; a disk that is full or busy is left for the next time.
        """
        try:
            if abs(now_ms - self._tidied_ms) >= TIDY_EVERY_MS:
                self._tidied_ms = now_ms
                if self._room is not None:
                    self._room.refill()
                with self._covered() as tx:
                    device_purge.purge(tx, now_ms)
            wal = self.folder / (FILE_NAME + "-wal")
            tight = self._room is not None and self._room.low()  # a short WAL makes the last pages go far
            if wal.exists() and (tight or wal.stat().st_size > WAL_BYTES):
                with translated():
                    self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except Unavailable:
            return

    def make_room(self) -> bool:
        """Free some space for what must be written beside the ledger; False when there is nothing left to give up."""
        return self._room is not None and self._room.make()

    def trouble(self) -> tuple[str, str]:
        """What staff should know of the disk: (key, detail), ("", "") when all is well.

        `full` the ballast is gone, `second` (why) the second files cannot be written, `healed` (file name) a
        damaged file was set aside and is still there.
        """
        if self._room is not None and self._room.low():
            return "full", ""
        if why := self._mark.trouble or self._second.trouble:
            return "second", why
        name = self.memory.fact(HEALED)
        return ("healed", name) if name and (self.folder / name).exists() else ("", "")

    def close(self) -> None:
        """Leave; the last one out marks the stop as clean."""
        try:
            if self._lock is not None and self._lock.alone():
                with files.writing(self._connection) as tx:
                    if self._mark.stopped(tx):
                        tx.execute("UPDATE own SET clean = 1")
        finally:
            self._connection.close()
            if self._lock is not None:
                self._lock.close()

    def _covered(self) -> AbstractContextManager[Connection]:
        return self._mark.covered(self._connection)

    def _write(self, job: Callable[[Connection], T]) -> T:
        def once() -> T:
            with self._covered() as tx:
                return job(tx)

        return with_room(self._room, once)


@dataclass(frozen=True, slots=True)
class _Opening:
    """One way into a ledger's folder; the caller holds its lock."""

    folder: Path
    mark: HighWater
    second: SecondMemory
    new_id: NewId
    stamp: Stamp
    checkpoints: bool

    @property
    def path(self) -> Path:
        return self.folder / FILE_NAME

    def beside_others(self) -> Connection:
        """Open what another process already checked."""
        connection = files.connect(self.path, checkpoints=self.checkpoints)
        try:
            self._migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def first(self, check: bool) -> Connection:
        """Open alone: check, go on after the last stop, heal once if that fails."""
        try:
            return self._sound(check)
        except LedgerDamaged:
            known = self.second.load() or salvage(self.path).facts
            if "pairing" not in known:
                raise
            try:
                small_file.set_aside(self.path, self.folder / f"{FILE_NAME}{BROKEN}{len(self._broken()) + 1}")
            except OSError as error:
                raise LedgerBroken(f"{self.path} is damaged and cannot be set aside: {error}") from error
            return self._sound(check)

    def _sound(self, check: bool) -> Connection:
        connection = files.connect(self.path, checkpoints=self.checkpoints)
        try:
            if check:
                files.quick_check(connection, self.path)
            self._migrate(connection)
            clean = self._whole(connection)
            if not check and not clean:
                files.quick_check(connection, self.path)
            if not clean:
                self._read_events(connection)
            self._go_on(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _read_events(self, connection: Connection) -> None:
        """Read every event through; raises LedgerDamaged at one that is not what was written.

        SQLite finds broken pages, not rubbish inside a text. Also an event that the server has may be wanted again, by
        a server restored from a backup.
        """
        with translated():
            for row in connection.execute(f"SELECT {COLUMNS}, hash, position FROM events"):
                if not any(True for _ in sound(row)):
                    raise LedgerDamaged(f"{self.path} is damaged: event {row[-1]} is not what was written")

    def _migrate(self, connection: Connection) -> None:
        with translated():
            if check_version(connection, self.path, DEVICE_SCHEMA) == 0:
                row = connection.execute(
                    "SELECT count(*) FROM sqlite_master WHERE name = 'events'"
                ).fetchone()
                if row != (0,):
                    raise LedgerDamaged(f"{self.path} is damaged: it lost its version")
        migrate(connection, self.path, DEVICE_SCHEMA, lambda new: _first_row(new, self.new_id()))

    def _whole(self, connection: Connection) -> bool:
        """Whether the last stop was clean; raises LedgerBroken when the log does not end where the ledger says."""
        with translated():
            row = connection.execute("SELECT clean, log_id, last_seq, last_hash FROM own").fetchone()
            if row is None:
                raise LedgerDamaged(f"{self.path} is damaged: it does not say whose it is")
            clean, log_id, seq, last_hash = row
            head = connection.execute(
                "SELECT hash FROM events WHERE log_id = ? AND seq = ?", (log_id, seq)
            ).fetchone()
            if seq and head != (last_hash,):
                raise LedgerDamaged(f"{self.path} is damaged: its log does not end where it should")
        return bool(clean)

    def _go_on(self, connection: Connection) -> None:
        with translated():
            self.mark.begin(connection)
            unknown = not device_log.own(connection).device_id
        facts, found = self._witnesses() if unknown else ({}, Salvaged())
        with self.mark.covered(connection) as tx:
            if "pairing" in facts:
                adopt(tx, facts, self.mark.load(), found, new_id=self.new_id, stamp=self.stamp)
            else:
                after_stop(tx, self.mark.load(), new_id=self.new_id, stamp=self.stamp)
        with translated():
            DeviceMemory(connection, lambda: self.mark.covered(connection), self.second).keep()

    def _witnesses(self) -> tuple[dict[str, str], Salvaged]:
        """What the second file and the newest damaged file, unless it was read before, know of a lost ledger."""
        facts, broken = self.second.load(), self._broken()
        if not broken or broken[-1].name == facts.get(HEALED):
            return facts, Salvaged()
        found = salvage(broken[-1])
        return {**found.facts, **facts, HEALED: broken[-1].name}, found

    def _broken(self) -> list[Path]:
        named = re.compile(re.escape(FILE_NAME + BROKEN) + r"(\d+)")
        found = [(path, named.fullmatch(path.name)) for path in self.folder.glob(f"{FILE_NAME}{BROKEN}*")]
        return [
            path for path, name in sorted(found, key=lambda pair: int(pair[1][1]) if pair[1] else 0) if name
        ]


def _first_row(connection: Connection, log_id: str) -> None:
    connection.execute("INSERT INTO own VALUES (1, '', '', ?, 0, '', '', 0, 1)", (log_id,))
