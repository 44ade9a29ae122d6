"""Sums over samples: loudness, silence, level, rate. Samples are `array("h")`, mono, 16 bit; no sound card, no file."""

import math
from array import array
from collections.abc import Sequence
from typing import TypeAlias

FULL = 32_767
LOUDNESS = 4_200
"""Root mean square of the voiced part of a shipped clip; leaves about 9 dB for peaks."""

PEAK = 30_000
QUIET = 120
"""What is softer than this in a clean recording is silence: -49 dB."""

EDGE_MS = 12
"""So much silence stays at both ends of a clip, so that no consonant is cut."""

Samples: TypeAlias = "array[int]"


def of_bytes(samples: bytes) -> Samples:
    """Raw bytes as samples."""
    found = array("h")
    found.frombytes(samples)
    return found


def loudness(samples: Sequence[int], quiet: int = QUIET) -> float:
    """Root mean square of what is louder than `quiet`, 0 for silence."""
    voiced = [value for value in samples if abs(value) > quiet]
    return math.sqrt(sum(value * value for value in voiced) / len(voiced)) if voiced else 0.0


def decibels(value: float, to: float = FULL) -> float:
    """How much louder than `to`, in dB; -96 for nothing at all."""
    return max(-96.0, 20 * math.log10(value / to)) if value > 0 else -96.0


def sounding(samples: Sequence[int], quiet: int = QUIET) -> tuple[int, int] | None:
    """The first and the last sample louder than `quiet`, None for silence."""
    first = next((at for at, value in enumerate(samples) if abs(value) > quiet), None)
    if first is None:
        return None
    last = next(at for at in range(len(samples) - 1, -1, -1) if abs(samples[at]) > quiet)
    return first, last


def trimmed(samples: Samples, rate: int, quiet: int = QUIET) -> Samples:
    """Without the silence at both ends, but for a hair of it. Silence stays as it is."""
    found = sounding(samples, quiet)
    if found is None:
        return samples
    edge = rate * EDGE_MS // 1000
    return samples[max(0, found[0] - edge) : found[1] + edge]


def levelled(samples: Samples, rate: int, quiet: int = QUIET) -> Samples:
    """At the loudness of the shipped packs, with soft ends and no clipped peak. Silence stays as it is."""
    loud = loudness(samples, quiet)
    if not loud:
        return samples
    gain = min(LOUDNESS / loud, PEAK / max(abs(value) for value in samples))
    edge = max(1, rate * EDGE_MS // 2000)
    last = len(samples) - 1
    return array(
        "h",
        (int(value * gain * min(1.0, at / edge, (last - at) / edge)) for at, value in enumerate(samples)),
    )


def resampled(samples: Samples, rate: int, to: int) -> Samples:
    """The same sound at another rate. Downwards it is softened first, so that no hiss folds into the voice."""
    if rate == to or not samples:
        return samples
    wide = math.ceil(rate / to) if to < rate else 1
    soft = _softened(samples, wide) if wide > 1 else samples
    last = len(soft) - 1
    step = rate / to
    made = array("h")
    for at in range(int(len(soft) / step)):
        place = at * step
        low = int(place)
        part = place - low
        made.append(int(soft[low] * (1 - part) + soft[min(low + 1, last)] * part))
    return made


def _softened(samples: Samples, wide: int) -> Samples:
    """The running mean of `wide` neighbours: a plain low pass, good enough for speech."""
    made, total = array("h"), 0
    for at, value in enumerate(samples):
        total += value
        if at >= wide:
            total -= samples[at - wide]
        made.append(int(total / wide))
    return made
