"""Somebody who sees nothing: touches the glass here and there, listens, and decides only by what was said."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from kiosk.desk import Paper
from kiosk.screens.number import Number
from kiosk.screens.welcome import Welcome
from kiosk.visit import Aloud
from tests.kiosk_assist.conftest import SETTINGS
from tests.kiosk_assist.hands import FakeSpeaker, Hands
from tests.kiosk_screens.fake_desk import FakeDesk

ASIDE, DOWN = 130, 62
"""Pixels between two touches: a hand that feels onwards moves by more than 30 mm."""

SLIDE = 30


def _said(speaker: FakeSpeaker, words: str) -> bool:
    return words in speaker.heard()


class Blind:
    """Feels for a key on the glass, from the top left; knows nothing but what the speaker says."""

    def __init__(self, hands: Hands) -> None:
        self.hands = hands

    def feel_for(self, words: str) -> None:
        """Touch here and there until the voice says these words, then touch the same place once more."""
        for place in self._places(ASIDE, DOWN):
            self.hands.speaker.heard()
            self.hands.touch(place)
            said = self.hands.speaker.heard()
            if words in said and said.endswith("tombol"):
                self.hands.touch(place)
                return
        raise AssertionError(f"nobody said {words!r}")

    def slide_for(self, words: str) -> None:
        """The same with a finger that stays on the glass."""
        places = self._places(SLIDE, SLIDE)
        self.hands.press(next(places))
        for place in places:
            self.hands.speaker.heard()
            self.hands.slide(place)
            said = self.hands.speaker.heard()
            if words in said and said.endswith("tombol"):
                self.hands.lift(place)
                self.hands.touch(place)
                return
        raise AssertionError(f"nobody said {words!r}")

    def _places(self, aside: int, down: int) -> Iterator[QPoint]:
        window = self.hands.window
        for y in range(20, window.height(), down):
            for x in range(20, window.width(), aside):
                yield QPoint(x, y)


@pytest.fixture(params=["upright", "lying"])
def led(request: pytest.FixtureRequest, qtbot: QtBot, desk: FakeDesk) -> Iterator[Hands]:
    """Somebody who found the voice by resting a finger on the first screen."""
    size = (540, 960) if request.param == "upright" else (960, 540)
    for hands in Hands.at(qtbot, desk, SETTINGS, FakeSpeaker(), size):
        hands.window.assistance.touches.search_after(10)
        hands.press(QPoint(200, 500))
        hands.qtbot.waitUntil(partial(_said, hands.speaker, "Mode Bicara"), timeout=30_000)
        hands.lift(QPoint(200, 500))
        hands.window.assistance.touches.search_after(60_000)
        yield hands


@pytest.mark.parametrize("way", ["touching", "sliding"])
def test_bicara_alone_reaches_a_printed_ticket(led: Hands, desk: FakeDesk, way: str) -> None:
    blind = Blind(led)
    find = blind.feel_for if way == "touching" else blind.slide_for
    for wish in ("Sentuh untuk mulai", "KTP & KK", "KTP hilang atau rusak", "ambil nomor", "Tidak"):
        find(wish)
    assert [choice.service for choice in desk.choices] == ["ktp-hilang"]
    assert len(desk.printed) == 1
    told = led.speaker.heard()
    assert "A1-012" in told, "the number is said without a touch"
    assert "Lantai 1" in told, "and where to wait"
    number = led.window.screen_
    assert isinstance(number, Number)
    desk.paper(number.issued.ticket_id, Paper.PRINTED)
    led.qtbot.waitUntil(
        lambda: any("Ambil tiket" in sentence for sentence in led.speaker.said), timeout=30_000
    )
    assert "A1-012" in led.speaker.heard(), "the number is not cut off by the paper's coming out"


def test_trouble_with_the_paper_is_told(led: Hands, desk: FakeDesk) -> None:
    led.window.choose(service="ktp-hilang")
    led.window.journey._take(False)
    number = led.window.screen_
    assert isinstance(number, Number)
    led.speaker.heard()
    desk.paper(number.issued.ticket_id, Paper.FAILED)
    led.qtbot.waitUntil(lambda: "Nomor Anda tetap sah" in led.speaker.heard(), timeout=30_000)


def test_a_number_is_not_taken_away_unannounced(led: Hands) -> None:
    led.window.choose(service="ktp-hilang")
    led.window.journey._take(False)
    number = led.window.screen_
    assert isinstance(number, Number)
    assert number.seconds_left == 2 * SETTINGS.number_seconds
    led.speaker.heard()
    while number.seconds_left > 20:
        assert "detik" not in led.speaker.heard()
        number.count_down()
    led.window._tick()
    assert "20 detik" in led.speaker.heard()
    led.window._tick()
    assert led.speaker.heard() == "", "once"
    led.touch(QPoint(30, 30))
    assert number.seconds_left == 2 * SETTINGS.number_seconds


def test_the_visit_ends_with_its_voice(led: Hands) -> None:
    for _ in range(2 * (SETTINGS.idle_seconds + SETTINGS.answer_seconds)):
        led.window._tick()
    assert isinstance(led.window.screen_, Welcome)
    assert led.window.visit.assist.aloud is Aloud.OFF
    led.tap("start")
    assert not isinstance(led.window.screen_, Welcome), "the next visitor's first touch presses"


def test_feeling_over_the_glass_counts_as_being_there(led: Hands) -> None:
    for _ in range(3 * SETTINGS.idle_seconds):
        led.window._tick()
        led.touch(QPoint(100, 300))
    assert not led.sees("still_here")


def test_a_loud_voice_is_usual_again_for_the_next_visitor(qtbot: QtBot, desk: FakeDesk) -> None:
    settings = replace(SETTINGS, assist=replace(SETTINGS.assist, volume=2))
    for hands in Hands.at(qtbot, desk, settings, FakeSpeaker(earphones=True)):
        hands.tap("display", *["sheet:louder"] * 3, "sheet:private")
        assert (hands.speaker.level, hands.speaker.private) == (5, True)
        hands.window.leave()
        assert (hands.speaker.level, hands.speaker.private) == (2, False)
