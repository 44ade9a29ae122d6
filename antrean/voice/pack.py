"""A voice pack: a folder of WAV clips and the small table `pack.toml` that says what each one speaks.

    language = "id"
    name = "Suara bawaan"
    [say]                      # clip name -> the words in it; the file is <clip name>.wav
    number = "Nomor antrean"
    A = "a"

All clips are mono, 16 bit, at one sample rate. `chime.wav` is played before the words. The clips of announcements
may be missing: a synthesizer says them then, or nobody.
"""

import io
import tomllib
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from antrean.domain.errors import BadInput
from antrean.voice.phrase import LANGUAGES, clips_needed, clips_to_announce

PACKS = Path(__file__).parent / "packs"
SHIPPED = ("id", "en")
"""Languages with a pack of the product's own: espeak-ng speaks neither Javanese nor Sundanese (decision 0021)."""

SAMPLE_BYTES = 2


@dataclass(frozen=True, slots=True)
class Pack:
    """A voice that is ready: raw samples by clip name, all at `rate` samples a second."""

    language: str
    name: str
    rate: int
    clips: Mapping[str, bytes]

    def announces(self) -> bool:
        """Whether it has the clips of announcements."""
        return clips_to_announce() <= self.clips.keys()


class BadPack(BadInput):
    """A voice pack has mistakes; `problems` lists every one, so that a recording session is repeated once."""

    def __init__(self, folder: Path, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("bad_voice_pack", folder=str(folder), problems="; ".join(problems))


def load_pack(folder: Path) -> Pack:
    """Read a pack whole (about 2 MB). Raises BadPack with every missing or odd clip."""
    try:
        table = tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))
    except OSError as problem:
        raise BadPack(folder, [f"pack.toml cannot be read: {problem.strerror}"]) from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BadPack(folder, [f"pack.toml is not TOML: {problem}"]) from problem
    language = table.get("language")
    if language not in LANGUAGES:
        raise BadPack(folder, [f"language must be one of {', '.join(LANGUAGES)}, not {language!r}"])
    clips: dict[str, bytes] = {}
    rates: dict[int, str] = {}
    problems: list[str] = []
    needed = clips_needed(language)
    for name in sorted(needed | clips_to_announce()):
        path = folder / f"{name}.wav"
        if name not in needed and not path.exists():
            continue
        try:
            clips[name], rate = wav_samples(path.read_bytes())
            rates.setdefault(rate, name)
        except (OSError, ValueError) as problem:
            problems.append(f"{name}.wav: {problem}")
    if len(rates) > 1:
        problems.append(
            "one sample rate is needed, found " + ", ".join(f"{r} ({n}.wav)" for r, n in rates.items())
        )
    if problems:
        raise BadPack(folder, problems)
    return Pack(language, str(table.get("name", folder.name)), next(iter(rates)), MappingProxyType(clips))


def shipped_pack(language: str) -> Pack:
    """The pack that comes with the product. Raises BadPack for a language without one."""
    return load_pack(PACKS / language)


def packs_for(languages: Sequence[str], own: Path | None) -> tuple[Pack, ...]:
    """The packs that call in these languages, one after the other: from the site's `own` folder, else the shipped ones.

    The folder is a pack itself, which then speaks for its language, or holds one folder a language. Raises BadPack for
    a pack with mistakes, a language without a pack, and packs of different rates.
    """
    found = tuple(load_pack(_folder_for(language, own)) for language in languages)
    if len({pack.rate for pack in found}) > 1:
        rates = ", ".join(f"{pack.language} {pack.rate}" for pack in found)
        raise BadPack(own or PACKS, [f"packs that speak together need one sample rate, found {rates}"])
    return found


def _folder_for(language: str, own: Path | None) -> Path:
    if own is not None:
        if not own.is_dir():
            raise BadPack(own, ["there is no such folder"])
        if (own / "pack.toml").exists() and language_of(own) in (language, None):
            return own  # also one with mistakes, which are told when it is loaded
        if (own / language / "pack.toml").exists():
            return own / language
    if language not in SHIPPED:
        raise BadPack(own or PACKS, [f"no pack speaks {language}: record one, see antrean-admin voice"])
    return PACKS / language


def language_of(folder: Path) -> str | None:
    """The language that a pack's table names, None for a folder that is no pack or cannot be read."""
    try:
        language = tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8")).get("language")
    except (OSError, ValueError):
        return None
    return language if isinstance(language, str) else None


def wav_samples(wav: bytes) -> tuple[bytes, int]:
    """The raw samples of a WAV file and their rate. Raises ValueError for anything but mono, 16 bit."""
    try:
        with wave.open(io.BytesIO(wav)) as clip:
            if (clip.getnchannels(), clip.getsampwidth()) != (1, SAMPLE_BYTES):
                raise ValueError("must be mono, 16 bit")
            return clip.readframes(clip.getnframes()), clip.getframerate()
    except (EOFError, wave.Error) as problem:
        raise ValueError(f"is no WAV file: {problem}") from problem
