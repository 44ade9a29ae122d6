"""How we write: every text of every program, from one set of gettext catalogues per language.

A key is `room.name`; the room is the .po file, the name its msgid. Knows the files of `locale/`; must import nothing
but the domain.
"""

from antrean.texts.catalogues import (
    LANGUAGES,
    OWN_NAMES,
    STAFF_LANGUAGES,
    Texts,
    keys_of,
    next_language,
    rooms,
    texts_for,
    written,
)

__all__ = [
    "LANGUAGES",
    "OWN_NAMES",
    "STAFF_LANGUAGES",
    "Texts",
    "keys_of",
    "next_language",
    "rooms",
    "texts_for",
    "written",
]
