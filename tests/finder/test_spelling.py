"""Words, stems and the table of everyday words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.finder.guess import allowed_slips
from antrean.finder.lexicon import Reader, shipped_lexicon
from antrean.finder.spelling import is_shortened, stems, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("E-KTP", ["ektp"]),
        ("P-IRT & KTP-el", ["pirt", "ktpel"]),
        ("anak-anak", ["anak"]),
        ("non-Islam", ["nonislam"]),
        ("jalan2 teruuus", ["jalan", "terus"]),
        ("Téh Nénéng", ["teh", "neneng"]),
        ("ak1, SIM B1", ["ak1", "sim", "b1"]),
        ("", []),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    assert list(words_of(text)) == words


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("memperpanjang", "panjang"),
        ("menyewa", "sewa"),
        ("nyari", "cari"),
        ("mecah", "pecah"),
        ("pernikahan", "nikah"),
        ("ktpku", "ktp"),
        ("dibayarkan", "bayar"),
        ("bukunya", "buku"),
    ],
)
def test_affixes_hide_a_stem(word: str, stem: str) -> None:
    assert stem in stems(word)


@given(st.text(max_size=30))
def test_no_text_breaks_the_words_or_their_stems(text: str) -> None:
    for word in words_of(text):
        assert word
        assert all(len(stem) >= 3 and stem != word for stem in stems(word))


def test_vowels_may_be_left_out_but_not_swapped() -> None:
    assert is_shortened("lhr", "lahir")
    assert is_shortened("srtfkt", "sertifikat")
    assert not is_shortened("lahar", "lahir")
    assert not is_shortened("k", "kk")


def test_longer_words_may_have_more_slips() -> None:
    assert [allowed_slips(length) for length in (2, 3, 6, 7, 10, 11)] == [0, 1, 1, 2, 2, 3]


def test_no_word_of_the_table_stands_in_two_places() -> None:
    lexicon = shipped_lexicon()
    assert not lexicon.noise & set(lexicon.same)
    assert not lexicon.noise & lexicon.other
    assert not lexicon.other & set(lexicon.same)


def test_every_word_of_the_table_is_typed_with_plain_letters() -> None:
    lexicon = shipped_lexicon()
    words = {
        *lexicon.noise,
        *lexicon.other,
        *lexicon.same,
        *(word for phrase in lexicon.phrases for word in phrase),
    }
    assert [word for word in words if not (word.isascii() and word.isalnum() and word == word.lower())] == []


def test_phrases_are_written_with_the_terms_words_are_kept_under() -> None:
    lexicon = shipped_lexicon()
    written = {word for phrase in lexicon.phrases for word in phrase}
    assert [word for word in written if lexicon.term(word) != word] == []


def test_words_of_three_languages_are_kept_under_one_term() -> None:
    reader = Reader(shipped_lexicon(), frozenset({"ktp", "hilang"}))
    assert {reader.term(word) for word in ("ilang", "kelangan", "leungit", "lost", "kehilangan")} == {
        "hilang"
    }
    assert reader.terms(["kartu", "tanda", "penduduk", "saya", "ilang"]) == ("ktp", "hilang")
