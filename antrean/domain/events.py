"""Every event of the mall, past tense: what a device or an officer made true; and how a body is read and written."""

import typing
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from antrean.domain.booking_events import BookingArrived, BookingClaimed, BookingMatched, BookingMissed
from antrean.domain.errors import BadInput
from antrean.domain.floor_events import (
    Announced,
    AnnouncementWithdrawn,
    BreakEnded,
    BreakStarted,
    CounterClosed,
    CounterOpened,
    HelpAccepted,
    HelpFinished,
    HelpRequested,
    ServedChanged,
    StoodIn,
)
from antrean.domain.issue_events import (
    AssistanceGiven,
    DayOpened,
    NumbersSkipped,
    TicketIssued,
    TicketPrinted,
    TicketPrintFailed,
    TicketPrintUnknown,
    TicketReadmitted,
)
from antrean.domain.payload import Payload, TicketMove
from antrean.domain.ticket_events import (
    CAME_LATE,
    CallUndone,
    PrintOrdered,
    PrioritySet,
    ServiceFinished,
    ServiceStarted,
    TicketAbsent,
    TicketCalled,
    TicketCalledBack,
    TicketCancelled,
    TicketExpired,
    TicketHeld,
    TicketRecalled,
    TicketReopened,
    TicketResumed,
    TicketReturned,
    TicketTransferred,
)
from antrean.domain.typed import fits
from antrean.domain.visit_events import (
    ContinuationUndone,
    JourneyPlanned,
    NoteWritten,
    PutInFront,
    ServiceAdded,
    ServiceDelivered,
    ServiceDropped,
    TicketPinned,
    VisitContinued,
)

__all__ = [
    "CAME_LATE",
    "DEVICE_PAYLOADS",
    "PAYLOADS",
    "Announced",
    "AnnouncementWithdrawn",
    "AssistanceGiven",
    "BookingArrived",
    "BookingClaimed",
    "BookingMatched",
    "BookingMissed",
    "BreakEnded",
    "BreakStarted",
    "CallUndone",
    "ContinuationUndone",
    "CounterClosed",
    "CounterOpened",
    "DayOpened",
    "HelpAccepted",
    "HelpFinished",
    "HelpRequested",
    "JourneyPlanned",
    "NoteWritten",
    "NumbersSkipped",
    "Payload",
    "PrintOrdered",
    "PrioritySet",
    "PutInFront",
    "ServedChanged",
    "ServiceAdded",
    "ServiceDelivered",
    "ServiceDropped",
    "ServiceFinished",
    "ServiceStarted",
    "StoodIn",
    "TicketAbsent",
    "TicketCalled",
    "TicketCalledBack",
    "TicketCancelled",
    "TicketExpired",
    "TicketHeld",
    "TicketIssued",
    "TicketMove",
    "TicketPinned",
    "TicketPrintFailed",
    "TicketPrintUnknown",
    "TicketPrinted",
    "TicketReadmitted",
    "TicketRecalled",
    "TicketReopened",
    "TicketResumed",
    "TicketReturned",
    "TicketTransferred",
    "VisitContinued",
    "body_of",
    "payload_of",
    "type_of",
]

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
        StoodIn,
        ServedChanged,
        Announced,
        AnnouncementWithdrawn,
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
        PutInFront,
        TicketPinned,
        ServiceAdded,
        ServiceDropped,
        JourneyPlanned,
        VisitContinued,
        ContinuationUndone,
        NoteWritten,
        ServiceDelivered,
        TicketCancelled,
        TicketReopened,
        TicketExpired,
        PrioritySet,
        BookingArrived,
        BookingClaimed,
        BookingMatched,
        BookingMissed,
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
    BookingArrived,
    BookingClaimed,
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
