"""What time it is in the mall, as well as this kiosk can know."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from antrean.domain.timeline import Anchor, Stamp, estimate

LAG_MS = 15_000
"""Longer than an answer may be on its way."""


@dataclass(frozen=True, slots=True)
class Now:
    """One reading: `ms` is estimated server time.

    `anchored` when this boot has met the server, `plausible` when the time is at least not before the last
    meeting.
    """

    stamp: Stamp
    ms: int
    anchored: bool
    plausible: bool


class MallClock:
    """Server time by the boot clock and the best anchor; the wall clock only before the first meeting of a boot.

    Any thread may read it. `stamp` is the machine's clocks, `met_ms` the latest server time ever heard.
    """

    def __init__(self, stamp: Callable[[], Stamp], anchor: Anchor | None = None, met_ms: int = 0) -> None:
        self._stamp = stamp
        self._anchor = anchor
        self._latest = anchor
        self._met_ms = met_ms
        self._lock = threading.Lock()

    def now(self) -> Now:
        """Read the clocks once."""
        stamp = self._stamp()
        with self._lock:
            anchor, met_ms = self._anchor, self._met_ms
        known = estimate(stamp, (anchor,)) if anchor is not None else None
        if known is not None:
            return Now(stamp, known.server_ms, anchored=True, plausible=True)
        return Now(stamp, stamp.wall_ms, anchored=False, plausible=stamp.wall_ms >= met_ms)

    def stamp(self) -> Stamp:
        """The machine's clocks."""
        return self._stamp()

    def anchors(self) -> tuple[Anchor, ...]:
        """The tie in use and the latest one, which may be less exact; nothing before the first meeting of this boot."""
        with self._lock:
            known = self._anchor, self._latest
        return tuple(dict.fromkeys(anchor for anchor in known if anchor is not None))

    def last_error_ms(self) -> int:
        """How inexact the latest meeting was: half its round trip; 0 before the first."""
        with self._lock:
            return self._latest.error_ms if self._latest is not None else 0

    def is_ahead_of(self, server_ms: int, at: Stamp) -> bool:
        """Whether the server is certainly later than it says, by a tie of this boot."""
        with self._lock:
            anchor = self._anchor
        known = estimate(at, (anchor,)) if anchor is not None else None
        # The answer may have been long on its way: only a server that is behind by more than any answer takes lags.
        return known is not None and known.server_ms - known.error_ms - server_ms > LAG_MS

    def epoch(self) -> str | None:
        """The stretch of the server's clock to which this boot is tied; None before the first meeting."""
        with self._lock:
            return self._latest.epoch if self._latest is not None else None

    def meet(self, asked: Stamp, answered: Stamp, server_ms: int, epoch: str = "") -> Anchor:
        """Tie the boot clock to server time by one exchange, if that is better than what is known; the tie in use."""
        fresh = Anchor(
            answered.boot_id,
            (asked.boot_ms + answered.boot_ms) // 2,
            server_ms,
            max(1, (answered.boot_ms - asked.boot_ms) // 2),
            epoch,
        )
        with self._lock:
            kept, self._latest = self._anchor, fresh
            old = estimate(answered, (kept,)) if kept is not None else None
            new = estimate(answered, (fresh,))
            if (
                kept is None
                or old is None
                or new is None
                or new.error_ms <= old.error_ms
                or kept.epoch != epoch
                or _torn(old.server_ms, new.server_ms, old.error_ms + new.error_ms)
            ):
                self._anchor = kept = fresh
            self._met_ms = max(self._met_ms, server_ms)
            return kept


def _torn(one_ms: int, other_ms: int, error_ms: int) -> bool:
    """Whether two ties contradict each other: the server's clock was changed, so the older one is worthless."""
    return abs(one_ms - other_ms) > error_ms
