"""Server time: milliseconds since the Unix epoch that never go backwards, also across restarts and clock jumps."""

from __future__ import annotations

import threading
from collections.abc import Callable

SLEW_LIMIT_MS = 10 * 60_000


class ServerClock:
    """Gives server time from a wall clock and a boot clock (both in ms), never less than any time given before.

    `floor_ms` is the largest time the ledger remembers. Ahead of the wall clock by up to ten minutes the clock runs at
    7/8 speed until the wall has caught up (a corrected clock); further ahead it follows the boot clock alone, because
    then the wall is simply wrong (a flat battery says 1970).
    """

    def __init__(self, wall_ms: Callable[[], int], boot_ms: Callable[[], int], floor_ms: int = 0) -> None:
        self._wall_ms = wall_ms
        self._boot_ms = boot_ms
        self._lock = threading.Lock()
        self._last_boot = boot_ms()
        self._last = float(max(floor_ms, wall_ms()))

    def now_ms(self) -> int:
        """The server time now; two calls never go back."""
        with self._lock:
            boot, wall = self._boot_ms(), self._wall_ms()
            passed = max(0, boot - self._last_boot)
            self._last_boot = max(boot, self._last_boot)
            ahead = self._last + passed - wall
            speed = 0.875 if 0 < ahead <= SLEW_LIMIT_MS else 1.0
            self._last = max(self._last + passed * speed, float(wall))
            return int(self._last)
