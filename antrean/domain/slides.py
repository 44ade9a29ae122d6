"""Which pictures and videos a board shows beside the calls, and when. Pure: a table and names in, a programme out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from antrean.domain.settings import BadSettings

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SECONDS, SHORTEST, LONGEST = 12, 4, 600
DAY_MINUTES = 24 * 60

_SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})")


@dataclass(frozen=True, slots=True)
class Show:
    """When files are shown: name patterns, weekdays (0 is Monday), spans of minutes of the day, seconds for each."""

    files: tuple[str, ...]
    days: frozenset[int] = frozenset(range(7))
    spans: tuple[tuple[int, int], ...] = ((0, DAY_MINUTES),)
    seconds: int | None = None

    def is_on(self, weekday: int, minute: int) -> bool:
        """Whether it is shown at this minute of a local day; a span may go past midnight."""
        return weekday in self.days and any(
            first <= minute < end if first < end else minute >= first or minute < end
            for first, end in self.spans
        )


@dataclass(frozen=True, slots=True)
class Programme:
    """The schedule of a folder; files that no show names are always shown."""

    seconds: int = SECONDS
    shows: tuple[Show, ...] = ()

    def seconds_of(self, name: str, weekday: int, minute: int) -> int | None:
        """How long a file is shown each time, None when it is not shown now."""
        named = [show for show in self.shows if any(fnmatchcase(name, one) for one in show.files)]
        if not named:
            return self.seconds
        on = [show for show in named if show.is_on(weekday, minute)]
        return (on[0].seconds or self.seconds) if on else None


def programme_from(table: Mapping[str, Any]) -> Programme:
    """Read a schedule; raises BadSettings with every mistake in it."""
    problems = [f"{name} is not known" for name in table if name not in ("seconds", "show")]
    seconds = _seconds(table.get("seconds", SECONDS), "seconds", problems)
    rows = table.get("show", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        problems.append("show must be [[show]] tables")
        rows = []
    shows = tuple(_show(row, f"show {at + 1}", problems) for at, row in enumerate(rows))
    if problems:
        raise BadSettings(problems)
    return Programme(seconds, shows)


def _show(row: Mapping[str, Any], where: str, problems: list[str]) -> Show:
    problems += [
        f"{where}: {name} is not known" for name in row if name not in ("files", "days", "hours", "seconds")
    ]
    files = _texts(row.get("files", []), f"{where}: files", problems)
    if not files:
        problems.append(f"{where}: files must name at least one file")
    days = _texts(row.get("days", list(DAYS)), f"{where}: days", problems)
    problems += [f"{where}: days are {', '.join(DAYS)}, not {day!r}" for day in days if day not in DAYS]
    spans = []
    for text in _texts(row.get("hours", ["00:00-24:00"]), f"{where}: hours", problems):
        span = _span(text)
        if span is None:
            problems.append(f"{where}: hours are like 08:00-12:00, not {text!r}")
        else:
            spans.append(span)
    seconds = _seconds(row["seconds"], f"{where}: seconds", problems) if "seconds" in row else None
    return Show(files, frozenset(DAYS.index(day) for day in days if day in DAYS), tuple(spans), seconds)


def _texts(value: Any, where: str, problems: list[str]) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    problems.append(f"{where} must be a list of texts")
    return ()


def _seconds(value: Any, where: str, problems: list[str]) -> int:
    if type(value) is int and SHORTEST <= value <= LONGEST:
        return value
    problems.append(f"{where} must be {SHORTEST} to {LONGEST}, not {value!r}")
    return SECONDS


def _span(text: str) -> tuple[int, int] | None:
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute, to_hour, to_minute = map(int, found.groups())
    first, end = hour * 60 + minute, to_hour * 60 + to_minute
    good = minute < 60 and to_minute < 60 and first < DAY_MINUTES and end <= DAY_MINUTES and first != end
    return (first, end) if good else None


def in_order(names: Iterable[str]) -> list[str]:
    """File names as people count them: 2 before 10."""

    def key(name: str) -> list[tuple[int, str]]:
        parts = re.split(r"([0-9]+)", name)
        return [(int(part), "") if at % 2 else (0, part.lower()) for at, part in enumerate(parts)]

    return sorted(names, key=key)
