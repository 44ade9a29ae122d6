"""Faults to order for the virtual printer, changed at run time through a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from antrean.domain.errors import BadInput

FAULT_FILE = "fault.txt"
NAMES = ("none", "paper-out", "cover-open", "offline", "silent", "slow")


@dataclass(frozen=True)
class Fault:
    """What is wrong: one of NAMES, or "cut-after" with the number of bytes a connection lives for."""

    name: str = "none"
    after: int = 0

    @property
    def holds(self) -> bool:
        """Whether the printer keeps what it gets for later instead of printing it."""
        return self.name in ("paper-out", "cover-open", "offline")

    def answer(self, request: int) -> int:
        """The byte that answers DLE EOT `request` (its fixed bits are 0x12)."""
        if request == 1:
            return 0x12 | (0x08 if self.holds else 0)
        if request == 2:
            return 0x12 | {"cover-open": 0x04, "paper-out": 0x20}.get(self.name, 0)
        return 0x12 | (0x60 if request == 4 and self.name == "paper-out" else 0)


NO_FAULT = Fault()


def fault_from(words: str) -> Fault:
    """Read `paper-out`, `cut-after=5000`, …; BadInput `bad_fault` for anything else."""
    words = words.strip() or "none"
    if words in NAMES:
        return Fault(words)
    cut = re.fullmatch(r"cut-after=(\d{1,9})", words)
    if cut is None:
        raise BadInput("bad_fault", fault=words, known=", ".join((*NAMES, "cut-after=N")))
    return Fault("cut-after", int(cut[1]))


def order_fault(directory: Path, words: str) -> None:
    """Make the virtual printer that writes to `directory` show this fault from its next read on."""
    fault_from(words)
    part = directory / (FAULT_FILE + ".part")
    part.write_text(words.strip() + "\n", encoding="ascii")
    part.replace(directory / FAULT_FILE)


def current_fault(directory: Path, default: Fault) -> Fault:
    """The fault ordered last, `default` when none was or the file says nothing known."""
    try:
        return fault_from((directory / FAULT_FILE).read_text(encoding="ascii"))
    except (OSError, BadInput, UnicodeDecodeError):
        return default
