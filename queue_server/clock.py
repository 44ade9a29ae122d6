"""Server time: milliseconds since the Unix epoch that never go backwards, over restarts, reboots and clock jumps.

While the server runs, its time follows the boot clock alone: the places of visitors hang on it, and a wall clock may be
set at any moment. Corrections are rare, deliberate and remembered as steps, so that a device which was out of contact
over one of them still finds its visitors' true places (`antrean.domain.timeline.estimate`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from antrean.domain.reboots import Break
from antrean.domain.timeline import Anchor, Stamp, Step, walked
from antrean.ledger.hall_meta import CLOCK_EVERY_MS, ClockNote

TRUSTED_MS = 10 * 60_000
"""A smaller difference to the wall clock may be drift or a correction; with a larger one, one of the two is wrong."""
WORTH_A_STEP_MS = 60_000
"""Less is drift, which nobody in the hall sees."""
LONGEST_STAND_MS = 12 * 3_600_000


def first_ms(note: ClockNote, at: Stamp, newest_ms: int, steps: Sequence[Step] = ()) -> tuple[int, bool]:
    """The server time with which a starting server goes on, and whether it has lost time.

    `note` is what the last process wrote down at least every `CLOCK_EVERY_MS`, `at` this machine now, `newest_ms` the
    newest moment in the log or an anchor. In the same boot the boot clock says how long ago the note was, and `steps`
    how the clock was corrected since. After another
    boot the wall clock says it, with the small difference it had before; where it stands before what was given out, its
    battery is flat, and time goes on from what was given out: how long the machine was off is not known.
    """
    if note.boot_id == at.boot_id and at.boot_ms >= note.boot_ms:
        return max(newest_ms, walked(note.server_ms, at.boot_ms - note.boot_ms, steps)), False
    given = note.server_ms + CLOCK_EVERY_MS if note.boot_id else note.server_ms
    difference = note.server_ms - note.wall_ms if note.boot_id else 0
    by_wall = at.wall_ms + (difference if abs(difference) <= TRUSTED_MS else 0)
    first = max(newest_ms, given, by_wall)
    return first, by_wall < first - CLOCK_EVERY_MS


def break_of(note: ClockNote, at: Stamp, newest_ms: int, first: int, epoch: str) -> Break | None:
    """The reboot between the last note and a start `at` which time went on with `first`, if there was one."""
    if not note.boot_id or note.boot_id == at.boot_id:
        return None
    return Break(min(first, max(newest_ms, note.server_ms + CLOCK_EVERY_MS)), first, epoch=epoch)


class ServerClock:
    """Gives server time, beginning with `first` when `stamp` was first asked; any thread may read it.

    `since` is the first time given out in this boot of the machine, perhaps by an earlier process (0: not known), and
    `epochs` are the stretches between its corrections.
    It is `unsure` from a start at which the wall clock stood behind until the wall clock has come right. When it has
    `lost` time in a reboot it is `doubtful` until a device has told how late it is, or the wall clock has.
    """

    def __init__(
        self,
        stamp: Callable[[], Stamp],
        first: int,
        lost: bool = False,
        since: int = 0,
        epochs: Sequence[str] = ("",),
    ) -> None:
        at = stamp()
        self.began_ms = first
        self.since_ms = since
        self.epochs = tuple(epochs)
        self.doubtful = lost
        self.unsure = lost or at.wall_ms < first - TRUSTED_MS
        self._stamp = stamp
        self._lock = threading.Lock()
        self._shift = first - at.boot_ms
        self._last = first

    def now_ms(self) -> int:
        """The server time now; two calls never go back."""
        with self._lock:
            return self._now(self._stamp())

    def agreed(self, *, by_wall: bool) -> None:
        """The wall clock has come right, or else a device's time shows that none was lost."""
        self.doubtful = False
        self.unsure = self.unsure and not by_wall

    @property
    def epoch(self) -> str:
        """The stretch between two corrections that goes on now."""
        return self.epochs[-1]

    def measured(self, anchor: Anchor) -> bool:
        """Whether a device made this anchor since our machine's last reboot."""
        return anchor.epoch in self.epochs if anchor.epoch else anchor.server_ms >= self.since_ms

    def ahead_ms(self) -> int:
        """How far server time is ahead of the wall clock; negative when behind."""
        with self._lock:
            at = self._stamp()
            return self._now(at) - at.wall_ms

    def behind_wall(self) -> Step | None:
        """The correction that goes forward to the wall clock where that is trusted: a small difference, or the first
        right time of an unsure clock."""
        with self._lock:
            at = self._stamp()
            now = self._now(at)
            behind = at.wall_ms - now
            trusted = self.unsure or behind <= TRUSTED_MS
            return Step(now, behind) if trusted and behind > WORTH_A_STEP_MS else None

    def late_by(self, told_ms: int) -> Step | None:
        """The correction for a device that met the server before its reboot and tells the time; a doubtful clock's."""
        with self._lock:
            now = self._now(self._stamp())
            late = told_ms - now
            return (
                Step(now, late, self.since_ms or self.began_ms) if self.doubtful and late >= 1_000 else None
            )

    def ahead_of_wall(self) -> Step | None:
        """The correction that stands still until the wall clock has caught up; for hours when nobody waits."""
        with self._lock:
            at = self._stamp()
            now = self._now(at)
            ahead = now - at.wall_ms
            return Step(now, -ahead) if CLOCK_EVERY_MS < ahead <= LONGEST_STAND_MS else None

    def take(self, step: Step, *, sure: bool = True) -> None:
        """Goes on as corrected, once the correction is written down: who was away over it has to find it there.

        With `sure` no doubt is left.
        """
        with self._lock:
            self._shift += step.delta_ms
            self.epochs = (*self.epochs, step.epoch)
        if sure and step.delta_ms > 0:
            self.agreed(by_wall=not step.since_ms)

    def _now(self, at: Stamp) -> int:
        self._last = max(self._last, at.boot_ms + self._shift)
        return self._last
