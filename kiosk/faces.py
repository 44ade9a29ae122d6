"""What the paper of a ticket says, from the ticket and what the kiosk knows of the mall."""

import uuid
from collections.abc import Mapping
from typing import Any

from antrean.domain.catalogue import Mall, Service
from antrean.domain.claim import FORM, TOKEN_LENGTH
from antrean.domain.label import Label, check_letters, status_url
from antrean.domain.timeline import Stamp
from antrean.ledger.device_log import Issued
from kiosk.checking_in import code_words
from printers.face import ChecklistFace, TicketFace

_NOBODYS_ID = "00000000-0000-7000-8000-000000000000"
_NOBODYS_TOKEN = FORM + "0" * (TOKEN_LENGTH - len(FORM))


def ticket_face(
    mall: Mall,
    issued: Issued,
    *,
    issued_ms: int,
    public_url: str,
    services: Mapping[str, Any],
    copied_ms: int | None = None,
) -> TicketFace:
    """The face of a ticket; `services` are the server's live figures, {} when nothing is known.

    `issued_ms` is the issue in mall time; `copied_ms` makes it a SALINAN.
    """
    service = mall.services[issued.service]
    agency = mall.agencies[service.agency]
    ahead, wait = figures(services, service.code)
    booking = issued.booking
    return TicketFace(
        mall=mall.name,
        label=str(issued.label),
        check=check_letters(issued.ticket_id),
        service=service.name.get(issued.language),
        agency=agency.name.get(issued.language),
        place=mall.zone_of(service).name.get(issued.language),
        printed_ms=issued_ms,
        timezone=mall.timezone,
        ahead=ahead,
        wait=wait,
        status_url=status_url(public_url, issued.ticket_id),
        language=issued.language,
        copy=copied_ms is not None,
        copied_ms=copied_ms,
        paper_token=issued.token,
        booking_code=code_words(booking.code) if booking is not None else "",
        booking_ms=booking.slot_ms if booking is not None and booking.proof else None,
    )


def issued_ms_of(ticket_id: str) -> int:
    """When a ticket was issued, in mall time: its identity is a UUIDv7 (RFC 9562) and begins with that moment."""
    return uuid.UUID(ticket_id).int >> 80


def faces_to_warm(mall: Mall, *, issuer: str, public_url: str, language: str) -> list[TicketFace]:
    """A face for each common service, as the next visitor's ticket will look but for its number and times."""
    known = {"ahead": 1, "wait": [5, 10]}
    faces = []
    for service in mall.services.values():
        if service.common:
            label = Label(service.letters, issuer, 1)
            sample = Issued(
                _NOBODYS_ID, label, service.code, "", False, language, Stamp("", 0, 0), _NOBODYS_TOKEN
            )
            faces.append(
                ticket_face(mall, sample, issued_ms=0, public_url=public_url, services={service.code: known})
            )
    return faces


def checklist_face(mall: Mall, service: Service, language: str) -> ChecklistFace:
    """The face of a requirements slip, printed without taking a number."""
    return ChecklistFace(
        mall=mall.name,
        service=service.name.get(language),
        agency=mall.agencies[service.agency].name.get(language),
        requirements=tuple(
            (item.text.get(language), item.note.get(language) if item.note else None)
            for item in service.requirements
        ),
        cost=service.cost.get(language),
        time=service.time.get(language),
        product=service.product.get(language),
        complaints=mall.complaints.get(language),
        language=language,
    )


def figures(services: Mapping[str, Any], code: str) -> tuple[int | None, tuple[int, int] | None]:
    """(people ahead, wait range in minutes) of a service from the server's live figures; None where unknown."""
    entry = services.get(code)
    if not isinstance(entry, Mapping):
        return None, None
    people, wait = entry.get("ahead"), entry.get("wait")
    ahead = people if isinstance(people, int) else None
    if isinstance(wait, list) and len(wait) == 2 and all(isinstance(minute, int) for minute in wait):
        return ahead, (wait[0], wait[1])
    return ahead, None
