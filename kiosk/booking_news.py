"""Keeping the kiosk's copy of the coming bookings: a few pages at a time, so that no ticket waits for them."""

import logging
from typing import TYPE_CHECKING

from antrean.domain.errors import RuleViolation, Unavailable
from antrean.ledger.device import DeviceLedger
from antrean.link.errors import OlderServer

if TYPE_CHECKING:  # an HTTP client takes a tenth of a second to load, and the first picture must not wait
    from antrean.link.server import ServerLink

log = logging.getLogger(__name__)
PAGES_AT_ONCE = 4
"""Of at most 500 bookings; two weeks of a large mall are read in a few exchanges, with tickets sent in between."""
AGAIN_AFTER_MS = 30_000
"""After a refusal: the tickets go on every two seconds all the same."""
KEPT_MS = 36 * 3_600_000
"""Who comes a day late still reads that it was yesterday; older bookings are forgotten."""


class BookingNews:
    """Asks for bookings while the server's newest differs from the copy's. Belongs to the thread of its ledger."""

    def __init__(self, ledger: DeviceLedger, link: "ServerLink") -> None:
        self._ledger = ledger
        self._link = link
        self._not_before_ms = 0

    def take(self, newest: str, server_ms: int) -> None:
        """Page on towards `newest`, the cursor of the last pull ("" when the server keeps no bookings).

        What goes wrong is logged and tried again later: it keeps no ticket from the server and no call from the
        screen. Raises OlderServer, LedgerBroken.
        """
        if server_ms < self._not_before_ms:
            return
        try:
            if newest:
                self._page_on(newest)
            self._ledger.bookings.drop_before(server_ms - KEPT_MS)
        except OlderServer:
            raise
        except (RuleViolation, Unavailable) as refused:
            log.warning("the coming bookings could not be brought up to date: %s", refused)
            self._not_before_ms = server_ms + AGAIN_AFTER_MS

    def _page_on(self, newest: str) -> None:
        copy = self._ledger.bookings
        for _ in range(PAGES_AT_ONCE):
            if (cursor := copy.cursor()) == newest:
                return
            page = self._link.bookings(cursor)
            copy.take(page)
            if not page.more:
                return
