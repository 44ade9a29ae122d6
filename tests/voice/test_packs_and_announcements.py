"""Languages side by side, announcements from clips or a synthesizer, and numbers of counters in four languages."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from antrean.domain.errors import Unavailable
from antrean.voice.announcing import announcement_sound
from antrean.voice.pack import PACKS, SHIPPED, BadPack, Pack, load_pack, packs_for, shipped_pack, wav_samples
from antrean.voice.phrase import (
    LANGUAGES,
    PHRASES,
    announcement_phrase,
    clips_needed,
    clips_to_announce,
    counter_words,
)
from antrean.voice.reading import announcement_words, reading_script
from antrean.voice.sound import call_in_all, call_wav, length_ms, wav_of

# The tables of school books, written out; "-" parts what a pack records apart.
JAVANESE = {
    1: "setunggal", 2: "kalih", 3: "tiga", 4: "sekawan", 5: "gangsal", 6: "enem", 7: "pitu", 8: "wolu", 9: "sanga",
    10: "sedasa", 11: "sewelas", 12: "kalih welas", 13: "tiga welas", 14: "sekawan welas", 15: "gangsal welas",
    16: "enem welas", 17: "pitu welas", 18: "wolu welas", 19: "sanga welas", 20: "kalih dasa",
    21: "kalih dasa setunggal", 25: "selangkung", 26: "kalih dasa enem", 30: "tigang dasa", 34: "tigang dasa sekawan",
    40: "kawan dasa", 50: "seket", 57: "seket pitu", 60: "sewidak", 63: "sewidak tiga", 70: "pitung dasa",
    80: "wolung dasa", 90: "sangang dasa", 99: "sangang dasa sanga",
}  # fmt: skip
SUNDANESE = {
    1: "hiji", 2: "dua", 3: "tilu", 4: "opat", 5: "lima", 6: "genep", 7: "tujuh", 8: "dalapan", 9: "salapan",
    10: "sapuluh", 11: "sabelas", 12: "dua belas", 13: "tilu belas", 14: "opat belas", 15: "lima belas",
    16: "genep belas", 17: "tujuh belas", 18: "dalapan belas", 19: "salapan belas", 20: "dua puluh",
    21: "dua puluh hiji", 25: "dua puluh lima", 30: "tilu puluh", 48: "opat puluh dalapan", 50: "lima puluh",
    60: "genep puluh", 77: "tujuh puluh tujuh", 80: "dalapan puluh", 90: "salapan puluh", 99: "salapan puluh salapan",
}  # fmt: skip


def read(clips: Sequence[str], language: str) -> str:
    script = reading_script(language)
    return " ".join(script[clip] for clip in clips)


@pytest.mark.parametrize(("language", "table"), [("jv", JAVANESE), ("su", SUNDANESE)])
def test_counters_are_counted_as_the_tables_of_the_language_say(language: str, table: dict[int, str]) -> None:
    assert {number: read(counter_words(str(number), language), language) for number in table} == table


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_counters_sound_alike(language: str) -> None:
    said = {counter_words(str(number), language) for number in range(1, 100)}
    assert len(said) == 99


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_script_has_words_for_every_clip_and_for_no_other(language: str) -> None:
    script = reading_script(language)
    assert script.keys() | {"chime"} == clips_needed(language) | clips_to_announce()
    assert all(script.values())
    assert len(set(script.values())) >= len(script) - 1, (
        "the digit 1 and the letter may share a sound, no more"
    )


@pytest.mark.parametrize("language", SHIPPED)
def test_the_shipped_packs_hold_the_clips_of_announcements(language: str) -> None:
    assert shipped_pack(language).announces()


def test_an_announcement_says_the_counter_where_the_language_wants_it() -> None:
    assert announcement_phrase("counter_closed", "12", "id") == (
        "attention", "pause", "counter", "2", "teen", "closed",
    )  # fmt: skip
    assert announcement_phrase("go_to_counter_area", "5", "en")[2:] == ("area", "counter", "5")
    assert announcement_words("counter_open", "3B", "id") == "Perhatian. Loket 3B sudah buka"


def silence_say(text: str, language: str) -> bytes:
    raise Unavailable("no voice", permanent=True)


class Said:
    """A synthesizer that keeps what it was asked for; half a second of tone a text."""

    def __init__(self, rate: int = 22_050) -> None:
        self.asked: list[tuple[str, str]] = []
        self.rate = rate

    def __call__(self, text: str, language: str) -> bytes:
        self.asked.append((text, language))
        return wav_of(b"\x00\x10\x00\xf0" * (self.rate // 4), self.rate)


@pytest.fixture(scope="module")
def both() -> tuple[Pack, ...]:
    return packs_for(("id", "en"), None)


def test_a_call_in_two_languages_has_one_chime_and_both_words_in_order(both: tuple[Pack, ...]) -> None:
    alone = [wav_samples(call_wav("A1-012", "3", pack.language, pack))[0] for pack in both]
    together = wav_samples(call_in_all("A1-012", "3", both))[0]
    chime = both[0].clips["chime"]
    assert together.startswith(alone[0][: -2 * both[0].rate // 4]), "Indonesian first, to its end"
    english = alone[1][len(chime) :].strip(b"\0")
    assert english in together[len(alone[0]) - 2 * both[0].rate :]
    assert together.count(chime[:2_000]) == 1


@pytest.mark.parametrize("kind", PHRASES)
def test_what_clips_can_say_needs_no_synthesizer(kind: str, both: tuple[Pack, ...]) -> None:
    told = announcement_sound(kind, "5", "", both, None)
    assert told.words
    assert 4_000 < length_ms(told.wav) < 12_000


def test_a_typed_text_is_said_once_in_the_first_language(both: tuple[Pack, ...]) -> None:
    say = Said()
    told = announcement_sound("free", "", "Mobil B 1234 XY, lampunya menyala", both, say)
    assert told.words
    assert [language for _, language in say.asked] == ["id"]
    assert "satu dua tiga empat" in say.asked[0][0]


def test_without_a_synthesizer_a_typed_text_is_a_chime(both: tuple[Pack, ...]) -> None:
    for say in (None, silence_say):
        told = announcement_sound("free", "", "Ada kunci ditemukan", both, say)
        assert not told.words
        assert 500 < length_ms(told.wav) < 3_000


def test_speech_of_another_rate_keeps_its_length(both: tuple[Pack, ...]) -> None:
    lengths = [
        length_ms(announcement_sound("free", "", "Ada", both, Said(rate)).wav)
        for rate in (16_000, 22_050, 44_100)
    ]
    assert max(lengths) - min(lengths) < 10


def own_pack(folder: Path, language: str, *without: str) -> Path:
    shutil.copytree(PACKS / language, folder)
    for clip in without:
        (folder / f"{clip}.wav").unlink()
    return folder


def test_an_older_pack_without_the_new_clips_still_calls_and_has_its_announcements_synthesized(
    tmp_path: Path,
) -> None:
    pack = load_pack(own_pack(tmp_path / "lama", "id", *clips_to_announce()))
    assert not pack.announces()
    say = Said()
    assert announcement_sound("counter_closed", "5", "", (pack,), say).words
    assert say.asked == [("Perhatian. Loket lima tutup sementara", "id")]


def test_a_clip_of_an_announcement_that_is_there_must_be_sound(tmp_path: Path) -> None:
    folder = own_pack(tmp_path / "rusak", "id")
    (folder / "open.wav").write_bytes(b"noise")
    with pytest.raises(BadPack, match=r"open\.wav"):
        load_pack(folder)


def test_a_sites_own_folder_speaks_for_its_language_and_the_shipped_packs_for_the_others(
    tmp_path: Path,
) -> None:
    own = own_pack(tmp_path / "bu-ratna", "id")
    toml = own / "pack.toml"
    toml.write_text(toml.read_text().replace("Suara bawaan", "Bu Ratna"))
    assert [pack.name for pack in packs_for(("id", "en"), own)] == ["Bu Ratna", "Built-in voice"]
    many = tmp_path / "suara"
    many.mkdir()
    shutil.move(own, many / "id")
    assert [pack.name for pack in packs_for(("en", "id"), many)] == ["Built-in voice", "Bu Ratna"]


def test_a_language_without_a_pack_is_told_and_a_missing_folder_too(tmp_path: Path) -> None:
    with pytest.raises(BadPack, match="no pack speaks jv"):
        packs_for(("id", "jv"), None)
    with pytest.raises(BadPack, match="no such folder"):
        packs_for(("id",), tmp_path / "nowhere")


def test_packs_of_two_rates_do_not_speak_together(tmp_path: Path) -> None:
    own = own_pack(tmp_path / "cepat", "en")
    for path in own.glob("*.wav"):
        samples, _ = wav_samples(path.read_bytes())
        path.write_bytes(wav_of(samples, 16_000))
    with pytest.raises(BadPack, match="one sample rate"):
        packs_for(("id", "en"), own)
