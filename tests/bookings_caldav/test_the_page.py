"""docs/connect-a-calendar.md is followed to the letter, with a Radicale that starts as the page says."""

import io
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from antrean.domain.booking_code import shown_code
from queue_server.admin.__main__ import main
from queue_server.bookings.connectors import caldav
from queue_server.bookings.connectors.caldav import reading, writing
from queue_server.bookings.connectors.caldav.reading import code_of_uid
from queue_server.bookings.settings import read_sources
from tests.bookings_server.booked_mall import booked_mall_data
from tests.journey.outside import free_port
from tests.server.house_of_tests import fill

PAGE = (Path(__file__).parents[2] / "docs" / "connect-a-calendar.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
# A step is some shell, or one command of antrean-admin, which this process runs itself: its start takes a second.
STEP = re.compile(r"^antrean-admin (?:.*\\\n)*.*\n", re.MULTILINE)


@dataclass
class Newcomer:
    """Types what the page says, with other places for /srv and the port."""

    folder: Path
    port: int
    monkeypatch: pytest.MonkeyPatch
    servers: list[int] = field(default_factory=list)

    def follow(self, block: str) -> str:
        """Do one block; returns what the shell said."""
        block = block.replace("/srv/", f"{self.folder}/").replace("5232", str(self.port))
        said, at = "", 0
        for admin in STEP.finditer(block):
            said += self._shell(block[at : admin.start()])
            self._admin(admin.group().replace("\\\n", " "))
            at = admin.end()
        return said + self._shell(block[at:])

    def _admin(self, line: str) -> None:
        words, _, given = line.partition("<")
        text = Path(given.strip()).read_text(encoding="utf-8") if given else ""
        self.monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        assert main(shlex.split(words)[1:]) == 0

    def _shell(self, lines: str) -> str:
        if lines.rstrip().endswith("&"):
            lines += "echo server $!\n"
        script = f"set -eu\n{lines}"
        done = subprocess.run(
            ["bash", "-c", script], capture_output=True, text=True, timeout=100, check=False
        )
        assert done.returncode == 0, done.stderr
        self.servers += [int(found) for found in re.findall(r"^server (\d+)$", done.stdout, re.MULTILINE)]
        return done.stdout

    def leave(self) -> None:
        """End what was started."""
        for process in self.servers:
            os.kill(process, signal.SIGTERM)


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newcomer]:
    fill(tmp_path / "antrean", booked_mall_data())
    newcomer = Newcomer(tmp_path, free_port(), monkeypatch)
    yield newcomer
    newcomer.leave()


def test_a_newcomer_connects_a_calendar_by_following_the_page(
    newcomer: Newcomer, capsys: pytest.CaptureFixture[str]
) -> None:
    install, *blocks = BLOCKS
    assert "pip install --quiet Radicale" in install
    python = newcomer.folder / "radicale" / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)  # what the first block installs is here already
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    entry = [newcomer.follow(block) for block in blocks][-1]
    said = capsys.readouterr().out
    assert "kalender: reached; 0 bookings, 0 unreadable" in said
    assert "kalender: reached; 1 bookings, 0 unreadable" in said
    assert re.search(rf"09:00  {shown_code(code_of_uid('contoh-1'))} +ktp-hilang", said)
    assert "UID:contoh-1" in entry
    (source,) = read_sources(newcomer.folder / "antrean", {"caldav": caldav.KIND})
    password = newcomer.folder / "radicale" / "password"
    assert source.settings["password"] == password.read_text(encoding="utf-8").strip()
    secrets = [password, *(newcomer.folder / "antrean").glob("bookings-kalender.*")]
    assert [oct(one.stat().st_mode & 0o777) for one in secrets] == ["0o600", "0o600"]


@pytest.mark.parametrize("module", [reading, caldav.calendar], ids=["reading", "calendar"])
def test_every_problem_of_an_entry_is_on_the_page(module: object) -> None:
    text = Path(str(getattr(module, "__file__", ""))).read_text(encoding="utf-8")
    named = set(re.findall(r'(?:_Unreadable\(|Problem\(uid, )"(\w+)"', text))
    assert named
    assert named <= set(re.findall(r"`(\w+)`", PAGE))


def test_every_line_that_is_written_is_on_the_page() -> None:
    lines = {
        reading.CODE,
        reading.CODE_BY,
        writing.OUTCOME,
        writing.ARRIVED_AT,
        writing.NUMBER,
        writing.AFTER_CANCEL,
    }
    assert lines <= set(re.findall(r"`(X-ANTREAN-[A-Z-]+)`", PAGE))
