"""What a report is asked about, as it stands in the page's address: days, part of the day, agency, service."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from antrean.domain.catalogue import Mall
from antrean.domain.errors import RuleViolation
from antrean.domain.opening import local_day
from antrean.domain.waits import GROUPS
from antrean.texts import texts_for
from antrean.texts.formats import day_words, weekday_of
from queue_server.pages.context import ReportQuery

LONGEST_DAYS = 400
NOON = 12
PARTS = {"": (0, 24), "morning": (0, NOON), "afternoon": (NOON, 24)}
"""Parts of the day by their name in the address: hours of arrival, the second excluded."""
RECENT_DAYS = 8
"""Today and seven days back, so that last Tuesday has its link on a Tuesday too."""
WEEK = 7


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that changes the report: what it says, where it leads, whether it is the one shown."""

    name: str
    address: str
    shown: bool


def asked_query(args: Mapping[str, str], mall: Mall, now_ms: int) -> ReportQuery:
    """The query of an address; today's services when it says nothing. Raises RuleViolation for what cannot be."""
    today = local_day(mall.timezone, now_ms)
    first = _day(args.get("from"), "from") or _day(args.get("to"), "to") or today
    last = _day(args.get("to"), "to") or first
    if last < first:
        raise RuleViolation("bad_range")
    if (last - first).days >= LONGEST_DAYS:
        raise RuleViolation("range_too_long")
    by, part = args.get("by") or "service", args.get("hours", "")
    agency, service = args.get("agency") or None, args.get("service") or None
    for name, fits in (
        ("by", by in GROUPS),
        ("hours", part in PARTS),
        ("agency", agency is None or agency in mall.agencies),
        ("service", service is None or service in mall.services),
    ):
        if not fits:
            raise RuleViolation("bad_field", field=name)
    if agency and service and mall.services[service].agency != agency:
        service = None  # the agency was changed after the service: the wider answer is never wrong
    return ReportQuery(first, last, by, agency, service, *PARTS[part])


def _day(text: str | None, field: str) -> datetime.date | None:
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise RuleViolation("bad_field", field=field) from None


def part_of(query: ReportQuery) -> str:
    """The name of the part of the day in the address."""
    return next(name for name, hours in PARTS.items() if hours == (query.from_hour, query.to_hour))


def parameters(query: ReportQuery, **changes: str) -> str:
    """The address's query string, with some parameters changed; empty ones are left out."""
    named = {
        "from": query.first.isoformat(),
        "to": query.last.isoformat(),
        "agency": query.agency or "",
        "service": query.service or "",
        "hours": part_of(query),
        "by": query.by,
    }
    return urlencode({key: value for key, value in {**named, **changes}.items() if value})


def day_choices(
    query: ReportQuery, mall: Mall, now_ms: int, lang: str, path: str = "/manage"
) -> list[Choice]:
    """Today and the seven days before one by one, then seven days together and this month, as links to `path`."""
    t, today = texts_for(lang), local_day(mall.timezone, now_ms)
    days = [today - datetime.timedelta(days=back) for back in range(RECENT_DAYS)]
    names = [t("manage.range_today"), t("manage.range_yesterday")]
    names += [f"{weekday_of(day, lang)[:3]} {day.day}" for day in days[2:]]
    ranges = [(name, day, day) for name, day in zip(names, days, strict=True)]
    ranges.append((t("manage.range_week"), days[WEEK - 1], today))
    ranges.append((t("manage.range_month"), today.replace(day=1), today))
    shown, answer = (query.first, query.last), list[Choice]()
    for name, first, last in ranges:
        is_shown = (first, last) == shown and not any(other.shown for other in answer)
        changed = parameters(query, **{"from": first.isoformat(), "to": last.isoformat()})
        answer.append(Choice(name, f"{path}?{changed}", is_shown))
    return answer


def range_words(query: ReportQuery, lang: str) -> str:
    """The range as people say it: one day with its weekday, or two days."""
    first, last = query.first, query.last
    if first == last:
        return f"{weekday_of(first, lang)}, {day_words(first, lang)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_words(last, lang)}"
    return f"{day_words(first, lang)} – {day_words(last, lang)}"


def scope_words(query: ReportQuery, mall: Mall, lang: str) -> list[str]:
    """What the report is about, part by part: the range, then the filters in force."""
    t, said = texts_for(lang), [range_words(query, lang)]
    if query.agency:
        said.append(mall.agencies[query.agency].short)
    if query.service:
        said.append(mall.services[query.service].short.get(lang))
    if part_of(query):
        said.append(t(f"manage.filter_{part_of(query)}"))
    return said
