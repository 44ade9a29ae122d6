"""What the hall learns from its events beside their truth, for the estimate of waits."""

from antrean.domain.changed import changed
from antrean.domain.hall import Desk, Hall
from antrean.domain.pace import with_gap, with_visit


def learned(hall: Hall, before: Desk, at_ms: int) -> Hall:
    """The hall with what the change of a desk at `at_ms` teaches; `before` is that desk as it was."""
    desk = hall.desk(before.code)
    if desk.ticket_id == before.ticket_id or before.since_ms is None:
        return hall
    pace, lasted_ms = hall.pace, at_ms - before.since_ms
    if before.ticket_id is not None:
        steps = reversed(hall.tickets[before.ticket_id].steps)
        service = next((step.service for step in steps if step.counter == before.code), None)
        if service is not None:  # a call that was undone leaves no step at this counter
            pace = with_visit(pace, hall.mall, service, lasted_ms)
    elif desk.ticket_id is not None and before.officer is not None and before.break_reason is None:
        was_there = hall.tickets[desk.ticket_id].step.arrived_ms <= before.since_ms
        pace = with_gap(pace, lasted_ms) if was_there else pace
    return hall if pace is hall.pace else changed(hall, pace=pace)
