"""A booking's own page: its code and QR, the file for a calendar, another time, and giving it back."""

from __future__ import annotations

import datetime
from typing import Any

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.errors import RuleViolation
from antrean.domain.opening import local_day
from antrean.texts import texts_for
from queue_server.site.pages.choose_view import Crowded, crowd_words
from queue_server.site.pages.frame import choices, guard, onward, page
from queue_server.site.pages.invitation import calendar_file
from queue_server.site.pages.own_view import invitation, shown
from queue_server.site.pages.pick import day_at, day_of, nothing_free, slot_at
from queue_server.site.pages.pick_view import date_words, day_keys, slot_groups, time_words
from queue_server.site.pages.qr import qr_address
from queue_server.site.pages.refusals import BACK_TO_DAY, BACK_TO_DAYS, refusal, status_of
from queue_server.site.pages.room import Room

TOLD = ("new", "moved")
"""What a booking's page may be told to say first."""


def add_pages(site: Blueprint, room: Room) -> None:
    """`/b/<secret>` and the pages under it."""

    @site.get("/b/<secret>")
    def booking(secret: str) -> AnyResponse:
        return Own(room, secret).show()

    @site.get("/b/<secret>/booking.ics")
    def calendar(secret: str) -> AnyResponse:
        return Own(room, secret).calendar()

    @site.get("/b/<secret>/move")
    def move(secret: str) -> AnyResponse:
        return Own(room, secret).days()

    @site.get("/b/<secret>/move/<date>")
    def move_day(secret: str, date: str) -> AnyResponse:
        return Own(room, secret).slots(day_of(date))

    @site.get("/b/<secret>/to/<int:start_ms>")
    def move_to(secret: str, start_ms: int) -> AnyResponse:
        return Own(room, secret).ask_move(start_ms)

    @site.post("/b/<secret>/to/<int:start_ms>")
    def moved(secret: str, start_ms: int) -> AnyResponse:
        return Own(room, secret).move(start_ms)

    @site.get("/b/<secret>/cancel")
    def cancel(secret: str) -> AnyResponse:
        return Own(room, secret).ask_cancel()

    @site.post("/b/<secret>/cancel")
    def cancelled(secret: str) -> AnyResponse:
        return Own(room, secret).cancel()


class Own:
    """One booking in its owner's hands; raises RuleViolation unknown_booking for a secret nobody was given."""

    def __init__(self, room: Room, secret: str) -> None:
        self.room, self.desk = room, room.desk
        self.booking = room.desk.booking(secret)
        self.mall, self.service = room.desk.booked_by(self.booking)
        self.path = f"/b/{secret}"

    def show(self, problem: str = "") -> AnyResponse:
        """The booking itself; `problem` is why nothing of it was changed."""
        told = request.args.get("now", "")
        return self._page(
            "site_booking.html",
            here=self.path,
            status=409 if problem else 200,
            qr=qr_address(self.booking.token),
            told=told if told in TOLD else "",
            problem=problem,
            zone=self.mall.zone_of(self.service),
            crowd=self._crowd(),
        )

    def _crowd(self) -> Crowded | None:
        """How crowded it is now, on the day of the booking only; None when nobody knows."""
        today = local_day(self.mall.timezone, self.desk.now_ms())
        if today != local_day(self.mall.timezone, self.booking.start_ms):
            return None
        return crowd_words(self.desk.crowd(self.booking.mall, self.service.code), self.mall, choices().t)

    def calendar(self) -> AnyResponse:
        """The file for a calendar, in the language the page is read in."""
        address = self._address()
        told = invitation(self.booking, self.mall, self.service, address, texts_for(choices().language))
        response = make_response(calendar_file(told, self.desk.now_ms()))
        response.headers["Content-Type"] = "text/calendar; charset=utf-8"
        response.headers["Content-Disposition"] = f'inline; filename="booking-{self.booking.code}.ics"'
        guard(response, private=True)
        return response

    def days(self, problem: str = "", status: int = 200) -> AnyResponse:
        """The days the booking may move to."""
        try:
            self._check_changeable()
            days = self.desk.days(self.booking.mall, self.service.code)
        except RuleViolation as error:
            return self._stays(error)
        keys = day_keys(self.mall, self.service, days, self.desk.now_ms(), choices().t)
        return self._moving("site_days.html", f"{self.path}/move", self.path, problem, status, days=keys)

    def slots(self, date: datetime.date, problem: str = "", status: int = 200) -> AnyResponse:
        """The times of a day the booking may move to."""
        try:
            self._check_changeable()
            found = self.desk.slots(self.booking.mall, self.service.code, date)
        except RuleViolation as error:
            return self._stays(error)
        t = choices().t
        return self._moving(
            "site_slots.html",
            f"{self.path}/move/{date.isoformat()}",
            f"{self.path}/move",
            problem,
            status,
            groups=slot_groups(self.mall, found, t, self.booking.start_ms),
            heading=date_words(date, t.language),
            nothing=nothing_free(self.room, self.booking.mall, self.mall, self.service, date, found, t),
        )

    def ask_move(self, start_ms: int) -> AnyResponse:
        """Asks once before the booking moves."""
        try:
            self._check_changeable()
            slot = slot_at(self.room, self.booking.mall, self.service, self.mall, start_ms)
        except RuleViolation as error:
            return self._refused(error, start_ms)
        t, date = choices().t, day_at(self.mall, start_ms)
        return self._page(
            "site_move.html",
            here=f"{self.path}/to/{start_ms}",
            new_day=date_words(date, t.language),
            new_time=time_words(self.mall, slot.start_ms, slot.end_ms, t),
        )

    def move(self, start_ms: int) -> AnyResponse:
        """Moves the booking; a second press finds it there already."""
        if start_ms != self.booking.start_ms:
            try:
                self.desk.reschedule(self.booking.secret, start_ms)
            except RuleViolation as error:
                return self._refused(error, start_ms)
        return onward(self.path, now="moved")

    def ask_cancel(self) -> AnyResponse:
        """Asks once before the place is given back."""
        try:
            self._check_changeable()
        except RuleViolation as error:
            return self._stays(error)
        return self._page("site_cancel.html", here=f"{self.path}/cancel")

    def cancel(self) -> AnyResponse:
        """Gives the place back; the page that follows shows how the booking stands now."""
        try:
            self.desk.cancel(self.booking.secret)
        except RuleViolation as error:
            return self._stays(error)
        return onward(self.path)

    def _check_changeable(self) -> None:
        if not self.booking.changeable:
            raise RuleViolation("booking_settled")

    def _refused(self, error: RuleViolation, start_ms: int) -> AnyResponse:
        t, status = choices().t, status_of(error.code)
        said = f"{refusal(t, error, self.mall.timezone, start_ms)} {t('booking.booking_stays')}"
        if error.code in BACK_TO_DAY:
            return self.slots(day_at(self.mall, start_ms), said, status)
        if error.code in BACK_TO_DAYS:
            return self.days(said, status)
        return self._stays(error)

    def _stays(self, error: RuleViolation) -> AnyResponse:
        """The booking as it stands, and why it cannot be changed: settled, or its service is offered no more."""
        return self.show(refusal(choices().t, error, self.mall.timezone))

    def _address(self) -> str:
        base = self.room.settings.public_url or request.url_root
        return choices().go(f"{base.rstrip('/')}{self.path}")

    def _moving(
        self, template: str, here: str, back: str, problem: str, status: int, **more: Any
    ) -> AnyResponse:
        return self._page(
            template,
            here=here,
            status=status,
            problem=problem,
            moving=True,
            typed=None,
            day_path=f"{self.path}/move",
            slot_path=f"{self.path}/to",
            back=back,
            **more,
        )

    def _page(self, template: str, *, here: str, **more: Any) -> AnyResponse:
        said = shown(self.booking, self.mall, self.service, self.desk.now_ms(), choices().t)
        return page(
            template,
            site_name=self.room.settings.site_name,
            here=here,
            private=True,
            key=self.booking.mall,
            mall=self.mall,
            service=self.service,
            booking=self.booking,
            shown=said,
            path=self.path,
            **more,
        )
