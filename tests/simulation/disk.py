"""A disk that can lose power: SQLite writes through it, and only what was synced is certain to be there afterwards.

Files live in a real folder (a memory file system is quick), which is what a program sees: the page cache. Beside it the
disk keeps, per file, the content as of its last sync and the writes since. A power cut puts together what was synced
and any part of the rest, in sectors of 512 bytes; a killed program loses nothing that it wrote.
"""

import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import apsw

from antrean.ledger.room import Room

SECTOR = 512
BALLAST = "ballast"
BALLAST_BYTES = 64 * 1024
VFS_NAME = "simulated-disk"


@dataclass
class _Cached:
    """One file: its content as of the last sync, and the writes since as (offset, bytes), None cutting it short."""

    synced: bytearray
    since: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        for offset, data in self.since:
            _apply(self.synced, offset, data)
        self.since.clear()

    def torn(self, dice: random.Random) -> bytes:
        """What a power cut leaves: any of the unsynced writes may be there, missing, or there in part."""
        left = bytearray(self.synced)
        kept = dice.random()
        for offset, data in self.since:
            if dice.random() > kept:
                continue
            if data is None or dice.random() < 0.7:
                _apply(left, offset, data)
                continue
            for at in range(0, len(data), SECTOR):
                if dice.random() < 0.5:
                    _apply(left, offset + at, data[at : at + SECTOR])
        return bytes(left)


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
        return
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


class Disk:
    """The disk of one machine; `folder` is where its programs find their files.

    `fuse` counts writes and syncs down; at zero the disk is `dead`, and nothing reaches the files any more. On a full
    disk only what the dropped ballast leaves is there to grow into.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.full = False
        self._left = 0
        self._ballast = False
        self.sync_fails = False
        self.fuse: int | None = None
        self.dead = False
        self._files: dict[str, _Cached] = {}
        folder.mkdir(parents=True)
        _DISKS[str(folder)] = self

    def opened(self, name: str) -> _Cached:
        """The cache of a file; one that this disk did not see being written is taken as synced."""
        if name not in self._files:
            path = Path(name)
            self._files[name] = _Cached(bytearray(path.read_bytes() if path.exists() else b""))
        return self._files[name]

    def forget(self, name: str) -> None:
        """A file was deleted."""
        self._files.pop(name, None)

    def fill(self) -> None:
        """No room from now on, but for what a ballast gives back when it is dropped."""
        self.full, self._left = True, 0
        self._ballast = self.ballast.exists()

    def empty(self) -> None:
        """There is room again."""
        self.full = False

    @property
    def ballast(self) -> Path:
        """Where the program on this disk keeps its ballast."""
        return self.folder / "data" / BALLAST

    def grow(self, size: int) -> None:
        """Something needs `size` bytes more; raises apsw.FullError when they are not there."""
        if not self.full or size <= 0:
            return
        if self._ballast and not self.ballast.exists():
            self._ballast, self._left = False, BALLAST_BYTES
        if size > self._left:
            raise apsw.FullError("the disk is full")
        self._left -= size

    def step(self) -> None:
        """One write or sync is about to happen; raises when the machine is gone or goes now."""
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse <= 0:
                self.fuse = None
                self.dead = True
        if self.dead:
            raise apsw.IOError("the machine is gone")

    def lost_power(self, dice: random.Random) -> dict[str, bytes]:
        """The files as a power cut leaves them, by path relative to the folder."""
        left = self.cached()
        for name, cache in self._files.items():
            relative = str(Path(name).relative_to(self.folder))
            if relative in left:
                left[relative] = cache.torn(dice)
        return left

    def cached(self) -> dict[str, bytes]:
        """The files as the programs see them: what a killed program leaves."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and not path.name.endswith("-shm")
        }

    def damage(self, name: str, dice: random.Random) -> None:
        """A few sectors of a file turn to rubbish, as on a dying disk."""
        path = self.folder / name
        content = bytearray(path.read_bytes())
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(0, max(1, len(content) - SECTOR))
            content[at : at + SECTOR] = dice.randbytes(SECTOR)
        path.write_bytes(bytes(content[: dice.choice((len(content), len(content), 0, len(content) // 2))]))

    def remove(self) -> None:
        """Unplug the disk for good."""
        self.dead = True
        _DISKS.pop(str(self.folder), None)
        shutil.rmtree(self.folder, ignore_errors=True)


def disk_with(folder: Path, files: dict[str, bytes]) -> Disk:
    """A fresh disk that holds these files, all of them synced."""
    disk = Disk(folder)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return disk


_DISKS: dict[str, Disk] = {}


def disk_of(path: Path | str) -> Disk | None:
    """The simulated disk a path lies on."""
    for parent in (Path(path), *Path(path).parents):
        found = _DISKS.get(str(parent))
        if found is not None:
            return found
    return None


class SimulatedRoom(Room):
    """The space of a data folder on a simulated disk."""

    def __init__(self, disk: Disk) -> None:
        super().__init__(disk.folder / "data", ballast_bytes=BALLAST_BYTES)
        self._disk = disk

    def free_bytes(self) -> int:
        """Nothing on a full disk, plenty otherwise."""
        return 0 if self._disk.full else 100 * BALLAST_BYTES


class _File(apsw.VFSFile):
    def __init__(self, filename: "apsw.URIFilename | str | None", flags: list[int]) -> None:
        super().__init__("unix", filename, flags)
        self._name = filename.filename() if isinstance(filename, apsw.URIFilename) else str(filename)
        self._disk = disk_of(self._name)
        self._cache = self._disk.opened(self._name) if self._disk else None

    def xWrite(self, data: bytes, offset: int) -> None:
        if self._disk is not None and self._cache is not None:
            self._disk.step()
            self._disk.grow(offset + len(data) - self.xFileSize())
            self._cache.since.append((offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        if self._disk is not None and self._cache is not None:
            self._disk.step()
            self._cache.since.append((newsize, None))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        # The real sync is left out: the file lives in memory, and what a sync is worth is what we are simulating.
        if self._disk is not None and self._cache is not None:
            self._disk.step()
            if self._disk.sync_fails:
                raise apsw.IOError("the disk could not sync")
            self._cache.sync()


class _Vfs(apsw.VFS):
    def __init__(self) -> None:
        super().__init__(VFS_NAME, "unix")

    def xOpen(self, name: "apsw.URIFilename | str | None", flags: list[int]) -> apsw.VFSFile:
        return _File(name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        disk = disk_of(filename)
        if disk is not None:
            disk.step()
            disk.forget(filename)
        super().xDelete(filename, syncdir)


_installed: list[_Vfs] = []


def install() -> None:
    """Make the simulated disk known to SQLite, once in a process."""
    if not _installed:
        _installed.append(_Vfs())
