"""The real program where it works, stand-ins where it must not."""

import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from antrean.domain.errors import Unavailable
from antrean.voice.espeak import LONGEST, Espeak
from antrean.voice.figures import SPOKEN
from antrean.voice.pack import wav_samples
from antrean.voice.pronunciation import corrected, told
from antrean.voice.sound import length_ms
from antrean.voice.speech import spoken
from tests.speech.fake_voice import program

needs_espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
SHORT, LONG = "Kembali", "Tunggu di Lantai 1 · Zona A, tujuh orang di depan Anda, 10–25 menit"


def loudness(wav: bytes) -> float:
    values = [value for value in memoryview(wav_samples(wav)[0]).cast("h") if abs(value) > 120]
    return float((sum(value * value for value in values) / len(values)) ** 0.5)


@needs_espeak
@pytest.mark.parametrize("language", SPOKEN)
def test_every_language_is_spoken_aloud_and_longer_texts_take_longer(language: str) -> None:
    short, long = (Espeak().wav(spoken(text, language), language) for text in (SHORT, LONG))
    assert 300 < length_ms(short) < 1_500
    assert 4_000 < length_ms(long) < 15_000
    assert loudness(short) > 1_000


@needs_espeak
def test_the_computed_voice_is_about_as_loud_as_the_recorded_one() -> None:
    """A pack is made at 4,200; 6 dB either way is hard to notice between two sentences."""
    for language in ("id", "en"):
        assert 2_100 < loudness(Espeak().wav(spoken(LONG, language), language)) < 8_400


@needs_espeak
def test_corrected_words_sound_as_they_are_written_down() -> None:
    words = corrected()
    lines = ". ".join(told(word, "id") for word in words)
    command = ["espeak-ng", "-v", "id", "-b", "1", "-q", "-x", "--stdin"]
    said = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout
    assert said.split() == [phonemes.strip() for phonemes in words.values()]


def test_only_whole_indonesian_words_are_corrected() -> None:
    assert told("Loket tiga, berkas", "id") == "[[l'okEt]] tiga, [[b@Rk'as]]"
    assert told("kerjasama", "id") == "kerjasama"
    assert told("loket", "su") == "loket"


@needs_espeak
def test_a_lower_rate_takes_longer() -> None:
    slow, fast = (length_ms(Espeak(rate=rate).wav(spoken(LONG, "id"), "id")) for rate in (100, 200))
    assert slow > 1.3 * fast


@needs_espeak
def test_a_text_that_looks_like_an_option_is_only_spoken() -> None:
    assert length_ms(Espeak().wav("--version", "id")) > 300
    assert length_ms(Espeak().wav("$(reboot); 'a' | b", "id")) > 300


@needs_espeak
def test_an_endless_text_is_cut() -> None:
    assert length_ms(Espeak(rate=300).wav("ya " * 3 * LONGEST, "id")) < 300_000


def test_a_stuck_program_is_killed_at_its_time_limit(tmp_path: Path) -> None:
    """Were it not killed, its end would be waited for until this test has taken too long."""
    with pytest.raises(Unavailable, match=r"longer than 0\.2 s"):
        Espeak(program(tmp_path, "exec sleep 3600"), seconds=0.2).wav("ya", "id")


def test_a_stuck_program_is_given_up_when_nobody_wants_it_any_more(tmp_path: Path) -> None:
    started = tmp_path / "started"
    espeak = Espeak(program(tmp_path, f"cat >/dev/null; mkfifo {started}; exec sleep 3600"), seconds=3600)
    result: list[bytes] = []
    thread = threading.Thread(target=lambda: result.append(espeak.wav("ya", "id")))
    thread.start()
    while thread.is_alive() and not started.exists():
        thread.join(0.01)
    espeak.cancel()
    thread.join(30)
    assert result == [b""]


def test_cancelling_when_nothing_runs_changes_nothing() -> None:
    Espeak("nothing").cancel()


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("echo this is no sound", "made no sound"),
        ("cat >/dev/null", "made no sound"),
        ("exit 3", "ended with 3"),
        ("printf 'RIFF\\044\\000\\000\\000WAVE'", "made no sound"),
    ],
)
def test_garbage_is_told_and_not_played(tmp_path: Path, script: str, told: str) -> None:
    with pytest.raises(Unavailable, match=told):
        Espeak(program(tmp_path, script)).wav("ya", "id")


def test_a_program_that_is_not_there_is_told() -> None:
    with pytest.raises(Unavailable, match="does not start") as caught:
        Espeak("/nowhere/espeak-ng").wav("ya", "id")
    assert caught.value.permanent
