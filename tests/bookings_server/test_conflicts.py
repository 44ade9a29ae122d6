"""Every row of the table of conflicts: what the mall does, what the outside hears, what people can read."""

from antrean.domain.booking import BookingStatus
from queue_server.bookings import conflicts
from queue_server.bookings.health import SILENT_MS
from queue_server.bookings.settings import MOST_SECONDS
from tests.bookings_server.booked_mall import HOUR_MS, MINUTE_MS, TEN, TODAY, BookedMall
from tests.bookings_server.fake_outside import FakeOutside


def test_cancelled_outside_after_a_check_in_offline_presence_wins(
    mall: BookedMall, outside: FakeOutside
) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    kiosk = mall.pair()
    mall.at(TEN - 5 * MINUTE_MS)
    mall.check_in_at(kiosk, "AAAA", TEN)
    outside.cancel("AAAA")
    mall.look()
    assert mall.status("AAAA") is BookingStatus.CANCELLED
    mall.push(kiosk)
    mall.look()
    assert mall.status("AAAA") is BookingStatus.ARRIVED
    assert outside.came == {"AAAA": ["arrived"]}
    assert outside.after_cancel == {"AAAA"}
    assert outside.bookings["AAAA"].cancelled, "nothing is un-cancelled"
    assert mall.cases() == [("AAAA", conflicts.CANCELLED, conflicts.PRESENCE)]


def test_cancelled_outside_after_the_outside_was_told_of_the_arrival(
    mall: BookedMall, outside: FakeOutside
) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    kiosk = mall.pair()
    mall.check_in_at(kiosk, "AAAA", TEN)
    mall.push(kiosk)
    mall.look()
    assert outside.after_cancel == set()
    outside.cancel("AAAA")
    mall.look()
    mall.look()
    assert mall.status("AAAA") is BookingStatus.ARRIVED
    assert outside.came == {"AAAA": ["arrived", "arrived"]}
    assert outside.after_cancel == {"AAAA"}
    assert mall.cases() == [("AAAA", conflicts.CANCELLED, conflicts.PRESENCE)]


def test_an_arrival_nobody_was_told_of_yet_is_told_once_when_it_was_cancelled(
    mall: BookedMall, outside: FakeOutside
) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    kiosk = mall.pair()
    mall.check_in_at(kiosk, "AAAA", TEN)
    mall.push(kiosk)
    outside.cancel("AAAA")
    mall.look()
    assert outside.came == {"AAAA": ["arrived"]}
    assert outside.after_cancel == {"AAAA"}


def test_a_slot_that_was_sold_again_serves_both_and_counts_the_overbooking(
    mall: BookedMall, outside: FakeOutside
) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    kiosk = mall.pair()
    mall.at(TEN - 5 * MINUTE_MS)
    mall.check_in_at(kiosk, "AAAA", TEN)
    outside.cancel("AAAA")
    outside.book("BBBB", TEN)
    mall.look()
    assert mall.check_in("BBBB").status_code == 200
    mall.push(kiosk)
    mall.look()
    assert {mall.serve(), mall.serve()} == {str(one.label) for one in mall.hall().tickets.values()}
    mall.look()
    assert outside.came == {"AAAA": ["arrived", "fulfilled"], "BBBB": ["arrived", "fulfilled"]}
    assert ("AAAA", conflicts.OVERBOOKED, conflicts.BOTH_SERVED) in mall.cases()
    (tally,) = mall.parts.bookings.health.report(TODAY, TODAY)
    assert (tally.booked, tally.arrived, tally.overbooked) == (2, 2, 1)


def test_one_booking_at_two_kiosks_offline_is_one_ticket_and_an_alias(
    mall: BookedMall, outside: FakeOutside
) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    first, second = mall.pair("Kios 1"), mall.pair("Kios 2")
    mall.at(TEN - 10 * MINUTE_MS)
    earlier = mall.check_in_at(first, "AAAA", TEN)
    first.boot_ms += 4 * MINUTE_MS
    mall.at(TEN - 6 * MINUTE_MS)
    later = mall.check_in_at(second, "AAAA", TEN)
    mall.push(second)
    mall.look()
    mall.push(first)
    mall.look()
    tickets = mall.hall().tickets
    assert tickets[later].alias_of == earlier
    assert mall.row("AAAA").ticket_id == earlier
    assert mall.row("AAAA").label == str(tickets[earlier].label)
    assert outside.came == {"AAAA": ["arrived", "arrived"]}, "the second time with the number that stands"
    assert mall.cases() == [("AAAA", conflicts.TWICE, conflicts.ALIAS)]
    assert mall.serve() == str(tickets[earlier].label)
    mall.look()
    assert outside.came == {"AAAA": ["arrived", "arrived", "fulfilled"]}


def test_a_mall_out_of_contact_is_seen_by_people_before_the_outside_stops_selling(
    mall: BookedMall, outside: FakeOutside
) -> None:
    mall.look()
    health = mall.parts.bookings.health
    assert not health.health()[0].silent
    assert health.alarms() == []
    outside.down = "no route"
    mall.at(mall.world.now_ms + SILENT_MS + MINUTE_MS)
    mall.look()
    (source,) = health.health()
    assert source.silent
    assert source.last_error == "no route"
    assert health.alarms() == ["bookings_silent"]
    outside.down = ""
    mall.look()
    assert not health.health()[0].silent
    assert MOST_SECONDS * 1_000 * 2 <= SILENT_MS, "a mall that is well never looks silent"


def test_late_beyond_the_window_is_a_walk_in_by_arrival(mall: BookedMall, outside: FakeOutside) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    mall.at(TEN + 40 * MINUTE_MS)
    assert mall.check_in("AAAA").status_code == 200
    (ticket,) = mall.hall().tickets.values()
    assert (ticket.booking.how, ticket.step.why) == ("late", "arrival")
    mall.look()
    assert outside.came == {"AAAA": ["arrived"]}
    (row,) = mall.parts.bookings.health.bookings_of(TODAY)
    assert (row.how, row.status, row.label) == ("late", BookingStatus.ARRIVED, str(ticket.label))


def test_a_code_unknown_offline_gets_its_place_once_the_booking_is_heard_of(
    mall: BookedMall, outside: FakeOutside
) -> None:
    mall.look()
    kiosk = mall.pair()
    mall.at(TEN - 5 * MINUTE_MS)
    ticket_id = mall.claim_at(kiosk, "CCCC")
    mall.push(kiosk)
    mall.look()
    assert mall.hall().tickets[ticket_id].booking.how == "claimed"
    outside.book("CCCC", TEN)
    mall.look()
    mall.look()
    ticket = mall.hall().tickets[ticket_id]
    assert (ticket.booking.how, ticket.booking.key) == ("in_time", ("situs", "CCCC"))
    assert outside.came == {"CCCC": ["arrived"]}
    assert 0 <= outside.told[0][1].at_ms - ticket.arrived_ms <= 1_000, "the moment of the claim"
    assert mall.cases() == [("CCCC", conflicts.UNKNOWN_CODE, conflicts.MATCHED)]


def test_a_claim_whose_booking_is_for_something_else_stays_a_walk_in(
    mall: BookedMall, outside: FakeOutside
) -> None:
    kiosk = mall.pair()
    claims = [mall.claim_at(kiosk, "OTHERDAY"), mall.claim_at(kiosk, "OTHERSERVICE")]
    mall.push(kiosk)
    outside.book("OTHERDAY", TEN + 24 * HOUR_MS)
    outside.book("OTHERSERVICE", TEN, service="kk")
    mall.look()
    mall.look()
    assert [mall.hall().tickets[one].booking.how for one in claims] == ["claimed", "claimed"]
    assert outside.came == {"OTHERSERVICE": ["arrived"]}, "its visitor is here, in another line"
    assert mall.status("OTHERDAY") is BookingStatus.BOOKED
    assert mall.cases() == [("OTHERSERVICE", conflicts.UNKNOWN_CODE, conflicts.WALK_IN)]


def test_moved_outside_after_the_check_in_the_place_stays(mall: BookedMall, outside: FakeOutside) -> None:
    outside.book("AAAA", TEN)
    outside.book("BBBB", TEN)
    mall.look()
    kiosk = mall.pair()
    mall.at(TEN - 5 * MINUTE_MS)
    ticket_id = mall.check_in_at(kiosk, "AAAA", TEN)
    mall.check_in_at(kiosk, "BBBB", TEN)
    outside.move("AAAA", TEN + HOUR_MS)
    mall.look()
    mall.push(kiosk)
    mall.look()
    outside.move("BBBB", TEN + HOUR_MS)
    mall.look()
    assert mall.hall().tickets[ticket_id].booking.slot_ms == TEN
    assert outside.came == {"AAAA": ["arrived"], "BBBB": ["arrived"]}
    moved = [case for case in mall.cases() if case[1] == conflicts.MOVED]
    assert moved == [
        ("AAAA", conflicts.MOVED, conflicts.KEEPS_PLACE),
        ("BBBB", conflicts.MOVED, conflicts.KEEPS_PLACE),
    ]


def test_the_outside_hears_the_number_that_stands(mall: BookedMall, outside: FakeOutside) -> None:
    """Whether it was told of the other one already or not."""
    for booking_id in ("AAAA", "BBBB"):
        outside.book(booking_id, TEN)
    mall.look()
    early, late = mall.pair("Kios pagi"), mall.pair("Kios siang")
    mall.at(TEN - 5 * MINUTE_MS)
    first = {one: mall.check_in_at(early, one, TEN) for one in ("AAAA", "BBBB")}
    late.boot_ms += MINUTE_MS
    mall.check_in_at(late, "AAAA", TEN)
    mall.push(late)
    mall.look()
    outside.down = "no route"
    mall.check_in_at(late, "BBBB", TEN)
    mall.push(late)
    mall.look()
    mall.push(early)
    mall.look()
    outside.down = ""
    mall.look()
    assert {one: mall.row(one).ticket_id for one in first} == first
    assert outside.came == {"AAAA": ["arrived", "arrived"], "BBBB": ["arrived"]}
    labels = {outcome.booking_id: outcome.label for _, outcome in outside.told}
    assert labels == {one: mall.row(one).label for one in first}
