"""The one thread that talks to the server: write first, then read, wait, again; for ever."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.errors import AntreanError, BadCatalogue, RuleViolation, Unavailable
from antrean.domain.timeline import estimate
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_memory import Pairing
from antrean.ledger.errors import LedgerBroken
from antrean.link.errors import Busy, OlderServer
from kiosk.conversation import Conversation, News
from kiosk.day import day_to_open
from kiosk.mall_clock import MallClock
from kiosk.orders import Orders
from kiosk.pace import REFUSED_WAIT_MS, asked_ms, backoff_ms, jittered

if TYPE_CHECKING:  # an HTTP client takes a tenth of a second to load, and the first picture must not wait
    from antrean.link.server import ServerLink

log = logging.getLogger(__name__)
State = Literal["unpaired", "online", "offline", "refused"]
EVERY_MS = 2_000


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """How the kiosk stands with its server; `code` is the rule's or error's code when refused, `unsent` what waits.

    `since_ms` is the mall time of the last answer, None before the first.
    """

    state: State
    unsent: int
    since_ms: int | None
    code: str = ""
    quarantined: int = 0


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told, in the sync thread: status after every round, news after a good one, the mall when it changed."""

    status: Callable[[SyncStatus], None]
    news: Callable[[News], None]
    mall: Callable[[Mall], None]
    broken: Callable[[LedgerBroken], None]


class SyncWorker:
    """Runs conversations with backoff and jitter until stopped; a refusal or an error never ends it.

    `chance` gives numbers in [0, 1). `make_link` is asked again after every pairing.
    """

    def __init__(
        self,
        ledger: DeviceLedger,
        make_link: "Callable[[Pairing], ServerLink]",
        clock: MallClock,
        new_id: Callable[[], str],
        chance: Callable[[], float],
        listener: Listener,
        *,
        version: str,
        every_ms: int = EVERY_MS,
        orders: Orders | None = None,
    ) -> None:
        self._every_ms = every_ms
        self._orders = orders
        self._ledger = ledger
        self._make_link = make_link
        self._clock = clock
        self._new_id = new_id
        self._chance = chance
        self._listener = listener
        self._version = version
        self._wake = threading.Event()
        self._stopping = False
        self._link: ServerLink | None = None
        self._talk: Conversation | None = None
        self._failures = 0
        self._since_ms: int | None = None
        self._quarantined = 0
        self._catalogue_rev = 0
        self._mall: Mall | None = None
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    def start(self) -> None:
        """Begin talking."""
        self._thread.start()

    def wake(self) -> None:
        """Something new waits to be sent, or the pairing changed: do not sleep it out."""
        self._wake.set()

    def reconnect(self) -> None:
        """The pairing or the addresses changed: start over with a new link."""
        self._talk = None
        self._failures = 0
        self._wake.set()

    def stop(self, timeout_s: float = 15) -> None:
        """End after the exchange in hand."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            while not self._stopping:
                wait_ms = self.round()
                self._wake.wait(wait_ms / 1000)
                self._wake.clear()
        except LedgerBroken as broken:
            self._listener.broken(broken)
        finally:
            if self._link is not None:
                self._link.close()

    def round(self) -> int:
        """One exchange; returns how long to wait before the next, in milliseconds. Raises LedgerBroken only."""
        began_ms = self._clock.stamp().boot_ms
        try:
            self._ledger.tidy(self._clock.now().ms)
            if self._since_ms is None:
                self._since_ms = self._ledger.memory.met_ms() or None
            self._keep_mall()
            talk = self._conversation()
            if talk is None:
                self._tell("unpaired")
                return self._every_ms
            news = talk.exchange()
            self._keep_mall()
            if self._orders is not None and self._mall is not None:
                self._orders.take(news.orders, self._mall)
        except LedgerBroken:
            raise
        except Busy as busy:
            self._tell("offline", "busy")
            return max(asked_ms(busy.retry_after_ms, self._chance()), self._backoff())
        except OlderServer:
            log.warning("an older life of the server answers; everything is kept until the newer one does")
            self._tell("offline", "older_server")
            return self._backoff()
        except Unavailable as error:
            log.info("no contact with the server: %s", error)
            self._tell("offline")
            return self._backoff(self._clock.stamp().boot_ms - began_ms)
        except RuleViolation as refusal:
            log.error("the server refuses this kiosk: %s", refusal)
            self._tell("refused", refusal.code)
            return jittered(REFUSED_WAIT_MS, self._chance())
        self._failures = 0
        self._since_ms = news.server_ms
        self._quarantined = news.quarantined
        self._listener.news(news)
        self._tell("online")
        return max(jittered(self._every_ms, self._chance()), asked_ms(news.retry_after_ms, self._chance()))

    def _conversation(self) -> Conversation | None:
        if self._talk is None:
            if self._link is not None:
                self._link.close()
            pairing = self._ledger.memory.pairing()
            self._link = self._make_link(pairing) if pairing is not None else None
            if self._link is not None:
                self._talk = Conversation(
                    self._ledger, self._link, self._clock, self._new_id, version=self._version, watch=True
                )
        return self._talk

    def _keep_mall(self) -> None:
        known = self._ledger.memory.catalogue()
        if known is not None and known[0] != self._catalogue_rev:
            self._catalogue_rev = known[0]
            try:
                self._mall = mall_from_dict(known[1])
            except BadCatalogue as error:
                log.error("the mall's file from the server cannot be used: %s", error)
            else:
                self._listener.mall(self._mall)
        if self._mall is not None:
            self._maybe_open_day(self._mall)

    def _maybe_open_day(self, mall: Mall) -> None:
        now = self._clock.now()
        last = self._ledger.memory.last_issue()
        anchor = self._ledger.memory.anchor(last.boot_id) if last is not None else None
        at = estimate(last, (anchor,)) if last is not None and anchor is not None else None
        day = day_to_open(mall, self._ledger.own().day, now, at.server_ms if at else None)
        if day is not None:
            self._ledger.open_day(day, "clock", event_id=self._new_id(), stamp=now.stamp)

    def _tell(self, state: State, code: str = "") -> None:
        try:
            unsent = self._ledger.outbox.count()
        except AntreanError:
            if state == "online":
                raise
            unsent = 0
        self._listener.status(SyncStatus(state, unsent, self._since_ms, code, self._quarantined))

    def _backoff(self, waited_ms: int = 0) -> int:
        self._failures += 1
        return backoff_ms(self._failures, self._chance(), waited_ms)
