"""The visitor's phone: one number, live, and readable without any script."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, redirect
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.errors import RuleViolation
from antrean.domain.label import status_token, ticket_id_from_token
from queue_server.pages.context import House
from queue_server.pages.frame import page, texts_of, visitors_language
from queue_server.pages.phone_view import SHOWN, unknown_why, view, view_key

SPOKEN = frozenset(
    [
        "updated",
        "stale",
        "say_called",
        "say_again",
        "your_turn",
        "near",
        "near_none",
        "notice_off",
        "notice_on",
        "notice_touch",
        "notice_none",
        "screen_sleeps",
        "not_sent",
        "back_left",
        "say_changed",
    ]
)
"""The texts the script needs; the rest is in the page."""


def add_pages(site: Blueprint, house: House) -> None:
    """`/t/<token>` (also `/T/…`, as the ticket's QR spells it), the number to show, and what a visitor may do."""

    @site.get("/T/<token>")
    def shouted(token: str) -> AnyResponse:
        return _private(redirect(f"/t/{token.upper()}", 302))

    @site.get("/t/<token>")
    def status(token: str) -> AnyResponse:
        return _status(house, token)

    @site.get("/t/<token>/show")
    def show(token: str) -> AnyResponse:
        return _status(house, token, show=True)

    @site.get("/t/<token>/leave")
    def ask(token: str) -> AnyResponse:
        return _status(house, token, ask=True)

    @site.post("/t/<token>/leave")
    def leave_the_line(token: str) -> AnyResponse:
        with suppress(KeyError, RuleViolation):  # the page that follows shows what the number's state is now
            house.leave_queue(token.upper())
        return _private(redirect(f"/t/{token.upper()}", 303))

    @site.post("/t/<token>/back")
    def come_back(token: str) -> AnyResponse:
        with suppress(KeyError, RuleViolation):  # likewise: too late, or already waiting again
            house.come_back(token.upper())
        return _private(redirect(f"/t/{token.upper()}", 303))


def _status(house: House, token: str, *, show: bool = False, ask: bool = False) -> AnyResponse:
    lang, mall, token = visitors_language(), house.mall(), token.upper()
    try:
        state = house.state(f"ticket:{token}")
    except KeyError:
        why = unknown_why(token, mall.timezone, house.now_ms())
        return _private(page(house, "phone_unknown.html", status=404, lang=lang, why=why))
    setup: dict[str, Any] = {
        "token": token,
        "language": lang,
        "timezone": mall.timezone,
        "texts": {
            key: text
            for key, text in texts_of(lang, ("phone", "common")).items()
            if key.partition(".")[2] in SPOKEN or key.endswith("s_short")
        },
        "shown": SHOWN,
        "state": state,
        "key": view_key(state),
    }
    shown = view(mall, state, lang)
    template = "phone_leave.html" if ask and shown["leavable"] else "phone.html"
    other = _other_number(house, token)
    return _private(
        page(house, template, lang=lang, token=token, setup=setup, show=show, other=other, **shown)
    )


def _other_number(house: House, token: str) -> str | None:
    """The status token of the number that stands for the same booking; None for a number of its own."""
    ticket = house.ticket_today(ticket_id_from_token(token))
    return status_token(ticket.alias_of) if ticket and ticket.alias_of else None


def _private(response: AnyResponse) -> AnyResponse:
    """The address is the visitor's key: no search engine keeps it and no other page is told it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
