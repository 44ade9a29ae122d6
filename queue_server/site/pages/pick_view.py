"""What the pages of days and times show: a key for what can be chosen, and why not for the rest."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from antrean.domain.catalogue import Mall, Service
from antrean.domain.opening import local_day
from antrean.texts import Texts
from antrean.texts.formats import clock, day_words, weekday_of, zone_mark
from queue_server.site.desk import DayView, SlotView

NOON = 12


@dataclass(frozen=True, slots=True)
class DayKey:
    """A day: `free` says how many places, "" when it cannot be chosen and `why` tells the reason."""

    value: str
    name: str
    day: str
    free: str
    why: str


@dataclass(frozen=True, slots=True)
class SlotKey:
    """A slot; `free` is "" for one that is sold out, `own` the slot a booking has now."""

    start_ms: int
    clock: str
    free: str
    own: bool = False


def day_keys(mall: Mall, service: Service, days: Sequence[DayView], now_ms: int, t: Texts) -> list[DayKey]:
    """Every day with its places or its reason."""
    today = local_day(mall.timezone, now_ms)
    return [
        DayKey(
            day.date.isoformat(),
            _day_name(day.date, today, t),
            day_words(day.date, t.language).rsplit(" ", 1)[0],
            t("booking.places", n=day.free) if not day.reason else "",
            _why(mall, service, day, today, t) if day.reason else "",
        )
        for day in days
    ]


def _day_name(day: datetime.date, today: datetime.date, t: Texts) -> str:
    near = {0: "booking.today", 1: "booking.tomorrow"}.get((day - today).days)
    return t(near) if near else weekday_of(day, t.language)


def _why(mall: Mall, service: Service, day: DayView, today: datetime.date, t: Texts) -> str:
    if day.reason != "closed":
        return t(f"booking.day_{day.reason}")
    holiday = next((one for one in mall.holidays if one.date == day.date), None)
    if holiday is not None:
        return t("booking.day_holiday", name=holiday.name.get(t.language))
    over = day.date == today and bool(mall.hours_of(service).on(day.date))
    return t("booking.day_over" if over else "booking.day_closed")


def slot_groups(
    mall: Mall, slots: Sequence[SlotView], t: Texts, own_ms: int | None = None
) -> list[tuple[str, list[SlotKey]]]:
    """The slots of a day before and after noon, each group with its heading."""
    groups: dict[str, list[SlotKey]] = {}
    for slot in slots:
        key = SlotKey(
            slot.start_ms,
            clock(slot.start_ms, mall.timezone, t.language),
            t("booking.places", n=slot.free) if slot.free else "",
            own=slot.start_ms == own_ms,
        )
        before_noon = int(key.clock[:2]) < NOON
        groups.setdefault(t("booking.morning" if before_noon else "booking.afternoon"), []).append(key)
    return list(groups.items())


def date_words(date: datetime.date, language: str) -> str:
    """A date in full: "Senin, 23 November 2026"."""
    return f"{weekday_of(date, language)}, {day_words(date, language)}"


def time_words(mall: Mall, start_ms: int, end_ms: int, t: Texts) -> str:
    """A slot as people read it: "09.00–09.30 WIB"."""
    begin, end = (clock(ms, mall.timezone, t.language) for ms in (start_ms, end_ms))
    return f"{begin}–{end} {zone_mark(mall.timezone)}".strip()
