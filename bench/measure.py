"""Small tools shared by the measurements: percentiles, one table, an HTTP client that costs little, a port."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report: what was measured, its figure, the floor beside it, their ratio and the aim."""

    what: str
    figure: str
    floor: str = ""
    ratio: float | None = None
    aim: str = ""

    def text(self) -> str:
        """The line as printed."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}×"
        return f"{self.what:<58} {self.figure:>18} {self.floor:>18} {ratio:>8}  {self.aim}"


HEADER = Line("what", "measured", "floor").text() + "\n" + "-" * 118


def percentile(values: Sequence[float], share: float) -> float:
    """Nearest-rank percentile; 0.0 of nothing."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0


def milliseconds(seconds: float) -> str:
    """Seconds as readable milliseconds."""
    return f"{seconds * 1000:.2f} ms"


def timed(action: Callable[[int], object], turn: int) -> float:
    """How long `action(turn)` took, in seconds."""
    begun = time.perf_counter()
    action(turn)
    return time.perf_counter() - begun


def in_turn(
    times: int, one: Callable[[int], object], other: Callable[[int], object]
) -> tuple[list[float], list[float]]:
    """Time two actions alternately, so that both meet the same weather on a shared machine."""
    first: list[float] = []
    second: list[float] = []
    for turn in range(times):
        first.append(timed(one, turn))
        second.append(timed(other, turn))
    return first, second


class Client:
    """A keep-alive HTTP client for one thread; the standard library's costs the least here."""

    def __init__(self, port: int, token: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {token}"} if token else {}
        )
        self._connection.connect()
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        """POST JSON, or bytes that are JSON already; returns the status and the parsed answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes) else json.dumps(body)
        self._connection.request("POST", path, data, self._headers | named)
        answer = self._connection.getresponse()
        data = answer.read()
        return answer.status, json.loads(data) if data else None

    def get(self, path: str) -> tuple[int, bytes]:
        """GET; returns the status and the body."""
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def together(count: int, seconds: float, action: Callable[[int, int], object]) -> float:
    """Run `action(worker, turn)` in `count` threads for that long; returns actions per second over all."""
    done = [0] * count
    until = time.perf_counter() + seconds
    begun = time.perf_counter()

    def work(worker: int) -> None:
        while time.perf_counter() < until:
            action(worker, done[worker])
            done[worker] += 1

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - begun)
