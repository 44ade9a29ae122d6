"""One distribution, five programs, and nobody else on their names."""

import importlib.metadata
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from setuptools import find_packages

NAMES = ("antrean", "kiosk", "queue_server", "display", "printers", "loudspeaker")
PROGRAMS = (
    "antrean-server",
    "antrean-admin",
    "antrean-booking",
    "antrean-kiosk",
    "antrean-display",
    "antrean-printer",
)


@pytest.fixture(scope="session")
def project(root: Path) -> dict[str, Any]:
    """The project file, read."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_each_top_level_name_has_one_owner(name: str) -> None:
    assert importlib.metadata.packages_distributions().get(name) == ["antrean"]


def test_no_package_is_named_like_the_standard_library() -> None:
    assert not set(NAMES) & sys.stdlib_module_names


def test_everything_the_programs_import_is_shipped(root: Path, project: dict[str, Any]) -> None:
    find = project["tool"]["setuptools"]["packages"]["find"]
    shipped = set(find_packages(str(root), include=find["include"]))
    folders = {
        ".".join(path.parent.relative_to(root).parts)
        for name in NAMES
        for path in (root / name).rglob("*.py")
    }
    assert folders <= shipped, f"missing __init__.py: {sorted(folders - shipped)}"
    assert {name.split(".")[0] for name in shipped} == set(NAMES)


def test_every_pinned_version_is_the_one_installed(root: Path) -> None:
    for line in (root / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, version = line.split("==")
            try:
                installed = importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError:
                continue  # a pin for another Python version or system
            assert installed == version, name


def test_every_requirement_is_pinned(root: Path, project: dict[str, Any]) -> None:
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in lines if "==" in line}
    wanted = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["dev"]]
    names = {line.split(">")[0].split("[")[0].lower().replace("_", "-") for line in wanted}
    assert names <= pinned, f"not pinned: {sorted(names - pinned)}"


def test_the_six_programs_are_installed(project: dict[str, Any]) -> None:
    assert set(project["project"]["scripts"]) == set(PROGRAMS)


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_explains_itself(program: str) -> None:
    command = [str(Path(sys.executable).parent / program), "--help"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 0, result.stderr
    assert "usage" in result.stdout.lower()


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_unknown_option_is_refused_without_a_traceback(program: str) -> None:
    command = [str(Path(sys.executable).parent / program), "--no-such-option"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
