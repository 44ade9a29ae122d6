"""Recorded sentences of a site's own voice."""

import shutil
from pathlib import Path

import pytest

from antrean.domain.label import Label
from antrean.voice.pack import PACKS, BadPack, shipped_pack, wav_samples
from antrean.voice.sentences import load_recorded
from antrean.voice.sound import label_wav, length_ms, wav_of

CLIP = wav_of(b"\x10\x00" * 8_000, 16_000)


def write_sentences(folder: Path, table: str) -> None:
    (folder / "kiosk").mkdir(parents=True)
    (folder / "kiosk" / "urus.wav").write_bytes(CLIP)
    (folder / "sentences.toml").write_text(table, encoding="utf-8")


def test_a_recorded_sentence_is_found_by_its_words(tmp_path: Path) -> None:
    write_sentences(tmp_path / "jv", '[clips]\n"Badhé ngurus punapa." = "kiosk/urus.wav"\n')
    recorded = load_recorded(tmp_path, "jv")
    assert recorded.wav("badhé  ngurus punapa") == CLIP
    assert recorded.wav("Sanesipun") is None


def test_a_tile_may_stand_anywhere_in_its_list(tmp_path: Path) -> None:
    write_sentences(tmp_path / "id", '[clips]\n"KTP & KK" = "kiosk/urus.wav"\n')
    recorded = load_recorded(tmp_path, "id")
    assert recorded.wav("1. KTP & KK") == recorded.wav("12. KTP & KK") == CLIP


def test_a_pack_serves_its_own_language_only(tmp_path: Path) -> None:
    shutil.copytree(PACKS / "id", tmp_path / "own")
    write_sentences(tmp_path / "own", '[clips]\n"Mau urus apa?" = "kiosk/urus.wav"\n')
    assert load_recorded(tmp_path / "own", "id").wav("Mau urus apa?") == CLIP
    assert load_recorded(tmp_path / "own", "en").wav("Mau urus apa?") is None


def test_a_number_is_joined_from_the_letters_of_a_call() -> None:
    sound = load_recorded(None, "id").wav("A1-012")
    assert sound == label_wav(Label("A", "1", 12), shipped_pack("id"))
    assert 2_000 < length_ms(sound) < 4_000


@pytest.mark.parametrize("language", ["jv", "su"])
def test_javanese_and_sundanese_numbers_sound_as_they_are_called(language: str) -> None:
    assert load_recorded(None, language).wav("A1-012") == load_recorded(None, "id").wav("A1-012")


def test_numbers_come_from_the_sites_own_voice(tmp_path: Path) -> None:
    shutil.copytree(PACKS / "id", tmp_path / "id")
    (tmp_path / "id" / "A.wav").write_bytes(wav_of(b"\x10\x00" * 50_000, 22_050))
    own, shipped = load_recorded(tmp_path, "su").wav("A1-012"), load_recorded(None, "su").wav("A1-012")
    assert own is not None
    assert shipped is not None
    assert length_ms(own) > length_ms(shipped)


def test_every_clip_that_cannot_be_played_is_named_at_once(tmp_path: Path) -> None:
    table = '[clips]\n"Satu" = "kiosk/urus.wav"\n"Dua" = "kiosk/none.wav"\n"Tiga" = "kiosk/noise.wav"\n'
    write_sentences(tmp_path / "id", table)
    (tmp_path / "id" / "kiosk" / "noise.wav").write_bytes(b"noise")
    with pytest.raises(BadPack) as caught:
        load_recorded(tmp_path, "id")
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "kiosk/none.wav",
        "kiosk/noise.wav",
    ]


@pytest.mark.parametrize("table", ["clips = 3", "no toml at all", ""])
def test_a_table_that_cannot_be_read_is_told(tmp_path: Path, table: str) -> None:
    write_sentences(tmp_path / "id", table)
    with pytest.raises(BadPack, match=r"sentences\.toml"):
        load_recorded(tmp_path, "id")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadPack, match="no such folder"):
        load_recorded(tmp_path / "nowhere", "id")


def test_a_file_that_is_no_sound_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="no WAV"):
        wav_samples(b"")
