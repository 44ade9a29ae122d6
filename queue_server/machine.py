"""The real machine: clocks, boot and randomness. Only the programs' `__main__` modules may import this."""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path

import uuid6

from antrean.domain.timeline import Stamp

_LINUX_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def wall_ms() -> int:
    """The wall clock in ms since the Unix epoch."""
    return time.time_ns() // 1_000_000


def boot_ms() -> int:
    """Milliseconds since the machine started, sleep included where the system can tell."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
    return time.monotonic_ns() // 1_000_000


def boot_id() -> str:
    """The name of this boot; a fresh one for this process where the system has none."""
    try:
        return _LINUX_BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return str(uuid.uuid4())


class Machine:
    """Stamps of this boot and fresh ids."""

    def __init__(self) -> None:
        self._boot_id = boot_id()

    def stamp(self) -> Stamp:
        """When it is now, for the server's own log."""
        return Stamp(self._boot_id, boot_ms(), wall_ms())

    def new_id(self) -> str:
        """A new UUIDv7."""
        return str(uuid6.uuid7())

    def random_bytes(self, count: int) -> bytes:
        """Bytes nobody can guess."""
        return os.urandom(count)
