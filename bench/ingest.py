"""What pushing a kiosk's events costs over raw inserts of the same rows."""

import json
import statistics
import time
from pathlib import Path
from typing import Any

from antrean.ledger import connection as files
from antrean.ledger.driver import Connection
from bench.mall import SERIES, SERVICE, measured_mall, paired
from bench.measure import Client, Line
from bench.visitors import BATCH, Offering
from tests.journey.outside import Mall

PUSHES_A_ROUND = 10
Row = tuple[Any, ...]


def ingest(folder: Path, tickets: int) -> list[Line]:
    """Push tickets through the protocol and insert the very same rows raw, round about.

    The floor writes what a push leaves in the tables `events` and `tickets`, with their indexes, in one full commit a
    push; it reads no JSON, checks no chain and keeps no hall.
    """
    mall = measured_mall(folder / "ingest")
    mall.open()
    device_id, token, issuer, incarnation = paired(mall)
    offered = Offering(device_id, issuer, SERVICE, SERIES).push_bodies(tickets)
    bodies = [json.dumps({**body, "incarnation": incarnation}).encode() for body in offered]
    client, floor = Client(mall.port, token), _Floor(folder / "raw.db", mall)
    ours: list[float] = []
    least: list[float] = []
    for at in range(0, len(bodies), PUSHES_A_ROUND):
        some = bodies[at : at + PUSHES_A_ROUND]
        begun = time.perf_counter()
        for body in some:
            status, answer = client.post("/v1/push", body)
            assert status == 200, answer
        ours.append(len(some) * BATCH / (time.perf_counter() - begun))
        rows = floor.rows()
        begun = time.perf_counter()
        floor.insert(rows)
        least.append(len(rows) / (time.perf_counter() - begun))
    client.close()
    floor.close()
    mall.close()
    figure, beside = statistics.median(ours), statistics.median(least)
    return [
        Line(
            "server: push ingest, events a second",
            f"{figure:,.0f}/s",
            f"{beside:,.0f}/s",
            figure / beside,
            "aim ≥ 0.4×",
        )
    ]


class _Floor:
    """Raw inserts of the rows the server wrote since the last look."""

    def __init__(self, path: Path, mall: Mall) -> None:
        self._server = files.connect(mall.data / "antrean.db", read_only=True)
        self._raw: Connection = files.connect(path, checkpoints=True)
        self._cursor = 0
        tables = ("events", "tickets")
        sql = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type = 'index'"
        for table in tables:
            for (statement,) in self._server.execute(sql, (table,)).fetchall():
                self._raw.execute(statement)

    def rows(self) -> list[tuple[Row, Row]]:
        """New (event, ticket) rows."""
        with files.reading(self._server) as stored:
            events = stored.execute(
                "SELECT * FROM events WHERE position > ? AND type = 'TicketIssued' ORDER BY position",
                (self._cursor,),
            ).fetchall()
            tickets = stored.execute(
                "SELECT * FROM tickets WHERE position > ? ORDER BY position", (self._cursor,)
            ).fetchall()
        self._cursor = events[-1][0]
        return list(zip(events, tickets, strict=True))

    def insert(self, rows: list[tuple[Row, Row]]) -> None:
        """Write them, one commit for as many as one push carries."""
        into_events = f"INSERT INTO events VALUES ({', '.join('?' * len(rows[0][0]))})"
        into_tickets = f"INSERT INTO tickets VALUES ({', '.join('?' * len(rows[0][1]))})"
        for at in range(0, len(rows), BATCH):
            some = rows[at : at + BATCH]
            with files.writing(self._raw) as tx:
                tx.executemany(into_events, [event for event, _ in some])
                tx.executemany(into_tickets, [ticket for _, ticket in some])

    def close(self) -> None:
        """Let go of both files."""
        self._raw.close()
        self._server.close()
