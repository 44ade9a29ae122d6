"""Five hundred malls with everything going wrong at once; `make soak` runs as many more as there is time for."""

import os
import subprocess
import sys

import pytest


def simulate(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the simulator as `make soak` does."""
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    return subprocess.run(
        [sys.executable, "-m", "tests.simulation", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        timeout=1800,  # for a slow machine: five minutes on two quiet cores
    )


@pytest.mark.slow
@pytest.mark.timeout(1820)
def test_no_fault_and_no_combination_of_faults_costs_a_visitor_number_or_place(
    five_hundred: tuple[int, str],
) -> None:
    code, said = five_hundred
    assert code == 0, said[-6000:]
    assert "500 seeds in" in said


def test_a_seed_tells_the_same_story_every_time() -> None:
    stories = [simulate("--seeds", "1", "--seed", "44", "--story").stdout for _ in range(2)]
    first, second = (story[: story.rindex("seeds in")] for story in stories)
    assert len(first.splitlines()) > 3
    assert first == second


def test_a_broken_promise_is_red_and_names_the_command_that_replays_it() -> None:
    """The simulator's own alarm: a kiosk that forgets a paper must not go unnoticed."""
    script = (
        "from tests.simulation import kiosk\n"
        "from tests.simulation.__main__ import end, main\n"
        "from tests.simulation.world import Paper\n"
        "kiosk.Paper = lambda ticket_id, *rest, **more: Paper('of another ticket', *rest, **more)\n"
        "end(main(['--seeds', '1', '--seed', '44', '--workers', '1']))\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, timeout=100
    )
    assert done.returncode == 1, done.stdout[-2000:] + done.stderr[-2000:]
    assert "is lost" in done.stdout
    assert "make soak SEED=44" in done.stdout
