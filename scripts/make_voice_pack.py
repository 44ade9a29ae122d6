"""Makes the shipped voice packs with espeak-ng: `python -m scripts.make_voice_pack [LANGUAGE…]`.

Each clip is trimmed of silence, brought to one loudness and written as 22.05 kHz mono 16 bit; the chime is computed.
The words spoken stand in the pack's own `pack.toml`, so a site's own recording starts from the same list.
"""

from __future__ import annotations

import array
import io
import math
import subprocess
import sys
import tomllib
import wave
from pathlib import Path

from antrean.voice.pack import PACKS
from antrean.voice.phrase import clips_needed, clips_to_announce
from antrean.voice.pronunciation import told
from antrean.voice.samples import levelled, sounding, trimmed
from antrean.voice.sound import wav_of

RATE = 22_050
VOICES = {"id": ("id", 138), "en": ("en-gb", 145)}
CHIME = ((587.33, 0.0), (440.0, 0.42))  # D5 then A4, a falling fourth: (hertz, start in seconds)
CHIME_SECONDS = 1.25


def chime() -> array.array[int]:
    """Two soft bell notes, each with three partials that die away."""
    samples = array.array("h", bytes(2 * int(RATE * CHIME_SECONDS)))
    for at in range(len(samples)):
        level = 0.0
        for hertz, start in CHIME:
            t = at / RATE - start
            if t > 0:
                rise = min(1.0, t / 0.006)
                level += rise * sum(
                    part * math.exp(-t * decay) * math.sin(math.tau * hertz * step * t)
                    for step, part, decay in ((1, 0.62, 4.2), (2, 0.2, 6.5), (3.01, 0.08, 10.0))
                )
        fade = min(1.0, (len(samples) - at) / (0.12 * RATE))
        samples[at] = int(17_000 * level * fade)
    return samples


def speak(text: str, language: str) -> array.array[int]:
    """What espeak-ng says, trimmed and levelled."""
    voice, speed = VOICES[language]
    said = subprocess.run(
        ["espeak-ng", "-v", voice, "-s", str(speed), "-p", "45", "--stdout", told(text, language)],
        check=True,
        capture_output=True,
    ).stdout
    with wave.open(io.BytesIO(said)) as sound:
        if sound.getframerate() != RATE:
            raise SystemExit(f"espeak-ng gave {sound.getframerate()} Hz, not {RATE}")
        samples = array.array("h", sound.readframes(sound.getnframes()))
    if sounding(samples) is None:
        raise SystemExit(f"{text!r} came out silent")
    return levelled(trimmed(samples, RATE), RATE)


def make(folder: Path) -> int:
    """Write every clip of one pack; the answer is its size in bytes."""
    table = tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))
    say, language = table["say"], table["language"]
    if missing := (clips_needed(language) | clips_to_announce()) - {"chime"} - say.keys():
        raise SystemExit(f"{folder}/pack.toml says nothing for {', '.join(sorted(missing))}")
    clips = {name: speak(text, language) for name, text in say.items()} | {"chime": chime()}
    for name, samples in clips.items():
        (folder / f"{name}.wav").write_bytes(wav_of(samples.tobytes(), RATE))
    return sum(path.stat().st_size for path in folder.iterdir())


def main(languages: list[str]) -> None:
    """Make the named packs, or all of them."""
    for language in languages or sorted(VOICES):
        print(f"{language}: {make(PACKS / language) / 1e6:.2f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
