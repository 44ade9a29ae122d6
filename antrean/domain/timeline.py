"""When something really happened, from a device whose wall clock may be wrong.

A device stamps each event with its boot and the milliseconds of its boot clock. Every exchange with the server anchors
that clock to server time. Wall clocks are advice only: in simulation, ordering by them let 65 % of the visitors of an
outage be overtaken; boot-anchored time none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

DRIFT_PPM = 100
CLOSE_MS = 500
"""A moment that hangs on an anchor measured worse than this is a guess: visitors a second apart could change places."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a device says something happened: boot, milliseconds of the boot clock, wall clock (advice)."""

    boot_id: str
    boot_ms: int
    wall_ms: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """At `boot_ms` of boot `boot_id` the server's clock said `server_ms`, give or take `error_ms`.

    `epoch` names the stretch between two corrections or reboots in which the server's clock was then (empty: not told).
    The time alone does not say it: a server that was restored may give out the same hour twice.
    """

    boot_id: str
    boot_ms: int
    server_ms: int
    error_ms: int
    epoch: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """At server time `at_ms` the server's clock was corrected by `delta_ms`, forward, or backward by standing still.

    With `since_ms` it repairs a reboot that had lost time: anchors made between then and `at_ms` were too early by
    `delta_ms`, and for all others the server's time went on unbroken. `epoch` names the stretch that begins with it.
    """

    at_ms: int
    delta_ms: int
    since_ms: int = 0
    epoch: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A moment in server time; `error_ms` is the half width, `anchored` is False for a guess between neighbours."""

    server_ms: int
    error_ms: int
    anchored: bool


def estimate(stamp: Stamp, anchors: Sequence[Anchor], steps: Sequence[Step] = ()) -> Estimate | None:
    """The server time of `stamp` by the best anchors of its boot; None when that boot never met the server.

    Between two anchors the truth lies the nearer to each the better it was measured: a clock that runs fast or slow all
    the time is found out that way.
    `steps` are the corrections of the server's clock, oldest first: between an anchor and the event they are undone.
    """
    nearest: dict[bool, tuple[int, int, int]] = {}
    for anchor in anchors:
        if anchor.boot_id != stamp.boot_id:
            continue
        distance = stamp.boot_ms - anchor.boot_ms
        error = anchor.error_ms + abs(distance) * DRIFT_PPM // 1_000_000
        known = nearest.get(distance < 0)
        if known is None or error < known[0]:
            nearest[distance < 0] = error, walked(anchor.server_ms, distance, steps), anchor.error_ms
    if not nearest:
        return None
    error, moment, measured = min(nearest.values())
    if len(nearest) == 2:
        (early_error, early, _), (late_error, late, _) = nearest[False], nearest[True]
        moment = early + (late - early) * early_error // max(early_error + late_error, 1)
    return Estimate(moment, error, anchored=measured <= CLOSE_MS)


def walked(from_ms: int, distance_ms: int, steps: Sequence[Step]) -> int:
    """The server time `distance_ms` of steady time after (or before) `from_ms`, over the corrections between."""
    for step in steps:
        if step.since_ms and step.since_ms <= from_ms <= step.at_ms:
            from_ms += step.delta_ms
    moment = from_ms + distance_ms
    usual = [step for step in steps if not step.since_ms]
    if distance_ms >= 0:
        for step in usual:
            if from_ms <= step.at_ms < moment:
                moment = max(step.at_ms, moment + step.delta_ms)
        return moment
    for step in reversed(usual):
        if moment < step.at_ms + max(step.delta_ms, 0) <= from_ms:
            moment = min(step.at_ms, moment - step.delta_ms)
    return moment


def clamp(server_ms: int, *, not_before_ms: int, not_after_ms: int) -> int:
    """Keep an estimate between the device's previous event and the server's receipt; the receipt wins."""
    return min(max(server_ms, not_before_ms), not_after_ms)


def interpolate(position: int, count: int, *, before_ms: int, after_ms: int) -> Estimate:
    """The guess for event `position` (0 …) of `count` events between two known moments."""
    span = max(after_ms - before_ms, 0)
    moment = before_ms + span * (position + 1) // (count + 1)
    return Estimate(moment, span // 2, anchored=False)
