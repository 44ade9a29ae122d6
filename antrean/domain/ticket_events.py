"""What becomes of a ticket after it was issued; written by the server on command."""

from dataclasses import dataclass

from antrean.domain.payload import Payload, TicketMove


@dataclass(frozen=True, slots=True)
class PrintOrdered(Payload):
    """The kiosk `device_id` shall print a ticket that the server issued. Its answer is a print outcome."""

    ticket_id: str
    device_id: str


@dataclass(frozen=True, slots=True)
class TicketCalled(TicketMove):
    """waiting → called; `why` is the rule that chose it, `reason` what the officer gave for a call out of order."""

    why: str
    reason: str


@dataclass(frozen=True, slots=True)
class TicketRecalled(TicketMove):
    """Called once more."""


@dataclass(frozen=True, slots=True)
class CallUndone(TicketMove):
    """called → waiting at its old place: the call was a mistake."""


@dataclass(frozen=True, slots=True)
class ServiceStarted(TicketMove):
    """called → serving."""


@dataclass(frozen=True, slots=True)
class ServiceFinished(TicketMove):
    """serving → completed."""


@dataclass(frozen=True, slots=True)
class TicketAbsent(TicketMove):
    """called → no_show."""


@dataclass(frozen=True, slots=True)
class TicketReturned(TicketMove):
    """no_show → waiting, a few calls later."""


@dataclass(frozen=True, slots=True)
class TicketHeld(TicketMove):
    """serving → on_hold."""

    reason: str


@dataclass(frozen=True, slots=True)
class TicketResumed(TicketMove):
    """on_hold → serving."""


@dataclass(frozen=True, slots=True)
class TicketCalledBack(TicketMove):
    """on_hold → called."""


@dataclass(frozen=True, slots=True)
class TicketTransferred(TicketMove):
    """serving → transferred, and a new waiting step for `service`; `place` is front, arrival or end."""

    service: str
    place: str


@dataclass(frozen=True, slots=True)
class TicketCancelled(TicketMove):
    """The visitor leaves the queue, or staff take the ticket out."""

    reason: str


@dataclass(frozen=True, slots=True)
class TicketReopened(TicketMove):
    """completed → serving, by a supervisor on the same day."""


CAME_LATE = "came_late"


@dataclass(frozen=True, slots=True)
class TicketExpired(Payload):
    """The day closed on a ticket that was still open; `state` is where it stood.

    It is `CAME_LATE` for a ticket whose device could tell of it only after the day had closed.
    """

    ticket_id: str
    state: str


@dataclass(frozen=True, slots=True)
class PrioritySet(TicketMove):
    """Staff confirmed or withdrew the priority of a ticket; `counter` is "" on the helper's page."""

    priority: bool
