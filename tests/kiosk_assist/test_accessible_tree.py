"""What a screen reader is told: walks the accessible tree of every screen and sheet, in every view's extremes."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from antrean.look.tokens import LIGHT
from kiosk import gallery
from kiosk.assist.sheet import MODES, TONGUES, AssistSheet
from kiosk.screens.needs import Needs
from kiosk.visit import Aloud
from kiosk.widgets.key import Key
from kiosk.widgets.words import BigLabel, Words
from tests.kiosk_assist.hands import RIGHT, Hands
from tests.kiosk_screens.fake_desk import FakeDesk, issued

Role = QAccessible.Role
UNKNOWN = (Role.NoRole, Role.Client, Role.Window)
DECORATION = (Role.Border, Role.Graphic)
"""Frames, and pictures beside words that say the same: what has no name of these is passed over by screen readers."""


def nodes(face: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """Everything that shows below `face`, itself included."""
    if face.state().invisible:
        return
    yield face
    for at in range(face.childCount()):
        child = face.child(at)
        if child is not None:
            yield from nodes(child)


def nameless(screen: QWidget) -> list[str]:
    """What a screen reader meets and cannot say."""
    said = []
    for node in nodes(QAccessible.queryAccessibleInterface(screen)):
        widget, name = node.object(), node.text(QAccessible.Text.Name)
        if isinstance(widget, Words) and not widget.text():
            continue  # an empty line shows nothing
        told = f"{type(widget).__name__} {widget.objectName()!r} {node.role().name}"
        if node.role() in UNKNOWN:
            said.append(f"no role: {told}")
        elif not name.strip() and node.role() not in DECORATION:
            said.append(f"no name: {told}")
    return said


@pytest.mark.parametrize("portrait", [True, False], ids=["upright", "lying"])
@pytest.mark.parametrize("mode", ["", "easy"])
def test_everything_on_every_screen_has_a_role_and_a_name(
    qtbot: QtBot, desk: FakeDesk, portrait: bool, mode: str
) -> None:
    scene = gallery.scene_for(desk, gallery.View(portrait, "id", LIGHT, mode=mode))
    for aloud in (Aloud.OFF, Aloud.EXPLORE):
        spoken = replace(scene, assist=replace(scene.assist, aloud=aloud))
        for name, make in gallery.screens(spoken, "ktp-hilang", issued("ktp-hilang")).items():
            screen = make()
            qtbot.addWidget(screen)
            screen.show()
            assert nameless(screen) == [], name


def test_everything_on_every_sheet_has_a_role_and_a_name(qtbot: QtBot, desk: FakeDesk) -> None:
    scene = gallery.scene_for(desk, gallery.View(True, "id", LIGHT))
    for name in gallery.SHEETS:
        below = Needs(scene)
        qtbot.addWidget(below)
        below.show()
        sheet = gallery.lay(name, scene, below)
        sheet.show()
        assert nameless(sheet) == [], name
    for page in (MODES, TONGUES):
        sheet = AssistSheet(scene, below, page, earphones=True)
        sheet.show()
        assert nameless(sheet) == [], page


def test_the_window_itself_and_its_ring_are_known(hands: Hands) -> None:
    hands.key(RIGHT)
    face = QAccessible.queryAccessibleInterface(hands.window)
    assert face.text(QAccessible.Text.Name)
    assert nameless(hands.window)[0].startswith("no role: KioskWindow")
    assert len(nameless(hands.window)) == 1, "a top-level window is known by its title"


def test_a_screen_reader_presses_a_key_as_a_finger_does(hands: Hands) -> None:
    start = hands.find("start")
    face = QAccessible.queryAccessibleInterface(start)
    actions = face.actionInterface()
    assert actions is not None
    actions.doAction(actions.pressAction())
    hands.qtbot.waitUntil(lambda: isinstance(hands.window.screen_, Needs), timeout=30_000)


def test_every_stop_is_named_alike_for_the_voice_and_for_a_screen_reader(
    qtbot: QtBot, desk: FakeDesk
) -> None:
    scene = gallery.scene_for(desk, gallery.View(True, "id", LIGHT))
    roles = {Key: Role.Button, Words: Role.StaticText, BigLabel: Role.StaticText}
    for make in gallery.screens(scene, "ktp-hilang", issued("ktp-hilang")).values():
        screen = make()
        qtbot.addWidget(screen)
        for stop in screen.stops():
            face = QAccessible.queryAccessibleInterface(stop)
            assert face.text(QAccessible.Text.Name) == stop.accessibleName()
            kind = next(role for base, role in roles.items() if isinstance(stop, base))
            assert face.role() == kind
