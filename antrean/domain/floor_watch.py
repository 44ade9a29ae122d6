"""The supervisor's floor: every counter with who sits there since when, what it does, and what somebody should look at.

A whole state in its wire form, like those of `views`; services stand in it by their codes, because it is told anew at
every change in the hall and a hundred counters serve many.
"""

from statistics import median
from typing import Any

from antrean.domain.choice import lines_at, longest_wait_ms
from antrean.domain.floor import suggestion
from antrean.domain.hall import CounterState, Desk, Hall, counter_state
from antrean.domain.helping import open_help
from antrean.domain.ticket import Ticket

Wire = dict[str, Any]
MINUTE_MS = 60_000
CALLING_LONG_MS = 5 * MINUTE_MS
"""A visitor who was called this long ago is neither here nor given up: somebody forgot to press."""
IDLE_LONG_MS = 10 * MINUTE_MS
"""A free counter that calls nobody for this long although people wait for it was probably left open."""
LONG_SERVES = 2
"""How many times the published serving time a visitor is served before somebody should look."""


def floor_state(hall: Hall, now_ms: int) -> Wire:
    """Every counter of the hall, calls for help, and idle counters that could relieve a crowded line."""
    return {
        "counters": [_counter(hall, code, now_ms) for code in hall.mall.counters],
        "remedies": _remedies(hall, now_ms),
        "help": [
            {"place": help.place, "asked_at": help.asked_ms, "accepted_by": help.accepted_by}
            for help in open_help(hall, now_ms)
        ],
        "waiting": {code: len(line) for code, line in sorted(hall.lines.items()) if len(line)},
        "server_ms": now_ms,
    }


def _counter(hall: Hall, code: str, now_ms: int) -> Wire:
    desk, counter, state = hall.desk(code), hall.mall.counters[code], counter_state(hall, code)
    services = hall.services_of(code)
    lines = [hall.line(service) for service in lines_at(hall, code, now_ms)]
    oldest = min((line.by_arrival[0].arrived_ms for line in lines if line.by_arrival), default=None)
    ticket = hall.tickets[desk.ticket_id] if desk.ticket_id else None
    return {
        "code": code,
        "name": counter.name.to_dict(),
        "zone": counter.zone,
        "state": state.value,
        "officer": desk.officer,
        "officer_since": desk.officer_ms,
        "since": _since(desk, ticket, state),
        "current": _current(hall, ticket) if ticket else None,
        "break": {"reason": desk.break_reason, "until_ms": desk.break_until_ms}
        if desk.break_reason
        else None,
        "services": list(services),
        "changed": services != counter.services,
        "waiting": sum(len(line) for line in lines),
        "oldest_at": oldest,
        "today": {
            "completed": desk.completed,
            "no_show": desk.no_show,
            "transferred": desk.transferred,
            "median_serve_ms": int(median(desk.serve_ms)) if desk.serve_ms else None,
        },
        "look": look_at(hall, code, now_ms),
    }


def _current(hall: Hall, ticket: Ticket) -> Wire:
    service = hall.mall.services[ticket.step.service]
    return {
        "ticket_id": ticket.ticket_id,
        "label": str(ticket.label),
        "service": service.code,
        "standard_minutes": service.service_minutes,
    }


def _since(desk: Desk, ticket: Ticket | None, state: CounterState) -> int | None:
    """Since when the counter's state holds: for a visitor being served, since they sit there without a pause."""
    if state is CounterState.SERVING and ticket is not None and ticket.step.started_ms is not None:
        return max(ticket.step.started_ms, desk.since_ms or 0)
    return desk.since_ms


def look_at(hall: Hall, code: str, now_ms: int) -> str | None:
    """What somebody should look at here: break_over, serving_long, calling_long, left_open; None when all is well."""
    desk, state = hall.desk(code), counter_state(hall, code)
    ticket = hall.tickets[desk.ticket_id] if desk.ticket_id else None
    since = _since(desk, ticket, state)
    lasted = now_ms - since if since is not None else 0
    match state:
        case CounterState.BREAK:
            return "break_over" if desk.break_until_ms is not None and now_ms > desk.break_until_ms else None
        case CounterState.SERVING if ticket is not None:
            standard = hall.mall.services[ticket.step.service].service_minutes * MINUTE_MS
            return "serving_long" if lasted > LONG_SERVES * standard else None
        case CounterState.CALLING:
            return "calling_long" if lasted > CALLING_LONG_MS else None
        case CounterState.AVAILABLE if any(len(hall.line(one)) for one in lines_at(hall, code, now_ms)):
            return "left_open" if lasted > IDLE_LONG_MS else None
    return None


def _remedies(hall: Hall, now_ms: int) -> list[Wire]:
    """What idle counters could do, the longest wait first; one counter a line, so that nobody moves the whole hall."""
    found: dict[str, Wire] = {}
    for code in hall.mall.counters:
        idle = suggestion(hall, code, now_ms)
        if idle is not None and idle.service not in found:
            found[idle.service] = {
                "counter": code,
                "kind": idle.kind,
                "service": idle.service,
                "name": hall.mall.services[idle.service].short.to_dict(),
                "waiting": len(hall.line(idle.service)),
                "longest_ms": longest_wait_ms(hall.line(idle.service), now_ms),
            }
    return sorted(found.values(), key=lambda one: -int(one["longest_ms"]))
