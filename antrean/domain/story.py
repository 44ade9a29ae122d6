"""The story of one ticket as a supervisor reads it: what happened, when, where and by whom, in the order of the log."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

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
    """The events of one ticket as they are told; what their moments say decides the order, then the log."""
    told = [_told(accepted) for accepted in log]
    return tuple(sorted(told, key=lambda one: one.at_ms))


def what_of(type_name: str) -> str:
    """An event's type as the key of its sentence: "TicketCalled" is "ticket_called"."""
    return _CAPITAL.sub("_", type_name).lower()


def _told(accepted: Accepted) -> Told:
    body = body_of(accepted.payload)
    facts = {name: value for name, value in body.items() if name not in _NOT_FACTS}
    where, who = str(body.get("counter", "")), str(body.get("officer", ""))
    return Told(accepted.order_ms, what_of(type_of(accepted.payload)), where, who, facts)
