import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from antrean.domain.errors import RuleViolation, Unavailable
from antrean.ledger import hall_meta
from antrean.ledger.errors import LedgerBroken
from antrean.ledger.hall import FreshIds, HallLedger
from antrean.ledger.writer import After, Transaction

FRESH = FreshIds("incarnation", "server-device", "server-log")


def setting(name: str) -> Callable[[Transaction], None]:
    return lambda tx: hall_meta.set_setting(tx, name, "1")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[HallLedger]:
    ledger = HallLedger.open(tmp_path, fresh=FRESH, now_ms=1)
    yield ledger
    ledger.close()


def test_a_job_that_raises_undoes_only_itself(ledger: HallLedger) -> None:
    def bad(tx: Transaction) -> None:
        hall_meta.set_setting(tx, "bad", "1")
        raise RuleViolation("no")

    good = [ledger.writer.submit(setting(f"good{n}")) for n in range(3)]
    refused = ledger.writer.submit(bad)
    late = ledger.writer.submit(lambda tx: hall_meta.setting(tx, "bad"))
    for future in good:
        future.result(30)
    with pytest.raises(RuleViolation, match="no"):
        refused.result(30)
    assert late.result(30) is None
    with ledger.reading() as r:
        assert hall_meta.setting(r, "good2") == "1"


def test_jobs_waiting_together_share_one_commit_and_keep_their_order(ledger: HallLedger) -> None:
    gate = threading.Event()
    seen: list[tuple[int, list[int]]] = []
    order: list[int] = []
    first = ledger.writer.submit(lambda tx: gate.wait(30))

    def job(n: int, tx: Transaction) -> After[int]:
        order.append(n)
        return After(n, lambda: seen.append((n, list(order))))

    rest = [ledger.writer.submit(partial(job, n)) for n in range(20)]
    gate.set()
    assert first.result(30)
    assert [future.result(30) for future in rest] == list(range(20))
    assert [n for n, _ in seen] == list(range(20))
    # When the first callback ran, every job of the batch had already run: they were one transaction.
    assert seen[0][1] == list(range(20))


def test_callbacks_run_after_the_commit_and_before_the_answer(ledger: HallLedger) -> None:
    found: list[str | None] = []

    def look() -> None:
        with ledger.reading() as r:
            found.append(hall_meta.setting(r, "x"))

    def job(tx: Transaction) -> After[None]:
        hall_meta.set_setting(tx, "x", "1")
        return After(None, look)

    ledger.writer.run(job)
    assert found == ["1"]


def test_closing_finishes_what_waits_and_refuses_more(ledger: HallLedger) -> None:
    futures = [ledger.writer.submit(setting(f"k{n}")) for n in range(50)]
    ledger.writer.close()
    assert all(future.done() for future in futures)
    with pytest.raises(Unavailable, match="closed"):
        ledger.writer.submit(lambda tx: None)


def test_a_broken_disk_stops_the_writer_for_good(ledger: HallLedger) -> None:
    told: list[LedgerBroken] = []
    ledger.writer.on_broken = told.append

    def failing(tx: Transaction) -> None:
        raise LedgerBroken("fsync failed")

    with pytest.raises(LedgerBroken):
        ledger.writer.run(failing)
    with pytest.raises(LedgerBroken):
        ledger.writer.run(lambda tx: hall_meta.set_setting(tx, "after", "1"))
    ledger.writer.close()
    assert len(told) == 1
    with ledger.reading() as r:
        assert hall_meta.setting(r, "after") is None


def test_a_callback_that_fails_stops_the_writer_because_memory_is_wrong_now(ledger: HallLedger) -> None:
    def wrong() -> None:
        raise ValueError("a bug")

    with pytest.raises(LedgerBroken, match="memory"):
        ledger.writer.run(lambda tx: After(1, wrong))
    with pytest.raises(LedgerBroken):
        ledger.writer.run(lambda tx: 1)


def test_a_lost_commit_tells_the_server_to_take_its_draft_back(ledger: HallLedger) -> None:
    calls: list[str] = []
    ledger.writer.on_rollback = lambda: calls.append("rollback")

    def lose(tx: Transaction) -> None:
        tx.execute("ROLLBACK")  # what SQLite does by itself on a full disk
        raise Unavailable("full", permanent=False)

    with pytest.raises(Unavailable, match="full"):
        ledger.writer.run(lose)
    assert calls == ["rollback"]
    ledger.writer.run(lambda tx: hall_meta.set_setting(tx, "again", "1"))


def test_a_reader_cannot_write(ledger: HallLedger) -> None:
    with ledger.reading() as r, pytest.raises(Exception, match=r"readonly|cannot be"):
        hall_meta.set_setting(r, "x", "1")
