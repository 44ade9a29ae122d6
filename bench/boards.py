"""From the press of a key to the painted board and to the beginning of its sound, with many streams open."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

from bench.mall import counters, fill, fresh_key, measured_mall
from bench.measure import Client, Line, milliseconds, percentile
from bench.streams import Reader

PATIENCE_S = 30.0
"""A call is painted and spoken within so long, or the board is taken for broken."""


def boards(folder: Path, listeners: int, times: int) -> list[Line]:
    """Press `times` times, each when the sound before has ended; the floor is a program that only reads the stream.

    A call that comes while another is spoken waits for its turn, by intent; here nobody speaks.
    """
    mall = measured_mall(folder / "boards")
    mall.data.joinpath("server.toml").write_text(f"streams = {listeners + 20}\n")
    mall.open()
    fill(mall, times + 10)
    counter = counters()[0]
    client = Client(mall.port, mall.admin("token", "add", "--role", "officer", "--counter", counter))
    readers = [Reader(mall.port) for _ in range(listeners)]
    painted, sounding, read = list[float](), list[float](), list[float]()
    with subprocess.Popen(
        [sys.executable, "-m", "bench.watched_board", mall.url],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    ) as board:
        assert board.stdout is not None
        patience = threading.Timer(PATIENCE_S * (times + 2), board.kill)
        patience.start()
        try:
            _until(board.stdout, {"showing", "listening"})
            for _ in range(times):
                begun, pressed = time.monotonic_ns(), time.perf_counter()
                _, answer = client.post(
                    "/v1/commands", {"command": "call_next", "counter": counter}, Idempotency_Key=fresh_key()
                )
                told = _until(board.stdout, {"painted", "sounding", "silent"})
                painted.append((told["painted"] - begun) / 1e9)
                sounding.append((told["sounding"] - begun) / 1e9)
                read.append(max(reader.wait_for(answer["ticket"]["label"]) for reader in readers) - pressed)
                client.post(
                    "/v1/commands", {"command": "start", "counter": counter}, Idempotency_Key=fresh_key()
                )
        finally:
            patience.cancel()
            board.terminate()
    client.close()
    for reader in readers:
        reader.close()
    mall.close()
    return [
        _line(f"board: call → {what}, {listeners} streams", took, read, share)
        for what, took in (("painted", painted), ("sound begins", sounding))
        for share in (0.5, 0.99)
    ]


def _until(says: IO[str], wanted: set[str]) -> dict[str, int]:
    """The moments of these words, each the first since the last call of this."""
    told: dict[str, int] = {}
    while wanted - told.keys():
        line = says.readline()
        assert line, "the board ended"
        word, moment, *_ = line.split()
        told.setdefault(word, int(moment))
    return told


def _line(what: str, took: list[float], floor: list[float], share: float) -> Line:
    figure, beside = percentile(took, share), percentile(floor, share)
    return Line(
        f"{what}, p{share:.0%}".replace("%", ""),
        milliseconds(figure),
        milliseconds(beside),
        figure / beside,
    )
