"""Every event of the mall, past tense: what a device or an officer made true.

Bodies hold texts, whole numbers, booleans and null only. Adding a field means a new `v`; old versions stay readable.
Moments are not in the bodies: the envelope's stamp, placed in server time at acceptance, is when it happened.
"""

import typing
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from antrean.domain.errors import BadInput
from antrean.domain.typed import fits


@dataclass(frozen=True, slots=True)
class Payload:
    """The body of an event; its class name is the event's type."""

    VERSION: ClassVar[int] = 1


# --- written by whoever issues: a kiosk, or the server for staff-made tickets


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


@dataclass(frozen=True, slots=True)
class HelpRequested(Payload):
    """A visitor asks for a person at `place`."""

    place: str


@dataclass(frozen=True, slots=True)
class HelpAccepted(Payload):
    """Somebody is on the way to `place`."""

    place: str
    officer: str


# --- written by the server on command


@dataclass(frozen=True, slots=True)
class HelpFinished(Payload):
    """The visitor at `place` was helped; `minutes` since somebody said they come."""

    place: str
    officer: str
    minutes: int


@dataclass(frozen=True, slots=True)
class PrintOrdered(Payload):
    """The kiosk `device_id` shall print a ticket that the server issued. Its answer is a print outcome."""

    ticket_id: str
    device_id: str


@dataclass(frozen=True, slots=True)
class CounterOpened(Payload):
    """An officer sits down at a counter."""

    counter: str
    officer: str


@dataclass(frozen=True, slots=True)
class CounterClosed(Payload):
    """The counter takes nobody any more."""

    counter: str
    officer: str


@dataclass(frozen=True, slots=True)
class BreakStarted(Payload):
    """The officer pauses; `minutes` is the planned length, 0 when not said."""

    counter: str
    officer: str
    reason: str
    minutes: int


@dataclass(frozen=True, slots=True)
class BreakEnded(Payload):
    """The officer is back."""

    counter: str
    officer: str


@dataclass(frozen=True, slots=True)
class TicketMove(Payload):
    """What every move of a ticket names: the ticket, the counter it is at, and who moved it."""

    ticket_id: str
    counter: str
    officer: str


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


PAYLOADS: Mapping[str, type[Payload]] = {
    kind.__name__: kind
    for kind in (
        TicketIssued,
        AssistanceGiven,
        TicketReadmitted,
        TicketPrinted,
        TicketPrintFailed,
        TicketPrintUnknown,
        NumbersSkipped,
        DayOpened,
        HelpRequested,
        HelpAccepted,
        HelpFinished,
        PrintOrdered,
        CounterOpened,
        CounterClosed,
        BreakStarted,
        BreakEnded,
        TicketCalled,
        TicketRecalled,
        CallUndone,
        ServiceStarted,
        ServiceFinished,
        TicketAbsent,
        TicketReturned,
        TicketHeld,
        TicketResumed,
        TicketCalledBack,
        TicketTransferred,
        TicketCancelled,
        TicketReopened,
        TicketExpired,
        PrioritySet,
    )
}
_NAMES: Mapping[type[Payload], tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind)) for kind in PAYLOADS.values()
}
_HINTS: dict[type[Payload], dict[str, Any]] = {
    kind: {name: hint for name, hint in typing.get_type_hints(kind).items() if name != "VERSION"}
    for kind in PAYLOADS.values()
}
DEVICE_PAYLOADS = (
    TicketIssued,
    AssistanceGiven,
    TicketReadmitted,
    TicketPrinted,
    TicketPrintFailed,
    TicketPrintUnknown,
    NumbersSkipped,
    DayOpened,
    HelpRequested,
)
"""What a kiosk may write; anything else in its log is quarantined."""


def type_of(payload: Payload) -> str:
    """The event type's name."""
    return type(payload).__name__


def body_of(payload: Payload) -> dict[str, Any]:
    """The event's body as it stands in the log."""
    return {name: getattr(payload, name) for name in _NAMES[type(payload)]}


def payload_of(type_name: str, v: int, body: Mapping[str, Any]) -> Payload:
    """Read a body strictly; raises BadInput for an unknown type or version, a wrong or missing field."""
    kind = PAYLOADS.get(type_name)
    if kind is None:
        raise BadInput("unknown_event_type", type=type_name)
    if v != kind.VERSION:
        raise BadInput("unknown_event_version", type=type_name, v=v)
    hints = _HINTS[kind]
    if body.keys() != hints.keys():
        odd = sorted(body.keys() ^ hints.keys())[0]
        raise BadInput("bad_event", field=odd)
    for name, hint in hints.items():
        value = body[name]
        if type(value) is not hint and not fits(value, hint):
            raise BadInput("bad_event", field=name)
    return kind(**body)
