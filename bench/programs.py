"""How long each program takes to its first answer or picture, and the memory it holds then."""

import time
from pathlib import Path

import psutil

from bench.measure import Line
from tests.journey.outside import Kiosk, Mall, Program, free_port, running, wait_until

MIB = 1024 * 1024


def starts(folder: Path) -> list[Line]:
    """Start every program once beside a small mall."""
    mall = Mall(folder / "starts")
    begun = time.perf_counter()
    mall.open()
    lines = [_line("antrean-server, to its first answer", begun, mall.server)]
    kiosk = Kiosk(mall, "kiosk")
    port = free_port()
    begun = time.perf_counter()
    with running(folder, "antrean-printer", "virtual", "--port", port, "--out", folder / "paper") as printer:
        wait_until(lambda: str(port) in printer.says(), "the printer listens")
        lines.append(_line("antrean-printer virtual, to listening", begun, printer))
    picture = folder / "kiosk.png"
    begun = time.perf_counter()
    with running(folder, "antrean-kiosk", "run", *kiosk.arguments(), "--screenshot", picture) as program:
        wait_until(picture.exists, f"the kiosk paints\n{program.says()}")
        lines.append(_line("antrean-kiosk, to its first picture", begun, program))
    picture = folder / "board.png"
    begun = time.perf_counter()
    with running(folder, "antrean-display", "hall", "--server", mall.url, "--picture", picture) as program:
        wait_until(picture.exists, f"the board paints\n{program.says()}")
        lines.append(_line("antrean-display hall, to its first picture", begun, program))
    mall.close()
    return lines


def _line(what: str, begun: float, program: Program | None) -> Line:
    took = time.perf_counter() - begun
    try:
        memory = psutil.Process(program.process.pid).memory_info().rss / MIB if program else 0
        held = f"{memory:.0f} MiB"
    except psutil.NoSuchProcess:
        held = "ended"
    return Line(what, f"{took:.2f} s", held)
