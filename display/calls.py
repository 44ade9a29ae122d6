"""Which call is shown and heard, and when the next one follows: none dropped, none over another. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from antrean.domain.words import Words

CALL_HOLD_MS = 15_000
"""How long a call stays "now" when no other waits; with others waiting its sound's length decides."""
STALE_CALL_MS = 180_000
"""A call this old when first heard (the display was away) joins the history without a sound."""
SEEN_KEPT = 500


@dataclass(frozen=True, slots=True)
class Call:
    """One call or recall as the board topic tells it; `check` is set for twins, `called_ms` is server time."""

    call_id: str
    label: str
    check: str | None
    counter: str
    counter_name: Words
    service: Words
    agency: str
    zone: str
    called_ms: int
    recall: int


def call_of(wire: Mapping[str, Any]) -> Call:
    """Read a call from the board topic. Raises KeyError or TypeError when it lacks something."""
    return Call(
        call_id=wire["call_id"],
        label=wire["label"],
        check=wire.get("check"),
        counter=wire["counter"],
        counter_name=Words(**wire["counter_name"]),
        service=Words(**wire["service"]),
        agency=wire["agency"],
        zone=wire["zone"],
        called_ms=int(wire["called_at"]),
        recall=int(wire.get("recall") or 0),
    )


@dataclass(frozen=True, slots=True)
class CallQueue:
    """What has been heard (None before the first snapshot), what waits to be shown, and what is shown now.

    `began_ms` is when the call began to sound, `free_ms` when a waiting one may follow, `ends_ms` when it stops being
    "now".
    """

    seen: tuple[str, ...] | None = None
    waiting: tuple[Call, ...] = ()
    current: Call | None = None
    began_ms: int = 0
    free_ms: int = 0
    ends_ms: int = 0


def hear(queue: CallQueue, calls: Iterable[Call], now_ms: int) -> CallQueue:
    """The queue after a snapshot of calls (newest first); the very first snapshot queues nothing."""
    told = tuple(calls)
    if queue.seen is None:
        return replace(queue, seen=tuple(call.call_id for call in told))
    known = set(queue.seen)
    new = [call for call in reversed(told) if call.call_id not in known]
    fresh = sorted(
        (call for call in new if now_ms - call.called_ms <= STALE_CALL_MS), key=lambda call: call.called_ms
    )
    seen = (*queue.seen, *(call.call_id for call in new))[-SEEN_KEPT:]
    return replace(queue, seen=seen, waiting=(*queue.waiting, *fresh))


def advance(queue: CallQueue, now_ms: int) -> tuple[CallQueue, Call | None]:
    """The queue at `now_ms` and the call to start, if one is due; `started` must then be told its length."""
    if queue.waiting and now_ms >= queue.free_ms:
        call = queue.waiting[0]
        return replace(queue, waiting=queue.waiting[1:], current=call), call
    if queue.current is not None and not queue.waiting and now_ms >= queue.ends_ms:
        return replace(queue, current=None), None
    return queue, None


def started(queue: CallQueue, now_ms: int, length_ms: int, hold_ms: int = CALL_HOLD_MS) -> CallQueue:
    """The queue after its current call began to sound for `length_ms`."""
    ends_ms = now_ms + max(length_ms, hold_ms)
    return replace(queue, began_ms=now_ms, free_ms=now_ms + length_ms, ends_ms=ends_ms)


def occupied(queue: CallQueue, now_ms: int, length_ms: int) -> CallQueue:
    """The queue while something else sounds for `length_ms`: the next call waits for its end."""
    return replace(queue, free_ms=max(queue.free_ms, now_ms + length_ms))
