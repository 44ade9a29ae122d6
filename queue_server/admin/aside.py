"""`quarantine list|retry|dismiss`: settling what devices sent and nobody could take, from the command line."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from antrean.domain.timeline import Stamp
from antrean.ledger import hall_meta, hall_quarantine
from antrean.texts import texts_for
from queue_server import clock_log, quarantine
from queue_server.acceptance import newest_ms
from queue_server.admin.tools import ACTOR, Desk, mall_in, warn
from queue_server.clock import ServerClock, first_ms
from queue_server.live import LiveHall


def quarantine_list(desk: Desk, options: Namespace) -> None:
    """Lists what is held with its number, and why."""
    t = texts_for("en")
    with desk.reading() as ledger:
        zone = ZoneInfo(mall_in(ledger).timezone)
        with ledger.reading() as r:
            rows = hall_quarantine.quarantine(r)
    for row in rows:
        if row.status != hall_quarantine.HELD and not options.all:
            continue
        if options.json:
            names = ("id", "device_id", "seq", "code", "status", "note", "received_ms", "raw")
            desk.say_json({name: getattr(row, name) for name in names})
        else:
            came = datetime.fromtimestamp(row.received_ms / 1000, zone).strftime("%Y-%m-%d %H:%M")
            try:
                why = t(f"admin.why_{row.code}")
            except KeyError:
                why = t("admin.why_other")
            desk.say(f"{row.id:<5} {came}  {row.status:9} {row.code:22} {why}")


def quarantine_retry(desk: Desk, options: Namespace) -> None:
    """Accepts an entry after all; the server must be stopped, its pages do the same while it runs."""
    with _live(desk) as live:
        quarantine.retry(live, options.entry, ACTOR)
    warn(f"entry {options.entry} is accepted")


def quarantine_dismiss(desk: Desk, options: Namespace) -> None:
    """Sets an entry aside for good with a note."""
    with _live(desk) as live:
        quarantine.dismiss(live, options.entry, ACTOR, options.note)
    warn(f"entry {options.entry} is dismissed")


@contextmanager
def _live(desk: Desk) -> Iterator[LiveHall]:
    """The hall with this command as its only writer."""
    with desk.alone() as ledger:
        with ledger.reading() as r:
            newest = newest_ms(r, clock_log.read(r))
            first, lost = first_ms(hall_meta.clock_note(r), _stamp(desk), newest)
        clock = ServerClock(lambda: _stamp(desk), first, lost)
        yield LiveHall(
            ledger, clock.now_ms, lambda: _stamp(desk), desk.new_id, lambda truth: None, desk.random_bytes
        )


def _stamp(desk: Desk) -> Stamp:
    now = desk.now_ms()
    return Stamp(ACTOR, now, now)
