"""The kiosk's copy of the coming bookings: told page by page, kept through anything, forgotten in time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from antrean.domain.booking import BookingStatus
from antrean.domain.booking_claim import BookingKey
from kiosk.booking_news import AGAIN_AFTER_MS, PAGES_AT_ONCE
from tests.kiosk_core.fake_hall import FakeHall, error, serving
from tests.kiosk_core.rooms import NOON_MS, Kiosk

HOUR_MS, DAY_MS = 3_600_000, 24 * 3_600_000


@pytest.fixture
def hall() -> Iterator[FakeHall]:
    with serving(FakeHall(server_ms=NOON_MS)) as served:
        yield served


@pytest.fixture
def kiosk(tmp_path: Path, hall: FakeHall) -> Iterator[Kiosk]:
    kiosk = Kiosk(tmp_path, hall)
    yield kiosk
    kiosk.close()


def known(kiosk: Kiosk, hall: FakeHall) -> dict[str, BookingStatus]:
    """Status by id of what the kiosk knows of all bookings that ever were at the server."""
    found = {name: kiosk.ledger.bookings.of("situs", name) for name in NAMES}
    return {name: one.status for name, one in found.items() if one is not None}


NAMES = [f"KODE{at:04d}" for at in range(12)]


def test_bookings_and_keys_are_told_once_and_then_only_what_changed(kiosk: Kiosk, hall: FakeHall) -> None:
    for at, name in enumerate(NAMES[:3]):
        hall.book(name, NOON_MS + at * HOUR_MS)
    hall.booking_keys = [{"source": "situs", "mall": "mpp", "key": "ab"}]
    kiosk.talk.exchange()
    assert known(kiosk, hall) == dict.fromkeys(NAMES[:3], BookingStatus.BOOKED)
    assert kiosk.ledger.bookings.keys() == (BookingKey("situs", "mpp", "ab"),)
    kiosk.talk.exchange()
    assert hall.asked.count("/v1/bookings") == 1
    hall.book(NAMES[1], NOON_MS + 5 * HOUR_MS, status="cancelled")
    kiosk.talk.exchange()
    moved = kiosk.ledger.bookings.of("situs", NAMES[1])
    assert moved is not None
    assert (moved.start_ms, moved.status) == (NOON_MS + 5 * HOUR_MS, BookingStatus.CANCELLED)


def test_a_mall_without_bookings_is_never_asked_for_any(kiosk: Kiosk, hall: FakeHall) -> None:
    kiosk.talk.exchange()
    assert "/v1/bookings" not in hall.asked
    assert not kiosk.ledger.bookings.any()


def test_many_pages_come_in_turns_with_the_tickets_and_survive_a_stop_between_two(
    tmp_path: Path, hall: FakeHall
) -> None:
    for at, name in enumerate(NAMES):
        hall.book(name, NOON_MS + at * HOUR_MS)
    hall.bookings_a_page = 2
    first = Kiosk(tmp_path, hall)
    first.talk.exchange()
    assert len(known(first, hall)) == 2 * PAGES_AT_ONCE
    first.close()
    second = Kiosk(tmp_path, hall)
    second.talk.exchange()
    assert set(known(second, hall)) == set(NAMES)
    assert hall.asked.count("/v1/bookings") == len(NAMES) / 2
    second.close()


def test_a_new_life_of_the_server_replaces_the_copy_only_when_all_its_pages_are_in(
    kiosk: Kiosk, hall: FakeHall
) -> None:
    for name in NAMES[:6]:
        hall.book(name, NOON_MS)
    kiosk.talk.exchange()
    hall.bookings, hall.bookings_life, hall.bookings_a_page = {}, "b", 1
    for name in NAMES[3:9]:
        hall.book(name, NOON_MS)
    kiosk.talk.exchange()
    assert set(NAMES[:3]) < set(known(kiosk, hall)), "what was known stays while the listing goes on"
    kiosk.talk.exchange()
    assert set(known(kiosk, hall)) == set(NAMES[3:9])


def test_an_answer_nobody_can_read_keeps_no_ticket_from_the_server(
    kiosk: Kiosk, hall: FakeHall, caplog: pytest.LogCaptureFixture
) -> None:
    hall.book(NAMES[0], NOON_MS)
    kiosk.talk.exchange()
    hall.book(NAMES[1], NOON_MS)
    answer = hall._bookings
    hall._bookings = lambda cursor: error("internal")  # type: ignore[method-assign]
    assert kiosk.talk.exchange().server_ms == NOON_MS
    assert "could not be brought up to date" in caplog.text
    caplog.clear()
    asked = hall.asked.count("/v1/bookings")
    kiosk.talk.exchange()
    assert hall.asked.count("/v1/bookings") == asked, "not asked again at once"
    hall._bookings = answer  # type: ignore[method-assign]
    hall.server_ms += AGAIN_AFTER_MS
    kiosk.machine.wait(AGAIN_AFTER_MS)
    kiosk.talk.exchange()
    assert NAMES[1] in known(kiosk, hall)


def test_one_booking_of_a_newer_kind_hides_no_other(kiosk: Kiosk, hall: FakeHall) -> None:
    hall.book(NAMES[0], NOON_MS, status="overslept")
    hall.book(NAMES[1], 10**30)
    hall.book(NAMES[2], NOON_MS)
    kiosk.talk.exchange()
    assert list(known(kiosk, hall)) == [NAMES[2]]


def test_past_days_are_forgotten_yesterday_is_still_told(kiosk: Kiosk, hall: FakeHall) -> None:
    hall.book(NAMES[0], NOON_MS)
    hall.book(NAMES[1], NOON_MS + 3 * DAY_MS)
    kiosk.talk.exchange()
    for days, left in ((1, NAMES[:2]), (2, NAMES[1:2])):
        hall.server_ms = NOON_MS + days * DAY_MS
        kiosk.machine.wait(DAY_MS)
        kiosk.talk.exchange()
        assert list(known(kiosk, hall)) == left


def test_codes_are_found_as_people_type_them(kiosk: Kiosk, hall: FakeHall) -> None:
    hall.book("a", NOON_MS, code="kia-0001")
    kiosk.talk.exchange()
    assert [one.booking_id for one in kiosk.ledger.bookings.with_code("KIA0001")] == ["a"]
    assert kiosk.ledger.bookings.foreign_codes()
