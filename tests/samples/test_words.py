"""The mall's own words: two languages always, two more where somebody wrote them."""

import tomllib
from copy import deepcopy
from typing import Any

import pytest

from antrean.domain.catalogue_file import mall_from_dict, mall_to_dict
from antrean.domain.errors import BadCatalogue
from antrean.domain.words import Words
from queue_server.admin.toml_text import toml_text
from queue_server.samples import sample_path


@pytest.fixture
def tiny() -> dict[str, Any]:
    return deepcopy(tomllib.loads(sample_path("tiny").read_text(encoding="utf-8")))


def test_a_language_without_words_reads_the_indonesian_ones() -> None:
    words = Words("Gratis", "Free", su="Haratis")
    assert [words.get(language) for language in ("id", "en", "jv", "su", "fr")] == [
        "Gratis",
        "Free",
        "Gratis",
        "Haratis",
        "Gratis",
    ]


def test_only_the_languages_that_were_written_travel() -> None:
    assert Words("Gratis", "Free").to_dict() == {"id": "Gratis", "en": "Free"}
    assert Words(**Words("a", "b", "c", "d").to_dict()) == Words("a", "b", "c", "d")


def test_javanese_and_sundanese_words_survive_being_read_and_written(tiny: dict[str, Any]) -> None:
    tiny["needs"][0]["name"] |= {"jv": "Pepak", "su": "Lengkep"}
    mall = mall_from_dict(tiny)
    assert next(iter(mall.needs.values())).name.get("su") == "Lengkep"
    assert mall_from_dict(tomllib.loads(toml_text(mall_to_dict(mall)))) == mall


@pytest.mark.parametrize(
    ("change", "complaint"), [({"jv": " "}, "jv is empty"), ({"fr": "Gratuit"}, "fr is not a known key")]
)
def test_an_empty_or_unknown_language_is_named(
    tiny: dict[str, Any], change: dict[str, str], complaint: str
) -> None:
    tiny["needs"][0]["name"] |= change
    with pytest.raises(BadCatalogue) as refused:
        mall_from_dict(tiny)
    assert complaint in str(refused.value)
