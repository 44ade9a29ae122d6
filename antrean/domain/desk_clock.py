"""Since when a counter is as it is: who sits there, whether they pause, which visitor is at it.

Asked before and after each event in one place, so that no event that moves somebody has to remember it.
"""

from antrean.domain.changed import changed
from antrean.domain.events import Payload
from antrean.domain.hall import Desk, Hall


def counter_of(hall: Hall, event: Payload) -> str:
    """The counter whose desk `event` may change, "" for none.

    A visitor who leaves by phone names no counter, and yet the counter that was calling them is free again.
    """
    counter: str = getattr(event, "counter", "")
    ticket = hall.tickets.get(getattr(event, "ticket_id", "")) if not counter else None
    code = counter or (ticket.step.counter if ticket else None) or ""
    return code if code in hall.mall.counters else ""


def timed(hall: Hall, before: Desk, at_ms: int) -> Hall:
    """The hall with the clocks of a desk set to `at_ms` where it is no longer as `before`."""
    desk = hall.desk(before.code)
    if desk is before:
        return hall
    officer_ms = desk.officer_ms
    if desk.officer != before.officer:
        officer_ms = at_ms if desk.officer else None
    same = (desk.officer, desk.ticket_id, desk.break_reason) == (
        before.officer,
        before.ticket_id,
        before.break_reason,
    )
    since_ms = desk.since_ms if same else at_ms
    if (officer_ms, since_ms) == (desk.officer_ms, desk.since_ms):
        return hall
    return hall.with_desk(changed(desk, officer_ms=officer_ms, since_ms=since_ms))
