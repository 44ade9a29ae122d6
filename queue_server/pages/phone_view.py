"""What the visitor's page says of a ticket's state, in words and figures."""

import datetime
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from antrean.domain.booking import CLAIMED
from antrean.domain.booking_code import shown_code
from antrean.domain.catalogue import Mall, Service
from antrean.domain.errors import BadInput
from antrean.domain.label import ticket_id_from_token
from antrean.domain.words import Words
from antrean.texts import texts_for
from antrean.texts.formats import clock, wait_range

MINUTE_MS = 60_000
SCALE_STEP = 20
ENDED = frozenset({"completed", "cancelled", "expired"})
SHOWN = (
    *("state", "label", "service", "zone", "ahead", "wait", "counter", "call_id"),
    *("can", "no_show_until_ms", "plan", "earlier", "booking", "alias_of"),
)
"""The parts of a ticket's state that the page shows; when one of them changes, the script asks for the page again."""


@dataclass(frozen=True, slots=True)
class Booked:
    """The booking behind a number: in words, what it means for the place, and in short (its clock or its code)."""

    said: str
    why: str
    short: str


def view_key(state: Mapping[str, Any]) -> str:
    """Changes whenever the page would look different."""
    return json.dumps([state[name] for name in SHOWN], ensure_ascii=False, separators=(",", ":"))


def view(mall: Mall, state: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """What the template shows of a ticket's state."""
    service = service_named(mall, state["service"])
    wait, policy, t = state["wait"], mall.policy, texts_for(lang)
    at = [state["server_ms"] + minutes * MINUTE_MS for minutes in wait] if wait else None
    return {
        "state": state,
        "service": _said(state["service"], lang),
        "agency": _said(state["agency"], lang),
        "zone": _said(state["zone"], lang),
        "counter": _said(state["counter_name"], lang) if state["counter_name"] else None,
        "range": wait_range(wait[0], wait[1], lang) if wait else None,
        "range_clock": [clock(ms, mall.timezone, lang) for ms in at] if at else None,
        "scale": scale_of(wait) if wait else None,
        "requirements": [(row.icon, row.text.get(lang)) for row in service.requirements[:4]]
        if service
        else [],
        "most_calls": policy.absent_after_calls,
        "back": back_of(state),
        "back_text": t("phone.back_text", n=policy.return_after_calls),
        "before": before_of(state, lang),
        "booked": booked_of(state, mall.timezone, lang),
        "plan": [_said(one["name"], lang) for one in state["plan"]],
        "complaints": mall.complaints.get(lang),
        "leavable": "leave" in state["can"],
        "ended": state["state"] in ENDED,
        "ahead_words": t("phone.ahead", n=state["ahead"] or 0),
    }


def back_of(state: Mapping[str, Any]) -> str | None:
    """Whether an absent visitor may come back by phone: `can`, `over` (too late), `often`; None: not absent."""
    if state["state"] != "no_show":
        return None
    if "come_back" in state["can"]:
        return "can"
    return "over" if state["no_show_until_ms"] else "often"


def before_of(state: Mapping[str, Any], lang: str) -> tuple[str, str] | None:
    """How the step before ended ("transferred", "completed" …) and its service; None on the first step."""
    if not state["earlier"]:
        return None
    last = state["earlier"][-1]
    return last["state"], _said(last["name"], lang)


def booked_of(state: Mapping[str, Any], timezone: str, lang: str, room: str = "phone") -> Booked | None:
    """The booking behind the number and what it means for the place, in the words of a room; None without one."""
    booking = state["booking"]
    if booking is None:
        return None
    t = texts_for(lang)
    if booking["how"] == CLAIMED:
        code = shown_code(booking["code"])
        return Booked(t(f"{room}.booking_code", code=code), t(f"{room}.booking_claimed"), code)
    at = clock(booking["slot_ms"], timezone, lang)
    return Booked(t(f"{room}.booking", clock=at), t(f"{room}.booking_{booking['how']}"), at)


def unknown_why(token: str, timezone: str, now_ms: int) -> str:
    """Why a token shows nothing: `mistyped`, `old` (its ticket was made on an earlier day) or `unknown` (yet).

    The identity of a ticket is a UUIDv7, whose first 48 bits are the moment it was made by its device's clock.
    """
    try:
        ticket = uuid.UUID(ticket_id_from_token(token))
    except BadInput:
        return "mistyped"
    if ticket.version != 7:
        return "unknown"
    zone = ZoneInfo(timezone)
    made = datetime.datetime.fromtimestamp(min(ticket.int >> 80, now_ms) / 1000, zone)
    return "old" if made.date() < datetime.datetime.fromtimestamp(now_ms / 1000, zone).date() else "unknown"


def scale_of(wait: tuple[int, int] | list[int]) -> tuple[float, float, int]:
    """Where a range of minutes lies on a bar: left edge and width in percent, and the bar's end in minutes."""
    end = max(SCALE_STEP, -(-int(wait[1] * 1.3) // SCALE_STEP) * SCALE_STEP)
    return (100 * wait[0] / end, 100 * (wait[1] - wait[0]) / end, end)


def service_named(mall: Mall, name: Mapping[str, str]) -> Service | None:
    """The service with this name in every language it has one in."""
    return next((service for service in mall.services.values() if service.name.to_dict() == name), None)


def _said(words: Mapping[str, str], lang: str) -> str:
    return Words(**words).get(lang)
