"""Start the programs as children, watch them, and stop them in the reverse order.

Used by `make run`, `make demo` and whoever needs a whole mall of real processes.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

STOP_SECONDS = 8.0
PROBE_SECONDS = 0.1
_PR_SET_PDEATHSIG = 1  # prctl(2)


class Trouble(Exception):
    """A program did not do what it was started for; the message is for the person at the terminal."""


@dataclass(frozen=True)
class Child:
    """One started program: its name for people, its process, and the file that collects its output."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def last_words(self, lines: int = 15) -> str:
        """Return the end of the program's output, indented, for a message about its death."""
        text = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
        return "\n".join("    " + line for line in text)


def free_port(preferred: int, host: str = "127.0.0.1") -> int:
    """Return `preferred` when nobody listens there, otherwise a port the system says is free."""
    for port in (preferred, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise Trouble(f"No free port on {host}.")


def listens(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether somebody accepts connections on a port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((host, port)) == 0


def die_with_parent() -> None:
    """Ask Linux to end this process with its parent, so that a killed runner leaves no orphans behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Children:
    """The programs this runner started. Use as a context manager: leaving it stops them all."""

    def __init__(self, logs: Path, environment: Mapping[str, str] | None = None) -> None:
        """Collect output under `logs`; `environment` is laid over the runner's own."""
        self._logs = logs
        self._environment = {**os.environ, **(environment or {})}
        self._children: list[Child] = []

    def __enter__(self) -> Children:
        """Return itself."""
        # For their owner's eyes: a first start's output holds the administrator's one-time link.
        self._logs.mkdir(parents=True, exist_ok=True)
        self._logs.chmod(0o700)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop every child."""
        self.stop()

    def start(self, name: str, command: Sequence[str]) -> Child:
        """Start a program in a session of its own, so that Ctrl-C reaches the runner first."""
        log = self._logs / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._environment,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        child = Child(name, process, log)
        self._children.append(child)
        return child

    def run(self, command: Sequence[str], *, text: str = "", timeout: float = 60.0) -> str:
        """Give a short command `text` to read and return what it printed; raise `Trouble` with its errors."""
        result = subprocess.run(
            command,
            env=self._environment,
            input=text,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if result.returncode:
            raise Trouble(f"{' '.join(command)}\nended with {result.returncode}:\n{result.stderr.strip()}")
        return result.stdout

    def wait_until(self, ready: Callable[[], bool], what: str, *, timeout: float = 30.0) -> None:
        """Wait until `ready()`; raise `Trouble` when a child dies meanwhile or after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while not ready():
            self.check()
            time.sleep(PROBE_SECONDS)
            if time.monotonic() > deadline:
                raise Trouble(f"{what} was not ready within {timeout:.0f} seconds; see {self._logs}.")

    def check(self) -> None:
        """Raise `Trouble` with the last words of the first child found dead. Nothing is restarted."""
        for child in self._children:
            code = child.process.poll()
            if code is not None:
                raise Trouble(f"{child.name} ended (exit {code}). Its last words:\n{child.last_words()}")

    def watch(self) -> NoReturn:
        """Never return; raise `Trouble` as soon as a child ends by itself."""
        while True:
            self.check()
            time.sleep(PROBE_SECONDS)

    def stop(self) -> None:
        """End the children, the last started first; kill one that takes longer than `STOP_SECONDS`."""
        while self._children:
            process = self._children.pop().process
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
