"""Keeps one program running where no service manager does: Windows, or the autostart of a plain desktop."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from antrean.service.notifier import ALIVE, DEADLINE, MICROSECONDS, OURS, READY, STATUS, STOPPING, SYSTEMD

log = logging.getLogger(__name__)
ENDED, WRONG_USE, AGAIN = 0, 2, 75
"""Exit codes: ended as asked, settings that no new start makes right, a new start is wanted (EX_TEMPFAIL)."""
GLANCE_S = 0.2
KILLED = -9


@dataclass(frozen=True)
class Patience:
    """How long, in seconds, until what counts as what.

    `starting` until the first word (a large ledger is read through first), `frozen` without a word after it, `ending`
    for a polite end. The pause before the next start begins at `pause` and doubles with each crash up to
    `longest_pause`; a run of `steady` begins it anew.
    """

    starting: float = 180.0
    frozen: float = 15.0
    ending: float = 60.0
    pause: float = 0.5
    longest_pause: float = 30.0
    steady: float = 60.0


PATIENT = Patience()


def supervise(
    command: Sequence[str], environment: Mapping[str, str] | None = None, patience: Patience = PATIENT
) -> int:
    """Run `command` until it ends with 0 or 2, or this process is told to end by a signal; returns that code.

    Any other end, and silence longer than `patience` allows, brings a new start. Belongs to the main thread.
    """
    keeper = Supervisor(command, os.environ if environment is None else environment, patience)
    ended = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: keeper.stop()) for number in ended]
    try:
        return keeper.run()
    finally:
        for number, handler in zip(ended, before, strict=True):
            signal.signal(number, handler)


class Supervisor:
    """One child at a time; `stop` may be called from a signal handler or another thread."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], patience: Patience) -> None:
        self._command = list(command)
        self._environment = {name: value for name, value in environment.items() if name != SYSTEMD}
        self._patience = patience
        self._stopping = threading.Event()
        self._fell: float | None = None

    def stop(self) -> None:
        """End the child politely and start no other."""
        self._stopping.set()

    def run(self) -> int:
        """Start and start again; returns the exit code that ended it."""
        pause = self._patience.pause
        while True:
            began = time.monotonic()
            code = self._one_life()
            if self._stopping.is_set():
                return ENDED
            if code in (ENDED, WRONG_USE):
                return code
            if code == AGAIN or time.monotonic() - began >= self._patience.steady:
                pause = self._patience.pause
            self._fell = time.monotonic()
            log.warning("the program ended with %s; it is started again in %.1f s", code, pause)
            if self._stopping.wait(pause):
                return ENDED
            pause = min(pause * 2, self._patience.longest_pause)

    def _one_life(self) -> int:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
            ear.bind(("127.0.0.1", 0))
            ear.settimeout(GLANCE_S)
            host, port = ear.getsockname()
            told = {
                OURS: f"{host}:{port}",
                DEADLINE: str(round(self._patience.frozen * MICROSECONDS)),
                "PYTHONFAULTHANDLER": "1",  # a crash says where
            }
            with subprocess.Popen(self._command, env={**self._environment, **told}) as child:
                return self._watch(child, ear)

    def _watch(self, child: subprocess.Popen[bytes], ear: socket.socket) -> int:
        heard, allowed = time.monotonic(), self._patience.starting
        while (code := child.poll()) is None:
            if self._stopping.is_set():
                return self._end(child)
            now = time.monotonic()  # before listening: a word that waits counts, however late we come to it
            words = _listen(ear)
            if words:
                heard = now
                if READY in words:
                    self._tell_ready(words)
                if STOPPING in words:
                    allowed = self._patience.ending
                elif READY in words or ALIVE in words:
                    allowed = self._patience.frozen
            elif now - heard > allowed:
                log.error("the program said nothing for %.0f s: it is killed", now - heard)
                child.kill()
                child.wait()
                return KILLED
        return code

    def _tell_ready(self, words: Sequence[str]) -> None:
        status = next((word.removeprefix(STATUS) for word in words if word.startswith(STATUS)), "ready")
        if self._fell is None:
            log.info("up: %s", status)
        else:
            log.info("back after %.1f s: %s", time.monotonic() - self._fell, status)

    def _end(self, child: subprocess.Popen[bytes]) -> int:
        child.terminate()
        try:
            return child.wait(self._patience.ending)
        except subprocess.TimeoutExpired:
            child.kill()
            return child.wait()


def _listen(ear: socket.socket) -> tuple[str, ...]:
    """The words of one datagram, nothing after a glance."""
    try:
        return tuple(ear.recv(4096).decode(errors="replace").splitlines())
    except TimeoutError:
        return ()
