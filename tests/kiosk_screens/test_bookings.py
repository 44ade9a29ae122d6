"""A visitor with a booking at the screens: scanner, pad, what is said before a number is taken, and the number."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from antrean.domain.booking_claim import BookingClaim
from antrean.domain.booking_code import ALPHABET
from antrean.domain.errors import BadInput, RuleViolation, Unavailable
from antrean.look.tokens import LIGHT
from antrean.seal.bookings import BookingSigner
from antrean.texts import LANGUAGES, texts_for
from kiosk import gallery
from kiosk.checking_in import Found, Standing
from kiosk.desk import Paper
from kiosk.picture_desk import PictureDesk
from kiosk.screens.assisted import Assisted
from kiosk.screens.booking_card import BookingCard
from kiosk.screens.card import Card
from kiosk.screens.check_in import CheckIn
from kiosk.screens.needs import Needs
from kiosk.screens.number import Number
from kiosk.screens.welcome import Welcome
from kiosk.visit import Settings
from kiosk.window import KioskWindow
from tests.kiosk_screens.fake_desk import MONDAY_0942, FakeDesk, issued
from tests.kiosk_screens.test_papers import Typist
from tests.kiosk_screens.test_screens_fit import complaints, steps
from tests.kiosk_screens.visitor import Visitor

CODE, WRONG = "K7M4RTXE", "K7M4RTX8"
TEN = MONDAY_0942 + 18 * 60_000
SEEN = [
    gallery.View(portrait, language, LIGHT, mode=mode)
    for portrait in (True, False)
    for language in LANGUAGES
    for mode in ("", "easy", "reach")
    if mode != "reach" or language in ("id", "jv")
]


@pytest.fixture
def visitor(qtbot: QtBot, desk: FakeDesk) -> Visitor:
    window = KioskWindow(desk, Settings())
    qtbot.addWidget(window)
    window.resize(540, 960)
    window.show()
    return Visitor(qtbot, window)


@pytest.fixture
def scanner(visitor: Visitor) -> Typist:
    return Typist(visitor.window.windowHandle())


def known(desk: FakeDesk, text: str = CODE, standing: Standing = Standing.IN_TIME, **more: object) -> Found:
    """The desk knows a booking at ten of somebody who lost an ID card."""
    found = Found(standing, text, CODE, "ktp-hilang", TEN, TEN + 1_800_000)
    desk.bookings[text] = replace(found, **more)  # type: ignore[arg-type]
    return desk.bookings[text]


def typed(visitor: Visitor, code: str) -> None:
    for letter in code:
        visitor.touch(f"pad:{letter}")


def test_a_typed_code_leads_over_the_card_to_the_number(visitor: Visitor, desk: FakeDesk) -> None:
    known(desk)
    visitor.touch("start")
    visitor.touch("booked")
    assert isinstance(visitor.window.screen_, CheckIn)
    typed(visitor, CODE)
    assert "K7M4-RTXE" in visitor.reads()
    visitor.touch("code:go")
    assert "Anda tepat waktu" in visitor.reads()
    assert "10.00–10.30" in visitor.reads()
    assert desk.choices == [], "nothing is taken before the visitor says so"
    visitor.touch("booking:take")
    visitor.touch("priority:no")
    assert (desk.choices[-1].service, desk.choices[-1].booking) == ("ktp-hilang", CODE)
    assert isinstance(visitor.window.screen_, Number)
    assert "Booking 10.00" in visitor.reads()
    assert desk.printed[-1] == (issued("ktp-hilang", 12).ticket_id, False)


def test_welcome_leads_there_in_one_touch(visitor: Visitor) -> None:
    visitor.touch("booked")
    assert isinstance(visitor.window.screen_, CheckIn)
    visitor.touch("back")
    assert isinstance(visitor.window.screen_, Needs)


def test_a_mall_without_bookings_shows_no_way_to_them(visitor: Visitor, desk: FakeDesk) -> None:
    desk.with_bookings = False
    visitor.window.leave()
    for screen in ("welcome", "needs"):
        assert visitor.window.screen_ is not None
        assert visitor.window.screen_.findChildren(QWidget, "booked") == [], screen
        if screen == "welcome":
            visitor.touch("start")


def test_a_scanned_code_of_either_kind_goes_straight_to_the_card(
    visitor: Visitor, scanner: Typist, desk: FakeDesk
) -> None:
    token = BookingSigner(bytes(32)).seal(BookingClaim(CODE, TEN, 30), "ktp-hilang", "mpp")
    known(desk, token)
    scanner.type(token)
    assert isinstance(visitor.window.screen_, BookingCard)
    visitor.touch("booking:take")
    scanner.type("KIA-2026-0042")
    assert "Kode belum dikenal" in visitor.reads()
    assert desk.papers == [], "no ticket's foot"


def test_a_wrong_letter_is_told_when_the_last_one_is_there(visitor: Visitor) -> None:
    visitor.touch("booked")
    typed(visitor, WRONG[:-1])
    assert "keliru" not in visitor.reads()
    typed(visitor, WRONG[-1])
    assert "Ada huruf yang keliru" in visitor.reads()
    visitor.touch("pad:back")
    typed(visitor, CODE[-1])
    assert "keliru" not in visitor.reads()


def test_who_insists_on_a_wrong_letter_is_no_dead_end(visitor: Visitor) -> None:
    visitor.touch("booked")
    typed(visitor, WRONG)
    visitor.touch("code:go")
    assert "Periksa kode lagi" in visitor.reads()
    visitor.touch("booking:retype")
    assert "K7M4-RTX8" in visitor.reads(), "what was typed is still there to be mended"


def test_too_short_a_code_says_so_and_stays(visitor: Visitor) -> None:
    visitor.touch("booked")
    typed(visitor, "K7")
    visitor.touch("code:go")
    assert "Kode belum lengkap" in visitor.reads()
    assert isinstance(visitor.window.screen_, CheckIn)


def test_the_pad_offers_what_codes_are_made_of(visitor: Visitor, desk: FakeDesk) -> None:
    visitor.touch("booked")
    assert visitor.window.screen_ is not None
    names = [key.objectName() for key in visitor.window.screen_.findChildren(QWidget)]
    assert {name[4:] for name in names if name.startswith("pad:")} - {"back"} == set(ALPHABET)
    desk.foreign = True
    visitor.window.again()
    typed(visitor, "OIL01")
    assert "OIL0-1" in visitor.reads()


def test_an_unknown_code_goes_with_the_service_its_visitor_names(visitor: Visitor, desk: FakeDesk) -> None:
    visitor.touch("booked")
    typed(visitor, CODE)
    visitor.touch("code:go")
    assert "Booking akan dicek petugas" in visitor.reads()
    visitor.touch("booking:service")
    visitor.touch("need:ktp-kk")
    visitor.touch("service:ktp-hilang")
    visitor.touch("take")
    visitor.touch("priority:yes")
    choice = desk.choices[-1]
    assert (choice.service, choice.booking, choice.priority) == ("ktp-hilang", CODE, True)
    assert "Cek booking" in visitor.reads()


@pytest.mark.parametrize(
    ("standing", "words"),
    [(Standing.OTHER_DAY, "bukan untuk hari ini"), (Standing.CANCELLED, "sudah dibatalkan")],
)
def test_a_booking_that_does_not_hold_today_leads_to_an_ordinary_number(
    visitor: Visitor, scanner: Typist, desk: FakeDesk, standing: Standing, words: str
) -> None:
    known(desk, standing=standing)
    scanner.type(CODE)
    assert words in visitor.reads()
    visitor.touch("booking:ordinary")
    assert isinstance(visitor.window.screen_, Card)
    visitor.touch("back")
    assert isinstance(visitor.window.screen_, BookingCard)
    visitor.touch("booking:ordinary")
    visitor.touch("take")
    visitor.touch("priority:no")
    assert (desk.choices[-1].service, desk.choices[-1].booking) == ("ktp-hilang", "")


def test_who_has_a_number_sees_it_again_and_may_have_a_copy(
    visitor: Visitor, scanner: Typist, desk: FakeDesk
) -> None:
    known(desk, standing=Standing.ARRIVED, label="A1-012", ticket_id="x")
    scanner.type(CODE)
    assert "A1-012" in visitor.reads()
    visitor.touch("booking:copy")
    assert desk.copies == ["A1-012"]
    visitor.touch("sheet:close")
    visitor.touch("done")
    assert isinstance(visitor.window.screen_, Welcome)
    assert desk.choices == []


def test_a_copy_that_did_not_come_out_is_said(visitor: Visitor, scanner: Typist, desk: FakeDesk) -> None:
    known(desk, standing=Standing.ARRIVED, label="A1-012", ticket_id="x")
    scanner.type(CODE)
    visitor.touch("booking:copy")
    desk.paper("x", Paper.FAILED)
    visitor.qtbot.waitUntil(lambda: "Salinan tidak tercetak" in visitor.reads(), timeout=30_000)
    assert "Nomor Anda tetap sah" in visitor.reads()


def test_a_cancelled_booking_of_a_service_that_is_gone_leads_to_an_ordinary_number(
    visitor: Visitor, scanner: Typist, desk: FakeDesk
) -> None:
    known(desk, standing=Standing.CANCELLED, service="")
    scanner.type(CODE)
    visitor.touch("booking:service")
    visitor.touch("need:ktp-kk")
    visitor.touch("service:ktp-hilang")
    visitor.touch("take")
    visitor.touch("priority:no")
    assert desk.choices[-1].booking == ""


def test_another_language_finds_the_card_again_while_the_disk_does_not_answer(
    visitor: Visitor, scanner: Typist, desk: FakeDesk, caplog: pytest.LogCaptureFixture
) -> None:
    known(desk)
    scanner.type(CODE)
    desk.lookup_refusal = Unavailable("busy", permanent=False)
    visitor.window.speak("en")
    assert "You are on time" in visitor.reads()
    caplog.clear()


def test_somebody_elses_check_in_in_between_shows_the_number_it_got(
    visitor: Visitor, scanner: Typist, desk: FakeDesk
) -> None:
    known(desk)
    scanner.type(CODE)
    visitor.touch("booking:take")
    known(desk, standing=Standing.ARRIVED, label="A2-007")
    desk.refusal = RuleViolation("booking_arrived", label="A2-007")
    visitor.touch("priority:no")
    assert "sudah mempunyai nomor" in visitor.reads()
    visitor.touch("sheet:close")
    assert "A2-007" in visitor.reads()


def test_what_is_no_code_after_all_is_said_and_nothing_is_lost(
    visitor: Visitor, scanner: Typist, desk: FakeDesk
) -> None:
    visitor.touch("start")
    desk.lookup_refusal = BadInput("bad_booking_code")
    scanner.type(CODE)
    visitor.touch("sheet:close")
    assert isinstance(visitor.window.screen_, Needs)


def test_a_new_visit_knows_nothing_of_the_booking_before(
    visitor: Visitor, scanner: Typist, desk: FakeDesk
) -> None:
    scanner.type(CODE)
    visitor.touch("booking:service")
    visitor.touch("back")
    assert isinstance(visitor.window.screen_, Welcome)
    visitor.touch("start")
    visitor.touch("need:ktp-kk")
    visitor.touch("service:ktp-hilang")
    visitor.touch("take")
    visitor.touch("priority:no")
    assert desk.choices[-1].booking == ""


def test_staff_who_help_scan_say_why_and_have_the_number(
    visitor: Visitor, scanner: Typist, desk: FakeDesk
) -> None:
    known(desk)
    visitor.window.journey.help_somebody()
    scanner.type(CODE)
    visitor.touch("booking:take")
    assert isinstance(visitor.window.screen_, Assisted)
    visitor.touch("reason:phone")
    assert (desk.choices[-1].reason, desk.choices[-1].booking) == ("phone", CODE)


def every_card(mall_desk: PictureDesk, service: str) -> Iterator[Found]:
    """Every way a booking can stand."""
    for standing in Standing:
        yield mall_desk.sample_booking(service, standing)
    found = mall_desk.sample_booking(service)
    yield replace(found, sure=False)
    yield replace(found, service="")
    yield replace(found, standing=Standing.OTHER_DAY, sure=False)
    yield replace(found, standing=Standing.ARRIVED, label="A1-1012", service="")
    yield replace(mall_desk.sample_booking(service, Standing.UNKNOWN), code=WRONG)
    yield replace(found, code="KIA20260000420001234567")


@pytest.mark.parametrize("view", SEEN, ids=lambda view: view.name)
def test_every_card_every_number_and_both_pads_fit(qtbot: QtBot, desk: FakeDesk, view: gallery.View) -> None:
    scene = gallery.scene_for(desk, view)
    service = gallery.longest_service(desk.the_mall)
    shown: list[QWidget] = []
    for found in every_card(PictureDesk(desk.the_mall), service):
        shown.append(BookingCard(scene, found))
        if found.standing in (Standing.LATE, Standing.UNKNOWN, Standing.IN_TIME):
            shown.append(Number(scene, replace(issued(service), booking=found, wait=None)))
    desk.foreign = True
    shown += [CheckIn(scene), CheckIn(scene, "KIA2026000042000123456")]
    bad = []
    for screen in shown:
        qtbot.addWidget(screen)
        for _ in steps(screen):  # type: ignore[arg-type]
            bad += complaints(screen)
    assert bad == []


def test_a_card_says_first_how_the_booking_stands(qtbot: QtBot, desk: FakeDesk) -> None:
    scene = gallery.scene_for(desk, SEEN[0])
    t = texts_for("id")
    card = BookingCard(scene, PictureDesk(desk.the_mall).sample_booking("ktp-hilang"))
    qtbot.addWidget(card)
    spoken = card.spoken()
    assert spoken[:2] == (t("kiosk.booking_title_in_time"), t("kiosk.booking_in_time"))
    assert spoken[-1] == t("kiosk.booking_take")
