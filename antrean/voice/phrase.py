"""The clips of what the hall hears, in order: a call, or an announcement about a counter."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from antrean.domain.label import Label
from antrean.voice.figures import SPOKEN, cardinal, digits

LANGUAGES = SPOKEN
"""Languages in which a pack can speak; which packs are shipped, `antrean.voice.pack.SHIPPED` tells."""

PAUSE = "pause"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
COUNTERS = range(1, 100)
"""Counters whose number is said as a number, not digit by digit."""

PHRASES = {
    "counter_closed": ("counter", "closed"),
    "counter_open": ("counter", "open"),
    "go_to_counter_area": ("area", "counter"),
}
"""Kinds of announcements that clips can say; the counter's number follows the clip "counter"."""

_WORD_CLIPS = {
    "id": {"sepuluh": "10", "sebelas": "11", "belas": "teen", "puluh": "ty"},
    "jv": {
        "sedasa": "10", "sewelas": "11", "selangkung": "25", "seket": "50", "sewidak": "60", "welas": "teen",
        "dasa": "ty",
    },
    "su": {"sapuluh": "10", "sabelas": "11", "belas": "teen", "puluh": "ty"},
}  # fmt: skip
"""The clip of a word of a number that is no digit; one that is not here has a clip of its own name ("tigang")."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is said: a ticket's `label`, the `counter` code, and `check` letters for twins only."""

    label: str
    counter: str
    check: str | None = None


def phrase(call: Announcement | Mapping[str, Any], language: str) -> tuple[str, ...]:
    """The clip names of a call: "nomor antrean", the label spelled, "silakan menuju loket", the counter.

    A mapping needs `label` and `counter` and may carry `check`. "pause" stands for a short silence. Raises
    BadInput for a label that cannot be read and ValueError for a language we do not speak.
    """
    if not isinstance(call, Announcement):
        call = Announcement(call["label"], call["counter"], call.get("check"))
    return (
        "number",
        *spell_label(call.label, call.check),
        PAUSE,
        "proceed",
        *counter_words(call.counter, language),
    )


def announcement_phrase(kind: str, about: str, language: str) -> tuple[str, ...]:
    """The clip names of an announcement about the counter `about`: "perhatian", then "loket", 5, "tutup sementara".

    Raises KeyError for a kind that has no clips and ValueError for a language we do not speak.
    """
    said: list[str] = ["attention", PAUSE]
    for clip in PHRASES[kind]:
        said.append(clip)
        if clip == "counter":
            said.extend(counter_words(about, language))
    return tuple(said)


def spell_label(label: str, check: str | None = None) -> tuple[str, ...]:
    """The characters of a label as clip names with a short silence at the hyphen; check letters come last."""
    read = Label.parse(label)
    spoken = read.spoken()
    head = len(read.series) + 1
    twin = (PAUSE, *(letter for letter in check.upper() if letter in LETTERS)) if check else ()
    return (*spoken[:head], PAUSE, *spoken[head:], *twin)


def counter_words(code: str, language: str) -> tuple[str, ...]:
    """A counter's code as spoken: 1–99 as words, letters by name, longer or zero-led numbers digit by digit."""
    if language not in LANGUAGES:
        raise ValueError(f"no words for the language {language!r}; known are {', '.join(LANGUAGES)}")
    words: list[str] = []
    for figures, letter in re.findall(r"(\d+)|([A-Z])", code.upper()):
        if letter:
            words.append(letter)
        elif len(figures) > 2 or figures.startswith("0"):
            words.extend(figures)
        else:
            words.extend(_english(int(figures)) if language == "en" else _by_words(int(figures), language))
    return tuple(words)


def _by_words(number: int, language: str) -> tuple[str, ...]:
    names = {digits(figure, language): figure for figure in DIGITS}
    known = _WORD_CLIPS[language] | names
    return tuple(known.get(word, word) for word in cardinal(number, language).split())


def _english(number: int) -> tuple[str, ...]:
    if number < 20:
        return (str(number),)
    ones = number % 10
    return (str(number - ones), *((str(ones),) if ones else ()))


def clips_needed(language: str) -> frozenset[str]:
    """Every clip without which a pack cannot call, the chime included; silences are made, not recorded."""
    words = {word for number in COUNTERS for word in counter_words(str(number), language)}
    return frozenset({"chime", "number", "proceed", *LETTERS, *DIGITS, *words})


def clips_to_announce() -> frozenset[str]:
    """The clips that a pack needs besides to say the announcements about a counter."""
    return frozenset({"attention", *(clip for clips in PHRASES.values() for clip in clips)})
