"""What the server has not acknowledged yet, in the order it was written."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from antrean.domain.event import Envelope
from antrean.domain.timeline import Stamp
from antrean.ledger import device_purge
from antrean.ledger.device_log import COLUMNS, envelope_of
from antrean.ledger.device_recovery import begin_log, go_above
from antrean.ledger.driver import Connection
from antrean.ledger.errors import DiskFull, translated

_WAITING = "outbox.acknowledged_ms IS NULL AND outbox.moved = 0"
# Both walk an index from where there is something to do: a hello must not read a week of events.
_UNACKNOWLEDGED = (
    "acknowledged_ms IS NULL AND moved = 0 AND EXISTS (SELECT 1 FROM events WHERE"
    " events.position = outbox.position AND log_id = ?1 AND seq <= ?2)"
)
_ACKNOWLEDGED_AFTER = (
    "acknowledged_ms IS NOT NULL AND position IN (SELECT position FROM events WHERE log_id = ?1 AND seq > ?2)"
)
_COLUMNS = ", ".join(f"events.{name}" for name in COLUMNS.split(", "))


class DeviceOutbox:
    """The unsent part of a device's log; rows are marked when sent. `writing` opens one durable transaction."""

    def __init__(
        self, connection: Connection, writing: Callable[[], AbstractContextManager[Connection]]
    ) -> None:
        self._connection = connection
        self._writing = writing

    def unsent(self, limit: int) -> list[Envelope]:
        """The oldest `limit` events that are not acknowledged, all of the log of the first one."""
        with translated():
            rows = self._connection.execute(
                f"SELECT {_COLUMNS} FROM outbox JOIN events USING (position) WHERE {_WAITING}"
                " ORDER BY outbox.position LIMIT ?",
                (limit,),
            )
            waiting = [envelope_of(row) for row in rows]
        return [event for event in waiting if event.log_id == waiting[0].log_id]

    def count(self) -> int:
        """How many events wait."""
        with translated():
            row = self._connection.execute(f"SELECT count(*) FROM outbox WHERE {_WAITING}").fetchone()
            return int(row[0]) if row else 0

    def attempted(self, limit: int) -> None:
        """Count one more try for the oldest `limit` waiting events."""
        try:
            with self._writing() as tx:
                tx.execute(
                    "UPDATE outbox SET attempts = attempts + 1 WHERE position IN"
                    f" (SELECT position FROM outbox WHERE {_WAITING} ORDER BY position LIMIT ?)",
                    (limit,),
                )
        except DiskFull:
            return  # what is on a full disk must reach the server all the same

    def attempts(self) -> int:
        """The most tries any waiting event has seen."""
        with translated():
            row = self._connection.execute(f"SELECT max(attempts) FROM outbox WHERE {_WAITING}").fetchone()
            return int(row[0] or 0) if row else 0

    def logs(self) -> list[str]:
        """Every log this device has written, the current one too; more than one after a restored disk image.

        What the same disk wrote as another device, before it was paired anew, is nobody's business any more.
        """
        with translated():
            rows = self._connection.execute(
                "SELECT DISTINCT log_id FROM events WHERE device_id = (SELECT device_id FROM own)"
                " UNION SELECT log_id FROM own"
            )
            return [row[0] for row in rows]

    def hash_at(self, log_id: str, seq: int) -> str | None:
        """The hash of an event of this device, None when it is not (or no longer) here."""
        with translated():
            row = self._connection.execute(
                "SELECT hash FROM events WHERE log_id = ? AND seq = ?", (log_id, seq)
            ).fetchone()
            return None if row is None else str(row[0])

    def acknowledge(self, log_id: str, ack_seq: int, now_ms: int) -> None:
        """Mark everything of a log up to `ack_seq` as accepted by the server."""
        if not self._any(_UNACKNOWLEDGED, log_id, ack_seq):
            return
        with self._writing() as tx:
            tx.execute(
                f"UPDATE outbox SET acknowledged_ms = ?3 WHERE {_UNACKNOWLEDGED}", (log_id, ack_seq, now_ms)
            )

    def reoffer(self, log_id: str, ack_seq: int) -> None:
        """Offer everything of a log after `ack_seq` again: the server was restored from a backup."""
        if not self._any(_ACKNOWLEDGED_AFTER, log_id, ack_seq):
            return
        with self._writing() as tx:
            tx.execute(
                f"UPDATE outbox SET acknowledged_ms = NULL, attempts = 0 WHERE {_ACKNOWLEDGED_AFTER}",
                (log_id, ack_seq),
            )

    def backed_up(self, log_id: str, seq: int) -> None:
        """The server's newest backup holds a log up to `seq`: older events need not be kept for ever."""
        with translated():
            row = self._connection.execute(
                "SELECT backed_up_seq FROM log_tails WHERE log_id = ?", (log_id,)
            ).fetchone()
        # A server that was just started says 0 until its first backup: what an older one holds is not taken back.
        if seq > (row[0] if row else 0):
            with self._writing() as tx:
                device_purge.note_backed_up(tx, log_id, seq)

    def waits(self, log_id: str) -> bool:
        """Whether anything of a log waits to be offered."""
        with translated():
            found = self._connection.execute(
                f"SELECT 1 FROM outbox JOIN events USING (position) WHERE {_WAITING} AND log_id = ? LIMIT 1",
                (log_id,),
            )
            return found.fetchone() is not None

    def purged_seq(self, log_id: str) -> int:
        """Up to which seq a log was dropped; a server that knows less cannot be told the rest of it."""
        with translated():
            return device_purge.tails(self._connection).get(log_id, (0, ""))[0]

    def _any(self, condition: str, log_id: str, ack_seq: int) -> bool:
        with translated():
            found = self._connection.execute(
                f"SELECT 1 FROM outbox WHERE {condition} LIMIT 1", (log_id, ack_seq)
            )
            return found.fetchone() is not None

    def start_new_log(self, *, generation: int, day: str, new_id: Callable[[], str], stamp: Stamp) -> None:
        """Leave a log the server knows differently (a restored disk image) and go on in a new one.

        What waits is written again into the new log with its own stamps; the old branch stays where it is.
        Numbers go on after the old ones under a generation above both `generation` and the device's own.
        """
        with self._writing() as tx:
            begin_log(tx, new_id)
            go_above(tx, generation, day, new_id=new_id, stamp=stamp)
