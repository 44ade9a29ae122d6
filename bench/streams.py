"""From the press of a key to the board's state at every one of many open streams."""

import json
import socket
import threading
import time
from pathlib import Path

from bench.mall import counters, fill, fresh_key, measured_mall
from bench.measure import Client, Line, milliseconds, percentile


def streams(folder: Path, listeners: int, times: int) -> list[Line]:
    """Press `times` times with `listeners` open streams; every arrival counts."""
    mall = measured_mall(folder / "streams")
    mall.data.joinpath("server.toml").write_text(f"streams = {listeners + 20}\n")
    mall.open()
    fill(mall, times + 10)
    counter = counters()[0]
    token = mall.admin("token", "add", "--role", "officer", "--counter", counter)
    readers = [Reader(mall.port) for _ in range(listeners)]
    client = Client(mall.port, token)
    arrived: list[float] = []
    for _ in range(times):
        begun = time.perf_counter()
        _, answer = client.post(
            "/v1/commands",
            {"command": "call_next", "counter": counter},
            Idempotency_Key=fresh_key(),
        )
        label = answer["ticket"]["label"]
        arrived += [reader.wait_for(label) - begun for reader in readers]
        client.post("/v1/commands", {"command": "start", "counter": counter}, Idempotency_Key=fresh_key())
    client.close()
    for reader in readers:
        reader.close()
    mall.close()
    return [
        Line(
            f"server: call → {listeners} open streams, p{share:.0%}".replace("%", ""),
            milliseconds(percentile(arrived, share)),
        )
        for share in (0.5, 0.99)
    ]


class Reader:
    """One open stream of the board; remembers when it first saw each called label."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.sendall(b"GET /v1/stream?topics=board HTTP/1.1\r\nHost: bench\r\n\r\n")
        self._seen: dict[str, float] = {}
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            with self._socket.makefile("rb") as lines:
                for line in lines:
                    if line.startswith(b"data:") and b'"calls"' in line:
                        now = time.perf_counter()
                        called = [call["label"] for call in json.loads(line[5:])["calls"]]
                        with self._news:
                            for label in called:
                                self._seen.setdefault(label, now)
                            self._news.notify_all()
        except OSError:
            return

    def wait_for(self, label: str) -> float:
        """When this stream first showed `label`."""
        with self._news:
            assert self._news.wait_for(lambda: label in self._seen, 60), f"{label} never came"
            return self._seen[label]

    def close(self) -> None:
        """Hang up."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()
