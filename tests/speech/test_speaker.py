"""The kiosk's voice at work: in order, silent at once, and never in anybody's way."""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from antrean.voice.espeak import Espeak
from kiosk.config import Sound, load_config
from kiosk.speech import NoSpeaker, Speaker
from kiosk.speech_qt import QtSpeaker, recordings, speaker_for
from kiosk.speech_voice import Voice
from kiosk.visit import LOUDEST, USUAL_VOLUME
from loudspeaker.outlet import QtOutlet
from loudspeaker.player import GAINS, Player
from tests.speech.fake_voice import FakeOutlet, FakeSynthesizer, program


class Rig:
    def __init__(self) -> None:
        self.synthesizer, self.outlet = FakeSynthesizer(), FakeOutlet()
        self.player = Player(self.outlet)
        self.speaker = QtSpeaker(Voice(self.synthesizer), self.player, "Earphones")

    def heard(self) -> list[str]:
        return [wav.rpartition(b"\x00")[2].decode() for wav, _, _ in self.outlet.heard]


@pytest.fixture
def rig(qtbot: QtBot) -> Iterator[Rig]:
    made = Rig()
    yield made
    made.synthesizer.over.set()  # a sound begun just after the last word to give up would be made for a minute
    made.speaker.close()


def test_sentences_are_spoken_in_order(rig: Rig, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rig.speaker.utterance_ended, timeout=30_000):
        rig.speaker.say(["satu", " ", "dua", "tiga"], "id")
    assert rig.heard() == ["satu", "dua", "tiga"]


def test_what_cannot_be_made_is_left_out(rig: Rig, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.WARNING, "kiosk.speech"),
        qtbot.waitSignal(rig.speaker.utterance_ended, timeout=30_000),
    ):
        rig.speaker.say(["satu", "broken", "tiga"], "id")
    assert rig.heard() == ["satu", "tiga"]


def test_a_new_utterance_replaces_the_old_one(rig: Rig, qtbot: QtBot) -> None:
    rig.synthesizer.ms = 60_000
    with qtbot.waitSignal(rig.speaker.sentence_started, timeout=30_000):
        rig.speaker.say(["satu", "dua"], "id")
    rig.synthesizer.ms = 20
    with qtbot.waitSignal(rig.speaker.utterance_ended, timeout=30_000):
        rig.speaker.say(["tiga"], "id")
    assert rig.heard() == ["satu", "tiga"]


def test_a_touch_silences_it_at_once(rig: Rig, qtbot: QtBot) -> None:
    rig.synthesizer.ms = 60_000
    with qtbot.waitSignal(rig.speaker.sentence_started, timeout=30_000):
        rig.speaker.say(["satu", "dua"], "id")
    before = rig.outlet.halts
    rig.speaker.stop()
    assert rig.outlet.halts == before + 1
    assert rig.heard() == ["satu"]


def test_what_is_made_too_late_is_never_heard(rig: Rig, qtbot: QtBot) -> None:
    rig.speaker.say(["stuck", "satu"], "id")
    assert rig.synthesizer.stuck.wait(30)
    with qtbot.waitSignal(rig.speaker.utterance_ended, timeout=30_000):
        rig.speaker.say(["dua"], "id")
    assert rig.heard() == ["dua"]


def test_screens_never_wait_for_the_voice(rig: Rig) -> None:
    for _ in range(50):
        rig.speaker.say(["stuck"], "id")
    assert rig.synthesizer.stuck.wait(30)
    rig.speaker.set_volume(LOUDEST)
    assert threading.get_ident() not in rig.synthesizer.makers
    assert not rig.synthesizer.waited_in_vain, "nobody waited for a sound that comes only when it is given up"


def test_volume_is_for_what_is_spoken_now_and_next(rig: Rig, qtbot: QtBot) -> None:
    rig.speaker.set_volume(LOUDEST)
    with qtbot.waitSignal(rig.speaker.utterance_ended, timeout=30_000):
        rig.speaker.say(["satu"], "id")
    rig.speaker.set_volume(0)
    with qtbot.waitSignal(rig.speaker.utterance_ended, timeout=30_000):
        rig.speaker.say(["dua"], "id")
    assert [gain for _, gain, _ in rig.outlet.heard] == [1.0, 0.0]
    assert rig.outlet.turned == [GAINS[USUAL_VOLUME], 1.0, 0.0]


def test_the_usual_volume_leaves_room_above_and_below() -> None:
    assert len(GAINS) == LOUDEST + 1
    assert list(GAINS) == sorted(GAINS)
    assert GAINS[LOUDEST] / GAINS[USUAL_VOLUME] > 3.3, "10 dB to go up"
    assert GAINS[USUAL_VOLUME] / GAINS[1] > 3.3


def test_private_speech_goes_to_the_earphones(rig: Rig, qtbot: QtBot) -> None:
    rig.speaker.set_private(True)
    with qtbot.waitSignal(rig.speaker.utterance_ended, timeout=30_000):
        rig.speaker.say(["satu"], "id")
    assert [private for _, _, private in rig.outlet.heard] == [True]


def test_earphones_are_offered_while_they_are_plugged_in(rig: Rig) -> None:
    assert not rig.speaker.available()
    rig.player.devices_found.emit(("Speaker", "Earphones"))
    assert rig.speaker.available()
    assert rig.speaker.has_private()
    rig.player.devices_found.emit(("Speaker",))
    assert rig.speaker.available()
    assert not rig.speaker.has_private()
    rig.player.devices_found.emit(())
    assert not rig.speaker.available()


def test_a_stuck_program_ends_at_its_time_limit_and_the_next_sentence_is_spoken(
    tmp_path: Path, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    speaks = "exec espeak-ng -v id --stdin --stdout"
    script = f'read text\ncase "$text" in macet) exec sleep 60;; esac\necho "$text" | {speaks}'
    outlet = FakeOutlet()
    speaker = QtSpeaker(Voice(Espeak(program(tmp_path, script), seconds=5)), Player(outlet))
    with (
        caplog.at_level(logging.WARNING, "kiosk.speech"),
        qtbot.waitSignal(speaker.utterance_ended, timeout=30_000),
    ):
        speaker.say(["macet", "Kembali"], "id")
    speaker.close()
    assert len(outlet.heard) == 1
    assert [record.getMessage() for record in caplog.records] == [
        f"a sentence is not spoken: {tmp_path}/espeak-ng took longer than 5 s"
    ]


@pytest.mark.qt_log_ignore("Couldn't (load|resolve)", "pa_context_connect")
def test_private_speech_is_never_heard_by_everybody(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "loudspeaker"):
        assert QtOutlet("", "Earphones that are gone").device(private=True) is None
    assert "Earphones that are gone" in caplog.text


def test_without_espeak_the_kiosk_has_no_voice(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with caplog.at_level(logging.WARNING, "kiosk.speech"):
        speaker: Speaker = speaker_for(load_config(Path("/nowhere"), {}, {}))
    assert isinstance(speaker, NoSpeaker)
    assert "espeak-ng is not installed" in caplog.text


def test_without_espeak_recordings_are_still_spoken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with caplog.at_level(logging.WARNING, "kiosk.speech"):
        speaker = speaker_for(load_config(Path("/nowhere"), {}, {"sound.voice_pack": str(tmp_path)}))
    assert isinstance(speaker, QtSpeaker)
    speaker.close()


def test_a_bad_voice_pack_is_told_and_the_shipped_voice_speaks(caplog: pytest.LogCaptureFixture) -> None:
    sound = Sound(voice_pack=Path("/nowhere/suara"))
    with caplog.at_level(logging.WARNING, "kiosk.speech"):
        assert recordings(sound, "id").wav("A1-012") is not None
    assert "the voice pack is not used for id" in caplog.text
