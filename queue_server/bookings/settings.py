"""`bookings.toml` in the data folder: which outsides the mall speaks with, one `[[source]]` each.

A name nobody knows is an error that suggests the right one, and every mistake is told at once. Secrets may stand in a
file of their own beside it: `secret_file = "portal.secret"` for a setting `secret`.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from antrean.domain.settings import BadSettings
from queue_server.bookings.connector import Kind, SourceSetting, SourceSettings

FILE_NAME = "bookings.toml"
EVERY_SECONDS = 60
LEAST_SECONDS, MOST_SECONDS = 5, 900
"""An outside stops selling slots of today after 30 minutes without a word: two visits must fit into that."""
_NAME = re.compile(r"[a-z0-9-]{1,40}")
_FILE = "_file"


@dataclass(frozen=True)
class SourceConfig:
    """One configured outside; `settings` are those of its kind, secrets read."""

    name: str
    kind: str
    every_seconds: int
    settings: SourceSettings
    secret_names: frozenset[str] = frozenset()

    @property
    def print(self) -> str:
        """What tells this outside from another one under the same name; nothing of a secret is in it."""
        told = {name: value for name, value in self.settings.items() if name not in self.secret_names}
        return hashlib.sha256(json.dumps([self.kind, told], sort_keys=True).encode()).hexdigest()[:16]

    @property
    def url(self) -> str:
        """Where it is, "" for a kind without an address."""
        return str(self.settings.get("url", ""))

    @property
    def mall(self) -> str:
        """What the outside calls this mall, "" where it knows only one."""
        return str(self.settings.get("mall", ""))


def read_sources(folder: Path, kinds: Mapping[str, Kind]) -> tuple[SourceConfig, ...]:
    """The sources of a data folder, () without the file; raises BadSettings with every mistake."""
    path = folder / FILE_NAME
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSettings([f"{FILE_NAME}: {error}"]) from None
    return sources_of(table, folder, kinds)


def sources_of(table: Mapping[str, Any], folder: Path, kinds: Mapping[str, Kind]) -> tuple[SourceConfig, ...]:
    """The sources of a parsed file whose secrets lie in `folder`; raises BadSettings with every mistake."""
    problems = [_unknown(name, ["source"], FILE_NAME) for name in table if name != "source"]
    rows = table.get("source", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadSettings([*problems, "source must be a list of tables: [[source]]"])
    found: list[SourceConfig] = []
    for row in rows:
        try:
            found.append(source_of(row, folder, kinds))
        except BadSettings as error:
            problems += error.problems
    names = [one.name for one in found]
    problems += [f"two sources are named {name}" for name in sorted({n for n in names if names.count(n) > 1})]
    if problems:
        raise BadSettings(problems)
    return tuple(found)


def source_of(row: Mapping[str, Any], folder: Path, kinds: Mapping[str, Kind]) -> SourceConfig:
    """One `[[source]]`; raises BadSettings with every mistake in it."""
    name, kind, every = row.get("name"), row.get("kind"), row.get("every_seconds", EVERY_SECONDS)
    where = f"source {name}" if isinstance(name, str) and name else "a source"
    problems: list[str] = []
    if not isinstance(name, str) or _NAME.fullmatch(name) is None:
        problems.append(f"{where}: name must be 1 to 40 small letters, digits or hyphens, not {name!r}")
    if not _is_whole(every) or not LEAST_SECONDS <= every <= MOST_SECONDS:
        problems.append(
            f"{where}: every_seconds must be from {LEAST_SECONDS} to {MOST_SECONDS}, not {every!r}"
        )
    known = kinds.get(kind) if isinstance(kind, str) else None
    if known is None:
        near = difflib.get_close_matches(str(kind), kinds, n=1, cutoff=0.5)
        hint = f": did you mean {near[0]}?" if near else f"; known are {', '.join(kinds)}"
        raise BadSettings([*problems, f"{where}: there is no kind {kind!r}{hint}"])
    values = _values(row, folder, known.settings, where, problems)
    if problems:
        raise BadSettings(problems)
    secrets = frozenset(setting.name for setting in known.settings if setting.shape == "secret")
    return SourceConfig(str(name), str(kind), int(every), values, secrets)


def _values(
    row: Mapping[str, Any],
    folder: Path,
    settings: Iterable[SourceSetting],
    where: str,
    problems: list[str],
) -> dict[str, str | int | bool]:
    by_name = {setting.name: setting for setting in settings}
    files = {name + _FILE: name for name, setting in by_name.items() if setting.shape == "secret"}
    keys = ["name", "kind", "every_seconds", *by_name, *files]
    problems += [_unknown(name, keys, where) for name in row if name not in keys]
    values: dict[str, str | int | bool] = {}
    for name, setting in by_name.items():
        given: Any = row.get(name)
        if given is None and name + _FILE in row and setting.shape == "secret":
            given = _secret(folder, row[name + _FILE], f"{where}: {name}{_FILE}", problems)
        elif given is None:
            given = setting.default
            if given is None:
                also = f" or {name}{_FILE}" if setting.shape == "secret" else ""
                problems.append(f"{where}: {name}{also} is missing ({setting.means})")
        elif not _fits(given, setting.shape):
            problems.append(f"{where}: {name} must be {_WORDS[setting.shape]}, not {given!r}")
            given = None
        elif setting.shape == "file" and given:
            given = str(folder / given)
        if given is not None:
            values[name] = given
    return values


_WORDS = {
    "text": "text",
    "number": "a whole number",
    "switch": "true or false",
    "secret": "text",
    "file": "the name of a file",
}


def _fits(value: object, shape: str) -> bool:
    if shape == "number":
        return _is_whole(value)
    return isinstance(value, bool if shape == "switch" else str)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _secret(folder: Path, name: object, where: str, problems: list[str]) -> str | None:
    """The first line of a file beside `bookings.toml`."""
    if not isinstance(name, str) or not name:
        problems.append(f"{where} must be the name of a file, not {name!r}")
        return None
    try:
        text = (folder / name).read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{where}: {error}")
        return None
    if not text:
        problems.append(f"{where}: {name} is empty")
    return text or None


def _unknown(name: str, known: Iterable[str], where: str) -> str:
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f"{where}: unknown setting {name}" + (
        f": did you mean {near[0]}?" if near else f"; known are {', '.join(names)}"
    )
