"""Services open, close and run out while their keys show: nobody has to touch the kiosk for its screens to be true."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from antrean.domain.errors import RuleViolation, Unavailable
from kiosk import gallery
from kiosk.screens import lists
from kiosk.screens.card import Card
from kiosk.screens.lists import PagedList
from kiosk.screens.night import Night
from kiosk.screens.screen import Screen
from kiosk.screens.welcome import Welcome
from kiosk.visit import Aloud
from kiosk.widgets.key import Key
from tests.kiosk_screens.fake_desk import MONDAY_0942, FakeDesk
from tests.kiosk_screens.test_screens_fit import DEEP, complaints, steps
from tests.kiosk_screens.visitor import Visitor

ID_CARD, CAR_TAX = "service:ktp-hilang", "service:stnk-tahunan"


def at(desk: FakeDesk, clock: str) -> None:
    """It is so late on that Monday."""
    hours, minutes = (int(part) for part in clock.split("."))
    desk.now = MONDAY_0942 + ((hours - 9) * 60 + minutes - 42) * 60_000


def key(visitor: Visitor, name: str) -> Key:
    found = visitor.find(name)
    assert isinstance(found, Key)
    return found


def looks_open(visitor: Visitor, name: str) -> bool:
    """Whether a tile of Welcome is drawn as one that gives numbers: not grey, and without the clock."""
    tile = key(visitor, name)
    off = tile.looks()[0] == "sunken"
    assert off == (tile._icon_name == "clock")
    return not off


def redrawn(visitor: Visitor, desk: FakeDesk, clock: str) -> None:
    at(desk, clock)
    visitor.window._tick()


@pytest.fixture
def early(visitor: Visitor, desk: FakeDesk) -> Visitor:
    """The night ended at 07.01, half an hour before the counters open."""
    for clock, shown in (("06.50", Night), ("07.01", Welcome)):
        at(desk, clock)
        for _ in range(visitor.window.settings.idle_seconds):
            visitor.window._tick()
        assert isinstance(visitor.window.screen_, shown)
    assert not looks_open(visitor, ID_CARD)
    return visitor


def test_the_first_visitor_of_the_morning_sees_what_is_open(early: Visitor, desk: FakeDesk) -> None:
    redrawn(early, desk, "07.31")
    assert looks_open(early, ID_CARD)
    assert not looks_open(early, CAR_TAX), "it opens at eight"
    redrawn(early, desk, "08.05")
    assert looks_open(early, CAR_TAX)


def test_a_break_the_end_and_a_full_day_are_seen_too(visitor: Visitor, desk: FakeDesk) -> None:
    assert looks_open(visitor, CAR_TAX)
    redrawn(visitor, desk, "12.05")
    assert (looks_open(visitor, CAR_TAX), looks_open(visitor, ID_CARD)) == (False, True)
    redrawn(visitor, desk, "13.05")
    assert looks_open(visitor, CAR_TAX)
    desk.full = {"ktp-hilang"}
    visitor.window._tick()
    assert not looks_open(visitor, ID_CARD)
    desk.full = set()
    visitor.window._tick()
    assert looks_open(visitor, ID_CARD)
    redrawn(visitor, desk, "16.05")
    assert not looks_open(visitor, ID_CARD)


def test_a_press_under_way_and_the_visitors_choices_outlast_the_opening(
    early: Visitor, desk: FakeDesk
) -> None:
    early.touch("lang:en", "display", "sheet:contrast", "sheet:close")
    screen, tile = early.window.screen_, key(early, ID_CARD)
    QTest.mousePress(tile, Qt.MouseButton.LeftButton)
    redrawn(early, desk, "07.31")
    assert early.window.screen_ is screen, "nothing flickers"
    assert looks_open(early, ID_CARD)
    QTest.mouseRelease(tile, Qt.MouseButton.LeftButton)
    assert isinstance(early.window.screen_, Card)
    assert early.sees("take")
    assert (early.window.visit.language, early.window.visit.assist.theme) == ("en", "contrast")


def test_a_list_says_so_as_soon_as_a_service_opens_and_its_press_counts(
    early: Visitor, desk: FakeDesk
) -> None:
    early.touch("start", "need:ktp-kk")
    screen, tile = early.window.screen_, key(early, ID_CARD)
    assert isinstance(screen, PagedList)
    assert (tile.looks()[0], "07.30" in tile.accessibleName()) == ("sunken", True)
    QTest.mousePress(tile, Qt.MouseButton.LeftButton)
    redrawn(early, desk, "07.31")
    assert early.window.screen_ is screen
    assert (tile.looks()[0], "07.30" in tile.accessibleName()) == ("surface", False)
    QTest.mouseRelease(tile, Qt.MouseButton.LeftButton)
    assert early.sees("take")


def test_a_list_turned_to_its_next_page_stays_there_and_tells_the_truth(
    early: Visitor, desk: FakeDesk
) -> None:
    early.window.assist(easy=True)
    early.touch("start")
    early.window.journey._choose_need("ktp-kk")
    early.touch("page:after")
    screen = early.window.screen_
    assert isinstance(screen, PagedList)
    shown = [
        tile for tile in screen.findChildren(Key) if tile.isVisible() and "service:" in tile.objectName()
    ]
    assert {tile.looks()[0] for tile in shown} == {"sunken"}
    redrawn(early, desk, "08.05")
    assert screen.page == 1
    assert {tile.looks()[0] for tile in shown} == {"surface"}


def test_a_service_that_closed_under_a_list_says_why_when_it_is_touched(
    visitor: Visitor, desk: FakeDesk
) -> None:
    visitor.touch("start", "need:ktp-kk")
    at(desk, "16.05")
    visitor.touch(ID_CARD)
    assert not visitor.sees("take")
    assert "Sudah tutup" in visitor.reads()


@pytest.mark.parametrize("mode", ["", "easy"])
def test_a_card_gets_its_key_when_the_service_opens_and_loses_it_when_it_closes(
    early: Visitor, desk: FakeDesk, mode: str
) -> None:
    if mode:
        early.window.assist(easy=True)
    early.window.journey._choose_service("ktp-hilang")
    while early.sees("next"):
        early.touch("next")
    assert "07.30" in early.reads()
    assert not early.sees("take")
    redrawn(early, desk, "07.31")
    assert early.sees("take")
    assert "07.30" not in early.reads()
    desk.full = {"ktp-hilang"}
    early.window._tick()
    assert not early.sees("take")
    assert "habis" in early.reads()


def test_the_key_of_a_card_does_not_go_away_under_a_finger(visitor: Visitor, desk: FakeDesk) -> None:
    visitor.touch(ID_CARD)
    take = visitor.find("take")
    QTest.mousePress(take, Qt.MouseButton.LeftButton)
    redrawn(visitor, desk, "16.05")
    assert take.isVisible()
    desk.refusal = RuleViolation("closed", service="ktp-hilang")
    QTest.mouseRelease(take, Qt.MouseButton.LeftButton)
    visitor.touch("priority:no")
    assert "tutup" in visitor.reads()
    assert not visitor.sees("take")


def test_who_listens_goes_on_where_they_were(visitor: Visitor, desk: FakeDesk) -> None:
    guide = visitor.window.assistance.guide
    visitor.window.assist(aloud=Aloud.EXPLORE)
    guide.read(visitor.find(CAR_TAX))
    redrawn(visitor, desk, "12.05")
    assert guide.current is visitor.find(CAR_TAX)


@pytest.mark.parametrize("trouble", [Unavailable("busy", permanent=False), RuleViolation("unknown_service")])
def test_a_disk_that_does_not_answer_leaves_what_was_drawn_and_the_visit_ends_in_time(
    visitor: Visitor, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def no_answer(service: str) -> None:
        raise trouble

    visitor.touch("start", "need:ktp-kk")
    monkeypatch.setattr(desk, "view", no_answer)
    for _ in range(3):
        visitor.window._tick()
    assert visitor.sees("still_here")
    assert key(visitor, ID_CARD).looks()[0] == "surface"


@pytest.mark.parametrize("view", DEEP, ids=lambda view: view.name)
def test_what_changed_in_its_place_reads_and_fits_as_if_drawn_anew(
    qtbot: QtBot, desk: FakeDesk, view: gallery.View
) -> None:
    scene = gallery.scene_for(desk, view)
    service = desk.the_mall.services["ktp-hilang"]
    makers: list[Callable[[], Screen]] = [
        lambda: lists.services_of_need(scene, "ktp-kk"),
        lambda: lists.services_of_need(scene, "sim-stnk"),
        lambda: Card(scene, service),
        lambda: Welcome(scene),
    ]
    for make in makers:
        at(desk, "09.42")
        screen = make()
        qtbot.addWidget(screen)
        for _ in steps(screen):
            pass
        for clock in ("07.01", "12.05", "09.42", "16.05"):
            at(desk, clock)
            screen.tick()
            fresh = make()
            qtbot.addWidget(fresh)
            for _ in steps(fresh):
                pass
            assert complaints(screen) == []
            assert read(screen) == read(fresh)


def read(screen: Screen) -> list[tuple[str, tuple[str, ...]]]:
    """What stands on a screen, with the colours of its keys."""
    return [(stop.accessibleName(), stop.looks() if isinstance(stop, Key) else ()) for stop in screen.stops()]
