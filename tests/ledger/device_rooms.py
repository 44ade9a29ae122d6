"""A paired kiosk's ledger for tests: issuing in one line, the disk as one likes it."""

import itertools
from pathlib import Path
from typing import Any

from antrean.domain.claim import Sealed
from antrean.domain.timeline import Stamp
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_log import Order
from antrean.ledger.device_memory import Pairing

STAMP = Stamp("boot", 1, 1_763_960_400_000)
PAIRING = Pairing("device-1", "secret", "kiosk", "Kios 1", "1", "http://mpp", "inc", 1, ("http://mpp",))
_numbers = itertools.count(1)


def new_id() -> str:
    """Never the same twice, also over several starts."""
    return f"00000000-0000-7000-8000-{next(_numbers):012x}"


def opened(folder: Path, **more: Any) -> DeviceLedger:
    """Start the program on what the disk holds."""
    return DeviceLedger.open(folder, new_id=new_id, stamp=STAMP, **more)


def paired(folder: Path, **more: Any) -> DeviceLedger:
    """A kiosk that belongs to a mall and has opened its day."""
    ledger = opened(folder, **more)
    ledger.memory.pair(PAIRING, new_id=new_id)
    ledger.memory.set_catalogue(3, {"mall": "contoh"})
    ledger.open_day("2025-11-24", "clock", event_id=new_id(), stamp=STAMP)
    return ledger


def take(ledger: DeviceLedger, count: int = 1, series: str = "A") -> list[str]:
    """Issue tickets; their labels."""
    order = Order("ktp-baru", series, "2025-11-24", False, "id")
    return [
        str(ledger.issue_number(order, seal=_seal, event_id=new_id(), stamp=STAMP).label)
        for _ in range(count)
    ]


def _seal(issuer: str, generation: int, number: int) -> Sealed:
    return Sealed(new_id(), "")


def crash(ledger: DeviceLedger) -> None:
    """The program dies: its connections and locks go, nothing is said."""
    ledger._connection.close()
    if ledger._lock is not None:
        ledger._lock.close()
