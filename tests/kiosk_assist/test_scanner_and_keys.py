"""A scanner and a five-key pad are both keyboards: no key of a scan ever presses anything."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from kiosk.screens.needs import Needs
from kiosk.screens.welcome import Welcome
from tests.kiosk_assist.hands import DOWN, ENTER, RIGHT, Hands
from tests.kiosk_assist.test_five_keys import walk_to
from tests.kiosk_screens.fake_desk import FakeDesk

TOKEN = "1" + "A B$" * 3
TAB, KEYPAD_ENTER = Qt.Key.Key_Tab, Qt.Key.Key_Enter


@pytest.fixture
def keyed(hands: Hands) -> Hands:
    """Somebody whose ring is around "Sentuh untuk mulai": one Enter away from the next screen."""
    walk_to(hands, "start")
    return hands


@pytest.mark.parametrize("gap_ms", [2, 20, 60])
@pytest.mark.parametrize("end", [ENTER, KEYPAD_ENTER, TAB])
def test_a_scan_presses_nothing_at_any_speed(keyed: Hands, desk: FakeDesk, gap_ms: int, end: int) -> None:
    keyed.scan(TOKEN, gap_ms, end)
    assert desk.papers == [TOKEN]
    assert isinstance(keyed.window.screen_, Welcome)
    assert keyed.sees("notice")


@pytest.mark.parametrize("inside", ["A$\rCD", "A$\tCD", "A$ CD", "A$\x1dCD", "\x1dA$", "A$\r\rCD"])
def test_enter_tab_space_and_separators_inside_a_code_press_nothing(
    keyed: Hands, desk: FakeDesk, inside: str
) -> None:
    keyed.scan(inside)
    assert isinstance(keyed.window.screen_, Welcome)
    assert "".join(desk.papers).replace(" ", "") in ("A$CD", "A$")


@pytest.mark.parametrize("pause_ms", [250, 600, 900])
def test_the_late_enter_of_a_scan_split_by_a_pause_presses_nothing(
    keyed: Hands, desk: FakeDesk, pause_ms: int
) -> None:
    keyed.scan(TOKEN, end=0)
    keyed.type_key(ENTER, "\r", pause_ms)
    assert isinstance(keyed.window.screen_, Welcome)
    assert desk.papers == [], "half a code is no code"
    keyed.scan("12", after_ms=2000, end=0)
    keyed.scan("34", after_ms=pause_ms)
    assert desk.papers == ["34"]
    assert isinstance(keyed.window.screen_, Welcome)


@pytest.mark.parametrize("gap_ms", [5, 300, 900])
def test_the_second_of_two_enters_of_a_scanner_presses_nothing(keyed: Hands, gap_ms: int) -> None:
    keyed.scan(TOKEN)
    keyed.type_key(ENTER, "\r", gap_ms)
    assert keyed.sees("notice"), "not even the key of the sheet that answers it"


def test_an_arrow_within_a_scan_moves_nothing(keyed: Hands) -> None:
    before = keyed.ringed
    keyed.scan("AB", end=0)
    keyed.type_key(RIGHT, "", 20)
    keyed.type_key(DOWN, "", 20, Qt.KeyboardModifier.AltModifier)
    assert keyed.ringed is before


def test_figures_typed_under_alt_are_no_arrows(hands: Hands) -> None:
    for key in (RIGHT, DOWN):
        hands.type_key(key, "", 2000, Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.KeypadModifier)
    assert not hands.window.visit.five_keys


def test_a_pad_that_types_the_number_blocks_arrows_works(hands: Hands) -> None:
    hands.type_key(RIGHT, "", 2000, Qt.KeyboardModifier.KeypadModifier)
    walk_to(hands, "start")
    hands.type_key(KEYPAD_ENTER, "\r", 2000, Qt.KeyboardModifier.KeypadModifier)
    assert isinstance(hands.window.screen_, Needs)


def test_an_enter_alone_presses_again_once_the_scanner_is_done(keyed: Hands, desk: FakeDesk) -> None:
    keyed.scan(TOKEN)
    walk_to(keyed, "sheet:close")
    keyed.key(ENTER, after_ms=1500)
    assert not keyed.sees("notice")
    assert isinstance(keyed.window.screen_, Welcome)


def test_a_scan_while_a_sheet_is_up_presses_none_of_its_keys(hands: Hands, desk: FakeDesk) -> None:
    hands.tap("start", "display")
    walk_to(hands, "sheet:contrast")
    hands.scan(TOKEN)
    assert desk.papers == [TOKEN]
    assert hands.window.visit.assist.theme == "light"
    assert hands.sees("notice")
    assert not hands.sees("display_sheet"), "the answer to the scan takes its place"


def test_a_scan_without_the_five_keys_is_a_scan(hands: Hands, desk: FakeDesk) -> None:
    hands.scan(TOKEN)
    assert desk.papers == [TOKEN]
    assert not hands.window.visit.five_keys
    assert not hands.sees("ring")


def test_a_scan_is_answered_aloud_to_whom_the_voice_leads(keyed: Hands, qtbot: QtBot) -> None:
    keyed.speaker.heard()
    keyed.scan(TOKEN)
    assert "A1-012" in keyed.speaker.heard()
