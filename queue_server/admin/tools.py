"""What the admin commands share: opening the ledger, printing, and the words of refusals."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.errors import RuleViolation, Unavailable
from antrean.ledger import hall_meta
from antrean.ledger.folder_lock import FolderLock
from antrean.ledger.hall import LOCK_NAME, FreshIds, HallLedger

ACTOR = "antrean-admin"


@dataclass(frozen=True)
class Desk:
    """Where an admin command works: the data folder, the machine's clock, ids and randomness, and where it prints."""

    data: Path
    now_ms: Callable[[], int]
    new_id: Callable[[], str]
    random_bytes: Callable[[int], bytes]
    stdin: TextIO
    out: TextIO

    @contextmanager
    def writing(self) -> Iterator[HallLedger]:
        """The ledger for writing; it may belong to a running server, then each write waits its turn."""
        fresh = FreshIds(self.new_id(), self.new_id(), self.new_id())
        if not (self.data / "antrean.db").exists():
            raise RuleViolation("not_set_up", folder=str(self.data))
        ledger = HallLedger.open(self.data, fresh=fresh, now_ms=self.now_ms(), check=False)
        try:
            yield ledger
        finally:
            ledger.close()

    @contextmanager
    def alone(self) -> Iterator[HallLedger]:
        """The ledger for writing with no server beside; raises Unavailable while one works on the folder."""
        if not self.data.is_dir():
            raise RuleViolation("not_set_up", folder=str(self.data))
        lock = FolderLock(self.data / LOCK_NAME)
        try:
            if not lock.alone():
                raise Unavailable(f"a server works on {self.data}: stop it first", permanent=True)
            with self.writing() as ledger:
                yield ledger
        finally:
            lock.close()

    @contextmanager
    def reading(self) -> Iterator[HallLedger]:
        """The ledger for reading only."""
        ledger = HallLedger.open_reading(self.data)
        try:
            yield ledger
        finally:
            ledger.close()

    def say(self, text: str) -> None:
        """Prints one line."""
        print(text, file=self.out)

    def say_json(self, value: Any) -> None:
        """Prints one line of JSON."""
        self.say(json.dumps(value, ensure_ascii=False, separators=(", ", ": ")))

    def read_secret(self) -> str:
        """The first line of standard input."""
        return self.stdin.readline().rstrip("\r\n")


def mall_in(ledger: HallLedger) -> Mall:
    """The mall of a ledger; raises RuleViolation `not_set_up` when there is none yet."""
    with ledger.reading() as r:
        meta = hall_meta.meta(r)
    if meta.catalogue_rev == 0:
        raise RuleViolation("not_set_up", folder=str(ledger.folder))
    return mall_from_dict(meta.catalogue)


def warn(text: str) -> None:
    """Says something to the person, not to the script that reads the output."""
    print(text, file=sys.stderr)
