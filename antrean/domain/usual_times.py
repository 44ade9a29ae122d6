"""How long a visitor holds a counter, as far as the day has shown, and how long one who is there already will stay."""

import math
from collections.abc import Iterable

from antrean.domain.hall import Hall
from antrean.domain.pace import MINUTE_MS, WALK_MS, WHOLE_MALL, Tempo, agency_key

USUAL_RATIO = 0.95
"""A visitor holds a counter for so much of the published time on average, those who do not come included."""
SERVICE_PRIOR, AGENCY_PRIOR, MALL_PRIOR = 8.0, 8.0, 12.0
"""So many observations the word of the larger group is worth: of the agency, the mall, the published standard."""
UNFINISHED = 0.5
"""A visitor who is still at a counter counts as half an observation of how long it will have been."""
_NOTHING = Tempo()


class UsualTimes:
    """The times of one hall at `now_ms`; `counters` are those at which somebody may be."""

    def __init__(self, hall: Hall, now_ms: int, counters: Iterable[str]) -> None:
        self._hall, self._now_ms = hall, now_ms
        self._ratios: dict[str, float] = {}
        self._unfinished: dict[str, Tempo] = {}
        self._note_unfinished(counters)

    def held_ms(self, code: str) -> float:
        """How long one visitor of a service holds a counter, on average."""
        return self._hall.mall.services[code].service_minutes * MINUTE_MS * self._ratio(code) + WALK_MS

    def left_ms(self, code: str, since_ms: int | None) -> float:
        """How much longer a visitor of a service who is at a counter since then stays, on average."""
        whole = self.held_ms(code)
        return whole * left_of(max(self._now_ms - (since_ms or self._now_ms), 0) / whole)

    def _ratio(self, code: str) -> float:
        found = self._ratios.get(code)
        if found is None:
            key = agency_key(self._hall.mall.services[code].agency)
            above = self._ratios.get(key)
            if above is None:
                mall = self._mixed(WHOLE_MALL, USUAL_RATIO, MALL_PRIOR)
                above = self._ratios[key] = self._mixed(key, mall, AGENCY_PRIOR)
            found = self._ratios[code] = self._mixed(code, above, SERVICE_PRIOR)
        return found

    def _mixed(self, key: str, above: float, prior: float) -> float:
        """A group's ratio: what it showed, and the larger group's as if seen `prior` times."""
        seen, now = self._hall.pace.tempo(key), self._unfinished.get(key, _NOTHING)
        return (prior * above + seen.total + now.total) / (prior + seen.weight + now.weight)

    def _note_unfinished(self, counters: Iterable[str]) -> None:
        """Who sits at a counter for long teaches too; else only short visits would speak in the first hour."""
        noted: dict[str, Tempo] = {}
        for counter in counters:
            desk = self._hall.desk(counter)
            if desk.ticket_id is None:
                continue
            service = self._hall.mall.services[self._hall.tickets[desk.ticket_id].step.service]
            standard = service.service_minutes * MINUTE_MS
            whole = standard * self._ratio(service.code)
            gone = max(self._now_ms - (desk.since_ms or self._now_ms) - WALK_MS, 0)
            ratio = (gone + whole * left_of(gone / whole)) / standard
            for key in (service.code, agency_key(service.agency)):
                before = noted.get(key, _NOTHING)
                noted[key] = Tempo(before.weight + UNFINISHED, before.total + UNFINISHED * ratio)
        self._unfinished, self._ratios = noted, {}


def left_of(gone: float) -> float:
    """What is still to come on average of a time of which `gone` has passed, both in means of that time.

    For lognormal times with a coefficient of variation of 0.65: who has been there for long stays for long.
    """
    return 0.62 + 0.38 * math.exp(-3.5 * gone)
