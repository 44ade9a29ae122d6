"""The units and the technician's page agree with the programs and with each other."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from display.__main__ import parser as display_parser
from kiosk.arguments import parse as parse_kiosk
from queue_server.__main__ import _parser as server_parser
from queue_server.site.__main__ import parser as booking_parser

PREFIX = "/opt/antrean/bin/"
IN_CAGE = "antrean-in-cage"
UNITS = ("antrean-server", "antrean-booking", "antrean-kiosk", "antrean-display")
Unit = dict[str, list[str]]


def unit(root: Path, name: str) -> Unit:
    """Every value of every key; a key may come several times."""
    found: Unit = {}
    for line in (root / "deploy" / "systemd" / f"{name}.service").read_text(encoding="utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def commands(text: str) -> list[list[str]]:
    """Every command line of one of our programs, without the script that stands before it."""
    lines = re.findall(rf"{PREFIX}[^\n|`\"]+", text)
    return [
        line.replace(f"{PREFIX}{IN_CAGE} ", "").replace(PREFIX, "").rstrip(" &").split() for line in lines
    ]


def try_options(words: list[str]) -> None:
    """Ends with SystemExit for a command or option that does not exist."""
    program, *arguments = words
    if program == "antrean-kiosk":
        parse_kiosk(arguments)
    elif program == "antrean-display":
        display_parser().parse_args(arguments)
    elif program == "antrean-server":
        server_parser().parse_args(arguments)
    elif program == "antrean-booking":
        booking_parser().parse_args(arguments)


@pytest.mark.parametrize("name", UNITS)
def test_every_unit_starts_a_program_that_exists_with_options_it_knows(root: Path, name: str) -> None:
    (line,) = unit(root, name)["ExecStart"]
    (words,) = commands(line)
    assert words[0] == name
    try_options(words)


@pytest.mark.parametrize("page", ["deploy.md", "deploy-windows.md", "kiosk.md", "booking-site.md"])
def test_every_command_of_the_page_exists(root: Path, page: str) -> None:
    scripts = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    text = (root / "docs" / page).read_text(encoding="utf-8")
    for words in commands(text):
        assert words[0] in {*scripts, "pip", IN_CAGE, ""}, words
        try_options(words)
    assert set(re.findall(r"\b(antrean-(?:server|admin|booking|kiosk|display|printer))\b", text)) <= set(
        scripts
    )


@pytest.mark.parametrize("name", UNITS)
def test_every_unit_is_kept_alive_and_says_when_it_stays_down(root: Path, name: str) -> None:
    told = unit(root, name)
    assert told["Type"] == ["notify"]
    assert told["Restart"] == ["always"]
    assert int(told["WatchdogSec"][0]) > 0
    assert told["StartLimitIntervalSec"] == ["0"]
    stays_down = told["RestartPreventExitStatus"][0].split()
    assert "2" in stays_down
    assert ("0" in stays_down) == (name == "antrean-kiosk")
    assert "75" not in stays_down


@pytest.mark.parametrize("name", UNITS)
def test_users_folders_and_places_are_those_of_the_page(root: Path, name: str) -> None:
    told, page = unit(root, name), (root / "docs" / "deploy.md").read_text(encoding="utf-8")
    (user,) = told["User"]
    (folder,) = told["RequiresMountsFor"]
    assert f"--data {folder}" in told["ExecStart"][0]
    row = next(line for line in page.splitlines() if f"`{name}.service`" in line and line.startswith("|"))
    assert f"`{user}`" in row
    assert f"`{folder}`" in row
    assert re.search(rf"adduser .*\b{user}$", page, re.MULTILINE)
    for uid in re.findall(r"/run/user/(\d+)", " ".join(told.get("Environment", []))):
        assert f"--uid {uid} " in page
        assert f"user@{uid}.service" in told["Wants"][0]


def test_every_file_the_pages_name_is_there(root: Path) -> None:
    for page in ("deploy.md", "deploy-windows.md"):
        text = (root / "docs" / page).read_text(encoding="utf-8")
        named = set(re.findall(r"\bdeploy/[\w./-]*[\w-]", text))
        assert {path for path in named if not (root / path).exists()} == set()
    kept = {path.name for path in (root / "deploy").rglob("*") if path.is_file()}
    page = (root / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert {name for name in kept if name not in page} == set()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
@pytest.mark.parametrize("name", UNITS)
def test_systemd_accepts_the_unit(root: Path, tmp_path: Path, name: str) -> None:
    text = (root / "deploy" / "systemd" / f"{name}.service").read_text(encoding="utf-8")
    true = shutil.which("true")
    copy = tmp_path / f"{name}.service"
    copy.write_text(re.sub(rf"{PREFIX}[\w-]+", str(true), text), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False, timeout=60
    )
    ours = [line for line in done.stderr.splitlines() if name in line]
    assert ours == []


@pytest.mark.skipif(os.name != "posix", reason="a script of the shell")
@pytest.mark.parametrize(
    ("program", "code"), [("exit 0", 0), ("exit 2", 2), ("exit 75", 75), ("kill -9 $$", 137)]
)
def test_the_exit_code_comes_through_a_cage_that_swallows_it(
    root: Path, tmp_path: Path, program: str, code: int
) -> None:
    assert in_cage(root, tmp_path, 'shift 2; "$@"; exit 0', program) == code


@pytest.mark.skipif(os.name != "posix", reason="a script of the shell")
@pytest.mark.parametrize(("cage", "code"), [("exit 0", 70), ("kill -9 $$", 137), ("exit 1", 1)])
def test_a_program_torn_down_with_its_screen_did_not_end_well(
    root: Path, tmp_path: Path, cage: str, code: int
) -> None:
    assert in_cage(root, tmp_path, cage, "exit 0") == code


def in_cage(root: Path, tmp_path: Path, cage: str, program: str) -> int:
    """The exit code of `program` below a cage that does as told."""
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin" / "cage"
    fake.write_text(f"#!/bin/sh\n{cage}\n", encoding="utf-8")
    fake.chmod(0o755)
    environment = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(
        [root / "deploy" / IN_CAGE, "/bin/sh", "-c", program], env=environment, check=False, timeout=60
    )
    assert [path.name for path in tmp_path.iterdir()] == ["bin"]  # nothing of the code is left behind
    return done.returncode
