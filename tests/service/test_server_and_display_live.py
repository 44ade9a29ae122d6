"""The server and the displays tell a service manager that they are ready, alive and about to end."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.journey.outside import Mall, Program, free_port, running, wait_until

pytestmark = pytest.mark.journey
DEADLINE = {"WATCHDOG_USEC": "600000"}


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(60)
        yield listening


def environment(ear: socket.socket) -> dict[str, str]:
    return {"NOTIFY_SOCKET": ear.getsockname(), **DEADLINE}


def beats_then_stops(program: Program, ear: socket.socket) -> None:
    assert [ear.recv(200) for _ in range(3)] == [b"WATCHDOG=1"] * 3
    program.process.terminate()
    while (word := ear.recv(200)) == b"WATCHDOG=1":
        pass
    assert word == b"STOPPING=1"
    assert program.process.wait(60) == 0


def test_the_server_is_ready_once_it_listens_and_beats_while_its_writer_writes(
    tmp_path: Path, ear: socket.socket
) -> None:
    mall = Mall(tmp_path)
    with running(
        tmp_path, "antrean-server", "--data", mall.data, "--port", mall.port, env=environment(ear)
    ) as program:
        assert ear.recv(200) == b"READY=1"
        wait_until(mall.answers, "the server answers")
        beats_then_stops(program, ear)


@pytest.mark.parametrize("kind", ["hall", "counter"])
def test_a_display_beats_also_without_its_server(tmp_path: Path, ear: socket.socket, kind: str) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    which = ("--counter", "1") if kind == "counter" else ()
    with running(tmp_path, "antrean-display", kind, "--server", url, *which, env=environment(ear)) as program:
        assert ear.recv(200) == f"READY=1\nSTATUS={kind}".encode()
        beats_then_stops(program, ear)


def test_our_supervisor_brings_a_killed_display_back(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with running(tmp_path, "antrean-display", "hall", "--server", url, "--supervised") as program:
        wait_until(lambda: "up: hall" in program.says(), "the board shows itself")
        (board,) = psutil.Process(program.process.pid).children()
        board.send_signal(signal.SIGKILL)
        wait_until(lambda: "back after" in program.says(), "the board is back")
    assert program.process.returncode == 0
