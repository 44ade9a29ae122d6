"""The drawing on panels of all sizes, and what an idle kiosk does for its glass."""

from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from antrean.texts import LANGUAGES, texts_for
from kiosk.laying import judge
from kiosk.resting import PATH, SHIFT_EVERY_MS, shift_at, shut_at
from kiosk.screens.needs import Needs
from kiosk.screens.night import Night
from kiosk.screens.number import Number
from kiosk.screens.welcome import QUIET_TICKS, TICKS_A_WORD, Welcome
from kiosk.visit import Aloud, Assist, Settings
from kiosk.widgets.measure import DRAWN_MM, LEAST_CAPITAL_MM, LEAST_KEY_MM, MOST_GROWTH, fit, panel_of
from kiosk.widgets.words import Words
from kiosk.window import KioskWindow
from tests.kiosk_screens.fake_desk import MONDAY_0942, FakeDesk, issued

HOUR = 3_600_000
INCH = 25.4


def upright(inches: float) -> tuple[float, float]:
    """Width and height in millimetres of an upright 16:9 panel."""
    high = inches * INCH * 16 / (16 * 16 + 9 * 9) ** 0.5
    return high * 9 / 16, high


@pytest.mark.parametrize("inches", [15.6, 17, 19, 21.5, 23.8, 27, 32, 43, 55])
@pytest.mark.parametrize("pixels", [(1080, 1920), (2160, 3840), (1920, 1080)])
def test_capitals_and_keys_keep_their_millimetres_on_every_panel(
    inches: float, pixels: tuple[int, int]
) -> None:
    drawing = fit(panel_of(pixels, upright(inches)))
    capital, key = drawing.smallest_mm(drawing.easy_only)
    assert not drawing.too_small
    assert capital >= LEAST_CAPITAL_MM
    assert key >= LEAST_KEY_MM
    assert drawing.mm <= DRAWN_MM * MOST_GROWTH + 1e-9
    assert drawing.width <= pixels[0]
    assert drawing.height <= pixels[1]
    assert drawing.easy_only == (inches < 20.8)


def test_a_panel_that_is_too_small_is_told_with_its_figures() -> None:
    assert judge(fit(panel_of((1080, 1920), upright(21.5)))) == ""
    assert "easy mode: smallest capitals 7.4 mm" in judge(fit(panel_of((1080, 1920), upright(15.6))))
    assert "too small" in judge(fit(panel_of((800, 1280), (136, 218))))


@pytest.mark.parametrize("told", [(0, 0), (1, 1), (268, 300), (20_000, 30_000)])
def test_a_panel_that_says_nothing_believable_is_taken_for_the_usual_one(told: tuple[int, int]) -> None:
    panel = panel_of((1080, 1920), told)
    assert panel.assumed
    assert fit(panel).mm == pytest.approx(DRAWN_MM)


def window_at(
    qtbot: QtBot, desk: FakeDesk, settings: Settings, size: tuple[int, int] = (540, 960)
) -> KioskWindow:
    window = KioskWindow(desk, replace(settings, tick_ms=HOUR))
    qtbot.addWidget(window)
    window.resize(*size)
    window.show()
    qtbot.waitExposed(window)
    return window


@pytest.mark.filterwarnings("ignore")
def test_a_small_panel_serves_everybody_in_easy_mode(
    qtbot: QtBot, desk: FakeDesk, caplog: pytest.LogCaptureFixture
) -> None:
    window = window_at(qtbot, desk, Settings(screen_mm=upright(15.6)))
    assert window.scene().assist.easy
    assert window.screen_ is not None
    assert window.screen_.easy
    assert not window.visit.assist.easy, "it is the panel, not the visitor's choice"
    assert "easy mode" in caplog.text
    caplog.clear()


def test_a_huge_panel_keeps_the_drawing_at_its_lower_edge(qtbot: QtBot, desk: FakeDesk) -> None:
    window = window_at(qtbot, desk, Settings(screen_mm=upright(43)))
    screen = window.screen_
    assert screen is not None
    assert screen.height() < window.height() * 0.75
    assert screen.geometry().bottom() == window.rect().bottom()
    assert abs(screen.geometry().center().x() - window.rect().center().x()) <= 1


def test_the_mall_is_shut_half_an_hour_after_its_last_service(desk: FakeDesk) -> None:
    mall = desk.the_mall
    assert shut_at(mall, MONDAY_0942) is None
    evening = shut_at(mall, MONDAY_0942 + 12 * HOUR)
    assert evening is not None
    assert evening.opens_ms is not None
    assert evening.opens_ms > MONDAY_0942 + 12 * HOUR


def rest(window: KioskWindow, seconds: int) -> None:
    for _ in range(seconds):
        window._tick()


def test_an_idle_kiosk_darkens_at_night_and_wakes_at_a_touch(qtbot: QtBot, desk: FakeDesk) -> None:
    window = window_at(qtbot, desk, Settings(idle_seconds=3))
    rest(window, 5)
    assert isinstance(window.screen_, Welcome), "by day it stays"
    desk.now = MONDAY_0942 + 12 * HOUR
    rest(window, 5)
    night = window.screen_
    assert isinstance(night, Night)
    texts = [words.text() for words in night.findChildren(Words)]
    assert "21.42" in texts
    assert "Buka Selasa 07.30" in texts
    QTest.mouseClick(night, Qt.MouseButton.LeftButton)
    assert isinstance(window.screen_, Welcome)
    rest(window, 5)
    assert isinstance(window.screen_, Night)
    desk.now = MONDAY_0942 + 24 * HOUR
    rest(window, 1)
    assert isinstance(window.screen_, Welcome), "the day has come"


def test_the_picture_moves_by_a_few_pixels_and_comes_back() -> None:
    places = [shift_at(MONDAY_0942 + at * SHIFT_EVERY_MS) for at in range(len(PATH) + 1)]
    assert len(set(places)) == len(PATH)
    assert places[0] == places[-1]
    assert max(abs(part) for place in places for part in place) <= 4
    steps = [abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in pairwise(places)]
    assert max(steps) <= 4


def test_nobody_sees_the_glass_being_cared_for(qtbot: QtBot, desk: FakeDesk) -> None:
    window = window_at(qtbot, desk, Settings(idle_seconds=2))
    seen = set()
    for _ in PATH:
        desk.now += SHIFT_EVERY_MS
        rest(window, 3)
        assert window.screen_ is not None
        seen.add(window.screen_.pos().toTuple())
        edge = window.grab().toImage().pixelColor(0, window.height() - 1)
        assert edge == window.screen_.style_.colour("sunken"), "the footer's band goes on to the edge"
    assert len(seen) > 3


def start_key(window: KioskWindow) -> QWidget:
    key = window.findChild(QWidget, "start")
    assert key is not None
    return key


def shown_words(window: KioskWindow) -> str:
    return "\n".join(words.text() for words in window.findChildren(Words))


def test_the_start_key_invites_in_every_language_while_nobody_is_there(qtbot: QtBot, desk: FakeDesk) -> None:
    window = window_at(qtbot, desk, Settings(motion=True))
    invitations = [texts_for(language)("kiosk.touch_to_start") for language in LANGUAGES]
    seen = set()
    for _ in range(QUIET_TICKS + TICKS_A_WORD * len(LANGUAGES)):
        window._tick()
        seen |= {text for text in invitations if text in shown_words(window)}
    assert seen == set(invitations)
    key = start_key(window)
    assert invitations[0] in key.accessibleName(), "who listens hears the visit's own language"


def test_motion_takes_touches_and_is_over_at_once(qtbot: QtBot, desk: FakeDesk) -> None:
    window = window_at(qtbot, desk, Settings(motion=True))
    QTest.mouseClick(start_key(window), Qt.MouseButton.LeftButton)
    assert window.findChild(QWidget, "fade") is not None
    tile = window.screen_.findChild(QWidget, "need:ktp-kk") if window.screen_ else None
    assert tile is not None
    assert window.childAt(tile.mapTo(window, tile.rect().center())) is tile, (
        "the fade lets the finger through"
    )
    qtbot.waitUntil(lambda: window.findChild(QWidget, "fade") is None, timeout=30_000)
    assert isinstance(window.screen_, Needs)


@pytest.mark.parametrize(
    "settings", [Settings(), Settings(motion=True, assist=Assist(aloud=Aloud.EXPLORE))], ids=["off", "talk"]
)
def test_nothing_moves_when_motion_is_off_or_somebody_listens(
    qtbot: QtBot, desk: FakeDesk, settings: Settings
) -> None:
    window = window_at(qtbot, desk, settings)
    before = shown_words(window)
    rest(window, QUIET_TICKS + TICKS_A_WORD)
    assert texts_for("en")("kiosk.touch_to_start") not in shown_words(window)
    assert "Sentuh" in before
    window.go(lambda: Number(window.scene(), issued("ktp-hilang")))
    assert window.findChild(QWidget, "fade") is None
    assert not window.scene().motion
