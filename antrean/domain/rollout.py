"""What will happen if everything takes its usual time: one run through the calls that are to come.

Whoever becomes free calls the earliest of the lines they serve, as the rule of calling does. One run gives the moment
of every call, and for each line the moment at which one of its counters has nobody left: then somebody who comes now is
called. So overlapping counters, helped lines, pins and pauses need no formula of their own.
"""

import heapq
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

LONGEST_RUN = 128
"""More people than this are taken several at a time: a long wait needs no single steps."""


@dataclass(frozen=True, slots=True)
class RunDesk:
    """A counter in the run; moments in server milliseconds.

    `lines` are its own, `helps` those it relieves once their first has waited so many milliseconds. It is away from
    `pause[0]` to `pause[1]`. `slow` stretches its times: a counter that may stay closed serves in part only.
    """

    free_ms: float
    lines: Sequence[str]
    helps: Mapping[str, int] = field(default_factory=dict)
    pause: tuple[float, float] | None = None
    slow: float = 1.0


@dataclass(frozen=True, slots=True)
class RunLine:
    """A line in the run: the order keys of those waiting, ascending, and the ms one holds a counter."""

    keys: Sequence[int]
    cycle_ms: float


@dataclass(frozen=True, slots=True)
class Rollout:
    """Server milliseconds: `calls` of each line in its order, one for every `stride` people; `free` of each line."""

    lines: Mapping[str, RunLine]
    calls: Mapping[str, Sequence[float]]
    free: Mapping[str, float]
    stride: int

    def call_of(self, line: str, key_ms: int) -> float | None:
        """When the one with this order key is called; None where no counter ever gets so far."""
        at, calls = bisect_left(self.lines[line].keys, key_ms) // self.stride, self.calls[line]
        return calls[at] if at < len(calls) else self.free.get(line)


def rolled_out(desks: Sequence[RunDesk], lines: Mapping[str, RunLine]) -> Rollout:
    """Run until every line that a counter serves is empty."""
    stride = max(-(-sum(len(line.keys) for line in lines.values()) // LONGEST_RUN), 1)
    left = {code: list(line.keys[::stride][::-1]) for code, line in lines.items()}
    calls: dict[str, list[float]] = {code: [] for code in lines}
    free: dict[str, float] = {}
    own = [[(code, left[code]) for code in desk.lines] for desk in desks]
    agenda = [(desk.free_ms, at) for at, desk in enumerate(desks)]
    heapq.heapify(agenda)
    while agenda:
        now, at = agenda[0]
        desk = desks[at]
        if desk.pause is not None and desk.pause[0] <= now < desk.pause[1]:
            heapq.heapreplace(agenda, (desk.pause[1], at))
            continue
        best, first, done = None, 0, False
        for code, keys in own[at]:
            if not keys:
                done = True
            elif best is None or keys[-1] < first:
                best, first = code, keys[-1]
        if done:
            own[at] = [pair for pair in own[at] if pair[1]]
        if best is None:
            for code in desk.lines:
                free[code] = min(now, free.get(code, now))
        wake = None
        for code, limit in desk.helps.items():
            keys = left[code]
            if not keys:
                continue
            if now - keys[-1] <= limit:
                wake = min(keys[-1] + limit + 1, wake or keys[-1] + limit + 1)
            elif best is None or keys[-1] < first:
                best, first = code, keys[-1]
        if best is not None:
            left[best].pop()
            together = min(stride, len(lines[best].keys) - len(calls[best]) * stride)
            calls[best].append(now)
            heapq.heapreplace(agenda, (now + lines[best].cycle_ms * desk.slow * together, at))
        elif wake is not None:
            heapq.heapreplace(agenda, (float(wake), at))
        else:
            heapq.heappop(agenda)
    return Rollout(lines, calls, free, stride)
