"""The whole kiosk by five keys: the ring, the reading order, and a printed ticket with nothing else."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from antrean.look.tokens import THEMES, Theme, contrast
from kiosk.desk import Paper
from kiosk.screens.finder import FinderScreen
from kiosk.screens.needs import Needs
from kiosk.screens.night import Night
from kiosk.screens.number import Number
from kiosk.screens.welcome import Welcome
from kiosk.visit import Aloud
from kiosk.widgets.key import Key
from tests.kiosk_assist.conftest import SETTINGS
from tests.kiosk_assist.hands import DOWN, ENTER, LEFT, RIGHT, UP, FakeSpeaker, Hands
from tests.kiosk_assist.test_assist_sheet import WAYS
from tests.kiosk_screens.fake_desk import FakeDesk

MOST_STEPS = 60


def walk_to(hands: Hands, name: str, key: int = RIGHT) -> QWidget:
    """Press one arrow until the ring is around the part of this name."""
    for _ in range(MOST_STEPS):
        hands.key(key)
        if hands.ringed.objectName() == name:
            return hands.ringed
    raise AssertionError(f"the ring never came to {name}")


def walk_and_press(hands: Hands, *names: str) -> None:
    for name in names:
        if not hands.window.visit.five_keys or hands.ringed.objectName() != name:
            walk_to(hands, name)
        hands.key(ENTER)


def listen_for(hands: Hands, words: str) -> None:
    """Press right until the voice says these words."""
    for _ in range(MOST_STEPS):
        hands.speaker.heard()
        hands.key(RIGHT)
        if words in hands.speaker.heard():
            return
    raise AssertionError(f"nobody said {words!r}")


@pytest.fixture(params=["upright", "lying"])
def either(request: pytest.FixtureRequest, qtbot: QtBot, desk: FakeDesk) -> Iterator[Hands]:
    size = (540, 960) if request.param == "upright" else (960, 540)
    yield from Hands.at(qtbot, desk, SETTINGS, FakeSpeaker(), size)


def test_five_keys_alone_reach_a_printed_ticket_by_ear(either: Hands, desk: FakeDesk) -> None:
    either.key(RIGHT)
    assert "Tombol panah" in either.speaker.heard()
    for wish in ("Sentuh untuk mulai", "KTP & KK, tombol", "KTP hilang atau rusak", "ambil nomor", "Tidak"):
        listen_for(either, wish)
        either.key(ENTER)
    assert [choice.service for choice in desk.choices] == ["ktp-hilang"]
    assert len(desk.printed) == 1
    assert isinstance(either.window.screen_, Number)
    assert "A1-012" in either.speaker.heard()
    desk.paper(either.window.screen_.issued.ticket_id, Paper.PRINTED)
    either.qtbot.waitUntil(lambda: "Ambil tiket" in either.speaker.heard(), timeout=30_000)


def test_five_keys_alone_reach_a_printed_ticket_by_eye(mute: Hands, desk: FakeDesk) -> None:
    walk_and_press(mute, "start", "need:ktp-kk", "service:ktp-hilang", "take", "priority:yes")
    assert [(choice.service, choice.priority) for choice in desk.choices] == [("ktp-hilang", True)]
    assert len(desk.printed) == 1
    assert mute.window.visit.assist.aloud is Aloud.OFF
    assert mute.speaker.said == []


@pytest.mark.parametrize("screen", WAYS)
def test_the_ring_comes_to_everything_on_every_screen_and_sheet(hands: Hands, screen: str) -> None:
    hands.tap(*WAYS[screen])
    hands.key(RIGHT)
    for over in ("the screen", "the sheet"):
        stops = hands.window.assistance.guide.stops()
        assert any(not isinstance(stop, Key) for stop in stops), "words are read as well"
        met = set()
        for _ in stops:
            met.add(hands.ringed)
            hands.key(RIGHT)
        assert met == set(stops), over
        if over == "the screen":
            walk_and_press(hands, "display")


def test_every_key_of_a_screen_is_reached_by_up_and_down_and_left_and_right(either: Hands) -> None:
    either.tap("start")
    either.key(DOWN)
    for key in (DOWN, UP):
        rows = set()
        for _ in range(MOST_STEPS):
            rows.add(either.ringed)
            either.key(key)
        assert len(rows) >= 4
        places = [stop.mapTo(either.window, stop.rect().center()).y() for stop in rows]
        assert max(places) - min(places) > either.window.height() / 2, "from the top to the foot"


def test_down_follows_the_column(hands: Hands) -> None:
    hands.tap("start")
    walk_to(hands, "need:ktp-kk")
    here = hands.ringed.mapTo(hands.window, hands.ringed.rect().center()).x()
    hands.key(DOWN)
    assert hands.ringed.objectName().startswith("need:")
    assert hands.ringed.mapTo(hands.window, hands.ringed.rect().center()).x() == here
    hands.key(UP)
    assert hands.ringed is hands.find("need:ktp-kk")


def test_past_the_end_it_begins_again_and_says_so(hands: Hands) -> None:
    hands.key(RIGHT)
    first = hands.ringed
    hands.speaker.heard()
    hands.key(LEFT)
    assert "akhir layar" in hands.speaker.heard()
    assert hands.ringed is not first
    hands.key(RIGHT)
    assert "Kembali ke awal" in hands.speaker.heard()
    assert hands.ringed is first


def test_enter_does_nothing_before_an_arrow_was_pressed(hands: Hands) -> None:
    hands.key(ENTER, ENTER)
    assert isinstance(hands.window.screen_, Welcome)
    assert not hands.window.visit.five_keys


def test_letters_are_typed_on_the_pad_and_heard(hands: Hands) -> None:
    walk_and_press(hands, "start", "find", *(f"pad:{letter}" for letter in "KTP"))
    assert isinstance(hands.window.screen_, FinderScreen)
    assert hands.find("typed").accessibleName() == "KTP"
    assert "KTP" in hands.speaker.heard()


def test_more_time_is_had_by_enter_and_every_key_counts_as_a_touch(hands: Hands) -> None:
    hands.tap("service:ktp-hilang", "take", "priority:no")
    number = hands.window.screen_
    assert isinstance(number, Number)
    walk_to(hands, "more")
    number = hands.window.screen_
    assert isinstance(number, Number)
    whole = number.seconds_left
    for _ in range(20):
        number.count_down()
    hands.key(ENTER)
    assert number.seconds_left == whole
    number.count_down()
    hands.key(RIGHT)
    assert number.seconds_left == whole


def test_an_idle_kiosk_asks_later_and_aloud_and_a_key_answers(hands: Hands) -> None:
    hands.tap("start")
    hands.key(RIGHT)
    hands.speaker.heard()
    for _ in range(2 * SETTINGS.idle_seconds - 1):
        hands.window._tick()
    assert not hands.sees("still_here")
    hands.window._tick()
    assert "Masih di sini?" in hands.speaker.heard()
    walk_and_press(hands, "sheet:stay")
    assert isinstance(hands.window.screen_, Needs)


def test_the_keys_are_forgotten_with_the_visit(hands: Hands, mute: Hands) -> None:
    for one in (hands, mute):
        one.key(RIGHT)
        assert one.sees("ring")
        for _ in range(3 * (SETTINGS.idle_seconds + SETTINGS.answer_seconds)):
            one.window._tick()
        assert one.window.visit == SETTINGS.new_visit()
        assert not one.sees("ring")


def test_a_sheet_that_says_something_stays_when_the_first_arrow_is_pressed(hands: Hands) -> None:
    hands.tap("service:ktp-hilang", "checklist")
    hands.key(RIGHT)
    assert hands.sees("notice")
    walk_and_press(hands, "sheet:close")
    assert not hands.sees("notice")


def test_the_ring_stays_with_its_key_when_the_screen_is_drawn_anew(hands: Hands) -> None:
    walk_to(hands, "service:ktp-hilang")
    hands.window.serve(replace(hands.window.visit.assist, theme="contrast"))
    hands.qtbot.waitUntil(lambda: hands.ringed is hands.find("service:ktp-hilang"), timeout=30_000)
    hands.window.resize(960, 540)
    hands.qtbot.waitUntil(lambda: hands.ringed is hands.find("service:ktp-hilang"), timeout=30_000)


def test_a_key_held_down_or_trembling_counts_once(hands: Hands) -> None:
    hands.key(RIGHT)
    first = hands.ringed
    hands.key(RIGHT, after_ms=100)
    hands.type_key(RIGHT, "", 600, again=True)
    assert hands.ringed is first
    walk_to(hands, "start")
    hands.key(ENTER)
    hands.key(ENTER, after_ms=200)
    assert isinstance(hands.window.screen_, Needs)


def test_an_arrow_wakes_a_kiosk_that_rests_for_the_night(hands: Hands, desk: FakeDesk) -> None:
    desk.now += 12 * 3_600_000  # 21.42
    for _ in range(SETTINGS.idle_seconds + 1):
        hands.window._tick()
    assert isinstance(hands.window.screen_, Night)
    hands.key(RIGHT)
    assert isinstance(hands.window.screen_, Welcome)
    assert hands.sees("ring")


def test_a_closed_sheet_gives_the_ring_back_to_the_screen(hands: Hands) -> None:
    walk_and_press(hands, "display", "sheet:close")
    assert hands.ringed in hands.window.assistance.guide.stops()
    assert not hands.sees("display_sheet")


@pytest.mark.parametrize("theme", list(THEMES.values()), ids=lambda theme: theme.name)
def test_the_ring_shows_on_every_ground(theme: Theme) -> None:
    assert contrast(theme.ink, theme.ground) >= 3
