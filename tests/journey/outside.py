"""The programs as an outsider meets them: console scripts, HTTP and files, with the standard library only."""

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

M = TypeVar("M", bound="Mall")
BIN = Path(sys.executable).parent
PATIENCE_S = 60
SAMPLES = Path(__file__).parents[2] / "queue_server" / "samples"


def wait_until(true: Callable[[], Any], what: str, patience_s: float = PATIENCE_S) -> Any:
    """Ask again until the answer is true and return it; fails with `what` when patience ends."""
    pause, until = Event(), time.monotonic() + patience_s
    while time.monotonic() < until:
        answer = true()
        if answer:
            return answer
        pause.wait(0.02)
    raise AssertionError(f"never happened: {what}")


def free_port() -> int:
    """A TCP port on loopback that was free a moment ago.

    Drawn below the ports that systems lend to outgoing connections (Linux from 32768, others from 49152), so that no
    browser or kiosk of another test takes it before its program binds it.
    """
    for port in random.SystemRandom().sample(range(20_000, 32_000), 50):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no free port on loopback")


def run(name: str, *arguments: object, env: Mapping[str, str] | None = None, stdin: str | None = None) -> str:
    """Run a console script to its end; returns what it printed, fails with its complaint when it did not exit 0."""
    done = subprocess.run(
        [BIN / name, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        env={**os.environ, **(env or {})},
        input=stdin,
    )
    assert done.returncode == 0, f"{name} {arguments}: {done.stderr}"
    return done.stdout.strip()


class Program:
    """A console script running in the background, with its output in a file."""

    def __init__(
        self, folder: Path, name: str, *arguments: object, env: Mapping[str, str] | None = None
    ) -> None:
        self.log = folder / f"{name}-{time.monotonic_ns()}.log"
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [BIN / name, *map(str, arguments)],
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **(env or {})},
                start_new_session=True,
            )

    def kill(self) -> None:
        """kill -9, as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE_S)

    def stop(self) -> None:
        """SIGTERM, and wait for the end."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.kill()

    def says(self) -> str:
        """All it printed so far."""
        return self.log.read_text(errors="replace")


@contextmanager
def running(
    folder: Path, name: str, *arguments: object, env: Mapping[str, str] | None = None
) -> Iterator[Program]:
    """A program that is stopped when the block ends."""
    program = Program(folder, name, *arguments, env=env)
    try:
        yield program
    finally:
        program.stop()


class Answer:
    """An HTTP answer."""

    def __init__(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.status, self.body, self.headers = status, body, headers

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def ask(
    url: str,
    body: Any = None,
    *,
    token: str = "",
    key: str = "",
    raw: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """GET, or POST when there is a body; every status is an answer."""
    data = raw if raw is not None else None if body is None else json.dumps(body).encode()
    named = {"Content-Type": "application/json"} if data is not None else {}
    named |= {"Authorization": f"Bearer {token}"} if token else {}
    named |= {"Idempotency-Key": key} if key else {}
    request = urllib.request.Request(url, data=data, headers={**named, **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return Answer(answer.status, answer.read(), dict(answer.headers))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read(), dict(error.headers))


def at_noon(sample: Path, file: Path) -> Path:
    """Write a mall's file for a place where it is about noon now: nothing here lives through a change of the day."""
    east = 12 - time.gmtime().tm_hour
    text, places = re.subn(
        r'^timezone = ".*"$', f'timezone = "Etc/GMT{-east:+d}"', sample.read_text("utf-8"), flags=re.MULTILINE
    )
    assert places == 1, f"{sample} has one timezone"
    file.write_text(text, "utf-8")
    return file


class Mall:
    """A whole mall on loopback: its data, its server on one port, and the devices that join it."""

    def __init__(self, folder: Path, sample: Path = SAMPLES / "tiny.toml") -> None:
        self.folder, self.data, self.port = folder, folder / "server", free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        folder.mkdir(parents=True, exist_ok=True)
        self.admin("init", "--sample", at_noon(sample, folder / "mall-at-noon.toml"))
        self.server: Program | None = None

    def admin(self, *arguments: object, stdin: str | None = None) -> str:
        """antrean-admin on this mall's data."""
        return run("antrean-admin", "--data", self.data, *arguments, stdin=stdin)

    def open(self) -> None:
        """Start the server and wait until it answers."""
        self.server = Program(self.folder, "antrean-server", "--data", self.data, "--port", self.port)
        wait_until(self.answers, f"the server answers\n{self.server.says()}")

    def answers(self) -> bool:
        """Whether /healthz says 200."""
        try:
            return ask(f"{self.url}/healthz").status == 200
        except OSError:
            return False

    def kill(self) -> None:
        """kill -9 the server."""
        assert self.server is not None
        self.server.kill()

    def close(self) -> None:
        """Stop the server politely."""
        if self.server is not None:
            self.server.stop()

    def tickets(self) -> list[dict[str, Any]]:
        """Today's tickets in calling order."""
        return [json.loads(line) for line in self.admin("tickets", "--json").splitlines()]

    def command(self, token: str, key: str, /, **body: Any) -> Answer:
        """POST /v1/commands."""
        return ask(f"{self.url}/v1/commands", body, token=token, key=key)

    def state(self, topic: str) -> dict[str, Any]:
        """The state of a public topic."""
        state: dict[str, Any] = ask(f"{self.url}/v1/state?topics={topic}").json()["topics"][topic]
        return state


def opened(mall: M) -> Iterator[M]:
    """A mall with its server running, closed whatever happens; for fixtures to yield from."""
    try:
        mall.open()
        yield mall
    finally:
        mall.close()


class Kiosk:
    """A kiosk's data folder, used through its commands."""

    def __init__(self, mall: Mall, name: str, printer: str = "") -> None:
        self.mall, self.data = mall, mall.folder / name
        self._printer = ("--printer", printer) if printer else ()
        code = mall.admin("device", "add", "--kind", "kiosk", "--name", name)
        run("antrean-kiosk", "pair", code, "--data", self.data, "--server", mall.url)

    def arguments(self) -> tuple[object, ...]:
        """Where its data, server and printer are."""
        return ("--data", self.data, "--server", self.mall.url, *self._printer)

    def issue(
        self, service: str, *more: object, env: Mapping[str, str] | None = None
    ) -> list[dict[str, Any]]:
        """antrean-kiosk issue; returns the tickets it printed as JSON lines."""
        out = run("antrean-kiosk", "issue", service, *more, *self.arguments(), env=env)
        return [json.loads(line) for line in out.splitlines()]
