"""The queue server from outside: ingest, calls, their latency in large halls and long histories, and streams."""

import itertools
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cheroot.wsgi import Server
from flask import Flask, request

from antrean.ledger import connection as files
from antrean.ledger import hall_log
from antrean.ledger.hall import FreshIds, HallLedger
from antrean.ledger.hall_log import NewEvent
from bench.measure import Client, Line, milliseconds, percentile, together
from bench.visitors import Offering
from tests.journey.outside import Mall, ask

KEYS = itertools.count()
WORKERS = 8
A_DAY_LONG_AGO = "2020-01-01"


def ingest(folder: Path, tickets: int) -> list[Line]:
    """Push tickets through the protocol, against raw inserts of the same rows in the same batches."""
    mall = Mall(folder / "ingest")
    mall.open()
    device_id, token, issuer, incarnation = _paired(mall)
    bodies = Offering(device_id, issuer, "ktp-hilang", "A").push_bodies(tickets)
    client = Client(mall.port, token)
    begun = time.perf_counter()
    for body in bodies:
        status, answer = client.post("/v1/push", {**body, "incarnation": incarnation})
        assert status == 200, answer
    took = time.perf_counter() - begun
    client.close()
    mall.close()
    rows, sql = _rows_of(mall.data / "antrean.db")
    raw = files.connect(folder / "raw.db", checkpoints=True)
    for statement in sql:
        raw.execute(statement)
    insert = f"INSERT INTO events VALUES ({', '.join('?' * len(rows[0]))})"
    begun = time.perf_counter()
    for at in range(0, len(rows), 200):
        with files.writing(raw) as tx:
            tx.executemany(insert, rows[at : at + 200])
    floor = time.perf_counter() - begun
    raw.close()
    each_second, least = len(rows) / took, len(rows) / floor
    return [
        Line(
            "server: push ingest, events a second",
            f"{each_second:,.0f}/s",
            f"{least:,.0f}/s",
            each_second / least,
            "aim ≥ 0.4×",
        )
    ]


def _rows_of(path: Path) -> tuple[list[tuple[Any, ...]], list[str]]:
    """The accepted rows and the table they stand in, with its indexes."""
    with files.reading(files.connect(path, read_only=True)) as stored:
        rows = stored.execute("SELECT * FROM events WHERE type = 'TicketIssued' ORDER BY position").fetchall()
        sql = stored.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = 'events' AND sql IS NOT NULL"
        ).fetchall()
    return [tuple(row) for row in rows], [statement for (statement,) in sql]


def _paired(mall: Mall) -> tuple[str, str, str, str]:
    code = mall.admin("device", "add", "--kind", "kiosk", "--name", "bench")
    answer = ask(f"{mall.url}/v1/pair", {"code": code}).json()
    return answer["device_id"], answer["token"], answer["issuer"], answer["incarnation"]


def _fill(mall: Mall, tickets: int) -> None:
    device_id, token, issuer, incarnation = _paired(mall)
    client = Client(mall.port, token)
    for body in Offering(device_id, issuer, "ktp-hilang", "A").push_bodies(tickets):
        status, answer = client.post("/v1/push", {**body, "incarnation": incarnation})
        assert status == 200, answer
    client.close()


def calls(folder: Path, seconds: float) -> list[Line]:
    """Calls per second from eight clients, against a bare Flask POST on the same WSGI server."""
    mall = Mall(folder / "calls")
    mall.open()
    _fill(mall, 10_000)
    token = mall.admin("token", "add", "--role", "supervisor")
    clients = [Client(mall.port, token) for _ in range(WORKERS)]
    counters = ("1", "2")

    def call(worker: int, turn: int) -> None:
        command = ("call_next", "start")[turn % 2] if worker < len(counters) else "call_next"
        body = {"command": command, "counter": counters[worker % len(counters)]}
        status, _ = clients[worker].post("/v1/commands", body, Idempotency_Key=f"bench-{next(KEYS):08d}")
        assert status in (200, 409, 422), status

    ours = together(WORKERS, seconds, call)
    mall.close()
    with _bare() as port:
        bare = [Client(port) for _ in range(WORKERS)]
        least = together(
            WORKERS, seconds, lambda worker, turn: bare[worker].post("/v1/commands", {"command": "x"})
        )
        for client in bare:
            client.close()
    for client in clients:
        client.close()
    return [
        Line("server: call next, 8 clients", f"{ours:,.0f}/s", f"{least:,.0f}/s", ours / least, "aim ≥ 0.5×")
    ]


@contextmanager
def _bare() -> Iterator[int]:
    """A Flask application that answers a POST and does nothing else, on cheroot."""
    app = Flask("bare")

    @app.post("/v1/commands")
    def answer() -> dict[str, bool]:
        request.get_json()
        return {"ok": True}

    server = Server(("127.0.0.1", 0), app, numthreads=20)
    server.prepare()
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield int(server.bind_addr[1])
    finally:
        server.stop()
        thread.join()


def latency(folder: Path, history: int, times: int) -> list[Line]:
    """`call next` with 10 and 10,000 waiting, and after an empty and a long history."""
    few = _call_latency(folder / "few", 10 + times, 0, times)
    many = _call_latency(folder / "many", 10_000 + times, 0, times)
    old = _call_latency(folder / "old", 10 + times, history, times)
    crowded, aged = (
        "server: call next, p50 with 10,000 waiting against 10",
        f"server: call next, p50 after {history:,} tickets",
    )
    return [
        Line(crowded, milliseconds(many), milliseconds(few), many / few, "aim ≤ 1.3×"),
        Line(aged, milliseconds(old), milliseconds(few), old / few, "aim ≤ 1.3×"),
    ]


def _call_latency(folder: Path, waiting: int, history: int, times: int) -> float:
    mall = Mall(folder)
    if history:
        write_history(mall.data, history)
    mall.open()
    _fill(mall, waiting)
    token = mall.admin("token", "add", "--role", "officer", "--counter", "1")
    client = Client(mall.port, token)

    def press(command: str) -> float:
        begun = time.perf_counter()
        status, answer = client.post(
            "/v1/commands", {"command": command, "counter": "1"}, Idempotency_Key=f"bench-{next(KEYS):08d}"
        )
        assert status == 200, answer
        return time.perf_counter() - begun

    took = []
    for _ in range(times):
        took.append(press("call_next"))
        press("start")
    client.close()
    mall.close()
    return percentile(took, 0.5)


def write_history(data: Path, tickets: int) -> None:
    """Append `tickets` tickets of a day long past straight to the ledger, through its own acceptance."""
    ledger = HallLedger.open(data, fresh=FreshIds("", "", ""), now_ms=0)
    offering = Offering("bench-history", "X", "ktp-hilang", "A", A_DAY_LONG_AGO)
    for _ in range(0, tickets, 5000):
        new = [
            NewEvent(envelope, envelope.hash(), envelope.wall_ms, A_DAY_LONG_AGO)
            for envelope in offering.envelopes(5000)
        ]
        ledger.writer.run(lambda tx, new=new: hall_log.accept(tx, new, received_ms=0))  # type: ignore[misc]
    ledger.close()


def streams(folder: Path, listeners: int, times: int) -> list[Line]:
    """From the press of a key to the board's state at every one of `listeners` open streams."""
    mall = Mall(folder / "streams")
    mall.data.joinpath("server.toml").write_text(f"streams = {listeners + 20}\n")
    mall.open()
    _fill(mall, times + 10)
    token = mall.admin("token", "add", "--role", "officer", "--counter", "1")
    readers = [_Reader(mall.port) for _ in range(listeners)]
    client = Client(mall.port, token)
    arrived: list[float] = []
    for _ in range(times):
        begun = time.perf_counter()
        _, answer = client.post(
            "/v1/commands",
            {"command": "call_next", "counter": "1"},
            Idempotency_Key=f"bench-{next(KEYS):08d}",
        )
        label = answer["ticket"]["label"]
        arrived += [reader.wait_for(label) - begun for reader in readers]
        client.post(
            "/v1/commands", {"command": "start", "counter": "1"}, Idempotency_Key=f"bench-{next(KEYS):08d}"
        )
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


class _Reader:
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
