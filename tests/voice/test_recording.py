"""A mall records its own voice: one long reading becomes a pack, and every mistake in a pack is found."""

import itertools
import math
import random
import shutil
import wave
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from antrean.texts import texts_for
from antrean.voice.pack import PACKS, load_pack, shipped_pack, wav_samples
from antrean.voice.phrase import LANGUAGES
from antrean.voice.reading import reading_script
from antrean.voice.recording import (
    APART_DB,
    RATE,
    Finding,
    WrongCount,
    any_wav,
    check,
    cut,
    finished,
    noise_db,
)
from antrean.voice.samples import LOUDNESS, Samples, levelled, loudness, of_bytes, resampled, trimmed
from antrean.voice.sound import length_ms, wav_of
from queue_server.admin.__main__ import main


def tone(ms: int, level: int = 8_000, rate: int = RATE) -> Samples:
    return array("h", (int(level * math.sin(math.tau * 220 * at / rate)) for at in range(rate * ms // 1000)))


def hush(ms: int, noise: int = 0, rate: int = RATE) -> Samples:
    """A room without anybody speaking."""
    return array("h", itertools.islice(itertools.cycle(_room(noise)), rate * ms // 1000))


@cache
def _room(noise: int) -> Samples:
    dice = random.Random(7)
    return array("h", (dice.randint(-noise, noise) for _ in range(7_919)))


@cache
def reading(language: str, pause_ms: int = 1_000, noise: int = 60) -> Samples:
    """Somebody reads the script: the shipped voice for id, tones for the languages without one."""
    dice = random.Random(3)
    pack = shipped_pack(language) if language in ("id", "en") else None
    said = hush(800, noise)
    for clip in reading_script(language):
        said += of_bytes(pack.clips[clip]) if pack else tone(dice.randint(250, 900))
        said += hush(pause_ms + dice.randint(0, 400), noise)
    return said


@contextmanager
def changed_pack(folder: Path) -> Iterator[Path]:
    shutil.copytree(PACKS / "id", folder)
    yield folder


def write(folder: Path, clip: str, samples: Samples, rate: int = RATE) -> None:
    (folder / f"{clip}.wav").write_bytes(wav_of(samples.tobytes(), rate))


def codes(findings: list[Finding], clip: str) -> set[str]:
    return {finding.code for finding in findings if finding.clip == clip}


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_long_reading_is_cut_into_the_clips_of_the_script(language: str) -> None:
    script = reading_script(language)
    take = reading(language)
    clips = cut(take, RATE, len(script))
    assert len(clips) == len(script)
    if language == "id":
        for name, clip in zip(script, clips, strict=True):
            known = len(shipped_pack("id").clips[name]) / 2
            assert abs(len(clip) - known) < RATE * 0.12, name


def test_a_breath_within_a_phrase_does_not_part_it() -> None:
    take = hush(500) + tone(400) + hush(250) + tone(400) + hush(1_000) + tone(300) + hush(500)
    assert [1000 * len(clip) // RATE > 900 for clip in cut(take, RATE, 2)] == [True, False]


def test_a_chair_is_no_word() -> None:
    take = tone(400) + hush(1_000) + tone(20) + hush(1_000) + tone(400) + hush(1_000)
    assert len(cut(take, RATE, 2)) == 2


@pytest.mark.parametrize(("wanted", "found"), [(4, 3), (2, 3)])
def test_another_number_of_clips_is_refused_with_what_was_found(wanted: int, found: int) -> None:
    take = hush(500)
    for ms in (300, 900, 400):
        take += tone(ms) + hush(2_000)
    with pytest.raises(WrongCount) as caught:
        cut(take, RATE, wanted)
    assert len(caught.value.lengths_ms) == found
    assert max(caught.value.lengths_ms) == pytest.approx(900, abs=30)


def test_silence_has_no_clips() -> None:
    with pytest.raises(WrongCount):
        cut(hush(3_000), RATE, 2)


def test_the_rooms_noise_is_told() -> None:
    assert noise_db(reading("jv", noise=30), RATE) < -40
    assert noise_db(reading("jv", noise=800), RATE) > -25
    assert noise_db(hush(0), RATE) == 0


@pytest.mark.parametrize("language", ["id", "en"])
def test_nothing_is_found_in_the_shipped_packs(language: str) -> None:
    assert check(PACKS / language) == []


def test_every_kind_of_mistake_is_found(tmp_path: Path) -> None:
    with changed_pack(tmp_path / "own") as own:
        (own / "7.wav").unlink()
        (own / "open.wav").unlink()
        (own / "8.wav").write_bytes(b"noise")
        write(own, "9", tone(400, rate=16_000), 16_000)
        write(own, "A", hush(400))
        write(own, "B", tone(2_500))
        write(own, "C", array("h", [32_767] * 8_000))
        write(own, "D", hush(400) + tone(300) + hush(300))
        write(own, "E", tone(400, 700))
        write(own, "F", tone(400, 20_000))
        write(own, "G", tone(40))
        write(own, "halo", tone(400))
        found = check(own)
    assert codes(found, "7") == {"missing"}
    assert codes(found, "open") == {"no_announcement"}
    assert codes(found, "8") == {"unreadable"}
    assert codes(found, "9") == {"rate"}
    assert codes(found, "A") == {"silent"}
    assert "long" in codes(found, "B")
    assert "clipped" in codes(found, "C")
    assert "silence" in codes(found, "D")
    assert codes(found, "E") == {"soft"}
    assert codes(found, "F") == {"loud"}
    assert "short" in codes(found, "G")
    assert codes(found, "halo") == {"extra"}
    assert {finding.clip for finding in found if finding.bad} == {"7", "8", "9", "A"}


def test_a_folder_without_a_readable_table_is_told(tmp_path: Path) -> None:
    assert [finding.code for finding in check(tmp_path)] == ["no_table"]
    (tmp_path / "pack.toml").write_text('language = "xx"\n')
    assert [finding.code for finding in check(tmp_path)] == ["no_language"]


def test_a_finished_clip_has_the_packs_loudness_and_no_silent_ends() -> None:
    rough = hush(700, 20, 44_100) + tone(500, 1_200, 44_100) + hush(900, 20, 44_100)
    clip = finished(rough, 44_100)
    assert 1000 * len(clip) / RATE == pytest.approx(524, abs=40)
    assert loudness(clip) == pytest.approx(LOUDNESS, rel=0.1)
    assert max(map(abs, clip)) <= 30_000


def test_silence_and_chimes_are_left_as_they_are() -> None:
    assert levelled(hush(100), RATE) == hush(100)
    assert trimmed(hush(100), RATE) == hush(100)
    assert finished(tone(300, 2_000), RATE, chime=True) == tone(300, 2_000)


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000])
def test_another_rate_keeps_length_and_pitch(rate: int) -> None:
    made = resampled(tone(500, rate=rate), rate, RATE)
    assert 1000 * len(made) / RATE == pytest.approx(500, abs=2)
    crossings = sum(1 for one, after in itertools.pairwise(made) if one < 0 <= after)
    assert crossings == pytest.approx(110, abs=2)


@pytest.mark.parametrize(("width", "channels"), [(1, 1), (2, 2), (3, 1), (4, 2)])
def test_any_plain_wav_is_read(width: int, channels: int, tmp_path: Path) -> None:
    path = tmp_path / "any.wav"
    values = tone(100, 8_192, 8_000)
    frames = bytearray()
    for value in values:
        one = (
            (value * 256 ** (width - 2)).to_bytes(width, "little", signed=True)
            if width > 1
            else bytes([value // 256 + 128])
        )
        frames += one * channels
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(width)
        sound.setframerate(8_000)
        sound.writeframes(bytes(frames))
    read, rate = any_wav(path)
    assert rate == 8_000
    assert max(abs(one - other) for one, other in zip(read, values, strict=True)) < (257 if width == 1 else 2)


def test_what_is_no_wav_is_told(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    path.write_bytes(b"ID3 an mp3")
    with pytest.raises(ValueError, match="RIFF"):
        any_wav(path)


def test_from_the_reading_to_the_preview(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a mall does in an afternoon, with a stereo recording of a soft voice."""
    stereo = array("h", (value // 3 for value in reading("id", 700) for _ in range(2)))
    with wave.open(str(tmp_path / "take.wav"), "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(stereo.tobytes())
    own, preview = tmp_path / "bu-ratna", tmp_path / "preview.wav"
    assert main(["voice", "cut", str(tmp_path / "take.wav"), str(own), "--name", 'Bu "Ratna"']) == 0
    assert "47 klip ditulis" in capsys.readouterr().out
    pack = load_pack(own)
    assert pack.name == 'Bu "Ratna"'
    assert pack.announces()
    assert {finding.code for finding in check(own)} <= {"soft", "loud"}, (
        f"what is {APART_DB} dB apart is told"
    )
    assert main(["voice", "preview", str(own), str(preview)]) == 0
    assert 40_000 < length_ms(preview.read_bytes()) < 90_000
    assert main(["voice", "cut", str(tmp_path / "take.wav"), str(own)]) == 1
    assert "sudah berisi" in capsys.readouterr().err


def test_a_reading_with_a_line_too_few_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "take", reading("su")[: -4 * RATE])
    assert (
        main(
            [
                "voice",
                "cut",
                str(tmp_path / "take.wav"),
                str(tmp_path / "own"),
                "--language",
                "su",
                "--words",
                "en",
            ]
        )
        == 1
    )
    told = capsys.readouterr().err
    assert "the script has 47" in told
    assert "record again" in told
    assert not (tmp_path / "own").exists()


def test_a_crooked_pack_is_checked_and_made_even(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with changed_pack(tmp_path / "own") as own:
        samples, rate = wav_samples((own / "5.wav").read_bytes())
        soft = array("h", (value // 4 for value in of_bytes(samples)))
        write(own, "5", hush(500) + soft + hush(500), rate)
        write(
            own, "6", resampled(of_bytes(wav_samples((own / "6.wav").read_bytes())[0]), RATE, 16_000), 16_000
        )
        (own / "chime.wav").unlink()
        assert main(["voice", "check", str(own)]) == 1
        told = capsys.readouterr()
        assert "SALAH 6.wav: laju sampel 16000 Hz" in told.out
        assert "PERIKSA 5.wav" in told.out
        assert "2 kesalahan" in told.err
        assert main(["voice", "normalise", str(own), str(tmp_path / "even")]) == 0
    assert check(tmp_path / "even") == []


@pytest.mark.parametrize("words", ["id", "en"])
def test_the_script_lists_every_clip_with_its_words(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["voice", "script", "--language", "jv", "--words", words]) == 0
    told = capsys.readouterr().out
    for clip, said in reading_script("jv").items():
        assert f"{said} " in told
        assert f" {clip}.wav" in told
    assert texts_for(words)("voice.script_how") in told


@pytest.mark.parametrize(
    "command",
    [
        ["check", "nowhere"],
        ["preview", "nowhere", "x.wav"],
        ["normalise", "nowhere", "out"],
        ["cut", "no.wav", "out"],
    ],
)
def test_what_is_not_there_is_told_without_a_traceback(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["voice", *command]) == 1
    assert capsys.readouterr().err.startswith("antrean-admin: ")


def test_other_commands_still_need_the_data(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["services"])
    assert ended.value.code == 2
    assert "--data" in capsys.readouterr().err
