import re
import string
from pathlib import Path

import pytest

from antrean.texts import LANGUAGES, keys_of, rooms, texts_for
from antrean.texts.formats import clock, day_long, day_short, duration, wait_range

ROOT = Path(__file__).parent.parent.parent
NINE_41 = 1_764_038_460_000  # 2025-11-25 09:41 in Jakarta


def placeholders(form: str) -> set[str]:
    """The names in braces of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(form) if name is not None}


@pytest.mark.parametrize("room", rooms())
def test_every_language_has_the_same_texts_with_the_same_places_to_fill(room: str) -> None:
    first = keys_of(LANGUAGES[0], room)
    for language in LANGUAGES[1:]:
        other = keys_of(language, room)
        assert first.keys() == other.keys()
        for name, forms in first.items():
            wanted = set.union(*map(placeholders, forms))
            assert set.union(*map(placeholders, other[name])) == wanted, name


@pytest.mark.parametrize("room", rooms())
def test_no_text_is_empty(room: str) -> None:
    for language in LANGUAGES:
        assert [name for name, forms in keys_of(language, room).items() if not all(forms)] == []


def test_every_text_that_code_or_a_page_asks_for_exists() -> None:
    asked = re.compile(r"""\bt\(\s*["']((?:ROOM)\.[a-z0-9_]+)["']""".replace("ROOM", "|".join(rooms())))
    sources = [
        path
        for room in ("antrean", "kiosk", "queue_server", "display", "printers")
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
    assert day_short(NINE_41, "Asia/Jakarta", "id") == "Selasa, 25-11-2025"
    assert wait_range(10, 25, "id") == "10–25 menit"


@pytest.mark.parametrize(
    ("ms", "text"), [(348_000, "5 mnt 48 dtk"), (9_000, "9 dtk"), (7_500_000, "2 j 5 mnt"), (-5, "0 dtk")]
)
def test_a_duration_never_looks_like_a_time_of_day(ms: int, text: str) -> None:
    assert duration(ms, "id") == text
