"""Puts a device's events into server time: anchors first, guesses between neighbours where no anchor exists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from antrean.domain.reboots import Break, life_of, place
from antrean.domain.timeline import Anchor, Stamp, Step, clamp, interpolate

ANCHORS_A_BOOT = 4
BOOTS_KEPT = 8


@dataclass(frozen=True)
class Moment:
    """The fixed order time of an event; `anchored` is False for a guess."""

    order_ms: int
    anchored: bool


def with_anchor(anchors: Sequence[Anchor], new: Anchor, breaks: Sequence[Break] = ()) -> tuple[Anchor, ...]:
    """The anchors worth keeping: of each of the last boots, and of ours, the most exact one and the latest ones."""
    if any(old.boot_id == new.boot_id and old.boot_ms == new.boot_ms for old in anchors):
        return tuple(anchors)
    boots: dict[tuple[str, int], list[Anchor]] = {}
    for anchor in (*anchors, new):
        boots.setdefault((anchor.boot_id, life_of(anchor, breaks)), []).append(anchor)
    newest = new.boot_id, life_of(new, breaks)
    boots[newest] = boots.pop(newest)
    return tuple(anchor for chain in list(boots.values())[-BOOTS_KEPT:] for anchor in _worth_keeping(chain))


def _worth_keeping(chain: Sequence[Anchor]) -> Sequence[Anchor]:
    if len(chain) <= ANCHORS_A_BOOT:
        return chain
    best = min(chain, key=lambda anchor: anchor.error_ms)
    return [best, *(anchor for anchor in chain[-(ANCHORS_A_BOOT - 1) :] if anchor is not best)]


def anchors_text(anchors: Sequence[Anchor]) -> str:
    """The anchors as the ledger keeps them."""
    return json.dumps([asdict(anchor) for anchor in anchors], separators=(",", ":"))


def anchors_of(text: str | None) -> tuple[Anchor, ...]:
    """The anchors the ledger kept."""
    return tuple(Anchor(**anchor) for anchor in json.loads(text)) if text else ()


def moments(
    stamps: Sequence[Stamp],
    anchors: Sequence[Anchor],
    steps: Sequence[Step] = (),
    breaks: Sequence[Break] = (),
    *,
    last_ms: int,
    opened_ms: int,
    received_ms: int,
) -> list[Moment]:
    """When each of a log's next events happened, never before the one before it and never after its receipt.

    `last_ms` is the order time of the log's previous event. A guess is never placed before `opened_ms` (the mall's
    opening today): a visitor of a boot that never met the server must not vanish into yesterday.
    """
    found = [place(stamp, anchors, steps, breaks) for stamp in stamps]
    placed: list[Moment] = []
    at = 0
    while at < len(stamps):
        known = found[at]
        before = placed[-1].order_ms if placed else last_ms
        if known is not None:
            # Whom a guess before it has pushed back stands where a guess stands.
            pushed = bool(placed) and not placed[-1].anchored and known.server_ms < before
            moment = clamp(known.server_ms, not_before_ms=before, not_after_ms=received_ms)
            placed.append(Moment(moment, known.anchored and not pushed))
            at += 1
            continue
        end = next((i for i in range(at, len(stamps)) if found[i] is not None), len(stamps))
        follower = found[end] if end < len(stamps) else None
        after = min(received_ms, follower.server_ms) if follower else received_ms
        before = min(max(before, opened_ms), received_ms)
        count = end - at
        for index in range(count):
            guess = interpolate(index, count, before_ms=before, after_ms=max(before, after)).server_ms
            placed.append(Moment(clamp(guess, not_before_ms=before, not_after_ms=received_ms), False))
        at = end
    return _apart(placed, last_ms, received_ms)


def _apart(placed: Sequence[Moment], last_ms: int, received_ms: int) -> list[Moment]:
    """The same moments, each at least 1 ms after the one before it wherever the receipt leaves room.

    A clock that lies puts several events on one bound; without this the ids would settle their order, and those carry
    the wall clock of the device.
    """
    times: list[int] = []
    for moment in placed:
        times.append(max(moment.order_ms, (times[-1] if times else last_ms) + 1))
    latest = received_ms
    for index in range(len(times) - 1, -1, -1):
        times[index] = min(times[index], latest)
        latest = times[index] - 1
    before = min(last_ms, received_ms)
    for index, time_ms in enumerate(times):
        before = times[index] = max(time_ms, before)
    return [Moment(time_ms, moment.anchored) for time_ms, moment in zip(times, placed, strict=True)]
