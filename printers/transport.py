"""The one small protocol every way to a printer follows."""

from __future__ import annotations

from typing import Protocol

from antrean.domain.errors import Unavailable


class WriteBroke(Unavailable):
    """The connection failed while writing; `sent` bytes had already been taken over (they may be on paper)."""

    def __init__(self, message: str, sent: int, *, timed_out: bool) -> None:
        self.sent = sent
        self.timed_out = timed_out
        super().__init__(message, permanent=False)


class Transport(Protocol):
    """A way to one printer, used by one thread, opened anew for every job.

    An idle connection is dropped silently by many printers and then swallows a whole job, so none is kept.
    """

    answers: bool
    """Whether bytes can come back at all (status and evidence)."""

    certain: bool
    """Whether a completed `close` proves the job arrived (a file); False for a queue of somebody else's."""

    def connect(self, timeout_ms: int) -> None:
        """Open the way; Unavailable when nobody is there."""

    def write(self, data: bytes, timeout_ms: int) -> None:
        """Hand over all bytes; WriteBroke says how many went when it fails."""

    def read_status(self, timeout_ms: int) -> int | None:
        """The next byte from the printer, or None when none came in time; Unavailable once it has hung up."""

    def close(self) -> None:
        """Finish politely: take what is unread, say that no more follows, release everything. Never raises twice.

        Unavailable when only closing shows that the job did not arrive.
        """
