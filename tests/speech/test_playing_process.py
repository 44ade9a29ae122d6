"""The process that plays: it may die, hang or find no device, and the kiosk goes on."""

import json
import logging
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from antrean.voice.sound import wav_of
from kiosk.speech_qt import QtSpeaker
from kiosk.speech_voice import Voice
from loudspeaker.link import PlayerProcess, command
from loudspeaker.player import Player
from loudspeaker.process import obey
from tests.speech.fake_voice import FakeOutlet, FakeSynthesizer, short_wav

STAND_IN = """
import os, sys
from PySide6.QtCore import QCoreApplication, QTimer
from loudspeaker import process
from loudspeaker.player import Player
from tests.speech.fake_voice import FakeOutlet

app = QCoreApplication([])
player = Player(FakeOutlet())
player.halted.connect(lambda utterance: process.tell(halted=utterance))
player.sentence_started.connect(lambda utterance: process.tell(started=utterance))
player.utterance_ended.connect(lambda utterance: process.tell(ended=utterance))
process.tell(devices=["Speaker", str(os.getpid())])
commands = process.Commands()
commands.came.connect(lambda command: process.obey(player, command))
commands.ended.connect(app.quit)
QTimer.singleShot(0, commands.start)
app.exec()
os._exit(0)
"""
"""The real one with a loudspeaker that every machine has."""

ROOT = Path(__file__).parents[2]


@pytest.fixture
def player(qapp: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[PlayerProcess]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    made = PlayerProcess([sys.executable, "-c", STAND_IN], again_ms=10)
    yield made
    made.close()


def test_it_plays_in_order_in_a_process_of_its_own(player: PlayerProcess, qtbot: QtBot) -> None:
    speaker = QtSpeaker(Voice(FakeSynthesizer()), player)
    started: list[int] = []
    speaker.sentence_started.connect(started.append)
    with qtbot.waitSignal(speaker.utterance_ended, timeout=30_000) as ended:
        speaker.say(["satu", "dua"], "id")
    assert started == ended.args * 2
    assert speaker.available()
    speaker.close()


def test_a_touch_silences_it_in_the_middle_of_a_sentence(player: PlayerProcess, qtbot: QtBot) -> None:
    with qtbot.waitSignal(player.devices_found, timeout=30_000):
        player.start()
    started: list[int] = []
    player.sentence_started.connect(started.append)
    three_minutes = wav_of(bytes(2 * 100 * 180), 100)
    with qtbot.waitSignal(player.sentence_started, timeout=30_000):
        player.begin(1)
        for _ in range(20):
            player.take(1, three_minutes)
    with qtbot.waitSignal(player.halted, check_params_cb=lambda halted: halted == 2, timeout=30_000):
        player.begin(2)
    with qtbot.waitSignal(player.sentence_started, timeout=30_000):
        player.take(2, short_wav(30))
    assert started == [1, 2]


def test_when_it_dies_the_kiosk_goes_on_and_it_is_started_again(
    player: PlayerProcess, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    speaker = QtSpeaker(Voice(FakeSynthesizer()), player)
    with qtbot.waitSignal(player.devices_found, timeout=30_000) as found:
        player.start()
    with caplog.at_level(logging.WARNING, "loudspeaker"):
        with qtbot.waitSignal(player.devices_found, timeout=30_000) as lost:
            os.kill(int(found.args[0][1]), signal.SIGKILL)
        assert lost.args == [()]
        assert not speaker.available()
        speaker.say(["nobody hears this"], "id")
        qtbot.waitUntil(speaker.available, timeout=30_000)
    assert [record.getMessage() for record in caplog.records] == ["sound is not heard: playing ended with 9"]
    with qtbot.waitSignal(speaker.utterance_ended, timeout=30_000):
        speaker.say(["satu"], "id")
    speaker.close()


def test_it_ends_with_the_kiosk(player: PlayerProcess, qtbot: QtBot) -> None:
    with qtbot.waitSignal(player.devices_found, timeout=30_000) as found:
        player.start()
    player.close()
    with pytest.raises(ProcessLookupError):
        os.kill(int(found.args[0][1]), 0)
    player.start()
    player.take(1, None)  # a late sentence starts nothing any more


def test_without_any_sound_device_everything_goes_on(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No sound server answers here, whatever the machine under the tests has."""
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere/pulse")
    monkeypatch.setenv("PIPEWIRE_REMOTE", "/nowhere/pipewire")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    player = PlayerProcess(command(private_output="Earphones"), again_ms=10)
    speaker = QtSpeaker(Voice(FakeSynthesizer()), player, "Earphones")
    with caplog.at_level(logging.WARNING, "loudspeaker"):
        for _ in range(3):
            with qtbot.waitSignal(player.devices_found, timeout=30_000):
                speaker.say(["satu", "dua"], "id")
        qtbot.waitUntil(lambda: bool(caplog.records), timeout=30_000)
    assert not speaker.available()
    assert not speaker.has_private()
    speaker.close()
    assert {record.getMessage() for record in caplog.records} == {
        "sound is not heard: there is no sound device"
    }
    assert len(caplog.records) == 1


def test_a_program_that_does_not_start_is_told_once(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    player = PlayerProcess(["/nowhere/python"], again_ms=1)
    found: list[object] = []
    player.devices_found.connect(found.append)
    with caplog.at_level(logging.WARNING, "loudspeaker"):
        player.start()
        qtbot.waitUntil(lambda: len(found) > 2, timeout=30_000)
    assert len(caplog.records) == 1
    player.close()


def test_the_wire_says_the_same_as_a_call(qtbot: QtBot) -> None:
    outlet = FakeOutlet()
    player = Player(outlet)
    for line in ('{"level": 5}', '{"private": true}', '{"begin": 3}', '{"take": 3, "wav": null}', "{}"):
        obey(player, json.loads(line))
    assert outlet.turned == [1.0]
    assert outlet.halts >= 2
