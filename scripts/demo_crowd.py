"""Who comes to the demonstration's mall, when and for what, and how long serving takes: arithmetic and chance only.

All times are seconds of the mall's own time since the doors opened. The same seed gives the same morning.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from antrean.domain.catalogue import Mall

MINUTE_S = 60.0
STEADY_A_MINUTE = 2.5
RUSH_A_MINUTE = 17.35
RUSH_MINUTES = 15.0
"""A design day of a large mall: 300 visitors in the first 30 minutes, about 1,500 in eight and a half hours."""
BUSIEST_AGENCY, BUSIEST_SHARE = "dukcapil", 0.30
COMMON_WEIGHT = 4.0
PRIORITY_SHARE, ENGLISH_SHARE = 0.10, 0.04
SERVING_MEDIAN, SERVING_SPREAD = 0.9, 0.45
"""Serving times: median as a share of the published standard, and the sigma of their logarithm."""
SHORTEST, LONGEST = 0.3, 3.0


@dataclass(frozen=True, slots=True)
class Visitor:
    """One person with one errand; `kiosk` counts from 0."""

    at_s: float
    service: str
    priority: bool
    language: str
    kiosk: int


def expected_visitors(minutes: float) -> int:
    """How many come to a busy mall in its first `minutes`."""
    return round(_came_by(minutes))


def arrivals(count: int, minutes: float, chance: Random) -> tuple[float, ...]:
    """`count` moments within `minutes`, in order: many when the doors open, then steadily fewer, then even."""
    whole = _came_by(minutes)
    return tuple(sorted(_minute_when(chance.random() * whole, minutes) * MINUTE_S for _ in range(count)))


def _came_by(minute: float) -> float:
    """The area under the arrival curve up to `minute`."""
    return STEADY_A_MINUTE * minute + RUSH_A_MINUTE * RUSH_MINUTES * (1 - math.exp(-minute / RUSH_MINUTES))


def _minute_when(came: float, minutes: float) -> float:
    """The minute at which `came` visitors have come, within `minutes`."""
    low, high = 0.0, minutes
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _came_by(middle) < came else (low, middle)
    return low


def service_weights(mall: Mall) -> dict[str, float]:
    """The share of visitors of each service that ever opens and some counter serves; the shares add up to 1.

    The population registry takes its usual share, the other agencies by the counters they share in; within an
    agency the common services are asked for more often.
    """
    opening = {code for code, service in mall.services.items() if any(mall.hours_of(service).week)}
    weights: dict[str, float] = {}
    for agency, share in _agency_shares(mall, opening).items():
        asked = {
            service.code: COMMON_WEIGHT if service.common else 1.0
            for service in mall.services.values()
            if service.agency == agency and service.code in opening and mall.counters_for(service.code)
        }
        whole = sum(asked.values())
        weights |= {code: share * weight / whole for code, weight in asked.items()}
    return weights


def _agency_shares(mall: Mall, opening: set[str]) -> dict[str, float]:
    counters: dict[str, float] = {}
    for counter in mall.counters.values():
        served = {mall.services[code].agency for code in counter.services if code in opening}
        for agency in sorted(served):
            counters[agency] = counters.get(agency, 0.0) + 1 / len(served)
    others = sum(share for agency, share in counters.items() if agency != BUSIEST_AGENCY)
    busiest = (BUSIEST_SHARE if others else 1.0) if BUSIEST_AGENCY in counters else 0.0
    return {
        agency: busiest if agency == BUSIEST_AGENCY else (1 - busiest) * share / others
        for agency, share in counters.items()
    }


def crowd(mall: Mall, count: int, minutes: float, kiosks: int, chance: Random) -> tuple[Visitor, ...]:
    """The visitors of one morning in order of arrival, spread over `kiosks` kiosks."""
    weights = service_weights(mall)
    codes, steps = tuple(weights), tuple(accumulate(weights.values()))
    return tuple(
        Visitor(
            at_s=at_s,
            service=chance.choices(codes, cum_weights=steps)[0],
            priority=chance.random() < PRIORITY_SHARE,
            language="en" if chance.random() < ENGLISH_SHARE else "id",
            kiosk=chance.randrange(kiosks),
        )
        for at_s in arrivals(count, minutes, chance)
    )


def serving_seconds(standard_minutes: int, chance: Random) -> float:
    """How long one visitor takes: log-normal around the published standard, never absurdly short or long."""
    factor = SERVING_MEDIAN * math.exp(chance.gauss(0, SERVING_SPREAD))
    return standard_minutes * MINUTE_S * min(max(factor, SHORTEST), LONGEST)
