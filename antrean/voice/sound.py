"""A whole call as one WAV: chime, pause, words."""

import io
import wave
from collections.abc import Sequence

from antrean.domain.label import Label
from antrean.voice.pack import SAMPLE_BYTES, Pack
from antrean.voice.phrase import PAUSE, Announcement, phrase, spell_label

AFTER_CHIME_MS = 250
BETWEEN_WORDS_MS = 45
PAUSE_MS = 220
TAIL_MS = 350
BETWEEN_LANGUAGES_MS = 600


def call_wav(label: str, counter: str, language: str, pack: Pack, check: str | None = None) -> bytes:
    """The sound of one call as a WAV file (mono, 16 bit, the pack's rate); `check` letters are for twins.

    Raises BadInput for an unreadable label and ValueError when the pack speaks another language.
    """
    if pack.language != language:
        raise ValueError(f"the pack {pack.name!r} speaks {pack.language}, not {language}")
    return call_in_all(label, counter, (pack,), check)


def call_in_all(label: str, counter: str, packs: Sequence[Pack], check: str | None = None) -> bytes:
    """The sound of one call: one chime, then the words of each pack, one language after the other.

    Raises BadInput for an unreadable label. The packs share one rate, see `same_rate`.
    """
    call = Announcement(label, counter, check)
    return after_chime([clips_joined(phrase(call, pack.language), pack) for pack in packs], packs[0])


def after_chime(parts: Sequence[bytes], pack: Pack) -> bytes:
    """Chime, then these raw samples with a pause between them, as a WAV file at the pack's rate."""
    pause = _silence(pack.rate, BETWEEN_LANGUAGES_MS)
    words = pause.join(part for part in parts if part)
    lead = _silence(pack.rate, AFTER_CHIME_MS) if words else b""
    return wav_of(pack.clips["chime"] + lead + words + _silence(pack.rate, TAIL_MS), pack.rate)


def label_wav(label: Label, pack: Pack) -> bytes:
    """A ticket number alone as a WAV file, sign by sign, as a call says it."""
    return wav_of(clips_joined(spell_label(str(label)), pack), pack.rate)


def clips_joined(names: Sequence[str], pack: Pack) -> bytes:
    """These clips one after the other as raw samples at the pack's rate; "pause" is a short silence."""
    pause, gap = _silence(pack.rate, PAUSE_MS), _silence(pack.rate, BETWEEN_WORDS_MS)
    return b"".join(pause if name == PAUSE else pack.clips[name] + gap for name in names)


def length_ms(wav: bytes) -> int:
    """How long a WAV file plays, rounded up to a whole millisecond."""
    with wave.open(io.BytesIO(wav)) as sound:
        frames, rate = sound.getnframes(), sound.getframerate()
    return int(-(-frames * 1000 // rate))


def wav_of(samples: bytes, rate: int) -> bytes:
    """Raw mono 16 bit samples as a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(SAMPLE_BYTES)
        sound.setframerate(rate)
        sound.writeframes(samples)
    return out.getvalue()


def _silence(rate: int, ms: int) -> bytes:
    return bytes(SAMPLE_BYTES * (rate * ms // 1000))
