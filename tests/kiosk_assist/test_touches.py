"""Trembling hands press nothing twice; where the voice leads, a first touch speaks and only a second one presses."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.assist import touches
from kiosk.screens.needs import Needs
from kiosk.screens.welcome import Welcome
from kiosk.visit import Aloud, Assist
from kiosk.widgets.key import Key
from tests.kiosk_assist.conftest import SETTINGS
from tests.kiosk_assist.hands import FakeSpeaker, Hands
from tests.kiosk_screens.fake_desk import FakeDesk


@pytest.fixture
def led(qtbot: QtBot, desk: FakeDesk) -> Iterator[Hands]:
    """Somebody whom the voice leads from the beginning."""
    settings = replace(SETTINGS, assist=Assist(aloud=Aloud.EXPLORE))
    for hands in Hands.at(qtbot, desk, settings, FakeSpeaker()):
        hands.speaker.heard()
        yield hands


def typed(hands: Hands) -> str:
    return hands.find("typed").accessibleName()


# --- a second strike


def test_a_second_strike_of_a_key_does_not_count(hands: Hands) -> None:
    hands.tap("display", "sheet:louder")
    hands.tap("sheet:louder", after_ms=300)
    assert hands.speaker.level == 4
    hands.tap("sheet:louder", after_ms=200)
    assert hands.speaker.level == 5, "counted from the touch that counted"


def test_the_second_of_two_strikes_does_not_press_what_came_under_the_finger(hands: Hands) -> None:
    hands.tap("start", "need:ktp-kk")
    place = hands.middle("service:ktp-hilang")
    hands.touch(place)
    on_top = hands.window.screen_
    hands.touch(place, after_ms=250)
    assert hands.window.screen_ is on_top


def test_a_quick_hand_may_touch_another_key_at_once(hands: Hands) -> None:
    hands.tap("start")
    hands.tap("back", after_ms=250)
    assert isinstance(hands.window.screen_, Welcome)


def test_typing_a_double_letter_stays_possible(hands: Hands) -> None:
    hands.tap("start", "find", "pad:A")
    hands.tap("pad:A", after_ms=300)
    assert typed(hands) == "AA"
    hands.tap("pad:A", after_ms=120)
    assert typed(hands) == "AA"


@pytest.mark.parametrize(("double_ms", "counted"), [(0, 5), (200, 5), (1000, 4)])
def test_the_time_of_a_second_strike_is_a_setting(
    qtbot: QtBot, desk: FakeDesk, double_ms: int, counted: int
) -> None:
    for hands in Hands.at(qtbot, desk, replace(SETTINGS, double_ms=double_ms), FakeSpeaker()):
        hands.tap("display", after_ms=2000)
        hands.tap("sheet:louder", after_ms=2000)
        hands.tap("sheet:louder", after_ms=300)
        assert hands.speaker.level == counted


# --- hearing first


def test_a_first_touch_speaks_and_a_second_one_presses(led: Hands) -> None:
    led.tap("start")
    assert "Sentuh untuk mulai" in led.speaker.heard()
    assert isinstance(led.window.screen_, Welcome)
    led.tap("start")
    assert isinstance(led.window.screen_, Needs)
    assert "Mau urus apa?" in led.speaker.heard()


def test_what_is_read_is_inverted_and_ringed(led: Hands) -> None:
    start = led.find("start")
    assert isinstance(start, Key)
    usual = start.looks()
    led.tap("start")
    assert led.ringed is start
    assert start.looks() != usual
    led.tap("display")
    assert start.looks() == usual
    assert led.ringed is led.find("display")


def test_a_touch_beside_everything_speaks_the_nearest(led: Hands) -> None:
    beside = led.find("start").geometry().topLeft() - QPoint(8, 0)
    led.touch(beside)
    assert "Sentuh untuk mulai" in led.speaker.heard()


def test_words_are_read_and_never_pressed(led: Hands) -> None:
    led.tap("start", "start")
    title = next(stop for stop in led.window.assistance.guide.stops() if "Mau urus" in stop.accessibleName())
    place = title.mapTo(led.window, title.rect().center())
    for _ in range(3):
        led.speaker.heard()
        led.touch(place)
        assert led.speaker.heard() == "Mau urus apa?"
    assert isinstance(led.window.screen_, Needs)


def test_a_trembling_finger_presses_nothing_it_only_just_met(led: Hands) -> None:
    led.tap("start")
    led.tap("start", after_ms=150)
    led.tap("start", after_ms=150)
    assert isinstance(led.window.screen_, Welcome)
    led.tap("start")
    assert isinstance(led.window.screen_, Needs)
    led.tap("back", after_ms=100)
    led.tap("back", after_ms=100)
    assert isinstance(led.window.screen_, Needs)


def test_feeling_onwards_over_the_same_key_presses_nothing(led: Hands) -> None:
    start = led.find("start").geometry().adjusted(10, 10, -10, -10)
    for place in (start.topLeft(), start.center(), start.bottomRight(), start.center()):
        led.speaker.heard()
        led.touch(place)
        assert "Sentuh untuk mulai" in led.speaker.heard()
    assert isinstance(led.window.screen_, Welcome)
    led.touch(start.center() + QPoint(8, 8))
    assert isinstance(led.window.screen_, Needs), "a second touch about there presses"


def test_a_finger_that_stays_hears_it_again_and_presses_nothing(led: Hands) -> None:
    led.tap("start")
    led.speaker.heard()
    led.touch(led.middle("start"), hold_ms=touches.REST_MS + 100)
    assert "Sentuh untuk mulai" in led.speaker.heard()
    assert isinstance(led.window.screen_, Welcome)


def test_sliding_speaks_what_is_under_the_finger_and_presses_nothing(led: Hands) -> None:
    led.tap("start", "start")
    led.speaker.heard()
    first, second = led.middle("need:ktp-kk"), led.middle("back")
    led.press(first)
    led.slide(first + (second - first) / 2)
    led.slide(second)
    said = led.speaker.heard()
    assert said.startswith("KTP & KK")
    assert "Kembali, tombol" in said
    led.lift(second)
    assert isinstance(led.window.screen_, Needs)
    assert led.ringed is led.find("back")
    led.slide(first)
    assert led.speaker.heard() == "", "a finger in the air"
    led.touch(second)
    assert isinstance(led.window.screen_, Welcome), "what the slide found is pressed by the next touch"


def test_sliding_off_the_current_key_takes_the_press_back(led: Hands) -> None:
    led.tap("start")
    led.press(led.middle("start"))
    led.slide(led.middle("help"))
    led.slide(led.middle("start"))
    led.lift(led.middle("start"))
    assert isinstance(led.window.screen_, Welcome)


def test_a_press_tells_what_it_changed_on_the_same_screen(led: Hands) -> None:
    led.tap("help", "help")
    assert "Petugas diberi tahu" in led.speaker.heard()


def test_a_letter_of_the_pad_is_told_with_what_it_found(led: Hands) -> None:
    led.tap("start", "start", "find", "find", "pad:K", "pad:K")
    led.speaker.heard()
    led.tap("pad:T", "pad:T", "pad:P", "pad:P")
    assert typed(led) == "KTP"
    assert "KTP" in led.speaker.heard()
    led.tap("pad:P")
    assert typed(led) == "KTPP", "on a pad the key that was pressed may be pressed again"


def test_real_touches_of_a_touch_screen_do_the_same(qtbot: QtBot, desk: FakeDesk) -> None:
    settings = replace(SETTINGS, assist=Assist(aloud=Aloud.EXPLORE), double_ms=0)
    for led in Hands.at(qtbot, desk, settings, FakeSpeaker()):
        screen, glass, place = led.window.windowHandle(), QTest.createTouchDevice(), led.middle("start")
        for spoken in ("Sentuh untuk mulai", "Mau urus apa?"):
            led.speaker.heard()
            QTest.touchEvent(screen, glass).press(0, place).commit()
            QTest.touchEvent(screen, glass).release(0, place).commit()
            assert spoken in led.speaker.heard()
        assert isinstance(led.window.screen_, Needs)


# --- looking for a voice


def test_a_finger_that_rests_on_the_first_screen_finds_the_voice(hands: Hands) -> None:
    hands.window.assistance.touches.search_after(20)
    hands.press(hands.middle("start"))
    hands.qtbot.waitUntil(lambda: hands.window.visit.assist.aloud is Aloud.EXPLORE, timeout=30_000)
    assert "Mode Bicara" in hands.speaker.heard()
    hands.lift(QPoint(100, 100))
    assert isinstance(hands.window.screen_, Welcome), "looking presses nothing"


def test_a_finger_that_rests_elsewhere_or_without_a_voice_finds_none(hands: Hands, mute: Hands) -> None:
    hands.tap("start")
    for one in (hands, mute):
        one.window.assistance.touches.search_after(10)
        with one.qtbot.waitSignal(one.window.assistance.touches.searched, timeout=30_000):
            one.press(QPoint(200, 20))
        one.lift(QPoint(200, 20))
        assert one.window.visit.assist.aloud is Aloud.OFF
