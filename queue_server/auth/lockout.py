"""Slows down guessing: after repeated failures a name or an address has to wait, each time twice as long."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

NAMES_KEPT = 10_000


@dataclass(frozen=True)
class Failures:
    """How often a key failed in a row and until when it has to wait (server ms)."""

    count: int
    last_ms: int
    until_ms: int


class Lockout:
    """Counts failures per key, in memory (a restart forgives; nobody outside can restart the server).

    After `free` failures the wait is `first_wait_ms`, doubling up to `longest_ms`. Failures older than an hour after
    the wait ended are forgotten.
    """

    def __init__(self, free: int = 5, first_wait_ms: int = 30_000, longest_ms: int = 1_800_000) -> None:
        self._free = free
        self._first = first_wait_ms
        self._longest = longest_ms
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Failures] = OrderedDict()

    def waits_until(self, now_ms: int, *keys: str) -> int | None:
        """The latest time (server ms) until which one of the keys has to wait, or None when none has to."""
        with self._lock:
            until = max((self._kept[key].until_ms for key in keys if key in self._kept), default=0)
        return until if until > now_ms else None

    def failed(self, now_ms: int, *keys: str) -> int | None:
        """Counts one failure for each key; the time until which one of them has to wait now, or None."""
        with self._lock:
            for key in keys:
                self._kept[key] = self._next(self._kept.get(key), now_ms)
                self._kept.move_to_end(key)
            while len(self._kept) > NAMES_KEPT:
                self._kept.popitem(last=False)
        return self.waits_until(now_ms, *keys)

    def succeeded(self, *keys: str) -> None:
        """Forgets the failures of the keys."""
        with self._lock:
            for key in keys:
                self._kept.pop(key, None)

    def _next(self, before: Failures | None, now_ms: int) -> Failures:
        if before is None or now_ms - max(before.until_ms, before.last_ms) > 3_600_000:
            before = Failures(0, now_ms, 0)
        count = before.count + 1
        if count < self._free:
            return Failures(count, now_ms, 0)
        wait = min(self._longest, self._first * 2 ** min(count - self._free, 20))
        return Failures(count, now_ms, now_ms + wait)
