"""From an issued ticket to paper, and the outcome back into the log: printing never costs a place."""

import logging
import threading
from collections.abc import Callable

from antrean.domain.errors import AntreanError, Unavailable
from antrean.domain.events import Payload, TicketPrinted, TicketPrintFailed, TicketPrintUnknown
from antrean.domain.timeline import Stamp
from antrean.ledger.device import DeviceLedger
from antrean.ledger.errors import DiskFull
from printers.outcome import Failed, Outcome, Printed
from printers.worker import PrintWorker

log = logging.getLogger(__name__)
COPY_MARK = "-copy-"
"""Joins a ticket's id and a number in the job id of a reprint; the ids themselves never contain it."""

NO_TICKET = ("checklist-", "test-")
"""How the ids of jobs begin that print no ticket."""


def outcome_event(ticket_id: str, outcome: Outcome, *, copy: bool) -> Payload:
    """The event that tells how a print job ended."""
    if isinstance(outcome, Printed):
        return TicketPrinted(ticket_id, copy)
    if isinstance(outcome, Failed):
        return TicketPrintFailed(ticket_id, outcome.reason, copy)
    return TicketPrintUnknown(ticket_id, outcome.reason, copy)


def printed_word(outcome: Outcome) -> bool | None:
    """True when the paper is out, False when certainly not, None when nobody knows."""
    if isinstance(outcome, Printed):
        return True
    return False if isinstance(outcome, Failed) else None


class Outcomes:
    """Writes each print outcome to the log, then tells the screen. Called in the printer's thread.

    Owns its ledger connection.
    """

    def __init__(self, ledger: DeviceLedger, new_id: Callable[[], str], stamp: Callable[[], Stamp]) -> None:
        self._ledger = ledger
        self._new_id = new_id
        self._stamp = stamp
        self._lock = threading.Lock()
        self.told: Callable[[str, Outcome], None] | None = None

    def take(self, job_id: str, outcome: Outcome) -> None:
        """Record how job `job_id` ended; checklists and test pages leave no event."""
        ticket_id, mark, _ = job_id.partition(COPY_MARK)
        if not job_id.startswith(NO_TICKET):
            event = outcome_event(ticket_id, outcome, copy=bool(mark))
            try:
                with self._lock:
                    self._ledger.append(event, event_id=self._new_id(), stamp=self._stamp())
            except DiskFull as full:
                # The screen must know all the same; after the next start the outcome reads "unknown".
                log.error("an outcome of printing could not be noted: %s", full)
        if self.told is not None:
            self.told(job_id, outcome)


class Printing:
    """Hands finished bytes to the printer's worker; whatever goes wrong becomes an outcome, never an exception."""

    def __init__(
        self,
        worker: PrintWorker | None,
        outcomes: Outcomes,
        make_room: Callable[[], bool] = lambda: False,
    ) -> None:
        self._worker = worker
        self._outcomes = outcomes
        self._make_room = make_room

    def submit(self, job_id: str, make: Callable[[], bytes]) -> None:
        """Print what `make` draws; returns before paper moves."""
        if self._worker is None:
            self._outcomes.take(job_id, Failed("no_printer"))
            return
        try:
            self._spool(self._worker, job_id, make())
        except AntreanError as error:
            log.error("the ticket could not be handed to the printer: %s", error)
            self._outcomes.take(job_id, Failed("not_spooled"))

    def _spool(self, worker: PrintWorker, job_id: str, data: bytes) -> None:
        try:
            worker.submit(job_id, data)
        except Unavailable:
            if not self._make_room():
                raise
            worker.submit(job_id, data)
