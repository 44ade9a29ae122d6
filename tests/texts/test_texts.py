import re
import string
from pathlib import Path

import pytest

import antrean.texts
from antrean.texts import (
    LANGUAGES,
    OWN_NAMES,
    STAFF_LANGUAGES,
    keys_of,
    next_language,
    rooms,
    texts_for,
    written,
)
from antrean.texts.formats import clock, day_long, day_names, day_short, duration, month_names, wait_range
from antrean.texts.readers import is_for_visitors, missing

LOCALE = Path(antrean.texts.__file__).parent / "locale"
ROOT = Path(__file__).parent.parent.parent
NINE_41 = 1_764_038_460_000  # 2025-11-25 09:41 in Jakarta


def placeholders(form: str) -> set[str]:
    """The names in braces of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(form) if name is not None}


EVERY_LANGUAGE = sorted({*LANGUAGES, *(path.name for path in LOCALE.iterdir() if path.is_dir())})
"""Also the languages that have files but are not offered yet."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_a_visitor_may_read_stands_in_every_language_they_can_choose(language: str) -> None:
    assert missing(language) == ()


@pytest.mark.parametrize("language", STAFF_LANGUAGES)
def test_staff_find_every_text_in_their_languages(language: str) -> None:
    assert {room: set(written(language, room)) for room in rooms()} == {
        room: set(written(LANGUAGES[0], room)) for room in rooms()
    }


@pytest.mark.parametrize("room", rooms())
def test_every_language_leaves_the_same_places_to_fill(room: str) -> None:
    first = written(LANGUAGES[0], room)
    for language in EVERY_LANGUAGE:
        for name, forms in written(language, room).items():
            wanted = set.union(*map(placeholders, first[name]))
            assert set.union(*map(placeholders, forms)) == wanted, f"{language}: {name}"


@pytest.mark.parametrize("language", EVERY_LANGUAGE)
def test_each_file_says_whose_language_it_is(language: str) -> None:
    for path in (LOCALE / language).glob("*.po"):
        assert f'"Language: {language}\\n"' in path.read_text(encoding="utf-8"), path


def test_staff_rooms_and_staff_words_need_no_third_language() -> None:
    assert not is_for_visitors("console", "title")
    assert not is_for_visitors("kiosk", "staff_title")
    assert not is_for_visitors("error", "fork")
    assert is_for_visitors("error", "bad_token")
    assert is_for_visitors("kiosk", "take")
    assert all(
        is_for_visitors(room, name) for room in ("board", "phone") for name in written(LANGUAGES[0], room)
    )


def test_a_language_without_a_text_shows_the_indonesian_one() -> None:
    for language in set(LANGUAGES) - set(STAFF_LANGUAGES):
        assert keys_of(language, "admin") == written("id", "admin")
        assert texts_for(language)("error.fork") == texts_for("id")("error.fork")
    assert keys_of("xx", "kiosk") == written("id", "kiosk")


def test_every_language_is_offered_by_its_own_name_and_comes_round() -> None:
    assert set(LANGUAGES) <= set(OWN_NAMES)
    seen = [LANGUAGES[0]]
    while (after := next_language(seen[-1])) != LANGUAGES[0]:
        seen.append(after)
    assert tuple(seen) == LANGUAGES


@pytest.mark.parametrize("language", sorted(OWN_NAMES))
def test_every_language_names_its_days_and_months(language: str) -> None:
    assert len(set(day_names(language))) == 7
    assert len(set(month_names(language))) == 12
    assert clock(NINE_41, "Asia/Jakarta", language) == ("09:41" if language == "en" else "09.41")
    assert duration(9_000, language).startswith("9 ")


@pytest.mark.parametrize("room", rooms())
def test_no_text_is_empty(room: str) -> None:
    for language in EVERY_LANGUAGE:
        assert [name for name, forms in written(language, room).items() if not all(forms)] == []


def test_every_text_that_code_or_a_page_asks_for_exists() -> None:
    asked = re.compile(r"""\bt\(\s*["']((?:ROOM)\.[a-z0-9_]+)["']""".replace("ROOM", "|".join(rooms())))
    sources = [
        path
        for room in ("antrean", "kiosk", "queue_server", "display", "printers", "loudspeaker")
        for path in (ROOT / room).rglob("*")
        if path.suffix in (".py", ".html")
    ]
    missing = {
        key
        for path in sources
        for key in asked.findall(path.read_text())
        if not all(is_known(key, language) for language in LANGUAGES)
    }
    assert missing == set()


def is_known(key: str, language: str) -> bool:
    """Whether there is such a text, or, for the beginning of a key that is put together, one that begins so."""
    room, _, name = key.partition(".")
    return any(
        known.startswith(name) if name.endswith("_") else known == name for known in keys_of(language, room)
    )


def test_an_unknown_text_is_a_bug_and_loud() -> None:
    with pytest.raises(KeyError):
        texts_for("id")("paper.no_such_text")


def test_an_untranslated_language_falls_back_to_indonesian() -> None:
    assert texts_for("fr").language == "id"


def test_times_are_written_as_people_here_write_them() -> None:
    assert clock(NINE_41, "Asia/Jakarta") == "09.41"
    assert clock(NINE_41, "Asia/Makassar") == "10.41"
    assert day_long(NINE_41, "Asia/Jakarta", "id") == "Selasa, 25 November 2025"
    assert day_long(NINE_41, "Asia/Jakarta", "en") == "Tuesday, 25 November 2025"
    assert day_long(NINE_41, "Asia/Jakarta", "jv") == "Selasa, 25 November 2025"
    assert day_long(NINE_41, "Asia/Jakarta", "su") == "Salasa, 25 Nopémber 2025"
    assert day_short(NINE_41, "Asia/Jakarta", "id") == "Selasa, 25-11-2025"
    assert wait_range(10, 25, "id") == "10–25 menit"


@pytest.mark.parametrize(
    ("ms", "text"), [(348_000, "5 mnt 48 dtk"), (9_000, "9 dtk"), (7_500_000, "2 j 5 mnt"), (-5, "0 dtk")]
)
def test_a_duration_never_looks_like_a_time_of_day(ms: int, text: str) -> None:
    assert duration(ms, "id") == text


def test_a_date_in_an_unknown_language_is_indonesian_like_its_texts() -> None:
    assert day_long(NINE_41, "Asia/Jakarta", "fr") == "Selasa, 25 November 2025"
    assert (wait_range(10, 25, "fr"), duration(9_000, "fr")) == ("10–25 menit", "9 dtk")
