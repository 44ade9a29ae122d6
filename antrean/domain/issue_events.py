"""What issuers write: a kiosk, or the server for tickets that staff take."""

from dataclasses import dataclass

from antrean.domain.payload import Payload


@dataclass(frozen=True, slots=True)
class TicketIssued(Payload):
    """A visitor has a number. `channel` is kiosk, staff or booking; `day` the local date, for people."""

    ticket_id: str
    service: str
    series: str
    issuer: str
    generation: int
    number: int
    day: str
    priority: bool
    language: str
    channel: str
    assisted: bool


@dataclass(frozen=True, slots=True)
class AssistanceGiven(Payload):
    """Staff took this ticket for its visitor; `reason` is one of ASSIST_REASONS, `minutes` 0 when nobody measured.

    It follows its TicketIssued. Tickets of older programs have none: they are assisted for an unknown reason.
    """

    ticket_id: str
    reason: str
    minutes: int


@dataclass(frozen=True, slots=True)
class TicketReadmitted(Payload):
    """A paper gave back the place of a ticket whose kiosk lost its data; `token` is its signed staff code.

    `arrived_ms` and `anchored` are the paper's claim, `issued_by` the device whose key signed it.
    """

    ticket_id: str
    service: str
    series: str
    issuer: str
    generation: int
    number: int
    priority: bool
    language: str
    assisted: bool
    arrived_ms: int
    anchored: bool
    issued_by: str
    token: str


@dataclass(frozen=True, slots=True)
class TicketPrinted(Payload):
    """The printer proved that the paper came out; `copy` marks a SALINAN."""

    ticket_id: str
    copy: bool


@dataclass(frozen=True, slots=True)
class TicketPrintFailed(Payload):
    """Nothing was printed, and that is certain."""

    ticket_id: str
    reason: str
    copy: bool


@dataclass(frozen=True, slots=True)
class TicketPrintUnknown(Payload):
    """Paper may or may not have come out: a person looks, nothing is retried by itself."""

    ticket_id: str
    reason: str
    copy: bool


@dataclass(frozen=True, slots=True)
class NumbersSkipped(Payload):
    """After an unclean stop the numbers up to `through` are passed over."""

    series: str
    issuer: str
    generation: int
    through: int


@dataclass(frozen=True, slots=True)
class DayOpened(Payload):
    """An issuer's counters start again; `by` is server, staff or clock."""

    day: str
    generation: int
    issuer: str
    by: str
