"""A mall's own recording: cutting one long reading into clips, bringing them to one loudness, and finding mistakes."""

import tomllib
import wave
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from antrean.voice.pack import SAMPLE_BYTES, wav_samples
from antrean.voice.phrase import LANGUAGES, clips_needed, clips_to_announce
from antrean.voice.reading import reading_script
from antrean.voice.samples import (
    FULL,
    QUIET,
    Samples,
    decibels,
    levelled,
    loudness,
    of_bytes,
    resampled,
    sounding,
    trimmed,
)

RATE = 22_050
CHIME = "chime"
LOWEST_RATE = 16_000
LONGEST_MS = {"phrase": 4_000, "word": 1_800, CHIME: 4_000}
SHORTEST_MS = 80
MOST_SILENCE_MS = 150
APART_DB = 4.0
"""People take three decibels for the same distance; from four on a called number sounds like two speakers."""

CLIPPED, CLIPPED_RUN = FULL - 7, 3
WINDOW_MS = 10
PAUSES_MS = (900, 800, 700, 600, 500, 400, 300, 1_100, 1_400)
"""Pauses between two clips of a long reading, the likeliest first; shorter ones are breaths within a phrase."""

LEAST_CLIP_MS = 60
"""What is shorter between two pauses is a chair or a page, not a word."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a clip, by a code with its figures; `bad` keeps the pack from being used."""

    clip: str
    code: str
    bad: bool = True
    params: Mapping[str, object] = field(default_factory=dict)


class WrongCount(ValueError):
    """A long reading has another number of clips than the script; `lengths_ms` tells what was found."""

    def __init__(self, wanted: int, lengths_ms: Sequence[int]) -> None:
        self.wanted, self.lengths_ms = wanted, tuple(lengths_ms)
        super().__init__(f"found {len(lengths_ms)} clips, {wanted} are in the script")


def any_wav(path: Path) -> tuple[Samples, int]:
    """A PCM WAV of 8 to 32 bit with any number of channels, as mono 16 bit samples, and its rate.

    Raises OSError and ValueError.
    """
    try:
        with wave.open(str(path)) as sound:
            channels, width, rate = sound.getnchannels(), sound.getsampwidth(), sound.getframerate()
            raw = sound.readframes(sound.getnframes())
    except (EOFError, wave.Error) as problem:
        raise ValueError(f"{problem}") from problem
    whole = len(raw) - len(raw) % (channels * width)
    values = _as_16_bit(raw[:whole], width)
    if channels == 1:
        return values, rate
    each = [values[at::channels] for at in range(channels)]
    return array("h", (sum(frame) // channels for frame in zip(*each, strict=True))), rate


def _as_16_bit(raw: bytes, width: int) -> Samples:
    if width == 1:
        return array("h", ((value - 128) << 8 for value in raw))
    if width == SAMPLE_BYTES:
        return of_bytes(raw)
    high = bytearray(len(raw) // width * SAMPLE_BYTES)
    high[0::2], high[1::2] = raw[width - 2 :: width], raw[width - 1 :: width]
    return of_bytes(bytes(high))


def clip_quiet(samples: Samples) -> int:
    """What counts as silence in one clip, which is too short to know the room's noise: 34 dB below its peak."""
    return max(QUIET, max(map(abs, samples), default=0) // 50)


def take_quiet(samples: Samples, rate: int) -> int:
    """What counts as silence in a long reading: above the room's own noise, well below the voice."""
    loud = sorted(_windows(samples, rate))
    if not loud:
        return QUIET
    floor, voice = loud[len(loud) // 10], loud[len(loud) * 95 // 100]
    return int(min(max(QUIET, 3 * floor, 0.04 * voice), max(QUIET, 0.3 * voice)))


def _windows(samples: Samples, rate: int) -> list[int]:
    """The loudest sample of each hundredth of a second."""
    step = max(1, rate * WINDOW_MS // 1000)
    parts = (samples[at : at + step] for at in range(0, len(samples), step))
    return [max(max(part), -min(part)) for part in parts]


def cut(samples: Samples, rate: int, wanted: int) -> list[Samples]:
    """The clips of one long reading, parted by its pauses. Raises WrongCount when no pause gives so many clips."""
    quiet = take_quiet(samples, rate)
    sounds = [value > quiet for value in _windows(samples, rate)]
    best: list[tuple[int, int]] = []
    for pause_ms in PAUSES_MS:
        found = _parted(sounds, pause_ms // WINDOW_MS)
        if len(found) == wanted:
            step = max(1, rate * WINDOW_MS // 1000)
            return [samples[max(0, first - 3) * step : (last + 4) * step] for first, last in found]
        if not best or abs(len(found) - wanted) < abs(len(best) - wanted):
            best = found
    raise WrongCount(wanted, [(last - first + 1) * WINDOW_MS for first, last in best])


def _parted(sounds: Sequence[bool], pause: int) -> list[tuple[int, int]]:
    """The first and last window of each clip: sounds with fewer than `pause` silent windows between them."""
    found: list[tuple[int, int]] = []
    for at, sound in enumerate(sounds):
        if not sound:
            continue
        if found and at - found[-1][1] <= pause:
            found[-1] = (found[-1][0], at)
        else:
            found.append((at, at))
    return [(first, last) for first, last in found if (last - first + 1) * WINDOW_MS >= LEAST_CLIP_MS]


def finished(samples: Samples, rate: int, *, chime: bool = False) -> Samples:
    """A clip as a pack wants it: at RATE, without silent ends, at the packs' loudness; a chime keeps its own."""
    made = resampled(samples, rate, RATE)
    if chime:
        return made
    quiet = clip_quiet(made)
    return levelled(trimmed(made, RATE, quiet), RATE, quiet)


def check(folder: Path) -> list[Finding]:
    """What is wrong or odd in a pack's folder, clip by clip; nothing bad means that the pack can be used."""
    try:
        table = tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        return [Finding("pack.toml", "no_table", params={"detail": str(problem)})]
    language = table.get("language")
    if language not in LANGUAGES:
        known = {"known": ", ".join(LANGUAGES), "found": str(language)}
        return [Finding("pack.toml", "no_language", params=known)]
    needed, wished = clips_needed(language), clips_to_announce()
    findings: list[Finding] = []
    clips: dict[str, tuple[Samples, int]] = {}
    for name in (CHIME, *reading_script(language)):
        path = folder / f"{name}.wav"
        if not path.exists():
            findings.append(Finding(name, "missing" if name in needed else "no_announcement", name in needed))
            continue
        try:
            samples, rate = wav_samples(path.read_bytes())
        except (OSError, ValueError) as problem:
            findings.append(Finding(name, "unreadable", params={"detail": str(problem)}))
            continue
        clips[name] = (of_bytes(samples), rate)
    extra = {path.stem for path in folder.glob("*.wav")} - needed - wished
    findings += [Finding(name, "extra", bad=False) for name in sorted(extra)]
    return [*findings, *_rates(clips), *_each(clips), *_together(clips)]


def _rates(clips: dict[str, tuple[Samples, int]]) -> Iterable[Finding]:
    rates = [rate for _, rate in clips.values()]
    usual = max(set(rates), key=rates.count, default=RATE)
    for name, (_, rate) in clips.items():
        if rate != usual:
            yield Finding(name, "rate", params={"rate": rate, "usual": usual})
    if rates and usual < LOWEST_RATE:
        yield Finding("pack.toml", "low_rate", bad=False, params={"rate": usual, "least": LOWEST_RATE})


def _each(clips: dict[str, tuple[Samples, int]]) -> Iterable[Finding]:
    for name, (samples, rate) in clips.items():
        length = 1000 * len(samples) // rate
        kind = name if name == CHIME else "word" if len(name) <= 2 else "phrase"
        ends = sounding(samples, clip_quiet(samples))
        if ends is None:
            yield Finding(name, "silent")
            continue
        if length > LONGEST_MS[kind]:
            yield Finding(name, "long", bad=False, params={"ms": length, "most": LONGEST_MS[kind]})
        if length < SHORTEST_MS:
            yield Finding(name, "short", bad=False, params={"ms": length})
        if _clipped(samples):
            yield Finding(name, "clipped", bad=False)
        if name != CHIME:
            lead, tail = 1000 * ends[0] // rate, 1000 * (len(samples) - 1 - ends[1]) // rate
            if max(lead, tail) > MOST_SILENCE_MS:
                yield Finding(name, "silence", bad=False, params={"lead": lead, "tail": tail})


def _clipped(samples: Samples) -> bool:
    run = 0
    for value in samples:
        run = run + 1 if abs(value) >= CLIPPED else 0
        if run >= CLIPPED_RUN:
            return True
    return False


def _together(clips: dict[str, tuple[Samples, int]]) -> Iterable[Finding]:
    loud = {
        name: decibels(loudness(samples, clip_quiet(samples)))
        for name, (samples, _) in clips.items()
        if name != CHIME and sounding(samples) is not None
    }
    if not loud:
        return
    usual = median(loud.values())
    for name, value in loud.items():
        if abs(value - usual) > APART_DB:
            code = "loud" if value > usual else "soft"
            yield Finding(name, code, bad=False, params={"db": round(abs(value - usual))})


def noise_db(samples: Samples, rate: int) -> float:
    """How far the room's noise lies below the voice in a long reading, in dB; -40 is a quiet office."""
    loud = sorted(_windows(samples, rate))
    return decibels(loud[len(loud) // 10], loud[len(loud) * 95 // 100] or 1) if loud else 0.0
