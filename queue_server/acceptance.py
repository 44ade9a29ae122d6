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

from antrean.domain.assistance import check_assistance
from antrean.domain.booking_events import check_booking
from antrean.domain.errors import BadInput, RuleViolation
from antrean.domain.event import Envelope, canonical
from antrean.domain.events import (
    DEVICE_PAYLOADS,
    AssistanceGiven,
    BookingArrived,
    BookingClaimed,
    Payload,
    TicketIssued,
    TicketReadmitted,
    payload_of,
)
from antrean.domain.opening import day_bounds, local_day
from antrean.domain.reboots import life_of, shifts_told
from antrean.domain.timeline import Anchor
from antrean.ledger import hall_devices, hall_log, hall_meta
from antrean.ledger.hall_log import NewEvent, Quarantined
from antrean.ledger.hall_quarantine import QuarantinedRow
from antrean.ledger.writer import Transaction
from queue_server import clock_log, paper_keys
from queue_server.clock_log import ClockLog
from queue_server.live import LiveHall, Turn
from queue_server.timing import Moment, anchors_of, anchors_text, moments, with_anchor


@dataclass(frozen=True)
class Offer:
    """One push of one device's log; `raws` are its events as they came, `anchors` tie its boot clocks to ours.

    `doubtful` while our own clock has lost time and nobody knows how much: then every place is a guess.
    """

    device_id: str
    log_id: str
    raws: tuple[Mapping[str, Any], ...]
    anchors: tuple[Anchor, ...]
    doubtful: bool = False


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

    An event whose id or ticket was used before, or a paper taken on another day than its own, is found only while
    writing; it is quarantined and the rest goes on.
    """
    read = _read_all(offer)
    used: dict[int, str] = {}
    while True:
        try:
            return live.run(lambda turn: _accept(turn, offer, _marked(read, used)))
        except RuleViolation as error:
            seq = error.params.get("seq")
            if (
                error.code not in ("duplicate_event", "duplicate_ticket", "paper_of_another_day")
                or not isinstance(seq, int)
                or seq in used
            ):
                raise
            used[seq] = error.code


def note_anchors(turn: Turn, device_id: str, measured: Sequence[Anchor]) -> tuple[Anchor, ...]:
    """Keeps what a device measured of our clock and returns all that is known of its boots.

    An anchor of a time that we have not reached in this life cannot be ours: it belongs to a server that is no more.
    """
    name = f"anchors.{device_id}"
    before = after = anchors_of(hall_meta.setting(turn.tx, name))
    log = clock_log.read(turn.tx)
    for anchor in log.own(measured):
        if anchor.server_ms <= turn.now_ms or life_of(anchor, log.breaks) < log.life:
            after = with_anchor(after, anchor, log.breaks)
    if after != before:
        hall_meta.set_setting(turn.tx, name, anchors_text(after))
        told = replace(log, breaks=shifts_told(after, log.steps, log.breaks))
        if told != log:
            clock_log.write(turn.tx, told)
    return after


def newest_ms(r: Transaction, log: ClockLog) -> int:
    """The newest server time any acceptance, or anchor of the last life, in the ledger speaks of; 0 without any."""
    anchors = [
        anchor
        for device in hall_devices.devices(r)
        for anchor in anchors_of(hall_meta.setting(r, f"anchors.{device.device_id}"))
    ]
    last = [anchor.server_ms for anchor in anchors if life_of(anchor, log.breaks) == log.life]
    return max([hall_log.last_received_ms(r), *last])


def reread(turn: Turn, row: QuarantinedRow) -> tuple[NewEvent, Payload]:
    """Reads an event that was put aside again; raises RuleViolation `still_refused` (param why, a code)."""
    raw = json.loads(row.raw)
    offer = Offer(row.device_id, row.log_id, (raw,), ())
    read = _known_service(turn, _read(raw, offer, None, None))
    envelope, payload = read.envelope, read.payload
    if envelope is None or payload is None or (read.seq, read.hash) != (row.seq, row.hash):
        raise RuleViolation("still_refused", entry=row.id, why=read.code or "bad_event")
    anchors = anchors_of(hall_meta.setting(turn.tx, f"anchors.{row.device_id}"))
    before = hall_log.order_before(turn.tx, row.device_id, row.log_id, row.seq)
    log = clock_log.read(turn.tx)
    (at,) = moments(
        [envelope.stamp],
        anchors,
        log.steps,
        log.breaks,
        last_ms=before,
        opened_ms=before,
        received_ms=row.received_ms,
    )
    day = local_day(turn.truth.hall.mall.timezone, at.order_ms).isoformat()
    return NewEvent(envelope, row.hash, at.order_ms, day, at.anchored), payload


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
    if isinstance(payload, AssistanceGiven):
        check_assistance(payload.reason, payload.minutes)
    if isinstance(payload, BookingArrived | BookingClaimed):
        check_booking(payload)
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
    anchors = note_anchors(turn, offer.device_id, offer.anchors)
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
            envelope,
            own,
            moment.order_ms,
            local_day(zone, moment.order_ms).isoformat(),
            moment.anchored and not offer.doubtful,
        )
        for (envelope, _, own), moment in zip(good, at, strict=True)
        if envelope
    ]
    for event, (_, payload, _) in zip(events, good, strict=True):
        if _is_of_another_day(zone, event, payload):
            raise RuleViolation("paper_of_another_day", seq=event.envelope.seq)
    bad = [
        Quarantined(offer.device_id, offer.log_id, one.seq, one.hash, one.prev_hash, one.code, _text(one.raw))
        for one in new
        if one.code is not None
    ]
    accepted = turn.accept(events, [payload for _, payload, _ in good if payload], bad)
    return Outcome(accepted.head.ack_seq, tuple((one.seq, one.code) for one in bad), accepted.twins)


def _known_service(turn: Turn, one: _Read) -> _Read:
    """A ticket for a service the mall does not have is kept for a person to look at."""
    told = one.payload if isinstance(one.payload, TicketIssued | TicketReadmitted) else None
    if one.code is None and told and told.service not in turn.truth.hall.mall.services:
        return replace(one, payload=None, code="unknown_service")
    if one.code is None and isinstance(told, TicketReadmitted) and not paper_keys.is_true(turn, told):
        return replace(one, payload=None, code="bad_paper")
    return one


def _is_of_another_day(zone: str, event: NewEvent, payload: Payload | None) -> bool:
    """Whether a kiosk took a paper of another day, which only one with a dead clock does: a person must be told."""
    if not isinstance(payload, TicketReadmitted) or not payload.anchored:
        return False
    return local_day(zone, payload.arrived_ms).isoformat() != event.day


def _moments(
    turn: Turn, envelopes: Sequence[Envelope], anchors: Sequence[Anchor], last_ms: int
) -> list[Moment]:
    mall, today = turn.truth.hall.mall, date.fromisoformat(turn.truth.hall.day)
    opened = day_bounds(mall.timezone, today)[0]
    intervals = mall.hours.on(today)
    if intervals:
        opened += intervals[0].start * 60_000
    stamps = [envelope.stamp for envelope in envelopes]
    log = clock_log.read(turn.tx)
    return moments(
        stamps,
        anchors,
        log.steps,
        log.breaks,
        last_ms=last_ms,
        opened_ms=min(opened, turn.now_ms),
        received_ms=turn.now_ms,
    )
