"""What a counter serves for the rest of the day, and what an idle counter could do instead of waiting."""

from collections.abc import Iterable
from dataclasses import dataclass

from antrean.domain import commands as c
from antrean.domain import events as e
from antrean.domain import pinned
from antrean.domain.at_counter import SCRIPT, Events
from antrean.domain.changed import changed
from antrean.domain.choice import help_limits, longest_wait_ms, next_at
from antrean.domain.errors import BadInput, RuleViolation
from antrean.domain.hall import Accepted, CounterState, Hall, counter_state

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What an officer without visitors could do.

    `open_more`: the counter's own service that it does not serve now; `help_service`: a line it helps, which is not
    late yet, or a line of one of its agencies that waits longer than was promised.
    """

    kind: str
    service: str
    waiting: int
    longest_ms: int


def set_services(hall: Hall, command: c.SetServices, now_ms: int) -> Events:
    """Decide what the counter serves; raises RuleViolation `counter_taken`, `unknown_service`, `not_at_this_counter`.

    Nothing when that is what it serves already. The counter need not be open. An officer chooses among what the
    catalogue gives the counter to serve or to help, and what an idle counter is advised to serve.
    """
    own, desk = hall.mall.counters[command.counter].services, hall.desk(command.counter)
    named = tuple(dict.fromkeys(code.strip() for code in command.services.split(",") if code.strip()))
    if command.services and not named:
        raise BadInput("bad_field", field="services")
    asked = named or own
    if not command.any_service and command.officer and desk.officer not in (None, command.officer):
        raise RuleViolation("counter_taken", counter=command.counter, officer=desk.officer)
    advice = suggestion(hall, command.counter, now_ms)
    helped = (rule.service for rule in hall.mall.counters[command.counter].helps)
    allowed = {*own, *helped, *hall.services_of(command.counter), *([advice.service] if advice else [])}
    for code in asked:
        if code not in hall.mall.services:
            raise RuleViolation("unknown_service", service=code)
        if not command.any_service and code not in allowed:
            raise RuleViolation("not_at_this_counter", counter=command.counter, service=code)
    if set(asked) == set(hall.services_of(command.counter)):
        return ()
    officer = command.officer or desk.officer or SCRIPT
    return (e.ServedChanged(command.counter, officer, "" if set(asked) == set(own) else ",".join(asked)),)


def served_changed(hall: Hall, accepted: Accepted, event: e.ServedChanged) -> Hall:
    """The hall with the counter's set; a service that has left the catalogue since is left out."""
    if event.counter not in hall.mall.counters:
        return hall
    codes = tuple(code for code in event.services.split(",") if code in hall.mall.services)
    hall = changed(hall, served=hall.served.with_item(event.counter, codes))
    return pinned.released(hall, event.counter, hall.services_of(event.counter))


def suggestion(hall: Hall, counter: str, now_ms: int) -> Suggestion | None:
    """The line that would gain most from this counter while it stands idle; None while it has work, or nobody waits."""
    if (
        counter_state(hall, counter) is not CounterState.AVAILABLE
        or next_at(hall, counter, now_ms) is not None
    ):
        return None
    served, mall = hall.services_of(counter), hall.mall
    own = [code for code in mall.counters[counter].services if code not in served]
    agencies = {mall.services[code].agency for code in (*served, *mall.counters[counter].services)}
    limits = help_limits(hall, counter)
    near = [
        code
        for code, service in mall.services.items()
        if service.agency in agencies and code not in served and code not in own and code not in limits
    ]
    found = [
        *_waiting(hall, "open_more", own, now_ms),
        *_waiting(hall, "help_service", limits, now_ms),
        *(
            one
            for one in _waiting(hall, "help_service", near, now_ms)
            if one.longest_ms > mall.services[one.service].promise_minutes * MINUTE_MS
        ),
    ]
    return max(found, key=lambda one: one.longest_ms, default=None)


def _waiting(hall: Hall, kind: str, codes: Iterable[str], now_ms: int) -> list[Suggestion]:
    lines = ((code, hall.line(code)) for code in codes)
    return [
        Suggestion(kind, code, len(line), longest_wait_ms(line, now_ms)) for code, line in lines if len(line)
    ]
