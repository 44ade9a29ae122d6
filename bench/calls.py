"""Calls a second from eight consoles at eight counters, against the least a POST costs on the same WSGI server."""

import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.mall import WORKERS, counters, fill, fresh_key, measured_mall
from bench.measure import Client, Line, together

WAITING = 10_000
ROUNDS = 5


def calls(folder: Path, seconds: float) -> list[Line]:
    """Every client has its own counter and calls, then starts; only successful calls and starts count.

    Both servers are programs of their own and take turns, `seconds` in each of five rounds.
    """
    mall = measured_mall(folder / "calls")
    mall.open()
    fill(mall, WAITING)
    token = mall.admin("token", "add", "--role", "supervisor")
    clients = [Client(mall.port, token) for _ in range(WORKERS)]
    pressed = [0] * WORKERS

    def call(worker: int, _: int) -> None:
        body = {
            "command": ("call_next", "start")[pressed[worker] % 2],
            "counter": counters()[worker],
        }
        status, answer = clients[worker].post("/v1/commands", body, Idempotency_Key=fresh_key())
        assert status == 200, answer
        assert answer["ticket"] is not None
        pressed[worker] += 1

    ours: list[float] = []
    least: list[float] = []
    with _bare() as port:
        bare = [Client(port) for _ in range(WORKERS)]
        for _ in range(ROUNDS):
            ours.append(together(WORKERS, seconds, call))
            least.append(
                together(
                    WORKERS, seconds, lambda worker, _: bare[worker].post("/v1/commands", {"command": "x"})
                )
            )
        for client in (*bare, *clients):
            client.close()
    mall.close()
    figure, beside = statistics.median(ours), statistics.median(least)
    return [
        Line(
            "server: call next and start, 8 clients, 8 counters",
            f"{figure:,.0f}/s",
            f"{beside:,.0f}/s",
            figure / beside,
            "aim ≥ 0.5×",
        )
    ]


@contextmanager
def _bare() -> Iterator[int]:
    """The bare server's port."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.bare"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        try:
            yield int(program.stdout.readline())
        finally:
            program.stdin.close()
            program.wait(10)
