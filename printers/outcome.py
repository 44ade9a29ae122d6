"""How a print job ended, and what a printer says about itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Printed:
    """The paper is out; `confirmed` when the printer itself said so after its last dot."""

    confirmed: bool = True


@dataclass(frozen=True)
class Failed:
    """Nothing reached the printer, so printing again cannot make a second ticket.

    `reason` is a code with the text `paper.reason_<code>`.
    """

    reason: str


@dataclass(frozen=True)
class Unknown:
    """Something was sent and nobody knows what came of it: a person must look before it is printed again."""

    reason: str


Outcome = Printed | Failed | Unknown


@dataclass(frozen=True)
class PrinterState:
    """What the printer answered to status requests; `trouble` is a reason code or None when it is ready."""

    trouble: str | None
    paper_low: bool = False


def state_from_answers(printer: int, cause: int, paper: int) -> PrinterState:
    """Read the answers to DLE EOT 1, 2 and 4 (bits as in Epson's ESC/POS command reference)."""
    low = bool(paper & 0x0C)
    if cause & 0x04:
        return PrinterState("cover_open", low)
    if paper & 0x60 or cause & 0x20:
        return PrinterState("paper_out", low)
    if cause & 0x40:
        return PrinterState("printer_error", low)
    if printer & 0x08:
        return PrinterState("offline", low)
    return PrinterState(None, low)


def is_status_answer(byte: int) -> bool:
    """Whether a byte can be an answer to DLE EOT (its fixed bits are 0xx1xx10)."""
    return byte & 0x93 == 0x12


def is_evidence(byte: int) -> bool:
    """Whether a byte can be an answer to GS r 1 (bits 4 and 7 are 0)."""
    return byte & 0x90 == 0
