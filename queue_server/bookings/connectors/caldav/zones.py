"""Which zone a TZID means: a name of the time zone database, what the calendar itself defines, or Windows' name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Timezone
from icalendar.timezone.tzp import TZP
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_MOST_LETTERS = 32_768
_RULE = re.compile(r"^RRULE[^:]*:(.*)$", re.IGNORECASE | re.MULTILINE)
_HARMLESS = {"FREQ", "BYMONTH", "BYDAY", "BYMONTHDAY", "INTERVAL", "UNTIL", "COUNT", "WKST"}


def zone_of(tzid: str, definitions: Mapping[str, str]) -> tzinfo | None:
    """The zone of a TZID, None when nobody knows it. `definitions` are the calendar's own VTIMEZONE texts by TZID.

    Names of the database go first: its rules are kept up to date, those in calendars are often years old.
    """
    name = tzid.strip("/ ")
    known = _named(name)
    if known is None and tzid in definitions:
        known = _defined(definitions[tzid])
    if known is None and name in WINDOWS_TO_OLSON:
        known = _named(WINDOWS_TO_OLSON[name])
    parts = name.split("/")
    # "/vendor.example/20260101_1/America/Argentina/Salta": what is before the name is anybody's.
    tails = ["/".join(parts[-length:]) for length in (3, 2) if length < len(parts)]
    return known or next((zone for zone in map(_named, tails) if zone is not None), None)


def _named(name: str) -> tzinfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@lru_cache(maxsize=64)
def _defined(text: str) -> tzinfo | None:
    """A zone of its own for each text: the library keeps one for a name, whatever later calendars say it means."""
    if len(text) > _MOST_LETTERS or not all(map(_is_harmless, _RULE.findall(text))):
        return None
    try:
        definition = Timezone.from_ical(text)
        if not isinstance(definition, Timezone):
            return None
        zone: tzinfo = definition.to_tz(TZP(), lookup_tzid=False)
        datetime(2026, 1, 1, tzinfo=zone).utcoffset()
    except (
        Exception
    ):  # a stranger's rules may break the libraries anywhere: only this entry is unreadable then
        return None
    return zone


def _is_harmless(rule: str) -> bool:
    """A rule for each second since 1970 would be run through: 1.8 thousand million steps."""
    parts = [part.partition("=")[::2] for part in rule.strip().upper().split(";") if part]
    return all(key in _HARMLESS for key, _ in parts) and dict(parts).get("FREQ") == "YEARLY"
