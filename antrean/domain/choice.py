"""Who is next at a counter, over the lines of all its services, and the list an officer sees."""

from dataclasses import replace

from antrean.domain.hall import Hall
from antrean.domain.line import Line
from antrean.domain.ordered import Ordered
from antrean.domain.ticket import Ticket


def next_at(hall: Hall, counter: str) -> tuple[Ticket, str] | None:
    """The ticket to call next at `counter` and the reason code of its place; None when nobody waits."""
    return _best(hall, {code: hall.line(code) for code in hall.mall.counters[counter].services})


def in_calling_order(hall: Hall, counter: str, limit: int) -> tuple[tuple[Ticket, str], ...]:
    """The first `limit` waiting tickets of a counter as it would call them, each with its reason code."""
    codes = hall.mall.counters[counter].services
    lines = {code: _top(hall.line(code), limit) for code in codes}
    order: list[tuple[Ticket, str]] = []
    while len(order) < limit:
        best = _best(hall, lines)
        if best is None:
            break
        order.append(best)
        step = best[0].step
        lines[step.service] = lines[step.service].left(step.place).called()
    return tuple(order)


def _best(hall: Hall, lines: dict[str, Line]) -> tuple[Ticket, str] | None:
    best: tuple[Ticket, str] | None = None
    for line in lines.values():
        head = line.head()
        if head is None:
            continue
        ticket = hall.tickets[head[0]]
        if best is None or ticket.step.place < best[0].step.place:
            best = ticket, ticket.step.why if head[1] == "order" else head[1]
    return best


def _top(line: Line, limit: int) -> Line:
    """The part of a line that can matter for its first `limit` calls."""
    return replace(line, by_key=line.by_key.first(limit + 1), by_arrival=Ordered())
