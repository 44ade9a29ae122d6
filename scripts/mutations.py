"""Breaks the product on purpose, one promise at a time, and expects the tests to notice: `make mutations`.

Each mutation is one small change of the source in a copy of the tree, and the tests that stand guard over it. One that
nobody notices means that the promise is only words.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from scripts.mutation import Mutation, tests
from scripts.mutations_calendar import CALENDAR
from scripts.mutations_clock import CLOCK

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns(".venv", ".git", "var", "*_cache", "__pycache__", ".hypothesis")
MOST_SECONDS = 900


SIMULATION = ("-m", "tests.simulation", "--seeds", "300", "--workers", "2", "--most-failures", "1")
MUTATIONS = (
    Mutation(
        "commits are not synced (synchronous FULL becomes NORMAL)",
        "antrean/ledger/connection.py",
        '"synchronous = FULL"',
        '"synchronous = NORMAL"',
        SIMULATION,
    ),
    Mutation(
        "one number may be taken twice (a UNIQUE is dropped)",
        "antrean/ledger/hall_schema.py",
        '"CREATE UNIQUE INDEX ticket_numbers',
        '"CREATE INDEX ticket_numbers',
        tests("tests/ledger", "tests/protocol/test_clones.py"),
    ),
    Mutation(
        "a kiosk deletes what the server acknowledged",
        "antrean/ledger/device_outbox.py",
        'f"UPDATE outbox SET acknowledged_ms = ?3 WHERE {_UNACKNOWLEDGED}", (log_id, ack_seq, now_ms)',
        'f"DELETE FROM outbox WHERE {_UNACKNOWLEDGED} AND ?3 > 0", (log_id, ack_seq, now_ms)',
        SIMULATION,
    ),
    Mutation(
        "the kiosk's wall clock is believed",
        "queue_server/timing.py",
        "found = [place(stamp, anchors, steps, breaks) for stamp in stamps]",
        "found = [place(stamp, [Anchor(stamp.boot_id, stamp.boot_ms, stamp.wall_ms, 1)]) for stamp in stamps]",
        SIMULATION,
    ),
    Mutation(
        "a ticket that may be on paper is printed again",
        "printers/worker.py",
        "outcome = print_job(self._open_transport(), data, self._manner)",
        "outcome = print_job(self._open_transport(), data, self._manner)\n"
        "                if isinstance(outcome, Unknown):\n"
        "                    outcome = print_job(self._open_transport(), data, self._manner)",
        tests("tests/printers/test_print_worker.py"),
    ),
    Mutation(
        "a helper's number is printed each time its order is told",
        "kiosk/orders.py",
        "            if new:",
        "            if new or order:",
        tests("tests/protocol/test_print_orders.py"),
    ),
    Mutation(
        "a command is carried out again under the same key",
        "queue_server/commands.py",
        "own_key = kept_key(staff, key)",
        "own_key = kept_key(staff, key + new_id())",
        tests("tests/server/test_commands_and_roles.py", "tests/faults/test_one_press_one_call.py"),
    ),
    Mutation(
        "a disk image marks as sent what another history sent",
        "kiosk/conversation.py",
        "if known.seq > own.last_seq or (here is not None and here != known.hash):",
        "if known.seq > own.last_seq:",
        SIMULATION,
    ),
    Mutation(
        "a restored server is not told what its backup lacks",
        "kiosk/conversation.py",
        "            outbox.reoffer(log_id, known.seq)\n",
        "",
        SIMULATION,
    ),
    Mutation(
        "a finished service forgets what was planned after it",
        "antrean/domain/decide.py",
        "return (done, *visit_plan.continued(hall, ticket, counter, officer))",
        "return (done,)",
        tests("tests/domain/test_visits.py"),
    ),
    Mutation(
        "any counter calls a visitor who waits for one",
        "antrean/domain/line.py",
        "if other != counter:",
        'if other == "":',
        tests("tests/domain/test_pins_and_returns.py", "tests/domain/test_ticket_life.py"),
    ),
    Mutation(
        "a visitor goes on waiting for a counter that has closed",
        "antrean/domain/evolve.py",
        "return pinned.released(hall.with_desk(desk), event.counter)",
        "return hall.with_desk(desk)",
        tests("tests/domain/test_pins_and_returns.py", "tests/domain/test_ticket_life.py"),
    ),
    Mutation(
        "an absent visitor comes back whenever they like",
        "antrean/domain/returning.py",
        "if now_ms > until_ms and not beyond_grace:",
        "if now_ms < 0:",
        tests("tests/domain/test_pins_and_returns.py"),
    ),
    Mutation(
        "the text of a note is written into the log",
        "queue_server/commands.py",
        "commitment=commitment(salt, text)",
        "commitment=text",
        tests("tests/server/test_a_visit_at_the_counters.py"),
    ),
    Mutation(
        "the text of a note is never erased",
        "queue_server/keeper.py",
        "hall_notes.erase_notes(tx, now - self.notes_kept_ms)",
        "hall_notes.erase_notes(tx, 0)",
        tests("tests/server/test_a_visit_at_the_counters.py"),
    ),
    Mutation(
        "a call for a helped line is not counted against the cap",
        "antrean/domain/line.py",
        '"booking", "end", HELPING}',
        '"booking", "end"}',
        tests("tests/domain/test_floor.py", "tests/domain/test_fairness.py"),
    ),
    Mutation(
        "capped visitors pass somebody who came before them all",
        "antrean/domain/line.py",
        "earliest = self.by_arrival[0]",
        "earliest = self.capped[0]",
        tests("tests/domain/test_fairness.py"),
    ),
    Mutation(
        "a returned visitor holds a whole line back among the others of a counter",
        "antrean/domain/line.py",
        "min(back, self.by_key[0]) if self.by_key else back",
        "back",
        tests("tests/domain/test_fairness.py"),
    ),
    Mutation(
        "a booking in time may stand later in line than walking in",
        "antrean/domain/booked.py",
        "Place(min(arrived_ms, slot_key_ms), arrived_ms, ticket_id)",
        "Place(slot_key_ms, arrived_ms, ticket_id)",
        tests("tests/domain/test_booked.py"),
    ),
    Mutation(
        "coming before the window opens costs a place",
        "antrean/domain/booked.py",
        "min(hall.mall.policy.booking_head_start_minutes, early)",
        "hall.mall.policy.booking_head_start_minutes",
        tests("tests/domain/test_booked.py", "-k", "earlier"),
    ),
    Mutation(
        "calls of bookings are not counted against the cap",
        "antrean/domain/line.py",
        '"priority", "booking", "end"',
        '"priority", "end"',
        tests("tests/domain/test_check_in.py", "-k", "passing"),
    ),
    Mutation(
        "which of two numbers of a booking stands depends on whose log comes first",
        "antrean/domain/one_booking.py",
        "(comer.arrived_ms, comer.ticket_id) < (holder.arrived_ms, holder.ticket_id)",
        "comer.arrived_ms < 0",
        tests("tests/domain/test_booked_twice.py", "-k", "any_order"),
    ),
    Mutation(
        "a called visitor becomes the alias of a number told of later",
        "antrean/domain/one_booking.py",
        "if holder.fresh == comer.fresh:",
        "if True:",
        tests("tests/domain/test_booked_twice.py", "-k", "never_undone"),
    ),
    Mutation(
        "an hour is sold beyond its share",
        "antrean/domain/slots.py",
        "hours * (share // 100) + share * rest // (100 * HOUR_MINUTES)",
        "-(-share * minutes // (100 * HOUR_MINUTES))",
        tests("tests/domain/test_slots.py"),
    ),
    Mutation(
        "a quota refuses a booking whose place was promised",
        "antrean/domain/check_in.py",
        "        check_open(hall, service, now_ms)\n    issued",
        "        check_open(hall, service, now_ms)\n    check_service(hall, service, now_ms)\n    issued",
        tests("tests/domain/test_check_in.py", "-k", "quota"),
    ),
    Mutation(
        "a try is made under a new key, so that the outside cannot know it again",
        "queue_server/bookings/telling.py",
        "connector.tell(outcome, row.key)",
        "connector.tell(outcome, f'{row.key}.{row.attempts}')",
        tests("tests/bookings_server/test_outbox.py", "-k", "same_key"),
    ),
    Mutation(
        "a later outcome of a booking overtakes one that stumbled",
        "antrean/ledger/hall_booking_outbox.py",
        "state = 'waiting' GROUP BY booking_id)",
        "state = 'waiting' GROUP BY id)",
        tests("tests/bookings_server/test_outbox.py", "-k", "stumbled"),
    ),
    Mutation(
        "how far the log was read is kept before what came of it",
        "queue_server/bookings/projection.py",
        "            if not self.live.run(partial(self._write, kept=kept, events=part, end=reached)):",
        "            self.ledger.writer.run(lambda tx, end=reached: outbox.set_told_position(tx, end))\n"
        "            if not self.live.run(partial(self._write, kept=reached, events=part, end=reached)):",
        tests("tests/bookings_server/test_outbox.py", "-k", "kill"),
    ),
    Mutation(
        "half a listing cancels what it did not tell yet",
        "queue_server/bookings/pulling.py",
        "        if not page.more:\n            changed += self._finish(listing)",
        "        changed += self._finish(listing)\n        if not page.more:",
        tests("tests/bookings_server/test_pulling.py"),
    ),
    Mutation(
        "a no-show is said before every kiosk was heard",
        "queue_server/bookings/after.py",
        "if heard_ms is None or heard_ms >",
        "if True or heard_ms is None or heard_ms >",
        tests("tests/bookings_server/test_missed.py"),
    ),
    Mutation(
        "the outside is not told that somebody came after its cancellation",
        "queue_server/bookings/store.py",
        'tell(tx, row, "arrived", arrival.order_ms, row.cancelled, arrival.label, now_ms, new_key)',
        'tell(tx, row, "arrived", arrival.order_ms, False, arrival.label, now_ms, new_key)',
        tests("tests/bookings_server/test_conflicts.py"),
    ),
    Mutation(
        "the outside keeps showing a number that another one stands for",
        "queue_server/bookings/projection.py",
        'if row.outcome == "arrived" and row.label != first.label:',
        'if row.outcome == "" and row.label != first.label:',
        tests("tests/bookings_server/test_conflicts.py", "-k", "number_that_stands"),
    ),
    Mutation(
        "a booking is forgotten before the outside has heard what became of it",
        "queue_server/bookings/forgetting.py",
        "if (row.source, row.booking_id) not in waiting]",
        "if waiting is not None]",
        tests("tests/bookings_server/test_forgetting.py"),
    ),
    Mutation(
        "a place of a slot may be sold twice (a UNIQUE is dropped)",
        "antrean/ledger/site_schema.py",
        "CREATE UNIQUE INDEX places",
        "CREATE INDEX places",
        tests("tests/booking_site/test_selling.py"),
    ),
    Mutation(
        "the booking site sells more than a slot holds",
        "queue_server/site/offered.py",
        "return max(0, slot.capacity - held)",
        "return slot.capacity",
        tests("tests/booking_site/test_selling.py"),
    ),
    Mutation(
        "today is sold on while the mall is silent",
        "queue_server/site/site_desk.py",
        "return now - heard_ms > self.settings.silent_minutes * MINUTE_MS",
        "return False",
        tests("tests/booking_site/test_selling.py"),
    ),
    Mutation(
        "the booking site un-cancels a booking because somebody came",
        "queue_server/site/api.py",
        'status="cancelled" if row.cancelled else "booked"',
        'status="cancelled" if row.status == "cancelled" else "booked"',
        tests("tests/booking_site/test_what_malls_hear.py"),
    ),
    Mutation(
        "what changes while a mall reads a full listing is never told",
        "queue_server/site/api.py",
        "after = Cursor(at.change, listing=more,",
        "after = Cursor(last, listing=more,",
        tests("tests/booking_site/test_what_malls_hear.py"),
    ),
    Mutation(
        "the hash of a contact is never erased",
        "antrean/ledger/site_bookings.py",
        '"UPDATE bookings SET contact_hash = NULL WHERE contact_hash IS NOT NULL AND end_ms < "',
        '"UPDATE bookings SET contact_hash = NULL WHERE contact_hash IS NULL AND end_ms < "',
        tests("tests/booking_site/test_fair_shares.py"),
    ),
    Mutation(
        "a signed request is good twice",
        "antrean/seal/requests.py",
        "memory.known.add(nonce)",
        "memory.known.discard(nonce)",
        tests("tests/seal/test_requests.py"),
    ),
    Mutation(
        "the body of a signed request may be exchanged",
        "antrean/seal/requests.py",
        "hashlib.sha256(asked.body)",
        'hashlib.sha256(b"")',
        tests("tests/seal/test_requests.py"),
    ),
    Mutation(
        "an outside's certificate is not checked",
        "antrean/link/outside.py",
        'verify=context_of(ca_file) if self._base.scheme == "https" else True',
        "verify=False",
        tests("tests/link/test_outside.py"),
    ),
    Mutation(
        "a mall whose clock is years off never learns the portal's",
        "queue_server/bookings/connectors/json/connector.py",
        "self._signer.learn(server_ms, self._now_ms())",
        "self._signer.learn(self._now_ms(), self._now_ms())",
        tests("tests/bookings/test_json_connector.py"),
    ),
    Mutation(
        "outcomes are put aside because an address was mistyped",
        "queue_server/bookings/connectors/json/connector.py",
        "if code in _NO_SUCH_ADDRESS:",
        "if code in ():",
        tests("tests/bookings/test_odd_portals.py"),
    ),
    Mutation(
        "a push that comes late brings an older booking back",
        "queue_server/bookings/room.py",
        "int(seen.revision) > int(row.revision)",
        "int(seen.revision) != int(row.revision)",
        tests("tests/bookings/test_booking_hooks.py"),
    ),
    Mutation(
        "a listing cancels bookings of days that lie behind",
        "queue_server/bookings/pulling.py",
        "today_ms = listing.from_ms + DAYS_BACK * DAY_MS",
        "today_ms = listing.from_ms",
        tests("tests/bookings/test_booking_hooks.py"),
    ),
    *CALENDAR,
    *CLOCK,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the mutations whose names contain the given words (none: all); 1 when any of them goes unnoticed."""
    parser = argparse.ArgumentParser(prog="python -m scripts.mutations", description=main.__doc__)
    parser.add_argument("words", nargs="*")
    words = parser.parse_args(arguments).words
    chosen = [one for one in MUTATIONS if not words or any(word in one.name for word in words)]
    unnoticed = [one for one in chosen if not noticed(one)]
    print(f"{len(chosen) - len(unnoticed)} of {len(chosen)} broken promises were noticed")
    return 1 if unnoticed else 0


def noticed(mutation: Mutation) -> bool:
    """Whether the guard goes red over the mutation; raises ValueError when the source no longer has the place."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        change(copy / mutation.file, mutation)
        done = subprocess.run(
            [sys.executable, *mutation.guard], cwd=copy, capture_output=True, text=True, timeout=MOST_SECONDS
        )
    red = done.returncode == 1
    print(f"{'noticed' if red else 'UNNOTICED'}: {mutation.name}", flush=True)
    if not red and done.returncode != 0:
        print(done.stdout[-2000:], done.stderr[-2000:], flush=True)
    return red


def change(file: Path, mutation: Mutation) -> None:
    """Make the one change; raises ValueError unless the place is there exactly once."""
    text = file.read_text(encoding="utf-8")
    if text.count(mutation.old) != 1:
        raise ValueError(f"{mutation.file} has {text.count(mutation.old)} places of: {mutation.old}")
    file.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
