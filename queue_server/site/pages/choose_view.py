"""What the pages before a booking show of a catalogue: services in groups, and the published standard of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from antrean.domain.catalogue import MINUTES_A_DAY, Agency, Mall, Service
from antrean.finder import Answer
from antrean.texts import Texts
from antrean.texts.formats import clock, day_names, wait_range
from queue_server.site.desk import CrowdView

MOST_BOOKABLE = 12
"""More bookable services than this are shown by need; the common ones first."""
ANSWERS = 6
MINUTE_MS = 60_000
END_OF_DAY = ("24.00", "24:00")
"""Closing at midnight, as everybody writes it and as English does."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line that leads on: a service, or a need or agency with its services."""

    path: str
    args: dict[str, str]
    icon: str
    name: str
    under: str
    bookable: bool = True


def service_row(key: str, mall: Mall, service: Service, t: Texts) -> Row:
    """A service as a line; under its name stands the agency, or that it needs no booking."""
    agency = mall.agencies[service.agency]
    bookable = service.booking is not None
    under = agency.short if bookable else f"{agency.short} · {t('booking.walk_in')}"
    path = f"/m/{key}/{service.code}"
    return Row(path, {}, service.icon, service.short.get(t.language), under, bookable)


def agency_row(key: str, mall: Mall, agency: Agency, t: Texts) -> Row:
    """An agency as a line that leads to its services."""
    count = sum(service.agency == agency.code for service in mall.services.values())
    return Row(
        f"/m/{key}",
        {"agency": agency.code},
        agency.icon,
        agency.name.get(t.language),
        t("booking.services", n=count),
    )


def need_rows(key: str, mall: Mall, t: Texts) -> list[Row]:
    """The everyday needs that have services."""
    asked = [service.need for service in mall.services.values()]
    return [
        Row(f"/m/{key}", {"need": need.code}, need.icon, need.name.get(t.language), "")
        for need in mall.needs.values()
        if need.code in asked
    ]


def bookable_first(services: Iterable[Service]) -> list[Service]:
    """Services that can be booked before those that cannot; otherwise in the order of the file."""
    return sorted(services, key=lambda service: service.booking is None)


def offered(mall: Mall) -> list[Service]:
    """What the first page of a mall offers: what can be booked, the common ones first, as many as one screen holds."""
    found = [service for service in mall.services.values() if service.booking is not None]
    return sorted(found, key=lambda service: not service.common)[:MOST_BOOKABLE]


def answer_rows(key: str, mall: Mall, answers: Sequence[Answer], t: Texts) -> list[Row]:
    """What the finder found, best first."""
    return [
        service_row(key, mall, answer.of, t)
        if isinstance(answer.of, Service)
        else agency_row(key, mall, answer.of, t)
        for answer in answers
    ]


def hours_lines(mall: Mall, service: Service, t: Texts) -> list[tuple[str, str]]:
    """The opening hours of a week: days with the same hours in one line, closed days in none."""
    week, names = mall.hours_of(service).week, day_names(t.language)
    lines: list[tuple[str, str]] = []
    for times, days in groupby(range(len(week)), key=lambda at: week[at]):
        run = list(days)
        first, last = names[run[0]], names[run[-1]]
        said = ", ".join(f"{_time(one.start, t)}–{_time(one.end, t)}" for one in times)
        if said:
            lines.append((first if first == last else f"{first}–{last}", said))
    return lines


def _time(minute: int, t: Texts) -> str:
    return (
        clock(minute * MINUTE_MS, "UTC", t.language)
        if minute < MINUTES_A_DAY
        else END_OF_DAY[t.language == "en"]
    )


@dataclass(frozen=True, slots=True)
class Crowded:
    """How crowded a service is, in words."""

    people: str
    wait: str
    as_of: str


def crowd_words(crowd: CrowdView | None, mall: Mall, t: Texts) -> Crowded | None:
    """The crowd in words; None when nobody knows."""
    if crowd is None:
        return None
    people = t("kiosk.waiting_people", n=crowd.waiting) if crowd.waiting else t("booking.crowd_none")
    wait = t("booking.crowd_wait", range=wait_range(*crowd.wait, t.language)) if crowd.wait else ""
    as_of = t("booking.crowd_as_of", clock=clock(crowd.as_of_ms, mall.timezone, t.language))
    return Crowded(people, wait if crowd.waiting else "", as_of)
