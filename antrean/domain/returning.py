"""Absent visitors who come after all: until when, and how often."""

from antrean.domain.errors import RuleViolation
from antrean.domain.hall import Hall
from antrean.domain.moves import MINUTE_MS
from antrean.domain.ticket import Move, State, Ticket, moved


def return_until_ms(hall: Hall, ticket: Ticket) -> int | None:
    """Until when (server ms) an absent visitor may return; None when they are not absent or came back too often."""
    step, policy = ticket.step, hall.mall.policy
    if step.state is not State.NO_SHOW or step.ended_ms is None or step.returns >= policy.max_returns:
        return None
    return step.ended_ms + policy.ticket_grace_minutes * MINUTE_MS


def check_return(hall: Hall, ticket: Ticket, now_ms: int, beyond_grace: bool = False) -> None:
    """Refuse a return too late or too often; raises RuleViolation `returned_too_often`, `grace_over`."""
    moved(ticket, Move.RETURN)
    policy, until_ms = hall.mall.policy, return_until_ms(hall, ticket)
    if until_ms is None:
        raise RuleViolation("returned_too_often", label=str(ticket.label), times=ticket.step.returns)
    if now_ms > until_ms and not beyond_grace:
        raise RuleViolation("grace_over", label=str(ticket.label), minutes=policy.ticket_grace_minutes)
