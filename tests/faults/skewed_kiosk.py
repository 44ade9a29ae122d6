"""The real `antrean-kiosk` with a boot clock that runs at SKEW_RATE times its speed and stands SKEW_MS ahead."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace

from antrean.domain.timeline import Stamp
from kiosk import __main__ as program
from kiosk.boot import machine_stamps


def skewed_stamps() -> Callable[[], Stamp]:
    """Stamps of the machine with its boot clock bent; the wall clock and the boot's id stay."""
    rate, ahead_ms = float(os.environ["SKEW_RATE"]), int(os.environ["SKEW_MS"])
    true = machine_stamps()

    def stamp() -> Stamp:
        at = true()
        return replace(at, boot_ms=int(at.boot_ms * rate) + ahead_ms)

    return stamp


def main() -> int:
    """Run the kiosk with the arguments of `antrean-kiosk`."""
    program.__dict__["machine_stamps"] = skewed_stamps
    return program.main()


if __name__ == "__main__":
    sys.exit(main())
