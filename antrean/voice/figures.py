"""Whole numbers, single digits and times of day in words, in every language we speak."""

from collections.abc import Callable

SPOKEN = ("id", "en", "jv", "su")
"""The languages the kiosk speaks; a pack of clips for called numbers may exist for fewer."""

_DIGITS = {
    "id": ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"),
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "jv": ("nol", "setunggal", "kalih", "tiga", "sekawan", "gangsal", "enem", "pitu", "wolu", "sanga"),
    "su": ("nol", "hiji", "dua", "tilu", "opat", "lima", "genep", "tujuh", "dalapan", "salapan"),
}
_LARGE = {
    "id": ("ribu", "juta", "miliar", "triliun"),
    "en": ("thousand", "million", "billion", "trillion"),
    "jv": ("ewu", "yuta", "miliar", "triliun"),
    "su": ("rebu", "juta", "miliar", "triliun"),
}
_LIMIT = 10**15

_ENGLISH_TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_ENGLISH_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

# Krama numbers take a linking -ng before a measure, and have words of their own where Indonesian counts on.
_KRAMA = {10: "sedasa", 11: "sewelas", 25: "selangkung", 50: "seket", 60: "sewidak"}
_KRAMA_LINKED = {3: "tigang", 4: "kawan", 7: "pitung", 8: "wolung", 9: "sangang"}


def digits(figures: str, language: str) -> str:
    """Each digit by its name: "012" is "nol satu dua"."""
    return " ".join(_DIGITS[language][int(figure)] for figure in figures)


def cardinal(number: int, language: str) -> str:
    """A whole number in words, digit by digit beyond what has a name. Raises ValueError below zero."""
    if number < 0:
        raise ValueError("only numbers from 0 are spoken")
    if number >= _LIMIT:
        return digits(str(number), language)
    if number == 0:
        return _DIGITS[language][0]
    return " ".join(_grouped(number, language))


def _grouped(number: int, language: str) -> list[str]:
    words: list[str] = []
    for power in range(4, 0, -1):
        many, number = divmod(number, 1000**power)
        if many:
            words.append(_measure(many, _LARGE[language][power - 1], language, single=power == 1))
    if number:
        words.append(_BELOW_THOUSAND[language](number))
    return words


def _measure(many: int, unit: str, language: str, *, single: bool) -> str:
    """So many thousands or millions; one thousand is a single word in the languages of the archipelago."""
    if many == 1 and single and language != "en":
        return f"se{unit}" if language != "su" else f"sa{unit}"
    if language == "jv" and many in _KRAMA_LINKED:
        return f"{_KRAMA_LINKED[many]} {unit}"
    return f"{_BELOW_THOUSAND[language](many)} {unit}"


def _indonesian(number: int) -> str:
    return _archipelago(number, "id", "se", "belas", "puluh", "ratus")


def _sundanese(number: int) -> str:
    return _archipelago(number, "su", "sa", "belas", "puluh", "ratus")


def _archipelago(number: int, language: str, one: str, teen: str, ten: str, hundred: str) -> str:
    names = _DIGITS[language]
    hundreds, rest = divmod(number, 100)
    words = []
    if hundreds:
        words.append(f"{one}{hundred}" if hundreds == 1 else f"{names[hundreds]} {hundred}")
    tens, ones = divmod(rest, 10)
    if rest in (10, 11):
        words.append(f"{one}{ten if rest == 10 else teen}")
    elif 11 < rest < 20:
        words.append(f"{names[ones]} {teen}")
    else:
        words += [f"{names[tens]} {ten}"] if tens else []
        words += [names[ones]] if ones else []
    return " ".join(words)


def _krama(number: int) -> str:
    names = _DIGITS["jv"]
    hundreds, rest = divmod(number, 100)
    words = []
    if hundreds:
        words.append("satus" if hundreds == 1 else f"{_KRAMA_LINKED.get(hundreds, names[hundreds])} atus")
    tens, ones = divmod(rest, 10)
    if rest in _KRAMA:
        words.append(_KRAMA[rest])
    elif 11 < rest < 20:
        words.append(f"{names[ones]} welas")
    else:
        if tens:
            round_ten = _KRAMA.get(tens * 10, f"{_KRAMA_LINKED.get(tens, names[tens])} dasa")
            words.append(round_ten)
        words += [names[ones]] if ones else []
    return " ".join(words)


def _english(number: int) -> str:
    names = _DIGITS["en"]
    hundreds, rest = divmod(number, 100)
    words = [f"{names[hundreds]} hundred"] if hundreds else []
    if hundreds and rest:
        words.append("and")
    tens, ones = divmod(rest, 10)
    if 9 < rest < 20:
        words.append(_ENGLISH_TEENS[ones])
    elif rest:
        words += [_ENGLISH_TENS[tens - 2]] if tens else []
        words += [names[ones]] if ones else []
    return " ".join(words)


_BELOW_THOUSAND: dict[str, Callable[[int], str]] = {
    "id": _indonesian,
    "en": _english,
    "jv": _krama,
    "su": _sundanese,
}

_PAST = {"id": "lewat", "jv": "langkung", "su": "langkung"}


def time_of_day(hour: int, minute: int, language: str) -> str:
    """The time on a 24-hour clock without the word for "at": "sembilan lewat empat puluh satu", "nine oh five"."""
    if language == "en":
        return _english_time(hour, minute)
    said = cardinal(hour, language)
    return f"{said} {_PAST[language]} {cardinal(minute, language)}" if minute else said


def _english_time(hour: int, minute: int) -> str:
    """On a twelve-hour clock, because "thirteen hundred" is said by soldiers only."""
    said = cardinal(hour % 12 or 12, "en")
    half = " p m" if 12 < hour < 24 else ""
    if not minute:
        return said + (half or " o'clock")
    return f"{said} {'oh ' if minute < 10 else ''}{cardinal(minute, 'en')}{half}"


def year(number: int, language: str) -> str:
    """A year: English says it in pairs ("twenty twenty-six"), the others as a number."""
    if language != "en" or number % 1000 < 10:
        return cardinal(number, language)
    century, rest = divmod(number, 100)
    if rest == 0:
        return f"{cardinal(century, 'en')} hundred"
    return f"{cardinal(century, 'en')} {'oh ' if rest < 10 else ''}{cardinal(rest, 'en')}"
