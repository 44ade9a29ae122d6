"""Real parts for the kiosk's tests: a ledger in a folder, clocks to set, ids in order."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from antrean.domain.timeline import Stamp
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_memory import Pairing
from antrean.link.server import ServerLink
from kiosk.conversation import Conversation
from kiosk.mall_clock import MallClock
from tests.kiosk_core.fake_hall import FakeHall

NOON_MS = 1_763_960_400_000
"""2025-11-24 12.00 in Jakarta, a Monday."""


@dataclass
class FakeMachine:
    """Clocks that move when told."""

    boot_id: str = "boot-1"
    boot_ms: int = 1_000_000
    wall_ms: int = NOON_MS

    def stamp(self) -> Stamp:
        """Now."""
        return Stamp(self.boot_id, self.boot_ms, self.wall_ms)

    def wait(self, ms: int) -> None:
        """Let time pass."""
        self.boot_ms += ms
        self.wall_ms += ms


def counted_ids(prefix: str = "") -> Callable[[], str]:
    """Ids that are valid UUIDs and sort by age."""
    numbers = itertools.count(1)
    return lambda: f"{prefix or '00000000'}-0000-7000-8000-{next(numbers):012x}"


@dataclass
class Kiosk:
    """A paired kiosk in a folder, talking to a fake hall."""

    folder: Path
    hall: FakeHall
    machine: FakeMachine = field(default_factory=FakeMachine)
    new_id: Callable[[], str] = field(default_factory=counted_ids)

    def __post_init__(self) -> None:
        self.ledger = DeviceLedger.open(self.folder, new_id=self.new_id, stamp=self.machine.stamp())
        self.clock = MallClock(self.machine.stamp)
        pairing = Pairing(
            "device-1", "secret", "kiosk", "Kios 1", "1", self.hall.url, "", 1, (self.hall.url,)
        )
        self.ledger.memory.pair(pairing, new_id=self.new_id)
        self.talk = self.conversation()

    def conversation(self) -> Conversation:
        """A fresh start of talking."""
        link = ServerLink((self.hall.url,), "secret", answer_seconds=30)
        return Conversation(self.ledger, link, self.clock, self.new_id, version="test")

    def close(self) -> None:
        """Stop cleanly."""
        self.talk.close()
        self.ledger.close()
