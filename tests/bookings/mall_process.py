"""The real queue server as a process of its own that can be killed, under a clock it shares with the test."""

import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import uuid6

from antrean.domain.timeline import Stamp
from antrean.ledger.hall import HallLedger
from antrean.ledger.writer import Transaction
from queue_server.bookings import worker
from queue_server.running import start
from tests.server.house_of_tests import MORNING_MS, FakeWorld, settings

LOOK_S = 0.1
"""So often the worker looks whether anything is due: twenty times as often as in a mall."""


class SharedClock(FakeWorld):
    """A machine whose time stands in a file of eight bytes: one process sets it, all read it."""

    def __init__(self, path: Path, now_ms: int | None = None) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT)
        super().__init__(self.now_ms if now_ms is None else now_ms)

    @property
    def now_ms(self) -> int:
        return int.from_bytes(os.pread(self._file, 8, 0))

    @now_ms.setter
    def now_ms(self, value: int) -> None:
        os.pwrite(self._file, value.to_bytes(8), 0)

    def stamp(self) -> Stamp:
        now = self.now_ms
        return Stamp("boot-server", now - MORNING_MS + 1_000_000, now)

    def new_id(self) -> str:
        return str(uuid6.uuid7())

    def random_bytes(self, count: int) -> bytes:
        return os.urandom(count)

    def close(self) -> None:
        os.close(self._file)


class MallProcess:
    """A life of the server after the other over one folder; `ledger` reads its file beside it."""

    def __init__(self, folder: Path, clock_file: Path) -> None:
        self.folder = folder
        self._clock_file = clock_file
        self._process: subprocess.Popen[str] | None = None
        self.ledger = HallLedger.open_reading(folder)
        self.port = 0
        self._client = httpx.Client(timeout=30, trust_env=False)

    def start(self) -> None:
        """Begin the next life; returns when it listens."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, self.folder, self._clock_file],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        assert said, f"the server ended with {self._process.wait(30)}"
        self.port = int(said)

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.kill()
        self._process.communicate(timeout=30)
        self._process = None

    def close(self) -> None:
        if self._process is not None:
            self.kill()
        self._client.close()
        self.ledger.close()

    def read(self, question: Callable[[Transaction], Any]) -> Any:
        """What the file says now."""
        with self.ledger.reading() as r:
            return question(r)

    def command(self, name: str, *, role: str = "supervisor", **more: Any) -> Mapping[str, Any]:
        """What the server answers to a command, a refusal too."""
        headers = {"Authorization": f"Bearer {role}-token", "Idempotency-Key": str(uuid.uuid4())}
        url = f"http://127.0.0.1:{self.port}/v1/commands"
        answer = self._client.post(url, json={"command": name, **more}, headers=headers)
        found: Mapping[str, Any] = answer.json()
        return found


@contextmanager
def mall_process(folder: Path, clock_file: Path) -> Iterator[MallProcess]:
    """A server that is not running yet, and never runs longer than the block."""
    mall = MallProcess(folder, clock_file)
    try:
        yield mall
    finally:
        mall.close()


def main() -> None:
    """Serve until killed, or until whoever started it is gone."""
    folder, clock_file = map(Path, sys.argv[1:])
    worker.LOOK_S = LOOK_S
    running = start(folder, settings(), SharedClock(clock_file), lambda error: os._exit(3))
    print(running.port, flush=True)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    running.serve()


def _end_with_parent() -> None:
    with suppress(OSError):
        sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
