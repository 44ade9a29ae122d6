"""A visitor at the kiosk's window, with real touches."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from antrean.domain.errors import RuleViolation
from antrean.look.tokens import LIGHT
from kiosk.desk import HelpState, Paper
from kiosk.screens.card import Card
from kiosk.screens.entry import Pairing, Preparing
from kiosk.screens.needs import Needs
from kiosk.screens.staff import Staff
from kiosk.screens.welcome import Welcome
from kiosk.showing import show_kiosk
from kiosk.staff_corner import RESTART
from kiosk.window import KioskWindow
from tests.kiosk_screens.fake_desk import MONDAY_0942, FakeDesk
from tests.kiosk_screens.visitor import Visitor, at_a_kiosk


def test_three_choices_and_an_answer_give_a_number(visitor: Visitor, desk: FakeDesk) -> None:
    with visitor.qtbot.waitSignal(visitor.window.ticket_issued, timeout=30_000) as issued:
        number = visitor.take_a_number(priority=True)
    assert [(choice.service, choice.priority, choice.language) for choice in desk.choices] == [
        ("ktp-hilang", True, "id")
    ]
    assert issued.args[0].label == "A1-012"
    assert visitor.find("number").accessibleName() == "A1-012"
    assert desk.printed == [(number.issued.ticket_id, False)]
    for fact in ("Lantai 1", "7 orang", "10–25 menit"):
        assert fact in visitor.reads()


def test_a_common_service_needs_two_choices(visitor: Visitor, desk: FakeDesk) -> None:
    visitor.touch("service:ktp-hilang", "take", "priority:no")
    assert [choice.service for choice in desk.choices] == ["ktp-hilang"]


def test_back_from_a_common_service_returns_to_welcome_in_the_same_language(visitor: Visitor) -> None:
    visitor.touch("lang:en", "service:ktp-hilang", "back")
    assert "Touch to start" in visitor.reads()


def test_the_paper_outcome_changes_the_notice_and_says_first_that_the_number_stays(
    visitor: Visitor, desk: FakeDesk
) -> None:
    number = visitor.take_a_number()
    assert "sedang dicetak" in visitor.reads()
    desk.paper(number.issued.ticket_id, Paper.PRINTED)
    visitor.qtbot.waitUntil(lambda: "Ambil tiket" in visitor.reads(), timeout=30_000)
    desk.paper("somebody else's", Paper.FAILED)
    desk.paper(number.issued.ticket_id, Paper.FAILED)
    visitor.qtbot.waitUntil(lambda: "Foto layar ini" in visitor.reads(), timeout=30_000)
    assert "Nomor Anda tetap sah" in visitor.reads()
    assert number.seconds_left == 90


def test_the_countdown_goes_home_and_any_touch_extends_it(visitor: Visitor) -> None:
    number = visitor.take_a_number()
    for _ in range(25):
        number.count_down()
    assert number.seconds_left == 5
    visitor.touch("more")
    assert number.seconds_left == 30
    number.count_down()
    QTest.mouseClick(visitor.find("number"), Qt.MouseButton.LeftButton)
    assert number.seconds_left == 30
    for _ in range(30):
        number.count_down()
    assert isinstance(visitor.window.screen_, Welcome)


def test_a_closed_service_says_why_and_has_no_key_to_take_a_number(visitor: Visitor, desk: FakeDesk) -> None:
    desk.now = MONDAY_0942 + 8 * 3_600_000  # 17.42
    visitor.touch("start", "need:ktp-kk", "service:ktp-hilang")
    assert not visitor.sees("take")
    assert "Sudah tutup, buka Selasa 07.30" in visitor.reads()


def test_after_the_last_number_of_the_day_the_card_says_when_that_was(
    visitor: Visitor, desk: FakeDesk
) -> None:
    desk.now = desk.end_numbers()
    visitor.touch("start", "need:ktp-kk", "service:ktp-hilang")
    assert not visitor.sees("take")
    assert "Nomor terakhir hari ini sudah diberikan, pukul 15.30" in visitor.reads()


def test_a_number_refused_because_the_last_one_was_given_is_explained(
    visitor: Visitor, desk: FakeDesk
) -> None:
    desk.refusal = RuleViolation("last_number_given", service="ktp-hilang", last_ms=desk.now)
    visitor.touch("start", "need:ktp-kk", "service:ktp-hilang", "take", "priority:no")
    assert "Nomor terakhir hari ini baru saja diberikan" in visitor.reads()


def test_a_full_service_says_so(visitor: Visitor, desk: FakeDesk) -> None:
    desk.full = {"ktp-hilang"}
    visitor.touch("start", "need:ktp-kk", "service:ktp-hilang")
    assert not visitor.sees("take")
    assert "habis" in visitor.reads()


def test_a_refusal_at_the_last_moment_is_explained(visitor: Visitor, desk: FakeDesk) -> None:
    desk.refusal = RuleViolation("full", service="ktp-hilang")
    visitor.touch("start", "need:ktp-kk", "service:ktp-hilang", "take", "priority:no")
    assert isinstance(visitor.window.screen_, Card)
    assert "baru saja habis" in visitor.reads()
    visitor.touch("sheet:close")
    assert not visitor.sees("notice")


def test_another_language_changes_every_screen_and_is_forgotten_after_the_visit(visitor: Visitor) -> None:
    visitor.touch("lang:en")
    assert "Touch to start" in visitor.reads()
    visitor.touch("start")
    assert "What do you need?" in visitor.reads()
    visitor.touch("need:ktp-kk", "service:ktp-hilang")
    assert "What to bring" in visitor.reads()
    visitor.touch("display", "sheet:languages", "sheet:language:id", "sheet:close")
    assert "Yang harus dibawa" in visitor.reads()
    visitor.window.leave()
    assert "Sentuh untuk mulai" in visitor.reads()


def test_high_contrast_lasts_one_visit(visitor: Visitor) -> None:
    visitor.touch("start", "display", "sheet:contrast")
    assert visitor.window.visit.assist.theme == "contrast"
    assert isinstance(visitor.window.screen_, Needs)
    visitor.window.leave()
    assert visitor.window.visit.assist.theme == "light"


def test_an_idle_kiosk_asks_then_forgets_the_visitor(visitor: Visitor) -> None:
    visitor.touch("lang:en", "start")
    for _ in range(3):
        visitor.window._tick()
    assert visitor.sees("still_here")
    visitor.touch("sheet:stay")
    assert isinstance(visitor.window.screen_, Needs)
    for _ in range(5):
        visitor.window._tick()
    assert isinstance(visitor.window.screen_, Welcome)
    assert "Sentuh untuk mulai" in visitor.reads()


def test_back_leads_one_step_back_each_time(visitor: Visitor, desk: FakeDesk) -> None:
    mall = desk.the_mall
    desk.the_mall = replace(
        mall, services={code: replace(one, need="lain") for code, one in mall.services.items()}
    )
    visitor.touch("start", "need:lain", "agency:polres")
    visitor.touch("back")
    assert visitor.sees("agency:polres")
    visitor.touch("back", "back")
    assert isinstance(visitor.window.screen_, Welcome)


def test_help_is_called_once_touched_and_shows_who_is_coming(visitor: Visitor, desk: FakeDesk) -> None:
    visitor.touch("start", "help")
    assert desk.helped == ["Needs"]
    assert "Petugas diberi tahu" in visitor.reads()
    desk.help = HelpState.ACCEPTED
    visitor.window._tick()
    assert "Petugas datang" in visitor.reads()


def test_the_checklist_is_printed_without_a_number(visitor: Visitor, desk: FakeDesk) -> None:
    visitor.touch("start", "need:ktp-kk", "service:ktp-hilang", "checklist")
    assert desk.checklists == ["ktp-hilang"]
    assert desk.choices == []


@pytest.mark.parametrize("paper", [Paper.FAILED, Paper.UNKNOWN, Paper.NONE])
def test_a_checklist_that_did_not_come_out_is_told(visitor: Visitor, desk: FakeDesk, paper: Paper) -> None:
    visitor.touch("start", "need:ktp-kk", "service:ktp-hilang", "checklist")
    desk.paper(desk.list_jobs[-1], Paper.PRINTED)
    QApplication.processEvents()
    assert "Daftar sedang dicetak" in visitor.reads()
    desk.paper(desk.list_jobs[-1], paper)
    visitor.qtbot.waitUntil(lambda: "Daftar tidak tercetak" in visitor.reads(), timeout=30_000)
    visitor.touch("sheet:close")
    assert isinstance(visitor.window.screen_, Card)


def test_five_taps_and_the_pin_open_the_staff_corner(visitor: Visitor, desk: FakeDesk) -> None:
    visitor.touch(*["emblem"] * 5)
    visitor.touch("pad:1", "pad:done")
    assert "PIN salah" in visitor.reads()
    visitor.touch("pad:2", "pad:4", "pad:6", "pad:8", "pad:done")
    assert isinstance(visitor.window.screen_, Staff)
    visitor.touch("staff:test")
    assert desk.tests == 1
    with visitor.qtbot.waitSignal(visitor.window.quit_asked, timeout=30_000) as quit_asked:
        visitor.touch("staff:restart")
    assert quit_asked.args == [75]


def test_wrong_pins_close_the_pad(visitor: Visitor) -> None:
    visitor.touch(*["emblem"] * 5)
    visitor.touch(*["pad:1", "pad:done"] * 5)
    assert isinstance(visitor.window.screen_, Welcome)


def wait_to_read(qtbot: QtBot, visitor: "Visitor", text: str) -> None:
    qtbot.waitUntil(lambda: text in visitor.reads(), timeout=30_000)


def test_an_unpaired_kiosk_joins_by_the_code_typed_on_its_pad(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.is_paired = False
    for visitor in at_a_kiosk(qtbot, desk):
        assert isinstance(visitor.window.screen_, Pairing)
        visitor.touch(*(f"pad:{key}" for key in "9.9:80"), "field:code", "pad:X", "pair")
        wait_to_read(qtbot, visitor, "tidak dikenal")
        visitor.touch("pad:back", *(f"pad:{key}" for key in "ABC1"), "pair")
        wait_to_read(qtbot, visitor, "Sentuh untuk mulai")
        assert desk.pairings[-1] == ("ABC1", "http://9.9:80")


def test_a_server_that_does_not_answer_leaves_the_pairing_screen_alive(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.is_paired = False
    answers = threading.Event()
    desk.before_pairing = lambda: answers.wait(60)
    for visitor in at_a_kiosk(qtbot, desk):
        visitor.touch("field:code", "pad:A", "pair")
        assert "Menghubungi server" in visitor.reads()
        visitor.touch("pad:B", "pair")
        assert "AB" in visitor.reads(), "typing goes on"
        answers.set()
        wait_to_read(qtbot, visitor, "tidak dikenal")
        assert [code for code, _ in desk.pairings] == ["A"], "one question at a time"


def test_a_paired_kiosk_without_a_catalogue_says_that_it_is_getting_ready(
    qtbot: QtBot, desk: FakeDesk
) -> None:
    mall, ready = desk.mall, desk.the_mall

    def nothing_yet() -> None:
        raise RuleViolation("no_catalogue")

    desk.mall = nothing_yet  # type: ignore[assignment,method-assign]  # the server has not answered yet
    for visitor in at_a_kiosk(qtbot, desk):
        assert isinstance(visitor.window.screen_, Preparing)
        desk.mall = mall  # type: ignore[method-assign]  # and now it has
        visitor.window._tick()
        assert isinstance(visitor.window.screen_, Welcome)
        assert visitor.window.screen_.scene.mall is ready


def test_old_news_gets_a_small_mark(visitor: Visitor, desk: FakeDesk) -> None:
    screen = visitor.window.screen_
    assert screen is not None
    desk.age = 120_000
    screen.tick()
    assert screen.stale
    desk.age = 100
    screen.tick()
    assert not screen.stale


def test_old_calls_are_told_as_old_and_unknown_ones_not_at_all(visitor: Visitor, desk: FakeDesk) -> None:
    screen = visitor.window.screen_
    assert screen is not None
    assert "Sedang dipanggil" in visitor.reads()
    desk.age = 60_000
    screen.tick()
    assert "Hingga 09.41" in visitor.reads()
    assert "Sedang dipanggil" not in visitor.reads()
    desk.shown_calls = ()
    screen.tick()
    assert "Panggilan sedang tidak dapat ditampilkan" in visitor.reads()
    desk.age = 100
    screen.tick()
    assert "Belum ada nomor yang dipanggil" in visitor.reads()


def test_turning_the_panel_draws_the_same_screen_the_other_way(visitor: Visitor) -> None:
    visitor.touch("start")
    visitor.window.resize(960, 540)
    screen = visitor.window.screen_
    assert isinstance(screen, Needs)
    assert not screen.portrait


def test_the_first_screen_can_be_had_as_a_picture(qtbot: QtBot, desk: FakeDesk, tmp_path: Path) -> None:
    assert show_kiosk(desk, language="en", windowed=True, screenshot=tmp_path / "first.png") == 0
    picture = QImage(str(tmp_path / "first.png"))
    assert (picture.width(), picture.height()) == (1080, 1920)
    colours = {picture.pixelColor(x, y).name() for x in range(0, 1080, 9) for y in range(0, 1920, 9)}
    assert {LIGHT.accent.lower(), LIGHT.call.lower()} <= colours


def test_staff_can_end_the_kiosk_and_ask_for_a_restart(qtbot: QtBot, desk: FakeDesk) -> None:
    def restart() -> None:
        for window in QApplication.topLevelWidgets():
            if isinstance(window, KioskWindow) and window.isVisible():
                window.quit_asked.emit(RESTART)

    QTimer.singleShot(50, restart)
    assert show_kiosk(desk, language="id", windowed=True, screenshot=None) == RESTART
