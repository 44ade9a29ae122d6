"""Reading the catalogues: one .po file per room and language, parsed when first used and kept.

Two kinds of readers, two promises. What a visitor may read stands in every one of `LANGUAGES`; what only staff read
stands in `STAFF_LANGUAGES`, and a language without such a text shows the Indonesian one.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("id", "en", "jv", "su")
"""What a visitor can choose, in the order it is offered; the first stands in wherever a text is missing."""
STAFF_LANGUAGES = ("id", "en")
OWN_NAMES = {"id": "Bahasa Indonesia", "en": "English", "jv": "Basa Jawa", "su": "Basa Sunda"}
"""Each language as its own speakers call it: the one text that is the same in every language."""
Forms = tuple[str, ...]


class Texts:
    """All texts in one language: `t("kiosk.people", n=7)`."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **params: object) -> str:
        """The text for `key` with `params` filled in; the parameter `n` chooses the plural form.

        Raises KeyError for an unknown key or a missing parameter: both are bugs that a test finds.
        """
        room, _, name = key.partition(".")
        forms = keys_of(self.language, room)[name]
        return (forms[0] if params.get("n") == 1 else forms[-1]).format(**params)

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        room, _, name = key.partition(".")
        return room in rooms() and name in keys_of(self.language, room)


@cache
def texts_for(language: str) -> Texts:
    """The texts in `language`; Indonesian for a language nobody has translated to yet."""
    return Texts(language if language in LANGUAGES else LANGUAGES[0])


@cache
def rooms() -> tuple[str, ...]:
    """The rooms that have texts."""
    return tuple(sorted(path.stem for path in (LOCALE / LANGUAGES[0]).glob("*.po")))


@cache
def keys_of(language: str, room: str) -> Mapping[str, Forms]:
    """Every name of a room with its forms (one, or singular and plural), the missing ones in Indonesian."""
    return {**written(LANGUAGES[0], room), **written(language, room)}


@cache
def written(language: str, room: str) -> Mapping[str, Forms]:
    """The names of a room that somebody wrote in `language`, with their forms; none where it has no file."""
    path = LOCALE / language / f"{room}.po"
    if room in rooms() and not path.exists():
        return {}
    with path.open("rb") as file:
        found = read_po(file, locale=language, abort_invalid=True)
    return {
        _name(message.id): _texts(message.string)
        for message in found
        if message.id  # the header has none
    }


def next_language(language: str) -> str:
    """The one offered after `language`; after the last comes the first."""
    at = LANGUAGES.index(language) if language in LANGUAGES else -1
    return LANGUAGES[(at + 1) % len(LANGUAGES)]


def _name(identity: object) -> str:
    return str(identity[0]) if isinstance(identity, list | tuple) else str(identity)


def _texts(string: object) -> Forms:
    return tuple(str(form) for form in string) if isinstance(string, list | tuple) else (str(string),)
