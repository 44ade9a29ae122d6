"""The second witness of a kiosk's numbers: a small file that always says at least as much as was ever issued.

Numbers and places in the log are reserved in blocks, so that most tickets write nothing more than the database. When
the database comes back older than this file proves (an image, a copy, a disk that lied), the kiosk goes on above it.
"""

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

from antrean.ledger import device_log, small_file
from antrean.ledger.connection import writing
from antrean.ledger.driver import Connection
from antrean.ledger.errors import DiskFull

log = logging.getLogger(__name__)
FILE_NAME = "kiosk.mark"
NUMBERS_A_BLOCK = 20
EVENTS_A_BLOCK = 100


@dataclass(frozen=True, slots=True)
class Point:
    """Where a ledger stands: its log and last seq in it, its day, and the last number of each series."""

    device_id: str
    log_id: str
    generation: int
    day: str
    seq: int
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """What the file says: the ledger once stood at `proved`, and nothing above `reserved` was ever given out.

    `clean` after an orderly stop: then the two are one, and the ledger must stand exactly there.
    """

    proved: Point
    reserved: Point
    clean: bool


class Verdict(Enum):
    """How a ledger compares with its mark."""

    SOUND = "sound"
    BEHIND = "behind"


def point_of(connection: Connection) -> Point:
    """Where the ledger stands in this transaction."""
    at = device_log.own(connection)
    rows = connection.execute("SELECT series, last FROM counters")
    return Point(
        at.device_id, at.log_id, at.generation, at.day, at.last_seq, {row[0]: row[1] for row in rows}
    )


def judge(now: Point, mark: Mark | None, *, clean: bool) -> Verdict:
    """Whether a ledger at `now`, last stopped cleanly or not, is older than the mark proves."""
    if mark is None:
        return Verdict.SOUND
    proved = mark.proved
    if now.generation != proved.generation:
        return Verdict.BEHIND if now.generation < proved.generation else Verdict.SOUND
    if now.log_id != proved.log_id or now.seq < proved.seq:
        return Verdict.BEHIND
    if any(now.numbers.get(series, 0) < number for series, number in proved.numbers.items()):
        return Verdict.BEHIND
    # It was stopped in order, but the file says that work went on afterwards.
    return Verdict.BEHIND if clean and not mark.clean else Verdict.SOUND


class HighWater:
    """Keeps the file ahead of the ledger; one instance for all connections of a process.

    On a medium of its own (`alone` False) a failing file never keeps a visitor from a number: `trouble` says so.
    """

    def __init__(self, folder: Path, *, alone: bool = True) -> None:
        self.path = folder / FILE_NAME
        self.trouble = ""
        self._alone = alone
        self._mark: Mark | None = None
        self._durable: Point | None = None
        self._not_before = 0

    def load(self) -> Mark | None:
        """What the file says; None when it is missing, torn or of another make."""
        content = small_file.read(self.path)
        return None if content is None else _mark_of(content)

    def begin(self, connection: Connection) -> None:
        """Take over where a ledger stands that was just opened: it is durable."""
        self._durable = point_of(connection)

    @contextmanager
    def covered(self, connection: Connection) -> Iterator[Connection]:
        """One durable transaction; the file covers it before it commits."""
        with writing(connection) as tx:
            yield tx
            now = self.cover(tx)
        self._durable = now

    def cover(self, tx: Connection) -> Point:
        """Reserve what the open transaction is about to give out; raises DiskFull."""
        now = point_of(tx)
        if not _covers(self._mark, now):
            self._mark = self.load()  # another process may have reserved more meanwhile
            if not _covers(self._mark, now):
                self._reserve(now)
        return now

    def stopped(self, tx: Connection) -> bool:
        """Note exactly where an orderly stop leaves the ledger; False when that could not be written."""
        now = point_of(tx)
        return self._write(Mark(now, now, clean=True))

    def _reserve(self, now: Point) -> None:
        if self.trouble and now.seq < self._not_before:
            return
        before = (
            self._mark.reserved if self._mark and self._mark.reserved.generation == now.generation else None
        )
        proved = self._durable or replace(now, seq=0, numbers={}, generation=0)
        numbers = {
            series: _block(number, before.numbers.get(series, 0) if before else 0, proved.numbers.get(series))
            for series, number in now.numbers.items()
        }
        reserved = replace(now, seq=now.seq + EVENTS_A_BLOCK, numbers=numbers)
        if not self._write(Mark(proved, reserved, clean=False)):
            self._not_before = now.seq + NUMBERS_A_BLOCK

    def _write(self, mark: Mark) -> bool:
        try:
            small_file.write_durably(self.path, _content(mark))
        except DiskFull as error:
            if self._alone:
                raise
            return self._failed(error)
        except OSError as error:
            return self._failed(error)
        self._mark, self.trouble = mark, ""
        return True

    def _failed(self, error: Exception) -> bool:
        if not self.trouble:
            log.error("the second file %s cannot be written: %s", self.path, error)
        self.trouble = str(error)
        return False


def _covers(mark: Mark | None, now: Point) -> bool:
    if mark is None or mark.clean:
        return False
    r = mark.reserved
    return (
        (r.device_id, r.log_id, r.generation, r.day) == (now.device_id, now.log_id, now.generation, now.day)
        and r.seq >= now.seq
        and all(r.numbers.get(series, 0) >= number for series, number in now.numbers.items())
    )


def _block(number: int, reserved: int, durable: int | None) -> int:
    if reserved >= number:
        return reserved
    return number if durable == number else number + NUMBERS_A_BLOCK - 1


def _content(mark: Mark) -> bytes:
    text = json.dumps(asdict(mark), sort_keys=True).encode()
    return text + b"\n" + hashlib.sha256(text).hexdigest().encode() + b"\n"


def _mark_of(content: bytes) -> Mark | None:
    text, _, told = content.partition(b"\n")
    if told.strip() != hashlib.sha256(text).hexdigest().encode():
        return None
    try:
        data: dict[str, Any] = json.loads(text)
        return Mark(Point(**data["proved"]), Point(**data["reserved"]), bool(data["clean"]))
    except (ValueError, TypeError, KeyError):
        return None
