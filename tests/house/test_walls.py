"""The walls stand, and each of them falls over when somebody walks through it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = ("antrean", "kiosk", "queue_server", "display", "printers", "loudspeaker")
CORE = ("domain", "ledger", "link", "voice", "texts", "look", "seal", "service", "finder")

# One violation a wall: where it is planted, what is planted, and the contract that must name it.
VIOLATIONS = [
    ("antrean/domain", "import sqlite_utils", "antrean.domain imports only the standard library"),
    ("antrean/domain", "import time", "antrean.domain imports only the standard library"),
    ("antrean/domain", "from random import random", "antrean.domain imports only the standard library"),
    ("antrean/domain", "import socket", "antrean.domain imports only the standard library"),
    ("antrean/domain", "import antrean.texts", "Every room of the shared core stands on the domain alone"),
    ("antrean/voice", "import antrean.link", "Every room of the shared core stands on the domain alone"),
    ("antrean/look", "import kiosk", "Programs stand on the shared core"),
    ("kiosk", "import queue_server", "Programs stand on the shared core"),
    ("queue_server", "import display", "Programs stand on the shared core"),
    ("printers", "import kiosk", "Programs stand on the shared core"),
    ("printers", "import antrean.ledger", "printers imports domain, texts and look"),
    ("display", "import printers", "display keeps no log, signs and prints nothing"),
    ("display", "import antrean.seal", "display keeps no log, signs and prints nothing"),
    ("queue_server", "import printers", "queue_server prints nothing and plays nothing"),
    ("queue_server", "import loudspeaker", "queue_server prints nothing and plays nothing"),
    ("loudspeaker", "import display", "Programs stand on the shared core"),
    ("loudspeaker", "import antrean.link", "loudspeaker imports voice and service"),
    (
        "queue_server",
        "import antrean.link",
        "queue_server asks the outside world only from its bookings room",
    ),
    (
        "queue_server/site",
        "import queue_server.bookings",
        "The booking site knows nothing of a mall's live hall",
    ),
    ("queue_server", "import queue_server.site", "speaks with the booking site by the booking API alone"),
    ("kiosk", "import pysqlite3", "SQL is spoken in antrean.ledger alone"),
    ("queue_server", "from sqlite_utils import Database", "SQL is spoken in antrean.ledger alone"),
    ("antrean/ledger", "import sqlite3", "Nobody imports the standard library's sqlite3"),
    ("kiosk", "import httpx", "Outgoing HTTP leaves from antrean.link alone"),
    (
        "queue_server",
        "from PySide6 import QtCore",
        "Only the kiosk, the displays and the loudspeaker know Qt",
    ),
    ("kiosk", "import flask", "Only the server knows Flask"),
    ("queue_server", "import cryptography", "Only antrean.seal signs and checks signatures"),
    ("printers", "import antrean.seal", "printers imports domain, texts and look"),
    ("antrean/service", "import antrean.texts", "antrean.service imports only the standard library"),
    ("antrean/finder", "import antrean.texts", "Every room of the shared core stands on the domain alone"),
    ("printers", "import antrean.service", "printers imports domain, texts and look"),
    ("kiosk", "import escpos.printer", "Only printers knows the printer's language"),
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter in a folder as `make check` does, without its cache."""
    code = (
        "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as run; run()"
    )
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


def flat(text: str) -> str:
    """Undo the line breaks a terminal report puts into long sentences."""
    return " ".join(text.split())


@pytest.fixture
def empty_house(tmp_path: Path, root: Path) -> Path:
    """A house with every room, nobody in it, and the real walls."""
    rooms = (*PROGRAMS, *(f"antrean/{room}" for room in CORE), "queue_server/bookings", "queue_server/site")
    for name in rooms:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    (tmp_path / "scripts").mkdir()
    for name in ("pyproject.toml", "scripts/__init__.py", "scripts/walls.py"):
        shutil.copy(root / name, tmp_path / name)
    return tmp_path


def test_an_empty_house_stands(empty_house: Path) -> None:
    result = lint(empty_house)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("room", "line", "wall"), VIOLATIONS, ids=[f"{r}: {v}" for r, v, _ in VIOLATIONS])
def test_a_planted_violation_breaks_its_wall(empty_house: Path, room: str, line: str, wall: str) -> None:
    (empty_house / room / "planted.py").write_text(line + "\n", encoding="utf-8")
    result = lint(empty_house)
    assert result.returncode == 1, result.stdout + result.stderr
    broken = flat(result.stdout.split("Broken contracts", 1)[1])
    assert wall in broken
    assert f"{room.replace('/', '.')}.planted" in broken


def test_a_new_room_of_the_core_must_be_given_its_place(empty_house: Path) -> None:
    (empty_house / "antrean" / "attic").mkdir()
    (empty_house / "antrean" / "attic" / "__init__.py").touch()
    result = lint(empty_house)
    assert result.returncode == 1
    assert "antrean.attic" in result.stdout


def test_the_bookings_room_may_ask_the_outside_world(empty_house: Path) -> None:
    (empty_house / "queue_server" / "bookings" / "planted.py").write_text(
        "import antrean.link\n", encoding="utf-8"
    )
    result = lint(empty_house)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_walls_of_this_house_stand(root: Path) -> None:
    result = lint(root)
    assert result.returncode == 0, result.stdout + result.stderr
