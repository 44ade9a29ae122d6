"""How long the wait will be, as an honest range of minutes.

The work ahead is everybody who waits in any line the service's open counters also serve. Serving times are the last
ones of the service today, or its published standard before there are five. The range is the tenth to the ninetieth
percentile of the sum under independent serving times, widened outwards to whole five minutes; nobody is shown a single
figure. Without an open counter there is no honest answer, so there is none.
"""

import math
from statistics import fmean, pstdev

from antrean.domain.hall import CounterState, Hall, counter_state
from antrean.domain.ticket import Place

Z_80 = 1.2816
"""Standard normal quantile of 0.9: P10–P90 is the mean ± 1.2816 standard deviations."""
MINUTE_MS = 60_000
STEP_MINUTES = 5
ENOUGH_SERVES = 5
ASSUMED_SPREAD = 0.5
"""Coefficient of variation of a serving time before enough were seen today."""


def wait_range(hall: Hall, service: str, place: Place | None = None) -> tuple[int, int] | None:
    """The likely wait in minutes for `place` in the service's line, or for somebody who comes now (None)."""
    counters = [
        counter
        for counter in hall.mall.counters_for(service)
        if counter_state(hall, counter.code) not in (CounterState.CLOSED, CounterState.BREAK)
    ]
    if not counters:
        return None
    pool = {code for counter in counters for code in counter.services}
    mean = variance = 0.0
    for code in pool:
        line = hall.line(code)
        ahead = len(line) if place is None else line.ahead_of(place)
        if ahead:
            typical, spread = _serving(hall, code)
            share = len(counters) / len(hall.mall.counters_for(code)) if code != service else 1.0
            mean += ahead * typical * min(share, 1.0)
            variance += ahead * (spread * min(share, 1.0)) ** 2
    busy = sum(1 for counter in counters if counter_state(hall, counter.code) is not CounterState.AVAILABLE)
    if busy == len(counters):
        typical, spread = _serving(hall, service)
        mean += typical / 2
        variance += spread**2
    centre, width = mean / len(counters), Z_80 * math.sqrt(variance) / len(counters)
    low = max(math.floor((centre - width) / MINUTE_MS / STEP_MINUTES), 0) * STEP_MINUTES
    high = max(math.ceil((centre + width) / MINUTE_MS / STEP_MINUTES), 1) * STEP_MINUTES
    return low, max(high, low + STEP_MINUTES)


def _serving(hall: Hall, service: str) -> tuple[float, float]:
    """Mean and standard deviation of a serving time, in milliseconds."""
    recent = hall.recent.get(service, ())
    if len(recent) >= ENOUGH_SERVES:
        return fmean(recent), pstdev(recent)
    standard = hall.mall.services[service].service_minutes * MINUTE_MS
    return standard, standard * ASSUMED_SPREAD
