"""The bookings room as the rest of the server sees it: its worker, what outsides push, and what is kept for a week."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from antrean.domain.errors import RuleViolation
from antrean.ledger import hall_bookings as copy
from antrean.ledger.hall import HallLedger
from antrean.ledger.writer import Transaction
from queue_server.bookings import store
from queue_server.bookings.after import Afterwards
from queue_server.bookings.connector import Kind, Seen
from queue_server.bookings.connectors import KINDS
from queue_server.bookings.forgetting import forget_old
from queue_server.bookings.health import BookingsHealth
from queue_server.bookings.projection import Projector
from queue_server.bookings.settings import SourceConfig
from queue_server.bookings.worker import Worker
from queue_server.contacts import Contacts
from queue_server.live import LiveHall, Turn


@dataclass(frozen=True)
class Bookings:
    """Bookings of one mall; nothing is asked of anybody before the worker starts."""

    ledger: HallLedger
    live: LiveHall
    worker: Worker
    incarnation: str
    new_key: Callable[[], str]

    def source(self, name: str) -> SourceConfig:
        """A configured source; raises RuleViolation `unknown_source`."""
        for config in self.worker.configs:
            if config.name == name:
                return config
        raise RuleViolation("unknown_source", source=name)

    def hint(self, name: str) -> None:
        """A source says that something changed: it is asked at once. Raises RuleViolation `unknown_source`."""
        self.worker.try_now(self.source(name).name)

    def push(self, name: str, seen: Sequence[Seen]) -> int:
        """A source tells of bookings by itself; returns how many changed. Raises RuleViolation `unknown_source`.

        Its revisions are whole numbers that grow: an older one than is known is passed over.
        """
        source = self.source(name).name

        def work(turn: Turn) -> int:
            fresh = [one for one in seen if _is_newer(turn.tx, source, one)]
            return store.merge(turn.tx, turn.truth.hall.mall, source, fresh, turn.now_ms, self.new_key)

        changed = self.live.run(work)
        self.worker.wake()
        return changed

    def cursor(self, r: Transaction) -> str:
        """What a kiosk has that knows everything, "" while there is nothing to know."""
        rev = copy.newest_rev(r)
        return f"{self.incarnation}.{rev}" if rev else ""

    def forget(self) -> None:
        """Forgets what lies more than a week back."""
        mall, now_ms = self.live.truth.hall.mall, self.live.now_ms()
        forget_old(self.ledger, mall, now_ms, self.worker.known_sources())

    @property
    def health(self) -> BookingsHealth:
        """The room as people see it."""
        return BookingsHealth(self.ledger, self.live, self.worker)


def bookings_of(
    ledger: HallLedger,
    live: LiveHall,
    contacts: Contacts,
    incarnation: str,
    new_key: Callable[[], str],
    kinds: Mapping[str, Kind] = KINDS,
) -> Bookings:
    """The bookings of the mall in `ledger`, whose sources stand in `bookings.toml` beside it.

    `new_key` gives random idempotency keys, unlike any id that others can see or guess.
    """
    worker = Worker(
        ledger,
        live,
        ledger.folder,
        kinds,
        incarnation,
        Projector(ledger, live, new_key),
        Afterwards(ledger, live, contacts, new_key),
        new_key,
        live.random_bytes,
    )
    return Bookings(ledger, live, worker, incarnation, new_key)


def _is_newer(r: Transaction, source: str, seen: Seen) -> bool:
    row = copy.booking(r, source, seen.booking_id)
    if row is None or not (row.revision.isdecimal() and seen.revision.isdecimal()):
        return True
    return int(seen.revision) > int(row.revision)
