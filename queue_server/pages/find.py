"""From a number to the whole story of its visit, and what a supervisor may do about it."""

import datetime
import re
import secrets
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.booking_code import is_code, is_own_code, normal_code
from antrean.domain.errors import BadInput, RuleViolation
from antrean.domain.opening import local_day
from antrean.ledger.hall_log import StoredTicket
from queue_server.pages.context import House
from queue_server.pages.errors import refusal
from queue_server.pages.find_view import COMMANDS, found_rows, ticket_view
from queue_server.pages.floor import GIVERS, READERS, done_said, may_command
from queue_server.pages.frame import language, page
from queue_server.pages.guard import Guard
from queue_server.problems import RULE_STATUS

_NUMBER = re.compile(r"([A-Z]{1,2})([0-9A-Z])[\s-]*(\d{1,6})")


def add_pages(site: Blueprint, house: House, guard: Guard) -> None:
    """`/manage/find` and `/manage/ticket/<ticket_id>`."""

    @site.get("/manage/find")
    @guard(READERS)
    def find() -> AnyResponse:
        asked = request.args.get("q", "").strip()[:40]
        today = local_day(house.mall().timezone, house.now_ms())
        problem, tickets, day = "", list[StoredTicket](), today
        try:
            day = _day(request.args.get("day", ""), today)
            tickets = _tickets(house, asked, day) if asked else []
        except RuleViolation as error:
            problem = refusal(house, error)
        if len(tickets) == 1:
            return redirect(f"/manage/ticket/{tickets[0].ticket_id}", 303)
        return page(
            house,
            "manage_find.html",
            status=422 if problem else 200,
            asked=asked,
            day=day.isoformat(),
            last=today.isoformat(),
            rows=found_rows(house, tickets, language()),
            searched=bool(asked) and not problem,
            problem=problem,
        )

    @site.get("/manage/ticket/<ticket_id>")
    @guard(READERS)
    def visit(ticket_id: str) -> AnyResponse:
        return _page(house, ticket_id)

    @site.post("/manage/ticket/<ticket_id>")
    @guard(GIVERS)
    def about_visit(ticket_id: str) -> AnyResponse:
        command = request.form.get("command", "")
        _known(house, ticket_id)
        try:
            _give(house, ticket_id, command)
        except RuleViolation as error:
            return _page(house, ticket_id, error)
        return redirect(f"/manage/ticket/{ticket_id}?done={command}", 303)


def _day(text: str, today: datetime.date) -> datetime.date:
    if not text:
        return today
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise RuleViolation("bad_field", field="day") from None


def _tickets(house: House, asked: str, day: datetime.date) -> list[StoredTicket]:
    """The tickets a person means by `asked`: a whole number with its letters, its digits alone, or a booking's code
    (of today).
    """
    text = asked.upper()
    if text.isdecimal() and text.isascii() and len(text) <= 6:
        return list(house.tickets_numbered(day.isoformat(), int(text)))
    read = _NUMBER.fullmatch(text)
    if read is None:
        code = normal_code(text)
        booked = list(house.tickets_booked(code)) if is_code(code) else []
        if not booked and not is_own_code(code):
            raise BadInput("bad_label", text=asked)
        return booked
    named = house.tickets_numbered(day.isoformat(), int(read[3]))
    return [one for one in named if (one.series, one.issuer) == (read[1], read[2])]


def _known(house: House, ticket_id: str) -> StoredTicket:
    found = house.stored_ticket(ticket_id)
    if found is None:
        raise RuleViolation("unknown_ticket", ticket=ticket_id[:40])
    return found


def _page(house: House, ticket_id: str, error: RuleViolation | None = None) -> AnyResponse:
    stored, lang = _known(house, ticket_id), language()
    return page(
        house,
        "manage_ticket.html",
        status=RULE_STATUS.get(error.code, 422) if error else 200,
        ticket=ticket_view(house, stored, house.story(stored), lang),
        may=may_command(house),
        key=secrets.token_hex(16),
        done=done_said(lang),
        problem=refusal(house, error) if error else "",
    )


def _give(house: House, ticket_id: str, command: str) -> None:
    if command not in COMMANDS:
        raise BadInput("bad_field", field="command")
    if house.ticket_today(ticket_id) is None:
        raise RuleViolation("visit_of_another_day")
    form = request.form
    wanted: dict[str, Any] = {"command": command, "counter": form.get("counter", ""), "ticket": ticket_id}
    if command in ("cancel", "call_ticket"):
        wanted["reason"] = form.get("reason", "").strip()
    elif command == "set_priority":
        wanted["priority"] = form.get("priority") == "yes"
    house.command(wanted, form.get("key", ""))
