"""What one visitor leaves at the kiosk must not reach the next: a number ends its visit, whoever comes after it."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from antrean.domain.errors import BadInput
from kiosk.checking_in import Found, Standing
from kiosk.screens.booking_card import BookingCard
from kiosk.screens.entry import Pin
from kiosk.screens.number import Number
from kiosk.visit import Settings
from tests.kiosk_screens.fake_desk import MONDAY_0942, FakeDesk
from tests.kiosk_screens.test_papers import Typist
from tests.kiosk_screens.visitor import Visitor, at_a_kiosk

CODE, OTHER = "K7M4RTXE", "KIA20260042"
TEN = MONDAY_0942 + 18 * 60_000


@pytest.fixture
def visitor(qtbot: QtBot, desk: FakeDesk) -> Iterator[Visitor]:
    """The desk knows a booking at ten; a second touch counts at once."""
    desk.bookings[CODE] = Found(Standing.IN_TIME, CODE, CODE, "ktp-hilang", TEN, TEN + 1_800_000)
    yield from at_a_kiosk(qtbot, desk, Settings(tick_ms=3_600_000, double_ms=0))


@pytest.fixture
def scanner(visitor: Visitor) -> Typist:
    return Typist(visitor.window.windowHandle())


def test_a_booking_scanned_while_a_helped_number_shows_is_no_helped_visit(
    visitor: Visitor, scanner: Typist, desk: FakeDesk
) -> None:
    visitor.window.journey.help_somebody()
    visitor.touch("need:ktp-kk", "service:ktp-hilang", "reason:phone")
    assert isinstance(visitor.window.screen_, Number)
    scanner.type(CODE)
    assert "Mode pendamping" not in visitor.reads()
    visitor.touch("booking:take", "priority:no")
    assert [(choice.assisted, choice.reason, choice.booking) for choice in desk.choices] == [
        (True, "phone", ""),
        (False, "", CODE),
    ]


def test_who_scans_after_a_number_is_served_as_the_kiosk_serves_everybody(
    visitor: Visitor, scanner: Typist
) -> None:
    visitor.touch("lang:en", "display", "sheet:contrast", "sheet:close")
    visitor.take_a_number()
    scanner.type(CODE)
    assert isinstance(visitor.window.screen_, BookingCard)
    begun = visitor.window.settings.new_visit()
    assert visitor.window.visit.assist == begun.assist
    assert "Anda tepat waktu" in visitor.reads()


def test_who_scans_in_the_middle_of_a_visit_keeps_what_they_chose(visitor: Visitor, scanner: Typist) -> None:
    visitor.touch("lang:en", "start")
    scanner.type(CODE)
    assert "You are on time" in visitor.reads()


def test_what_is_no_booking_leaves_the_number_and_its_visitors_language(
    visitor: Visitor, scanner: Typist, desk: FakeDesk
) -> None:
    visitor.touch("lang:en")
    visitor.take_a_number()
    desk.lookup_refusal = BadInput("bad_booking_code")
    scanner.type(OTHER)
    visitor.touch("sheet:close")
    assert isinstance(visitor.window.screen_, Number)
    assert visitor.window.visit.language == "en"


def test_staff_who_are_called_to_a_number_help_somebody_without_its_booking(
    visitor: Visitor, scanner: Typist, desk: FakeDesk
) -> None:
    scanner.type(CODE)
    visitor.touch("booking:take", "priority:no", *["emblem"] * 5)
    assert isinstance(visitor.window.screen_, Pin)
    visitor.touch("pad:2", "pad:4", "pad:6", "pad:8", "pin:helping")
    visitor.touch("need:ktp-kk", "service:ktp-hilang", "reason:sight")
    assert [choice.booking for choice in desk.choices] == [CODE, ""]
