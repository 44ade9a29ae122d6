"""The runner of `make run` watches its children and leaves none behind."""

import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from scripts.processes import Children, Trouble, free_port, listens
from scripts.run import SignIn, keep_sign_ins, kept_sign_ins, main, qt_environment
from tests.journey import outside

WAIT_FOR_EVER = [sys.executable, "-c", "import signal; print('up', flush=True); signal.pause()"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True)\nwhile 1: signal.pause()",
]
GRANDPARENT = """
import sys
from pathlib import Path
from scripts.processes import Children
children = Children(Path(sys.argv[1])).__enter__()
child = children.start("sleeper", [sys.executable, "-c", "import signal; signal.pause()"])
print(child.process.pid, flush=True)
sys.stdin.read()
"""


def test_a_taken_port_is_replaced_by_a_free_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert listens(port)
        other = free_port(port)
    assert other not in {0, port}


def test_a_free_port_is_kept() -> None:
    port = outside.free_port()
    assert free_port(port) == port


def test_leaving_stops_every_child(tmp_path: Path) -> None:
    with Children(tmp_path / "logs") as children:
        processes = [children.start(name, WAIT_FOR_EVER).process for name in ("one", "two")]
        assert all(process.poll() is None for process in processes)
    assert all(process.poll() is not None for process in processes)


def test_a_child_that_will_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.processes.STOP_SECONDS", 0.1)
    with Children(tmp_path / "logs") as children:
        child = children.start("stubborn", STUBBORN)
        children.wait_until(lambda: "up" in child.log.read_text(), "the stubborn child")
    assert child.process.returncode == -signal.SIGKILL


def test_a_childs_death_is_reported_with_its_last_words(tmp_path: Path) -> None:
    with Children(tmp_path / "logs") as children:
        children.start("kiosk", [sys.executable, "-c", "raise SystemExit('the printer is on fire')"])
        with pytest.raises(Trouble, match=r"kiosk ended \(exit 1\)(.|\n)*the printer is on fire"):
            children.watch()


def test_waiting_ends_early_when_a_child_dies(tmp_path: Path) -> None:
    with Children(tmp_path / "logs") as children:
        children.start("server", [sys.executable, "-c", "raise SystemExit(3)"])
        with pytest.raises(Trouble, match="server ended"):
            children.wait_until(lambda: False, "the server", timeout=60)


def test_waiting_ends_when_time_is_up(tmp_path: Path) -> None:
    with (
        Children(tmp_path / "logs") as children,
        pytest.raises(Trouble, match="was not ready within 0 seconds"),
    ):
        children.wait_until(lambda: False, "The server", timeout=0)


def test_a_failing_command_says_what_it_said(tmp_path: Path) -> None:
    with Children(tmp_path / "logs") as children, pytest.raises(Trouble, match="no such mall"):
        children.run([sys.executable, "-c", "raise SystemExit('no such mall')"])


def test_a_killed_runner_leaves_no_orphan(tmp_path: Path, root: Path) -> None:
    runner = subprocess.Popen(
        [sys.executable, "-c", GRANDPARENT, str(tmp_path)],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert runner.stdout is not None
    assert runner.stdin is not None
    sleeper = psutil.Process(int(runner.stdout.readline()))
    runner.kill()
    runner.wait(30)
    runner.stdout.close()
    runner.stdin.close()
    gone, _ = psutil.wait_procs([sleeper], timeout=30)
    assert gone


def test_without_a_screen_qt_draws_offscreen() -> None:
    assert qt_environment({}) == {"QT_QPA_PLATFORM": "offscreen"}
    assert qt_environment({"DISPLAY": ":0"}) == {}
    assert qt_environment({"WAYLAND_DISPLAY": "wayland-0"}) == {}
    assert qt_environment({"QT_QPA_PLATFORM": "vnc"}) == {}


def test_sign_ins_are_kept_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "sign-ins.txt"
    assert kept_sign_ins(path) == ()
    sign_ins = (SignIn("officer", "petugas", "a-b_c"), SignIn("manager", "pengelola", "d"))
    keep_sign_ins(path, sign_ins)
    assert kept_sign_ins(path) == sign_ins
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_a_mall_that_cannot_be_made_is_a_clear_message_and_no_leftover(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    handlers = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    try:
        code = main(["--data", str(tmp_path / "var"), "--sample", str(tmp_path / "missing.toml")])
    finally:
        signal.signal(signal.SIGINT, handlers[0])
        signal.signal(signal.SIGTERM, handlers[1])
    assert code == 1
    said = capsys.readouterr().err
    assert "Everything was stopped" in said
