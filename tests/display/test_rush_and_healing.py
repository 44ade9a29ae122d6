"""What stands on the boards in a rush, through ten minutes without network and after a sleep, on a clock of our own."""

import itertools
import time
from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from antrean.link.stream import Heartbeat, StateUpdate
from antrean.voice.pack import packs_for
from antrean.voice.sound import call_in_all, length_ms
from display import __main__ as program
from display import band_paint
from display.board import HallBoard
from display.calls import CallQueue
from display.paint import elided as as_drawn
from display.paint import load_fonts
from display.program import CounterDisplay, HallDisplay, ServerClock
from display.scene import hall_scene
from display.sound import Silent
from display.voice import HallVoice

TEN_MINUTES = 600_000
LONGEST = "Mohonperhatianbagi " * 8 + "semuanya"
"""A notice of 160 signs, in long words."""


class Wall:
    """A hall board on a wall, with time moved by hand; it remembers what stood on it, and since when."""

    def __init__(self, wire: Any) -> None:
        self.wire, self.now_ms = wire, 0
        self.packs = packs_for(("id",), None)
        self.voice = HallVoice(self.packs, Silent())
        clock = ServerClock(lambda: self.now_ms, lambda: self.now_ms)
        self.display = HallDisplay(clock, "id", None, self.voice, motion=False)
        self.calls: list[dict[str, Any]] = []
        self.stood: list[tuple[str, int]] = []
        self.tell()

    def tell(self) -> None:
        state = self.wire.board(*self.calls, server_ms=self.wire.noon + self.now_ms)
        self.display.take(StateUpdate("board", state, "x.1"))
        self.look()

    def call(self, name: str, label: str, counter: str = "3") -> None:
        at = self.wire.noon + self.now_ms
        self.calls.insert(0, self.wire.call(name, label, counter, called_at=at))

    def passes(self, ms: int, *, heard: bool = True) -> None:
        for _ in range(ms // 100):
            self.now_ms += 100
            if heard:
                self.display.take(Heartbeat(self.wire.noon + self.now_ms))
            else:
                self.display.tick()
            self.look()

    def look(self) -> None:
        scene = self.display.widget.scene
        if scene.state == "calling" and scene.label not in [label for label, _ in self.stood[-1:]]:
            self.stood.append((scene.label, self.now_ms))


@pytest.fixture
def wall(qtbot: QtBot, wire: Any) -> Iterator[Wall]:
    load_fonts()
    made = Wall(wire)
    qtbot.addWidget(made.display.widget)
    yield made
    made.voice.close()


def test_fifty_calls_in_ten_seconds_all_stand_on_the_board_in_order_as_long_as_their_sound(
    wall: Wall,
) -> None:
    labels = [f"{'ABCDE'[at % 5]}1-{at:03d}" for at in range(50)]
    for at, label in enumerate(labels):
        wall.call(f"c{at}", label, str(at % 12 + 1))
        wall.calls = wall.calls[:60]
        wall.passes(200)
        if at % 5 == 4:  # the stream skips frames in a rush: whole states tell what was skipped
            wall.tell()
    wall.passes(520_000)
    assert [label for label, _ in wall.stood] == labels
    for (at, (label, since)), (_, until) in zip(enumerate(wall.stood), wall.stood[1:], strict=False):
        sound = length_ms(call_in_all(label, str(at % 12 + 1), wall.packs))
        assert until - since >= sound, label
    assert wall.display.widget.scene.state == "last"


def test_ten_minutes_without_network_are_seen_and_mended_with_what_is_still_worth_a_call(wall: Wall) -> None:
    wall.call("a", "A1-001")
    wall.tell()
    wall.passes(20_000)
    wall.passes(TEN_MINUTES, heard=False)
    stale = wall.display.widget.scene
    assert stale.notice is not None
    assert stale.notice.title.endswith("10.42")
    assert (stale.state, stale.clock) == ("last", "10.52")
    wall.calls.insert(0, wall.wire.call("b", "A1-002", called_at=wall.wire.noon + 60_000))
    wall.call("c", "A1-003")
    wall.tell()
    healed = wall.display.widget.scene
    assert (healed.notice, healed.state, healed.label) == (None, "calling", "A1-003")
    assert [row.label for row in healed.history] == ["A1-002", "A1-001"], (
        "too old for a call, not for the list"
    )


def test_after_a_sleep_old_news_look_old_before_anything_else(wall: Wall) -> None:
    wall.call("a", "A1-001")
    wall.tell()
    assert wall.display.widget.scene.state == "calling"
    wall.now_ms += TEN_MINUTES  # no tick in between: the machine slept
    wall.display.tick()
    woken = wall.display.widget.scene
    assert (woken.state, woken.notice is None) == ("last", False)
    wall.tell()
    assert wall.display.widget.scene.notice is None


def test_a_counters_display_heals_likewise(qtbot: QtBot, wire: Any) -> None:
    now = [0]
    display = CounterDisplay(ServerClock(lambda: now[0], lambda: now[0]), "3", "id", motion=False)
    qtbot.addWidget(display.widget)
    state = {
        "counter": "3", "name": {"id": "Loket 3", "en": "Counter 3"}, "state": "calling", "label": "A1-012",
        "call_id": "a", "service": None, "services": [], "reason": None, "until_ms": None, "server_ms": wire.noon,
    }  # fmt: skip
    assert display.widget.scene.state == "waiting", "it starts without a server"
    display.take(StateUpdate("counter:3", state, "x.1"))
    now[0] = TEN_MINUTES
    display.tick()
    assert display.widget.scene.notice is not None
    news = state | {"state": "break", "label": None, "server_ms": wire.noon + TEN_MINUTES}
    display.take(StateUpdate("counter:3", news, "x.2"))
    healed = display.widget.scene
    assert healed.notice is None
    assert healed.state == "break"


def test_a_display_counts_the_time_its_machine_slept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux's monotonic clock stands still meanwhile; the one since the start of the machine does not."""
    monkeypatch.setattr(time, "CLOCK_BOOTTIME", 7, raising=False)
    monkeypatch.setattr(time, "clock_gettime_ns", {7: 42}.__getitem__, raising=False)
    assert program._awake_and_asleep_ns() == 42


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (1280, 1024), (2560, 1080)])
def test_the_longest_notice_fits_every_screen(
    qtbot: QtBot, wire: Any, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    load_fonts()
    notice = {
        "id": "n", "kind": "free", "about": "", "about_name": None, "text": LONGEST[:160], "zone": "",
        "at": wire.noon, "until_ms": wire.noon + 60_000,
    }  # fmt: skip
    state = wire.board(wire.call("a")) | {"notices": [notice]}
    drawn: list[tuple[str, str]] = []

    def elided(text: str, *told: Any) -> str:
        drawn.append((text, as_drawn(text, *told)))
        return drawn[-1][1]

    monkeypatch.setattr(band_paint, "elided", elided)
    board = HallBoard(
        hall_scene(state, CallQueue(seen=()), wire.noon, wire.noon, language="id"), motion=False
    )
    qtbot.addWidget(board)
    board.resize(*size)
    board.grab()
    assert all(meant == shown for meant, shown in drawn)
    assert " ".join(line for line, _ in drawn).split() == LONGEST[:160].split()
    assert len(drawn) * 38 * band_paint.POSTED_LEADING < 308


def test_the_picture_moves_aside_each_minute_and_comes_back(wall: Wall) -> None:
    board = wall.display.widget
    shifts = []
    for minute in range(18):
        board.shift_for(minute * 60_000)
        shifts.append(board._shift)
    assert all(one != other for one, other in itertools.pairwise(shifts))
    assert shifts[:9] == shifts[9:]
    assert {max(abs(x), abs(y)) for x, y in shifts} <= {0, 2}
