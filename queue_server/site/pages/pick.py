"""A day, a time, a contact, and the booking. What was typed travels from form to form, never in an address."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.catalogue import Mall, Service
from antrean.domain.errors import RuleViolation
from antrean.domain.opening import local_day
from antrean.texts import Texts
from queue_server.site.desk import SlotView
from queue_server.site.pages.frame import choices, onward, page
from queue_server.site.pages.pick_view import date_words, day_keys, slot_groups, time_words
from queue_server.site.pages.refusals import BACK_TO_DAY, BACK_TO_DAYS, refusal, status_of
from queue_server.site.pages.room import Room

LONGEST_CONTACT, LONGEST_TOKEN = 254, 64
LONGEST_INSTANT = 13
"""Digits of an instant in milliseconds until the year 2286."""
CURED_HERE = frozenset(
    {"one_open_booking", "contact_blocked", "bad_contact", "too_many_tries"} | BACK_TO_DAY | BACK_TO_DAYS
)
"""Refusals that are said where the visitor is; any other is a page of its own."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a visitor has typed already, and the name of the form they typed it into."""

    contact: str
    token: str


def add_pages(site: Blueprint, room: Room) -> None:
    """The pages under `/m/<key>/<service>` that lead to a booking."""

    @site.get("/m/<key>/<service>/day")
    def days(key: str, service: str) -> AnyResponse:
        return Picking(room, key, service).days()

    @site.get("/m/<key>/<service>/day/<date>")
    def day(key: str, service: str, date: str) -> AnyResponse:
        return Picking(room, key, service).slots(day_of(date))

    @site.get("/m/<key>/<service>/at/<int:start_ms>")
    def contact(key: str, service: str, start_ms: int) -> AnyResponse:
        return Picking(room, key, service).contact(start_ms)

    @site.post("/m/<key>/<service>/book")
    def book(key: str, service: str) -> AnyResponse:
        form = request.form
        typed = Typed(form.get("contact", "")[:LONGEST_CONTACT], form.get("form", "")[:LONGEST_TOKEN])
        picking = Picking(room, key, service, typed)
        if "days" in form:
            return picking.days()
        if "day" in form:
            return picking.slots(day_of(form["day"]))
        if "pick" in form:
            return picking.contact(start_of(form["pick"]))
        return picking.book(start_of(form.get("start", "")))


class Picking:
    """One visitor on the way to a booking of one service; `typed` is None as long as nothing was typed."""

    def __init__(self, room: Room, key: str, service: str, typed: Typed | None = None) -> None:
        self.room, self.key = room, key
        self.mall, self.service = room.service(key, service)
        self.typed = typed
        self.path = f"/m/{key}/{service}"

    def days(self, problem: str = "", status: int = 200) -> AnyResponse:
        """The days, each a key or why it is none."""
        days, t = self.room.desk.days(self.key, self.service.code), choices().t
        keys = day_keys(self.mall, self.service, days, self.room.desk.now_ms(), t)
        return self._page(
            "site_days.html",
            f"{self.path}/day",
            days=keys,
            problem=problem,
            status=status,
            step=1,
            back=self.path,
        )

    def slots(self, date: datetime.date, problem: str = "", status: int = 200) -> AnyResponse:
        """The times of a day."""
        slots, t = self.room.desk.slots(self.key, self.service.code, date), choices().t
        return self._page(
            "site_slots.html",
            f"{self.path}/day/{date.isoformat()}",
            groups=slot_groups(self.mall, slots, t),
            heading=date_words(date, t.language),
            nothing=nothing_free(self.room, self.key, self.mall, self.service, date, slots, t),
            problem=problem,
            status=status,
            step=2,
            back=f"{self.path}/day",
        )

    def contact(
        self, start_ms: int, problem: str = "", status: int = 200, wrong: bool = False
    ) -> AnyResponse:
        """Asks for the contact; a time that is gone meanwhile leads back to its day."""
        try:
            slot = slot_at(self.room, self.key, self.service, self.mall, start_ms)
        except RuleViolation as error:
            return self._refused(error, start_ms)
        t, date = choices().t, day_at(self.mall, start_ms)
        return self._page(
            "site_contact.html",
            f"{self.path}/at/{start_ms}",
            start_ms=start_ms,
            day=date_words(date, t.language),
            time=time_words(self.mall, slot.start_ms, slot.end_ms, t),
            token=(self.typed.token if self.typed else "") or self.room.form_token(),
            settings=self.room.settings,
            problem=problem,
            wrong=wrong,
            status=status,
            step=3,
            back=f"{self.path}/day/{date.isoformat()}",
        )

    def book(self, start_ms: int) -> AnyResponse:
        """Books, once for each form, and shows the booking."""
        typed, chosen = self.typed or Typed("", ""), choices()
        try:
            made = self.room.desk.book(
                self.key,
                self.service.code,
                start_ms,
                typed.contact.strip(),
                chosen.language,
                request.remote_addr or "",
                typed.token,
            )
        except RuleViolation as error:
            return self._refused(error, start_ms)
        return onward(f"/b/{made.secret}", now="new")

    def _refused(self, error: RuleViolation, start_ms: int) -> AnyResponse:
        if error.code not in CURED_HERE:
            raise error
        t, status = choices().t, status_of(error.code)
        said = refusal(t, error, self.mall.timezone, start_ms)
        if error.code in BACK_TO_DAY | BACK_TO_DAYS and self.typed and self.typed.contact:
            said = f"{said} {t('booking.contact_stays')}"
        if error.code in BACK_TO_DAYS:
            return self.days(said, status)
        if error.code in BACK_TO_DAY:
            return self.slots(day_at(self.mall, start_ms), said, status)
        return self.contact(start_ms, said, status, wrong=error.code == "bad_contact")

    def _page(self, template: str, here: str, **shown: Any) -> AnyResponse:
        return page(
            template,
            site_name=self.room.settings.site_name,
            here=here,
            private=self.typed is not None,
            key=self.key,
            mall=self.mall,
            service=self.service,
            typed=self.typed,
            action=f"{self.path}/book",
            day_path=f"{self.path}/day",
            slot_path=f"{self.path}/at",
            **shown,
        )


def day_of(text: str) -> datetime.date:
    """The date of an address or a form; 404 for anything else."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        abort(404)


def start_of(text: str) -> int:
    """The start of a slot as a form sends it; 400 for anything else."""
    if not text.isascii() or not text.isdigit() or len(text) > LONGEST_INSTANT:
        abort(400)
    return int(text)


def day_at(mall: Mall, start_ms: int) -> datetime.date:
    """The local day of an instant; 404 beyond every calendar."""
    if start_ms >= 10**LONGEST_INSTANT:
        abort(404)
    return local_day(mall.timezone, start_ms)


def slot_at(room: Room, key: str, service: Service, mall: Mall, start_ms: int) -> SlotView:
    """The slot that begins then and has a free place.

    Raises RuleViolation slot_gone, slot_full or, while the mall is silent, same_day_closed.
    """
    date = day_at(mall, start_ms)
    slots = room.desk.slots(key, service.code, date)
    slot = next((slot for slot in slots if slot.start_ms == start_ms), None)
    if slot is None:
        raise RuleViolation("slot_gone")
    if not slot.free:
        silent = reason_of(room, key, service, date) == "same_day"
        raise RuleViolation("same_day_closed" if silent else "slot_full")
    return slot


def nothing_free(
    room: Room,
    key: str,
    mall: Mall,
    service: Service,
    date: datetime.date,
    slots: Sequence[SlotView],
    t: Texts,
) -> str:
    """Why no time of a day can be chosen, in words; "" when one can."""
    if any(slot.free for slot in slots):
        return ""
    days = [day for day in room.desk.days(key, service.code) if day.date == date]
    why = [f"{day.why}." for day in day_keys(mall, service, days, room.desk.now_ms(), t) if day.why]
    return " ".join((*why, t("booking.slots_none")))


def reason_of(room: Room, key: str, service: Service, date: datetime.date) -> str:
    """Why nothing of a day can be booked; "" when something can, or when the day is not offered."""
    days = room.desk.days(key, service.code)
    return next((day.reason for day in days if day.date == date), "")
