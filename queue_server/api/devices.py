"""Operations for devices: pair, hello, push, pull."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from antrean.domain.errors import RuleViolation
from antrean.domain.timeline import Anchor
from antrean.ledger import hall_devices, hall_log, hall_meta
from antrean.ledger.hall import HallLedger
from antrean.ledger.hall_devices import Device
from queue_server.acceptance import Offer, accept_push, note_anchor
from queue_server.auth.callers import Access
from queue_server.auth.enrolment import Enrolment
from queue_server.hub import Hub
from queue_server.issuers import issuer_of_log
from queue_server.live import LiveHall, Turn
from queue_server.operations import Call, Operation
from queue_server.problems import Problem
from queue_server.shares import grant, kiosks_among
from queue_server.timing import ONE_WAY_ERROR_MS
from queue_server.wire.devices import (
    HelloAnswer,
    HelloRequest,
    PairAnswer,
    PairRequest,
    PullAnswer,
    PullQuery,
    PushAnswer,
    PushRequest,
)

PROTOCOL = 1
SEEN_EVERY_MS = 60_000
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
                problems=(404, 409, 410, 429),
            ),
            Operation(
                "POST",
                "/v1/hello",
                "Introduce a device and its log",
                self.hello,
                access=Access.DEVICE,
                body=HelloRequest,
                answers={200: HelloAnswer},
                problems=(409, 426),
            ),
            Operation(
                "POST",
                "/v1/push",
                "Offer the next events of a log; offering twice does no harm",
                self.push,
                access=Access.DEVICE,
                body=PushRequest,
                answers={200: PushAnswer},
                problems=(409, 410),
            ),
            Operation(
                "GET",
                "/v1/pull",
                "Hear the server's news as whole states",
                self.pull,
                access=Access.DEVICE,
                query=PullQuery,
                answers={200: PullAnswer},
            ),
        ]

    def pair(self, call: Call) -> Mapping[str, Any]:
        """Enrols the device that shows a valid code."""
        request: PairRequest = call.body
        enrolled = self.enrolment.pair(request.code, call.address)
        device = enrolled.device
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
        if request.protocol != PROTOCOL:
            raise Problem(426, "upgrade_needed")
        anchor = self._anchor(request.boot_id, request.boot_ms, request.error_ms)

        def work(turn: Turn) -> Object:
            note_anchor(turn, device.device_id, anchor)
            hall_devices.device_seen(turn.tx, device.device_id, turn.now_ms, request.version)
            issuer = issuer_of_log(turn, device, request.log_id)
            head = hall_log.head(turn.tx, device.device_id, request.log_id)
            return {**self._news(turn, device, issuer), "ack_seq": head.ack_seq, "issuer": issuer}

        return {
            "protocol": PROTOCOL,
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
        anchor = self._anchor(request.boot_id, request.boot_ms, request.error_ms)
        known = {"incarnation": self.incarnation, "term": self.term}
        if request.incarnation != self.incarnation:
            ack = self._ack(device, request.log_id)
            raise Problem(410, "new_incarnation", extra={**known, "ack_seq": ack})
        offer = Offer(device.device_id, request.log_id, tuple(request.events), anchor)
        try:
            outcome = accept_push(self.live, offer)
        except RuleViolation as error:
            if error.code not in ("fork", "gap"):
                raise
            ack = self._ack(device, request.log_id)
            raise Problem(409, error.code, extra={**known, "ack_seq": ack}) from None
        news = self.live.run(
            lambda turn: self._news(turn, device, issuer_of_log(turn, device, request.log_id))
        )
        refused = [{"seq": seq, "code": code} for seq, code in outcome.quarantined]
        return {**news, "ack_seq": outcome.ack_seq, "quarantined": refused}

    def pull(self, call: Call) -> Mapping[str, Any]:
        """Tells a device everything that may have changed."""
        query: PullQuery = call.query
        device = _device(call)

        def work(turn: Turn) -> Object:
            if turn.now_ms - (device.seen_ms or 0) > SEEN_EVERY_MS:
                hall_devices.device_seen(turn.tx, device.device_id, turn.now_ms, device.version or "")
            return self._news(turn, device, device.issuer)

        news = self.live.run(work)
        return {
            **news,
            **self._catalogue(query.catalogue_rev),
            "cursor": f"{self.incarnation}.{self.term}.{self.live.truth.position}",
            "public_url": self.public_url(),
            "services": self.hub.state("services")["services"],
        }

    def _news(self, turn: Turn, device: Device, issuer: str | None) -> Object:
        hall = turn.truth.hall
        kiosks = kiosks_among(
            (other.kind, other.withdrawn_ms is not None) for other in hall_devices.devices(turn.tx)
        )
        return {
            "term": self.term,
            "incarnation": self.incarnation,
            "server_ms": turn.now_ms,
            "day": hall.day,
            "generation": hall_log.highest_generation(turn.tx, issuer) if issuer else turn.truth.generation,
            "heard": dict(hall.heard),
            "shares": grant(turn, device.device_id, kiosks) if device.kind == "kiosk" else {},
            "retry_after_ms": 0,
        }

    def _catalogue(self, known_rev: int | None) -> Object:
        if known_rev == self.live.truth.catalogue_rev:
            return {"catalogue_rev": known_rev, "catalogue": None}
        with self.ledger.reading() as r:
            meta = hall_meta.meta(r)
        return {"catalogue_rev": meta.catalogue_rev, "catalogue": meta.catalogue}

    def _anchor(self, boot_id: str, boot_ms: int, error_ms: int | None) -> Anchor:
        error = ONE_WAY_ERROR_MS if error_ms is None else min(error_ms, 3_600_000)
        return Anchor(boot_id, boot_ms, self.live.now_ms(), error)

    def _ack(self, device: Device, log_id: str) -> int:
        with self.ledger.reading() as r:
            return hall_log.head(r, device.device_id, log_id).ack_seq


def _device(call: Call) -> Device:
    assert isinstance(call.caller, Device)  # the gate admits nobody else here
    return call.caller
