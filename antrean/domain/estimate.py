"""How long the wait will be, as an honest range of minutes.

Each open counter of the service has work ahead of the visitor: its part of every other line it serves. The service's
own line then flows to whichever of its counters is least loaded, like water into a vessel with an uneven floor; the
level it reaches is the expected wait. Serving times are the last ones of the service today, or its published standard
before there are five. The range is the tenth to the ninetieth percentile under independent serving times, widened
outwards to whole five minutes; nobody is shown a single figure. Without an open counter there is no honest answer, so
there is none.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from antrean.domain import catalogue
from antrean.domain.hall import CounterState, Hall, counter_state
from antrean.domain.ticket import Place

Z_80 = 1.2816
"""Standard normal quantile of 0.9: P10–P90 is the mean ± 1.2816 standard deviations."""
MINUTE_MS = 60_000
STEP_MINUTES = 5
ENOUGH_SERVES = 5
ABSENT = (CounterState.CLOSED, CounterState.BREAK)
ASSUMED_SPREAD = 0.5
"""Coefficient of variation of a serving time before enough were seen today."""


@dataclass(frozen=True, slots=True)
class Work:
    """An amount of serving: mean in milliseconds and variance."""

    mean: float
    variance: float


@dataclass(frozen=True, slots=True)
class Staffing:
    """Which counters are staffed now, and how many of them serve each service."""

    states: Mapping[str, CounterState]
    serving: Mapping[str, int]


def staffing(hall: Hall) -> Staffing:
    """Who serves what now; made once for many estimates of one hall."""
    states = {code: counter_state(hall, code) for code in hall.mall.counters}
    open_now = {code: state for code, state in states.items() if state not in ABSENT}
    return Staffing(open_now, Counter(service for code in open_now for service in hall.services_of(code)))


def wait_range(
    hall: Hall, service: str, place: Place | None = None, staff: Staffing | None = None
) -> tuple[int, int] | None:
    """The likely wait in minutes for `place` in the service's line, or for somebody who comes now (None)."""
    staff = staff or staffing(hall)
    counters = [hall.mall.counters[code] for code in staff.states if service in hall.services_of(code)]
    if not counters:
        return None
    floors = [_others_at(hall, counter, service, place, staff) for counter in counters]
    own = _ahead(hall, service, place, 1)
    level, used = poured([floor.mean for floor in floors], own.mean)
    variance = own.variance + sum(floor.variance for floor in floors if floor.mean <= level)
    mean, width = level, Z_80 * math.sqrt(variance) / used
    if all(staff.states[counter.code] is not CounterState.AVAILABLE for counter in counters):
        mean += _serving(hall, service)[0] / 2 / len(counters)
    low = max(math.floor((mean - width) / MINUTE_MS / STEP_MINUTES), 0) * STEP_MINUTES
    high = max(math.ceil((mean + width) / MINUTE_MS / STEP_MINUTES), 1) * STEP_MINUTES
    return low, max(high, low + STEP_MINUTES)


def people_ahead(hall: Hall, service: str, place: Place | None = None, staff: Staffing | None = None) -> int:
    """How many wait with an earlier place than `place` (None: than somebody who comes now) at the same counters.

    Counted over every line that the service's staffed counters serve, because officers call from all of them; over
    those of all its counters while none is staffed.
    """
    counters = hall.counters_for(service)
    staffed = [counter for counter in counters if counter.code in (staff or staffing(hall)).states]
    pool = {service, *(code for counter in staffed or counters for code in hall.services_of(counter.code))}
    lines = [hall.line(code) for code in pool]
    return sum(len(line) if place is None else line.ahead_of(place) for line in lines)


def poured(floors: Sequence[float], amount: float) -> tuple[float, int]:
    """The level that `amount` reaches over uneven `floors`, and over how many of them it stands (at least one)."""
    ordered, level = sorted(floors), 0.0
    for used in range(1, len(ordered) + 1):
        level = (amount + sum(ordered[:used])) / used
        if used == len(ordered) or level <= ordered[used]:
            return level, used
    return level, 1


def _others_at(
    hall: Hall, counter: catalogue.Counter, service: str, place: Place | None, staff: Staffing
) -> Work:
    """The part of the counter's other lines that comes before `place` and will land at this counter."""
    served = hall.services_of(counter.code)
    parts = [_ahead(hall, code, place, staff.serving[code]) for code in served if code != service]
    return Work(sum(part.mean for part in parts), sum(part.variance for part in parts))


def _ahead(hall: Hall, code: str, place: Place | None, counters: int) -> Work:
    """The work of a line before `place`, divided among so many counters."""
    line = hall.line(code)
    ahead = (len(line) if place is None else line.ahead_of(place)) / counters
    if not ahead:
        return Work(0, 0)
    typical, spread = _serving(hall, code)
    return Work(ahead * typical, ahead * spread**2)


def _serving(hall: Hall, service: str) -> tuple[float, float]:
    """Mean and standard deviation of a serving time, in milliseconds."""
    recent = hall.recent.get(service, ())
    if len(recent) >= ENOUGH_SERVES:
        return fmean(recent), pstdev(recent)
    standard = hall.mall.services[service].service_minutes * MINUTE_MS
    return standard, standard * ASSUMED_SPREAD
