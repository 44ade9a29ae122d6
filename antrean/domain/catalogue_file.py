"""The catalogue's file form (TOML or JSON): read with every mistake named, written back the same.

`mall_from_dict` collects problems instead of stopping at the first, because the person who fixes the file wants to fix
it once.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from antrean.domain.catalogue import (
    MINUTES_A_DAY,
    WEEKDAYS,
    Agency,
    BookingRule,
    Counter,
    HelpRule,
    Holiday,
    Hours,
    Interval,
    Journey,
    Mall,
    Need,
    Policy,
    Requirement,
    Service,
    Zone,
)
from antrean.domain.errors import BadCatalogue
from antrean.domain.file_table import FileTable, plain_words
from antrean.domain.label import SERIES_LETTERS
from antrean.domain.words import Words

_PLACE = re.compile(r"[A-Za-z0-9-]+")
_CLOCK = re.compile(r"([01]\d|2[0-4])[:.]([0-5]\d)")
_LETTERS = re.compile(rf"[{SERIES_LETTERS}]{{1,2}}")
MAX_JOURNEY = 11
"""Services of a journey: the first and the ten that may be planned after it."""
LAST_NUMBER = "last_number_minutes_before_close"
BOOKING_POLICY = (
    "booking_head_start_minutes",
    "booking_early_minutes",
    "booking_late_minutes",
    "booking_grace_minutes",
)
MAY_BE_ZERO = frozenset({LAST_NUMBER, *BOOKING_POLICY})
"""Figures of the policy that may be 0: numbers until the service closes, no head start, no window."""
SLOT_MINUTES = (5, 480)
MAX_DAYS_AHEAD = 90


def mall_from_dict(data: Mapping[str, Any]) -> Mall:
    """Read the file form; raises BadCatalogue with every problem found, each naming its place in the file."""
    problems: list[str] = []
    root = FileTable(data, "file", problems)
    head = root.table("mall")
    mall = Mall(
        name=head.text("name"),
        short=head.text("short"),
        city=head.text("city"),
        timezone=_timezone(head),
        hours=_hours(head.table("hours")),
        holidays=tuple(_holiday(row) for row in head.tables("holidays", required=False)),
        complaints=head.words("complaints"),
        announcements=tuple(plain_words(row) for row in head.tables("announcements", required=False)),
        policy=_policy(root.table("policy")) if "policy" in data else Policy(),
        zones=_keyed(root, "zones", _zone),
        needs=_keyed(root, "needs", _need),
        agencies=_keyed(root, "agencies", _agency),
        services=_keyed(root, "services", _service),
        counters=_keyed(root, "counters", _counter),
        journeys=_keyed(root, "journeys", _journey, required=False),
    )
    head.done()
    root.done()
    problems.extend(_dangling(mall))
    if problems:
        raise BadCatalogue(problems)
    return mall


def _keyed(
    root: FileTable, key: str, read: Callable[[FileTable], Any], required: bool = True
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in root.tables(key, required):
        item = read(row)
        if item.code in found:
            row.problem(f"code {item.code!r} is used twice")
        row.done()
        found[item.code] = item
    return found


def _timezone(head: FileTable) -> str:
    name = head.text("timezone")
    try:
        ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        head.problem(f"timezone {name!r} is unknown; use for example Asia/Jakarta")
    return name


def _hours(reader: FileTable) -> Hours:
    week = tuple(tuple(_intervals(reader, day)) for day in WEEKDAYS)
    reader.done()
    return Hours(week)


def _intervals(reader: FileTable, day: str) -> Iterable[Interval]:
    last_end = 0
    for pair in reader.get(day, list, []):
        if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(clock, str) for clock in pair)):
            reader.problem(f'{day} must hold pairs such as ["07:30", "12:00"]')
            continue
        start, end = (_minutes(clock) for clock in pair)
        if start is None or end is None or not last_end <= start < end <= MINUTES_A_DAY:
            reader.problem(f"{day} {pair} is not a later stretch of the same day")
            continue
        last_end = end
        yield Interval(start, end)


def _minutes(clock: str) -> int | None:
    match = _CLOCK.fullmatch(clock)
    return int(match[1]) * 60 + int(match[2]) if match else None


def _optional_hours(reader: FileTable) -> Hours | None:
    return _hours(reader.table("hours")) if "hours" in reader.data else None


def _holiday(reader: FileTable) -> Holiday:
    holiday = Holiday(reader.date("date"), reader.words("name"))
    reader.done()
    return holiday


def _policy(reader: FileTable) -> Policy:
    values = {
        field.name: reader.positive(
            field.name, getattr(Policy(), field.name), least=0 if field.name in MAY_BE_ZERO else 1
        )
        for field in fields(Policy)
    }
    reader.done()
    return Policy(**values)


def _zone(reader: FileTable) -> Zone:
    return Zone(reader.code(_PLACE), reader.get("floor", int), reader.words("name"))


def _need(reader: FileTable) -> Need:
    return Need(reader.code(), reader.text("icon"), reader.words("name"))


def _agency(reader: FileTable) -> Agency:
    return Agency(
        code=reader.code(),
        name=reader.words("name"),
        short=reader.text("short"),
        icon=reader.text("icon"),
        zone=reader.text("zone"),
        hours=_optional_hours(reader),
    )


def _service(reader: FileTable) -> Service:
    return Service(
        code=reader.code(),
        agency=reader.text("agency"),
        need=reader.text("need"),
        letters=reader.code(_LETTERS, "letters"),
        name=reader.words("name"),
        short=reader.words("short"),
        icon=reader.text("icon"),
        common=reader.get("common", bool, False),
        requirements=tuple(_requirement(row) for row in reader.tables("requirements")),
        cost=reader.words("cost"),
        time=reader.words("time"),
        product=reader.words("product"),
        service_minutes=reader.positive("service_minutes"),
        promise_minutes=reader.positive("promise_minutes"),
        words=reader.strings("words"),
        quota=reader.positive("quota") if "quota" in reader.data else None,
        hours=_optional_hours(reader),
        last_number_minutes_before_close=reader.positive(LAST_NUMBER, least=0)
        if LAST_NUMBER in reader.data
        else None,
        booking=_booking_rule(reader.table("booking")) if "booking" in reader.data else None,
    )


def _booking_rule(reader: FileTable) -> BookingRule:
    usual = BookingRule(per_hour=1)
    rule = BookingRule(
        per_hour=reader.positive("per_hour"),
        slot_minutes=reader.positive("slot_minutes", usual.slot_minutes),
        walk_in_percent=reader.positive("walk_in_percent", usual.walk_in_percent, least=0),
        early_minutes=_optional_minutes(reader, "early_minutes"),
        late_minutes=_optional_minutes(reader, "late_minutes"),
        days_ahead=reader.positive("days_ahead", usual.days_ahead),
        blackouts=reader.dates("blackouts"),
    )
    least, most = SLOT_MINUTES
    if not least <= rule.slot_minutes <= most:
        reader.problem(f"slot_minutes must be {least} to {most}")
    if rule.days_ahead > MAX_DAYS_AHEAD:
        reader.problem(f"days_ahead must be at most {MAX_DAYS_AHEAD}")
    if rule.per_hour * (100 - rule.walk_in_percent) < 100:
        reader.problem("sells nobody a slot: raise per_hour or lower walk_in_percent")
    reader.done()
    return rule


def _optional_minutes(reader: FileTable, key: str) -> int | None:
    return reader.positive(key, least=0) if key in reader.data else None


def _requirement(reader: FileTable) -> Requirement:
    requirement = Requirement(
        text=reader.words("text"),
        icon=reader.text("icon"),
        note=reader.words("note") if "note" in reader.data else None,
    )
    reader.done()
    return requirement


def _counter(reader: FileTable) -> Counter:
    return Counter(
        code=reader.code(_PLACE),
        zone=reader.text("zone"),
        name=reader.words("name"),
        services=reader.strings("services"),
        helps=tuple(_help_rule(row) for row in reader.tables("helps", required=False)),
    )


def _help_rule(reader: FileTable) -> HelpRule:
    rule = HelpRule(reader.text("service"), reader.positive("after_minutes"))
    reader.done()
    return rule


def _journey(reader: FileTable) -> Journey:
    return Journey(reader.code(), reader.words("name"), reader.strings("services"))


def _dangling(mall: Mall) -> Iterable[str]:
    """Name every reference to something that is not in the file, and letters shared between agencies."""
    owners: dict[str, str] = {}
    for agency in mall.agencies.values():
        if agency.zone not in mall.zones:
            yield f"agency {agency.code}: zone {agency.zone!r} is not in zones"
    for service in mall.services.values():
        if service.agency not in mall.agencies:
            yield f"service {service.code}: agency {service.agency!r} is not in agencies"
        if service.need not in mall.needs:
            yield f"service {service.code}: need {service.need!r} is not in needs"
        owner = owners.setdefault(service.letters, service.agency)
        if owner != service.agency:
            yield f"service {service.code}: letters {service.letters!r} already belong to agency {owner}"
    for counter in mall.counters.values():
        if counter.zone not in mall.zones:
            yield f"counter {counter.code}: zone {counter.zone!r} is not in zones"
        for code in counter.services:
            if code not in mall.services:
                yield f"counter {counter.code}: service {code!r} is not in services"
        helped = [rule.service for rule in counter.helps]
        for code in dict.fromkeys(helped):
            if code not in mall.services:
                yield f"counter {counter.code}: helps {code!r}, which is not in services"
            if code in counter.services:
                yield f"counter {counter.code}: helps {code!r}, which is among its own services already"
            if helped.count(code) > 1:
                yield f"counter {counter.code}: helps {code!r} twice"
    for journey in mall.journeys.values():
        yield from _odd_steps(mall, journey)


def _odd_steps(mall: Mall, journey: Journey) -> Iterable[str]:
    if not 2 <= len(journey.services) <= MAX_JOURNEY:
        yield f"journey {journey.code}: has {len(journey.services)} services; it needs 2 to {MAX_JOURNEY}"
    for code in dict.fromkeys(journey.services):
        if code not in mall.services:
            yield f"journey {journey.code}: service {code!r} is not in services"
        if journey.services.count(code) > 1:
            yield f"journey {journey.code}: service {code!r} is in it twice"


def mall_to_dict(mall: Mall) -> dict[str, Any]:
    """The file form of a mall; `mall_from_dict` reads it back to an equal mall."""
    return {
        "mall": {
            "name": mall.name,
            "short": mall.short,
            "city": mall.city,
            "timezone": mall.timezone,
            "complaints": mall.complaints.to_dict(),
            "announcements": [words.to_dict() for words in mall.announcements],
            "hours": _hours_dict(mall.hours),
            "holidays": [{"date": day.date.isoformat(), "name": day.name.to_dict()} for day in mall.holidays],
        },
        "policy": _policy_dict(mall.policy),
        "zones": [_row(zone) for zone in mall.zones.values()],
        "needs": [_row(need) for need in mall.needs.values()],
        "agencies": [_row(agency) for agency in mall.agencies.values()],
        "services": [_row(service) for service in mall.services.values()],
        "counters": [_row(counter) for counter in mall.counters.values()],
        **({"journeys": [_row(journey) for journey in mall.journeys.values()]} if mall.journeys else {}),
    }


def _policy_dict(policy: Policy) -> dict[str, int]:
    """Without the usual figures of bookings: an older kiosk would refuse a file with keys it does not know."""
    usual = Policy()
    values = {field.name: getattr(policy, field.name) for field in fields(Policy)}
    return {
        name: value
        for name, value in values.items()
        if name not in BOOKING_POLICY or value != getattr(usual, name)
    }


def _row(item: Any) -> dict[str, Any]:
    pairs = ((field.name, getattr(item, field.name)) for field in fields(item))
    return {name: _plain(value) for name, value in pairs if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, Words):
        return value.to_dict()
    if isinstance(value, Hours):
        return _hours_dict(value)
    if isinstance(value, Requirement | HelpRule | BookingRule):
        return _row(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _hours_dict(hours: Hours) -> dict[str, list[list[str]]]:
    return {
        day: [[_clock(interval.start), _clock(interval.end)] for interval in intervals]
        for day, intervals in zip(WEEKDAYS, hours.week, strict=True)
    }


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
