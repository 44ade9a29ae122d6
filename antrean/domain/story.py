"""The story of one ticket as a supervisor reads it: what happened, when, where and by whom, in the order of the log."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from antrean.domain import events as e
from antrean.domain.events import body_of, type_of
from antrean.domain.hall import Accepted

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_NOT_FACTS = ("ticket_id", "counter", "officer")


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a ticket: `what` is its type in small letters ("ticket_called"), `facts` the rest of its body."""

    at_ms: int
    what: str
    counter: str
    officer: str
    facts: Mapping[str, Any]


def story(log: Iterable[Accepted]) -> tuple[Told, ...]:
    """The events of one ticket as they are told; what their moments say decides the order, then the log.

    `log` may hold the day's `StoodIn` events: what follows one in the same command was done by whom it names.
    """
    told, stood_in = list[Told](), Accepted(0, -1, "", "", e.StoodIn("", "", ""))
    for accepted in log:
        if isinstance(accepted.payload, e.StoodIn):
            stood_in = accepted
        else:
            told.append(_told(accepted, stood_in))
    return tuple(sorted(told, key=lambda one: one.at_ms))


def what_of(type_name: str) -> str:
    """An event's type as the key of its sentence: "TicketCalled" is "ticket_called"."""
    return _CAPITAL.sub("_", type_name).lower()


def _told(accepted: Accepted, stood_in: Accepted) -> Told:
    body = body_of(accepted.payload)
    facts = {name: value for name, value in body.items() if name not in _NOT_FACTS}
    where, who = str(body.get("counter", "")), str(body.get("officer", ""))
    if stood_in.order_ms == accepted.order_ms and isinstance(stood_in.payload, e.StoodIn):
        who = stood_in.payload.by if stood_in.payload.counter == where else who
    return Told(accepted.order_ms, what_of(type_of(accepted.payload)), where, who, facts)
