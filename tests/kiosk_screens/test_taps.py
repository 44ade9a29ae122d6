"""How many touches a ticket takes: counted on the window, over every service of the sample mall.

A tap is a touch that chooses: a need or an agency, a page, a service, "take". The first touch only wakes the kiosk,
and the answer to the priority question chooses no service.
"""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QWidget
from pytestqt.qtbot import QtBot

from kiosk.screens.lists import by_agency
from kiosk.screens.tiles import MORE
from kiosk.screens.welcome import MOST_COMMON, Welcome, common_services
from kiosk.visit import Assist, Settings
from kiosk.window import KioskWindow
from tests.kiosk_screens.fake_desk import FakeDesk

MOST_TAPS, COMMON_TAPS = 3, 2
SIZES = {"portrait": (540, 960), "landscape": (960, 540)}


class Hand:
    """Touches keys by name and counts the taps."""

    def __init__(self, window: KioskWindow) -> None:
        self.window, self.taps = window, 0

    def sees(self, name: str) -> QWidget | None:
        assert self.window.screen_ is not None
        shown = [key for key in self.window.screen_.findChildren(QWidget, name) if key.isVisible()]
        return shown[-1] if shown else None

    def touch(self, name: str) -> None:
        key = self.sees(name)
        assert key is not None, f"nothing called {name} on {type(self.window.screen_).__name__}"
        QTest.mouseClick(key, Qt.MouseButton.LeftButton)

    def tap(self, name: str) -> None:
        """Touch it, turning pages until it shows."""
        while self.sees(name) is None:
            self.taps += 1
            self.touch(MORE)
        self.taps += 1
        self.touch(name)


def hand_at(qtbot: QtBot, desk: FakeDesk, size: tuple[int, int], assist: Assist) -> Iterator[Hand]:
    settings = Settings(tick_ms=3_600_000, assist=assist, double_ms=0)
    window = KioskWindow(desk, settings)
    qtbot.addWidget(window)
    window.resize(*size)
    window.show()
    qtbot.waitExposed(window)
    yield Hand(window)
    window.close()


def walk_to(hand: Hand, desk: FakeDesk, code: str) -> int:
    """Take a number of this service through the needs; returns the taps it took."""
    mall, service = desk.the_mall, desk.the_mall.services[code]
    hand.taps = 0
    hand.window.leave()
    hand.touch("start")
    hand.tap(f"need:{service.need}")
    if by_agency(hand.window.scene(), service.need):
        hand.tap(f"agency:{mall.services[code].agency}")
    hand.tap(f"service:{code}")
    while hand.sees("take") is None:  # the card comes in steps
        hand.touch("next")
    hand.tap("take")
    hand.touch("priority:no")
    assert desk.choices[-1].service == code
    return hand.taps


@pytest.mark.parametrize("orientation", SIZES)
def test_any_service_of_the_sample_mall_takes_three_taps_or_fewer(
    qtbot: QtBot, desk: FakeDesk, orientation: str
) -> None:
    desk.always_open = True
    for hand in hand_at(qtbot, desk, SIZES[orientation], Assist()):
        taps = {code: walk_to(hand, desk, code) for code in desk.the_mall.services}
    assert {code: count for code, count in taps.items() if count > MOST_TAPS} == {}


@pytest.mark.parametrize("orientation", SIZES)
def test_a_common_service_takes_two_taps(qtbot: QtBot, desk: FakeDesk, orientation: str) -> None:
    desk.always_open = True
    common = common_services(desk.the_mall)
    assert len(common) == MOST_COMMON
    for hand in hand_at(qtbot, desk, SIZES[orientation], Assist()):
        for service in common:
            hand.taps = 0
            hand.window.leave()
            hand.tap(f"service:{service.code}")
            hand.tap("take")
            hand.touch("priority:no")
            assert desk.choices[-1].service == service.code
            assert hand.taps == COMMON_TAPS


@pytest.mark.parametrize("assist", [Assist(easy=True), Assist(reach=True)], ids=["easy", "reach"])
@pytest.mark.parametrize("orientation", SIZES)
def test_no_mode_loses_a_service(qtbot: QtBot, desk: FakeDesk, orientation: str, assist: Assist) -> None:
    desk.always_open = True
    for hand in hand_at(qtbot, desk, SIZES[orientation], assist):
        for need in desk.the_mall.needs:
            codes = [code for code, one in desk.the_mall.services.items() if one.need == need]
            for code in (codes[0], codes[-1]):
                walk_to(hand, desk, code)


@pytest.mark.parametrize(
    "assist", [Assist(), Assist(easy=True), Assist(reach=True)], ids=["usual", "easy", "reach"]
)
@pytest.mark.parametrize("orientation", SIZES)
def test_nothing_ever_scrolls_and_help_and_assistance_are_always_there(
    qtbot: QtBot, desk: FakeDesk, orientation: str, assist: Assist
) -> None:
    for hand in hand_at(qtbot, desk, SIZES[orientation], assist):
        look(hand)
        hand.touch("start")
        look(hand)
        hand.tap("need:bpjs")
        look(hand)
        hand.tap("service:jkn-aktif")
        look(hand)
        while hand.sees("take") is None:
            hand.touch("next")
            look(hand)
        hand.tap("take")
        look(hand)
        hand.touch("priority:yes")
        look(hand)
        hand.window.leave()
        hand.touch("start")
        hand.tap("find")
        look(hand)


def look(hand: Hand) -> None:
    assert hand.window.findChildren(QAbstractScrollArea) == []
    for name in ("display", "help"):
        assert hand.sees(name) is not None
    home = isinstance(hand.window.screen_, Welcome) or hand.sees("done") is not None
    assert home or hand.sees("back") is not None
