"""Tap → durable → bytes at the kiosk, against one full commit of a row that size plus sending the same bytes."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uuid6

from antrean.domain.catalogue import Mall
from antrean.ledger import connection as files
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_memory import Pairing
from bench.measure import Line, in_turn, milliseconds, percentile
from kiosk.boot import machine_stamps
from kiosk.faces import ticket_face
from kiosk.issuing import Issuing
from kiosk.mall_clock import MallClock
from printers.face import PAPER_80
from printers.ticket import ticket_bytes, warm

ROW = "x" * 700
"""About what an event of a ticket takes in the log, with its outbox row."""
ADDRESS = "http://192.168.1.2:8080"


def tap(folder: Path, mall: Mall, times: int) -> list[Line]:
    """Measure `times` tickets and as many floors in turn."""
    ledger = DeviceLedger.open(folder / "kiosk", new_id=_new_id, stamp=machine_stamps()())
    ledger.memory.pair(_pairing(), new_id=_new_id)
    clock = MallClock(machine_stamps())
    issuing = Issuing(ledger, clock, _new_id)
    floor = files.connect(folder / "floor.db", checkpoints=True)
    floor.execute("CREATE TABLE log (position INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT")
    service = next(iter(mall.services))
    data = b""
    with _sink() as paper:

        def ticket(_: int) -> None:
            nonlocal data
            issued = issuing.issue(mall, service, priority=False, language="id")
            face = ticket_face(mall, issued, issued_ms=clock.now().ms, public_url=ADDRESS, services={})
            data = ticket_bytes(face, PAPER_80)
            paper.sendall(data)

        def bare(_: int) -> None:
            with files.writing(floor) as tx:
                tx.execute("INSERT INTO log (body) VALUES (?)", (ROW,))
            paper.sendall(data)

        _warm(mall, issuing, service)
        for turn in range(20):
            ticket(turn)
            bare(turn)
        ours, least = in_turn(times, ticket, bare)
    floor.close()
    ledger.close()
    return [
        Line(
            f"kiosk: tap → durable → bytes, p{share:.0%}".replace("%", ""),
            milliseconds(percentile(ours, share)),
            milliseconds(percentile(least, share)),
            percentile(ours, share) / percentile(least, share),
            "aim ≤ 2×" if share == 0.5 else "",
        )
        for share in (0.5, 0.99)
    ]


def _warm(mall: Mall, issuing: Issuing, service: str) -> None:
    """Draw the fixed parts of tickets beforehand, as the kiosk does in the background at its start."""
    issued = issuing.issue(mall, service, priority=False, language="id")
    warm([ticket_face(mall, issued, issued_ms=0, public_url=ADDRESS, services={})])


def _new_id() -> str:
    return str(uuid6.uuid7())


def _pairing() -> Pairing:
    return Pairing(_new_id(), "token", "kiosk", "Kiosk 1", "1", ADDRESS, _new_id(), 1, (ADDRESS,))


@contextmanager
def _sink() -> Iterator[socket.socket]:
    """A connected socket whose other end swallows everything, as a printer on the network would."""
    ours, theirs = socket.socketpair()

    def swallow() -> None:
        while theirs.recv(65536):
            pass

    reader = threading.Thread(target=swallow)
    reader.start()
    try:
        yield ours
    finally:
        ours.close()
        reader.join()
        theirs.close()
