"""Coming back after a stop: where a device's ledger goes on when it, or only the second file, knows how far it was."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from antrean.domain.event import Envelope
from antrean.domain.events import NumbersSkipped, TicketPrintUnknown
from antrean.domain.numbering import skip_after_unclean_stop
from antrean.domain.timeline import Stamp
from antrean.ledger import device_arrivals, device_log
from antrean.ledger.driver import Connection
from antrean.ledger.high_water import Mark, Verdict, judge, point_of
from antrean.ledger.salvage import Salvaged

NewId = Callable[[], str]
HEALED = "healed"
"""The fact that names the damaged file a ledger was healed from."""


def after_stop(tx: Connection, mark: Mark | None, *, new_id: NewId, stamp: Stamp) -> bool:
    """Go on after the last stop; True when the ledger was older than its mark and had to go above it.

    After an unclean stop numbers are passed over, and prints without an outcome become unknown.
    """
    clean = tx.execute("SELECT clean FROM own").fetchone() == (1,)
    now = point_of(tx)
    behind = judge(now, mark, clean=clean) is Verdict.BEHIND
    if not clean:
        doubt_prints(tx, new_id, stamp)
    if mark is not None and behind:
        begin_log(tx, new_id)
        _await_shares(tx)
        go_above(tx, mark.reserved.generation, mark.reserved.day, new_id=new_id, stamp=stamp)
        skip_to(tx, mark.reserved.numbers, new_id, stamp)
    elif not clean:
        same = mark is not None and mark.reserved.generation == now.generation
        reserved = mark.reserved.numbers if mark is not None and same else {}
        through = {
            series: max(skip_after_unclean_stop(last), reserved.get(series, 0))
            for series, last in now.numbers.items()
        }
        skip_to(tx, {**reserved, **through}, new_id, stamp)
    tx.execute("UPDATE own SET clean = 0")
    return behind


def adopt(
    tx: Connection,
    facts: Mapping[str, str],
    mark: Mark | None,
    found: Salvaged,
    *,
    new_id: NewId,
    stamp: Stamp,
) -> None:
    """Make a new ledger the same device again: who it is, what it had not sent, and numbers above all it ever gave."""
    pairing = json.loads(facts["pairing"])
    tx.executemany(
        "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        list(facts.items()),
    )
    day = max(found.own.day if found.own else "", mark.reserved.day if mark else "")
    generation = max(found.generation, mark.reserved.generation if mark else 0)
    tx.execute(
        "UPDATE own SET device_id = ?, issuer = ?, day = ?, generation = ?, clean = 0",
        (pairing["device_id"], pairing["issuer"], day, generation),
    )
    _tables(tx, found)
    _await_shares(tx)
    tell_again(tx, found.events, new_id)
    _tickets(tx, found.events)
    device_arrivals.find_again(tx)
    doubt_prints(tx, new_id, stamp)
    go_above(tx, generation, day, new_id=new_id, stamp=stamp)
    skip_to(tx, _highest(mark, found), new_id, stamp)


def begin_log(tx: Connection, new_id: NewId) -> None:
    """Leave the log for a new one; what waits is written again there with its own stamps."""
    columns = ", ".join(f"events.{name}" for name in device_log.COLUMNS.split(", "))
    waiting = tx.execute(
        f"SELECT {columns} FROM outbox JOIN events USING (position)"
        " WHERE outbox.acknowledged_ms IS NULL AND outbox.moved = 0 ORDER BY outbox.position"
    ).fetchall()
    tx.execute("UPDATE outbox SET moved = 1 WHERE acknowledged_ms IS NULL AND moved = 0")
    tx.execute("UPDATE own SET log_id = ?, last_seq = 0, last_hash = ''", (new_id(),))
    tell_again(tx, [device_log.envelope_of(row) for row in waiting], new_id)


def tell_again(tx: Connection, events: Iterable[Envelope], new_id: NewId) -> None:
    """Write events of another log at the end of the current one."""
    for event in events:
        at = device_log.own(tx)
        again = replace(
            event,
            event_id=new_id(),
            device_id=at.device_id,
            log_id=at.log_id,
            seq=at.last_seq + 1,
            prev_hash=at.last_hash,
        )
        device_log.insert(tx, again)


def go_above(tx: Connection, generation: int, day: str, *, new_id: NewId, stamp: Stamp) -> None:
    """Go above `generation` without starting the numbers again: they continue after the highest known."""
    at = device_log.own(tx)
    above = max(at.generation, generation) + 1
    day = max(at.day, day)
    device_log.open_day(tx, day, above, "server", event_id=new_id(), stamp=stamp, restart=False)


def skip_to(tx: Connection, through: Mapping[str, int], new_id: NewId, stamp: Stamp) -> None:
    """Pass over every number up to `through` of each series, and say so in the log."""
    known = point_of(tx).numbers
    for series, number in sorted(through.items()):
        if number <= known.get(series, 0):
            continue
        at = device_log.own(tx)
        skipped = NumbersSkipped(series, at.issuer, at.generation, number)
        device_log.append(tx, skipped, event_id=new_id(), stamp=stamp, at=at)
        device_log.set_counter(tx, series, number)


def doubt_prints(tx: Connection, new_id: NewId, stamp: Stamp) -> None:
    """Say of every print without an outcome that nobody knows it."""
    rows = tx.execute("SELECT ticket_id FROM tickets WHERE printed = 'pending' ORDER BY position").fetchall()
    rows += tx.execute(
        "SELECT ticket_id FROM print_orders WHERE printed = 'pending' ORDER BY ticket_id"
    ).fetchall()
    for (ticket_id,) in rows:
        doubt = TicketPrintUnknown(ticket_id, "interrupted", copy=False)
        device_log.append(tx, doubt, event_id=new_id(), stamp=stamp)


def _await_shares(tx: Connection) -> None:
    """Issue nothing of a quota until the server has said what is left of it: what was spent here may be lost."""
    tx.execute("UPDATE shares SET granted = 0")
    tx.execute("UPDATE meta SET value = '{}' WHERE name = 'base_shares'")


def _highest(mark: Mark | None, found: Salvaged) -> dict[str, int]:
    """The highest number of each series; a witness of an older generation speaks of another day and is not asked."""
    newest = max(found.generation, mark.reserved.generation if mark else 0)
    told: dict[str, int] = dict(found.numbers) if found.generation == newest else {}
    if mark is not None and mark.reserved.generation == newest:
        for series, number in mark.reserved.numbers.items():
            told[series] = max(told.get(series, 0), number)
    elif mark is None:
        # The last rows may be the very ones that were lost.
        told = {series: skip_after_unclean_stop(number) for series, number in told.items()}
    return told


def _tables(tx: Connection, found: Salvaged) -> None:
    for name, rows in found.tables.items():
        for row in rows:
            marks = ", ".join("?" * len(row))
            tx.execute(f"INSERT OR IGNORE INTO {name} VALUES ({marks})", row)


def _tickets(tx: Connection, events: Iterable[Envelope]) -> None:
    ends = {"TicketPrinted": "ok", "TicketPrintFailed": "failed", "TicketPrintUnknown": "unknown"}
    printed = {
        event.body["ticket_id"]: ends[event.type]
        for event in events
        if event.type in ends and not event.body["copy"]
    }
    tx.execute(
        "INSERT OR IGNORE INTO tickets (issuer, generation, series, number, ticket_id, service, position, printed)"
        " SELECT body ->> 'issuer', body ->> 'generation', body ->> 'series', body ->> 'number',"
        " body ->> 'ticket_id', body ->> 'service', position, 'pending' FROM events"
        " WHERE type = 'TicketIssued' ORDER BY position"
    )
    tx.executemany("UPDATE tickets SET printed = ?2 WHERE ticket_id = ?1", list(printed.items()))
