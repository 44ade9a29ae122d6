"""A ticket that only its paper knows: what event it becomes, and where it stands in the line."""

from collections.abc import Iterable

from antrean.domain.catalogue import Mall
from antrean.domain.claim import EPOCH_MS, Proven
from antrean.domain.events import TicketReadmitted
from antrean.domain.hall import Hall
from antrean.domain.opening import local_day


def readmitted(proven: Proven) -> TicketReadmitted:
    """The event that brings a proven paper's ticket back."""
    claim = proven.claim
    return TicketReadmitted(
        ticket_id=proven.ticket_id,
        service=proven.service,
        series=claim.series,
        issuer=claim.issuer,
        generation=claim.generation,
        number=claim.number,
        priority=claim.priority,
        language=claim.language,
        assisted=claim.assisted,
        arrived_ms=claim.issued_ms,
        anchored=claim.anchored,
        issued_by=proven.device_id,
        token=proven.token,
    )


def services_of(mall: Mall, series: str) -> Iterable[str]:
    """The codes of the services that number with these letters: a paper names its letters, not its service."""
    return [service.code for service in mall.services.values() if service.letters == series]


def arrival(hall: Hall, paper: TicketReadmitted, now_ms: int) -> int | None:
    """When the visitor arrived, never in the future; None for the paper of another day.

    A boot that never met the server only knows the order of its own numbers: such a paper stands between the
    neighbours that the hall knows, and without any at the end.
    """
    today = local_day(hall.mall.timezone, paper.arrived_ms).isoformat() == hall.day
    if paper.anchored:
        return min(paper.arrived_ms, now_ms) if today else None
    lower, higher = _neighbours(hall, paper)
    if lower is not None and higher is not None:
        return min(lower + 1, higher)
    if lower is not None:
        return min(lower + 1, now_ms)
    if higher is not None:
        return higher - 1
    # A clock that stood before 2025, or runs ahead, says nothing of the day: the person who holds the paper is here.
    clock_is_dead = paper.arrived_ms <= EPOCH_MS or paper.arrived_ms > now_ms
    return now_ms if today or clock_is_dead else None


def _neighbours(hall: Hall, paper: TicketReadmitted) -> tuple[int | None, int | None]:
    """The arrivals of the next lower and the next higher number of the same issuer, generation and series."""
    lower: tuple[int, int] | None = None
    higher: tuple[int, int] | None = None
    for ticket in hall.tickets.values():
        label = ticket.label
        if (label.series, label.issuer, ticket.generation) != (paper.series, paper.issuer, paper.generation):
            continue
        found = (label.number, ticket.arrived_ms)
        if label.number < paper.number:
            lower = found if lower is None else max(lower, found)
        elif label.number > paper.number:
            higher = found if higher is None else min(higher, found)
    return (lower[1] if lower else None, higher[1] if higher else None)
