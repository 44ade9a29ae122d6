"""What a kiosk says to its server, and what it takes over from the answers; one exchange at a time."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from antrean.domain.errors import RuleViolation
from antrean.domain.timeline import Stamp
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_memory import Heard, Pairing
from antrean.link.answers import Pushed, Told
from antrean.link.server import Greeting, ServerLink
from kiosk.mall_clock import MallClock

log = logging.getLogger(__name__)
BATCH = 200
MOST_RECOVERIES = 8
ANCHOR_EVERY_MS = 60_000


@dataclass(frozen=True, slots=True)
class News:
    """What an exchange brought: live figures by service, the newest catalogue revision, events put aside so far."""

    services: Mapping[str, Any]
    calls: tuple[tuple[str, str], ...]
    help: Mapping[str, bool]
    server_ms: int
    retry_after_ms: int
    quarantined: int


class Conversation:
    """Hello once, then offer until nothing waits, then ask for news. Belongs to one thread.

    With `watch` it also brings what only a screen needs. Raises what the link and the ledger raise; after any
    error the next exchange greets again.
    """

    def __init__(
        self,
        ledger: DeviceLedger,
        link: ServerLink,
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
        self._error_ms: int | None = None

    def exchange(self) -> News:
        """One round; returns what the screen should know."""
        try:
            if not self._greeted:
                self._hello()
            self._offer_all()
            return self._pull()
        except BaseException:
            self._greeted = False
            raise

    def close(self) -> None:
        """Let go of the connection."""
        self._link.close()

    def _hello(self) -> None:
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
        )
        answer = self._link.hello(greeting)
        if answer.issuer:
            self._ledger.memory.take_issuer(answer.issuer, new_id=self._new_id, stamp=asked)
        if answer.ack_seq > at.last_seq:
            log.warning("the server knows more of this log than the kiosk: it was restored from an image")
            self._new_log(answer.told)
            self._hello()
            return
        self._ledger.outbox.acknowledge(answer.ack_seq, answer.told.server_ms)
        self._ledger.outbox.reoffer(answer.ack_seq)
        self._take(answer.told, asked)
        self._meet(answer.told, answer.public_url)
        self._keep_catalogue(answer.catalogue_rev, answer.catalogue)
        self._services = answer.services
        self._greeted = True

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
                    error_ms=self._error_ms,
                )
            except RuleViolation as refusal:
                recoveries += 1
                if recoveries > MOST_RECOVERIES or not self._recover(refusal, len(events)):
                    raise
                continue
            self._pushed(answer, asked)
        self._batch = BATCH

    def _pushed(self, answer: Pushed, asked: Stamp) -> None:
        self._ledger.outbox.acknowledge(answer.ack_seq, answer.told.server_ms)
        self._take(answer.told, asked)
        for seq, code in answer.quarantined:
            log.error("the server put event %s of this kiosk aside: %s", seq, code)
        self._quarantined += len(answer.quarantined)

    def _recover(self, refusal: RuleViolation, offered: int) -> bool:
        """Do what the refusal asks for; False when only a person can help."""
        if refusal.code in ("new_incarnation", "gap"):
            ack_seq = refusal.params.get("ack_seq")
            if isinstance(ack_seq, int):
                self._ledger.outbox.reoffer(ack_seq)
            self._hello()
            return True
        if refusal.code == "fork":
            log.warning("the server knows another history of this kiosk: going on in a new log")
            self._ledger.outbox.start_new_log(
                generation=0, day="", new_id=self._new_id, stamp=self._clock.stamp()
            )
            self._hello()
            return True
        if refusal.code == "issuer_conflict":
            self._hello()
            return True
        if refusal.params.get("status") == 413 and offered > 1:
            self._batch = max(1, offered // 2)
            return True
        return False

    def _pull(self) -> News:
        known = self._ledger.memory.catalogue()
        asked = self._clock.stamp()
        answer = self._link.pull(self._cursor, known[0] if known else None)
        self._cursor = answer.cursor
        self._take(answer.told, asked)
        self._meet(answer.told, answer.public_url)
        self._keep_catalogue(answer.catalogue_rev, answer.catalogue)
        self._services = answer.services or self._services
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
        )

    def _live(self) -> Mapping[str, Any]:
        topics = self._link.state(("services",)).get("topics")
        live = topics.get("services") if isinstance(topics, Mapping) else None
        return live if isinstance(live, Mapping) else {}

    def _take(self, told: Told, asked: Stamp) -> None:
        answered = self._clock.stamp()
        anchor = self._clock.meet(asked, answered, told.server_ms)
        self._error_ms = max(1, (answered.boot_ms - asked.boot_ms) // 2)
        if told.server_ms - self._anchor_kept_ms > ANCHOR_EVERY_MS:
            self._ledger.memory.set_anchor(anchor)
            self._anchor_kept_ms = told.server_ms
        heard = Heard(told.day, told.generation, told.heard, told.shares)
        self._ledger.memory.hear(heard, new_id=self._new_id, stamp=answered)

    def _meet(self, told: Told, public_url: str) -> None:
        self._ledger.memory.met(incarnation=told.incarnation, term=told.term, public_url=public_url)

    def _keep_catalogue(self, rev: int, catalogue: Mapping[str, Any] | None) -> None:
        if catalogue:
            self._ledger.memory.set_catalogue(rev, catalogue)

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
