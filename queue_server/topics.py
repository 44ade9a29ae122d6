"""Which topics there are, who may read them, and the state each shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from antrean.domain.errors import BadInput
from antrean.domain.estimate import Outlook
from antrean.domain.floor_watch import floor_state
from antrean.domain.hall import Hall
from antrean.domain.label import ticket_id_from_token
from antrean.domain.views import (
    board_state,
    console_state,
    counter_view,
    help_state,
    services_state,
    ticket_state,
)
from queue_server.auth.callers import ROLES_FOR, Access, Caller, Staff
from queue_server.live import Truth
from queue_server.problems import Problem

MAX_TOPICS = 20
OUTLOOK_MS = 1_000
"""An outlook on the waits of one hall serves everybody who asks within so long."""


def renderer(now_ms: Callable[[], int]) -> Callable[[Truth, str], Mapping[str, Any]]:
    """A function that renders one topic of a truth; it raises KeyError for a topic that does not exist."""
    outlooks = _Outlooks()

    def render(truth: Truth, topic: str) -> Mapping[str, Any]:
        kind, _, name = topic.partition(":")
        hall, now = truth.hall, now_ms()
        match kind, name:
            case "board", "":
                return board_state(hall, now)
            case "services", "":
                return {
                    **services_state(hall, now, outlooks.of(hall, now)),
                    "generation_hint": truth.generation,
                }
            case "help", "":
                return help_state(hall, now)
            case "floor", "":
                return floor_state(hall, now)
            case "counter", code:
                return counter_view(hall, code, now)
            case "console", code:
                return console_state(hall, code, now, truth.notes)
            case "ticket", token:
                return _ticket(truth, token, now, outlooks.of(hall, now))
        raise KeyError(topic)

    return render


class _Outlooks:
    """The outlook of the hall asked about last: a hundred phones look at one hall, which is run through once."""

    def __init__(self) -> None:
        self._kept: Outlook | None = None

    def of(self, hall: Hall, now_ms: int) -> Outlook:
        """That of this very hall, at most `OUTLOOK_MS` old."""
        kept = self._kept
        if kept is None or kept.hall is not hall or not 0 <= now_ms - kept.now_ms < OUTLOOK_MS:
            kept = self._kept = Outlook(hall, now_ms)
        return kept


def _ticket(truth: Truth, token: str, now: int, outlook: Outlook) -> Mapping[str, Any]:
    try:
        ticket_id = ticket_id_from_token(token)
    except BadInput:
        raise KeyError(token) from None
    return ticket_state(truth.hall, truth.hall.tickets[ticket_id], now, outlook)


def topics_of(asked: str, caller: Caller) -> tuple[str, ...]:
    """The topics named in a query, if the caller may read them; raises Problem 401, 403 or 422."""
    topics = tuple(dict.fromkeys(part for part in asked.split(",") if part))
    if not 0 < len(topics) <= MAX_TOPICS or any(len(topic) > 80 for topic in topics):
        raise Problem(422, "bad_field", field="topics")
    for topic in topics:
        if topic == "help" and not isinstance(caller, Staff):
            raise Problem(401, "sign_in_needed")
        if topic == "floor":
            _check_floor(caller)
        if topic.startswith("console:"):
            _check_console(topic.partition(":")[2], caller)
    return topics


def _check_floor(caller: Caller) -> None:
    if not isinstance(caller, Staff):
        raise Problem(401, "sign_in_needed")
    if not caller.roles & ROLES_FOR[Access.REPORTS]:
        raise Problem(403, "not_allowed")


def _check_console(counter: str, caller: Caller) -> None:
    if not isinstance(caller, Staff):
        raise Problem(401, "sign_in_needed")
    if caller.roles & {"supervisor", "manager", "administrator", "helper"}:
        return
    if caller.counter != counter:
        raise Problem(403, "not_your_counter", counter=caller.counter or "–")
