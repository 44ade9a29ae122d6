"""`antrean-printer` as somebody types it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from antrean.domain.errors import BadInput
from printers.__main__ import main
from printers.settings import load_settings
from printers.virtual import VirtualPrinter

ROOT = Path(__file__).resolve().parents[2]


def test_status_and_test_speak_in_words_and_exit_codes(
    make_printer: Callable[..., VirtualPrinter], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = f"tcp://127.0.0.1:{make_printer().port}"
    assert main(["status", target]) == 0
    assert capsys.readouterr().out == "Siap\n"
    assert main(["test", target, "--language", "en"]) == 0
    assert capsys.readouterr().out == "Printed\n"
    assert main(["fault", str(tmp_path / "out"), "paper-out"]) == 0
    assert main(["status", target]) == 1
    assert main(["test", target]) == 1
    assert capsys.readouterr().out == "Kertas habis\nTidak tercetak: Kertas habis\n"


def test_what_is_not_understood_is_said_with_the_cure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["test", "nonsense"]) == 2
    assert "tcp://HOST" in capsys.readouterr().err
    assert main(["fault", str(tmp_path), "on-fire"]) == 2
    assert "paper-out" in capsys.readouterr().err
    assert main(["fault", str(tmp_path / "absent"), "none"]) == 1


def test_an_unknown_setting_suggests_the_right_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "printer.toml"
    file.write_text("papr = 58\n")
    assert main(["--config", str(file), "status", "tcp://127.0.0.1:9"]) == 2
    assert "did you mean paper" in capsys.readouterr().err


def test_settings_come_from_the_file_then_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "printer.toml"
    file.write_text('paper = 58\nport = 9101\nout = "pages"\n')
    told = load_settings(file, {"ANTREAN_PRINTER_PORT": "9102", "ANTREAN_PRINTER_PROVES": "false"})
    assert (told.paper, told.port, told.out, told.proves) == (58, 9102, "pages", False)


@pytest.mark.parametrize(
    "text", ["paper = 70", 'port = "many"', "port = 70000", "= 3", "asks = 1", 'language = "xx"']
)
def test_odd_settings_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "printer.toml"
    file.write_text(text)
    with pytest.raises(BadInput):
        load_settings(file, {})


def test_the_virtual_printer_runs_as_a_program_and_ends_when_told(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "printers", "virtual", "--port", "0", "--out", str(tmp_path / "pages")]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as program:
        assert program.stdout is not None
        target = program.stdout.readline().split()[3].rstrip(",")
        assert main(["test", target]) == 0
        os.kill(program.pid, signal.SIGTERM)
        assert program.wait(30) == 0
    assert len(list((tmp_path / "pages").glob("*.json"))) == 1
