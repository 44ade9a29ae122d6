"""The visitor's phone: one number, live, and readable without any script."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import Blueprint, redirect
from werkzeug.wrappers import Response as AnyResponse

from antrean.domain.catalogue import Mall, Service
from antrean.domain.errors import RuleViolation
from antrean.domain.words import Words
from antrean.texts import texts_for
from antrean.texts.formats import clock, wait_range
from queue_server.pages.context import House
from queue_server.pages.frame import page, texts_of, visitors_language

MINUTE_MS = 60_000
SCALE_STEP = 20
LEAVABLE = frozenset({"waiting", "called", "on_hold", "no_show"})
ENDED = frozenset({"completed", "cancelled", "expired"})


def add_pages(site: Blueprint, house: House) -> None:
    """`/t/<token>` (also `/T/…`, as the ticket's QR spells it) and the way out of the queue."""

    @site.get("/T/<token>")
    def shouted(token: str) -> AnyResponse:
        return redirect(f"/t/{token.upper()}", 302)

    @site.get("/t/<token>")
    def status(token: str) -> AnyResponse:
        return _status(house, token, None)

    @site.get("/t/<token>/leave")
    def ask(token: str) -> AnyResponse:
        return _status(house, token, "leave")

    @site.post("/t/<token>/leave")
    def leave_the_line(token: str) -> AnyResponse:
        with suppress(KeyError, RuleViolation):  # the page that follows shows what the number's state is now
            house.leave_queue(token.upper())
        return redirect(f"/t/{token.upper()}", 303)


def _status(house: House, token: str, ask: str | None) -> AnyResponse:
    lang, mall, token = visitors_language(), house.mall(), token.upper()
    try:
        state = house.state(f"ticket:{token}")
    except KeyError:
        return page(house, "phone_unknown.html", status=404, lang=lang)
    setup = {
        "token": token,
        "language": lang,
        "timezone": mall.timezone,
        "texts": texts_of(lang, ("phone", "common")),
        "key": view_key(state),
        "serverMs": state["server_ms"],
    }
    template = "phone_leave.html" if ask and state["state"] in LEAVABLE else "phone.html"
    return page(house, template, lang=lang, token=token, setup=setup, **view(mall, state, lang))


def view_key(state: Mapping[str, Any]) -> str:
    """Changes whenever the page would look different; the script then fetches the page again."""
    shown = [state[name] for name in ("state", "ahead", "wait", "counter", "call_id", "label")]
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def view(mall: Mall, state: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """What the template shows of a ticket's state."""
    service = service_named(mall, state["service"])
    wait = state["wait"]
    at = [state["server_ms"] + minutes * MINUTE_MS for minutes in wait] if wait else None
    zone_clock = [clock(ms, mall.timezone, lang) for ms in at] if at else None
    return {
        "state": state,
        "service": Words(**state["service"]).get(lang),
        "agency": Words(**state["agency"]).get(lang),
        "zone": Words(**state["zone"]).get(lang),
        "counter": Words(**state["counter_name"]).get(lang) if state["counter_name"] else None,
        "range": wait_range(wait[0], wait[1], lang) if wait else None,
        "range_clock": zone_clock,
        "scale": scale_of(wait) if wait else None,
        "requirements": [(row.icon, row.text.get(lang)) for row in service.requirements[:4]]
        if service
        else [],
        "calls": mall.policy.absent_after_calls,
        "complaints": mall.complaints.get(lang),
        "leavable": state["state"] in LEAVABLE,
        "ended": state["state"] in ENDED,
        "ahead_words": texts_for(lang)("phone.ahead", n=state["ahead"] or 0),
    }


def scale_of(wait: tuple[int, int] | list[int]) -> tuple[float, float, int]:
    """Where a range of minutes lies on a bar: left edge and width in percent, and the bar's end in minutes."""
    end = max(SCALE_STEP, -(-int(wait[1] * 1.3) // SCALE_STEP) * SCALE_STEP)
    return (100 * wait[0] / end, 100 * (wait[1] - wait[0]) / end, end)


def service_named(mall: Mall, name: Mapping[str, str]) -> Service | None:
    """The service with this name in every language it has one in."""
    return next((service for service in mall.services.values() if service.name.to_dict() == name), None)
