"""One job on its way to paper, and the honest word about how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from antrean.domain.errors import Unavailable
from printers.escpos_bytes import EVIDENCE_REQUEST, STATUS_REQUESTS
from printers.outcome import (
    Failed,
    Outcome,
    Printed,
    PrinterState,
    Unknown,
    is_evidence,
    is_status_answer,
    state_from_answers,
)
from printers.transport import Transport, WriteBroke


@dataclass(frozen=True)
class Manner:
    """What this printer can do and how long it may take (milliseconds).

    `asks` is whether it answers status requests, `proves` whether it answers `GS r 1` at the end of a job.
    """

    asks: bool = True
    proves: bool = True
    connect_ms: int = 3_000
    answer_ms: int = 1_000
    write_ms: int = 10_000
    proof_ms: int = 15_000


ORDINARY = Manner()
"""A printer that answers everything, as most network printers do."""


def print_job(
    transport: Transport, data: bytes, manner: Manner = ORDINARY, clock: Callable[[], float] = time.monotonic
) -> Outcome:
    """Send one job once. Failed means that nothing of it went out; Unknown that something did, without proof.

    Raises nothing the world can cause; the connection is closed in every case.
    """
    try:
        transport.connect(manner.connect_ms)
    except Unavailable:
        return Failed("unreachable")
    try:
        outcome = _send(transport, data, manner, clock)
    finally:
        closed = _close(transport)
    return outcome if closed or not isinstance(outcome, Printed) else Unknown("connection_lost")


def printer_state(
    transport: Transport, manner: Manner = ORDINARY, clock: Callable[[], float] = time.monotonic
) -> PrinterState:
    """Ask a printer how it is, without printing."""
    try:
        transport.connect(manner.connect_ms)
    except Unavailable:
        return PrinterState("unreachable")
    try:
        return _ask(transport, manner, clock)
    finally:
        _close(transport)


def _send(transport: Transport, data: bytes, manner: Manner, clock: Callable[[], float]) -> Outcome:
    state = _ask(transport, manner, clock)
    if state.trouble is not None:
        return Failed(state.trouble)
    proves = manner.proves and transport.answers
    try:
        transport.write(data + EVIDENCE_REQUEST if proves else data, manner.write_ms)
    except WriteBroke as broke:
        reason = "write_timeout" if broke.timed_out else "connection_lost"
        return Unknown(reason) if broke.sent else Failed(reason)
    except Unavailable:
        return Unknown("connection_lost")
    if not proves:
        return Printed(confirmed=transport.certain)
    try:
        proof = _answer(transport, is_evidence, manner.proof_ms, clock)
    except Unavailable:
        return Unknown("connection_lost")
    if proof is None:
        return Unknown("no_answer")
    return Unknown("paper_out") if proof & 0x0C else Printed()


def _ask(transport: Transport, manner: Manner, clock: Callable[[], float]) -> PrinterState:
    """The state before a job: real-time requests print nothing, so any failure here is safe to retry."""
    if not (manner.asks and transport.answers):
        return PrinterState(None)
    answers = []
    try:
        for request in STATUS_REQUESTS.values():
            transport.write(request, manner.answer_ms)
            answer = _answer(transport, is_status_answer, manner.answer_ms, clock)
            if answer is None:
                return PrinterState("silent")
            answers.append(answer)
    except Unavailable:
        return PrinterState("connection_lost")
    return state_from_answers(*answers)


def _answer(
    transport: Transport, fits: Callable[[int], bool], timeout_ms: int, clock: Callable[[], float]
) -> int | None:
    """The first byte with the right fixed bits; others are stray (automatic status, flow control)."""
    end = clock() + timeout_ms / 1000
    while (left := end - clock()) > 0:
        byte = transport.read_status(max(1, round(left * 1000)))
        if byte is not None and fits(byte):
            return byte
    return None


def _close(transport: Transport) -> bool:
    try:
        transport.close()
    except Unavailable:
        return False
    return True
