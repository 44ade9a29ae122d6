"""A really small disk for tests: a tmpfs in a mount namespace of its own, gone with the process that fills it."""

import functools
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

WAYS = (("unshare", "-m"), ("unshare", "-rm"))


@functools.cache
def _way() -> tuple[str, ...] | None:
    """How this machine lets us mount: as root, or as root of a namespace; None when it does not."""
    for way in WAYS:
        try:
            tried = subprocess.run(
                [*way, "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "/mnt"], capture_output=True
            )
        except OSError:
            continue
        if tried.returncode == 0:
            return way
    return None


def run_on_tiny_disk(scenario: str, folder: Path, megabytes: int) -> str:
    """Run the module `scenario` with a fresh disk at `folder`; its output. It must end with 0, else the test fails."""
    way = _way()
    if way is None:
        pytest.skip("neither root nor unprivileged namespaces may mount a tmpfs on this machine")
    folder.mkdir()
    script = 'mount -t tmpfs -o "size=$1m" tmpfs "$2" && exec "$3" -m "$4" "$2"'
    done = subprocess.run(
        [*way, "sh", "-c", script, "sh", str(megabytes), str(folder), sys.executable, scenario],
        capture_output=True,
        text=True,
        timeout=110,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def stuff(folder: Path) -> Path:
    """Fill the disk with something that is not ours, to the last page."""
    path = folder / "stuffing"
    with path.open("ab", buffering=0) as file:
        for size in (65_536, 4_096):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue
    assert shutil.disk_usage(folder).free < 4_096
    return path
