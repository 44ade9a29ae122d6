"""Is a call as quick in a full hall and after years of history as in an empty mall?"""

import time
from collections.abc import Iterator
from pathlib import Path

from antrean.ledger import hall_log
from antrean.ledger.hall import FreshIds, HallLedger
from antrean.ledger.hall_log import NewEvent
from antrean.ledger.writer import Transaction
from bench.mall import SERIES, SERVICE, counters, fill, fresh_key, measured_mall
from bench.measure import Client, Line, milliseconds, percentile
from bench.visitors import Offering
from tests.journey.outside import Mall

CROWD = 10_000
A_DAY_LONG_AGO = "2020-01-01"
TICKETS_A_COMMIT = 5_000


def latency(folder: Path, history: int, times: int) -> list[Line]:
    """`call next` with 10 and 10,000 waiting, and after an empty and a long history, pressed in turn."""
    begun = time.perf_counter()
    old = _Desk(folder / "old", 10 + times, history)
    written = time.perf_counter() - begun
    desks = {
        "few": _Desk(folder / "few", 10 + times, 0),
        "many": _Desk(folder / "many", CROWD + times, 0),
        "old": old,
    }
    took: dict[str, list[float]] = {name: [] for name in desks}
    for _ in range(times):
        for name, desk in desks.items():
            took[name].append(desk.call())
    for desk in desks.values():
        desk.close()
    few, many, aged = (percentile(took[name], 0.5) for name in ("few", "many", "old"))
    return [
        Line(
            f"server: call next, p50 with {CROWD:,} waiting against 10",
            milliseconds(many),
            milliseconds(few),
            many / few,
            "aim ≤ 1.3×",
        ),
        Line(
            f"server: call next, p50 after {history:,} tickets",
            milliseconds(aged),
            milliseconds(few),
            aged / few,
            "aim ≤ 1.3×",
        ),
        Line(f"(writing {history:,} tickets and a start on them)", f"{written:.1f} s"),
    ]


class _Desk:
    """A mall of its own with one officer who presses keys."""

    def __init__(self, folder: Path, waiting: int, history: int) -> None:
        self._mall: Mall = measured_mall(folder)
        self._counter = counters()[0]
        if history:
            write_history(self._mall.data, history)
        self._mall.open()
        fill(self._mall, waiting)
        token = self._mall.admin("token", "add", "--role", "officer", "--counter", self._counter)
        self._client = Client(self._mall.port, token)

    def call(self) -> float:
        """Seconds from the press of "call next" to its answer; the visitor then starts, unmeasured."""
        took = self._press("call_next")
        self._press("start")
        return took

    def _press(self, command: str) -> float:
        begun = time.perf_counter()
        status, answer = self._client.post(
            "/v1/commands", {"command": command, "counter": self._counter}, Idempotency_Key=fresh_key()
        )
        assert status == 200, answer
        assert answer["ticket"] is not None
        return time.perf_counter() - begun

    def close(self) -> None:
        """Close the mall."""
        self._client.close()
        self._mall.close()


def write_history(data: Path, tickets: int) -> None:
    """Append `tickets` tickets of a day long past straight to the ledger, through its own acceptance."""
    ledger = HallLedger.open(data, fresh=FreshIds("", "", ""), now_ms=0)
    offering = Offering("bench-history", "X", SERVICE, SERIES, A_DAY_LONG_AGO)
    for count in _portions(tickets):
        new = [NewEvent(e, e.hash(), e.wall_ms, A_DAY_LONG_AGO) for e in offering.envelopes(count)]

        def accept(tx: Transaction, new: list[NewEvent] = new) -> object:
            return hall_log.accept(tx, new, received_ms=0)

        ledger.writer.run(accept)
    ledger.close()


def _portions(tickets: int) -> Iterator[int]:
    while tickets > 0:
        yield min(tickets, TICKETS_A_COMMIT)
        tickets -= TICKETS_A_COMMIT
