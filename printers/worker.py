"""One thread per printer: takes jobs from the spool in order, prints each once, tells how it ended."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path

from antrean.domain.errors import Unavailable
from printers.job import ORDINARY, Manner, print_job
from printers.outcome import Failed, Outcome, Unknown
from printers.spool import Spool, SpooledJob
from printers.transport import Transport

log = logging.getLogger(__name__)

OnOutcome = Callable[[str, Outcome], None]
"""Called in the worker's thread with the job's id. It may be called again for the same job after a kill."""


class PrintWorker:
    """Prints what is submitted, one job after the other, on one printer.

    A job found half sent after a kill is reported Unknown and never sent again by itself; one still queued after
    `stale_ms` is reported Failed("too_old"), since its visitor has long gone with the number from the screen.
    """

    def __init__(
        self,
        spool: Path,
        open_transport: Callable[[], Transport],
        on_outcome: OnOutcome,
        *,
        manner: Manner = ORDINARY,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        stale_ms: int = 120_000,
    ) -> None:
        self._spool = Spool(spool)
        self._open_transport = open_transport
        self._on_outcome = on_outcome
        self._manner = manner
        self._now_ms = now_ms
        self._stale_ms = stale_ms
        self._jobs: queue.SimpleQueue[SpooledJob | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopping = False

    def start(self) -> None:
        """Begin: first tell and finish what an earlier run left, then print. Starting twice does nothing."""
        with self._lock:
            if self._thread is None:
                for job in self._spool.jobs():
                    self._jobs.put(job)
                self._thread = threading.Thread(target=self._run, name="print-worker", daemon=True)
                self._thread.start()

    def submit(self, job_id: str, data: bytes) -> None:
        """Keep the job durably and print it in turn; returns before paper moves.

        `job_id` is up to 100 letters, digits, `-` and `_` (BadInput). Unavailable when the disk refuses.
        """
        with self._lock:
            job = self._spool.add(job_id, data)
            if self._thread is not None:  # else the start finds it in the spool
                self._jobs.put(job)

    def stop(self, timeout_s: float = 30) -> bool:
        """Finish the job in hand and end; jobs still queued stay on disk. False when it did not end in time."""
        if self._thread is None:
            return True
        self._stopping = True
        self._jobs.put(None)
        self._thread.join(timeout_s)
        ended = not self._thread.is_alive()
        if ended:
            self._thread = None
            self._stopping = False
            self._jobs = queue.SimpleQueue()
        return ended

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None and not self._stopping:
            try:
                self._handle(job)
            except Unavailable:
                log.exception("the print spool failed for job %s", job.job_id)
                self._tell(job.job_id, Unknown("interrupted"))

    def _handle(self, job: SpooledJob) -> None:
        outcome = job.outcome
        if outcome is None and job.state == "queued":
            job, outcome = self._print(job)
        elif outcome is None:
            outcome = Unknown("interrupted")
            job = self._spool.mark_ended(job, outcome)
        if self._tell(job.job_id, outcome):
            self._spool.forget(job)

    def _print(self, job: SpooledJob) -> tuple[SpooledJob, Outcome]:
        outcome: Outcome
        if self._spool.age_ms(job, self._now_ms()) > self._stale_ms:
            outcome = Failed("too_old")
        else:
            data = job.path.read_bytes()
            job = self._spool.mark_sending(job)
            try:
                outcome = print_job(self._open_transport(), data, self._manner)
            except Exception:  # a bug of ours: loud in the log, and the job still gets its honest word
                log.exception("printing job %s broke", job.job_id)
                outcome = Unknown("interrupted")
        return self._spool.mark_ended(job, outcome), outcome

    def _tell(self, job_id: str, outcome: Outcome) -> bool:
        try:
            self._on_outcome(job_id, outcome)
        except Exception:
            log.exception("nobody took the outcome of job %s; it is told again at the next start", job_id)
            return False
        return True
