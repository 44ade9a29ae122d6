"""Puts a device's events into server time: anchors first, guesses between neighbours where no anchor exists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from antrean.domain.timeline import Anchor, Stamp, clamp, estimate, interpolate

ONE_WAY_ERROR_MS = 250
ANCHORS_A_BOOT = 4
BOOTS_KEPT = 8


@dataclass(frozen=True)
class Moment:
    """The fixed order time of an event; `anchored` is False for a guess."""

    order_ms: int
    anchored: bool


def with_anchor(anchors: Sequence[Anchor], new: Anchor) -> tuple[Anchor, ...]:
    """The anchors worth keeping: of each of the last boots the first (longest baseline) and the latest ones."""
    if any(old.boot_id == new.boot_id and old.boot_ms == new.boot_ms for old in anchors):
        return tuple(anchors)
    boots: dict[str, list[Anchor]] = {}
    for anchor in (*anchors, new):
        boots.setdefault(anchor.boot_id, []).append(anchor)
    boots[new.boot_id] = boots.pop(new.boot_id)
    kept = [chain[:1] + chain[1:][-(ANCHORS_A_BOOT - 1) :] for chain in list(boots.values())[-BOOTS_KEPT:]]
    return tuple(anchor for chain in kept for anchor in chain)


def anchors_text(anchors: Sequence[Anchor]) -> str:
    """The anchors as the ledger keeps them."""
    return json.dumps([asdict(anchor) for anchor in anchors], separators=(",", ":"))


def anchors_of(text: str | None) -> tuple[Anchor, ...]:
    """The anchors the ledger kept."""
    return tuple(Anchor(**anchor) for anchor in json.loads(text)) if text else ()


def moments(
    stamps: Sequence[Stamp], anchors: Sequence[Anchor], *, last_ms: int, opened_ms: int, received_ms: int
) -> list[Moment]:
    """When each of a log's next events happened, never before the one before it and never after its receipt.

    `last_ms` is the order time of the log's previous event. A guess is never placed before `opened_ms` (the mall's
    opening today): a visitor of a boot that never met the server must not vanish into yesterday.
    """
    found = [estimate(stamp, anchors) for stamp in stamps]
    placed: list[Moment] = []
    at = 0
    while at < len(stamps):
        known = found[at]
        before = placed[-1].order_ms if placed else last_ms
        if known is not None:
            placed.append(
                Moment(clamp(known.server_ms, not_before_ms=before, not_after_ms=received_ms), True)
            )
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
    return placed
