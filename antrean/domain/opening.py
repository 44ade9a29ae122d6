"""Is a service open now, and if not, why and until when."""

import datetime
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from antrean.domain.catalogue import MINUTES_A_DAY, Hours, Interval, Mall, Service

Reason = Literal["open", "closed_today", "break", "before_hours", "after_hours", "holiday", "last_number"]
LOOK_AHEAD_DAYS = 14


@dataclass(frozen=True, slots=True)
class Openness:
    """Whether a service is open; `opens_ms` is the next opening, `closes_ms` the end of the current interval.

    `last_ms` is when the last number of today was given, where that is the reason.
    """

    open: bool
    reason: Reason
    opens_ms: int | None
    closes_ms: int | None
    last_ms: int | None = None


def local_day(timezone: str, now_ms: int) -> datetime.date:
    """The calendar date in `timezone` at `now_ms`."""
    return _local(timezone, now_ms).date()


def day_bounds(timezone: str, day: datetime.date) -> tuple[int, int]:
    """The first millisecond of `day` and of the day after, in `timezone`."""
    zone = ZoneInfo(timezone)
    return _instant(zone, day, 0), _instant(zone, day + datetime.timedelta(days=1), 0)


def openness(mall: Mall, service: Service, now_ms: int) -> Openness:
    """Say whether `service` is open at `now_ms`, why not, and when that changes (within two weeks)."""
    hours = mall.hours_of(service)
    now = _local(mall.timezone, now_ms)
    minute = now.hour * 60 + now.minute
    today = _intervals(mall, hours, now.date())
    for interval in today:
        if interval.start <= minute < interval.end:
            end = _instant(ZoneInfo(mall.timezone), now.date(), interval.end)
            return Openness(True, "open", None, end)
    return Openness(
        False, _why_closed(mall, today, now.date(), minute), _next_opening(mall, hours, now), None
    )


def taking_numbers(mall: Mall, service: Service, now_ms: int) -> Openness:
    """As `openness`, for somebody who wants a number: from the day's last number on the service is not open to them,
    although it still serves whoever has one.
    """
    found, last_ms = openness(mall, service, now_ms), last_number_ms(mall, service, now_ms)
    if last_ms is None or now_ms < last_ms or found.reason not in ("open", "break"):
        return found
    later = _next_opening(mall, mall.hours_of(service), _local(mall.timezone, now_ms), from_day=1)
    return Openness(False, "last_number", later, None, last_ms)


def last_number_ms(mall: Mall, service: Service, now_ms: int) -> int | None:
    """From when on today no number of `service` is given; None without a cut-off, or on a day it is closed.

    The cut-off stands before the day's last closing: a break in between ends no day, those who wait over it are served
    after it.
    """
    minutes = service.last_number_minutes_before_close
    if minutes is None:
        minutes = mall.policy.last_number_minutes_before_close
    day = _local(mall.timezone, now_ms).date()
    intervals = _intervals(mall, mall.hours_of(service), day)
    if not minutes or not intervals:
        return None
    last = max(intervals[-1].end - minutes, intervals[0].start)
    return _instant(ZoneInfo(mall.timezone), day, last)


def open_stretches(mall: Mall, service: Service, day: datetime.date) -> tuple[tuple[int, int], ...]:
    """The stretches (start and end in server ms) in which `service` is open on a local day; none on holidays."""
    zone = ZoneInfo(mall.timezone)
    return tuple(
        (_instant(zone, day, interval.start), _instant(zone, day, interval.end))
        for interval in _intervals(mall, mall.hours_of(service), day)
    )


def _why_closed(mall: Mall, today: tuple[Interval, ...], day: datetime.date, minute: int) -> Reason:
    if any(holiday.date == day for holiday in mall.holidays):
        return "holiday"
    if not today:
        return "closed_today"
    if minute < today[0].start:
        return "before_hours"
    return "after_hours" if minute >= today[-1].end else "break"


def _next_opening(mall: Mall, hours: Hours, now: datetime.datetime, from_day: int = 0) -> int | None:
    minute = now.hour * 60 + now.minute
    for ahead in range(from_day, LOOK_AHEAD_DAYS + 1):
        day = now.date() + datetime.timedelta(days=ahead)
        for interval in _intervals(mall, hours, day):
            if ahead or interval.start > minute:
                return _instant(ZoneInfo(mall.timezone), day, interval.start)
    return None


def _intervals(mall: Mall, hours: Hours, day: datetime.date) -> tuple[Interval, ...]:
    return () if any(holiday.date == day for holiday in mall.holidays) else hours.on(day)


def _local(timezone: str, now_ms: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(now_ms / 1000, ZoneInfo(timezone))


def _instant(zone: ZoneInfo, day: datetime.date, minute: int) -> int:
    day += datetime.timedelta(days=minute // MINUTES_A_DAY)
    minute %= MINUTES_A_DAY
    return int(
        datetime.datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone).timestamp()
        * 1000
    )
