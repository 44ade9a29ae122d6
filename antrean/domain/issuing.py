"""A ticket that the server issues: whether its service takes numbers now, and which number it is."""

from antrean.domain import events as e
from antrean.domain.errors import RuleViolation
from antrean.domain.hall import Hall, is_full
from antrean.domain.label import SERVER_ISSUER
from antrean.domain.numbering import next_number
from antrean.domain.opening import taking_numbers


def check_open(hall: Hall, service: str, now_ms: int) -> None:
    """Refuse a service that is unknown, closed now or past its last number; raises RuleViolation."""
    found = hall.mall.services.get(service)
    if found is None:
        raise RuleViolation("unknown_service", service=service)
    now = taking_numbers(hall.mall, found, now_ms)
    if now.reason == "last_number":
        raise RuleViolation("last_number_given", service=service, last_ms=now.last_ms)
    if not now.open and now.opens_ms is None:
        raise RuleViolation("service_not_offered", service=service)
    if not now.open:
        raise RuleViolation("service_closed", service=service, reason=now.reason, opens_ms=now.opens_ms)


def check_service(hall: Hall, service: str, now_ms: int) -> None:
    """Refuse a service that takes no number now, also for being full today; raises RuleViolation."""
    check_open(hall, service, now_ms)
    if is_full(hall, service):
        raise RuleViolation("service_full", service=service, quota=hall.mall.services[service].quota)


def issued_by_server(
    hall: Hall, service: str, ticket_id: str, generation: int, priority: bool, language: str, channel: str
) -> e.TicketIssued:
    """The server's next number of a service, for a visitor whom staff help."""
    series = hall.mall.services[service].letters
    return e.TicketIssued(
        ticket_id=ticket_id,
        service=service,
        series=series,
        issuer=SERVER_ISSUER,
        generation=generation,
        number=next_number(0, hall.heard.get(series, 0)),
        day=hall.day,
        priority=priority,
        language=language,
        channel=channel,
        assisted=True,
    )
