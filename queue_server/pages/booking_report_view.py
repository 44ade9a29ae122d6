"""A report of bookings as the manager reads it: how many came and when, beside those who walked in."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from antrean.domain.booking_report import BookingTally
from antrean.domain.catalogue import Mall
from antrean.texts import Texts, texts_for
from antrean.texts.formats import day_words, weekday_of

MINUTE_MS = 60_000
ENOUGH = 5
"""A group with fewer bookings is no headline."""
OFTEN = 0.2
"""From this share on those who did not come are worth the headline of the table."""


@dataclass(frozen=True, slots=True)
class TallyView:
    """A row of the table; waits are what half of the visitors waited at most, in minutes, None of nobody called."""

    key: str
    name: str
    below: str
    booked: int
    in_time: int
    early: int
    late: int
    noshow: int
    cancelled: int
    overbooked: int
    walk_in: int
    booked_wait: float | None
    walk_in_wait: float | None

    @property
    def arrived(self) -> int:
        """The bookings somebody came with."""
        return self.in_time + self.early + self.late

    @property
    def open(self) -> int:
        """The bookings nobody has come with and nobody has given up yet."""
        return max(0, self.booked - self.arrived - self.noshow)


@dataclass(frozen=True, slots=True)
class BookingReportView:
    """Everything the page says about one report."""

    heading: str
    finding: str
    rows: tuple[TallyView, ...]
    total: TallyView
    days: tuple[TallyView, ...]
    most: int


def report_view(
    tallies: Sequence[BookingTally],
    days: Sequence[BookingTally],
    total: Sequence[BookingTally],
    by: str,
    mall: Mall,
    lang: str,
) -> BookingReportView:
    """The report of these tallies: services with the most bookings first, days in their order."""
    t = texts_for(lang)
    rows = [view_of(one, by, mall, lang) for one in tallies]
    rows = [row for row in rows if row.booked or row.cancelled or row.walk_in]
    if by == "service":
        rows = sorted(rows, key=lambda row: (-row.booked, row.name))
    all_of_them = view_of(total[0], "", mall, lang) if total else _none(t)
    return BookingReportView(
        heading=_heading(all_of_them, t),
        finding=_finding(rows, by, t),
        rows=tuple(rows),
        total=all_of_them,
        days=tuple(view_of(one, "day", mall, lang) for one in days),
        most=max([row.booked for row in rows], default=1),
    )


def view_of(one: BookingTally, by: str, mall: Mall, lang: str) -> TallyView:
    """A tally in minutes and names."""
    key, name, below = "", texts_for(lang)("manage.col_total"), ""
    if by == "day":
        day = datetime.date.fromisoformat(one.day)
        key, name, below = one.day, day_words(day, lang), weekday_of(day, lang)
    elif by == "service":
        service = mall.services.get(one.service)
        key, name = one.service, service.short.get(lang) if service else one.service
        below = mall.agencies[service.agency].short if service else ""
    return TallyView(
        key, name, below,
        one.booked, one.in_time, one.early, one.late, one.noshow, one.cancelled, one.overbooked, one.walk_in,
        _minutes(one.booked_wait_ms), _minutes(one.walk_in_wait_ms),
    )  # fmt: skip


def _minutes(ms: int | None) -> float | None:
    return None if ms is None else ms / MINUTE_MS


def _none(t: Texts) -> TallyView:
    return TallyView("", t("manage.col_total"), "", 0, 0, 0, 0, 0, 0, 0, 0, None, None)


def _heading(total: TallyView, t: Texts) -> str:
    if not total.booked:
        return t("manage.booked_heading_none")
    if total.open and not total.arrived and not total.noshow:
        return t("manage.booked_heading_open", n=total.booked)
    return t("manage.booked_heading", came=total.arrived, n=total.booked)


def _finding(rows: Sequence[TallyView], by: str, t: Texts) -> str:
    over = [row for row in rows if row.overbooked]
    if over:
        worst = max(over, key=lambda row: row.overbooked)
        return t("manage.booked_finding_over", name=worst.name, n=worst.overbooked)
    enough = [row for row in rows if row.arrived + row.noshow >= ENOUGH]
    missed = [row for row in enough if row.noshow >= OFTEN * (row.arrived + row.noshow)]
    if missed:
        worst = max(missed, key=lambda row: row.noshow / (row.arrived + row.noshow))
        return t("manage.booked_finding_noshow", name=worst.name, n=worst.noshow)
    return t(f"manage.booked_finding_{by}")
