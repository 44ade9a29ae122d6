"""The boards in every language: none of their own words is shortened, whichever way the screen hangs."""

from typing import Any

import pytest
from PySide6.QtGui import QFont
from pytestqt.qtbot import QtBot

from antrean.texts import LANGUAGES
from display import band_paint, counter_paint, hall_paint, paint
from display.board import Canvas, CounterBoard, HallBoard
from display.calls import CallQueue, call_of
from display.scene import STALE_MS, counter_scene, hall_scene

SIZES = {"landscape": (960, 540), "portrait": (540, 960)}
STATES = ("closed", "available", "calling", "serving", "break")
ELIDED, SHRUNK = paint.elided, paint.shrunk


@pytest.fixture
def shortened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is painted shorter than it was meant, from now on."""
    found: list[str] = []

    def elided(text: str, face: QFont, room: float) -> str:
        shown = ELIDED(text, face, room)
        found.extend({text} - {shown})
        return shown

    def shrunk(text: str, sizes: tuple[float, ...], weight: int, room: float) -> tuple[str, QFont]:
        shown, face = SHRUNK(text, sizes, weight, room)
        found.extend({text} - {shown})
        return shown, face

    for module in (hall_paint, band_paint, counter_paint):
        for name, act in (("elided", elided), ("shrunk", shrunk)):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, act)
    return found


def draw(qtbot: QtBot, board: Canvas, size: tuple[int, int]) -> None:
    qtbot.addWidget(board)
    board.resize(*size)
    board.grab()


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_hall_board_shortens_none_of_its_words(
    qtbot: QtBot, wire: Any, shortened: list[str], language: str, size: tuple[int, int]
) -> None:
    paint.load_fonts()
    short = {"id": "KTP", "en": "ID card"}  # the mall's own words may be shortened
    call = wire.call("a", service=short)
    earlier, quiet = wire.call("c", "C1-008", "5", service=short), CallQueue(seen=())
    calling = CallQueue(seen=("a",), current=call_of(call), waiting=())
    late = wire.noon + STALE_MS + 1
    for state, queue, now in (
        (None, quiet, wire.noon),
        (wire.board(), quiet, wire.noon),
        (wire.board(call, earlier), calling, wire.noon),
        (wire.board(call, earlier), quiet, late),
    ):
        scene = hall_scene(state, queue, now, None if state is None else wire.noon, language=language)
        draw(qtbot, HallBoard(scene, motion=False), size)
    assert shortened == []


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_display_above_a_counter_shortens_none_of_its_words(
    qtbot: QtBot, wire: Any, shortened: list[str], language: str, size: tuple[int, int]
) -> None:
    paint.load_fonts()
    words = {"id": "KTP", "en": "ID card"}
    for state in STATES:
        wired = {
            "counter": "3",
            "name": {"id": "Loket 3", "en": "Counter 3"},
            "state": state,
            "label": "A1-012",
            "call_id": "a",
            "service": words,
            "services": [words],
            "reason": None,
            "until_ms": None,
            "server_ms": wire.noon,
        }
        for now in (wire.noon, wire.noon + STALE_MS + 1):
            scene = counter_scene(wired, "3", now, wire.noon, language=language, timezone="Asia/Jakarta")
            draw(qtbot, CounterBoard(scene, motion=False), size)
    assert shortened == []
