"""What makes one ticket a visit: further services, a counter of its own, notes, and what was delivered."""

from dataclasses import dataclass

from antrean.domain.payload import TicketMove


@dataclass(frozen=True, slots=True)
class TicketPinned(TicketMove):
    """The waiting step is called by `to_counter` only, until that counter closes."""

    to_counter: str


@dataclass(frozen=True, slots=True)
class PutInFront(TicketMove):
    """Why the transfer that follows puts the visitor before everybody in the line."""

    reason: str


@dataclass(frozen=True, slots=True)
class ServiceAdded(TicketMove):
    """The visitor also needs `service`, after all that is planned already."""

    service: str


@dataclass(frozen=True, slots=True)
class ServiceDropped(TicketMove):
    """The visitor does not need the planned `service` after all."""

    service: str


@dataclass(frozen=True, slots=True)
class JourneyPlanned(TicketMove):
    """The rest of a published journey was planned: `services` are its codes in order, separated by commas."""

    journey: str
    services: str


@dataclass(frozen=True, slots=True)
class VisitContinued(TicketMove):
    """completed, and a new waiting step for the planned `service` that joins its line now."""

    service: str


@dataclass(frozen=True, slots=True)
class ContinuationUndone(TicketMove):
    """The waiting step is taken back into the plan, the step before it is the current one again."""


@dataclass(frozen=True, slots=True)
class NoteWritten(TicketMove):
    """An officer's note; the text stands outside of the log and can be erased.

    `commitment` is the SHA-256 of a secret salt and the text: whoever has both can prove that this was the note.
    """

    note_id: str
    commitment: str


@dataclass(frozen=True, slots=True)
class ServiceDelivered(TicketMove):
    """In this step `service` was delivered `quantity` times; later words about one service replace earlier ones."""

    service: str
    quantity: int
