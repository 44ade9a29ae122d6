"""A folder of pictures and videos for boards, with `schedule.toml` in it; what cannot be shown is told once."""

from __future__ import annotations

import logging
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from antrean.domain.settings import BadSettings
from antrean.domain.slides import Programme, in_order, programme_from

SCHEDULE = "schedule.toml"
PICTURE, VIDEO = "picture", "video"
KINDS = {
    ".png": (PICTURE, b"\x89PNG\r\n\x1a\n"),
    ".jpg": (PICTURE, b"\xff\xd8\xff"),
    ".jpeg": (PICTURE, b"\xff\xd8\xff"),
    ".webp": (PICTURE, b"RIFF"),
    ".mp4": (VIDEO, b""),
    ".webm": (VIDEO, b"\x1aE\xdf\xa3"),
}
"""What an ending promises, and what such a file begins with (MP4 has its mark four bytes later)."""
MP4_MARK = b"ftyp"
LARGEST = {PICTURE: 25_000_000, VIDEO: 500_000_000}
"""Bytes: more is a mistake of somebody's camera, and would keep a television busy instead of calling."""

log = logging.getLogger("antrean.slides")


@dataclass(frozen=True, slots=True)
class Slide:
    """One picture or video: its file's name, PICTURE or VIDEO, how many seconds it is shown, and its state on disk."""

    name: str
    kind: str
    seconds: int
    version: str


class SlideFolder:
    """The slides of a folder. A missing folder is an empty one; one thread at a time asks."""

    def __init__(self, folder: Path, kinds: frozenset[str] = frozenset({PICTURE, VIDEO})) -> None:
        self.folder = folder
        self._kinds = kinds
        self._told: set[tuple[str, str]] = set()
        self._schedule: tuple[str, Programme | None] = ("", Programme())

    def on_now(self, weekday: int, minute: int) -> tuple[Slide, ...]:
        """What is shown at this minute of a local day (0 is Monday), in the order of the names."""
        found = self._files()
        programme = self._programme(found.pop(SCHEDULE, ""))
        if programme is None:
            return ()
        slides = []
        for name in in_order(found):
            seconds = programme.seconds_of(name, weekday, minute)
            if seconds is not None and (kind := self._kind(name, found[name])):
                slides.append(Slide(name, kind, seconds, found[name]))
        return tuple(slides)

    def path(self, name: str) -> Path | None:
        """The file of this name, None when the folder itself has no such picture or video."""
        found = self._files()
        return self.folder / name if name in found and self._kind(name, found[name]) else None

    def skip(self, name: str, version: str, why: str) -> None:
        """Tell once that a file cannot be shown; it is left out until it changes."""
        if (name, version) not in self._told:
            self._told.add((name, version))
            log.warning("%s is not shown on the boards: %s", name, why)

    def _files(self) -> dict[str, str]:
        """Regular files by name, never links out of the folder, with what changes when they do."""
        try:
            with os.scandir(self.folder) as entries:
                files = [entry for entry in entries if entry.is_file(follow_symlinks=False)]
                stats = {entry.name: entry.stat(follow_symlinks=False) for entry in files}
        except OSError:
            return {}
        return {name: f"{stat.st_mtime_ns}-{stat.st_size}" for name, stat in stats.items()}

    def _kind(self, name: str, version: str) -> str:
        kind, mark = KINDS.get(Path(name).suffix.lower(), ("", b""))
        if not kind or kind not in self._kinds or name.startswith(".") or (name, version) in self._told:
            return ""
        if int(version.rpartition("-")[2]) > LARGEST[kind]:
            self.skip(name, version, f"larger than {LARGEST[kind] // 1_000_000} MB")
            return ""
        try:
            with (self.folder / name).open("rb") as file:
                head = file.read(16)
        except OSError as problem:
            self.skip(name, version, problem.strerror or type(problem).__name__)
            return ""
        if not head.startswith(mark) or (not mark and head[4:8] != MP4_MARK):
            self.skip(name, version, "it is not what its name says")
            return ""
        return kind

    def _programme(self, version: str) -> Programme | None:
        """The schedule in force; None while it cannot be read: nothing is shown at a time nobody meant."""
        if version == self._schedule[0]:
            return self._schedule[1]
        programme: Programme | None = Programme()
        if version:
            try:
                text = (self.folder / SCHEDULE).read_text(encoding="utf-8")
                programme = programme_from(tomllib.loads(text))
            except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
                log.warning("%s cannot be read, no picture is shown: %s", SCHEDULE, problem)
                programme = None
            except BadSettings as problem:
                log.warning("%s has mistakes, no picture is shown: %s", SCHEDULE, "; ".join(problem.problems))
                programme = None
        self._schedule = (version, programme)
        return programme
