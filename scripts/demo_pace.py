"""What everybody in the demonstration shares: the mall's fast clock, the tally, and who waits."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from statistics import median

from scripts.demo_crowd import MINUTE_S


class Pace:
    """The mall's clock, `speed` times as fast as the wall's, 0 when the doors open. Any thread may use it."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self._start = time.monotonic()
        self._stop = threading.Event()

    def open_doors(self) -> None:
        """Begin at 0; before anybody asks for the time."""
        self._start = time.monotonic()

    def now_s(self) -> float:
        """Seconds of mall time since the doors opened."""
        return (time.monotonic() - self._start) * self.speed

    def wait_until(self, at_s: float) -> bool:
        """Sleep until a moment of mall time; False as soon as the demonstration is stopped."""
        return not self._stop.wait(max(0.0, at_s - self.now_s()) / self.speed)

    def rest(self, seconds: float) -> bool:
        """Sleep for seconds of the wall clock; False as soon as the demonstration is stopped."""
        return not self._stop.wait(seconds)

    def stop(self) -> None:
        """Let everybody come to an end."""
        self._stop.set()


@dataclass(frozen=True, slots=True)
class Figures:
    """The tally at one moment; `half_waited_s` is the median wait until the first call, in mall time."""

    came: int
    completed: int
    no_show: int
    transferred: int
    turned_away: int
    half_waited_s: float | None


@dataclass
class Tally:
    """Counts what happened in this run. Any thread may write to it."""

    _counts: Counter[str] = field(default_factory=Counter)
    _issued_s: dict[str, float] = field(default_factory=dict)
    _waits_s: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def issued(self, ticket_id: str, now_s: float) -> None:
        """A visitor has a ticket."""
        with self._lock:
            self._counts["came"] += 1
            self._issued_s[ticket_id] = now_s

    def called(self, ticket_id: str, now_s: float) -> None:
        """A visitor was called; only the first call of a ticket of this run ends a wait."""
        with self._lock:
            issued_s = self._issued_s.pop(ticket_id, None)
            if issued_s is not None:
                self._waits_s.append(now_s - issued_s)

    def count(self, what: str) -> None:
        """One more `completed`, `no_show`, `transferred` or `turned_away`, or a rule's code."""
        with self._lock:
            self._counts[what] += 1

    def figures(self) -> Figures:
        """Everything so far."""
        with self._lock:
            counts, waits = self._counts, self._waits_s
            return Figures(
                counts["came"],
                counts["completed"],
                counts["no_show"],
                counts["transferred"],
                counts["turned_away"],
                median(waits) if waits else None,
            )


@dataclass
class Lobby:
    """How many wait for each service, as the server last said; replaced as a whole."""

    waiting: Mapping[str, int] = field(default_factory=dict)

    def anybody_for(self, services: tuple[str, ...]) -> bool:
        """Whether somebody waits for one of these services."""
        waiting = self.waiting
        return any(waiting.get(code, 0) for code in services)

    @property
    def total(self) -> int:
        """Everybody who waits."""
        return sum(self.waiting.values())


def in_words(figures: Figures, waiting: int, minute: float, minutes: float) -> str:
    """One line for the person at the terminal."""
    parts = [
        f"minute {minute:3.0f} of {minutes:.0f}",
        f"{figures.came:4} came",
        f"{waiting:4} waiting",
        f"{figures.completed:4} served",
        f"{figures.no_show:3} absent",
    ]
    if figures.half_waited_s is not None:
        parts.append(f"half of those called waited under {ceil(figures.half_waited_s / MINUTE_S) or 1} min")
    return "  ".join(parts)
