"""Letters by name, and which capitals are words: "KTP" is "ka te pe", but "SIM" is "sim"."""

import re

from antrean.voice.figures import digits

_INDONESIAN = (
    "a", "be", "ce", "de", "e", "ef", "ge", "ha", "i", "je", "ka", "el", "em",
    "en", "o", "pe", "ki", "er", "es", "te", "u", "fe", "we", "eks", "ye", "zet",
)  # fmt: skip
# "eh", because espeak-ng reads "ay" and "ey" like "I"
_ENGLISH = (
    "eh", "bee", "see", "dee", "ee", "ef", "gee", "aitch", "eye", "jay", "kay", "ell", "em",
    "en", "oh", "pee", "cue", "are", "ess", "tee", "you", "vee", "double you", "ex", "why", "zed",
)  # fmt: skip
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

WORDS = frozenset(
    {
        "BULOG", "DUKCAPIL", "IMEI", "KIR", "KIS", "LAPOR", "MAL", "NIK", "NIP", "PAUD", "PIN", "SAMSAT", "SIM",
        "TASPEN", "WIB", "WIT", "WITA",
    }
)  # fmt: skip
"""Capitals that people read as a word."""

_INSTEAD = {
    "id": {
        "KTP-el": "KTP elektronik",
        "e-KTP": "KTP elektronik",
        "QR": "kiu ar",
        "QRIS": "kris",
        "No.": "nomor",
        "no.": "nomor",
        "dll.": "dan lain-lain",
        "dsb.": "dan sebagainya",
        "mnt": "menit",
        "dtk": "detik",
    },
    "en": {
        "e-KTP": "electronic KTP",
        "No.": "number",
        "min": "minutes",
        "etc.": "et cetera",
        "IDs": "ID cards",
    },
}
"""Shortened writing that is said in full; Javanese and Sundanese write it the Indonesian way."""

_DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "jv": ("Senen", "Selasa", "Rebo", "Kemis", "Jemuwah", "Setu", "Minggu"),
    "su": ("Senén", "Salasa", "Rebo", "Kemis", "Jumaah", "Saptu", "Minggu"),
}
"""A narrow tile has only the first three letters of a day, before a time."""

_LONG_WORD = 5
_CLUSTER = re.compile(r"[B-DF-HJ-NP-TV-Z]{3}|^[B-DF-HJ-NP-TV-Z]{2}|(?!NG$)[B-DF-HJ-NP-TV-Z]{2}$")
_CODE = re.compile(
    r"(?<![\w])(?=[\w]*[A-Z])([A-Z0-9]{2,}|[A-Z]|[A-Z]{2,}[a-z]|[A-Z][a-z][A-Z]|[0-9]+[a-z])(?![\w])"
)
_JOINED = re.compile(r"(?<=[A-Z0-9])-(?=[A-Za-z])|(?<=[a-z])-(?=[A-Z]{2})")
_WRITTEN_A = re.compile(r"^A(?= [a-z])")
"""The English article at the start of a sentence is no letter."""


def letter_name(letter: str, language: str) -> str:
    """The name of one letter A–Z, in either case."""
    names = _ENGLISH if language == "en" else _INDONESIAN
    return names[_ALPHABET.index(letter.upper())]


def spell(code: str, language: str, figures: str | None = None) -> str:
    """Letters and digits of a code by name; other characters are skipped. `figures`: the language of the digits."""
    said = []
    for sign in code.upper():
        if sign in _ALPHABET:
            said.append(letter_name(sign, language))
        elif sign.isdecimal() and sign.isascii():
            said.append(digits(sign, figures or language))
    return " ".join(said)


def spell_codes(text: str, language: str) -> str:
    """The text with its abbreviations spelled ("KK" → "ka ka", "AK1" → "a ka satu", "1A" → "satu a")."""
    for written, said in _INSTEAD["en" if language == "en" else "id"].items():
        text = re.sub(rf"(?<!\w){re.escape(written)}(?!\w)", said, text)
    text = _JOINED.sub(" ", text)
    article = _WRITTEN_A.match(text) if language == "en" else None
    if article:
        return "a" + spell_codes(text[1:], language)
    if language == "en":
        text = re.sub(r"(?<!\w)I(?= )", "i", text)
    return _CODE.sub(lambda found: _code(found[1], language), text)


def whole_days(text: str, language: str) -> str:
    """The text with "Sel 07.30" as "Selasa 07.30"."""
    for day in _DAYS[language]:
        text = re.sub(rf"(?<!\w){day[:3]}(?= \d)", day, text)
    return text


def _code(code: str, language: str) -> str:
    if code in WORDS or is_word(code):
        return code.lower()
    return spell(code, language)


def is_word(capitals: str) -> bool:
    """Whether a run of capitals is an ordinary word somebody wrote large: five letters or more that can be said."""
    return len(capitals) >= _LONG_WORD and capitals.isalpha() and not _CLUSTER.search(capitals)
