"""A ticket's foot at the kiosk's scanner: a plain answer on every screen, and no key presses anything."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from antrean.domain.errors import BadInput, RuleViolation
from antrean.texts import texts_for
from kiosk.scanner import GAP_MS
from kiosk.screens.needs import Needs
from kiosk.screens.staff import Staff
from kiosk.screens.welcome import Welcome
from kiosk.visit import Settings
from kiosk.window import KioskWindow
from tests.kiosk_screens.fake_desk import FakeDesk
from tests.kiosk_screens.visitor import Visitor

TOKEN = "1" + "A B$" * 3


class Typist:
    """A scanner: types into the kiosk's window, `gap_ms` between two keys."""

    def __init__(self, window: QWindow) -> None:
        self.window, self.now_ms = window, 10_000

    def type(self, text: str, gap_ms: int = 20, end: Qt.Key = Qt.Key.Key_Return) -> None:
        for letter in text:
            self.press(0, letter, gap_ms)
        self.press(end, "\r", gap_ms)

    def press(self, key: int, text: str, gap_ms: int) -> None:
        self.now_ms += gap_ms
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
        event.setTimestamp(self.now_ms)
        QApplication.sendEvent(self.window, event)


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


def test_a_paper_is_taken_back_and_the_visitor_reads_it(
    visitor: Visitor, scanner: Typist, desk: FakeDesk
) -> None:
    scanner.type(TOKEN)
    assert desk.papers == [TOKEN]
    assert "Nomor A1-012" in visitor.reads()
    assert "tiba pukul 09.12" in visitor.reads()
    visitor.touch("sheet:close")
    assert isinstance(visitor.window.screen_, Welcome)
    scanner.type(TOKEN)
    assert "sudah tercatat" in visitor.reads()


def test_a_scan_in_the_middle_of_a_visit_loses_nothing(visitor: Visitor, scanner: Typist) -> None:
    visitor.touch("start")
    scanner.type(TOKEN)
    visitor.touch("sheet:close")
    assert isinstance(visitor.window.screen_, Needs)


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (RuleViolation("unknown_paper"), "Tunjukkan tiket kepada petugas"),
        (BadInput("bad_paper"), "Pindai kode paling bawah"),
        (RuleViolation("paper_of_another_day"), "Silakan ambil nomor baru"),
    ],
)
def test_a_refusal_says_what_to_do(
    visitor: Visitor, scanner: Typist, desk: FakeDesk, refusal: RuleViolation, words: str
) -> None:
    desk.refusal = refusal
    scanner.type(TOKEN, end=Qt.Key.Key_Tab)
    assert words in visitor.reads()


def test_keys_that_come_slowly_are_no_scan(visitor: Visitor, scanner: Typist, desk: FakeDesk) -> None:
    scanner.type(TOKEN, gap_ms=GAP_MS + 1)
    assert desk.papers == []


def test_an_enter_alone_is_nothing(visitor: Visitor, scanner: Typist, desk: FakeDesk) -> None:
    scanner.type("")
    assert desk.papers == []


def test_a_kiosk_without_a_mall_takes_no_paper(visitor: Visitor, scanner: Typist, desk: FakeDesk) -> None:
    desk.is_paired = False
    visitor.window.leave()
    scanner.type(TOKEN)
    assert desk.papers == []


def test_the_staff_corner_takes_no_paper(visitor: Visitor, scanner: Typist, desk: FakeDesk) -> None:
    window = visitor.window
    window.go(lambda: Staff(window.scene()))
    scanner.type(TOKEN)
    assert desk.papers == []


def test_every_refusal_has_words_in_both_languages() -> None:
    for language in ("id", "en"):
        for name in ("unknown", "bad", "old", "known", "back_unknown_time", "unknown_title", "old_title"):
            assert texts_for(language)(f"kiosk.scan_{name}")
