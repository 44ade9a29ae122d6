"""Tells a source what became of its bookings: in order per booking, each under its own key, poison aside.

A try is counted before it is made and settled after it was answered; a kill in between tells it again under the same
key, and the outside takes it once.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, cast

from antrean.domain.errors import RuleViolation, Unavailable
from antrean.ledger import hall_booking_outbox as outbox
from antrean.ledger import hall_bookings as copy
from antrean.ledger.hall import HallLedger
from antrean.ledger.hall_booking_outbox import OutboxRow
from antrean.ledger.writer import Transaction
from queue_server.bookings.connector import Connector, Outcome
from queue_server.live import LiveHall

log = logging.getLogger("queue_server")
A_TRY = 20
"""Outcomes that are told between two transactions."""
MOST_AT_ONCE = 400
"""Then it is the next source's turn."""
MOST_BUGS = 5
"""So often an outcome may end in an unforeseen error of a connector before it is put aside."""
LATER_MS = 30_000
What = Literal["arrived", "fulfilled", "noshow"]


@dataclass(frozen=True)
class Teller:
    """Empties the outbox of one source; belongs to one thread."""

    ledger: HallLedger
    live: LiveHall
    source: str

    def tell(self, connector: Connector) -> int:
        """Tells what is due and returns how many outcomes were settled; raises Unavailable: the rest waits."""
        settled = 0
        while settled < MOST_AT_ONCE:
            with self.ledger.reading() as r:
                rows = outbox.due(r, self.source, self.live.now_ms(), A_TRY)
                outcomes = [_outcome(r, row) for row in rows]
            if not rows:
                break
            self.ledger.writer.run(partial(outbox.attempted, rows=rows))
            settled += self._try(connector, rows, outcomes)
        return settled

    def _try(self, connector: Connector, rows: Sequence[OutboxRow], outcomes: Sequence[Outcome]) -> int:
        heard: list[OutboxRow] = []
        settled = 0
        try:
            for row, outcome in zip(rows, outcomes, strict=True):
                try:
                    connector.tell(outcome, row.key)
                    heard.append(row)
                except RuleViolation as refusal:
                    self._put_aside(row, str(refusal))
                    settled += 1
                except Unavailable as error:
                    self._later(row, str(error), 0)
                    raise
                except Exception as error:
                    log.exception("the connector of %s failed over an outcome", self.source)
                    if row.attempts + 1 >= MOST_BUGS:
                        self._put_aside(row, f"failed: {error!r}")
                    else:
                        self._later(row, f"failed: {error!r}", self.live.now_ms() + LATER_MS)
                    settled += 1
        finally:
            if heard:
                now_ms = self.live.now_ms()
                self.ledger.writer.run(lambda tx: outbox.done(tx, heard, now_ms))
        return settled + len(heard)

    def _put_aside(self, row: OutboxRow, why: str) -> None:
        log.error("%s will not take that a booking is %s: %s", self.source, row.what, why)
        now_ms = self.live.now_ms()
        self.ledger.writer.run(lambda tx: outbox.put_aside(tx, row, why, now_ms))

    def _later(self, row: OutboxRow, why: str, next_ms: int) -> None:
        self.ledger.writer.run(lambda tx: outbox.later(tx, row, why, next_ms))


def _outcome(r: Transaction, row: OutboxRow) -> Outcome:
    booking = copy.booking(r, row.source, row.booking_id)
    return Outcome(
        booking_id=row.booking_id,
        what=cast(What, row.what),
        at_ms=row.at_ms,
        after_cancel=row.after_cancel,
        label=row.label,
        revision=booking.revision if booking else "",
    )
