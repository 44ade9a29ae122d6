"""One table of the catalogue's file (TOML or JSON), read with every mistake noted under its place in the file."""

import datetime
import re
from collections.abc import Mapping
from typing import Any, TypeVar

from antrean.domain.words import Words

T = TypeVar("T")
CODE = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_MISSING: Any = object()


class FileTable:
    """One table of the file: typed access that notes problems under a readable path."""

    def __init__(self, data: object, path: str, problems: list[str]) -> None:
        self.path, self.problems = path, problems
        self.used: set[str] = set()
        self.data: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
        if not isinstance(data, Mapping):
            self.problem("must be a table")

    def problem(self, text: str) -> None:
        """Note a mistake in this table."""
        self.problems.append(f"{self.path}: {text}")

    def get(self, key: str, kind: type[T], default: T = _MISSING) -> T:
        """The value of `key`; without `default` a missing one is a mistake."""
        self.used.add(key)
        value = self.data.get(key, _MISSING)
        if value is _MISSING and default is not _MISSING:
            return default
        if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
            return value
        self.problem(f"{key} is missing" if value is _MISSING else f"{key} must be {kind.__name__}")
        return kind()

    def text(self, key: str) -> str:
        """A text that is not empty."""
        value = self.get(key, str)
        if key in self.data and isinstance(self.data[key], str) and not value.strip():
            self.problem(f"{key} is empty")
        return value

    def code(self, pattern: re.Pattern[str] = CODE, key: str = "code") -> str:
        """A text of the form of `pattern`."""
        value = self.text(key)
        if value and not pattern.fullmatch(value):
            self.problem(f"{key} {value!r} is not of the form {pattern.pattern}")
        return value

    def positive(self, key: str, default: int = _MISSING, least: int = 1) -> int:
        """A whole number of at least `least`."""
        value = self.get(key, int, default)
        if value < least and key in self.data:
            self.problem(f"{key} must be at least {least}")
        return value

    def words(self, key: str) -> Words:
        """A text in the languages of the mall."""
        return plain_words(self.table(key))

    def table(self, key: str) -> "FileTable":
        """The table under `key`."""
        self.used.add(key)
        return FileTable(self.data.get(key), f"{self.path}.{key}", self.problems)

    def tables(self, key: str, required: bool = True) -> "list[FileTable]":
        """The list of tables under `key`."""
        rows = self.get(key, list) if required else self.get(key, list, [])
        return [FileTable(row, f"{self.path}.{key}[{at + 1}]", self.problems) for at, row in enumerate(rows)]

    def strings(self, key: str) -> tuple[str, ...]:
        """The list of texts under `key`."""
        rows = self.get(key, list)
        if not all(isinstance(row, str) for row in rows):
            self.problem(f"{key} must be a list of texts")
            return ()
        return tuple(rows)

    def done(self) -> None:
        """Note every key that nobody asked for."""
        for key in self.data:
            if key not in self.used:
                self.problem(f"{key} is not a known key")

    def date(self, key: str) -> datetime.date:
        """A date such as "2026-12-25"."""
        return self._date(self.text(key), key)

    def dates(self, key: str) -> tuple[datetime.date, ...]:
        """A list of such dates; none when it is missing."""
        return tuple(self._date(text, key) for text in (self.strings(key) if key in self.data else ()))

    def _date(self, text: str, key: str) -> datetime.date:
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            self.problem(f"{key} {text!r} must be like 2026-12-25")
            return datetime.date.min


def plain_words(reader: FileTable) -> Words:
    """The text a table holds in each language."""
    more = {language: reader.text(language) for language in ("jv", "su") if language in reader.data}
    words = Words(reader.text("id"), reader.text("en"), **more)
    reader.done()
    return words
