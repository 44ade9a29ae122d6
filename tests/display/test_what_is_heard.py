"""What the hall hears, recorded on a clock of the test's own: in order, whole, and never two sounds at once."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from antrean.link.stream import StateUpdate
from antrean.voice.pack import packs_for, wav_samples
from antrean.voice.sound import call_in_all, length_ms
from display.paint import load_fonts
from display.program import HallDisplay, ServerClock
from display.voice import PREPARED, QUIET_LEAST_MS, HallVoice
from display.volume import Volumes

TICK_MS = 100
RATE = 22_050


@dataclass(frozen=True)
class Played:
    name: str
    start_ms: int
    wav: bytes
    level: int

    @property
    def end_ms(self) -> int:
        return self.start_ms + length_ms(self.wav)


class Recorder:
    """A loudspeaker with a tape: what was played, when, and how loud."""

    state = "ok"

    def __init__(self) -> None:
        self.now_ms = 0
        self.tape: list[Played] = []

    def __call__(self) -> int:
        return self.now_ms

    def play(self, name: str, wav: bytes, level: int) -> None:
        self.tape.append(Played(name, self.now_ms, wav, level))

    def close(self) -> None:
        pass


class Hall:
    """A hall board whose time is moved by hand, and what came out of its loudspeaker."""

    def __init__(self, wire: Any, languages: tuple[str, ...] = ("id",), **volumes: Any) -> None:
        self.wire, self.tape = wire, Recorder()
        self.packs = packs_for(languages, None)
        self.voice = HallVoice(self.packs, self.tape, Volumes(**volumes), say=None)
        self.display = HallDisplay(ServerClock(self.tape, self.tape), "id", None, self.voice, motion=False)
        self.calls: list[dict[str, Any]] = []
        self.notices: list[dict[str, Any]] = []
        self.tell()

    def tell(self) -> None:
        """The server's next whole state, at this moment."""
        state = self.wire.board(*self.calls, server_ms=self.wire.noon + self.tape.now_ms)
        self.display.take(StateUpdate("board", state | {"notices": self.notices}, "x.1"))

    def calls_one(self, name: str, label: str = "A1-012", counter: str = "3", **more: Any) -> None:
        at = {"called_at": self.wire.noon + self.tape.now_ms}
        self.calls.insert(0, self.wire.call(name, label, counter, **at, **more))
        self.tell()

    def announces(self, name: str, kind: str = "counter_closed", zone: str = "", text: str = "") -> None:
        self.notices.append(
            {
                "id": name,
                "kind": kind,
                "about": "" if kind == "free" else "5",
                "about_name": None,
                "text": text,
                "zone": zone,
                "at": self.wire.noon + self.tape.now_ms,
                "until_ms": self.wire.noon + self.tape.now_ms + 600_000,
            }
        )
        self.tell()

    def passes(self, ms: int) -> None:
        for _ in range(ms // TICK_MS):
            self.tape.now_ms += TICK_MS
            self.display.tick()

    def until_heard(self, qtbot: QtBot, sounds: int) -> None:
        """Time passes until so many sounds began; what a thread still makes is awaited, not timed."""

        def heard() -> bool:
            self.passes(TICK_MS)
            return len(self.tape.tape) >= sounds

        qtbot.waitUntil(heard, timeout=30_000)

    def heard(self) -> list[str]:
        return [played.name for played in self.tape.tape]


@pytest.fixture
def hall(qtbot: QtBot, wire: Any) -> Iterator[Hall]:
    load_fonts()
    made = Hall(wire)
    qtbot.addWidget(made.display.widget)
    yield made
    made.voice.close()


def never_two_at_once(tape: list[Played]) -> bool:
    return all(one.end_ms < next_.start_ms for one, next_ in itertools.pairwise(tape))


def test_fifty_calls_in_ten_seconds_are_all_spoken_whole_in_order_and_none_over_another(hall: Hall) -> None:
    for at in range(50):
        hall.calls_one(f"c{at}", f"{'ABCDE'[at % 5]}1-{at:03d}", str(at % 12 + 1))
        hall.calls = hall.calls[:60]
        hall.passes(200)
    assert hall.tape.now_ms == 10_000
    hall.passes(600_000)
    tape = hall.tape.tape
    assert hall.heard() == [f"c{at}" for at in range(50)]
    assert never_two_at_once(tape)
    for at, played in enumerate(tape):
        label, counter = f"{'ABCDE'[at % 5]}1-{at:03d}", str(at % 12 + 1)
        assert played.wav == call_in_all(label, counter, hall.packs), "each recording is exactly its call"
    assert tape[-1].end_ms < 50 * 10_000, "seven seconds a call, and no pause that grows"


def test_the_chime_never_overlaps_speech(hall: Hall) -> None:
    """Each recording is the chime, a silence, and words: mixed on one track, no two of them sound together."""
    for at in range(12):
        hall.calls_one(f"c{at}")
    hall.passes(120_000)
    chime = hall.packs[0].clips["chime"]
    track: list[tuple[int, int]] = []
    for played in hall.tape.tape:
        samples, rate = wav_samples(played.wav)
        assert samples.startswith(chime)
        assert not any(samples[len(chime) : len(chime) + 2 * rate * 200 // 1000]), "a breath after the chime"
        chime_ends = played.start_ms + len(chime) * 1000 // (2 * rate)
        track += [(played.start_ms, chime_ends), (chime_ends + 200, played.end_ms)]
    assert len(track) == 24
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(track))


def test_calls_go_before_announcements_and_wait_for_one_that_has_begun(hall: Hall, qtbot: QtBot) -> None:
    hall.calls_one("c0")
    hall.announces("n0")
    hall.calls_one("c1")
    hall.until_heard(qtbot, 3)
    hall.calls_one("c2")
    hall.announces("n1")
    hall.until_heard(qtbot, 5)
    assert hall.heard() == ["c0", "c1", "n0", "c2", "n1"]
    assert never_two_at_once(hall.tape.tape)
    hall.passes(60_000)
    assert len(hall.heard()) == 5, "an announcement is spoken once"


def test_a_recall_is_spoken_again(hall: Hall) -> None:
    hall.calls_one("c0")
    hall.calls_one("c0-again", recall=1)
    hall.passes(20_000)
    assert hall.heard() == ["c0", "c0-again"]


def test_what_was_announced_before_the_board_started_or_is_withdrawn_is_not_spoken(
    hall: Hall, wire: Any
) -> None:
    again = Hall(wire)
    again.notices, again.display._notices = [], type(again.display._notices)()
    again.announces("old")
    again.passes(5_000)
    again.voice.close()
    assert again.heard() == []
    hall.calls_one("c0")
    hall.announces("n0")
    hall.notices.clear()
    hall.tell()
    hall.passes(30_000)
    assert hall.heard() == ["c0"]


def test_an_announcement_for_another_zone_is_not_spoken(qtbot: QtBot, wire: Any, hall: Hall) -> None:
    hall.display._zone = "1A"
    hall.announces("here", zone="1A")
    hall.announces("there", zone="2B")
    hall.announces("everywhere")
    hall.until_heard(qtbot, 2)
    hall.passes(20_000)
    assert hall.heard() == ["here", "everywhere"]


def test_a_typed_text_without_a_synthesizer_is_a_chime_and_told(
    hall: Hall, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    assert not hall.voice.says_texts
    hall.announces("n0", kind="free", text="Mobil B 1234 XY, lampunya menyala")
    hall.until_heard(qtbot, 1)
    assert length_ms(hall.tape.tape[0].wav) < 3_000
    assert "an announcement is a chime only" in caplog.text


def test_in_quiet_hours_everything_is_softer_and_calls_stay_longer(qtbot: QtBot, wire: Any) -> None:
    load_fonts()
    hall = Hall(wire, quiet=((0, 24 * 60),), quiet_level=1)
    qtbot.addWidget(hall.display.widget)
    for at in range(3):
        hall.calls_one(f"c{at}")
    hall.passes(40_000)
    assert [played.level for played in hall.tape.tape] == [1, 1, 1]
    starts = [played.start_ms for played in hall.tape.tape]
    assert all(later - sooner >= QUIET_LEAST_MS for sooner, later in itertools.pairwise(starts))
    hall.tell()
    assert hall.display.widget.scene.state == "calling", "the last one is still large after its sound"
    hall.voice.close()


def test_a_zone_has_its_own_level_and_level_nought_is_silent_but_takes_its_time(
    qtbot: QtBot, wire: Any
) -> None:
    load_fonts()
    hall = Hall(wire, level=3, zones={"1A": 5, "2B": 0})
    qtbot.addWidget(hall.display.widget)
    hall.calls_one("loud", zone="1A")
    hall.calls_one("elsewhere", zone="2B")
    hall.calls_one("usual", zone="3C")
    hall.passes(60_000)
    assert [(played.name, played.level) for played in hall.tape.tape] == [("loud", 5), ("usual", 3)]
    gap = hall.tape.tape[1].start_ms - hall.tape.tape[0].end_ms
    assert gap > 5_000, "the call that others speak is still shown"
    hall.voice.close()


def test_two_languages_follow_each_other_in_one_sound(qtbot: QtBot, wire: Any) -> None:
    load_fonts()
    hall = Hall(wire, languages=("id", "en"))
    qtbot.addWidget(hall.display.widget)
    hall.calls_one("c0")
    hall.calls_one("c1")
    hall.passes(60_000)
    assert hall.heard() == ["c0", "c1"]
    assert never_two_at_once(hall.tape.tape)
    assert 9_000 < length_ms(hall.tape.tape[0].wav) < 15_000
    hall.voice.close()


def test_announcements_that_are_withdrawn_before_their_turn_fill_no_memory(hall: Hall) -> None:
    hall.calls_one("c0")
    for at in range(60):
        hall.notices.clear()
        hall.announces(f"n{at}")
    assert len(hall.voice._made) == PREPARED
