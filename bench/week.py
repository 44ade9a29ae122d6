"""How long a kiosk that was out of contact for a week needs to tell a real server everything."""

import time
from pathlib import Path

import uuid6

from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.events import TicketPrinted
from antrean.domain.timeline import Stamp
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_memory import Pairing
from antrean.link.server import ServerLink
from bench.mall import SERVICE, measured_mall, paired
from bench.measure import Line
from kiosk.boot import machine_stamps
from kiosk.conversation import Conversation
from kiosk.issuing import Issuing
from kiosk.mall_clock import MallClock

DAYS = 7


def week(folder: Path, tickets: int) -> list[Line]:
    """Issue and print `tickets` over seven boots without contact, then time the exchange that tells of them.

    The boots pass in an instant; the server sees ledgers as full as after a real week.
    """
    mall = measured_mall(folder / "week")
    mall.open()
    device_id, token, issuer, incarnation = paired(mall)
    stamps = machine_stamps()
    ledger = DeviceLedger.open(folder / "kiosk", new_id=_new_id, stamp=stamps())
    servers = (mall.url,)
    pairing = Pairing(device_id, token, "kiosk", "bench", issuer, mall.url, incarnation, 1, servers)
    ledger.memory.pair(pairing, new_id=_new_id)
    clock = MallClock(stamps)
    talk = Conversation(ledger, ServerLink(servers, token), clock, _new_id, version="bench")
    talk.exchange()
    known = ledger.memory.catalogue()
    assert known is not None
    services = mall_from_dict(known[1])
    for boot in range(DAYS):
        _issue(ledger, services, tickets // DAYS, f"boot-{boot}", stamps())
    events = ledger.outbox.count()
    begun = time.perf_counter()
    talk.exchange()
    took = time.perf_counter() - begun
    assert ledger.outbox.count() == 0
    talk.close()
    ledger.close()
    mall.close()
    return [
        Line(f"kiosk: a week out of contact, {events:,} events told", f"{took:.1f} s", aim="aim: seconds")
    ]


def _issue(ledger: DeviceLedger, mall: Mall, count: int, boot: str, now: Stamp) -> None:
    clock = MallClock(lambda: Stamp(boot, now.boot_ms, now.wall_ms))
    issuing = Issuing(ledger, clock, _new_id)
    for _ in range(count):
        issued = issuing.issue(mall, SERVICE, priority=False, language="id")
        printed = TicketPrinted(issued.ticket_id, copy=False)
        ledger.append(printed, event_id=_new_id(), stamp=clock.stamp())


def _new_id() -> str:
    return str(uuid6.uuid7())
