"""What the ledger remembers of the server's clock: its corrections, its reboots, and what is in doubt."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from antrean.domain.reboots import Break, life_of
from antrean.domain.timeline import Anchor, Step
from antrean.ledger import hall_meta
from antrean.ledger.writer import Transaction

SETTING = "clock.log"
KEPT = 40
"""Corrections and reboots remembered; who was away over more of them stands where a guess stands."""


@dataclass(frozen=True, slots=True)
class ClockLog:
    """The stretches of the server's clock, oldest first; `first` is the epoch before any correction or reboot.

    `doubt_ms` is the time with which the oldest life began that lost time nobody has told yet; 0 without any.
    """

    first: str
    steps: tuple[Step, ...] = ()
    breaks: tuple[Break, ...] = ()
    doubt_ms: int = 0

    @property
    def epoch(self) -> str:
        """The stretch that goes on now."""
        return self.epochs[-1]

    @property
    def epochs(self) -> tuple[str, ...]:
        """The stretches of the life that goes on now, oldest first."""
        began_ms, first = (
            (self.breaks[-1].after_ms, self.breaks[-1].epoch) if self.breaks else (0, self.first)
        )
        return first, *(step.epoch for step in self.steps if step.at_ms >= began_ms)

    @property
    def life(self) -> int:
        """How many reboots are remembered; the life of the server that goes on now."""
        return len(self.breaks)

    @property
    def doubted(self) -> int | None:
        """The oldest life in doubt."""
        return next(
            (index + 1 for index, one in enumerate(self.breaks) if one.after_ms == self.doubt_ms), None
        )

    def corrected(self, step: Step, *, sure: bool) -> ClockLog:
        """With one more correction; `sure` when it leaves no doubt."""
        steps = (*self.steps, step)[-KEPT:]
        return replace(self, steps=steps, doubt_ms=0 if sure else self.doubt_ms)

    def rebooted(self, end: Break, *, lost: bool) -> ClockLog:
        """With one more reboot, which `lost` time unless the wall clock was right after it."""
        doubt_ms = (self.doubt_ms or end.after_ms) if lost else 0
        return replace(self, breaks=(*self.breaks, end)[-KEPT:], doubt_ms=doubt_ms)

    def own(self, anchors: Sequence[Anchor]) -> tuple[Anchor, ...]:
        """Those of these anchors that were made with a clock remembered here, each with the epoch of its life.

        What a server gave out after the backup from which it was restored is no time of ours.
        """
        known = {self.first: self.first, "": ""}
        lives = ["", *(one.epoch for one in self.breaks)]
        known |= {one.epoch: one.epoch for one in self.breaks}
        for step in self.steps:
            life = lives[sum(1 for one in self.breaks if one.after_ms <= step.at_ms)]
            known[step.epoch] = life or self.first
        return tuple(replace(one, epoch=known[one.epoch]) for one in anchors if one.epoch in known)

    def before(self, life: int, anchors: Sequence[Anchor]) -> tuple[Anchor, ...]:
        """Those of these anchors that were made before that life of the server."""
        return tuple(one for one in anchors if life_of(one, self.breaks) < life)

    def until(self, life: int) -> ClockLog:
        """What was remembered while that life went on."""
        ends = self.breaks[life].after_ms if life < len(self.breaks) else None
        steps = tuple(step for step in self.steps if ends is None or step.at_ms < ends)
        return replace(self, steps=steps, breaks=self.breaks[:life])


def read(r: Transaction) -> ClockLog:
    """What is remembered; without a `first` epoch in a ledger that never served."""
    found = json.loads(hall_meta.setting(r, SETTING) or "{}")
    return ClockLog(
        found.get("first", ""),
        tuple(Step(**one) for one in found.get("steps", ())),
        tuple(Break(**one) for one in found.get("breaks", ())),
        found.get("doubt_ms", 0),
    )


def write(tx: Transaction, log: ClockLog) -> None:
    """Remember it."""
    hall_meta.set_setting(tx, SETTING, json.dumps(asdict(log), separators=(",", ":")))
