"""A no-show is said by the mall alone, late, and only when every kiosk has told all it knows."""

from antrean.domain.booking import BookingStatus
from antrean.ledger import hall_log
from queue_server.bookings import conflicts
from tests.bookings_server.booked_mall import HOUR_MS, MINUTE_MS, TEN, TODAY, BookedMall
from tests.bookings_server.fake_outside import FakeOutside

OVER = TEN + 15 * MINUTE_MS + 60 * MINUTE_MS
"""The window and the grace of a booking at ten are over."""


def test_nobody_is_missed_before_the_grace_is_over(mall: BookedMall, outside: FakeOutside) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    mall.at(OVER - MINUTE_MS)
    mall.look()
    assert mall.status("AAAA") is BookingStatus.BOOKED
    mall.at(OVER + MINUTE_MS)
    mall.look()
    assert mall.status("AAAA") is BookingStatus.NOSHOW
    assert outside.came == {"AAAA": ["noshow"]}
    mall.look()
    mall.restart()
    mall.look()
    assert outside.came == {"AAAA": ["noshow"]}


def test_a_kiosk_that_was_not_heard_holds_it_up_until_it_speaks_or_is_withdrawn(
    mall: BookedMall, outside: FakeOutside
) -> None:
    outside.book("AAAA", TEN)
    outside.book("BBBB", TEN)
    mall.look()
    near, far = mall.pair("Kios dekat"), mall.pair("Kios jauh")
    mall.check_in_at(far, "AAAA", TEN)
    mall.at(OVER + 2 * MINUTE_MS)
    mall.pull(near)
    mall.look()
    assert mall.status("AAAA") is BookingStatus.BOOKED
    assert mall.parts.bookings.health.waits_for_kiosks() == ["Kios jauh"]
    mall.push(far)
    mall.pull(far)
    mall.look()
    assert mall.status("AAAA") is BookingStatus.ARRIVED
    assert mall.status("BBBB") is BookingStatus.NOSHOW
    assert outside.came == {"AAAA": ["arrived"], "BBBB": ["noshow"]}


def test_a_withdrawn_kiosk_holds_nothing_up(mall: BookedMall, outside: FakeOutside) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    gone = mall.pair("Kios rusak")
    mall.at(OVER + 2 * MINUTE_MS)
    mall.look()
    assert mall.status("AAAA") is BookingStatus.BOOKED
    mall.parts.enrolment.withdraw(gone.paired["device_id"], "test")
    mall.look()
    assert mall.status("AAAA") is BookingStatus.NOSHOW


def test_what_the_mall_learned_of_too_late_is_never_called_missed(
    mall: BookedMall, outside: FakeOutside
) -> None:
    mall.at(TEN + MINUTE_MS)
    outside.book("AAAA", TEN)
    mall.look()
    mall.at(OVER + 2 * HOUR_MS)
    mall.look()
    assert mall.status("AAAA") is BookingStatus.BOOKED


def test_moved_to_a_slot_that_was_over_when_the_mall_learned_of_it(
    mall: BookedMall, outside: FakeOutside
) -> None:
    """A kiosk had sent the visitor away, to the day it knew."""
    outside.book("AAAA", TEN + 24 * HOUR_MS)
    mall.look()
    outside.down = "no route"
    outside.move("AAAA", TEN)
    mall.at(TEN + MINUTE_MS)
    outside.down = ""
    mall.look()
    mall.at(OVER + 2 * HOUR_MS)
    mall.look()
    assert mall.status("AAAA") is BookingStatus.BOOKED
    outside.move("AAAA", TEN + 4 * HOUR_MS)
    mall.look()
    mall.at(OVER + 5 * HOUR_MS)
    mall.look()
    assert mall.status("AAAA") is BookingStatus.NOSHOW


def test_what_a_kiosk_said_and_nobody_understood_holds_the_no_show_back(
    mall: BookedMall, outside: FakeOutside
) -> None:
    outside.book("AAAA", TEN)
    mall.look()
    kiosk = mall.pair()
    kiosk.write("BookingArrived", {"booking_id": "AAAA", "of": "a newer program"}, v=9)
    assert kiosk.push().json()["quarantined"]
    mall.at(OVER + 2 * MINUTE_MS)
    mall.pull(kiosk)
    mall.look()
    assert mall.status("AAAA") is BookingStatus.BOOKED


def test_a_late_log_that_tells_of_an_arrival_wins_over_the_no_show(
    mall: BookedMall, outside: FakeOutside
) -> None:
    """The kiosk was withdrawn by mistake, and its successor on the same disk tells what it had."""
    outside.book("AAAA", TEN)
    mall.look()
    mall.at(OVER + 2 * MINUTE_MS)
    mall.look()
    assert outside.came == {"AAAA": ["noshow"]}
    kiosk = mall.pair()
    mall.check_in_at(kiosk, "AAAA", TEN)
    mall.push(kiosk)
    mall.look()
    assert mall.status("AAAA") is BookingStatus.ARRIVED
    assert outside.came == {"AAAA": ["noshow", "arrived"]}
    assert mall.cases() == [("AAAA", conflicts.AFTER_NOSHOW, conflicts.PRESENCE)]


def test_a_claim_of_yesterday_is_told_once_its_booking_is_heard_of(
    mall: BookedMall, outside: FakeOutside
) -> None:
    """The internet was away all day: the arrival reaches the outside the day after, and the booking is no no-show."""
    mall.look()
    outside.down = "no route"
    outside.book("CCCC", TEN)
    kiosk = mall.pair()
    mall.at(TEN)
    ticket_id = mall.claim_at(kiosk, "CCCC")
    mall.push(kiosk)
    mall.look()
    mall.at(TEN + 24 * HOUR_MS)
    mall.parts.live.refresh()
    outside.down = ""
    mall.look()
    mall.look()
    assert outside.came == {"CCCC": ["arrived"]}
    assert mall.row("CCCC").ticket_id == ticket_id
    with mall.ledger.reading() as r:
        matched = [one for one in hall_log.since(r, 0) if one.envelope.type == "BookingMatched"]
    assert [one.day for one in matched] == [TODAY.isoformat()]
