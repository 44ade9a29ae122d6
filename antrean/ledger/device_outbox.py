"""What the server has not acknowledged yet, in the order it was written."""

from collections.abc import Callable
from dataclasses import replace

from antrean.domain.event import Envelope
from antrean.domain.timeline import Stamp
from antrean.ledger import device_log
from antrean.ledger.connection import writing
from antrean.ledger.device_log import COLUMNS, envelope_of
from antrean.ledger.driver import Connection
from antrean.ledger.errors import translated

_WAITING = "outbox.acknowledged_ms IS NULL AND outbox.moved = 0"
_COLUMNS = ", ".join(f"events.{name}" for name in COLUMNS.split(", "))


class DeviceOutbox:
    """The unsent part of a device's log; rows are marked, never deleted."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def unsent(self, limit: int) -> list[Envelope]:
        """The oldest `limit` events that are not acknowledged."""
        with translated():
            rows = self._connection.execute(
                f"SELECT {_COLUMNS} FROM outbox JOIN events USING (position) WHERE {_WAITING}"
                " ORDER BY outbox.position LIMIT ?",
                (limit,),
            )
            return [envelope_of(row) for row in rows]

    def count(self) -> int:
        """How many events wait."""
        with translated():
            row = self._connection.execute(f"SELECT count(*) FROM outbox WHERE {_WAITING}").fetchone()
            return int(row[0]) if row else 0

    def attempted(self, limit: int) -> None:
        """Count one more try for the oldest `limit` waiting events."""
        with writing(self._connection) as tx:
            tx.execute(
                "UPDATE outbox SET attempts = attempts + 1 WHERE position IN"
                f" (SELECT position FROM outbox WHERE {_WAITING} ORDER BY position LIMIT ?)",
                (limit,),
            )

    def attempts(self) -> int:
        """The most tries any waiting event has seen."""
        with translated():
            row = self._connection.execute(f"SELECT max(attempts) FROM outbox WHERE {_WAITING}").fetchone()
            return int(row[0] or 0) if row else 0

    def acknowledge(self, ack_seq: int, now_ms: int) -> None:
        """Mark everything of the current log up to `ack_seq` as accepted by the server."""
        with writing(self._connection) as tx:
            tx.execute(
                "UPDATE outbox SET acknowledged_ms = ?1 WHERE acknowledged_ms IS NULL AND moved = 0 AND "
                "position IN"
                " (SELECT position FROM events WHERE log_id = (SELECT log_id FROM own) AND seq <= ?2)",
                (now_ms, ack_seq),
            )

    def reoffer(self, ack_seq: int) -> None:
        """Offer everything of the current log after `ack_seq` again: the server was restored from a backup."""
        with writing(self._connection) as tx:
            tx.execute(
                "UPDATE outbox SET acknowledged_ms = NULL, attempts = 0 WHERE position IN"
                " (SELECT position FROM events WHERE log_id = (SELECT log_id FROM own) AND seq > ?)",
                (ack_seq,),
            )

    def start_new_log(self, *, generation: int, day: str, new_id: Callable[[], str], stamp: Stamp) -> None:
        """Leave a log the server knows differently (a restored disk image) and go on in a new one.

        What waits is written again into the new log with its own stamps; the old branch stays where it is.
        Numbers go on after the old ones under a generation above both `generation` and the device's own.
        """
        with writing(self._connection) as tx:
            waiting = tx.execute(
                f"SELECT {_COLUMNS}, outbox.position FROM outbox JOIN events USING (position)"
                f" WHERE {_WAITING} ORDER BY outbox.position"
            ).fetchall()
            tx.execute("UPDATE own SET log_id = ?, last_seq = 0, last_hash = ''", (new_id(),))
            for row in waiting:
                tx.execute("UPDATE outbox SET moved = 1 WHERE position = ?", (row[-1],))
                at = device_log.own(tx)
                device_log.insert(
                    tx,
                    replace(
                        envelope_of(row),
                        event_id=new_id(),
                        device_id=at.device_id,
                        log_id=at.log_id,
                        seq=at.last_seq + 1,
                        prev_hash=at.last_hash,
                    ),
                )
            raise_generation(tx, generation, day, new_id=new_id, stamp=stamp)


def raise_generation(
    tx: Connection, generation: int, day: str, *, new_id: Callable[[], str], stamp: Stamp
) -> None:
    """Go above `generation` without starting the numbers again: they continue after the highest known."""
    at = device_log.own(tx)
    above = max(at.generation, generation) + 1
    device_log.open_day(tx, day or at.day, above, "server", event_id=new_id(), stamp=stamp, restart=False)
