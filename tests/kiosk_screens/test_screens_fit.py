"""Every screen in every view: no word is cut, nothing lies over anything else, every key can be hit and named."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from antrean.domain.catalogue import Mall
from kiosk import gallery
from kiosk.desk import Paper
from kiosk.screens import lists
from kiosk.screens.card import Card
from kiosk.screens.needs import Needs
from kiosk.screens.number import Number
from kiosk.screens.screen import Screen
from kiosk.widgets.key import Key
from kiosk.widgets.measure import SMALLEST_KEY
from kiosk.widgets.words import BigLabel, Words
from tests.kiosk_screens.fake_desk import MONDAY_0942, FakeDesk, issued

VIEWS = list(gallery.views())
DEEP = [
    view
    for view in VIEWS
    if view.theme.name == "light" and view.mode in ("", "easy") and view.language in ("id", "en")
]
"""The catalogue's own words come in two languages, and reach mode moves the same cards and tiles."""


def leaves(screen: QWidget) -> list[QWidget]:
    found = [widget for widget in screen.findChildren(QWidget) if isinstance(widget, Key | Words | BigLabel)]
    return [
        widget
        for widget in found
        if widget.isVisibleTo(screen) and getattr(widget, "text", lambda: "x")() != ""
    ]


def inked(part: QWidget) -> QRect:
    return part.inked if isinstance(part, Words) else part.rect()


def complaints(screen: QWidget) -> list[str]:
    """What is cut, out of the screen, too small to touch, or over something else."""
    screen.grab(QRect(0, 0, 1, 1))  # lays out what waits for being shown
    said, parts = [], leaves(screen)
    boxes = {part: inked(part).translated(part.mapTo(screen, QPoint())) for part in parts}
    for part in parts:
        name = part.objectName() or part.accessibleName()
        if getattr(part, "clipped", False):
            said.append(f"cut: {name}")
        if not screen.rect().contains(boxes[part]):
            said.append(f"outside: {name}")
        if isinstance(part, Key) and min(part.width(), part.height()) < SMALLEST_KEY:
            said.append(f"too small: {name} {part.width()}x{part.height()}")
    for one, other in combinations(parts, 2):
        if one.isAncestorOf(other) or other.isAncestorOf(one):
            continue
        if boxes[one].intersects(boxes[other]):
            said.append(f"over each other: {one.accessibleName()} / {other.accessibleName()}")
    return said


def steps(screen: Screen) -> Iterator[int]:
    """Every step of a screen that comes in several; the key to the next one is pressed in between."""
    yield (at := 0)
    while following := [key for key in screen.findChildren(Key, "next") if key.isVisibleTo(screen)]:
        following[-1].click()
        yield (at := at + 1)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_no_screen_cuts_a_word_or_covers_another(qtbot: QtBot, desk: FakeDesk, view: gallery.View) -> None:
    scene = gallery.scene_for(desk, view)
    service = gallery.longest_service(desk.the_mall)
    for name, make in gallery.screens(scene, service, issued(service)).items():
        screen = make()
        qtbot.addWidget(screen)
        assert complaints(screen) == [], name


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_no_sheet_cuts_a_word(qtbot: QtBot, desk: FakeDesk, view: gallery.View) -> None:
    scene = gallery.scene_for(desk, view)
    for name in gallery.SHEETS:
        below = Needs(scene)
        qtbot.addWidget(below)
        assert complaints(gallery.lay(name, scene, below)) == [], name


@pytest.mark.parametrize("view", DEEP, ids=lambda view: view.name)
def test_every_service_of_the_sample_mall_fits_its_card_and_its_number(
    qtbot: QtBot, desk: FakeDesk, view: gallery.View
) -> None:
    scene = gallery.scene_for(desk, view)
    bad = []
    for service in desk.the_mall.services.values():
        for screen in (Card(scene, service), Number(scene, issued(service.code))):
            qtbot.addWidget(screen)
            for _ in steps(screen):
                bad += [f"{service.code}: {complaint}" for complaint in complaints(screen)]
    assert bad == []


@pytest.mark.parametrize("view", DEEP, ids=lambda view: view.name)
def test_every_list_fits_on_all_its_pages(qtbot: QtBot, desk: FakeDesk, view: gallery.View) -> None:
    scene, mall = gallery.scene_for(desk, view), desk.the_mall
    others = list(mall.needs)[-1]
    makers: list[Callable[[int], lists.PagedList]] = [
        partial(lists.services_of_need, scene, need) for need in mall.needs
    ]
    makers.append(partial(lists.agencies_of_need, scene, others))
    makers += [partial(lists.services_of_agency, scene, agency, others) for agency in mall.agencies]
    bad = []
    for make in makers:
        first = make(0)
        qtbot.addWidget(first)
        for page in range(first.pages):
            screen = make(page)
            qtbot.addWidget(screen)
            bad += complaints(screen)
    assert bad == []


@pytest.mark.parametrize("view", DEEP, ids=lambda view: view.name)
def test_closed_full_and_every_outcome_of_the_paper_fit(
    qtbot: QtBot, desk: FakeDesk, view: gallery.View
) -> None:
    scene = gallery.scene_for(desk, view)
    service = desk.the_mall.services["ktp-hilang"]
    shown: list[Screen] = []
    for hours in (0, -9, 3, 8, 5 * 24):
        desk.now = MONDAY_0942 + hours * 3_600_000
        shown += [Card(scene, service), lists.services_of_need(scene, "ktp-kk")]
        qtbot.addWidget(shown[-1])
    desk.now = desk.end_numbers()
    shown += [Card(scene, service), lists.services_of_need(scene, "ktp-kk")]
    desk.full = set(desk.the_mall.services)
    desk.now = MONDAY_0942
    shown += [Card(scene, service), lists.services_of_need(scene, "ktp-kk")]
    for paper in Paper:
        number = Number(scene, replace(issued("ktp-hilang"), ahead=None, wait=None, label="A1-1012"))
        number.show_paper(paper)
        shown.append(number)
    for screen in shown:
        qtbot.addWidget(screen)
        for _ in steps(screen):
            assert complaints(screen) == []


def test_every_key_has_a_name_and_the_role_of_a_button(
    qtbot: QtBot, desk: FakeDesk, sample_mall: Mall
) -> None:
    scene = gallery.scene_for(desk, VIEWS[0])
    for make in gallery.screens(scene, "ktp-hilang", issued("ktp-hilang")).values():
        screen = make()
        qtbot.addWidget(screen)
        for key in screen.findChildren(Key):
            face = QAccessible.queryAccessibleInterface(key)
            assert face.role() == QAccessible.Role.Button
            assert face.text(QAccessible.Text.Name), key.objectName()
            assert key.objectName()
            assert key.focusPolicy().value == 0, "a scanner's Enter would press it"
