"""How loud the hall is when: a level for each zone, and hours in which everything is softer. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

LOUDEST = 5
USUAL = 4
"""5.5 dB below the loudest, in `loudspeaker.player.GAINS`."""

_HOURS = re.compile(r"([01]?\d|2[0-4])[:.]([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4])[:.]([0-5]\d)")
_ZONE = re.compile(r"(.+?)\s*=\s*([0-5])")
_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Volumes:
    """Levels from 0, silent, to LOUDEST: of the hall, of `zones` that differ, and of `quiet` hours.

    A quiet time is (first minute of the day, minute at which it ends); it may go past midnight.
    """

    level: int = USUAL
    zones: Mapping[str, int] = field(default_factory=dict)
    quiet: tuple[tuple[int, int], ...] = ()
    quiet_level: int = 1

    def is_quiet(self, minute: int) -> bool:
        """Whether this minute of the local day lies in quiet hours."""
        return any(
            first <= minute < end if first < end else minute >= first or minute < end
            for first, end in self.quiet
        )

    def at(self, zone: str, minute: int) -> int:
        """The level for a zone's sound at this minute of the local day; quiet hours never make anything louder."""
        level = self.zones.get(zone, self.level)
        return min(level, self.quiet_level) if self.is_quiet(minute) else level


def minute_of_day(now_ms: int, timezone: str) -> int:
    """The minute of the local day, 0 to 1439."""
    local = datetime.fromtimestamp(now_ms / 1000, ZoneInfo(timezone))
    return local.hour * 60 + local.minute


def volumes_from(
    level: int, zones: Sequence[str], quiet: Sequence[str], quiet_level: int
) -> tuple[Volumes, list[str]]:
    """The volumes that settings name ("1A=5", "12:00-13:00"), and every mistake in them."""
    problems = [
        f"{name} must be 0 to {LOUDEST}, not {value}"
        for name, value in (("volume", level), ("quiet_volume", quiet_level))
        if not 0 <= value <= LOUDEST
    ]
    told: dict[str, int] = {}
    for text in zones:
        found = _ZONE.fullmatch(text.strip())
        if found is None:
            problems.append(f"zone_volumes must be like 1A=4 with 0 to {LOUDEST}, not {text!r}")
        else:
            told[found[1]] = int(found[2])
    hours: list[tuple[int, int]] = []
    for text in quiet:
        span = _span(text)
        if span is None:
            problems.append(f"quiet_hours must be like 12:00-13:00, not {text!r}")
        else:
            hours.append(span)
    return Volumes(level, told, tuple(hours), quiet_level), problems


def _span(text: str) -> tuple[int, int] | None:
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        return None
    hours = [int(part) for part in found.groups()]
    first, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    return (first, end) if first < _DAY and end <= _DAY and first != end else None
