"""What is said for a text on a screen: no figure, sign or abbreviation is left to the taste of a synthesizer.

The result holds only letters, spaces and the marks `, . ? ! ' -`, so that any synthesizer reads it alike.
"""

import re
import unicodedata
from collections.abc import Callable

from antrean.domain.errors import BadInput
from antrean.domain.label import Label
from antrean.voice.figures import cardinal, digits, time_of_day, year
from antrean.voice.spelling import spell, spell_codes, whole_days

_TO = {"id": "sampai", "en": "to", "jv": "ngantos", "su": "dugi ka"}
_AND = {"id": "dan", "en": "and", "jv": "saha", "su": "sareng"}
_AT = {"id": "pukul", "en": "", "jv": "tabuh", "su": "tabuh"}
_HOURS_SAID = r"pukul|jam|tabuh|wanci"
_PERCENT = {"id": "persen", "en": "percent", "jv": "persen", "su": "persen"}
_POINT = {"id": "koma", "en": "point", "jv": "koma", "su": "koma"}
_BY = {"id": "kali", "en": "by", "jv": "ping", "su": "kali"}
_PER = {"id": "per", "en": "per", "jv": "per", "su": "per"}
_SQUARE = {"id": "meter persegi", "en": "square metres", "jv": "meter pasagi", "su": "meter pasagi"}
_PLUS = {"id": "tambah", "en": "plus", "jv": "tambah", "su": "tambah"}
_DOT = {"id": "titik", "en": "dot", "jv": "titik", "su": "titik"}
_COLON = {"id": "titik dua", "en": "colon", "jv": "titik dua", "su": "titik dua"}

_LABEL = re.compile(r"(?<![\w-])[A-Z]{1,2}[0-9A-Z]-\d{3,}(?![\w-])")
_ADDRESS = re.compile(
    r"(?:https?://)?((?:\d{1,3}\.){3}\d{1,3}(?::\d+)?|(?<=//)[^\s,]+)(?:/[^\s,]*)?", re.IGNORECASE
)
_HOUR = r"(?:[01]?\d|2[0-4])"
_CLOCK = re.compile(
    rf"(?:\b({_HOURS_SAID})\s+)?(?<![\d.,:])({_HOUR})[.:]([0-5]\d)(?![\d%]|[.,:]\d)", re.IGNORECASE
)
_RANGE = re.compile(r"(?<=\d)\s*[–—-]\s*(?=(?:Rp\s?)?\d)")
_MONEY = re.compile(
    r"\bRp\.?\s?(\d{1,3}(?:[.,]\d{3})+|\d+)(?!\d)(?:\s(ribu|juta|miliar|thousand|million|billion|ewu|yuta|rebu)\b)?"
)
_TIMES = re.compile(r"(?<=\d)\s*[×x]\s*(?=\d)")
_OVER = re.compile(r"(?<=\d)\s*/\s*(?=\d)")
_DECIMAL = re.compile(r"(?<![\d.,])(\d+)[.,](\d{1,2})(?![\d.,]*\d)")
_SITE = re.compile(r"(?<=[a-z0-9])\.(?=[a-z]{2})")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{3})+(?!\d)")
_FIGURES = re.compile(r"\d+")
_GLUED = re.compile(r"(?<=\d)-?(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
_YEARS = range(1900, 2100)
_LONGEST_COUNT = 4
"""A figure this long without grouping is a code or a telephone number unless it is round or a year."""

_QUOTES = re.compile(r"[\"“”„«»]")
_PAUSES = re.compile(r"\s*[·•|:;()/\\→←↑↓\[\]{}_*]+\s*|\s+[–—-]+\s+|[–—]")
_ALLOWED = re.compile(r"[^\w\s,.?!'-]|[\d_]")
_TIDY = (
    (re.compile(r"\s+"), " "),
    (re.compile(r"\s+(?=[,.?!])"), ""),
    (re.compile(r"(?:,\s*)+(?=[,.?!])"), ""),
    (re.compile(r"(?<=[.?!])(?:\s*[,.?!])+"), ""),
    (re.compile(r",(?=\S)"), ", "),
)


def spoken(text: str, language: str) -> str:
    """What a voice says for `text` in "id", "en", "jv" or "su"; "" when there is nothing to say.

    "A1-012" → "A satu, nol satu dua" (in Indonesian digits also for Javanese and Sundanese, because that is what the
    hall's loudspeaker will call), "09.41" → "pukul sembilan lewat empat puluh satu", "10–25 menit" → "sepuluh sampai
    dua puluh lima menit", "Rp150.000" → "seratus lima puluh ribu rupiah".
    """
    said = unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("…", ".")
    said = _QUOTES.sub("", said.replace("’", "'"))
    for rule in _RULES:
        said = rule(said, language)
    said = _ALLOWED.sub(" ", said)
    for pattern, instead in _TIDY:
        said = pattern.sub(instead, said)
    said = said.lstrip(" ,.?!-'")
    words = said.rstrip(" ,.?!-'")
    return words + next((mark for mark in "?!" if mark in said[len(words) :]), "")


def label_in(text: str) -> Label | None:
    """The ticket number that is the whole of `text`, None when it says anything else."""
    try:
        return Label.parse(text) if _LABEL.fullmatch(text.strip()) else None
    except BadInput:
        return None


def spoken_label(label: Label, language: str) -> str:
    """A ticket number sign by sign with a pause at its hyphen: "A satu, nol satu dua"."""
    called = "en" if language == "en" else "id"
    return f"{spell(label.series + label.issuer, called)}, {digits(f'{label.number:03d}', called)}"


def _labels(text: str, language: str) -> str:
    def said(found: re.Match[str]) -> str:
        label = label_in(found[0])
        return found[0] if label is None else f"{spoken_label(label, language)}"

    return _LABEL.sub(said, text)


def _addresses(text: str, language: str) -> str:
    def said(found: re.Match[str]) -> str:
        words = re.sub(r"\d+", lambda figures: f" {digits(figures[0], language)} ", found[1])
        words = words.replace(":", f" {_COLON[language]} ")
        return " ".join(words.replace(".", f" {_DOT[language]} ").split())

    return _ADDRESS.sub(said, text)


def _ranges(text: str, language: str) -> str:
    return _RANGE.sub(f" {_TO[language]} ", text)


def _clocks(text: str, language: str) -> str:
    def said(found: re.Match[str]) -> str:
        named = found[1] or _AT[language]
        return f"{named} {time_of_day(int(found[2]), int(found[3]), language)}".strip()

    return _CLOCK.sub(said, text)


def _money(text: str, language: str) -> str:
    def said(found: re.Match[str]) -> str:
        return f"{cardinal(_number(found[1]), language)} {found[2] or ''} rupiah"

    return _MONEY.sub(said, text)


def _signs(text: str, language: str) -> str:
    text = _TIMES.sub(f" {_BY[language]} ", text)
    text = _OVER.sub(f" {_PER[language]} ", text)
    text = _SITE.sub(f" {_DOT[language]} ", text)
    text = re.sub(r"\s*m²", f" {_SQUARE[language]}", text)
    text = re.sub(r"\s*%", f" {_PERCENT[language]}", text)
    text = re.sub(r"\s*&\s*", f" {_AND[language]} ", text)
    return re.sub(r"\s*\+\s*(?=\w)", f" {_PLUS[language]} ", text)


def _codes(text: str, language: str) -> str:
    return spell_codes(text, language)


def _numbers(text: str, language: str) -> str:
    def fraction(found: re.Match[str]) -> str:
        return f"{cardinal(int(found[1]), language)} {_POINT[language]} {digits(found[2], language)}"

    text = _DECIMAL.sub(fraction, text)
    text = _GROUPED.sub(lambda found: cardinal(_number(found[0]), language), text)
    text = _GLUED.sub(" ", text)
    return _FIGURES.sub(lambda found: _figure(found[0], language), text)


def _figure(figures: str, language: str) -> str:
    number = int(figures)
    if len(figures) > 1 and figures.startswith("0"):
        return digits(figures, language)
    if number in _YEARS:
        return year(number, language)
    if len(figures) >= _LONGEST_COUNT and number % 100:
        return digits(figures, language)
    return cardinal(number, language)


def _pauses(text: str, language: str) -> str:
    return _PAUSES.sub(", ", text)


def _number(grouped: str) -> int:
    return int(re.sub(r"\D", "", grouped))


_RULES: tuple[Callable[[str, str], str], ...] = (
    _labels,
    whole_days,
    _addresses,
    _ranges,
    _clocks,
    _money,
    _signs,
    _codes,
    _numbers,
    _pauses,
)
