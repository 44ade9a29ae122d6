"""The promises, asked after healing: invariants I1 to I7, with what really happened as the judge."""

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from antrean.domain import events as e
from antrean.domain.choice import next_at
from antrean.domain.event import Envelope
from antrean.domain.evolve import evolve
from antrean.domain.hall import Hall, empty_hall
from antrean.domain.opening import local_day
from antrean.ledger import hall_log
from antrean.ledger.hall_log import StoredEvent
from queue_server.live import accepted_of, fold
from tests.simulation import bookings
from tests.simulation.mall import QUOTA
from tests.simulation.world import Paper

if TYPE_CHECKING:
    from tests.simulation.kiosk import Kiosk
    from tests.simulation.run import Run

FAIR_MS = 1_000
"""Nobody in an anchored boot may be overtaken by somebody who came more than this much later."""


def ask(run: "Run") -> None:
    """Hold the server and every kiosk against what really happened; each broken promise is noted in the world."""
    assert run.server.parts is not None
    with run.server.parts.ledger.reading() as r:
        log = list(hall_log.since(r, 0, limit=1_000_000))
        aside = hall_log.quarantine(r)
    issued: dict[str, StoredEvent] = {}
    for one in log:
        if one.envelope.type in ("TicketIssued", "TicketReadmitted"):
            issued.setdefault(one.envelope.body["ticket_id"], one)
    papers_are_known(run, issued)
    numbers_are_unique(run, issued)
    nothing_put_aside(run, [row.code for row in aside])
    logs_are_whole(run, log)
    order_is_fair(run, issued)
    calls_are_single(run, log)
    calls_are_explained(run, log)
    commands_are_kept(run, log)
    fold_is_the_truth(run, log)
    visits_go_on(run)
    quotas_hold(run, issued)
    bookings.ask(run, log)
    for problem in run.server.verify():
        run.world.blame(f"the server's ledger: {problem}")


def papers_are_known(run: "Run", issued: dict[str, StoredEvent]) -> None:
    """I1: every number somebody saw is at the server."""
    for paper in run.world.papers:
        if paper.ticket_id not in issued:
            if paper.lost and _of_another_day(run, paper):
                run.world.done["papers of yesterday that nobody took back"] += 1
            else:
                run.world.blame(f"{paper.label} of {paper.kiosk} is lost ({paper.ticket_id})")


def _of_another_day(run: "Run", paper: Paper) -> bool:
    assert run.server.parts is not None
    hall = run.server.parts.live.truth.hall
    return local_day(hall.mall.timezone, int(paper.true_ms)).isoformat() != hall.day


def numbers_are_unique(run: "Run", issued: dict[str, StoredEvent]) -> None:
    """I2: one number, one ticket; two papers with one number are known as twins to everybody."""
    assert run.server.parts is not None
    by_number: dict[tuple[str, int, str, int], list[Paper]] = defaultdict(list)
    for paper in run.world.papers:
        by_number[paper.number].append(paper)
    copies = (
        any("copy" in kiosk.machine.name for kiosk in run.kiosks)
        or run.world.done["fault: kiosk gets an older disk image"]
    )
    with run.server.parts.ledger.reading() as r:
        for number, papers in by_number.items():
            if len(papers) == 1:
                continue
            run.world.done["papers with one number (copied disks)"] += len(papers)
            if not copies:
                run.world.blame(f"{papers[0].label} was given {len(papers)} times: {number}")
            known = [hall_log.ticket(r, paper.ticket_id) for paper in papers]
            if sum(1 for one in known if one is not None and not one.twin) > 1:
                run.world.blame(f"{papers[0].label} was taken as one ticket twice")
    spoken: dict[str, list[str]] = defaultdict(list)
    hall = run.server.parts.live.truth.hall
    for ticket in hall.tickets.values():
        spoken[str(ticket.label)].append(ticket.ticket_id)
    for label, holders in spoken.items():
        waiting = [hall.tickets[one] for one in holders if hall.tickets[one].state.value == "waiting"]
        if len(waiting) > 1 and not all(ticket.twin for ticket in waiting):
            run.world.blame(f"{label} waits twice and is not marked: {holders}")


def nothing_put_aside(run: "Run", codes: list[str]) -> None:
    """I6: these kiosks write nothing wrong, so nothing may be in quarantine."""
    for code in codes:
        run.world.blame(f"an event was put aside: {code}")


def logs_are_whole(run: "Run", log: list[StoredEvent]) -> None:
    """I3, I6: everything a kiosk wrote is at the server, with the same hash, or was written again in a newer log."""
    known = {(one.envelope.device_id, one.envelope.log_id, one.envelope.seq): one.hash for one in log}
    tickets = {one.envelope.body.get("ticket_id") for one in log if one.envelope.type == "TicketIssued"}
    for kiosk in run.kiosks:
        if not kiosk.running:
            continue
        own = kiosk.ledger.own()
        kiosk.ledger.check_chain()
        for event in kiosk.ledger.events():
            _is_known(run, kiosk, event, known, tickets, current=event.log_id == own.log_id)


def _is_known(
    run: "Run",
    kiosk: "Kiosk",
    event: Envelope,
    known: dict[tuple[str, str, int], str],
    tickets: set[object],
    *,
    current: bool,
) -> None:
    found = known.get((event.device_id, event.log_id, event.seq))
    if current and found != event.hash():
        run.world.blame(f"{kiosk.machine.name}: event {event.seq} ({event.type}) is not at the server")
    if event.type == "TicketIssued" and event.body["ticket_id"] not in tickets:
        run.world.blame(f"{kiosk.machine.name}: ticket {event.body['ticket_id']} is not at the server")


def order_is_fair(run: "Run", issued: dict[str, StoredEvent]) -> None:
    """I4: whoever came first stands first, in boots that met the server."""
    met = {boot for kiosk in (*run.kiosks, *run.retired) for boot in kiosk.met}
    lines: dict[str, list[tuple[int, int, Paper]]] = defaultdict(list)
    # A paper tells the time as its kiosk knew it: a correction after the kiosk's last contact is not on it.
    clocks_set = any(name.startswith("fault: server") and count for name, count in run.world.done.items())
    assert run.server.parts is not None
    hall = run.server.parts.live.truth.hall
    places = {ticket.ticket_id: ticket.arrived_ms for ticket in hall.tickets.values()}
    for paper in run.world.papers:
        stored = issued.get(paper.ticket_id)
        if stored is None:
            continue
        body = stored.envelope.body
        told: int = body["arrived_ms"] if body.get("anchored") else stored.order_ms
        arrived = places.get(paper.ticket_id, told)
        if paper.boot_id in met and stored.anchored and not (clocks_set and "token" in body):
            lines[paper.service].append((arrived, stored.position, paper))
        else:
            run.world.done["tickets whose place is a guess"] += 1
    for line in lines.values():
        latest: Paper | None = None
        for _, _, paper in sorted(line, key=lambda one: one[:2]):
            if latest is not None and latest.true_ms - paper.true_ms > FAIR_MS:
                late = (latest.true_ms - paper.true_ms) / 1000
                by = f"{latest.label} of {latest.kiosk}"
                run.world.blame(f"{paper.label} of {paper.kiosk} was overtaken by {by}, {late:.1f} s later")
                break
            if latest is None or paper.true_ms > latest.true_ms:
                latest = paper


def calls_are_single(run: "Run", log: list[StoredEvent]) -> None:
    """I5: nobody is called twice to one step without a reason in the log."""
    calls: Counter[str] = Counter()
    for one in log:
        kind, ticket = one.envelope.type, one.envelope.body.get("ticket_id", "")
        if kind == "TicketCalled":
            calls[ticket] += 1
        elif kind in ("CallUndone", "TicketReturned", "TicketTransferred", "VisitContinued"):
            calls[ticket] -= 1
    for ticket, count in calls.items():
        if count > 1:
            run.world.blame(f"ticket {ticket} was called {count} times")


def calls_are_explained(run: "Run", log: list[StoredEvent]) -> None:
    """Every call is the one the rule names in the hall that the log makes up to it, or was given a reason."""
    assert run.server.parts is not None
    mall = run.server.parts.live.truth.hall.mall
    halls: dict[str, Hall] = {}
    for accepted, day in ((accepted_of(one), one.day) for one in log):
        hall = halls.setdefault(day, empty_hall(mall, day).loosened())
        call = accepted.payload
        if isinstance(call, e.TicketCalled):
            run.world.done[f"called by: {call.why}"] += 1
            chosen = next_at(hall, call.counter, accepted.order_ms) if call.why != "chosen" else None
            named = (chosen[0].ticket_id, chosen[1]) if chosen else None
            if call.why == "chosen" and not call.reason:
                run.world.blame(f"ticket {call.ticket_id} was picked without a reason")
            if call.why != "chosen" and named != (call.ticket_id, call.why):
                run.world.blame(f"{call} was not next, the rule says {named}")
        halls[day] = evolve(hall, accepted)


def commands_are_kept(run: "Run", log: list[StoredEvent]) -> None:
    """I3, I5: every call an officer was told of is in the log, once; only a restored backup may forget."""
    ids = {one.envelope.event_id for one in log}
    for console in run.consoles:
        keys: dict[str, str] = {}
        for key, event, ticket, _ in console.calls:
            if keys.setdefault(event, key) != key:
                run.world.blame(
                    f"two commands of counter {console.counter} were told the same call of {ticket}"
                )
        for key, event, ticket, at in console.calls:
            forgiven = any(taken <= at <= restored for taken, restored in run.forgot)
            if event not in ids and not forgiven:
                run.world.blame(f"the call {key} of {ticket} at counter {console.counter} is not in the log")


def fold_is_the_truth(run: "Run", log: list[StoredEvent]) -> None:
    """I7: the log alone makes the same hall as the one in memory."""
    assert run.server.parts is not None
    truth = run.server.parts.live.truth.hall
    again = fold(empty_hall(truth.mall, truth.day), [one for one in log if one.day == truth.day])
    if _shape(truth) != _shape(again):
        run.world.blame("the hall in memory is not what the log says")


def visits_go_on(run: "Run") -> None:
    """No step of a visit is left behind: all but the last are done, nothing planned is forgotten, no pin is stale."""
    assert run.server.parts is not None
    hall = run.server.parts.live.truth.hall
    for ticket in hall.tickets.values():
        run.world.done["visits: further steps"] += len(ticket.steps) - 1
        left = [
            step.service for step in ticket.steps[:-1] if step.state.value not in ("completed", "transferred")
        ]
        if left or (ticket.state.value == "completed" and ticket.plan):
            run.world.blame(f"{ticket.label} went on without {left or ticket.plan}")
        pinned = ticket.step.to_counter if ticket.state.value == "waiting" else ""
        if pinned and hall.desk(pinned).officer is None:
            run.world.blame(f"{ticket.label} waits for counter {pinned}, which is closed")


def _shape(hall: Hall) -> object:
    tickets = sorted(
        (t.ticket_id, t.state.value, t.step.place, t.twin, t.plan, t.step.to_counter, len(t.steps), t.notes)
        for t in hall.tickets.values()
    )
    lines = sorted((code, list(line.by_key), line.calls, line.pins) for code, line in hall.lines.items())
    return tickets, lines, hall.calls


def quotas_hold(run: "Run", issued: dict[str, StoredEvent]) -> None:
    """A quota is never exceeded by kiosks that are what they say they are."""
    if any("-copy" in kiosk.machine.name or "-new" in kiosk.machine.name for kiosk in run.kiosks):
        return
    if run.world.done["fault: kiosk gets an older disk image"] or run.forgot:
        return
    zone = run.server.parts.live.truth.hall.mall.timezone if run.server.parts else ""
    days: Counter[str] = Counter()
    for stored in issued.values():
        if stored.envelope.body.get("day") != local_day(zone, stored.order_ms).isoformat():
            return  # a boot that never met the server guessed the day wrong, and with it the share it may spend
        if stored.envelope.type == "TicketIssued" and stored.envelope.body["service"] == "npwp":
            days[stored.envelope.body["day"]] += 1
    for day, count in days.items():
        if count > QUOTA:
            run.world.blame(f"{count} tickets on {day} for a quota of {QUOTA}")
