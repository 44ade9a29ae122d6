"""The clips of a spoken call, in order."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from antrean.domain.label import Label

LANGUAGES = ("id", "en")
PAUSE = "pause"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


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
    for digits, letter in re.findall(r"(\d+)|([A-Z])", code.upper()):
        if letter:
            words.append(letter)
        elif len(digits) > 2 or digits.startswith("0"):
            words.extend(digits)
        else:
            words.extend(_indonesian(int(digits)) if language == "id" else _english(int(digits)))
    return tuple(words)


def _indonesian(number: int) -> tuple[str, ...]:
    if number < 12:
        return (str(number),)
    if number < 20:
        return (str(number - 10), "teen")
    tens, ones = divmod(number, 10)
    return (str(tens), "ty", *((str(ones),) if ones else ()))


def _english(number: int) -> tuple[str, ...]:
    if number < 20:
        return (str(number),)
    ones = number % 10
    return (str(number - ones), *((str(ones),) if ones else ()))


def clips_needed(language: str) -> frozenset[str]:
    """Every clip a pack of this language must hold, the chime included; silences are made, not recorded."""
    words = {word for number in range(1, 100) for word in counter_words(str(number), language)}
    return frozenset({"chime", "number", "proceed", *LETTERS, *"0123456789", *words})
