"""Moments in server time over reboots of the server, whose wall clock may have been wrong after any of them.

A *life* is what lies between two reboots, counted from the oldest one that is remembered. Within a life server time is
steady but for its corrections (`antrean.domain.timeline`); from one to the next it may have jumped, and only a device
that met the server on both sides knows how far.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from antrean.domain.timeline import CLOSE_MS, Anchor, Estimate, Stamp, Step, estimate, walked

ROOM_SHARE = 20
"""An outage squeezed to less than one in so many puts visitors who came seconds apart on one millisecond."""


@dataclass(frozen=True, slots=True)
class Break:
    """The server rebooted: it gave out nothing after `before_ms`, and went on with `after_ms`.

    How long it was off, only its wall clock says, and that may be wrong. A device that met the server on both sides
    knows better: by the time before the break it went on at `after_ms` + `shift_ms` (None while nobody told).
    `epoch` names the stretch of the clock that begins with it.
    """

    before_ms: int
    after_ms: int
    shift_ms: int | None = None
    epoch: str = ""

    @property
    def ended_ms(self) -> int:
        """When the outage ended by the time before it; as the server's own clock has it while nobody told."""
        return self.after_ms + (self.shift_ms or 0)


def place(
    stamp: Stamp, anchors: Sequence[Anchor], steps: Sequence[Step] = (), breaks: Sequence[Break] = ()
) -> Estimate | None:
    """As `estimate`, also over reboots of the server: each moment by the life of the server in which it happened.

    What happened while the server was off keeps its order between the last moment before and the first one after. It is
    a guess (not `anchored`) while no device has told how long that was.
    """
    lives = _lives(stamp.boot_id, anchors, breaks)
    above: tuple[int, Estimate] | None = None
    below: tuple[int, Estimate] | None = None
    for life in sorted(lives, reverse=True):
        found = estimate(stamp, lives[life], _steps_of(steps, breaks, life))
        if found is None:
            continue
        if life and found.server_ms < _began_ms(steps, breaks, life):
            above = life, found
        elif life == len(breaks) or found.server_ms <= breaks[life].before_ms:
            return found
        else:
            below = life, found
            break
    return _between(above, below, steps, breaks)


def _between(
    above: tuple[int, Estimate] | None,
    below: tuple[int, Estimate] | None,
    steps: Sequence[Step],
    breaks: Sequence[Break],
) -> Estimate | None:
    """A moment before the life `above` and after the life `below`, by whichever of the two can tell."""
    told: list[Estimate] = []
    if above is not None:
        told.append(_back(above[1], range(above[0], below[0] if below else 0, -1), steps, breaks))
    if below is not None:
        told.append(_on(below[1], range(below[0], above[0] if above else len(breaks)), steps, breaks))
    if not told:
        return None
    found = next((one for one in told if one.anchored), told[0])
    floor_ms = breaks[below[0]].before_ms if below else found.server_ms
    return replace(found, server_ms=max(found.server_ms, floor_ms))


def _back(found: Estimate, lives: range, steps: Sequence[Step], breaks: Sequence[Break]) -> Estimate:
    """A moment told by a later life, carried back over the reboots that began `lives`, the newest first."""
    for life in lives:
        reboot, began_ms = breaks[life - 1], _began_ms(steps, breaks, life)
        if found.server_ms >= began_ms:
            return found
        if reboot.shift_ms is None:
            return replace(found, anchored=False)
        old_ms = walked(reboot.ended_ms, found.server_ms - began_ms, _steps_of(steps, breaks, life - 1))
        if old_ms > min(reboot.before_ms, reboot.ended_ms):
            return _within(found, old_ms, reboot, began_ms)
        found = replace(found, server_ms=old_ms)
    return found


def _on(found: Estimate, lives: range, steps: Sequence[Step], breaks: Sequence[Break]) -> Estimate:
    """A moment told by an earlier life, carried on over the reboots that ended `lives`, the oldest first."""
    for life in lives:
        reboot = breaks[life]
        if found.server_ms <= reboot.before_ms:
            return found
        if reboot.shift_ms is None:
            found = replace(found, anchored=False)
        since_ms = found.server_ms - reboot.ended_ms
        if since_ms < 0:
            return _within(found, found.server_ms, reboot, _began_ms(steps, breaks, life + 1))
        moment = walked(reboot.after_ms, since_ms, _steps_of(steps, breaks, life + 1))
        found = replace(found, server_ms=moment)
    return found


def _within(found: Estimate, old_ms: int, reboot: Break, began_ms: int) -> Estimate:
    """Where a moment of an outage stands, `old_ms` by the time before it: as long before its end as it was.

    Where the server's time leaves less room than the outage lasted, its visitors move together. With hardly any room
    they can no longer be told apart: a guess.
    """
    before_ms = min(reboot.before_ms, reboot.ended_ms, began_ms)
    if old_ms <= before_ms:
        return replace(found, server_ms=old_ms)
    room_ms, lasted_ms = began_ms - before_ms, max(reboot.ended_ms - before_ms, 1)
    if room_ms >= lasted_ms:
        return replace(found, server_ms=began_ms - (reboot.ended_ms - old_ms))
    moment = before_ms + (old_ms - before_ms) * room_ms // lasted_ms
    return replace(found, server_ms=moment, anchored=found.anchored and room_ms * ROOM_SHARE >= lasted_ms)


def shifts_told(
    anchors: Sequence[Anchor], steps: Sequence[Step], breaks: Sequence[Break]
) -> tuple[Break, ...]:
    """The breaks with what these anchors of one device tell of them.

    Over several reboots at once they tell of the last one that is not known yet.
    """
    told = list(breaks)
    for boot_id in dict.fromkeys(anchor.boot_id for anchor in anchors):
        lives = _lives(boot_id, anchors, breaks)
        met = sorted(lives)
        for old, new in pairwise(met):
            unknown = [index for index in range(old, new) if told[index].shift_ms is None]
            if len(unknown) != 1:
                continue
            total = _shift_over(lives, old, new, steps, breaks)
            if total is not None:
                known = sum(told[index].shift_ms or 0 for index in range(old, new))
                told[unknown[0]] = replace(told[unknown[0]], shift_ms=total - known)
    return tuple(told)


def _shift_over(
    lives: Mapping[int, Sequence[Anchor]],
    old: int,
    new: int,
    steps: Sequence[Step],
    breaks: Sequence[Break],
) -> int | None:
    """The shifts of all breaks between two lives together, by what was measured in both of them."""
    met = min(lives[new], key=lambda anchor: anchor.error_ms)
    before = estimate(Stamp(met.boot_id, met.boot_ms, 0), lives[old], _steps_of(steps, breaks, old))
    if before is None or not before.anchored or met.error_ms > CLOSE_MS:
        return None
    corrected = [step for step in _steps_of(steps, breaks, new) if step.at_ms < met.server_ms]
    for life in range(old + 1, new):
        corrected += _steps_of(steps, breaks, life)
    return before.server_ms - met.server_ms + sum(step.delta_ms for step in corrected)


def life_of(anchor: Anchor, breaks: Sequence[Break]) -> int:
    """In which life of the server an anchor was made: by its epoch, or by its time where none was told."""
    if not anchor.epoch:
        return sum(1 for one in breaks if one.after_ms <= anchor.server_ms)
    return next((index + 1 for index, one in enumerate(breaks) if one.epoch == anchor.epoch), 0)


def _lives(boot_id: str, anchors: Sequence[Anchor], breaks: Sequence[Break]) -> dict[int, list[Anchor]]:
    lives: dict[int, list[Anchor]] = {}
    for anchor in anchors:
        if anchor.boot_id == boot_id:
            lives.setdefault(life_of(anchor, breaks), []).append(anchor)
    return lives


def _steps_of(steps: Sequence[Step], breaks: Sequence[Break], life: int) -> list[Step]:
    """The corrections made in that life of the server."""
    since_ms = breaks[life - 1].after_ms if life else 0
    until_ms = breaks[life].after_ms if life < len(breaks) else None
    return [step for step in steps if since_ms <= step.at_ms and (until_ms is None or step.at_ms < until_ms)]


def _began_ms(steps: Sequence[Step], breaks: Sequence[Break], life: int) -> int:
    """The first moment of a life after the oldest, with the time it was found to have lost."""
    return walked(breaks[life - 1].after_ms, 0, _steps_of(steps, breaks, life))
