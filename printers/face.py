"""What a piece of paper says, before anybody decides how it looks."""

from __future__ import annotations

from dataclasses import dataclass

DOTS_PER_MM = 203 / 25.4
"""Thermal heads of this class print 203 dots an inch (8 a millimetre)."""

LONGEST_TICKET_MM = 110


@dataclass(frozen=True)
class Paper:
    """A roll and the printer that holds it; `dots` is the printable width."""

    millimetres: int
    dots: int
    margin: int
    cutter: bool = True

    @property
    def narrow(self) -> bool:
        """Whether this roll takes the one-column layout."""
        return self.dots < 500


PAPER_80 = Paper(millimetres=80, dots=576, margin=10)
PAPER_58 = Paper(millimetres=58, dots=384, margin=6)
PAPERS = {80: PAPER_80, 58: PAPER_58}


@dataclass(frozen=True)
class TicketFace:
    """Everything printed on one ticket.

    `printed_ms` is the ticket's issue time and `copied_ms` that of the copy (both milliseconds since the epoch),
    `wait` a range in minutes, `ahead` and `wait` None where the kiosk does not know. `status_url` becomes the QR:
    it must be upper-case letters, digits and ` $%*+-./:` only (the alphanumeric mode). `paper_token` is the staff code
    at the foot ("" leaves the foot out). `booking_code` is the code of the visitor's booking as people read it, ""
    without one; `booking_ms` is when its slot begins, None while staff still have to look the code up.
    """

    mall: str
    label: str
    check: str
    service: str
    agency: str
    place: str
    printed_ms: int
    timezone: str
    ahead: int | None
    wait: tuple[int, int] | None
    status_url: str
    language: str
    copy: bool = False
    twin_note: bool = False
    copied_ms: int | None = None
    paper_token: str = ""
    booking_code: str = ""
    booking_ms: int | None = None


@dataclass(frozen=True)
class ChecklistFace:
    """The published standard of one service, printed without taking a number; `requirements` are (text, note) pairs."""

    mall: str
    service: str
    agency: str
    requirements: tuple[tuple[str, str | None], ...]
    cost: str
    time: str
    product: str
    complaints: str
    language: str
