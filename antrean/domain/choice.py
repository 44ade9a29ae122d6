"""Who is next at a counter, over the lines of all its services and those it relieves, and the list an officer sees.

A line that a counter only helps takes part by the same order key as its own lines, but only while its longest waiting
visitor waits longer than the rule says. Help can therefore put nobody ahead of an earlier visitor of the counter's
own, and a counter never has to be told to go back: once the relieved line is short enough, it is out again.
"""

from collections.abc import Mapping
from dataclasses import replace

from antrean.domain.hall import Hall
from antrean.domain.line import COUNTS_AS_OVERTAKING, HELPING, Line
from antrean.domain.ordered import Ordered
from antrean.domain.ticket import Ticket

MINUTE_MS = 60_000


def next_at(hall: Hall, counter: str, now_ms: int) -> tuple[Ticket, str] | None:
    """The ticket to call next at `counter` and the reason code of its place; None when nobody waits."""
    limits = help_limits(hall, counter)
    codes = (*hall.services_of(counter), *limits)
    return _best(hall, {code: hall.line(code).at(counter) for code in codes}, limits, now_ms)


def in_calling_order(hall: Hall, counter: str, limit: int, now_ms: int) -> tuple[tuple[Ticket, str], ...]:
    """The first `limit` waiting tickets as the counter would call them one after another now, each with its reason."""
    limits = help_limits(hall, counter)
    lines = {code: _top(hall.line(code).at(counter), limit) for code in hall.services_of(counter)}
    lines |= {code: _top(hall.line(code).at(counter), limit, limit + 1) for code in limits}
    order: list[tuple[Ticket, str]] = []
    while len(order) < limit:
        best = _best(hall, lines, limits, now_ms)
        if best is None:
            break
        order.append(best)
        step = best[0].step
        lines[step.service] = lines[step.service].left(step.place).called()
    return tuple(order)


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
    best: tuple[Ticket, str] | None = None
    for code, line in lines.items():
        if code in limits and longest_wait_ms(line, now_ms) <= limits[code]:
            continue
        head = line.head()
        if head is None:
            continue
        ticket = hall.tickets[head[0]]
        if best is None or ticket.step.place < best[0].step.place:
            why = ticket.step.why if head[1] == "order" else head[1]
            best = ticket, HELPING if code in limits and why in COUNTS_AS_OVERTAKING else why
    return best


def _top(line: Line, limit: int, arrivals: int = 0) -> Line:
    """The part of a line that can matter for its first `limit` calls, with as many of its arrivals as are asked for."""
    by_arrival = line.by_arrival.first(arrivals) if arrivals else Ordered()
    return replace(line, by_key=line.by_key.first(limit + 1), by_arrival=by_arrival)
