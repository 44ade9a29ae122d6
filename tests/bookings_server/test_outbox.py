"""What the outside is told: in order, once, through kills, outages, poison and mistakes of a connector."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from antrean.domain.errors import RuleViolation
from antrean.ledger import hall_lives
from queue_server.bookings import worker
from queue_server.live import Turn
from tests.bookings_server.booked_mall import HOUR_MS, MINUTE_MS, TEN, TODAY, BookedMall
from tests.bookings_server.fake_outside import FakeOutside, Killed


def test_a_kill_between_any_two_steps_loses_and_doubles_nothing(
    mall: BookedMall, outside: FakeOutside, tmp_path: Path
) -> None:
    """One morning is lived again and again, each time killed one step later."""
    outside.page_size = 4
    for booking_id in ("AAAA", "BBBB", "CCCC", "DDDD"):
        outside.book(booking_id, TEN)
    mall.look()
    kiosk = mall.pair()
    for booking_id in ("AAAA", "BBBB", "CCCC"):
        mall.check_in_at(kiosk, booking_id, TEN)
    claimed = mall.claim_at(kiosk, "EEEE")
    mall.push(kiosk)
    mall.serve()
    outside.cancel("BBBB")
    outside.remove("DDDD")
    outside.book("EEEE", TEN)
    mall.stop()
    lives = 0
    while _is_killed(mall.copied(tmp_path / "lives" / str(lives)), claimed, kill_at=lives):
        lives += 1
    assert lives > 25, "the morning has many steps to die between"


def _is_killed(mall: BookedMall, claimed: str, kill_at: int) -> bool:
    """Whether the look after bookings was killed; how it ends is the same either way."""
    outside = mall.outside
    steps = iter(range(kill_at))

    def tick() -> None:
        if next(steps, None) is None:
            raise Killed

    mall.ticking(tick)
    exchanges = (outside.before, outside.after)
    for moments in exchanges:
        moments.update(dict.fromkeys(("offer", "changes", "tell"), tick))
    killed = False
    try:
        mall.look()
    except Killed:
        killed = True
    for moments in exchanges:
        moments.clear()
    mall.restart()
    mall.worker.look()
    assert mall.hall().tickets[claimed].booking.key == ("situs", "EEEE")
    came = {one: list(said) for one, said in outside.came.items()}
    # An arrival told before the mall heard of the cancellation is told again as what it is.
    assert came.pop("BBBB") in (["arrived"], ["arrived", "arrived"])
    assert came == {"AAAA": ["arrived", "fulfilled"], "CCCC": ["arrived"], "EEEE": ["arrived"]}
    assert outside.after_cancel == {"BBBB"}
    assert mall.status("DDDD") == "cancelled"
    assert mall.waiting() == []
    mall.stop()
    return killed


def test_an_answer_that_is_lost_is_told_again_under_the_same_key(
    mall: BookedMall, outside: FakeOutside
) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    assert mall.check_in("AAAA").status_code == 200

    def cut() -> None:
        outside.after.clear()
        outside.down = "cut"
        raise outside.cut()

    outside.after["tell"] = cut
    mall.look()
    assert [row.attempts for row in mall.waiting()] == [1]
    outside.down = ""
    mall.look()
    assert mall.waiting() == []
    assert len(outside.told) == 2
    assert len({key for key, _ in outside.told}) == 1
    assert outside.came == {"AAAA": ["arrived"]}


def test_outcomes_of_one_booking_are_told_in_order_also_when_the_first_does_not_get_through(
    mall: BookedMall, outside: FakeOutside
) -> None:
    for booking_id in ("AAAA", "BBBB"):
        outside.book(booking_id, TEN)
    mall.look()
    outside.down = "no route"
    for booking_id in ("AAAA", "BBBB"):
        assert mall.check_in(booking_id).status_code == 200
        mall.serve()
    mall.look()
    assert len(mall.waiting()) == 4
    outside.down = ""
    mall.look()
    assert outside.came == {"AAAA": ["arrived", "fulfilled"], "BBBB": ["arrived", "fulfilled"]}


def test_what_follows_in_one_booking_waits_for_what_stumbled(
    mall: BookedMall, outside: FakeOutside, caplog: pytest.LogCaptureFixture
) -> None:
    for booking_id in ("AAAA", "BBBB"):
        outside.book(booking_id, TEN)
    mall.look()
    for booking_id in ("AAAA", "BBBB"):
        mall.check_in(booking_id)
        mall.serve()

    def stumble() -> None:
        outside.before.clear()
        raise ValueError("once")

    outside.before["tell"] = stumble
    mall.look()
    assert outside.came == {"BBBB": ["arrived", "fulfilled"]}
    mall.at(mall.world.now_ms + MINUTE_MS)
    mall.worker.look()
    assert outside.came["AAAA"] == ["arrived", "fulfilled"]


def test_an_outcome_is_told_without_waiting_for_the_next_pull(mall: BookedMall, outside: FakeOutside) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    asked = len(outside.asked)
    mall.check_in("AAAA")
    mall.worker.look()
    assert outside.came == {"AAAA": ["arrived"]}
    assert len(outside.asked) == asked


def test_a_source_out_of_reach_is_asked_again_after_a_growing_while(
    mall: BookedMall, outside: FakeOutside, caplog: pytest.LogCaptureFixture
) -> None:
    mall.look()
    outside.down = "no route"
    waits = []
    for _ in range(5):
        mall.at(mall.world.now_ms + HOUR_MS)
        mall.worker.look()
        (one,) = mall.worker._outsides.values()
        waits.append(one.next_ms - mall.world.now_ms)
    assert waits == sorted(waits)
    assert waits[-1] > 8 * waits[0]
    asked = len(outside.asked)
    mall.worker.look()
    assert len(outside.asked) == asked
    mall.parts.bookings.health.try_now("situs")
    outside.down = ""
    mall.worker.look()
    assert mall.parts.bookings.health.health()[0].last_error == ""
    assert [record.levelname for record in caplog.records] == ["WARNING"], "one line, not one a try"


def test_poison_is_put_aside_shown_and_settled_by_a_person_and_blocks_nothing(
    mall: BookedMall, outside: FakeOutside, caplog: pytest.LogCaptureFixture
) -> None:
    health = mall.parts.bookings.health
    for booking_id in ("AAAA", "BBBB"):
        outside.book(booking_id, TEN)
    mall.look()
    outside.poison = {"AAAA"}
    for booking_id in ("AAAA", "BBBB"):
        mall.check_in(booking_id)
        mall.serve()
    mall.look()
    assert outside.came == {"BBBB": ["arrived", "fulfilled"]}
    aside = health.outbox()
    assert [(row.what, row.state) for row in aside] == [
        ("arrived", "quarantined"),
        ("fulfilled", "quarantined"),
    ]
    assert aside[0].last_error.startswith("outcome_refused")
    assert health.health()[0].quarantined == 2
    assert health.alarms() == ["bookings_refused"]
    outside.poison = set()
    health.retry(aside[1].key, "admin")
    mall.look()
    assert outside.came["AAAA"] == ["fulfilled"]
    health.drop(aside[0].key, "admin")
    assert health.outbox() == []
    with pytest.raises(RuleViolation, match="entry_settled"):
        health.drop(aside[0].key, "admin")
    with pytest.raises(RuleViolation, match="unknown_entry"):
        health.retry("nothing")
    assert {record.levelname for record in caplog.records} == {"ERROR"}


def test_a_mistake_in_a_connector_holds_up_one_outcome_and_is_put_aside_at_last(
    mall: BookedMall, outside: FakeOutside, caplog: pytest.LogCaptureFixture
) -> None:
    for booking_id in ("AAAA", "BBBB"):
        outside.book(booking_id, TEN)
    mall.look()
    outside.buggy = {"AAAA"}
    mall.check_in("AAAA")
    mall.check_in("BBBB")
    for _ in range(6):
        mall.look()
    assert outside.came == {"BBBB": ["arrived"]}
    (row,) = mall.waiting()
    assert (row.state, row.attempts) == ("quarantined", 5)
    assert "a connector with a mistake" in caplog.text


def test_a_restored_server_pulls_and_tells_again_and_nothing_changes_by_it(
    mall: BookedMall, outside: FakeOutside
) -> None:
    """A backup without the arrivals: the kiosk offers them again, and the outside hears what it knows already."""
    outside.book("AAAA", TEN)
    outside.book("BBBB", TEN)
    mall.look()
    kiosk = mall.pair()
    mall.check_in_at(kiosk, "AAAA", TEN)
    mall.stop()
    kept = (mall.folder / "antrean.db").read_bytes()
    mall.start()
    mall.push(kiosk)
    outside.cancel("BBBB")
    mall.look()
    mall.stop()
    (mall.folder / "antrean.db").write_bytes(kept)
    mall.start()
    mall.ledger.writer.run(
        lambda tx: hall_lives.reincarnate(tx, incarnation="another-life", log_id="another-log")
    )
    mall.restart()
    outside.asked.clear()
    mall.look()
    assert outside.asked[0][0] == "", "another life reads everything anew"
    answer = kiosk.push(incarnation="another-life", term=2)
    assert answer.status_code == 200, answer.text
    mall.look()
    assert outside.came == {"AAAA": ["arrived", "arrived"]}
    assert len({outcome.label for _, outcome in outside.told}) == 1
    assert mall.status("AAAA") == "arrived"
    assert mall.status("BBBB") == "cancelled"
    assert mall.parts.bookings.health.conflicts(TODAY) == []


def test_an_older_life_of_the_server_says_nothing_any_more(mall: BookedMall, outside: FakeOutside) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    mall.check_in("AAAA")
    with pytest.raises(RuleViolation, match="older_server"):
        mall.parts.live.hear_term(7)
    asked = len(outside.asked)
    mall.look()
    assert (outside.came, len(outside.asked)) == ({}, asked)


def test_nobody_waits_for_an_outside_that_does_not_answer(
    mall: BookedMall, outside: FakeOutside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calls go on while it is asked, and a server that is told to stop does so."""
    monkeypatch.setattr(worker, "CLOSE_S", 0.05)
    asked, answer = threading.Event(), threading.Event()

    def hang() -> None:
        asked.set()
        assert answer.wait(30)

    outside.before["changes"] = hang
    mall.worker.start()
    assert asked.wait(30)
    assert mall.command("issue", role="helper", service="ktp-baru").status_code == 200
    assert mall.serve() == "AY-001"
    thread = mall.worker._thread
    assert thread is not None
    mall.worker.close()
    assert thread.is_alive(), "the server did not wait for it"
    answer.set()
    thread.join(30)
    assert not thread.is_alive()


def test_a_morning_without_bookings_writes_nothing(mall: BookedMall, outside: FakeOutside) -> None:
    mall.look()
    kiosk = mall.pair()
    kiosk.issue()
    mall.push(kiosk)
    mall.serve()
    mall.worker.look()
    steps: list[None] = []
    mall.ticking(lambda: steps.append(None))
    for _ in range(3):
        mall.worker.look()
    assert steps == []


def test_what_cannot_be_foreseen_in_a_pull_is_told_and_holds_back_no_outcome(
    mall: BookedMall, outside: FakeOutside, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble() -> None:
        raise ValueError("half a calendar")

    outside.book("AAAA", TEN)
    mall.look()
    mall.check_in("AAAA")
    outside.before["changes"] = stumble
    mall.look()
    assert outside.came == {"AAAA": ["arrived"]}, "it hears what it can hear"
    assert "half a calendar" in mall.parts.bookings.health.health()[0].last_error
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.WARNING]
    outside.before.clear()
    mall.at(mall.world.now_ms + 10 * MINUTE_MS)
    mall.worker.look()
    assert mall.parts.bookings.health.health()[0].last_error == ""


def test_a_log_that_is_read_twice_at_once_is_told_once(mall: BookedMall, outside: FakeOutside) -> None:
    """A second reader stood in the middle of its work when the first one finished."""
    codes = [f"B{number:03}" for number in range(60)]
    for code in codes:
        outside.book(code, TEN)
    mall.look()
    kiosk = mall.pair()
    for code in codes:
        mall.check_in_at(kiosk, code, TEN)
    mall.push(kiosk)
    first = mall.worker.projector
    second = replace(first)
    plain = second.live.run

    def run(work: Callable[[Turn], bool]) -> bool:
        second.live.run = plain  # type: ignore[method-assign]
        assert first.catch_up()
        return plain(work)

    second.live.run = run  # type: ignore[method-assign, assignment]
    assert not second.catch_up()
    assert not second.catch_up()
    mall.look()
    assert outside.came == {code: ["arrived"] for code in codes}
