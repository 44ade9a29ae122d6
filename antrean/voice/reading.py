"""What is to be read out for each clip of a voice pack, in the order of a reading."""

import tomllib
from functools import cache
from pathlib import Path

from antrean.voice.figures import cardinal
from antrean.voice.phrase import COUNTERS, DIGITS, LETTERS, announcement_phrase, counter_words
from antrean.voice.spelling import letter_name

_FILE = Path(__file__).parent / "readings.toml"
_PHRASES = ("number", "proceed", "attention", "counter", "closed", "open", "area")


@cache
def _phrases() -> dict[str, dict[str, str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def reading_script(language: str) -> dict[str, str]:
    """Clip name → the words in it: phrases, then numbers, then letters; the chime is not read out."""
    phrases = _phrases()[language]
    said = {clip: phrases[clip] for clip in _PHRASES}
    said |= {figure: cardinal(int(figure), language) for figure in DIGITS}
    for number in COUNTERS:
        clips = counter_words(str(number), language)
        said |= {
            clip: word
            for clip, word in zip(clips, _spoken_by(clips, number, language), strict=True)
            if clip not in said
        }
    said |= {letter: letter_name(letter, language) for letter in LETTERS}
    return said


def _spoken_by(clips: tuple[str, ...], number: int, language: str) -> list[str]:
    """The words of a number, one for each of its clips."""
    if language == "en":
        return [cardinal(int(clip), language) for clip in clips]
    return cardinal(number, language).split()


def announcement_words(kind: str, about: str, language: str) -> str:
    """An announcement of clips as a sentence for a synthesizer: "Perhatian. Loket 5 tutup sementara"."""
    phrases = _phrases()[language]
    clips = announcement_phrase(kind, "", language)[2:]
    said = " ".join(phrases[clip] + (f" {about}" if clip == "counter" else "") for clip in clips)
    return f"{phrases['attention']}. {said[:1].upper()}{said[1:]}"
