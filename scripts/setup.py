"""Make this checkout ready to run: `python3 scripts/setup.py run` or `… test`.

Promise: afterwards `.venv/bin/antrean-*` work (`run`), or every test can start (`test`). Safe to repeat and
to run twice at once; when nothing is to do it ends within a second. Exit code 0 ready, 1 with the exact
command or cause printed. Needs only Python's standard library, because it runs before anything is installed.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMP = VENV / "antrean-setup.stamp"
LOCK = ROOT / ".setup.lock"
PROGRAMS = ("antrean", "kiosk", "queue_server", "display", "printers", "loudspeaker")
LEVELS = ("run", "test")

# Shared library -> Debian package. Qt opens them at start, even when it draws offscreen.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libpulse.so.0": "libpulse0",
}
# Wanted besides, when there is an X display to draw on: https://doc.qt.io/qt-6/linux-requirements.html
X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
# Program -> Debian package, for the tests that drive the pages by keyboard and set wall clocks wrong.
TEST_PROGRAMS = {"chromium": "chromium", "chromedriver": "chromium-driver", "faketime": "faketime"}
# Program -> Debian package and what is missing without it: wished at every level, never a reason to stop.
WISHED_PROGRAMS = {"espeak-ng": ("espeak-ng", "the kiosk speaks nothing but recorded sentences")}


class NotReady(Exception):
    """The set-up cannot go on; the message tells a person what to do."""


def say(text: str) -> None:
    """Print one line at once, also when make collects the output."""
    print(text, flush=True)


def loads(library: str) -> bool:
    """Tell whether the system's loader finds a shared library by its name."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_packages(level: str) -> list[str]:
    """List the Debian packages a level still lacks, in a stable order."""
    libraries = dict(QT_LIBRARIES)
    if os.environ.get("DISPLAY"):
        libraries.update(X11_LIBRARIES)
    missing = [package for library, package in libraries.items() if not loads(library)]
    if level == "test":
        missing += [package for program, package in TEST_PROGRAMS.items() if shutil.which(program) is None]
    try:
        import ensurepip
        import venv
    except ImportError:
        missing.append(f"python3.{sys.version_info.minor}-venv")
    else:
        del ensurepip, venv
    return missing


def install_packages(packages: Iterable[str]) -> None:
    """Install Debian packages as root, or raise `NotReady` with the exact line a person has to run."""
    names = list(packages)
    if not names:
        return
    if shutil.which("apt-get") is None:
        raise NotReady(
            "This system has no apt-get. Please install what these Debian packages hold, then try again:\n"
            f"  {' '.join(names)}"
        )
    install = ["apt-get", "install", "-y", "--no-install-recommends", *names]
    if os.geteuid() != 0:
        raise NotReady(
            "Some system packages are missing. Please run this line, then try again:\n"
            f"  sudo apt-get update && sudo {shlex.join(install)}"
        )
    say(f"Installing system packages: {' '.join(names)}")
    patient = ["-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0", "-qq"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", *patient, "update"], [install[0], *patient, *install[1:]]):
        if subprocess.run(command, env=environment, check=False, stdin=subprocess.DEVNULL).returncode:
            raise NotReady(f"This command failed: {shlex.join(command)}")


def install_wished() -> None:
    """Install what is good to have; where that is not possible, say what is missing and go on."""
    for program, (package, without) in WISHED_PROGRAMS.items():
        if shutil.which(program) is not None:
            continue
        try:
            install_packages([package])
        except NotReady as problem:
            say(f"Without {program} {without}; everything else works. {problem}")


def fingerprint(level: str) -> str:
    """Digest everything whose change asks for another installation of the Python packages."""
    digest = hashlib.sha256()
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    rooms = [name for name in PROGRAMS if (ROOT / name / "__init__.py").exists()]
    digest.update(repr((str(ROOT), sys.version, level, rooms)).encode())
    return digest.hexdigest()


def is_installed(level: str) -> bool:
    """Tell whether `.venv` was completed for this level (or a higher one) from the files as they are now."""
    if not VENV_PYTHON.exists() or not STAMP.exists():
        return False
    return STAMP.read_text().strip() in {fingerprint(one) for one in LEVELS[LEVELS.index(level) :]}


def pip(*arguments: str) -> None:
    """Run the environment's own pip under the tested versions, or raise `NotReady`."""
    command = [str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--constraint", str(ROOT / "constraints.txt"), *arguments]
    # Collected, because an editable build prints warnings about folders that are as they should be.
    result = subprocess.run(
        command, cwd=ROOT, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if result.returncode:
        raise NotReady(f"{result.stderr.strip()}\nThis command failed: {shlex.join(command)}")


def venv_is_usable() -> bool:
    """Tell whether `.venv` belongs to this place and holds a working pip of the running Python's version."""
    if not VENV_PYTHON.exists():
        return False
    probe = "import pip, sys; print(sys.version_info[:2] >= (3, 11), sys.prefix)"
    result = subprocess.run(
        [str(VENV_PYTHON), "-c", probe], capture_output=True, text=True, check=False, cwd=ROOT
    )
    return result.returncode == 0 and result.stdout.strip() == f"True {VENV}"


def install_python_packages(level: str) -> None:
    """Make `.venv` when needed and install the distribution in editable mode with its pinned requirements."""
    STAMP.unlink(missing_ok=True)
    if not venv_is_usable():
        say("Making .venv")
        command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
        if subprocess.run(command, check=False).returncode:
            raise NotReady(f"This command failed: {shlex.join(command)}")
    say("Installing Python packages (the first time this takes a few minutes)")
    # The build tool comes from the same tested list, so no second, unpinned environment is built.
    pip("setuptools")
    pip("--no-build-isolation", "--editable", ".[dev]" if level == "test" else ".")
    STAMP.write_text(fingerprint(level) + "\n")


def check_qt() -> None:
    """Load the parts of Qt the programs use, so a missing library is named now, not in front of a visitor."""
    probe = "import PySide6.QtWidgets, PySide6.QtMultimedia, PySide6.QtSvg, PySide6.QtNetwork"
    result = subprocess.run([str(VENV_PYTHON), "-c", probe], capture_output=True, text=True, check=False)
    if result.returncode:
        raise NotReady(f"Qt does not start on this system:\n  {result.stderr.strip().splitlines()[-1]}")


def set_up(level: str) -> None:
    """Bring system packages, `.venv` and the distribution to a level, holding the lock meanwhile."""
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a second set-up waits here and then finds nothing to do
        install_packages(missing_packages(level))
        install_wished()
        if is_installed(level):
            return
        install_python_packages(level)
        check_qt()
        say("Ready.")


def main(arguments: list[str]) -> int:
    """Run the set-up for the level named on the command line; return the exit code."""
    if len(arguments) != 1 or arguments[0] not in LEVELS:
        say(f"usage: python3 scripts/setup.py {'|'.join(LEVELS)}")
        return 2
    if sys.version_info < (3, 11):  # noqa: UP036 - this script runs before any Python was chosen
        say(f"Antrean needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable}).")
        return 1
    if os.name != "posix":
        say("This set-up is for Linux; see docs/operating-guide.md for other systems.")
        return 1
    try:
        set_up(arguments[0])
    except NotReady as problem:
        say(str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
