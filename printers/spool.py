"""Print jobs on disk: a file each, whose name carries its state, so that a kill at any moment leaves a true word.

`000000000012-JOB.queued` → `.sending` → `.printed`, `.failed.REASON` or `.unknown.REASON` → removed once its outcome
was told. Renaming is atomic and synced before the printer hears anything.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from antrean.domain.errors import BadInput, Unavailable
from printers.outcome import Failed, Outcome, Printed, Unknown

_NAME = re.compile(
    r"(?P<order>\d{12})-(?P<job>[A-Za-z0-9_-]{1,100})\.(?P<state>[a-z]+)(?:\.(?P<reason>[a-z_]+))?"
)
_JOB_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True)
class SpooledJob:
    """One job's file; `state` is queued, sending, printed, unconfirmed, failed or unknown."""

    order: int
    job_id: str
    state: str
    reason: str | None
    path: Path

    @property
    def outcome(self) -> Outcome | None:
        """How it ended, None while it has not."""
        if self.state in ("printed", "unconfirmed"):
            return Printed(confirmed=self.state == "printed")
        if self.state == "failed":
            return Failed(self.reason or "offline")
        return Unknown(self.reason or "interrupted") if self.state == "unknown" else None


class Spool:
    """A directory of jobs that one process at a time works on."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as problem:
            raise Unavailable(
                f"cannot make the print spool {directory}: {problem.strerror}", permanent=True
            ) from problem
        for unfinished in directory.glob("*.part"):  # a kill while writing: submit never returned
            unfinished.unlink()
        self._last = max((job.order for job in self.jobs()), default=0)

    def jobs(self) -> list[SpooledJob]:
        """Everything on disk, oldest first."""
        found = []
        for path in sorted(self._directory.iterdir()):
            named = _NAME.fullmatch(path.name)
            if named:
                found.append(
                    SpooledJob(int(named["order"]), named["job"], named["state"], named["reason"], path)
                )
        return found

    def add(self, job_id: str, data: bytes) -> SpooledJob:
        """Keep a job durably; BadInput for an odd name, Unavailable when the disk refuses."""
        if not _JOB_ID.fullmatch(job_id):
            raise BadInput("bad_job_id", job_id=job_id)
        self._last += 1
        stem = f"{self._last:012d}-{job_id}"
        path = self._directory / f"{stem}.queued"
        part = self._directory / f"{stem}.part"
        try:
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.rename(path)
            self._sync()
        except OSError as problem:
            raise Unavailable(f"cannot keep a print job: {problem.strerror}", permanent=False) from problem
        return SpooledJob(self._last, job_id, "queued", None, path)

    def age_ms(self, job: SpooledJob, now_ms: int) -> int:
        """How long ago the job was kept."""
        return now_ms - int(job.path.stat().st_mtime * 1000)

    def mark_sending(self, job: SpooledJob) -> SpooledJob:
        """Note durably that its bytes may be out from now on."""
        return self._move(job, "sending", None)

    def mark_ended(self, job: SpooledJob, outcome: Outcome) -> SpooledJob:
        """Note durably how it ended."""
        if isinstance(outcome, Printed):
            return self._move(job, "printed" if outcome.confirmed else "unconfirmed", None)
        return self._move(job, "failed" if isinstance(outcome, Failed) else "unknown", outcome.reason)

    def forget(self, job: SpooledJob) -> None:
        """Remove a job whose outcome was told."""
        job.path.unlink(missing_ok=True)

    def _move(self, job: SpooledJob, state: str, reason: str | None) -> SpooledJob:
        suffix = f"{state}.{reason}" if reason else state
        path = self._directory / f"{job.order:012d}-{job.job_id}.{suffix}"
        try:
            job.path.rename(path)
            self._sync()
        except OSError as problem:
            raise Unavailable(f"cannot note a print job: {problem.strerror}", permanent=False) from problem
        return SpooledJob(job.order, job.job_id, state, reason, path)

    def _sync(self) -> None:
        if not hasattr(os, "O_DIRECTORY"):
            return  # Windows syncs names with the file
        handle = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
