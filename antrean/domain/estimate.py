"""How long the wait will be, as an honest range of minutes: one estimator for kiosk, paper, phone and console.

The expected wait comes from running through the calls to come (`rollout`) at the pace of the day (`pace`). How far off
it is grows with the wait, with how little the agency has been seen at work today, and with long single cases; the range
goes from the tenth to the ninetieth percentile of that, as measured on simulated busy days. It is shown in whole five
minutes; nobody is shown a single figure. Without a counter that is open or has said when it will be, there is no honest
answer, so there is none.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

from antrean.domain.hall import Hall
from antrean.domain.outlook import Outlook, Pool, staffing
from antrean.domain.pace import MINUTE_MS
from antrean.domain.ticket import Place

__all__ = ["Forecast", "Outlook", "forecast", "people_ahead", "staffing", "wait_range"]

STEP_MINUTES = 5
CASES = 0.42
"""Squared coefficient of variation of how long one visitor holds a counter."""
UNSURE, UNSURE_AT_FIRST, SEEN_AT_FIRST = 0.02, 0.42, 8.0
"""Relative variance of the pace: of a day in full swing, and what is added before an agency was seen at work."""
LEAST_SPREAD_MS = MINUTE_MS
ENDS = (
    (0.5, -0.17, 0.18),
    (3.5, -0.96, 2.23),
    (10.0, -1.22, 2.32),
    (25.0, -1.18, 2.39),
    (50.0, -1.06, 2.41),
    (110.0, -1.13, 1.99),
)
"""Where the range ends at an expected wait of so many minutes, in usual deviations from it; straight lines between.

Percentiles of the errors in six classes of waits, on 42 days that `bench.ranges` calls "tuned on".
"""
MOST_URGENT = 0.6
"""No more than this share of the work is expected of visitors who overtake."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """A wait in milliseconds: expected, its usual deviation, and the range before it is rounded."""

    mean_ms: float
    spread_ms: float
    low_ms: float
    high_ms: float

    @property
    def shown(self) -> tuple[int, int]:
        """The range as people see it: whole five minutes, never a point."""
        return rounded(self.low_ms, self.high_ms)


def wait_range(
    hall: Hall, service: str, now_ms: int, place: Place | None = None, outlook: Outlook | None = None
) -> tuple[int, int] | None:
    """The likely wait in minutes for `place` in the service's line, or for somebody who comes now (None)."""
    found = forecast(outlook or Outlook(hall, now_ms), service, place)
    return None if found is None else found.shown


def forecast(outlook: Outlook, service: str, place: Place | None = None) -> Forecast | None:
    """As `wait_range`, before rounding."""
    pool = outlook.pool(service)
    if pool is None:
        return None
    call_ms = (
        pool.run.free.get(service)
        if place is None
        else pool.run.call_of(outlook.line_of(service, place), place.key_ms)
    )
    if call_ms is None:
        return None
    mean = _overtaken(outlook, pool, max(call_ms - outlook.now_ms, 0.0), place)
    spread = _spread(pool, mean)
    low, high = _ends(mean / MINUTE_MS)
    return Forecast(mean, spread, max(mean + low * spread, 0.0), mean + high * spread)


def _overtaken(outlook: Outlook, pool: Pool, mean: float, place: Place | None) -> float:
    """The expected wait with those who are still to come and go first, while their head start reaches so far."""
    head_ms = outlook.hall.mall.policy.priority_head_start_minutes * MINUTE_MS
    window = head_ms if place is None else max(place.key_ms + head_ms - outlook.now_ms, 0)
    load = min(pool.urgent * pool.cycle_ms / pool.counters, MOST_URGENT)
    slower = mean / (1 - load)
    return slower if slower <= window else mean + load * window


def _spread(pool: Pool, mean: float) -> float:
    cases = CASES * mean * pool.cycle_ms / pool.counters
    pace = UNSURE + UNSURE_AT_FIRST / (SEEN_AT_FIRST + pool.seen)
    return math.sqrt(cases + pace * mean * mean + LEAST_SPREAD_MS**2)


def _ends(minutes: float) -> tuple[float, float]:
    """The range's ends in usual deviations. Steps would promise somebody further back an earlier end."""
    for (start, *before), (end, *after) in pairwise(ENDS):
        if minutes < end:
            part = max(minutes - start, 0.0) / (end - start)
            low, high = (one + part * (other - one) for one, other in zip(before, after, strict=True))
            return low, high
    return ENDS[-1][1:]


def rounded(low_ms: float, high_ms: float) -> tuple[int, int]:
    """A range in minutes, its ends moved to the nearest whole five, at least five wide, never below zero."""
    step = STEP_MINUTES * MINUTE_MS
    first = max(round(low_ms / step), 0)
    return first * STEP_MINUTES, max(round(high_ms / step), first + 1) * STEP_MINUTES


def people_ahead(hall: Hall, service: str, place: Place | None = None) -> int:
    """As `Outlook.people_ahead`, for one question."""
    return Outlook(hall, 0).people_ahead(service, place)
