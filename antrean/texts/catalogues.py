"""Reading the catalogues: one .po file per room and language, parsed when first used and kept."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("id", "en")
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
        forms = _forms(self.language, room)[name]
        one = self.language == "id" or params.get("n") == 1  # Indonesian has no plural form
        return (forms[0] if one else forms[-1]).format(**params)

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        room, _, name = key.partition(".")
        return room in rooms() and name in _forms(self.language, room)


@cache
def texts_for(language: str) -> Texts:
    """The texts in `language`; Indonesian for a language nobody has translated to yet."""
    return Texts(language if language in LANGUAGES else LANGUAGES[0])


@cache
def rooms() -> tuple[str, ...]:
    """The rooms that have texts."""
    return tuple(sorted(path.stem for path in (LOCALE / LANGUAGES[0]).glob("*.po")))


def keys_of(language: str, room: str) -> Mapping[str, Forms]:
    """Every name of a room with its forms (one, or singular and plural)."""
    return _forms(language, room)


@cache
def _forms(language: str, room: str) -> Mapping[str, Forms]:
    with (LOCALE / language / f"{room}.po").open("rb") as file:
        found = read_po(file, locale=language, abort_invalid=True)
    return {
        _name(message.id): _texts(message.string)
        for message in found
        if message.id  # the header has none
    }


def _name(identity: object) -> str:
    return str(identity[0]) if isinstance(identity, list | tuple) else str(identity)


def _texts(string: object) -> Forms:
    return tuple(str(form) for form in string) if isinstance(string, list | tuple) else (str(string),)
