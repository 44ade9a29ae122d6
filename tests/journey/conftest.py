from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journey.outside import Mall, free_port, opened, running, wait_until


@pytest.fixture
def mall(tmp_path: Path) -> Iterator[Mall]:
    """A tiny mall, open day and night, with its server running."""
    yield from opened(Mall(tmp_path))


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A virtual printer: its target and the folder its tickets come out in."""
    port, out = free_port(), tmp_path / "paper"
    with running(tmp_path, "antrean-printer", "virtual", "--port", port, "--out", out) as printer:
        wait_until(lambda: str(port) in printer.says(), "the printer listens")
        yield f"tcp://127.0.0.1:{port}", out
