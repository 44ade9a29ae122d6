"""What a day's log tells of acts out of order; see `antrean.domain.out_of_order`."""

from __future__ import annotations

from antrean.domain.catalogue import Mall
from antrean.domain.hall import empty_hall
from antrean.domain.out_of_order import Row, out_of_order
from antrean.ledger import hall_log
from antrean.ledger.hall import HallLedger
from queue_server.live import accepted_of
from queue_server.reports import check_range


def rows_of(ledger: HallLedger, mall: Mall, day: str) -> tuple[Row, ...]:
    """The rows of one local date, oldest first, by today's catalogue; raises RuleViolation `bad_range`."""
    check_range(day, day)
    with ledger.reading() as r:
        return tuple(out_of_order(empty_hall(mall, day), map(accepted_of, hall_log.of_day(r, day))))
