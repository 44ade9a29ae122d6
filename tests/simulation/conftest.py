"""The long simulation runs beside the other tests: most of those wait for clocks and sockets, not for the processor.

With several workers (`pytest -n`) it is the first thing that one of them does.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SEEDS = 500
"""About three minutes of two idle cores."""
_RUNNING = pytest.StashKey["subprocess.Popen[str]"]()


def _begin(*options: str) -> "subprocess.Popen[str]":
    seeds = ("--seeds", str(SEEDS), "--most-failures", "3", *options)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.simulation", *seeds],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )


def _is_one_of_several(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no worker is left alone with it at the end."""
    if _is_one_of_several(config):
        here = Path(__file__).parent
        items.sort(key=lambda item: here not in item.path.parents)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin as soon as it is known that the long simulation is wanted."""
    wanted = any("five_hundred" in getattr(item, "fixturenames", ()) for item in session.items)
    if wanted and not session.config.option.collectonly and not _is_one_of_several(session.config):
        session.stash[_RUNNING] = _begin("--workers", "2", "--gently")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave nothing running when the tests end early."""
    running = session.stash.get(_RUNNING, None)
    if running is not None and running.poll() is None:
        running.terminate()
        running.communicate()


@pytest.fixture
def five_hundred(request: pytest.FixtureRequest) -> tuple[int, str]:
    """How the long simulation ended: its exit code and what it said."""
    stash = request.session.stash
    if _RUNNING not in stash:
        stash[_RUNNING] = _begin("--workers", "1")
    running = stash[_RUNNING]
    said, _ = running.communicate(timeout=1800)
    return running.returncode, said
