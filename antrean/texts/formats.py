"""Dates, clocks and durations as people here write them: "09.41", "Selasa, 25 November 2025", "10–25 menit"."""

import datetime
from collections.abc import Mapping
from typing import TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")

_DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "jv": ("Senen", "Selasa", "Rebo", "Kemis", "Jemuwah", "Setu", "Minggu"),
    "su": ("Senén", "Salasa", "Rebo", "Kemis", "Jumaah", "Saptu", "Minggu"),
}
_MONTHS = {
    "id": (
        "Januari", "Februari", "Maret", "April", "Mei", "Juni",
        "Juli", "Agustus", "September", "Oktober", "November", "Desember",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "jv": (
        "Januari", "Februari", "Maret", "April", "Mei", "Juni",
        "Juli", "Agustus", "September", "Oktober", "November", "Desember",
    ),
    "su": (
        "Januari", "Pébruari", "Maret", "April", "Méi", "Juni",
        "Juli", "Agustus", "Séptémber", "Oktober", "Nopémber", "Désémber",
    ),
}  # fmt: skip
_UNITS = {
    "id": ("j", "mnt", "dtk"),
    "en": ("h", "min", "s"),
    "jv": ("j", "mnt", "dtk"),
    "su": ("j", "mnt", "dtk"),
}
_MINUTES = {"id": "menit", "en": "minutes", "jv": "menit", "su": "menit"}

_ZONES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Ujung_Pandang": "WITA",
    "Asia/Jayapura": "WIT",
}


def zone_mark(timezone: str) -> str:
    """The mark that stands behind a clock of an Indonesian zone: WIB, WITA or WIT; "" elsewhere."""
    return _ZONES.get(timezone, "")


def clock(ms: int, timezone: str, language: str = "id") -> str:
    """The local time of day with a point ("09.41"), as everybody here writes it, and a colon in English."""
    moment = _local(ms, timezone)
    return f"{moment.hour:02d}{':' if language == 'en' else '.'}{moment.minute:02d}"


def weekday(ms: int, timezone: str, language: str) -> str:
    """The name of the local weekday."""
    return _of(_DAYS, language)[_local(ms, timezone).weekday()]


def day_long(ms: int, timezone: str, language: str) -> str:
    """The local date in words: "Selasa, 25 November 2025"."""
    day = _local(ms, timezone).date()
    return f"{weekday_of(day, language)}, {day_words(day, language)}"


def weekday_of(day: datetime.date, language: str) -> str:
    """The name of a date's weekday."""
    return _of(_DAYS, language)[day.weekday()]


def day_words(day: datetime.date, language: str) -> str:
    """A date without its weekday: "25 November 2025"."""
    return f"{day.day} {_of(_MONTHS, language)[day.month - 1]} {day.year}"


def day_short(ms: int, timezone: str, language: str) -> str:
    """The local date with the weekday in figures: "Selasa, 25-11-2025"."""
    moment = _local(ms, timezone)
    return f"{_of(_DAYS, language)[moment.weekday()]}, {moment:%d-%m-%Y}"


def day_names(language: str) -> tuple[str, ...]:
    """The weekdays, Monday first."""
    return _of(_DAYS, language)


def month_names(language: str) -> tuple[str, ...]:
    """The months, January first."""
    return _of(_MONTHS, language)


def wait_range(low: int, high: int, language: str) -> str:
    """A wait in minutes as a range: "10–25 menit"."""
    return f"{low}–{high} {_of(_MINUTES, language)}"


def duration(ms: int, language: str) -> str:
    """A duration with its two largest units: "5 mnt 48 dtk", "2 j 5 mnt"; never looks like a time of day."""
    hour, minute, second = _of(_UNITS, language)
    seconds = max(ms, 0) // 1000
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    if hours:
        return f"{hours} {hour} {minutes} {minute}"
    return f"{minutes} {minute} {seconds} {second}" if minutes else f"{seconds} {second}"


def _of(table: Mapping[str, T], language: str) -> T:
    """A language's own entry; Indonesian for one that nobody translated to, as the catalogues do."""
    return table.get(language, table["id"])


def _local(ms: int, timezone: str) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(ms / 1000, ZoneInfo(timezone))
