"""What an entry of a calendar says about a booking. Of each entry only the lines named here are looked at.

Names, addresses and descriptions are left where they are: they never come into the mall's data, nor into its problems.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from hashlib import sha256

from icalendar.parser import Contentline
from icalendar.prop import vDDDTypes

from antrean.domain.booking_code import is_code, new_code, normal_code
from queue_server.bookings.connector import Problem, Seen
from queue_server.bookings.connectors.caldav.lines import Line, lines_of
from queue_server.bookings.connectors.caldav.zones import zone_of

SERVICE = "X-ANTREAN-SERVICE"
CODE = "X-ANTREAN-CODE"
CODE_BY = "X-ANTREAN-CODE-BY"
BY_MALL = "MALL"
"""A code that a mall made for the entry. People copy entries, and the copy is another booking."""
MOST_BYTES = 1024 * 1024
MOST_UID = 255
_EVENT = ("VCALENDAR", "VEVENT")
_SERIES = {"RRULE", "RDATE", "RECURRENCE-ID"}
_ONCE = {"UID", "DTSTART", "DTEND", "DURATION", "STATUS", SERVICE, CODE, CODE_BY}
_LONGEST_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Rules:
    """How this calendar is read: the zone of times without one, the codes of the mall's services by what people may
    write for them (any capitals), the service of entries that name none ("" for none)."""

    zone: tzinfo
    services: Mapping[str, str]
    service: str = ""


def rules_of(zone: tzinfo, services: Iterable[str], service: str = "") -> Rules:
    """The rules for these codes of services."""
    return Rules(zone, {code.casefold(): code for code in services}, service)


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking as its entry tells it; `has_code` is whether the entry itself carries the code."""

    seen: Seen
    has_code: bool


class _Unreadable(Exception):
    """Why an entry cannot be a booking: `code` and the English words for a person."""

    def __init__(self, code: str, detail: str) -> None:
        self.code, self.detail = code, detail
        super().__init__(code)


@dataclass(slots=True)
class _Entry:
    """The wanted lines of one VEVENT, unescaped."""

    values: dict[str, tuple[Mapping[str, str], str]] = field(default_factory=dict)
    categories: list[str] = field(default_factory=list)
    series: bool = False
    broken: str = ""

    def text(self, name: str) -> str:
        """The value of a property, "" when it is not there."""
        return self.values.get(name, ({}, ""))[1].strip()


def read_entry(data: bytes | None, etag: str, rules: Rules) -> Booked | Problem | None:
    """The booking in a calendar's entry, why it is none, or None for what is no appointment (a task, a note)."""
    uid = ""
    try:
        if data is None or len(data) > MOST_BYTES:
            raise _Unreadable("too_large", f"the entry is larger than {MOST_BYTES} bytes")
        entries, zones = _taken(data)
        if not entries:
            _refuse_rubbish(data)
            return None
        uid = entries[0].text("UID")
        return _booked(entries, uid, etag, zones, rules)
    except _Unreadable as why:
        return Problem(uid[:MOST_UID], why.code, why.detail)


def uid_of(data: bytes) -> str:
    """The UID of the first appointment in a text, "" when it has none."""
    entries, _ = _taken(data)
    return entries[0].text("UID") if entries else ""


def is_series(data: bytes) -> bool:
    """Whether the text holds more than one single appointment."""
    entries, _ = _taken(data)
    return len(entries) > 1 or any(entry.series for entry in entries)


def code_of_uid(uid: str) -> str:
    """The code of a booking whose entry carries none: always the same for one UID."""
    return new_code(sha256(uid.encode()).digest())


def _taken(data: bytes) -> tuple[list[_Entry], dict[str, str]]:
    entries: list[_Entry] = []
    zones: dict[str, str] = {}
    zone: list[str] = []
    for line in lines_of(data):
        if line.within == _EVENT:
            if line.name == "BEGIN":
                entries.append(_Entry())
            elif entries:
                _take(entries[-1], line)
        elif line.within[:2] == ("VCALENDAR", "VTIMEZONE"):
            zone.append(line.text)
            if line.name == "END" and len(line.within) == 2:
                tzid = next((text for text in zone if text.upper().startswith("TZID")), "")
                zones[tzid.partition(":")[2].strip()] = "\r\n".join(zone) + "\r\n"
                zone = []
    return entries, zones


def _take(entry: _Entry, line: Line) -> None:
    if line.name in _SERIES:
        entry.series = True
    elif line.name in _ONCE or line.name == "CATEGORIES":
        try:
            _, params, value = Contentline(line.text).parts()  # type: ignore[no-untyped-call]
        except ValueError:
            entry.broken = line.name
            return
        if line.name == "CATEGORIES":
            entry.categories += [word.strip() for word in value.split(",")]
        elif line.name in entry.values:
            entry.broken = line.name
        else:
            entry.values[line.name] = ({str(key).upper(): str(one) for key, one in params.items()}, value)


def _refuse_rubbish(data: bytes) -> None:
    if not any(line.name == "BEGIN" and line.within == ("VCALENDAR",) for line in lines_of(data)):
        raise _Unreadable("not_a_calendar", "the entry is not an iCalendar text")


def _booked(entries: list[_Entry], uid: str, etag: str, zones: Mapping[str, str], rules: Rules) -> Booked:
    entry = entries[0]
    if not uid or len(uid) > MOST_UID or not uid.isprintable():
        raise _Unreadable("no_uid", f"the entry has no UID of 1 to {MOST_UID} printable letters")
    if entry.series or len(entries) > 1:
        raise _Unreadable("series", "the entry repeats: a booking is one visit, so make single entries")
    if entry.broken:
        raise _Unreadable("broken_line", f"the line {entry.broken} cannot be read, or stands there twice")
    start = _instant(entry, "DTSTART", zones, rules)
    end = _end(entry, start, zones, rules)
    if not 0 < end - start <= _LONGEST_MS:
        raise _Unreadable("bad_times", "the entry must end after it starts, and within 24 hours")
    code = normal_code(entry.text(CODE))
    if entry.text(CODE_BY).upper() == BY_MALL and code != code_of_uid(uid):
        code = ""
    if code and not is_code(code):
        raise _Unreadable("bad_code", f"{CODE} is not a code of 4 to 24 capitals and digits")
    seen = Seen(
        booking_id=uid,
        code=code or code_of_uid(uid),
        service=_service(entry, rules),
        start_ms=start,
        end_ms=end,
        cancelled=entry.text("STATUS").upper() == "CANCELLED",
        revision=etag,
    )
    return Booked(seen, bool(code))


def _end(entry: _Entry, start: int, zones: Mapping[str, str], rules: Rules) -> int:
    if "DTEND" in entry.values:
        return _instant(entry, "DTEND", zones, rules)
    if "DURATION" not in entry.values:
        raise _Unreadable("no_end", "the entry has neither an end nor a duration")
    lasts = _value(entry, "DURATION")
    if not isinstance(lasts, timedelta):
        raise _Unreadable("bad_times", "DURATION is not a duration")
    return start + round(lasts.total_seconds() * 1000)


def _instant(entry: _Entry, name: str, zones: Mapping[str, str], rules: Rules) -> int:
    """The moment a line names, in ms. A local time that a clock shows twice means its first time; one that it skips
    is counted with the offset before (RFC 5545 section 3.3.5)."""
    at = _value(entry, name)
    if not isinstance(at, datetime):
        if isinstance(at, date):
            raise _Unreadable("all_day", "the entry is for a whole day: a booking needs a time")
        raise _Unreadable("bad_times", f"{name} is not a date with a time")
    tzid = entry.values[name][0].get("TZID", "")
    if at.tzinfo is None:
        zone = zone_of(tzid, zones) if tzid else rules.zone
        if zone is None:
            raise _Unreadable("unknown_zone", f"nobody defines the time zone of {name}")
        at = at.replace(tzinfo=zone)
    try:
        ms = round(_utc(at).timestamp() * 1000)
    except (OverflowError, ValueError):
        ms = 0
    if ms <= 0:
        raise _Unreadable("bad_times", f"{name} is before 1970, or no moment at all")
    return ms


def _utc(at: datetime) -> datetime:
    found = at.astimezone(UTC)
    if found.astimezone(at.tzinfo).replace(tzinfo=None) != at.replace(tzinfo=None):
        before = (at - timedelta(days=1)).utcoffset() or timedelta()
        return at.replace(tzinfo=UTC) - before
    return found


def _value(entry: _Entry, name: str) -> object:
    if name not in entry.values:
        raise _Unreadable("bad_times", f"the entry has no {name}")
    try:
        return vDDDTypes.from_ical(entry.text(name))  # type: ignore[no-untyped-call]
    except (ValueError, TypeError, OverflowError):
        raise _Unreadable("bad_times", f"{name} cannot be read") from None


def _service(entry: _Entry, rules: Rules) -> str:
    own = entry.text(SERVICE)
    if own:
        if own.casefold() not in rules.services:
            raise _Unreadable("unknown_service", f"{SERVICE} is not the code of a service of this mall")
        return rules.services[own.casefold()]
    named = {word.casefold() for word in entry.categories} & rules.services.keys()
    if len(named) > 1:
        raise _Unreadable("two_services", "the categories name more than one service")
    service = named.pop() if named else rules.service.casefold()
    if not service:
        raise _Unreadable("no_service", "no category is a service's code, and the source has no `service`")
    if service not in rules.services:
        raise _Unreadable(
            "unknown_service", "the source's `service` is not the code of a service of this mall"
        )
    return rules.services[service]
