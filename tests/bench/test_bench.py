"""The measurements run from the command line and print ratios; how large they are is nobody's failure."""

import re
import subprocess
import sys
from pathlib import Path

from bench.boards import boards

ROOT = Path(__file__).parents[2]
RATIO = re.compile(r"\d+\.\d\d×")


def _bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments], capture_output=True, text=True, timeout=120, cwd=ROOT
    )


def test_a_quick_run_prints_what_was_measured_its_floor_and_their_ratio() -> None:
    done = _bench("kiosk", "--quick")
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("kiosk: tap")]
    assert len(lines) == 2
    assert all(RATIO.search(line) and line.count(" ms") == 2 for line in lines)


def test_an_unknown_section_is_refused_with_the_known_ones() -> None:
    done = _bench("coffee")
    assert done.returncode == 2
    assert "coffee" in done.stderr
    assert "kiosk silence ingest week calls latency streams boards starts paint finder ranges" in done.stderr


def test_the_finder_is_measured_on_both_halves_of_the_queries() -> None:
    done = _bench("finder", "--quick")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("finder: right first") == 3
    assert done.stdout.count("finder: right among three,") == 4
    assert "could not be measured" not in done.stdout


def test_a_touch_is_timed_until_the_process_that_plays_is_silent() -> None:
    done = _bench("silence", "--quick")
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if "voice is silent" in line]
    assert len(lines) == 2
    assert all(RATIO.search(line) and line.count(" ms") == 3 for line in lines)


def test_a_call_is_timed_to_the_painted_board_and_to_the_beginning_of_its_sound(tmp_path: Path) -> None:
    lines = boards(tmp_path, 3, 1)
    assert [line.what for line in lines] == [
        f"board: call → {what}, 3 streams, p{share}"
        for what in ("painted", "sound begins")
        for share in (50, 99)
    ]
    assert all((line.ratio or 0) > 0 for line in lines)
