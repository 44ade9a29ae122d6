"""The hall's loudspeaker: in a process of its own, missed when it is gone, and never in the board's way."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QCoreApplication
from pytestqt.qtbot import QtBot

from antrean.domain.errors import Unavailable
from antrean.link.server import ServerLink
from antrean.voice.sound import wav_of
from display.report import SoundReport
from display.sound import MISSING, OFF, OK, HallLoudspeaker, Silent
from loudspeaker.link import PlayerProcess, command
from loudspeaker.outlet import NOWHERE, SILENT, is_heard
from loudspeaker.player import BETWEEN_MS, Player, Playing, lasting_ms

ROOT = Path(__file__).parents[2]
FAILS = 'import sys; print(\'{"devices": ["Broken"]}\', flush=True); sys.stdin.readline(); sys.exit(4)'
"""A player whose device takes nothing: it ends as soon as it is asked for something."""


def short(ms: int) -> bytes:
    return wav_of(b"\x01\x00" * (8 * ms), 8_000)


@pytest.fixture
def silent(qapp: QCoreApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[HallLoudspeaker]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    made = HallLoudspeaker(PlayerProcess(command(SILENT), again_ms=10))
    yield made
    made.close()


def test_sounds_begin_in_order_each_after_the_one_before(silent: HallLoudspeaker, qtbot: QtBot) -> None:
    began: list[str] = []
    silent.sound_started.connect(began.append)
    for at in range(5):
        silent.play(f"c{at}", short(40), 4)
    qtbot.waitUntil(lambda: len(began) == 5, timeout=30_000)
    assert began == ["c0", "c1", "c2", "c3", "c4"]
    assert silent.state == OK


def test_when_the_player_dies_the_board_goes_on_and_sound_comes_back(
    silent: HallLoudspeaker, qtbot: QtBot
) -> None:
    states: list[str] = []
    began: list[str] = []
    silent.state_changed.connect(states.append)
    silent.sound_started.connect(began.append)
    silent.play("before", short(20_000), 4)
    silent.play("lost", short(20_000), 4)
    qtbot.waitUntil(lambda: began == ["before"], timeout=30_000)
    assert isinstance(silent._player, PlayerProcess)
    os.kill(silent._player._process.processId(), signal.SIGKILL)
    qtbot.waitUntil(lambda: states == [MISSING, OK], timeout=30_000)
    silent.play("after", short(40), 4)
    qtbot.waitUntil(lambda: began == ["before", "after"], timeout=30_000)


def test_a_player_that_says_its_device_failed_is_missed_by_the_board(qtbot: QtBot) -> None:
    speaker = HallLoudspeaker(PlayerProcess([sys.executable, "-c", FAILS], again_ms=10))
    speaker.play("c0", short(40), 4)
    qtbot.waitUntil(lambda: speaker.state == MISSING, timeout=30_000)
    speaker.close()


class Told(Playing):
    """A player of which a test tells what it says."""

    def begin(self, utterance: int) -> None:
        pass

    def take(self, utterance: int, wav: object) -> None:
        pass

    def set_level(self, level: int) -> None:
        pass

    def set_private(self, on: bool) -> None:
        pass

    def close(self) -> None:
        pass


def test_a_device_that_takes_nothing_counts_as_missing_until_a_sound_was_played(
    qapp: QCoreApplication,
) -> None:
    player = Told()
    speaker = HallLoudspeaker(player)
    player.devices_found.emit(("Broken",))
    player.device_failed.emit()
    assert speaker.state == MISSING
    player.devices_found.emit(())
    player.devices_found.emit(("Broken",))
    assert speaker.state == MISSING, "a device on the list is no proof"
    player.utterance_ended.emit(0)
    assert speaker.state == OK


def test_without_a_sound_server_it_is_missing_and_nothing_waits(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere/pulse")
    monkeypatch.setenv("PIPEWIRE_REMOTE", "/nowhere/pipewire")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    speaker = HallLoudspeaker(PlayerProcess(command(), again_ms=10))
    qtbot.waitUntil(lambda: speaker.state == MISSING, timeout=30_000)
    for at in range(100):
        speaker.play(f"c{at}", short(5_000), 4)
    assert list(speaker._names) == [], "nobody wants to hear it minutes later"
    speaker.close()


def test_a_silent_board_is_off_and_not_missing() -> None:
    speaker = Silent()
    speaker.play("c0", short(40), 4)
    speaker.close()
    assert speaker.state == OFF


class Tape:
    """An outlet that writes down what a player does to it."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def play(self, wav: bytes, gain: float, private: bool) -> None:
        self.done.append("play")

    def settle(self) -> None:
        self.done.append("settle")

    def turn(self, gain: float) -> None:
        pass

    def halt(self) -> None:
        self.done.append("halt")


def test_a_player_looks_after_each_sound_whether_it_was_taken_and_cuts_none(qtbot: QtBot) -> None:
    tape = Tape()
    player = Player(tape)
    with qtbot.waitSignal(player.utterance_ended, timeout=30_000):
        for _ in range(3):
            player.take(0, short(20))
        player.take(0, None)
    assert tape.done == ["play", "settle", "play", "settle", "play", "settle"]
    assert lasting_ms(short(20)) == 20 + BETWEEN_MS


class Device:
    """What Qt tells of a sound device, as far as it matters here."""

    def __init__(self, name: bytes) -> None:
        self._name = QByteArray(name)

    def id(self) -> QByteArray:
        return self._name


def test_a_sound_card_that_is_not_there_is_none() -> None:
    """PulseAudio and PipeWire then offer "Dummy Output", and Qt calls it the default."""
    assert not is_heard(Device(NOWHERE))
    assert is_heard(Device(b"alsa_output.pci-0000_00_1f.3.analog-stereo"))


class FakeLink:
    def __init__(self) -> None:
        self.told: list[tuple[str, bool]] = []
        self.heard = threading.Event()
        self.broken = False
        self.closed = False

    def sound(self, state: str, says_texts: bool) -> None:
        self.told.append((state, says_texts))
        self.heard.set()
        if self.broken:
            raise Unavailable("no server", permanent=False)

    def close(self) -> None:
        self.closed = True


def test_the_server_hears_what_changes_and_what_holds_and_its_absence_harms_nobody() -> None:
    link = FakeLink()

    def made() -> ServerLink:
        return link  # type: ignore[return-value]  # the two methods that are used

    report = SoundReport(made, OK, says_texts=True, again_s=0.05)
    report.start()
    assert link.heard.wait(30)
    link.broken = True
    report.tell(MISSING)
    for _ in range(2):
        link.heard.clear()
        assert link.heard.wait(30)
    report.stop()
    assert link.closed
    assert link.told[0] == (OK, True)
    assert link.told[-1] == (MISSING, True)
