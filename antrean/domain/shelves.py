"""A persistent map: setting a key gives a new map and leaves the old one as it was, at the cost of one small shelf.

The hall is a frozen value, so that decisions can be tried and dropped. Copying a plain dictionary of 10,000 tickets at
each event would cost 50 µs a copy; here one shelf of some forty entries is copied.
"""

from collections.abc import Iterator, Mapping
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")
SHELVES = 256
_EMPTY: dict[object, object] = {}


class Shelves(Mapping[K, V]):
    """An immutable mapping spread over 256 small dictionaries by the key's hash."""

    __slots__ = ("_length", "_shelves")

    def __init__(self) -> None:
        self._shelves: tuple[dict[K, V], ...] = (_EMPTY,) * SHELVES  # type: ignore[assignment]  # shared, never written
        self._length = 0

    def with_item(self, key: K, value: V) -> "Shelves[K, V]":
        """A map that also holds `key`."""
        at = hash(key) % SHELVES
        shelf = dict(self._shelves[at])
        grown = key not in shelf
        shelf[key] = value
        return self._replaced(at, shelf, self._length + grown)

    def _replaced(self, at: int, shelf: dict[K, V], length: int) -> "Shelves[K, V]":
        new: Shelves[K, V] = Shelves.__new__(Shelves)
        new._shelves = (*self._shelves[:at], shelf, *self._shelves[at + 1 :])
        new._length = length
        return new

    def __getitem__(self, key: K) -> V:
        return self._shelves[hash(key) % SHELVES][key]

    def __iter__(self) -> Iterator[K]:
        for shelf in self._shelves:
            yield from shelf

    def __len__(self) -> int:
        return self._length

    def __contains__(self, key: object) -> bool:
        return key in self._shelves[hash(key) % SHELVES]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shelves) and self._shelves == other._shelves

    __hash__ = None  # type: ignore[assignment]  # values may be unhashable

    def __repr__(self) -> str:
        return f"Shelves({self._length} items)"
