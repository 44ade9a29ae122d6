"""How well the finder does on the labelled queries; docs/finder.md tells the figures."""

import tomllib
from collections.abc import Sequence

import pytest

from antrean.domain.catalogue import Mall, Service
from antrean.domain.catalogue_file import mall_from_dict
from antrean.finder import Answer, Finder
from queue_server.samples import sample_path
from tests.finder.labelled import FRESH, Query, code_of, fresh, guesses, labelled, scored

QUERIES = labelled()
TUNING = [query for query in QUERIES if not query.held_out]
HELD_OUT = [query for query in QUERIES if query.held_out]
ALL = (*QUERIES, *(query for which in FRESH for query in fresh(which)))


@pytest.fixture(scope="module")
def mall() -> Mall:
    return mall_from_dict(tomllib.loads(sample_path("mpp").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def finder(mall: Mall) -> Finder:
    return Finder(mall)


def test_every_label_is_a_service_or_an_agency_of_the_mall(mall: Mall) -> None:
    known = set(mall.services) | {f"agency:{code}" for code in mall.agencies}
    assert {code for query in ALL for code in query.codes} <= known
    assert set(mall.services) <= {code for query in QUERIES for code in query.codes}


def test_the_halves_are_about_equal_and_share_no_held_out_word() -> None:
    assert len(QUERIES) >= 500
    assert 0.4 < len(HELD_OUT) / len(QUERIES) < 0.6
    seen = {word for query in TUNING for word in query.text.split()}
    assert all(set(query.text.split()) - seen for query in HELD_OUT)


@pytest.mark.parametrize(
    ("queries", "first", "three"),
    [
        (TUNING, 0.98, 0.99),
        (HELD_OUT, 0.95, 0.985),
        (fresh("first"), 0.92, 0.96),
        (fresh("second"), 0.94, 0.97),
        (fresh("third"), 0.96, 0.98),
        (fresh("fourth"), 0.96, 0.98),
        (fresh("fifth"), 0.95, 0.98),
        (fresh("sixth"), 0.9, 0.96),
    ],
    ids=["tuning", "held out", *FRESH],
)
def test_the_right_service_comes_first_and_hardly_ever_behind_the_third(
    finder: Finder, queries: Sequence[Query], first: float, three: float
) -> None:
    score = scored(finder, queries)
    assert score.first >= first, score.missed
    assert score.three >= three


@pytest.mark.parametrize(
    ("queries", "least"),
    [((*QUERIES, *fresh("second")), 0.85), ([query for which in FRESH for query in fresh(which)], 0.69)],
    ids=["its author's", "fresh"],
)
def test_what_no_office_does_finds_nothing_and_is_hardly_guessed_at(
    finder: Finder, queries: Sequence[Query], least: float
) -> None:
    asked = [query.text for query in queries if not query.codes]
    silent = [text for text in asked if not finder.find(text)]
    assert len(asked) >= 30
    assert len(silent) / len(asked) >= least, sorted(set(asked) - set(silent))
    guessed = [text for text in silent if finder.guess(text)]
    assert len(guessed) / len(asked) <= 0.1, guessed


def test_where_there_is_no_answer_a_guess_is_sometimes_right(finder: Finder) -> None:
    unanswered = [query for query in ALL if query.codes and not finder.find(query.text)]
    right = [query.text for query in unanswered if query.codes & guesses(finder, query)]
    assert unanswered
    assert len(right) / len(unanswered) >= 0.3, {query.text for query in unanswered} - set(right)


def test_words_of_other_matters_are_not_guessed_at_and_weaken_an_answer(finder: Finder) -> None:
    assert finder.find("izin toko")
    assert not finder.find("izin toko pizza donat")
    assert not finder.guess("izin toko pizza donat")


def test_no_letter_on_the_way_to_a_query_breaks_the_finder(finder: Finder) -> None:
    for query in TUNING[::5]:
        for end in range(1, len(query.text) + 1):
            answers = finder.find(query.text[:end], 3)
            assert len(answers) <= 3
            assert list(answers) == sorted(answers, key=lambda answer: -answer.score)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("p", {"paspor-baru"}),
        ("pas", {"paspor-baru"}),
        ("skc", {"skck-baru"}),
        ("perp", {"sim-c-perpanjang"}),
        ("ktp hil", {"ktp-hilang"}),
        ("akta ke", {"akta-lahir", "akta-mati"}),
        ("dukca", {"agency:dukcapil"}),
    ],
)
def test_the_first_letters_already_suggest(finder: Finder, typed: str, first: set[str]) -> None:
    assert code_of(finder.find(typed)[0]) in first


@pytest.mark.parametrize(
    "typed", ["", " ", "?", "mau", "saya mau", "halo pak", "\x00", "東京", "e", "1", "'-'", "a" * 5000]
)
def test_odd_input_is_no_error(finder: Finder, typed: str) -> None:
    assert all(isinstance(answer, Answer) for answer in (*finder.find(typed), *finder.guess(typed)))


def test_case_hyphens_and_spaces_change_nothing(finder: Finder) -> None:
    def codes(text: str) -> list[str]:
        return [code_of(answer) for answer in finder.find(text)]

    assert codes("E-KTP hilang") == codes("ektp  HILANG") == codes("e ktp hilang")
    assert codes("anak-anak lahir") == codes("anak lahir")


def test_answers_are_only_of_the_published_catalogue(mall: Mall, finder: Finder) -> None:
    for query in QUERIES:
        for answer in finder.find(query.text):
            shelf = mall.services if isinstance(answer.of, Service) else mall.agencies
            assert shelf[answer.of.code] is answer.of


def test_a_mall_adds_its_own_words_in_its_file(mall: Mall) -> None:
    data = tomllib.loads(sample_path("tiny").read_text(encoding="utf-8"))
    assert not Finder(mall_from_dict(data)).find("blangko pink")
    data["services"][0]["words"].append("blangko pink")
    found = Finder(mall_from_dict(data)).find("blangko pink")
    assert [code_of(answer) for answer in found] == [data["services"][0]["code"]]


def test_an_answer_says_which_phrase_it_fits(finder: Finder) -> None:
    assert finder.find("ktp ilang")[0].why.lower().startswith("ktp")


def test_asking_changes_nothing(finder: Finder) -> None:
    before = finder.find("pindah omah")
    for query in QUERIES[:50]:
        finder.find(query.text)
    assert finder.find("pindah omah") == before


def test_a_mall_without_services_finds_nothing() -> None:
    data = tomllib.loads(sample_path("tiny").read_text(encoding="utf-8"))
    data["services"], data["counters"] = [], []
    assert Finder(mall_from_dict(data)).find("ktp") == ()
