"""Old events go, once the server has them twice; the rest stays checkable."""

from pathlib import Path
from typing import Any

from antrean.ledger.device import TIDY_EVERY_MS
from antrean.ledger.device_purge import EVENTS_AT_ONCE, KEPT_MS
from tests.ledger.device_rooms import STAMP, new_id, opened, paired, take

NOW = 2 * KEPT_MS
STEPS = 1_000
"""Of SQLite's machine between two looks; reading through n events takes several n."""


def test_only_what_is_acknowledged_backed_up_and_a_week_old_goes(tmp_path: Path) -> None:
    ledger = paired(tmp_path)
    take(ledger, 300)
    last = ledger.own().last_seq
    ledger.tidy(NOW)
    assert ledger.check_chain() == last
    ledger.outbox.acknowledge(ledger.own().log_id, last - 20, 1)
    ledger.tidy(NOW)
    assert ledger.check_chain() == last
    ledger.outbox.backed_up(ledger.own().log_id, last - 50)
    ledger.tidy(KEPT_MS)
    assert ledger.check_chain() == last
    for minute in range(1, 5):
        ledger.tidy(NOW + minute * TIDY_EVERY_MS)
    assert ledger.outbox.purged_seq(ledger.own().log_id) == last - 50
    assert ledger.check_chain() == 50
    assert take(ledger) == ["A1-301"]
    ledger.close()
    ledger = opened(tmp_path)
    assert take(ledger) == ["A1-302"]
    ledger.check_chain()
    ledger.close()


def test_the_newest_ticket_stays_and_a_visitor_waits_for_few_at_a_time(tmp_path: Path) -> None:
    ledger = paired(tmp_path)
    take(ledger, 250)
    last = ledger.own().last_seq
    ledger.outbox.acknowledge(ledger.own().log_id, last, 1)
    ledger.outbox.backed_up(ledger.own().log_id, last)
    ledger.tidy(NOW)
    assert ledger.outbox.purged_seq(ledger.own().log_id) == EVENTS_AT_ONCE
    ledger.tidy(NOW + TIDY_EVERY_MS)
    assert ledger.outbox.purged_seq(ledger.own().log_id) == last - 1
    assert ledger.memory.last_issue() == STAMP
    ledger.close()


def test_a_server_that_fell_behind_what_was_dropped_gets_the_rest_in_a_new_log(tmp_path: Path) -> None:
    ledger = paired(tmp_path)
    take(ledger, 30)
    last = ledger.own().last_seq
    ledger.outbox.acknowledge(ledger.own().log_id, last, 1)
    ledger.outbox.backed_up(ledger.own().log_id, last - 10)
    ledger.tidy(NOW)
    ledger.outbox.reoffer(ledger.own().log_id, 5)
    ledger.outbox.start_new_log(generation=0, day="", new_id=new_id, stamp=STAMP)
    told = ledger.outbox.unsent(100)
    assert [event.seq for event in told] == list(range(1, len(told) + 1))
    assert sum(event.type == "TicketIssued" for event in told) == 10
    assert ledger.outbox.purged_seq(ledger.own().log_id) == 0
    ledger.check_chain()
    ledger.close()


def test_a_hello_over_ten_thousand_acknowledged_events_touches_none(tmp_path: Path) -> None:
    ledger = paired(tmp_path)
    with ledger._covered() as tx:
        from antrean.domain.events import HelpRequested
        from antrean.ledger import device_log

        for _ in range(10_000):
            device_log.append(tx, HelpRequested("pintu"), event_id=new_id(), stamp=STAMP)
    last = ledger.own().last_seq
    ledger.outbox.acknowledge(ledger.own().log_id, last, 1)
    before = ledger._connection.execute("SELECT total_changes()").fetchone()
    looks: list[int] = []
    machine: Any = ledger._connection
    machine.set_progress_handler(lambda: looks.append(1), STEPS)
    ledger.outbox.acknowledge(ledger.own().log_id, last, 2)
    ledger.outbox.reoffer(ledger.own().log_id, last)
    machine.set_progress_handler(None, 0)
    assert ledger._connection.execute("SELECT total_changes()").fetchone() == before
    assert len(looks) < 10, "fewer steps than events: they are found by an index or not at all"
    ledger.outbox.reoffer(ledger.own().log_id, last - 3)
    assert ledger.outbox.count() == 3
    ledger.close()
