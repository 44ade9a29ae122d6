"""Two tickets of one booking: which one stands for it, the same in whatever order their kiosks are heard."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ticket of a booking: `fresh` while nobody ever called it, `absent_ms` since when it is marked absent."""

    arrived_ms: int
    ticket_id: str
    fresh: bool
    absent_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which ticket stands for the booking, and the one that becomes its alias ("" when both stay)."""

    stands: str
    alias: str


def verdict(holder: Candidate, comer: Candidate) -> Verdict:
    """Judge `comer` beside the ticket that stood for the booking so far.

    The earlier stays while nobody called either; whoever was called or served stays anyhow, and between two of those
    both stay. A ticket taken after the other one was marked absent is the visitor, who is here now.
    """
    if holder.absent_ms is not None and comer.arrived_ms > holder.absent_ms:
        return Verdict(comer.ticket_id, "")
    if holder.fresh == comer.fresh:
        earlier = (comer.arrived_ms, comer.ticket_id) < (holder.arrived_ms, holder.ticket_id)
        first, second = (comer, holder) if earlier else (holder, comer)
    else:
        first, second = (holder, comer) if comer.fresh else (comer, holder)
    return Verdict(first.ticket_id, second.ticket_id if second.fresh else "")
