"""Reading an outside: page by page, nothing taken for gone too early, and nothing unreadable in the way."""

from dataclasses import replace

import pytest

from antrean.domain.booking import BookingStatus
from antrean.ledger import hall_bookings as copy
from antrean.ledger import hall_meta
from queue_server.bookings.connector import Problem, Seen
from tests.bookings_server.booked_mall import DAY_MS, HOUR_MS, MINUTE_MS, TEN, BookedMall, booked_mall_data
from tests.bookings_server.fake_outside import FakeOutside
from tests.domain.malls import service

IDS = ("AAAA", "BBBB", "CCCC", "DDDD", "EEEE")


def _statuses(mall: BookedMall) -> dict[str, str]:
    with mall.ledger.reading() as r:
        return {row.booking_id: row.status.value for row in copy.between(r, 0, 10**14)}


def test_it_reads_two_weeks_ahead_page_after_page_and_then_only_what_changed(
    mall: BookedMall, outside: FakeOutside
) -> None:
    for at, booking_id in enumerate(IDS):
        outside.book(booking_id, TEN + at * DAY_MS)
    mall.look()
    assert _statuses(mall) == dict.fromkeys(IDS, "booked")
    assert len(outside.asked) == 3
    _, from_ms, to_ms = outside.asked[0]
    assert from_ms <= TEN - 7 * DAY_MS
    assert to_ms >= TEN + 14 * DAY_MS
    outside.cancel("BBBB")
    mall.look()
    assert outside.asked[-1][0] == "5", "it goes on where it was"
    assert _statuses(mall)["BBBB"] == "cancelled"


def test_a_booking_that_is_missing_counts_as_cancelled_only_after_the_last_page(
    mall: BookedMall, outside: FakeOutside
) -> None:
    for booking_id in IDS:
        outside.book(booking_id, TEN)
    mall.look()
    del outside.bookings["AAAA"]
    outside.lose_cursors()
    outside.changes_made.append("BBBB")
    outside.oldest += 1
    pages: list[None] = []

    def cut() -> None:
        pages.append(None)
        if len(pages) == 3:
            raise outside.cut()

    outside.before["changes"] = cut
    mall.look()
    assert set(_statuses(mall).values()) == {"booked"}, "half a listing says nothing of what is missing"
    mall.look()
    assert _statuses(mall) == {**dict.fromkeys(IDS, "booked"), "AAAA": "cancelled"}


def test_a_listing_that_was_cut_by_a_restart_begins_again(mall: BookedMall, outside: FakeOutside) -> None:
    for booking_id in IDS:
        outside.book(booking_id, TEN)

    def cut_second() -> None:
        if len(outside.asked) == 2:
            raise outside.cut()

    outside.before["changes"] = cut_second
    mall.look()
    assert len(_statuses(mall)) == 2
    mall.restart()
    outside.before.clear()
    outside.asked.clear()
    mall.look()
    assert outside.asked[0][0] == ""
    assert _statuses(mall) == dict.fromkeys(IDS, "booked")


def test_what_is_pushed_while_a_listing_is_read_is_not_taken_for_missing(
    mall: BookedMall, outside: FakeOutside
) -> None:
    for booking_id in IDS:
        outside.book(booking_id, TEN)

    def push() -> None:
        outside.after.clear()
        pushed = Seen("0000", "0000", "ktp-baru", TEN, TEN + HOUR_MS, False, "99")
        assert mall.parts.bookings.push("situs", [pushed]) == 1

    outside.after["changes"] = push
    mall.look()
    assert _statuses(mall)["0000"] == "booked"


def test_a_push_is_taken_at_once_and_an_older_one_is_passed_over(
    mall: BookedMall, outside: FakeOutside
) -> None:
    mall.look()
    first = Seen("AAAA", "AAAA", "ktp-baru", TEN, TEN + HOUR_MS, False, "7")
    room = mall.parts.bookings
    assert room.push("situs", [first]) == 1
    assert room.push("situs", [replace(first, cancelled=True, revision="9")]) == 1
    assert room.push("situs", [replace(first, revision="8")]) == 0
    assert _statuses(mall) == {"AAAA": "cancelled"}


def test_a_source_that_can_only_list_is_read_whole_each_time_and_writes_only_what_changed(
    mall: BookedMall, outside: FakeOutside
) -> None:
    outside.lists_only = True
    for booking_id in IDS:
        outside.book(booking_id, TEN)
    mall.look()
    rev = mall.row("EEEE").rev
    outside.remove("AAAA")
    mall.look()
    assert _statuses(mall)["AAAA"] == "cancelled"
    assert mall.row("EEEE").rev == rev


def test_a_mark_the_outside_no_longer_knows_begins_everything_anew(
    mall: BookedMall, outside: FakeOutside
) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    outside.book("BBBB", TEN)
    outside.lose_cursors()
    mall.look()
    assert [cursor for cursor, _, _ in outside.asked] == ["", "1", ""]
    assert _statuses(mall) == {"AAAA": "booked", "BBBB": "booked"}


def test_what_cannot_be_understood_is_shown_and_blocks_nothing_and_leaves_once_it_can(
    mall: BookedMall, outside: FakeOutside
) -> None:
    outside.book("AAAA", TEN)
    outside.book("BBBB", TEN, service="paspor")
    outside.book("CCCC", TEN, code="Ä")
    outside.book("DDDD", TEN, minutes=-5)
    outside.book("FFFF", 10**30)
    outside.problems = [Problem("EEEE", "no_start", "line 7")]
    mall.look()
    assert _statuses(mall) == {"AAAA": "booked"}
    (health,) = mall.parts.bookings.health.health()
    assert {one.booking_id: one.code for one in health.problems} == {
        "BBBB": "unknown_service",
        "CCCC": "bad_code",
        "DDDD": "bad_times",
        "FFFF": "bad_times",
        "EEEE": "no_start",
    }
    assert health.last_error == ""
    outside.change(replace(outside.bookings["CCCC"], code="cc-cc"))
    data = booked_mall_data()
    data["services"].append(service("paspor", "R"))
    mall.ledger.writer.run(lambda tx: hall_meta.set_catalogue(tx, data))
    mall.parts.live.refresh()
    mall.look()
    assert _statuses(mall) == dict.fromkeys(("AAAA", "BBBB", "CCCC"), "booked")
    assert mall.row("CCCC").code == "CCCC"
    outside.problems = []
    outside.lists_only = True
    outside.remove("DDDD")
    outside.remove("FFFF")
    mall.look()
    assert mall.parts.bookings.health.health()[0].problems == ()


def test_an_outside_that_never_comes_to_an_end_is_told_of(
    mall: BookedMall, outside: FakeOutside, caplog: pytest.LogCaptureFixture
) -> None:
    outside.page_size = 0
    outside.book("AAAA", TEN)
    mall.look()
    assert "one page twice" in mall.parts.bookings.health.health()[0].last_error
    assert len(outside.asked) == 2


def test_thousands_of_bookings_are_read_in_small_transactions(mall: BookedMall, outside: FakeOutside) -> None:
    outside.page_size = 500
    for number in range(2_000):
        outside.bookings[f"B{number:05}"] = Seen(
            f"B{number:05}", f"B{number:05}", "ktp-baru", TEN, TEN + MINUTE_MS, False, "1"
        )
    sizes: list[int] = []
    plain = mall.parts.live.run

    def run(work: object) -> object:
        with mall.ledger.reading() as r:
            before = copy.newest_rev(r)
        result = plain(work)  # type: ignore[arg-type, var-annotated]
        with mall.ledger.reading() as r:
            sizes.append(copy.newest_rev(r) - before)
        return result

    mall.parts.live.run = run  # type: ignore[method-assign, assignment]
    mall.look()
    assert sum(sizes) == 2_000
    assert max(sizes) <= 100


def test_a_booking_of_today_is_booked_again_after_it_was_called_missed_and_moved(
    mall: BookedMall, outside: FakeOutside
) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    outside.down = "no route"
    mall.at(TEN + 2 * HOUR_MS)
    mall.look()
    assert mall.status("AAAA") is BookingStatus.NOSHOW
    outside.down = ""
    outside.before["tell"] = lambda: None
    outside.move("AAAA", TEN + 5 * HOUR_MS)
    mall.look()
    assert mall.status("AAAA") is BookingStatus.BOOKED
    assert outside.came == {}, "nobody hears of a no-show that is none any more"
