"""From the start of the process to the kiosk's first picture, beside an empty window of the same toolkit."""

import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from antrean.service.notifier import SYSTEMD
from bench.measure import Line, percentile
from tests.journey.outside import Kiosk, Mall, Program

PATIENCE_S = 60.0


def first_paint(folder: Path, times: int) -> list[Line]:
    """Start a paired kiosk and an empty window `times` times in turn, each once before it counts."""
    mall = Mall(folder)
    mall.open()
    try:
        kiosk = Kiosk(mall, "kiosk")
        kiosk.issue("ktp-hilang")  # now it knows the mall and opens on Welcome
        ours = ("antrean-kiosk", "run", *kiosk.arguments())
        ear = _Ear(folder)

        bare = (Path(sys.executable).name, "-m", "bench.bare_window")
        ear.hear(ours)
        ear.hear(bare)
        both = [(ear.hear(ours), ear.hear(bare)) for _ in range(times)]
        ear.close()
    finally:
        mall.close()
    figure, floor = percentile([one for one, _ in both], 0.5), percentile([one for _, one in both], 0.5)
    return [
        Line(
            "kiosk: start → first picture, p50",
            f"{figure:.2f} s",
            f"{floor:.2f} s",
            figure / floor,
            "aim < 0.5 s",
        )
    ]


class _Ear:
    """Waits for READY as a service manager would, and ends the program that said it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "notify"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self._path))
        self._socket.settimeout(PATIENCE_S)

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()

    def hear(self, command: Sequence[object]) -> float:
        """Start `command`, wait for its word, kill it; returns the seconds until the word."""
        begun = time.perf_counter()
        program = Program(self._path.parent, str(command[0]), *command[1:], env={SYSTEMD: str(self._path)})
        while not self._socket.recv(200).startswith(b"READY=1"):
            pass
        took = time.perf_counter() - begun
        program.kill()
        return took
