"""Who is next at a counter, over the lines of all its services and those it relieves, and the list an officer sees.

A line that a counter only helps takes part by the same order key as its own lines, but only while its longest waiting
visitor waits longer than the rule says. Help can therefore put nobody ahead of an earlier visitor of the counter's
own, and a counter never has to be told to go back: once the relieved line is short enough, it is out again.
"""

from collections.abc import Mapping
from dataclasses import replace

from antrean.domain.hall import Hall
from antrean.domain.line import COUNTS_AS_OVERTAKING, HELPING, Head, Line
from antrean.domain.ticket import Place, Ticket

MINUTE_MS = 60_000


def next_at(hall: Hall, counter: str, now_ms: int) -> tuple[Ticket, str] | None:
    """The ticket to call next at `counter` and the reason code of its place; None when nobody waits."""
    limits = help_limits(hall, counter)
    codes = (*hall.services_of(counter), *limits)
    return _best(hall, {code: hall.line(code).at(counter) for code in codes}, limits, now_ms)


def in_calling_order(hall: Hall, counter: str, limit: int, now_ms: int) -> tuple[tuple[Ticket, str], ...]:
    """The first `limit` waiting tickets as the counter would call them one after another now, each with its reason."""
    limits = help_limits(hall, counter)
    codes = (*hall.services_of(counter), *limits)
    lines = {code: _top(hall.line(code).at(counter), limit) for code in codes}
    order: list[tuple[Ticket, str]] = []
    counts: dict[str, int] = {}
    while len(order) < limit:
        best = _best(hall, lines, limits, now_ms)
        if best is None:
            break
        order.append(best)
        ticket, why = best
        line = lines[ticket.step.service].left(ticket.step.place).called()
        if why in COUNTS_AS_OVERTAKING:
            line = _overtaken(hall, line, ticket.step.place, counts)
        lines[ticket.step.service] = line
    return tuple(order)


def _overtaken(hall: Hall, line: Line, place: Place, counts: dict[str, int]) -> Line:
    """The line after a call of `place`, as `evolve` will make it; `counts` are the overtakings of the list so far."""
    for ticket_id in line.earlier_than(place):
        step = hall.tickets[ticket_id].step
        count = counts[ticket_id] = counts.get(ticket_id, step.overtaken) + 1
        if count == hall.mall.policy.overtaking_cap:
            line = line.with_capped(step.place)
    return line


def help_limits(hall: Hall, counter: str) -> Mapping[str, int]:
    """The lines that `counter` may relieve and does not serve itself now, each with its longest allowed wait in ms."""
    served = hall.services_of(counter)
    rules = hall.mall.counters[counter].helps
    return {rule.service: rule.after_minutes * MINUTE_MS for rule in rules if rule.service not in served}


def longest_wait_ms(line: Line, now_ms: int) -> int:
    """How long the earliest arrival of a line has waited; 0 without anybody. Returned visitors had their call."""
    return now_ms - line.by_arrival[0].arrived_ms if line.by_arrival else 0


def lines_at(hall: Hall, counter: str, now_ms: int) -> tuple[str, ...]:
    """The services whose lines the counter calls from now: its own, and those it helps that wait too long."""
    helped = help_limits(hall, counter).items()
    late = (
        code for code, limit_ms in helped if longest_wait_ms(hall.line(code).at(counter), now_ms) > limit_ms
    )
    return (*hall.services_of(counter), *late)


def _best(
    hall: Hall, lines: Mapping[str, Line], limits: Mapping[str, int], now_ms: int
) -> tuple[Ticket, str] | None:
    found: tuple[str, Head] | None = None
    for code, line in lines.items():
        if code in limits and longest_wait_ms(line, now_ms) <= limits[code]:
            continue
        head = line.head()
        if head is not None and (found is None or head.turn < found[1].turn):
            found = code, head
    if found is None:
        return None
    code, head = found
    ticket = hall.tickets[head.ticket_id]
    why = ticket.step.why if head.rule == "order" else head.rule
    return ticket, HELPING if code in limits and why in COUNTS_AS_OVERTAKING else why


def _top(line: Line, limit: int) -> Line:
    """The part of a line that can matter for its first `limit` calls."""
    return replace(line, by_key=line.by_key.first(limit + 1), by_arrival=line.by_arrival.first(limit + 1))
