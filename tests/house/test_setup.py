"""The set-up tells the truth about what is missing and never goes on half-ready."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import setup


def test_without_root_the_exact_line_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(setup.NotReady) as problem:
        setup.install_packages(["libegl1", "chromium"])
    line = "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 chromium"
    assert line in str(problem.value)


def test_without_apt_the_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(setup.NotReady, match="libegl1 chromium"):
        setup.install_packages(["libegl1", "chromium"])


def test_nothing_missing_installs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    setup.install_packages([])


def test_browsers_are_wanted_for_tests_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert {"chromium", "chromium-driver"} <= set(setup.missing_packages("test"))
    assert not {"chromium", "chromium-driver"} & set(setup.missing_packages("run"))


def test_without_rights_to_install_speech_is_missed_and_told_but_nothing_stops(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    setup.install_wished()
    told = capsys.readouterr().out
    assert "sudo apt-get install -y --no-install-recommends espeak-ng" in told
    assert "everything else works" in told


def test_root_gets_speech_at_every_level(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr(setup, "install_packages", lambda packages: asked.append(list(packages)))
    setup.install_wished()
    assert asked == [["espeak-ng"]]


def test_speech_that_is_there_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    setup.install_wished()
    assert capsys.readouterr().out == ""


def test_a_missing_library_names_its_debian_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "loads", lambda library: library != "libEGL.so.1")
    assert "libegl1" in setup.missing_packages("run")


def test_x11_libraries_are_wanted_only_with_a_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "loads", lambda library: False)
    monkeypatch.delenv("DISPLAY", raising=False)
    assert "libxcb-cursor0" not in setup.missing_packages("run")
    monkeypatch.setenv("DISPLAY", ":9")
    assert "libxcb-cursor0" in setup.missing_packages("run")


def test_a_finished_test_set_up_also_serves_a_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(setup, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(setup, "VENV_PYTHON", Path(sys.executable))
    assert not setup.is_installed("run")
    setup.STAMP.write_text(setup.fingerprint("test"))
    assert setup.is_installed("run")
    assert setup.is_installed("test")
    setup.STAMP.write_text(setup.fingerprint("run"))
    assert setup.is_installed("run")
    assert not setup.is_installed("test")


def test_a_wrong_level_explains_itself(root: Path) -> None:
    command = [sys.executable, str(root / "scripts" / "setup.py"), "everything"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "run|test" in result.stdout
