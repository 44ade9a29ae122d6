"""Operations for devices: pair, hello, push, pull."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from antrean.domain.errors import RuleViolation
from antrean.domain.timeline import Anchor
from antrean.ledger import hall_backed_up, hall_devices, hall_log, hall_meta
from antrean.ledger.hall import HallLedger
from antrean.ledger.hall_devices import Device
from queue_server import orders, paper_keys
from queue_server.acceptance import Offer, accept_push, note_anchors
from queue_server.auth.callers import Access
from queue_server.auth.enrolment import Enrolment
from queue_server.bookings.room import Bookings
from queue_server.contacts import Contacts
from queue_server.hub import Hub
from queue_server.issuers import issuer_of_log
from queue_server.live import LiveHall, Turn
from queue_server.operations import Call, Operation
from queue_server.problems import Problem
from queue_server.settings import REQUEST_THREADS
from queue_server.shares import grant
from queue_server.timekeeper import Timekeeper
from queue_server.upkeep import Upkeep
from queue_server.wire.devices import (
    HelloAnswer,
    HelloRequest,
    MeasuredAnchor,
    PairAnswer,
    PairRequest,
    PullAnswer,
    PullQuery,
    PushAnswer,
    PushRequest,
)

PROTOCOLS = frozenset({1, orders.DRAWS_ORDERS})
"""The versions of the protocol this server speaks."""
SEEN_EVERY_MS = 60_000
FREE_WAITING, A_TURN_MS = 2, 500
MOST_WAITING = REQUEST_THREADS // 2
BUSY_RETRY_S = 5
DOUBT_MS = 45_000
"""So long a server that lost time waits for a kiosk that knows it; a kiosk without contact tries again within 12 s."""
NO_SHARES = ("shares", "base_shares", "issued")
Object = dict[str, Any]


@dataclass(frozen=True)
class DeviceApi:
    """Answers devices from the live hall; `public_url` is the address printed on tickets."""

    ledger: HallLedger
    live: LiveHall
    hub: Hub
    enrolment: Enrolment
    public_url: Callable[[], str]
    incarnation: str
    term: int
    timekeeper: Timekeeper
    contacts: Contacts
    bookings: Bookings
    upkeep: Upkeep | None = None

    def operations(self) -> list[Operation]:
        """The four exchanges of a device."""
        return [
            Operation(
                "POST",
                "/v1/pair",
                "Trade a one-time pairing code for an identity and a token",
                self.pair,
                body=PairRequest,
                answers={200: PairAnswer},
                problems=(404, 409, 410, 429, 503),
            ),
            Operation(
                "POST",
                "/v1/hello",
                "Introduce a device and its log",
                self.hello,
                access=Access.DEVICE,
                body=HelloRequest,
                answers={200: HelloAnswer},
                problems=(409, 426, 503),
            ),
            Operation(
                "POST",
                "/v1/push",
                "Offer the next events of a log; offering twice does no harm",
                self.push,
                access=Access.DEVICE,
                body=PushRequest,
                answers={200: PushAnswer},
                problems=(409, 410, 503),
            ),
            Operation(
                "GET",
                "/v1/pull",
                "Hear the server's news as whole states",
                self.pull,
                access=Access.DEVICE,
                query=PullQuery,
                answers={200: PullAnswer},
                problems=(409, 503),
            ),
        ]

    def pair(self, call: Call) -> Mapping[str, Any]:
        """Enrols the device that shows a valid code."""
        request: PairRequest = call.body
        self._check_life(0)
        enrolled = self.enrolment.pair(request.code, call.address)
        device = enrolled.device
        self.ledger.writer.run(
            lambda tx: paper_keys.note_key(tx, device.device_id, device.issuer, request.paper_key)
        )
        return {
            "device_id": device.device_id,
            "token": enrolled.token,
            "kind": device.kind,
            "name": device.name,
            "issuer": device.issuer,
            "counter": device.counter,
            "public_url": self.public_url(),
            "incarnation": self.incarnation,
            "term": self.term,
        }

    def hello(self, call: Call) -> Mapping[str, Any]:
        """Tells a device how far its log is known, what day it is, and the catalogue when it has another one."""
        request: HelloRequest = call.body
        device = _device(call)
        self._check_life(request.term)
        spoken = PROTOCOLS.intersection(request.protocols)
        if not spoken:
            raise Problem(426, "upgrade_needed", extra={"protocols": sorted(PROTOCOLS)})
        anchors = _measured(request.anchors)
        self.timekeeper.hear(request.boot_id, request.boot_ms, anchors)
        self.contacts.heard(device.device_id, self.live.now_ms())

        def work(turn: Turn) -> Object:
            orders.note_protocol(turn.tx, device.device_id, max(spoken))
            note_anchors(turn, device.device_id, anchors)
            hall_devices.device_seen(turn.tx, device.device_id, turn.now_ms, request.version)
            issuer = issuer_of_log(turn, device, request.log_id)
            logs = hall_log.heads(turn.tx, device.device_id)
            keys = paper_keys.note_key(turn.tx, device.device_id, issuer, request.paper_key)
            return {
                **self._news(turn, device, issuer),
                "ack_seq": logs[request.log_id].ack_seq if request.log_id in logs else 0,
                "logs": {name: {"seq": head.ack_seq, "hash": head.last_hash} for name, head in logs.items()},
                "issuer": issuer,
                "backed_up_seq": self._backed_up(turn, device, request.log_id),
                "paper_keys": paper_keys.told(keys, request.paper_keys),
            }

        return {
            "protocol": max(spoken),
            **self.live.run(work),
            **self._catalogue(request.catalogue_rev),
            "public_url": self.public_url(),
            "services": self.hub.state("services")["services"],
        }

    def push(self, call: Call) -> Mapping[str, Any]:
        """Makes a device's next events durable and says how far its log is known."""
        request: PushRequest = call.body
        device = _device(call)
        if device.kind != "kiosk":
            raise Problem(403, "not_allowed")
        self._check_life(request.term)
        known = {"incarnation": self.incarnation, "term": self.term}
        if request.incarnation != self.incarnation:
            ack = self._ack(device, request.log_id)
            raise Problem(410, "new_incarnation", extra={**known, "ack_seq": ack})
        anchors = _measured(request.anchors)
        self.timekeeper.hear(request.boot_id, request.boot_ms, anchors)
        clock = self.timekeeper.clock
        if clock.doubtful and self.live.now_ms() - clock.began_ms < DOUBT_MS:
            raise Problem(503, "busy", retry_after_s=BUSY_RETRY_S)
        if anchors and not any(clock.measured(anchor) for anchor in anchors):
            # By what it measured before our reboot its visitors might be put ahead of others: it must measure anew.
            ack = self._ack(device, request.log_id)
            raise Problem(409, "greet_first", extra={**known, "ack_seq": ack})
        offer = Offer(device.device_id, request.log_id, tuple(request.events), anchors, clock.doubtful)
        try:
            outcome = accept_push(self.live, offer)
        except RuleViolation as error:
            if error.code not in ("fork", "gap"):
                raise
            ack = self._ack(device, request.log_id)
            raise Problem(409, error.code, extra={**known, "ack_seq": ack}) from None

        def work(turn: Turn) -> Object:
            news = self._news(turn, device, issuer_of_log(turn, device, request.log_id))
            return {**news, "backed_up_seq": self._backed_up(turn, device, request.log_id)}

        news = self.live.run(work)
        refused = [{"seq": seq, "code": code} for seq, code in outcome.quarantined]
        return {**news, "ack_seq": outcome.ack_seq, "quarantined": refused}

    def pull(self, call: Call) -> Mapping[str, Any]:
        """Tells a device everything that may have changed."""
        query: PullQuery = call.query
        device = _device(call)
        self._check_life(query.term)
        self.contacts.pulled(device.device_id, self.live.now_ms())

        def work(turn: Turn) -> Object:
            if turn.now_ms - (device.seen_ms or 0) > SEEN_EVERY_MS:
                hall_devices.device_seen(turn.tx, device.device_id, turn.now_ms, device.version or "")
            keys = paper_keys.known_keys(turn.tx)
            told = paper_keys.told(keys, query.paper_keys) if device.kind == "kiosk" else None
            papers = orders.told(turn, device)
            return {
                **self._news(turn, device, None),
                "paper_keys": told,
                "orders": papers,
                "bookings_cursor": self.bookings.cursor(turn.tx),
            }

        news = self.live.run(work)
        return {
            **news,
            **self._catalogue(query.catalogue_rev),
            "cursor": f"{self.incarnation}.{self.term}.{self.live.truth.position}",
            "public_url": self.public_url(),
            "services": self.hub.state("services")["services"],
        }

    def _check_life(self, term: int) -> None:
        """Refuses a device that has met a later life of the server, and every device from then on.

        With too many turns waiting it refuses too: the threads that are left belong to officers' commands.
        """
        if self.live.backlog() >= MOST_WAITING:
            raise Problem(503, "busy", retry_after_s=BUSY_RETRY_S)
        try:
            self.live.hear_term(term)
        except RuleViolation as older:
            life = {"incarnation": self.incarnation, "term": self.term}
            raise Problem(409, older.code, extra=life) from None

    def _backed_up(self, turn: Turn, device: Device, log_id: str) -> int:
        reach = self.upkeep.backed_up_position() if self.upkeep else 0
        return hall_backed_up.backed_up_seq(turn.tx, device.device_id, log_id, reach) if reach else 0

    def _news(self, turn: Turn, device: Device, issuer: str | None) -> Object:
        hall = turn.truth.hall
        is_kiosk = device.kind == "kiosk"
        shares = grant(turn, device.device_id) if is_kiosk else {name: {} for name in NO_SHARES}
        return {
            "term": self.term,
            "incarnation": self.incarnation,
            "server_ms": turn.now_ms,
            "epoch": self.timekeeper.clock.epoch,
            "day": hall.day,
            "generation": hall_log.highest_generation(turn.tx, issuer) if issuer else 0,
            "heard": dict(hall.heard),
            **shares,
            "retry_after_ms": retry_after_ms(self.live.backlog()),
        }

    def _catalogue(self, known_rev: int | None) -> Object:
        if known_rev == self.live.truth.catalogue_rev:
            return {"catalogue_rev": known_rev, "catalogue": None}
        with self.ledger.reading() as r:
            meta = hall_meta.meta(r)
        return {"catalogue_rev": meta.catalogue_rev, "catalogue": meta.catalogue}

    def _ack(self, device: Device, log_id: str) -> int:
        with self.ledger.reading() as r:
            return hall_log.head(r, device.device_id, log_id).ack_seq


def _measured(anchors: Sequence[MeasuredAnchor]) -> tuple[Anchor, ...]:
    return tuple(Anchor(one.boot_id, one.boot_ms, one.server_ms, one.error_ms, one.epoch) for one in anchors)


def retry_after_ms(waiting: int) -> int:
    """How long devices should pause for this many waiting turns; 0 while the writer keeps up."""
    return max(0, waiting - FREE_WAITING) * A_TURN_MS


def _device(call: Call) -> Device:
    assert isinstance(call.caller, Device)  # the gate admits nobody else here
    return call.caller
