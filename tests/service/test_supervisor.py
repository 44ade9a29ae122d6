"""The supervisor with real children: small Python programs that crash, freeze, end or go on."""

import signal
import subprocess
import sys
import threading
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace

import psutil
import pytest

from antrean.service.supervisor import Patience, Supervisor
from tests.journey.outside import wait_until

QUICK = Patience(starting=200, frozen=10, ending=100, pause=0.01, longest_pause=0.02)
"""Of the children's own time, which a slow machine does not make pass; only pauses are real."""
HEAD = """
import os, socket, sys, time
host, _, port = os.environ["ANTREAN_NOTIFY"].rpartition(":")
mouth = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
say = lambda words: mouth.sendto(words, (host, int(port)))
notes = open(sys.argv[1], "a+")
notes.write("life\\n"); notes.flush(); notes.seek(0)
life = len(notes.readlines())
def age(seconds):
    # Lets so much time pass for the supervisor, and lets it look at its clock.
    with open(sys.argv[1] + ".clock") as clock: at = float(clock.read()) + seconds
    with open(sys.argv[1] + ".new", "w") as clock: clock.write(str(at))
    os.replace(sys.argv[1] + ".new", sys.argv[1] + ".clock")
    time.sleep(0.3)
"""


def program(folder: Path, body: str) -> tuple[list[str], Path]:
    """A child with this body, and the file where each of its lives leaves a line."""
    source, lives = folder / "child.py", folder / "lives"
    source.write_text(HEAD + dedent(body), encoding="utf-8")
    return [sys.executable, str(source), str(lives)], lives


def count(lives: Path) -> int:
    return len(lives.read_text(encoding="utf-8").splitlines())


def run(folder: Path, body: str, patience: Patience = QUICK) -> tuple[int, int]:
    command, lives = program(folder, body)
    clock = lives.with_suffix(".clock")
    clock.write_text("0", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        told = SimpleNamespace(monotonic=lambda: float(clock.read_text(encoding="utf-8")))
        patch.setattr("antrean.service.supervisor.time", told)
        code = Supervisor(command, {}, patience).run()
    return code, count(lives)


@pytest.mark.parametrize("code", [0, 2])
def test_an_end_as_asked_and_wrong_settings_are_passed_on(tmp_path: Path, code: int) -> None:
    assert run(tmp_path, f"sys.exit({code})") == (code, 1)


@pytest.mark.parametrize("end", ["sys.exit(75)", "sys.exit(4)", "os.kill(os.getpid(), 9)", "os.abort()"])
def test_any_other_end_brings_a_new_start(tmp_path: Path, end: str) -> None:
    assert run(tmp_path, f"if life < 3: {end}\n") == (0, 3)


def test_a_child_that_falls_silent_is_killed_and_started_again(tmp_path: Path) -> None:
    body = """
    say(b"READY=1")
    if life == 1:
        while True: age(6)
    """
    assert run(tmp_path, body) == (0, 2)


def test_a_child_that_speaks_may_take_as_long_as_it_likes(tmp_path: Path) -> None:
    body = """
    say(b"READY=1")
    for _ in range(8):
        age(2)
        say(b"WATCHDOG=1")
    """
    assert run(tmp_path, body) == (0, 1)


def test_before_its_first_word_and_after_its_last_a_child_has_more_time(tmp_path: Path) -> None:
    body = """
    age(150)
    say(b"READY=1")
    say(b"STOPPING=1")
    age(90)
    """
    assert run(tmp_path, body) == (0, 1)


def test_a_child_that_never_gets_ready_is_killed_too(tmp_path: Path) -> None:
    body = """
    if life == 1:
        while True: age(90)
    """
    assert run(tmp_path, body) == (0, 2)


def test_the_pause_grows_with_each_crash_and_a_wanted_restart_begins_it_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    body = """
    notes.write(f"at {time.monotonic()}\\n"); notes.flush(); notes.seek(0)
    life = sum(line == "life\\n" for line in notes)
    sys.exit([0, 1, 1, 1, 75, 1, 0][life])
    """
    command, lives = program(tmp_path, body)
    assert Supervisor(command, {}, replace(QUICK, pause=0.2, longest_pause=0.8)).run() == 0
    at = [float(line[3:]) for line in lives.read_text(encoding="utf-8").splitlines() if line != "life"]
    pauses = [later - earlier for earlier, later in pairwise(at)]
    meant = [0.2, 0.4, 0.8, 0.2, 0.4]
    assert [pause >= least for pause, least in zip(pauses, meant, strict=True)] == [True] * 5
    assert [float(record.getMessage().split()[-2]) for record in caplog.records] == meant


def test_stopping_ends_the_child_politely_and_starts_no_other(tmp_path: Path) -> None:
    command, lives = program(tmp_path, "say(b'READY=1')\nwhile True: time.sleep(0.1); say(b'WATCHDOG=1')")
    keeper = Supervisor(command, {}, QUICK)
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(keeper.run()))
    thread.start()
    wait_until(lambda: lives.exists() and count(lives) == 1, "it lives")
    keeper.stop()
    thread.join(60)
    assert codes == [0]
    assert count(lives) == 1


def test_a_signal_to_the_supervisor_ends_both(tmp_path: Path) -> None:
    command, lives = program(tmp_path, "say(b'READY=1')\nwhile True: time.sleep(0.1); say(b'WATCHDOG=1')")
    code = f"import sys; from antrean.service.supervisor import supervise; sys.exit(supervise({command!r}))"
    with subprocess.Popen([sys.executable, "-c", code]) as keeper:
        wait_until(lambda: lives.exists() and count(lives) == 1, "the child lives")
        children = psutil.Process(keeper.pid).children()
        keeper.send_signal(signal.SIGTERM)
        assert keeper.wait(60) == 0
    assert len(children) == 1
    assert not children[0].is_running()


def test_the_child_hears_of_us_and_not_of_our_own_service_manager(tmp_path: Path) -> None:
    body = "sys.exit(0 if 'NOTIFY_SOCKET' not in os.environ and os.environ['WATCHDOG_USEC'] == '10000000' else 2)"
    command, _ = program(tmp_path, body)
    assert Supervisor(command, {"NOTIFY_SOCKET": "/run/ours"}, QUICK).run() == 0
