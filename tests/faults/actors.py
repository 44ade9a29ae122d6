"""Who works in the kill loop: kiosks that print and die, officers and a helper who press until they are answered."""

import json
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any

from tests.journey.outside import BIN, Answer, Kiosk, Mall, Program, wait_until

AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass
class Told:
    """What the outside world was told, to be compared with what the ledgers hold; any thread adds to it."""

    printed: list[dict[str, Any]] = field(default_factory=list)
    answered: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    tries: int = 0
    slowest_start_s: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def killed(self) -> int:
        """How many processes were killed so far."""
        with self.lock:
            return sum(self.kills.values())


class KilledKiosk:
    """Issues tickets through the program in bursts; most bursts are killed at a moment the seed chooses."""

    def __init__(self, kiosk: Kiosk, services: tuple[str, ...], dice: random.Random, told: Told) -> None:
        self.kiosk, self._services, self._dice, self.told = kiosk, services, dice, told

    def burst(self) -> None:
        """One run of the program: killed while it starts, between and during tickets, while it tells the server."""
        chance = self._dice.random()
        count = self._dice.randint(1, 12)
        last = self._dice.randint(1, count)
        with self._start(count) as process:
            lines: list[str] = []
            if chance < 0.2:
                self._die(process, self._dice.uniform(0.02, 0.5))
            elif chance < 0.9:
                assert process.stdout is not None
                while len(lines) < last and (line := process.stdout.readline()):
                    lines.append(line)
                # a ticket takes about 20 ms, telling the server up to a second
                self._die(process, self._dice.uniform(0.0, 0.04 if last < count else 0.6))
            self._take(process, lines)

    def _die(self, process: subprocess.Popen[str], moment_s: float) -> None:
        try:
            process.wait(moment_s)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)

    def settle(self) -> None:
        """One ticket and a polite end, which tells the server all that waits."""
        with self._start(1) as process:
            self._take(process, [])

    def _start(self, count: int) -> subprocess.Popen[str]:
        service = self._dice.choice(self._services)
        return subprocess.Popen(
            [
                BIN / "antrean-kiosk",
                "issue",
                service,
                "--count",
                str(count),
                *map(str, self.kiosk.arguments()),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _take(self, process: subprocess.Popen[str], read: list[str]) -> None:
        out, complaint = process.communicate(timeout=60)
        whole = [*read, *out.splitlines(keepends=True)]
        lines = [json.loads(line) for line in whole if line.endswith("}\n")]
        with self.told.lock:
            self.told.printed += lines
            if process.returncode == -signal.SIGKILL:
                self.told.kills["kiosk"] += 1
            elif process.returncode != 0:
                self.told.refused.append(f"a kiosk ended with {process.returncode}: {complaint.strip()}")


class Presser:
    """Gives commands with a key each and repeats one until it is answered, however often the server dies."""

    def __init__(self, mall: Mall, name: str, token: str, told: Told, stop: threading.Event) -> None:
        self._mall, self._name, self._token, self._told, self._stop = mall, name, token, told, stop
        self._presses = 0
        self._pause = (
            threading.Event()
        )  # never set: an unanswered press is repeated also after the end was called

    def press(self, **body: Any) -> dict[str, Any]:
        """One command; returns what the server answered."""
        self._presses += 1
        key = f"{self._name}-{self._presses:06d}"
        while True:
            with self._told.lock:
                self._told.tries += 1
            answer = self._try(key, body)
            if answer is not None and answer.status not in AGAIN:
                break
            self._pause.wait(0.05)
        said: dict[str, Any] = answer.json()
        with self._told.lock:
            if answer.status == 200:
                self._told.answered[key] = said
            else:
                self._told.refused.append(f"{key} {body}: {answer.status} {said}")
        return said

    def _try(self, key: str, body: dict[str, Any]) -> Answer | None:
        try:
            return self._mall.command(self._token, key, **body)
        except (OSError, HTTPException):  # cut in the middle of an answer
            return None


class Officer(Presser):
    """Calls, sometimes again, starts and finishes at one counter."""

    def __init__(
        self, mall: Mall, counter: str, dice: random.Random, told: Told, stop: threading.Event
    ) -> None:
        token = mall.admin("token", "add", "--role", "officer", "--counter", counter)
        super().__init__(mall, f"officer-{counter}", token, told, stop)
        self._counter, self._dice = counter, dice

    def work(self) -> None:
        """One visitor, or a short look around when nobody waits."""
        if self.press(command="call_next", counter=self._counter).get("ticket") is None:
            self._stop.wait(0.1)
            return
        if self._dice.random() < 0.2:
            self.press(command="recall", counter=self._counter)
        for command in ("start", "finish"):
            self.press(command=command, counter=self._counter)


class Helper(Presser):
    """Takes numbers for visitors at the helper's desk; the server issues those."""

    def __init__(
        self, mall: Mall, services: tuple[str, ...], dice: random.Random, told: Told, stop: threading.Event
    ) -> None:
        token = mall.admin("token", "add", "--role", "helper")
        super().__init__(mall, "helper", token, told, stop)
        self._services, self._dice = services, dice

    def work(self) -> None:
        """One number, then a pause."""
        priority = self._dice.random() < 0.3
        self.press(
            command="issue", counter="", service=self._dice.choice(self._services), priority=priority,
            language="id",
        )  # fmt: skip
        self._stop.wait(self._dice.uniform(0.1, 0.5))


class KilledServer:
    """Keeps the server running and kills it at moments the seed chooses, also while it starts."""

    def __init__(self, mall: Mall, dice: random.Random, told: Told, stop: threading.Event) -> None:
        self._mall, self._dice, self._told, self._stop = mall, dice, told, stop

    def life(self) -> None:
        """One life of the server, from its start to its kill."""
        began = time.monotonic()
        server = self._spawn()
        if self._dice.random() < 0.2:  # killed before it listens
            self._stop.wait(self._dice.uniform(0.05, 0.6))
        else:
            wait_until(self._mall.answers, f"the server answers\n{server.says()}")
            with self._told.lock:
                self._told.slowest_start_s = max(self._told.slowest_start_s, time.monotonic() - began)
            self._stop.wait(self._dice.uniform(0.1, 1.5))
        server.kill()
        with self._told.lock:
            if server.process.returncode == -signal.SIGKILL:
                self._told.kills["server"] += 1
            else:
                self._told.refused.append(f"the server ended by itself:\n{server.says()}")
        server.log.unlink()

    def _spawn(self) -> Program:
        return Program(
            self._mall.folder, "antrean-server", "--data", self._mall.data, "--port", self._mall.port
        )


def kiosk_with_paper(mall: Mall, name: str, folder: Path) -> Kiosk:
    """A paired kiosk whose paper is a file."""
    return Kiosk(mall, name, f"file:{folder / f'{name}.paper'}")
