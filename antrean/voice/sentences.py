"""Whole sentences that somebody recorded for the kiosk: `sentences.toml` in a voice pack's folder.

[clips]                                  # the sentence as it stands on the screen = the recording beside this file
"Mau urus apa?" = "kiosk/mau-urus-apa.wav"
"Tunggu di Lantai 1 · Zona A" = "kiosk/lantai-1-zona-a.wav"
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from antrean.domain.label import Label
from antrean.voice.pack import PACKS, BadPack, Pack, load_pack, wav_samples
from antrean.voice.sound import label_wav
from antrean.voice.speech import label_in

FILE = "sentences.toml"
_COUNTED = re.compile(r"^\d+\. ")
"""A tile is told with its place in the list; a recording of its name serves in any place."""

CALLED = {"jv": "id", "su": "id"}
"""A number is told in the language in which the hall's loudspeaker will call it."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is there as a recording in one language: clips of sentences, and the letters and digits of a number."""

    sentences: Mapping[str, Path] = field(default_factory=dict)
    pack: Pack | None = None

    def wav(self, sentence: str) -> bytes | None:
        """The recording of a sentence or of a ticket number, None without one. Raises OSError."""
        label = label_in(sentence)
        if label is not None:
            return self._label(label)
        clip = self.sentences.get(key_of(sentence)) or self.sentences.get(key_of(_COUNTED.sub("", sentence)))
        return None if clip is None else clip.read_bytes()

    def _label(self, label: Label) -> bytes | None:
        return None if self.pack is None else label_wav(label, self.pack)


def key_of(sentence: str) -> str:
    """What two writings of a sentence share: spaces, capitals and the full stop do not count."""
    return " ".join(sentence.split()).rstrip(".").casefold()


def load_recorded(folder: Path | None, language: str) -> Recorded:
    """The recordings of a language; `folder` is a site's own, None uses the shipped voice alone.

    The folder is a pack itself or holds one folder a language. Letters and digits that it lacks come from the
    shipped pack. Raises BadPack naming every clip that cannot be played.
    """
    own = None if folder is None else _folder_of(folder, language)
    sentences = {} if own is None else _sentences(own)
    called = CALLED.get(language, language)
    calls = None if folder is None else _folder_of(folder, called)
    if calls is None or not (calls / "pack.toml").exists():
        calls = PACKS / called
    return Recorded(sentences, load_pack(calls))


def _folder_of(folder: Path, language: str) -> Path | None:
    """The folder itself when its pack.toml names the language, else its subfolder called like the language."""
    if not folder.is_dir():
        raise BadPack(folder, ["there is no such folder"])
    try:
        table = tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        inner = folder / language
        return inner if inner.is_dir() else None
    except (OSError, ValueError) as problem:
        raise BadPack(folder, [f"pack.toml cannot be read: {problem}"]) from problem
    return folder if table.get("language") == language else None


def _sentences(folder: Path) -> dict[str, Path]:
    try:
        table = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as problem:
        raise BadPack(folder, [f"{FILE} cannot be read: {problem}"]) from problem
    clips = table.get("clips")
    if not isinstance(clips, dict):
        raise BadPack(folder, [f"{FILE} must have a table [clips]"])
    found: dict[str, Path] = {}
    problems: list[str] = []
    for sentence, name in clips.items():
        try:
            clip = folder / str(name)
            wav_samples(clip.read_bytes())
            found[key_of(sentence)] = clip
        except (OSError, EOFError, ValueError) as problem:
            problems.append(f"{name}: {problem}")
    if problems:
        raise BadPack(folder, problems)
    return found
