"""What an idle kiosk does for its glass: it moves its picture by a few pixels, and darkens while the mall is shut."""

from dataclasses import dataclass

from antrean.domain.catalogue import Mall
from antrean.domain.opening import openness

MINUTE_MS = 60_000
SHIFT_EVERY_MS = 4 * MINUTE_MS
PATH = ((0, 0), (2, 1), (3, 3), (1, 4), (-1, 3), (-3, 2), (-3, 0), (-1, -1))
"""Real pixels right and up: no pixel holds an edge all day, and nobody sees it move."""

NIGHT_AFTER_MS = 30 * MINUTE_MS


@dataclass(frozen=True)
class Shut:
    """The mall is shut; `opens_ms` is None when nobody knows until when."""

    opens_ms: int | None


def shift_at(now_ms: int) -> tuple[int, int]:
    """How far the whole drawing is moved now: (right, up) in real pixels."""
    return PATH[now_ms // SHIFT_EVERY_MS % len(PATH)]


def shut_at(mall: Mall, now_ms: int) -> Shut | None:
    """Says so when no service is open and none was or will be within half an hour."""
    opens: list[int] = []
    seen = set()
    for service in mall.services.values():
        hours = mall.hours_of(service)
        if hours in seen:
            continue
        seen.add(hours)
        if any(openness(mall, service, now_ms + by).open for by in (-NIGHT_AFTER_MS, 0, NIGHT_AFTER_MS)):
            return None
        opening = openness(mall, service, now_ms).opens_ms
        if opening is not None:
            opens.append(opening)
    return Shut(min(opens, default=None))
