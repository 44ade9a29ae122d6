"""Fetches what a source sold: page after page into the copy, each with its cursor, and what is gone only at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from antrean.domain.booking_claim import BookingKey
from antrean.domain.errors import RuleViolation, Unavailable
from antrean.domain.opening import day_bounds, local_day
from antrean.ledger import hall_booking_notes as notes
from antrean.ledger import hall_bookings as copy
from antrean.ledger.hall import HallLedger
from queue_server.bookings import store
from queue_server.bookings.connector import CURSOR_LOST, Connector, Page
from queue_server.bookings.settings import SourceConfig
from queue_server.live import LiveHall, Turn

DAYS_AHEAD = 14
DAYS_BACK = 7
"""So long a booking is kept after its day: a mall that was offline all day still hears whose code was claimed."""
A_WRITE = 100
"""Bookings in one transaction: a call waits behind it for a few milliseconds at most."""
MOST_PAGES = 2_000
STALE_MS = 3_600_000
"""An interrupted listing older than this begins again."""
DAY_MS = 24 * 3_600_000


@dataclass
class Listing:
    """A full listing in the making: when it was asked for, of what, and what stood on its pages so far."""

    began_ms: int
    from_ms: int
    to_ms: int
    cursor: str = ""
    seen: set[str] = field(default_factory=set)


@dataclass
class Puller:
    """Reads one source; belongs to one thread. A listing that was interrupted goes on where it was in this process,
    and from its beginning in the next one.
    """

    ledger: HallLedger
    live: LiveHall
    config: SourceConfig
    life: str
    new_key: Callable[[], str]
    _listing: Listing | None = None

    def pull(self, connector: Connector) -> int:
        """Reads all that is new and returns how many bookings changed; raises Unavailable, RuleViolation."""
        try:
            return self._pull(connector)
        except RuleViolation as error:
            if error.code != CURSOR_LOST:
                raise
            self._listing = None
            self._keep_cursor("")
            return self._pull(connector)

    def take_keys(self, connector: Connector) -> None:
        """Keeps the keys that sign the source's codes when they are others than before."""
        name = self.config.name
        told = connector.keys()
        keys = tuple(BookingKey(name, self.config.mall, key) for key in told)
        with self.ledger.reading() as r:
            row = copy.source(r, name)
        if row is not None and row.keys != keys:
            self.ledger.writer.run(lambda tx: copy.set_keys(tx, name, keys))

    def _pull(self, connector: Connector) -> int:
        cursor, changed = self._begin(), 0
        from_ms, to_ms = self._range()
        asked_ms = self.live.now_ms()
        for _ in range(MOST_PAGES):
            page = connector.changes(cursor, from_ms, to_ms)
            if page.listing and self._listing is None:
                self._listing = Listing(asked_ms, from_ms, to_ms)
            changed += self._take(page)
            if page.more and page.cursor == cursor:
                raise Unavailable("the outside gave one page twice", permanent=True)
            cursor = page.cursor
            if not page.more:
                return changed
        raise Unavailable(f"the outside gave more than {MOST_PAGES} pages", permanent=True)

    def _begin(self) -> str:
        """Where to read on: in the listing at hand, else behind what the ledger has.

        That is good for one life of the server and one outside: another address under the same name is read anew.
        """
        if self._listing is not None and self.live.now_ms() - self._listing.began_ms < STALE_MS:
            return self._listing.cursor
        self._listing = None
        with self.ledger.reading() as r:
            row = copy.source(r, self.config.name)
        return row.cursor if row is not None and row.life == self.life else ""

    def _range(self) -> tuple[int, int]:
        if self._listing is not None:
            return self._listing.from_ms, self._listing.to_ms
        zone = self.live.truth.hall.mall.timezone
        start, end = day_bounds(zone, local_day(zone, self.live.now_ms()))
        return start - DAYS_BACK * DAY_MS, end + DAYS_AHEAD * DAY_MS

    def _take(self, page: Page) -> int:
        """Everything of the page is durable before its cursor is."""
        name, changed = self.config.name, 0
        with self.ledger.reading() as r:
            new = store.differing(r, name, page.seen)
            odd = {one.booking_id for one in notes.problems(r, name)}
        healed = [one for one in page.seen if one.booking_id in odd]
        fresh = list({one.booking_id: one for one in (*new, *healed)}.values())
        for at in range(0, len(fresh), A_WRITE):
            part = fresh[at : at + A_WRITE]
            changed += self.live.run(
                lambda turn, part=part: store.merge(  # type: ignore[misc]
                    turn.tx, turn.truth.hall.mall, name, part, turn.now_ms, self.new_key
                )
            )
        if page.gone:
            changed += self._cancel(page.gone)
        if page.problems:
            self.live.run(lambda turn: store.note_problems(turn.tx, name, page.problems, turn.now_ms))
        listing = self._listing
        if listing is None:
            self._keep_cursor(page.cursor)
            return changed
        listing.cursor = page.cursor
        listing.seen |= {one.booking_id for one in page.seen}
        listing.seen |= {one.booking_id for one in page.problems}
        if not page.more:
            changed += self._finish(listing)
            self._keep_cursor(page.cursor)
            self._listing = None
        return changed

    def _finish(self, listing: Listing) -> int:
        """What stood on no page of the whole listing is gone, unless somebody told of it while it was read.

        Only from the day on which it began: outsides need not list what lies behind.
        """
        name = self.config.name
        with self.ledger.reading() as r:
            today_ms = listing.from_ms + DAYS_BACK * DAY_MS
            known = copy.ids_between(r, name, today_ms, listing.to_ms, listing.began_ms)
        self.ledger.writer.run(lambda tx: notes.settle_older_problems(tx, name, listing.began_ms))
        return self._cancel([one for one in known if one not in listing.seen], listing.began_ms)

    def _cancel(self, ids: tuple[str, ...] | list[str], unchanged_since_ms: int | None = None) -> int:
        changed = 0
        for at in range(0, len(ids), A_WRITE):
            part = ids[at : at + A_WRITE]

            def work(turn: Turn, part: tuple[str, ...] | list[str] = part) -> int:
                mall = turn.truth.hall.mall
                return store.cancel(
                    turn.tx, mall, self.config.name, part, turn.now_ms, self.new_key, unchanged_since_ms
                )

            changed += self.live.run(work)
        return changed

    def _keep_cursor(self, cursor: str) -> None:
        name, now_ms = self.config.name, self.live.now_ms()
        with self.ledger.reading() as r:
            row = copy.source(r, name)
        if row is None or (row.cursor, row.life) != (cursor, self.life):
            self.ledger.writer.run(lambda tx: copy.set_cursor(tx, name, cursor, self.life, now_ms))
