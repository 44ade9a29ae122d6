"""The administrator's page of bookings: how every source is, what waits for a person, what was decided and why."""

import datetime
from collections.abc import Callable

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.errors import RuleViolation
from antrean.domain.opening import local_day
from queue_server.pages.booking_context import BookingRoom
from queue_server.pages.bookings_view import bookings_view
from queue_server.pages.context import House
from queue_server.pages.errors import refusal
from queue_server.pages.frame import language, page
from queue_server.pages.guard import Guard
from queue_server.problems import RULE_STATUS

ROLES = frozenset({"administrator"})


def add_pages(site: Blueprint, house: House, guard: Guard) -> None:
    """`/admin/bookings` and what may be done there."""

    @site.get("/admin/bookings")
    @guard(ROLES)
    def bookings() -> AnyResponse:
        return _page(house)

    @site.get("/admin/bookings/part")
    @guard(ROLES)
    def bookings_part() -> AnyResponse:
        view = bookings_view(house, _day(house), language())
        return page(house, "admin_bookings_part.html", view=view)

    @site.post("/admin/bookings/try")
    @guard(ROLES)
    def try_source() -> AnyResponse:
        return _done(house, lambda room: room.try_now(request.form.get("source", "")))

    @site.post("/admin/bookings/retry")
    @guard(ROLES)
    def retry_outcome() -> AnyResponse:
        return _done(house, lambda room: room.retry(request.form.get("entry", ""), _who(house)))

    @site.post("/admin/bookings/drop")
    @guard(ROLES)
    def drop_outcome() -> AnyResponse:
        return _done(house, lambda room: room.drop(request.form.get("entry", ""), _who(house)))


def _page(house: House, error: RuleViolation | None = None) -> AnyResponse:
    return page(
        house,
        "admin_bookings.html",
        status=RULE_STATUS.get(error.code, 422) if error else 200,
        view=bookings_view(house, _day(house), language()),
        problem=refusal(house, error) if error else "",
        done=request.args.get("done") == "yes",
    )


def _done(house: House, act: Callable[[BookingRoom], None]) -> AnyResponse:
    room = house.bookings()
    if room is None:
        raise RuleViolation("not_found")
    try:
        act(room)
    except RuleViolation as error:
        return _page(house, error)
    return redirect("/admin/bookings?done=yes", 303)


def _who(house: House) -> str:
    person = house.person()
    return person.name if person else ""


def _day(house: House) -> datetime.date:
    today = local_day(house.mall().timezone, house.now_ms())
    try:
        return datetime.date.fromisoformat(request.args["day"]) if request.args.get("day") else today
    except ValueError:
        raise RuleViolation("bad_field", field="day") from None
