"""The sound of an announcement: from the clips of a pack, else from a synthesizer, else the chime alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from antrean.domain.errors import AntreanError
from antrean.voice.pack import Pack, wav_samples
from antrean.voice.phrase import PHRASES, announcement_phrase
from antrean.voice.reading import announcement_words
from antrean.voice.samples import levelled, of_bytes, resampled
from antrean.voice.sound import after_chime, clips_joined
from antrean.voice.speech import spoken

Say = Callable[[str, str], bytes]
"""A text in a language as a WAV file, b"" when it was given up; raises Unavailable."""


@dataclass(frozen=True, slots=True)
class Sounding:
    """A WAV file, and whether words are in it: without, only the chime tells people to look at the board."""

    wav: bytes
    words: bool


def announcement_sound(kind: str, about: str, text: str, packs: Sequence[Pack], say: Say | None) -> Sounding:
    """An announcement in the languages of the packs; `text` is said once, in the first of them, as it was typed.

    `say` is None where no synthesizer is installed; one that fails leaves its words out.
    """
    said = [
        _clips(kind, about, pack) or _synthesized(kind, about, pack, say) for pack in packs if kind in PHRASES
    ]
    if kind not in PHRASES:
        said = [_said(text, packs[0], say)]
    return Sounding(after_chime(said, packs[0]), any(said))


def _clips(kind: str, about: str, pack: Pack) -> bytes:
    return clips_joined(announcement_phrase(kind, about, pack.language), pack) if pack.announces() else b""


def _synthesized(kind: str, about: str, pack: Pack, say: Say | None) -> bytes:
    return _said(announcement_words(kind, about, pack.language), pack, say)


def _said(text: str, pack: Pack, say: Say | None) -> bytes:
    """The text as raw samples at the pack's rate and loudness, b"" when nobody can say it."""
    words = spoken(text, pack.language)
    if say is None or not words:
        return b""
    try:
        samples, rate = wav_samples(say(words, pack.language))
    except (AntreanError, OSError, ValueError):
        return b""
    return levelled(resampled(of_bytes(samples), rate, pack.rate), pack.rate).tobytes()
