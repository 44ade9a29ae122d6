"""Bookings at the real desk behind the screens: told by the server, checked in, printed, copied."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from antrean.domain.errors import RuleViolation
from kiosk.checking_in import Standing
from kiosk.config import load_config
from kiosk.desk import Choice, Paper
from tests.kiosk_core.fake_hall import FakeHall, catalogue, service, serving
from tests.kiosk_core.rooms import NOON_MS
from tests.kiosk_core.test_desk_live import WholeKiosk

CODE = "K7M4RTXE"


@pytest.fixture
def hall() -> Iterator[FakeHall]:
    mall = catalogue(service("ktp-baru", "A"))
    figures = {"ktp-baru": {"waiting": 2, "ahead": 7, "wait": [10, 25], "counters_open": 2, "full": False}}
    with serving(FakeHall(catalogue=mall, services=figures, server_ms=NOON_MS)) as hall:
        hall.book(CODE, NOON_MS)
        yield hall


@pytest.fixture
def kiosk(tmp_path: Path, hall: FakeHall) -> Iterator[WholeKiosk]:
    given = {"server": hall.url, "printer.target": f"file:{tmp_path / 'paper.bin'}"}
    kiosk = WholeKiosk(tmp_path, load_config(tmp_path / "kiosk.toml", {}, given))
    kiosk.desk.pair("12345678", hall.url)
    yield kiosk
    kiosk.close()
    assert kiosk.broken == []


def test_a_booking_from_the_server_to_its_paper_and_a_copy(kiosk: WholeKiosk, hall: FakeHall) -> None:
    desk = kiosk.desk
    assert desk.takes_bookings()
    assert not desk.foreign_codes()
    assert desk.find_booking(CODE).standing is Standing.IN_TIME
    issued = desk.issue(Choice("ktp-baru", priority=False, language="id", booking=CODE))
    assert issued.booking is not None
    assert (issued.label, issued.booking.start_ms) == ("A1-001", NOON_MS)
    assert (issued.ahead, issued.wait) == (None, None), "those figures are of who joins the line at its end"
    desk.print_ticket(issued, "id")
    assert kiosk.papers.get(timeout=30) == (issued.ticket_id, Paper.PRINTED)
    found = desk.find_booking(CODE)
    assert (found.standing, found.label) == (Standing.ARRIVED, "A1-001")
    assert desk.copy_booking(found, "jv")
    assert kiosk.papers.get(timeout=30) == (issued.ticket_id, Paper.PRINTED)
    hall.wait_for_events(5, timeout_s=30)
    events = [event for log in hall.logs.values() for event in log]
    assert [event.type for event in events] == [
        "DayOpened", "TicketIssued", "BookingArrived", "TicketPrinted", "TicketPrinted",
    ]  # fmt: skip
    assert [event.body["copy"] for event in events[3:]] == [False, True]


def test_who_walked_in_is_told_the_figures_and_a_second_number_is_refused(kiosk: WholeKiosk) -> None:
    kiosk.online.wait(30)
    choice = Choice("ktp-baru", priority=False, language="id", booking=CODE)
    kiosk.desk.issue(choice)
    with pytest.raises(RuleViolation, match="booking_arrived"):
        kiosk.desk.issue(choice)
    unknown = kiosk.desk.issue(Choice("ktp-baru", priority=False, language="id", booking="FOREIGN99"))
    assert (unknown.ahead, unknown.wait) == (7, (10, 25))
    assert unknown.booking is not None
    assert unknown.booking.claimed
