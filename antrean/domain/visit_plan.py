"""A visit of several services on one ticket: what is planned after the current step, and how it goes on.

Each service is a step of its own that joins its line at the moment the step before it is finished, so that every
agency's waiting and serving time stays its own.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain.at_counter import Events, moving
from antrean.domain.catalogue import Journey
from antrean.domain.errors import RuleViolation
from antrean.domain.hall import Accepted, Hall, is_full
from antrean.domain.moves import place_of
from antrean.domain.opening import local_day, openness
from antrean.domain.ticket import Move, State, Step, Ticket

MAX_PLANNED = 10


def journeys_for(hall: Hall, service: str) -> tuple[Journey, ...]:
    """The published journeys that go on after `service`."""
    return tuple(journey for journey in hall.mall.journeys.values() if service in journey.services[:-1])


def add_service(hall: Hall, command: c.AddService, now_ms: int) -> Events:
    """Plan one more service; raises RuleViolation, also for one that is not open any more today."""
    officer, before, ticket = moving(hall, command, Move.PLAN)
    check_still_offered(hall, command.service, now_ms)
    if command.service in ticket.plan:
        raise RuleViolation("already_planned", service=command.service, label=str(ticket.label))
    _check_room(ticket, 1)
    return (*before, e.ServiceAdded(ticket.ticket_id, command.counter, officer, command.service))


def drop_service(hall: Hall, command: c.DropService, now_ms: int) -> Events:
    """Take a planned service out again; raises RuleViolation `not_planned`."""
    officer, before, ticket = moving(hall, command, Move.PLAN)
    if command.service not in ticket.plan:
        raise RuleViolation("not_planned", service=command.service, label=str(ticket.label))
    return (*before, e.ServiceDropped(ticket.ticket_id, command.counter, officer, command.service))


def plan_journey(hall: Hall, command: c.PlanJourney, now_ms: int) -> Events:
    """Plan what a published journey has after the current service, without what is planned or was done already."""
    journey = hall.mall.journeys.get(command.journey)
    if journey is None:
        raise RuleViolation("unknown_journey", journey=command.journey)
    officer, before, ticket = moving(hall, command, Move.PLAN)
    if ticket.step.service not in journey.services:
        raise RuleViolation("journey_does_not_fit", journey=journey.code, label=str(ticket.label))
    rest = journey.services[journey.services.index(ticket.step.service) + 1 :]
    known = {*ticket.plan, *(step.service for step in ticket.steps)}
    more = [code for code in rest if code not in known]
    for code in more:
        check_still_offered(hall, code, now_ms)
    if not more:
        return before
    _check_room(ticket, len(more))
    planned = e.JourneyPlanned(
        ticket.ticket_id, command.counter, officer, journey=journey.code, services=",".join(more)
    )
    return (*before, planned)


def check_still_offered(hall: Hall, code: str, now_ms: int) -> None:
    """Refuse to plan a service that is unknown, full, or not open any more today; raises RuleViolation."""
    service = hall.mall.services.get(code)
    if service is None:
        raise RuleViolation("unknown_service", service=code)
    now, zone = openness(hall.mall, service, now_ms), hall.mall.timezone
    if not now.open and now.opens_ms is None:
        raise RuleViolation("service_not_offered", service=code)
    if not now.open and now.opens_ms is not None and local_day(zone, now.opens_ms) != local_day(zone, now_ms):
        raise RuleViolation("service_closed", service=code, reason=now.reason, opens_ms=now.opens_ms)
    if is_full(hall, code):
        raise RuleViolation("service_full", service=code, quota=service.quota)


def _check_room(ticket: Ticket, more: int) -> None:
    if len(ticket.plan) + more > MAX_PLANNED:
        raise RuleViolation("plan_full", label=str(ticket.label), limit=MAX_PLANNED)


def continued(hall: Hall, ticket: Ticket, counter: str, officer: str) -> Events:
    """How the visit goes on once the current step is finished; nothing when nothing the mall still has is planned."""
    code = next((code for code in ticket.plan if code in hall.mall.services), None)
    return () if code is None else (e.VisitContinued(ticket.ticket_id, counter, officer, code),)


def waits_since_ms(ticket: Ticket) -> int:
    """When the visitor came for what they are at now: after the last service they have done, else when they arrived."""
    done = [at for at, step in enumerate(ticket.steps[:-1]) if step.state is State.COMPLETED]
    return ticket.steps[done[-1] + 1].arrived_ms if done else ticket.arrived_ms


def is_continuation(ticket: Ticket) -> bool:
    """Whether the ticket waits for a planned service, the step before it being finished."""
    return (
        len(ticket.steps) > 1 and ticket.state is State.WAITING and ticket.steps[-2].state is State.COMPLETED
    )


def service_added(
    hall: Hall, accepted: Accepted, event: e.ServiceAdded, ticket: Ticket, target: State
) -> Hall:
    """One more service planned."""
    return hall.with_ticket(_planned(ticket, (event.service,)))


def journey_planned(
    hall: Hall, accepted: Accepted, event: e.JourneyPlanned, ticket: Ticket, target: State
) -> Hall:
    """A journey's services planned."""
    return hall.with_ticket(_planned(ticket, event.services.split(",")))


def service_dropped(
    hall: Hall, accepted: Accepted, event: e.ServiceDropped, ticket: Ticket, target: State
) -> Hall:
    """One service less."""
    return hall.with_ticket(
        replace(ticket, plan=tuple(code for code in ticket.plan if code != event.service))
    )


def visit_continued(
    hall: Hall, accepted: Accepted, event: e.VisitContinued, ticket: Ticket, target: State
) -> Hall:
    """The next step joins its line now."""
    if event.service not in hall.mall.services:
        return hall
    at = accepted.order_ms
    place = place_of(hall, at, ticket.ticket_id, ticket.priority)
    step = Step(event.service, State.WAITING, place, "priority" if ticket.priority else "arrival", at)
    rest = (
        ticket.plan[ticket.plan.index(event.service) + 1 :] if event.service in ticket.plan else ticket.plan
    )
    hall = hall.with_ticket(replace(ticket, steps=(*ticket.steps, step), plan=rest))
    return hall.with_line(event.service, hall.line(event.service).joined(place))


def continuation_undone(
    hall: Hall, accepted: Accepted, event: e.ContinuationUndone, ticket: Ticket, target: State
) -> Hall:
    """The waiting step leaves its line and is planned again as the next one."""
    if not is_continuation(ticket):
        return hall
    step = ticket.step
    hall = hall.with_line(step.service, hall.line(step.service).left(step.place))
    others = tuple(code for code in ticket.plan if code != step.service)
    return hall.with_ticket(replace(ticket, steps=ticket.steps[:-1], plan=(step.service, *others)))


def _planned(ticket: Ticket, services: Sequence[str]) -> Ticket:
    new: dict[str, Any] = dict.fromkeys((*ticket.plan, *services))
    return replace(ticket, plan=tuple(new))
