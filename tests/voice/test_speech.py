"""What is said for what stands on a screen."""

import re
import string
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.voice.figures import SPOKEN, cardinal, digits, time_of_day, year
from antrean.voice.speech import label_in, spoken
from antrean.voice.spelling import is_word, spell

SAMPLES = Path(__file__).parents[2] / "queue_server" / "samples"
SPEAKABLE = re.compile(r"[^\W\d_]*(?:[ ,.?!'-]+[^\W\d_]+)*[.?!]?")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A1-012", "a satu, nol satu dua"),
        ("KA1-1012", "ka a satu, satu nol satu dua"),
        ("Nomor A1-012", "Nomor a satu, nol satu dua"),
        ("09.41", "pukul sembilan lewat empat puluh satu"),
        ("pukul 09.41", "pukul sembilan lewat empat puluh satu"),
        ("Tutup hari ini, buka Senin 07.30", "Tutup hari ini, buka Senin pukul tujuh lewat tiga puluh"),
        ("Buka Sel 07.30", "Buka Selasa pukul tujuh lewat tiga puluh"),
        ("12.00–13.00", "pukul dua belas sampai pukul tiga belas"),
        ("10–25 menit", "sepuluh sampai dua puluh lima menit"),
        ("1–3 hari kerja", "satu sampai tiga hari kerja"),
        ("7 orang menunggu · 10–25 menit", "tujuh orang menunggu, sepuluh sampai dua puluh lima menit"),
        ("Rp 150.000", "seratus lima puluh ribu rupiah"),
        ("Rp150.000,", "seratus lima puluh ribu rupiah"),
        ("Rp25.000.000", "dua puluh lima juta rupiah"),
        ("di atas Rp50 juta", "di atas lima puluh juta rupiah"),
        ("Rp100.000–Rp200.000", "seratus ribu rupiah sampai dua ratus ribu rupiah"),
        ("0,5% dari penjualan", "nol koma lima persen dari penjualan"),
        ("1/1000 nilai tanah", "satu per seribu nilai tanah"),
        ("Foto 3×4 latar putih", "Foto tiga kali empat latar putih"),
        ("paling luas 600 m²", "paling luas enam ratus meter persegi"),
        ("KTP & KK", "ka te pe dan ka ka"),
        ("SIM & STNK", "sim dan es te en ka"),
        ("BPJS, NIB, NPWP", "be pe je es, en i be, en pe we pe"),
        ("KTP-el atau e-KTP", "ka te pe elektronik atau ka te pe elektronik"),
        ("SPP-IRT", "es pe pe i er te"),
        ("Kartu kuning (AK1)", "Kartu kuning, a ka satu"),
        ("Pajak jual tanah (PPh)", "Pajak jual tanah, pe pe ha"),
        ("Kantor Pertanahan (ATR/BPN)", "Kantor Pertanahan, a te er, be pe en"),
        ("Lantai 1 · Zona A", "Lantai satu, Zona a"),
        ("zona 1A", "zona satu a"),
        ("Loket 12", "Loket dua belas"),
        ("2 dari 3", "dua dari tiga"),
        ("SMS 1708", "es em es satu tujuh nol delapan"),
        ("lewat lapor.go.id", "lewat lapor titik go titik id"),
        ("Selasa, 25 November 2025", "Selasa, dua puluh lima November dua ribu dua puluh lima"),
        ("misalnya “KTP hilang” atau “pindah rumah”.", "misalnya ka te pe hilang atau pindah rumah"),
        ("KTP HILANG", "ka te pe hilang"),
        ("Mau urus apa?", "Mau urus apa?"),
        ("Foto QR ini", "Foto kiu ar ini"),
        ("Menghubungi server …", "Menghubungi server"),
        ("undang-undang", "undang-undang"),
        ("http://192.168.10.5", "satu sembilan dua titik satu enam delapan titik satu nol titik lima"),
        ("–", ""),
        ("•••", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_indonesian_is_said_as_people_read_it(text: str, said: str) -> None:
    assert spoken(text, "id") == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A1-012", "eh one, zero one two"),
        ("Opens at 09:41", "Opens at nine forty one"),
        ("09:05", "nine oh five"),
        ("08:00", "eight o'clock"),
        ("13:00–16:30", "one p m to four thirty p m"),
        ("10–25 minutes", "ten to twenty five minutes"),
        ("ID & family card", "eye dee and family card"),
        ("Rp150,000", "one hundred and fifty thousand rupiah"),
        ("Receipt of the 2.5% tax", "Receipt of the two point five percent tax"),
        ("A letter from RT", "a letter from are tee"),
        ("Floor 1 · Zone A", "Floor one, Zone eh"),
        ("48-page passport", "forty eight page passport"),
        ("Tuesday, 25 November 2025", "Tuesday, twenty five November twenty twenty five"),
        ("Child's photo", "Child's photo"),
    ],
)
def test_english_is_said_as_people_read_it(text: str, said: str) -> None:
    assert spoken(text, "en") == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("jv", "10–25", "sedasa ngantos selangkung"),
        ("jv", "09.41", "tabuh sanga langkung kawan dasa setunggal"),
        ("jv", "Rp75.000", "pitung dasa gangsal ewu rupiah"),
        ("jv", "KTP & KK", "ka te pe saha ka ka"),
        ("su", "10–25", "sapuluh dugi ka dua puluh lima"),
        ("su", "09.41", "tabuh salapan langkung opat puluh hiji"),
        ("su", "Rp75.000", "tujuh puluh lima rebu rupiah"),
        ("su", "KTP & KK", "ka te pe sareng ka ka"),
    ],
)
def test_javanese_and_sundanese_count_in_their_own_words(language: str, text: str, said: str) -> None:
    assert spoken(text, language) == said


@pytest.mark.parametrize("language", ["id", "jv", "su"])
def test_a_number_is_told_as_the_hall_will_call_it(language: str) -> None:
    assert spoken("A1-012", language) == "a satu, nol satu dua"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, ("nol", "zero", "nol", "nol")),
        (10, ("sepuluh", "ten", "sedasa", "sapuluh")),
        (11, ("sebelas", "eleven", "sewelas", "sabelas")),
        (12, ("dua belas", "twelve", "kalih welas", "dua belas")),
        (20, ("dua puluh", "twenty", "kalih dasa", "dua puluh")),
        (25, ("dua puluh lima", "twenty five", "selangkung", "dua puluh lima")),
        (56, ("lima puluh enam", "fifty six", "seket enem", "lima puluh genep")),
        (64, ("enam puluh empat", "sixty four", "sewidak sekawan", "genep puluh opat")),
        (100, ("seratus", "one hundred", "satus", "saratus")),
        (312, ("tiga ratus dua belas", "three hundred and twelve", "tigang atus kalih welas", "tilu ratus dua belas")),
        (1000, ("seribu", "one thousand", "seewu", "sarebu")),
        (4001, ("empat ribu satu", "four thousand one", "kawan ewu setunggal", "opat rebu hiji")),
        (1_000_000, ("satu juta", "one million", "setunggal yuta", "hiji juta")),
    ],
)  # fmt: skip
def test_numbers_have_words_in_four_languages(number: int, words: tuple[str, ...]) -> None:
    assert tuple(cardinal(number, language) for language in SPOKEN) == words


@given(st.integers(0, 10**15 - 1), st.sampled_from(SPOKEN))
def test_no_two_numbers_sound_alike(number: int, language: str) -> None:
    assert cardinal(number, language) != cardinal(number + 1, language)
    assert not re.search(r"\d|  ", cardinal(number, language))


def test_a_negative_number_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="from 0"):
        cardinal(-1, "id")


def test_beyond_all_names_digits_are_read() -> None:
    assert cardinal(10**15, "id").split()[:2] == ["satu", "nol"]


def test_digits_are_read_one_by_one() -> None:
    assert digits("012", "en") == "zero one two"


def test_years_are_said_in_pairs_in_english_only() -> None:
    assert [year(n, "en") for n in (1998, 1900, 1905, 2001, 2026)] == [
        "nineteen ninety eight", "nineteen hundred", "nineteen oh five", "two thousand one", "twenty twenty six",
    ]  # fmt: skip
    assert year(1998, "id") == "seribu sembilan ratus sembilan puluh delapan"


def test_noon_and_full_hours() -> None:
    assert time_of_day(12, 0, "en") == "twelve o'clock"
    assert time_of_day(13, 0, "id") == "tiga belas"


def test_letters_have_the_names_of_their_language() -> None:
    assert spell("BQ7", "id") == "be ki tujuh"
    assert spell("BQ7", "en") == "bee cue seven"


def test_long_capitals_that_can_be_said_are_words() -> None:
    assert is_word("HILANG")
    assert not is_word("BPHTB")
    assert not is_word("KTP")


def test_a_label_is_known_only_alone() -> None:
    assert str(label_in(" A1-012 ")) == "A1-012"
    assert label_in("Nomor A1-012") is None
    assert label_in("IA-012") is None


def test_a_question_ends_with_one_mark() -> None:
    assert spoken("Ada 0-?", "jv") == "Ada nol?"
    assert spoken("Sudah?!", "id") == "Sudah?"


@pytest.mark.parametrize("language", SPOKEN)
@given(text=st.text(alphabet=string.printable + "·–—×&“”…²éAP", max_size=60))
def test_whatever_is_written_can_be_spoken(language: str, text: str) -> None:
    assert SPEAKABLE.fullmatch(spoken(text, language)), spoken(text, language)


def _texts(found: Any) -> list[tuple[str, str]]:
    if isinstance(found, list):
        return [pair for one in found for pair in _texts(one)]
    if not isinstance(found, dict):
        return []
    if isinstance(found.get("id"), str):
        return [(language, found[language]) for language in SPOKEN if language in found]
    return [pair for one in found.values() for pair in _texts(one)]


@pytest.mark.parametrize("sample", ["mpp.toml", "tiny.toml"])
def test_every_text_of_the_sample_malls_can_be_spoken(sample: str) -> None:
    pairs = _texts(tomllib.loads((SAMPLES / sample).read_text(encoding="utf-8")))
    assert len(pairs) > 90
    for language, text in pairs:
        said = spoken(text, language)
        assert said, text
        assert SPEAKABLE.fullmatch(said), (text, said)
        assert not re.search(r"\b[A-Z]{2,}\b", said), (text, said)
