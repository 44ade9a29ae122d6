"""What each screen shows, as small whole states in their wire form: any one message heals everything before it.

The shapes are described in `docs/http.md`. Nothing personal is in any of them.
"""

from collections import Counter
from statistics import median
from typing import Any

from antrean.domain.announcements import running
from antrean.domain.catalogue import Service
from antrean.domain.choice import MINUTE_MS, help_limits, in_calling_order, lines_at, longest_wait_ms
from antrean.domain.estimate import Outlook, wait_range
from antrean.domain.floor import suggestion
from antrean.domain.hall import CounterState, Hall, counter_state, is_full
from antrean.domain.helping import open_help, paper_state, unchecked
from antrean.domain.opening import last_number_ms
from antrean.domain.ticket import State, Ticket
from antrean.domain.visit_view import (
    Texts,
    alias_label,
    allowed,
    at_the_counter,
    booking_of,
    fitting_journeys,
    for_the_phone,
    of_a_visit,
)

Wire = dict[str, Any]
WAITING_ROWS = 40
TOLD_CALLS, TOLD_MS = 12, 60_000
"""A board is told so many calls, and in a rush all of so long: one that asks now and then misses none."""

UNCHECKED_ROWS = 12
ELSEWHERE = 3
"""More counters than these nobody remembers on the way."""
NO_TEXTS: Texts = {}


def board_state(hall: Hall, now_ms: int) -> Wire:
    """The hall board: the last calls, newest first, and who waits where."""
    waiting = dict.fromkeys(hall.mall.agencies, 0)
    for code, line in hall.lines.items():
        waiting[hall.mall.services[code].agency] += len(line)
    return {
        "mall": {"name": hall.mall.name, "timezone": hall.mall.timezone},
        "zones": [{"code": zone.code, "name": zone.name.to_dict()} for zone in hall.mall.zones.values()],
        "calls": [_call(hall, at) for at in range(_told(hall, now_ms))],
        "waiting": [
            {"agency": agency.code, "short": agency.short, "zone": agency.zone, "count": waiting[agency.code]}
            for agency in hall.mall.agencies.values()
        ],
        "announcements": [words.to_dict() for words in hall.mall.announcements],
        "notices": notices(hall, now_ms),
        "day": hall.day,
        "server_ms": now_ms,
    }


def _told(hall: Hall, now_ms: int) -> int:
    young = sum(now_ms - call.called_ms < TOLD_MS for call in hall.calls)
    return min(len(hall.calls), max(TOLD_CALLS, young))


def _call(hall: Hall, at: int) -> Wire:
    call = hall.calls[at]
    ticket, service = hall.tickets[call.ticket_id], hall.mall.services[call.service]
    counter = hall.mall.counters[call.counter]
    return {
        "call_id": call.call_id,
        "label": str(ticket.label),
        "check": ticket.check if ticket.twin else None,
        "counter": counter.code,
        "counter_name": counter.name.to_dict(),
        "service": service.short.to_dict(),
        "agency": hall.mall.agencies[service.agency].short,
        "zone": counter.zone,
        "called_at": call.called_ms,
        "recall": call.recall,
    }


def notices(hall: Hall, now_ms: int) -> list[Wire]:
    """What supervisors have announced and still holds, the oldest first."""
    counters = hall.mall.counters
    return [
        {
            "id": notice.notice_id,
            "kind": notice.kind,
            "about": notice.about,
            "about_name": counters[notice.about].name.to_dict() if notice.about else None,
            "text": notice.text,
            "zone": notice.zone,
            "at": notice.at_ms,
            "until_ms": notice.until_ms,
        }
        for notice in running(hall, now_ms)
    ]


def counter_view(hall: Hall, code: str, now_ms: int) -> Wire:
    """The display above one counter."""
    desk, counter = hall.desk(code), hall.mall.counters[code]
    ticket = hall.tickets[desk.ticket_id] if desk.ticket_id else None
    return {
        "counter": code,
        "name": counter.name.to_dict(),
        "state": counter_state(hall, code).value,
        "label": str(ticket.label) if ticket else None,
        "call_id": ticket.step.call_id if ticket else None,
        "service": hall.mall.services[ticket.step.service].short.to_dict() if ticket else None,
        "services": [hall.mall.services[service].short.to_dict() for service in hall.services_of(code)],
        "reason": desk.break_reason,
        "until_ms": desk.break_until_ms,
        "elsewhere": _elsewhere(hall, code),
        "server_ms": now_ms,
    }


def _elsewhere(hall: Hall, code: str) -> Wire | None:
    """The first service of a counter that others serve meanwhile, and where; None while the counter itself works."""
    resting = (CounterState.CLOSED, CounterState.BREAK)
    if counter_state(hall, code) not in resting:
        return None
    at_work = [other for other in hall.mall.counters if counter_state(hall, other) not in resting]
    for service in hall.services_of(code):
        there = [other for other in at_work if service in hall.services_of(other)]
        if there:
            names = [
                {"code": other, "name": hall.mall.counters[other].name.to_dict()}
                for other in there[:ELSEWHERE]
            ]
            return {"service": hall.mall.services[service].short.to_dict(), "counters": names}
    return None


def services_state(hall: Hall, now_ms: int, outlook: Outlook | None = None) -> Wire:
    """What a kiosk shows beside each service, and the numbers heard today; `outlook` of the same hall, if at hand."""
    outlook = outlook or Outlook(hall, now_ms)
    able = Counter(service for code in hall.mall.counters for service in hall.services_of(code))
    return {
        "services": {
            code: {**_service(outlook, code, now_ms), "counters": able[code]} for code in hall.mall.services
        },
        "heard": dict(sorted(hall.heard.items())),
        "calls": [
            {"label": str(hall.tickets[call.ticket_id].label), "counter": call.counter}
            for call in hall.calls[:3]
        ],
        "help": [
            {"place": help.place, "accepted": help.accepted_by is not None, "asked_at": help.asked_ms}
            for help in open_help(hall, now_ms)
        ],
        "day": hall.day,
        "server_ms": now_ms,
    }


def help_state(hall: Hall, now_ms: int) -> Wire:
    """For staff who walk the hall: who asks for a person, and whose priority nobody has confirmed yet."""
    doubtful = [
        {
            "ticket_id": ticket.ticket_id,
            "label": str(ticket.label),
            "service": hall.mall.services[ticket.step.service].short.to_dict(),
            "arrived_at": ticket.step.arrived_ms,
        }
        for ticket in unchecked(hall)[:UNCHECKED_ROWS]
    ]
    return {"calls": _help(hall, now_ms), "priority": doubtful, "server_ms": now_ms}


def _help(hall: Hall, now_ms: int) -> list[Wire]:
    return [
        {
            "place": help.place,
            "asked_at": help.asked_ms,
            "accepted_by": help.accepted_by,
            "accepted_at": help.accepted_ms,
        }
        for help in open_help(hall, now_ms)
    ]


def _service(outlook: Outlook, code: str, now_ms: int) -> Wire:
    hall = outlook.hall
    wait = wait_range(hall, code, now_ms, outlook=outlook)
    return {
        "waiting": len(hall.line(code)),
        "ahead": outlook.people_ahead(code),
        "wait": list(wait) if wait else None,
        "counters_open": outlook.staff.serving.get(code, 0),
        "full": is_full(hall, code),
        "last_number_ms": last_number_ms(hall.mall, hall.mall.services[code], now_ms),
    }


def ticket_state(hall: Hall, ticket: Ticket, now_ms: int, outlook: Outlook | None = None) -> Wire:
    """The visitor's phone page; `outlook` of the same hall, if at hand."""
    step, service = ticket.step, hall.mall.services[ticket.step.service]
    waiting = step.state is State.WAITING
    outlook = outlook or Outlook(hall, now_ms)
    wait = wait_range(hall, step.service, now_ms, step.place, outlook) if waiting else None
    counter = hall.mall.counters.get(step.counter or "")
    return {
        "label": str(ticket.label),
        "check": ticket.check,
        "state": step.state.value,
        "service": service.name.to_dict(),
        "agency": hall.mall.agencies[service.agency].name.to_dict(),
        "zone": hall.mall.zone_of(service).name.to_dict(),
        "ahead": outlook.people_ahead(step.service, step.place) if waiting else None,
        "wait": list(wait) if wait else None,
        "counter": counter.code if counter else None,
        "counter_name": counter.name.to_dict() if counter else None,
        "call_id": step.call_id,
        "called_at": step.called_ms,
        "arrived_at": ticket.arrived_ms,
        "booking": booking_of(ticket),
        "alias_of": alias_label(hall, ticket),
        "paper": paper_state(hall, ticket, now_ms),
        **for_the_phone(hall, ticket, now_ms),
        "server_ms": now_ms,
    }


def row(hall: Hall, ticket: Ticket, why: str, counter: str = "") -> Wire:
    """One line of an officer's list at `counter`, with the reason for its place."""
    service = hall.mall.services[ticket.step.service]
    return {
        "ticket_id": ticket.ticket_id,
        "label": str(ticket.label),
        "check": ticket.check if ticket.twin else None,
        "service": service.short.to_dict(),
        "arrived_at": ticket.step.arrived_ms,
        "priority": ticket.priority,
        "priority_checked": ticket.priority_checked,
        "promise_minutes": service.promise_minutes,
        "booking": booking_of(ticket),
        "reason": {"code": why, "params": _reason_params(hall, ticket, why, counter)},
        **of_a_visit(hall, ticket),
    }


def _reason_params(hall: Hall, ticket: Ticket, why: str, counter: str) -> Wire:
    step, policy = ticket.step, hall.mall.policy
    match why:
        case "priority":
            return {"arrived_at": step.arrived_ms, "minutes": policy.priority_head_start_minutes}
        case "booking" if ticket.booking:
            return {"arrived_at": step.arrived_ms, "slot_at": ticket.booking.slot_ms}
        case "returned":
            return {"arrived_at": step.arrived_ms, "calls": policy.return_after_calls}
        case "capped":
            return {"arrived_at": step.arrived_ms, "times": step.overtaken}
        case "helping" if counter:
            limit_ms = help_limits(hall, counter).get(step.service, 0)
            return {"arrived_at": step.arrived_ms, "minutes": limit_ms // MINUTE_MS}
        case _:
            return {"arrived_at": step.arrived_ms}


def console_state(hall: Hall, code: str, now_ms: int, texts: Texts = NO_TEXTS) -> Wire:
    """The officer's console for one counter; `texts` are the notes' texts by id."""
    desk, counter = hall.desk(code), hall.mall.counters[code]
    current = hall.tickets[desk.ticket_id] if desk.ticket_id else None
    order = in_calling_order(hall, code, WAITING_ROWS, now_ms)
    served, called = hall.services_of(code), lines_at(hall, code, now_ms)
    mine = [hall.line(service).at(code) for service in called]
    aside = [hall.tickets[ticket_id] for ticket_id in hall.aside]
    aside = [one for one in aside if one.step.service in called or one.step.counter == code]
    return {
        "counter": code,
        "name": counter.name.to_dict(),
        "state": counter_state(hall, code).value,
        "officer": desk.officer,
        "break": {"reason": desk.break_reason, "until_ms": desk.break_until_ms}
        if desk.break_reason
        else None,
        "services": [_named(hall.mall.services[service]) for service in served],
        "own_services": [_named(hall.mall.services[service]) for service in counter.services],
        "helps": _helps(hall, code, now_ms),
        "suggestion": _suggestion(hall, code, now_ms),
        "current": {**row(hall, current, current.step.why), **at_the_counter(hall, current, texts)}
        if current
        else None,
        "journeys": fitting_journeys(hall, code),
        "waiting": [row(hall, ticket, why, code) for ticket, why in order],
        "waiting_total": sum(len(line) for line in mine),
        "longest_ms": max((longest_wait_ms(line, now_ms) for line in mine), default=0),
        "no_show": [row(hall, ticket, ticket.step.why) for ticket in aside if ticket.state is State.NO_SHOW],
        "on_hold": [row(hall, ticket, ticket.step.why) for ticket in aside if ticket.state is State.ON_HOLD],
        "next": str(order[0][0].label) if order else None,
        "can": allowed(hall, code),
        "help": _help(hall, now_ms),
        "today": {
            "completed": desk.completed,
            "no_show": desk.no_show,
            "transferred": desk.transferred,
            "median_serve_ms": int(median(desk.serve_ms)) if desk.serve_ms else None,
        },
        "server_ms": now_ms,
    }


def _helps(hall: Hall, code: str, now_ms: int) -> list[Wire]:
    """The lines this counter relieves; `active` while one waits too long and is called from here as well."""
    called = lines_at(hall, code, now_ms)
    return [
        {
            **_named(hall.mall.services[service]),
            "after_minutes": limit_ms // MINUTE_MS,
            "active": service in called,
        }
        for service, limit_ms in help_limits(hall, code).items()
    ]


def _suggestion(hall: Hall, code: str, now_ms: int) -> Wire | None:
    found = suggestion(hall, code, now_ms)
    if found is None:
        return None
    return {
        "kind": found.kind,
        "service": found.service,
        "name": hall.mall.services[found.service].short.to_dict(),
        "waiting": found.waiting,
        "longest_ms": found.longest_ms,
    }


def _named(service: Service) -> Wire:
    return {"code": service.code, "name": service.short.to_dict()}
