"""What time it is in the mall, as well as this kiosk can know."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from antrean.domain.timeline import Anchor, Stamp, estimate


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

    def meet(self, asked: Stamp, answered: Stamp, server_ms: int) -> Anchor:
        """Tie the boot clock to server time by one exchange, if that is better than what is known; the tie in use."""
        fresh = Anchor(
            answered.boot_id,
            (asked.boot_ms + answered.boot_ms) // 2,
            server_ms,
            max(1, (answered.boot_ms - asked.boot_ms) // 2),
        )
        with self._lock:
            kept = self._anchor
            old = estimate(answered, (kept,)) if kept is not None else None
            new = estimate(answered, (fresh,))
            if (
                kept is None
                or old is None
                or new is None
                or new.error_ms <= old.error_ms
                or _torn(old.server_ms, new.server_ms, old.error_ms + new.error_ms)
            ):
                self._anchor = kept = fresh
            self._met_ms = max(self._met_ms, server_ms)
            return kept


def _torn(one_ms: int, other_ms: int, error_ms: int) -> bool:
    """Whether two ties contradict each other: the server's clock was changed, so the older one is worthless."""
    return abs(one_ms - other_ms) > error_ms
