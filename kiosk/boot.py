"""The real clocks of this machine; only `__main__` hands them on."""

import time
import uuid
from collections.abc import Callable
from pathlib import Path

from antrean.domain.timeline import Stamp

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def machine_stamps() -> Callable[[], Stamp]:
    """A function that stamps now: boot id, milliseconds of a clock that also counts sleep, wall clock.

    Where the system has neither, each process is its own boot and its monotonic clock serves.
    """
    boot_clock = getattr(time, "CLOCK_BOOTTIME", None)
    boot_id = _system_boot_id() if boot_clock is not None else None
    if boot_clock is None or boot_id is None:
        own_boot = str(uuid.uuid4())
        return lambda: Stamp(own_boot, time.monotonic_ns() // 1_000_000, time.time_ns() // 1_000_000)
    return lambda: Stamp(boot_id, time.clock_gettime_ns(boot_clock) // 1_000_000, time.time_ns() // 1_000_000)


def _system_boot_id() -> str | None:
    try:
        return _BOOT_ID.read_text().strip() or None
    except OSError:
        return None
