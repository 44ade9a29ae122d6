"""What a kiosk says to its server, and what it takes over from the answers; one exchange at a time."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from antrean.domain.claim import PaperKey
from antrean.domain.errors import RuleViolation
from antrean.domain.event import Envelope
from antrean.domain.timeline import Anchor, Stamp
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_memory import Heard, Pairing
from antrean.link.answers import Hello, KnownLog, PrintOrder, Pushed, Told
from antrean.link.greeting import Greeting
from kiosk.booking_news import BookingNews
from kiosk.mall_clock import MallClock
from kiosk.readmission import own_key

if TYPE_CHECKING:  # an HTTP client takes a tenth of a second to load, and the first picture must not wait
    from antrean.link.server import ServerLink

log = logging.getLogger(__name__)
BATCH = 200
MOST_RECOVERIES = 8
ANCHOR_EVERY_MS = 60_000
ANCHORS_TOLD = 12
GREETINGS = 6
WELL_MS = 250
"""Half a round trip that is good enough: visitors a second apart are told apart."""


@dataclass(frozen=True, slots=True)
class News:
    """What an exchange brought: live figures by service, the newest catalogue revision, events put aside so far, and
    tickets of the server to print here.
    """

    services: Mapping[str, Any]
    calls: tuple[tuple[str, str], ...]
    help: Mapping[str, bool]
    server_ms: int
    retry_after_ms: int
    quarantined: int
    orders: tuple[PrintOrder, ...] = ()


class Conversation:
    """Hello once, then offer until nothing waits, then ask for news. Belongs to one thread.

    With `watch` it also brings what only a screen needs. Raises what the link and the ledger raise; after any
    error the next exchange greets again.
    """

    def __init__(
        self,
        ledger: DeviceLedger,
        link: "ServerLink",
        clock: MallClock,
        new_id: Callable[[], str],
        *,
        version: str,
        watch: bool = False,
    ) -> None:
        self._ledger = ledger
        self._link = link
        self._clock = clock
        self._new_id = new_id
        self._version = version
        self._watch = watch
        self._greeted = False
        self._batch = BATCH
        self._cursor = ""
        self._quarantined = 0
        self._services: Mapping[str, Any] = {}
        self._anchor_kept_ms = 0
        self._bookings = BookingNews(ledger, link)

    def exchange(self) -> News:
        """One round; returns what the screen should know."""
        try:
            if not self._greeted:
                self._meet_well()
            self._offer_all()
            news = self._pull()
            if not self._greeted:  # the server was restored or has lost time: greet it before anything else
                self._hello()
                self._offer_all()
            return news
        except BaseException:
            self._greeted = False
            raise

    def _meet_well(self) -> None:
        """Greet, a few times more on a slow network: by these meetings the visitors get their places."""
        for _ in range(GREETINGS):
            self._hello()
            if self._clock.last_error_ms() <= WELL_MS:
                return

    def close(self) -> None:
        """Let go of the connection."""
        self._link.close()

    def _hello(self) -> None:
        self._greeted = False
        pairing = self._pairing()
        at = self._ledger.own()
        known = self._ledger.memory.catalogue()
        asked = self._clock.stamp()
        greeting = Greeting(
            term=pairing.term,
            program="antrean-kiosk",
            version=self._version,
            log_id=at.log_id,
            last_seq=at.last_seq,
            boot_id=asked.boot_id,
            boot_ms=asked.boot_ms,
            wall_ms=asked.wall_ms,
            catalogue_rev=known[0] if known else None,
            anchors=self._anchors(),
            paper_key=own_key(self._ledger, self._new_id).public,
            paper_keys=len(self._ledger.memory.paper_keys()),
        )
        answer = self._link.hello(greeting)
        if answer.issuer:
            self._ledger.memory.take_issuer(answer.issuer, new_id=self._new_id, stamp=asked)
        if not self._settle_logs(answer):
            log.warning("the server knows this log otherwise: the disk was restored from an image or copied")
            self._new_log(answer.told)
            self._hello()
            return
        self._take(answer.told, asked, greeted=True)
        self._meet(answer.told, answer.public_url)
        self._keep_catalogue(answer.catalogue_rev, answer.catalogue)
        self._keep_paper_keys(answer.paper_keys)
        self._services = answer.services
        self._greeted = True

    def _settle_logs(self, answer: Hello) -> bool:
        """Mark what the server has, offer again what it lacks; False when it knows the current log otherwise."""
        outbox, own = self._ledger.outbox, self._ledger.own()
        known = answer.logs.get(own.log_id, KnownLog(0, ""))
        here = outbox.hash_at(own.log_id, known.seq)
        if known.seq > own.last_seq or (here is not None and here != known.hash):
            return False
        torn = False
        for log_id in outbox.logs():
            known = answer.logs.get(log_id, KnownLog(0, ""))
            if log_id == own.log_id or outbox.hash_at(log_id, known.seq) in (known.hash, None):
                outbox.acknowledge(log_id, known.seq, answer.told.server_ms)
            outbox.reoffer(log_id, known.seq)
            if known.seq < outbox.purged_seq(log_id):
                # An old backup was restored: it lacks what was dropped here, so the rest goes on in a new log.
                torn = torn or log_id == own.log_id or outbox.waits(log_id)
        outbox.backed_up(own.log_id, answer.backed_up_seq)
        return not torn

    def _anchors(self) -> tuple[Anchor, ...]:
        """What this kiosk remembers of the server's clock: the best of each boot, the one in use first."""
        now = self._clock.anchors()
        kept = self._ledger.memory.anchors(ANCHORS_TOLD)
        return (*now, *(one for one in kept if not now or one.boot_id != now[0].boot_id))

    def _offer_all(self) -> None:
        recoveries = 0
        while events := self._ledger.outbox.unsent(self._batch):
            self._ledger.outbox.attempted(len(events))
            pairing, asked = self._pairing(), self._clock.stamp()
            try:
                answer = self._link.push(
                    events,
                    term=pairing.term,
                    incarnation=pairing.incarnation,
                    log_id=events[0].log_id,
                    boot_id=asked.boot_id,
                    boot_ms=asked.boot_ms,
                    anchors=self._clock.anchors(),
                )
            except RuleViolation as refusal:
                recoveries += 1
                if recoveries > MOST_RECOVERIES or not self._recover(refusal, events):
                    raise
                continue
            self._pushed(answer, asked, events)
        self._batch = BATCH

    def _pushed(self, answer: Pushed, asked: Stamp, offered: Sequence[Envelope]) -> None:
        # The server may know more of the log than was offered just now: of that, nothing is proved to be the same.
        same = min(answer.ack_seq, offered[-1].seq)
        self._ledger.outbox.acknowledge(offered[0].log_id, same, answer.told.server_ms)
        self._ledger.outbox.backed_up(offered[0].log_id, answer.backed_up_seq)
        self._take(answer.told, asked)
        for seq, code in answer.quarantined:
            log.error("the server put event %s of this kiosk aside: %s", seq, code)
        self._quarantined += len(answer.quarantined)

    def _recover(self, refusal: RuleViolation, offered: Sequence[Envelope]) -> bool:
        """Do what the refusal asks for; False when only a person can help."""
        if refusal.code in ("new_incarnation", "gap", "greet_first"):
            self._hello()
            return True
        if refusal.code == "fork":
            log.warning("the server knows another history of this kiosk: going on in a new log")
            self._ledger.outbox.start_new_log(
                generation=0, day="", new_id=self._new_id, stamp=self._clock.stamp()
            )
            self._hello()
            return True
        if refusal.params.get("status") == 413 and len(offered) > 1:
            self._batch = max(1, len(offered) // 2)
            return True
        return False

    def _pull(self) -> News:
        known = self._ledger.memory.catalogue()
        asked = self._clock.stamp()
        keys = len(self._ledger.memory.paper_keys())
        answer = self._link.pull(self._cursor, known[0] if known else None, keys)
        self._cursor = answer.cursor
        self._take(answer.told, asked)
        self._meet(answer.told, answer.public_url)
        self._keep_catalogue(answer.catalogue_rev, answer.catalogue)
        self._keep_paper_keys(answer.paper_keys)
        self._services = answer.services or self._services
        if self._greeted:
            self._bookings.take(answer.bookings_cursor, answer.told.server_ms)
        live = self._live() if self._watch else {}
        return News(
            self._services,
            tuple(
                (str(call.get("label", "")), str(call.get("counter", ""))) for call in _maps(live, "calls")
            ),
            {str(help.get("place", "")): bool(help.get("accepted")) for help in _maps(live, "help")},
            answer.told.server_ms,
            answer.told.retry_after_ms,
            self._quarantined,
            answer.orders,
        )

    def _live(self) -> Mapping[str, Any]:
        topics = self._link.state(("services",)).get("topics")
        live = topics.get("services") if isinstance(topics, Mapping) else None
        return live if isinstance(live, Mapping) else {}

    def _take(self, told: Told, asked: Stamp, *, greeted: bool = False) -> None:
        answered = self._clock.stamp()
        if not greeted and (
            told.incarnation != self._pairing().incarnation
            or told.epoch != self._clock.epoch()
            or self._clock.is_ahead_of(told.server_ms, answered)
        ):
            # A restored server forgot the corrections of its clock, a rebooted one may have lost time: the next
            # greeting tells it what the time was, before its own replaces that here.
            self._greeted = False
            return
        anchor = self._clock.meet(asked, answered, told.server_ms, told.epoch)
        if told.server_ms - self._anchor_kept_ms > ANCHOR_EVERY_MS:
            self._ledger.memory.set_anchor(anchor)
            self._anchor_kept_ms = told.server_ms
        heard = Heard(told.day, told.generation, told.heard, told.shares, told.base_shares, told.issued)
        self._ledger.memory.hear(heard, new_id=self._new_id, stamp=answered)

    def _meet(self, told: Told, public_url: str) -> None:
        self._greeted = self._greeted and told.incarnation == self._pairing().incarnation
        self._ledger.memory.met(incarnation=told.incarnation, term=told.term, public_url=public_url)

    def _keep_catalogue(self, rev: int, catalogue: Mapping[str, Any] | None) -> None:
        if catalogue:
            self._ledger.memory.set_catalogue(rev, catalogue)

    def _keep_paper_keys(self, keys: tuple[PaperKey, ...] | None) -> None:
        if keys is not None:
            self._ledger.memory.set_paper_keys(keys)

    def _new_log(self, told: Told) -> None:
        self._ledger.outbox.start_new_log(
            generation=told.generation, day=told.day, new_id=self._new_id, stamp=self._clock.stamp()
        )

    def _pairing(self) -> Pairing:
        pairing = self._ledger.memory.pairing()
        if pairing is None:
            raise RuleViolation("not_paired")
        return pairing


def _maps(live: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = live.get(name)
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []
