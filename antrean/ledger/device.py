"""A kiosk's ledger: numbers, its own log with the outbox, and what it heard from the server.

One instance belongs to one thread; several instances, also in several processes, share a folder safely.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from antrean.domain.errors import Unavailable
from antrean.domain.event import Envelope
from antrean.domain.events import NumbersSkipped, Payload, TicketPrintUnknown
from antrean.domain.numbering import skip_after_unclean_stop
from antrean.domain.timeline import Stamp
from antrean.ledger import connection as files
from antrean.ledger import device_log
from antrean.ledger.device_log import COLUMNS, Issued, Order, Own, envelope_of
from antrean.ledger.device_memory import DeviceMemory
from antrean.ledger.device_outbox import DeviceOutbox
from antrean.ledger.device_schema import DEVICE_SCHEMA
from antrean.ledger.driver import Connection
from antrean.ledger.errors import LedgerBroken, translated
from antrean.ledger.folder_lock import FolderLock
from antrean.ledger.schema import migrate

FILE_NAME = "kiosk.db"
LOCK_NAME = "kiosk.lock"
NewId = Callable[[], str]


class DeviceLedger:
    """The durable memory in `folder`; every writing method is one fsynced transaction.

    `memory` keeps what the server told (pairing, mall, shares, anchors), `outbox` what it has not yet
    acknowledged.
    """

    def __init__(self, folder: Path, connection: Connection, lock: FolderLock | None) -> None:
        self.folder = folder
        self.memory = DeviceMemory(connection)
        self.outbox = DeviceOutbox(connection)
        self._connection = connection
        self._lock = lock

    @classmethod
    def open(
        cls, folder: Path, *, new_id: NewId, stamp: Stamp, checkpoints: bool = False, check: bool = True
    ) -> "DeviceLedger":
        """Open the ledger in `folder`, making it when there is none.

        The first process in learns whether the last one stopped cleanly; if not, five numbers of each series
        are passed over and prints without an outcome become unknown. Raises NewerFile, LedgerBroken,
        Unavailable.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(f"{folder} cannot be made: {error}", permanent=True) from error
        path = folder / FILE_NAME
        lock = FolderLock(folder / LOCK_NAME)
        first = lock.alone()
        if not first:
            lock.share()
        try:
            connection = files.connect(path, checkpoints=checkpoints)
        except BaseException:
            lock.close()
            raise
        ledger = cls(folder, connection, lock)
        try:
            migrate(connection, path, DEVICE_SCHEMA, lambda new: _first_row(new, new_id()))
            if first:
                if check:
                    files.quick_check(connection, path)
                ledger._recover(new_id, stamp)
        except BaseException:
            connection.close()
            lock.close()
            raise
        if first:
            lock.share()
        return ledger

    def sibling(self, *, checkpoints: bool = False) -> "DeviceLedger":
        """Another connection to the same file for another thread of this process."""
        connection = files.connect(self.folder / FILE_NAME, checkpoints=checkpoints)
        return DeviceLedger(self.folder, connection, None)

    def own(self) -> Own:
        """Who the device is and where its log and day stand."""
        with translated():
            return device_log.own(self._connection)

    def issue_number(self, order: Order, *, ticket_id: str, event_id: str, stamp: Stamp) -> Issued:
        """Issue a durable ticket; raises RuleViolation `not_paired` or `full`, Unavailable, LedgerBroken."""
        with files.writing(self._connection) as tx:
            return device_log.issue(tx, order, ticket_id=ticket_id, event_id=event_id, stamp=stamp)

    def append(self, payload: Payload, *, event_id: str, stamp: Stamp) -> None:
        """Write one event to the log and the outbox."""
        with files.writing(self._connection) as tx:
            device_log.append(tx, payload, event_id=event_id, stamp=stamp)

    def open_day(self, day: str, by: str, *, event_id: str, stamp: Stamp) -> None:
        """Start the numbers again for `day` (YYYY-MM-DD) if it is newer than the current one."""
        with files.writing(self._connection) as tx:
            at = device_log.own(tx)
            if day > at.day:
                device_log.open_day(tx, day, at.generation + 1, by, event_id=event_id, stamp=stamp)

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
        heads: dict[str, tuple[int, str]] = {}
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

    def close(self) -> None:
        """Leave; the last one out marks the stop as clean."""
        try:
            if self._lock is not None and self._lock.alone():
                with files.writing(self._connection) as tx:
                    tx.execute("UPDATE own SET clean = 1")
        finally:
            self._connection.close()
            if self._lock is not None:
                self._lock.close()

    def _recover(self, new_id: NewId, stamp: Stamp) -> None:
        with files.writing(self._connection) as tx:
            clean = tx.execute("SELECT clean FROM own").fetchone()
            if clean == (0,):
                _skip_numbers(tx, new_id, stamp)
                _doubt_prints(tx, new_id, stamp)
            tx.execute("UPDATE own SET clean = 0")


def _skip_numbers(tx: Connection, new_id: NewId, stamp: Stamp) -> None:
    for series, last in tx.execute("SELECT series, last FROM counters ORDER BY series").fetchall():
        at = device_log.own(tx)
        through = skip_after_unclean_stop(last)
        skipped = NumbersSkipped(series, at.issuer, at.generation, through)
        device_log.append(tx, skipped, event_id=new_id(), stamp=stamp, at=at)
        device_log.set_counter(tx, series, through)


def _doubt_prints(tx: Connection, new_id: NewId, stamp: Stamp) -> None:
    rows = tx.execute("SELECT ticket_id FROM tickets WHERE printed = 'pending' ORDER BY position").fetchall()
    for (ticket_id,) in rows:
        doubt = TicketPrintUnknown(ticket_id, "interrupted", copy=False)
        device_log.append(tx, doubt, event_id=new_id(), stamp=stamp)


def _first_row(connection: Connection, log_id: str) -> None:
    connection.execute("INSERT INTO own VALUES (1, '', '', ?, 0, '', '', 0, 1)", (log_id,))
