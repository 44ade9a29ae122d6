"""When something really happened, from a device whose wall clock may be wrong.

A device stamps each event with its boot and the milliseconds of its boot clock. Every exchange with the server anchors
that clock to server time. Wall clocks are advice only: in simulation, ordering by them let 65 % of the visitors of an
outage be overtaken; boot-anchored time none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

DRIFT_PPM = 100
CLOSE_MS = 500
"""A moment that hangs on an anchor measured worse than this is a guess: visitors a second apart could change places."""
ROOM_SHARE = 20
"""An outage squeezed to less than one in so many puts visitors who came seconds apart on one millisecond."""


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
class Step:
    """At server time `at_ms` the server's clock was corrected by `delta_ms`, forward, or backward by standing still.

    With `since_ms` it repairs a reboot that had lost time: anchors made between then and `at_ms` were too early by
    `delta_ms`, and for all others the server's time went on unbroken.
    """

    at_ms: int
    delta_ms: int
    since_ms: int = 0


@dataclass(frozen=True, slots=True)
class Break:
    """The server rebooted: it gave out nothing after `before_ms`, and went on with `after_ms`.

    How long it was off, only its wall clock says, and that may be wrong. A device that met the server on both sides
    knows better: by the time before the break, the time after it stands `shift_ms` later (None while nobody told).
    """

    before_ms: int
    after_ms: int
    shift_ms: int | None = None


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


def place(
    stamp: Stamp, anchors: Sequence[Anchor], steps: Sequence[Step] = (), breaks: Sequence[Break] = ()
) -> Estimate | None:
    """As `estimate`, also over reboots of the server: each moment by the boot of the server in which it happened.

    What happened while the server was off keeps its order between the last moment before and the first one after. It is
    a guess (not `anchored`) while no device has told how long that was.
    """
    lives = _lives(stamp.boot_id, anchors, breaks)
    if not lives:
        return None
    life = max(lives)
    found = estimate(stamp, lives[life], _steps_of_life(steps, breaks[:life], life))
    if found is None:
        return None
    for end in breaks[life:]:
        found = _after_all(found, end, steps)
    for began in range(life, 0, -1):
        reboot = breaks[began - 1]
        after_ms = walked(reboot.after_ms, 0, steps)
        if found.server_ms >= after_ms:
            return found
        measured = began in lives and began - 1 in lives
        shift_ms = shift_of(lives, began, steps) if measured else reboot.shift_ms
        if shift_ms is None:
            return replace(found, anchored=False)
        ended_ms = after_ms + shift_ms
        old_ms = walked(
            ended_ms, found.server_ms - after_ms, _steps_of_life(steps, breaks[:began], began - 1)
        )
        if old_ms > min(reboot.before_ms, after_ms, ended_ms):
            return _within(found, old_ms, reboot.before_ms, after_ms, shift_ms)
        if began - 1 in lives:
            # It was before this reboot, so what was measured before it decides, perhaps over an earlier one.
            earlier = [anchor for known in lives if known < began for anchor in lives[known]]
            return place(stamp, earlier, steps, breaks[: began - 1])
        found = replace(found, server_ms=old_ms)
    return found


def _steps_of_life(steps: Sequence[Step], breaks: Sequence[Break], life: int) -> Sequence[Step]:
    """The corrections made in that boot of the server and, where `breaks` ends with it, after it."""
    since_ms = breaks[life - 1].after_ms if life else 0
    until_ms = breaks[life].after_ms if life < len(breaks) else None
    return [step for step in steps if since_ms <= step.at_ms and (until_ms is None or step.at_ms < until_ms)]


def _after_all(found: Estimate, end: Break, steps: Sequence[Step]) -> Estimate:
    """A moment that only anchors from before a reboot speak of, should it lie after them."""
    if found.server_ms <= end.before_ms:
        return found
    if end.shift_ms is None:
        return replace(found, anchored=False)
    after_ms = walked(end.after_ms, 0, steps)
    if found.server_ms >= after_ms + end.shift_ms:
        return replace(found, server_ms=found.server_ms - end.shift_ms)
    return _within(found, found.server_ms, end.before_ms, after_ms, end.shift_ms)


def shift_of(lives: Mapping[int, Sequence[Anchor]], life: int, steps: Sequence[Step]) -> int | None:
    """How much later the time before the reboot that began `life` stands than the time after it, by both anchors."""
    if life not in lives or life - 1 not in lives:
        return None
    new = min(lives[life], key=lambda anchor: anchor.error_ms)
    old = estimate(Stamp(new.boot_id, new.boot_ms, 0), lives[life - 1], steps)
    if old is None or not old.anchored or new.error_ms > CLOSE_MS:
        return None
    return old.server_ms - walked(new.server_ms, 0, steps)


def _within(found: Estimate, old_ms: int, before_ms: int, after_ms: int, shift_ms: int) -> Estimate:
    """Where a moment before the end of an outage stands: by the time before it, or between both ends if during it.

    Where the server's time leaves an outage hardly any room, its visitors can no longer be told apart: a guess.
    """
    ended_ms = after_ms + shift_ms
    before_ms = min(before_ms, ended_ms, after_ms)
    if old_ms <= before_ms:
        return replace(found, server_ms=old_ms)
    room_ms, lasted_ms = after_ms - before_ms, max(ended_ms - before_ms, 1)
    moment = before_ms + (old_ms - before_ms) * room_ms // lasted_ms
    return replace(found, server_ms=moment, anchored=found.anchored and room_ms * ROOM_SHARE >= lasted_ms)


def _lives(boot_id: str, anchors: Sequence[Anchor], breaks: Sequence[Break]) -> dict[int, list[Anchor]]:
    lives: dict[int, list[Anchor]] = {}
    for anchor in anchors:
        if anchor.boot_id == boot_id:
            lives.setdefault(life_of(anchor, breaks), []).append(anchor)
    return lives


def shifts_told(
    anchors: Sequence[Anchor], steps: Sequence[Step], breaks: Sequence[Break]
) -> tuple[Break, ...]:
    """The breaks with what these anchors of one device tell of them."""
    told = list(breaks)
    for boot_id in dict.fromkeys(anchor.boot_id for anchor in anchors):
        lives = _lives(boot_id, anchors, breaks)
        for life in lives:
            if life and told[life - 1].shift_ms is None:
                told[life - 1] = replace(told[life - 1], shift_ms=shift_of(lives, life, steps))
    return tuple(told)


def life_of(anchor: Anchor, breaks: Sequence[Break]) -> int:
    """In which boot of the server an anchor was made, counted from the oldest break."""
    return sum(1 for one in breaks if one.after_ms <= anchor.server_ms)


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
