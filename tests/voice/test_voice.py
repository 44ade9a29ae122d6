import io
import shutil
import wave
from pathlib import Path

import pytest

from antrean.domain.errors import BadInput
from antrean.voice.pack import PACKS, SHIPPED, BadPack, load_pack, shipped_pack
from antrean.voice.phrase import LETTERS, Announcement, clips_needed, clips_to_announce, counter_words, phrase
from antrean.voice.sound import call_wav, length_ms


def test_a_call_names_number_digits_and_counter_in_order() -> None:
    said = phrase({"label": "A1-012", "counter": "3", "check": None}, "id")
    assert said == ("number", "A", "1", "pause", "0", "1", "2", "pause", "proceed", "3")


def test_twins_also_speak_their_check_letters() -> None:
    said = phrase(Announcement("A1-012", "3", "KM"), "en")
    assert said[7:10] == ("pause", "K", "M")


def test_two_letters_and_four_digits_are_all_spelled() -> None:
    assert phrase(Announcement("KA1-1012", "12"), "id")[1:9] == ("K", "A", "1", "pause", "1", "0", "1", "2")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("9", ("9",)), ("10", ("10",)), ("11", ("11",)), ("12", ("2", "teen")), ("20", ("2", "ty")),
        ("99", ("9", "ty", "9")), ("3B", ("3", "B")), ("a2", ("A", "2")), ("07", ("0", "7")), ("105", ("1", "0", "5")),
    ],
)  # fmt: skip
def test_indonesian_counters_are_words_and_letters(code: str, words: tuple[str, ...]) -> None:
    assert counter_words(code, "id") == words


@pytest.mark.parametrize(("code", "words"), [("12", ("12",)), ("40", ("40",)), ("41", ("40", "1"))])
def test_english_counters_are_words(code: str, words: tuple[str, ...]) -> None:
    assert counter_words(code, "en") == words


def test_an_unreadable_label_is_refused() -> None:
    with pytest.raises(BadInput):
        phrase(Announcement("hello", "3"), "id")


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_shipped_pack_is_whole_and_small(language: str) -> None:
    pack = shipped_pack(language)
    assert set(pack.clips) == clips_needed(language) | clips_to_announce()
    assert pack.rate == 22_050
    assert sum(path.stat().st_size for path in (PACKS / language).iterdir()) < 2_500_000


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_call_is_one_wav_of_a_length_people_can_follow(language: str) -> None:
    sound = call_wav("A1-012", "3", language, shipped_pack(language))
    with wave.open(io.BytesIO(sound)) as read:
        assert (read.getnchannels(), read.getsampwidth(), read.getframerate()) == (1, 2, 22_050)
    assert 5_000 < length_ms(sound) < 10_000
    assert length_ms(call_wav("A1-012", "3", language, shipped_pack(language), "KM")) > length_ms(sound)


def test_every_clip_is_audible_and_starts_without_a_gap() -> None:
    for name, samples in shipped_pack("id").clips.items():
        values = memoryview(samples).cast("h")
        assert max(values) > 5_000, name
        assert max(values[: 22_050 // 20]) > 300, name


def test_a_broken_pack_lists_every_problem(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    shutil.copytree(PACKS / "id", folder)
    (folder / "7.wav").unlink()
    (folder / "B.wav").write_bytes(b"noise")
    with pytest.raises(BadPack) as caught:
        load_pack(folder)
    assert [problem.split(":")[0] for problem in caught.value.problems] == ["7.wav", "B.wav"]


def test_no_letter_of_the_shipped_packs_is_only_a_hiss() -> None:
    """espeak-ng reads an accented "és" as a bare consonant, a seventh of a second long."""
    for language in SHIPPED:
        pack = shipped_pack(language)
        for letter in LETTERS:
            assert len(pack.clips[letter]) / 2 / pack.rate > 0.2, letter
