"""Recordings before the synthesizer, and nothing made twice."""

import logging
from pathlib import Path

import pytest

from antrean.voice.sentences import Recorded, load_recorded
from kiosk.speech_voice import Voice
from tests.speech.fake_voice import FakeSynthesizer, short_wav


def test_a_recording_goes_before_the_synthesizer(tmp_path: Path) -> None:
    clip = short_wav(500)
    (tmp_path / "urus.wav").write_bytes(clip)
    synthesizer = FakeSynthesizer()
    voice = Voice(synthesizer, lambda _: Recorded({"mau urus apa?": tmp_path / "urus.wav"}))
    assert voice.sound("Mau urus apa?", "id") == clip
    assert voice.sound("Kembali", "id") is not None
    assert synthesizer.made == [("id", "Kembali")]


def test_the_synthesizer_gets_words_only() -> None:
    synthesizer = FakeSynthesizer()
    Voice(synthesizer).sound("KTP & KK · 10–25 menit", "id")
    assert synthesizer.made == [("id", "ka te pe dan ka ka, sepuluh sampai dua puluh lima menit")]


def test_a_number_is_spoken_from_the_clips_of_a_call() -> None:
    synthesizer = FakeSynthesizer()
    voice = Voice(synthesizer, lambda language: load_recorded(None, language))
    assert voice.sound("A1-012", "id") is not None
    assert synthesizer.made == []


def test_nothing_is_made_twice() -> None:
    synthesizer = FakeSynthesizer()
    voice = Voice(synthesizer)
    assert voice.sound("Kembali", "id") == voice.sound("Kembali", "id")
    voice.sound("Kembali", "en")
    assert [language for language, _ in synthesizer.made] == ["id", "en"]


def test_what_was_not_asked_for_longest_is_forgotten_first() -> None:
    synthesizer = FakeSynthesizer()
    voice = Voice(synthesizer, kept_bytes=2 * len(short_wav(30)) + 20)
    for text in ("satu", "dua", "satu", "tiga", "satu", "dua"):
        voice.sound(text, "id")
    assert [text for _, text in synthesizer.made] == ["satu", "dua", "tiga", "dua"]


def test_trouble_is_silence_and_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    voice = Voice(FakeSynthesizer())
    with caplog.at_level(logging.WARNING, "kiosk.speech"):
        assert voice.sound("broken", "id") is None
        assert voice.sound("broken", "id") is None
        assert len(caplog.records) == 1
        assert voice.sound("Kembali", "id") is not None
        assert voice.sound("broken", "id") is None
    assert len(caplog.records) == 2


def test_nothing_to_say_and_nobody_to_say_it_are_silence() -> None:
    assert Voice(FakeSynthesizer()).sound("–", "id") is None
    assert Voice(None).sound("Kembali", "id") is None
    Voice(None).cancel()


def test_a_clip_that_went_away_is_trouble_not_an_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    voice = Voice(FakeSynthesizer(), lambda _: Recorded({"urus": tmp_path / "gone.wav"}))
    with caplog.at_level(logging.WARNING, "kiosk.speech"):
        assert voice.sound("urus", "id") is None
    assert len(caplog.records) == 1
