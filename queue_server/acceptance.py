"""Takes a device's log in: idempotent, chained, placed in server time once, and nothing is ever dropped.

An event that cannot be understood is quarantined: acknowledged, kept as it came and shown to a person.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from antrean.domain.errors import BadInput, RuleViolation
from antrean.domain.event import Envelope, canonical
from antrean.domain.events import DEVICE_PAYLOADS, Payload, TicketIssued, payload_of
from antrean.domain.opening import day_bounds, local_day
from antrean.domain.timeline import Anchor
from antrean.ledger import hall_log, hall_meta
from antrean.ledger.hall_log import NewEvent, Quarantined
from queue_server.live import LiveHall, Turn
from queue_server.timing import Moment, anchors_of, anchors_text, moments, with_anchor


@dataclass(frozen=True)
class Offer:
    """One push of one device's log; `raws` are its events as they came, `anchor` ties its boot clock to ours."""

    device_id: str
    log_id: str
    raws: tuple[Mapping[str, Any], ...]
    anchor: Anchor


@dataclass(frozen=True)
class Outcome:
    """How far the log is known now, what was quarantined of this push and which tickets turned out to be twins."""

    ack_seq: int
    quarantined: tuple[tuple[int, str], ...]
    twins: frozenset[str]


@dataclass(frozen=True)
class _Read:
    """One event read: its place in the chain, and what it says, or the code of what is wrong with it."""

    seq: int
    hash: str
    prev_hash: str
    raw: Mapping[str, Any]
    envelope: Envelope | None
    payload: Payload | None
    code: str | None


def accept_push(live: LiveHall, offer: Offer) -> Outcome:
    """Accepts what is new in `offer`; raises RuleViolation `gap` (param ack_seq) or `fork` (param seq).

    An event whose id or ticket was used before is found only while writing; it is quarantined and the rest goes on.
    """
    read = _read_all(offer)
    used: dict[int, str] = {}
    while True:
        try:
            return live.run(lambda turn: _accept(turn, offer, _marked(read, used)))
        except RuleViolation as error:
            seq = error.params.get("seq")
            if (
                error.code not in ("duplicate_event", "duplicate_ticket")
                or not isinstance(seq, int)
                or seq in used
            ):
                raise
            used[seq] = error.code


def note_anchor(turn: Turn, device_id: str, anchor: Anchor) -> tuple[Anchor, ...]:
    """Keeps the anchor of one exchange with a device and returns all that are known of it."""
    name = f"anchors.{device_id}"
    before = anchors_of(hall_meta.setting(turn.tx, name))
    after = with_anchor(before, anchor)
    if after != before:
        hall_meta.set_setting(turn.tx, name, anchors_text(after))
    return after


def _read_all(offer: Offer) -> list[_Read]:
    """Reads the events in order; a broken one takes its number and hash from its neighbours."""
    read: list[_Read] = []
    for index, raw in enumerate(offer.raws):
        follower = offer.raws[index + 1] if index + 1 < len(offer.raws) else None
        read.append(_read(raw, offer, read[-1] if read else None, follower))
    return read


def _read(
    raw: Mapping[str, Any], offer: Offer, before: _Read | None, follower: Mapping[str, Any] | None
) -> _Read:
    seq = raw.get("seq")
    if not isinstance(seq, int) or isinstance(seq, bool) or not 0 < seq < 2**53:
        seq = before.seq + 1 if before else 0
    try:
        envelope = Envelope.from_dict(raw)
        payload = _payload(envelope, offer)
        return _Read(seq, envelope.hash(), envelope.prev_hash, raw, envelope, payload, None)
    except (BadInput, UnicodeEncodeError) as error:
        code = error.code if isinstance(error, BadInput) else "bad_event"
        claimed = follower.get("prev_hash") if follower else None
        own = claimed if isinstance(claimed, str) else _hash_of(raw)
        prev = raw.get("prev_hash")
        if not isinstance(prev, str):
            prev = before.hash if before else ""
        return _Read(seq, own, prev, raw, None, None, code)


def _payload(envelope: Envelope, offer: Offer) -> Payload:
    if envelope.device_id != offer.device_id or envelope.log_id != offer.log_id:
        raise BadInput("foreign_event")
    payload = payload_of(envelope.type, envelope.v, envelope.body)
    if not isinstance(payload, DEVICE_PAYLOADS):
        raise BadInput("not_a_device_event", type=envelope.type)
    if isinstance(payload, TicketIssued):
        _check_ticket(payload)
    return payload


def _check_ticket(ticket: TicketIssued) -> None:
    try:
        uuid.UUID(ticket.ticket_id)
        date.fromisoformat(ticket.day)
    except ValueError:
        raise BadInput("bad_event", field="ticket_id") from None
    if not 0 < ticket.number < 10_000_000 or not 0 <= ticket.generation < 2**31:
        raise BadInput("bad_event", field="number")


def _hash_of(raw: Mapping[str, Any]) -> str:
    try:
        return hashlib.sha256(canonical(dict(raw))).hexdigest()
    except (TypeError, ValueError):
        return hashlib.sha256(_text(raw).encode()).hexdigest()


def _text(raw: Mapping[str, Any]) -> str:
    # ASCII escapes keep lone surrogates storable.
    return json.dumps(raw, sort_keys=True)


def _marked(read: Sequence[_Read], used: Mapping[int, str]) -> list[_Read]:
    return [replace(one, payload=None, code=used[one.seq]) if one.seq in used else one for one in read]


def _accept(turn: Turn, offer: Offer, read: Sequence[_Read]) -> Outcome:
    anchors = note_anchor(turn, offer.device_id, offer.anchor)
    head = hall_log.head(turn.tx, offer.device_id, offer.log_id)
    hall_log.compare(
        turn.tx, offer.device_id, offer.log_id, {one.seq: one.hash for one in read if one.seq <= head.ack_seq}
    )
    new = [_known_service(turn, one) for one in read if one.seq > head.ack_seq]
    if not new:
        return Outcome(head.ack_seq, (), frozenset())
    good = [(one.envelope, one.payload, one.hash) for one in new if one.code is None]
    at = _moments(turn, [envelope for envelope, _, _ in good if envelope], anchors, head.last_order_ms)
    zone = turn.truth.hall.mall.timezone
    events = [
        NewEvent(
            envelope, own, moment.order_ms, local_day(zone, moment.order_ms).isoformat(), moment.anchored
        )
        for (envelope, _, own), moment in zip(good, at, strict=True)
        if envelope
    ]
    bad = [
        Quarantined(offer.device_id, offer.log_id, one.seq, one.hash, one.prev_hash, one.code, _text(one.raw))
        for one in new
        if one.code is not None
    ]
    accepted = turn.accept(events, [payload for _, payload, _ in good if payload], bad)
    return Outcome(accepted.head.ack_seq, tuple((one.seq, one.code) for one in bad), accepted.twins)


def _known_service(turn: Turn, one: _Read) -> _Read:
    """A ticket for a service the mall does not have is kept for a person to look at."""
    issued = one.payload if isinstance(one.payload, TicketIssued) else None
    if one.code is None and issued and issued.service not in turn.truth.hall.mall.services:
        return replace(one, payload=None, code="unknown_service")
    return one


def _moments(
    turn: Turn, envelopes: Sequence[Envelope], anchors: Sequence[Anchor], last_ms: int
) -> list[Moment]:
    mall, today = turn.truth.hall.mall, date.fromisoformat(turn.truth.hall.day)
    opened = day_bounds(mall.timezone, today)[0]
    intervals = mall.hours.on(today)
    if intervals:
        opened += intervals[0].start * 60_000
    stamps = [envelope.stamp for envelope in envelopes]
    return moments(
        stamps, anchors, last_ms=last_ms, opened_ms=min(opened, turn.now_ms), received_ms=turn.now_ms
    )
