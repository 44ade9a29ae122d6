"""A persistent map: setting a key gives a new map and leaves the old one as it was, at the cost of one small shelf.

The hall is a frozen value, so that decisions can be tried and dropped. Copying a plain dictionary of 10,000 tickets at
each event would cost 50 µs a copy; here one shelf of some forty entries is copied, and its row in a case of 16 × 16.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, overload

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")
_BITS = 4
_MASK = (1 << _BITS) - 1
_EMPTY_SHELF: dict[Any, Any] = {}  # shared, never written
_EMPTY_CASE = ((_EMPTY_SHELF,) * (_MASK + 1),) * (_MASK + 1)


class Shelves(Mapping[K, V]):
    """An immutable mapping spread over 256 small dictionaries by the key's hash."""

    __slots__ = ("_case", "_length")

    def __init__(self) -> None:
        self._case: tuple[tuple[dict[K, V], ...], ...] = _EMPTY_CASE
        self._length = 0

    def with_item(self, key: K, value: V) -> "Shelves[K, V]":
        """A map that also holds `key`."""
        place = hash(key)
        up, across = place & _MASK, place >> _BITS & _MASK
        row = self._case[up]
        shelf = row[across].copy()
        before = len(shelf)
        shelf[key] = value
        row = (*row[:across], shelf, *row[across + 1 :])
        new: Shelves[K, V] = Shelves.__new__(Shelves)
        new._case = (*self._case[:up], row, *self._case[up + 1 :])
        new._length = self._length + len(shelf) - before
        return new

    def loosened(self) -> "LooseShelves[K, V]":
        """The same items for a batch of changes; this map stays as it is."""
        return LooseShelves(self)

    def __getitem__(self, key: K) -> V:
        place = hash(key)
        return self._case[place & _MASK][place >> _BITS & _MASK][key]

    @overload
    def get(self, key: K, /) -> V | None: ...
    @overload
    def get(self, key: K, /, default: V | T) -> V | T: ...
    def get(self, key: K, /, default: Any = None) -> Any:
        """The value of `key`, or `default`."""
        place = hash(key)
        return self._case[place & _MASK][place >> _BITS & _MASK].get(key, default)

    def __iter__(self) -> Iterator[K]:
        for row in self._case:
            for shelf in row:
                yield from shelf

    def each(self) -> Iterator[V]:
        """All values, at a fraction of the price of `values`, which looks every key up."""
        for row in self._case:
            for shelf in row:
                yield from shelf.values()

    def __len__(self) -> int:
        return self._length

    def __contains__(self, key: object) -> bool:
        place = hash(key)
        return key in self._case[place & _MASK][place >> _BITS & _MASK]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shelves) and self._case == other._case

    __hash__ = None  # type: ignore[assignment]  # values may be unhashable

    def __repr__(self) -> str:
        return f"Shelves({self._length} items)"


class LooseShelves(Shelves[K, V]):
    """Shelves during a batch: a shelf is copied at its first change only, and `with_item` changes this very map.

    Nobody else may hold it. A batch of 200 tickets costs a third of 200 single changes.
    """

    __slots__ = ("_loose", "_mine")

    def __init__(self, before: Shelves[K, V]) -> None:
        self._loose: list[list[dict[K, V]]] = [list(row) for row in before._case]
        self._case = self._loose  # type: ignore[assignment]  # read by position only, like the tuples it replaces
        self._length = before._length
        self._mine: set[int] = set()

    def with_item(self, key: K, value: V) -> "Shelves[K, V]":
        """This map, which now also holds `key`."""
        place = hash(key)
        up, across = place & _MASK, place >> _BITS & _MASK
        row = self._loose[up]
        at = up << _BITS | across
        if at not in self._mine:
            self._mine.add(at)
            row[across] = row[across].copy()
        shelf = row[across]
        before = len(shelf)
        shelf[key] = value
        self._length += len(shelf) - before
        return self

    def settled(self) -> Shelves[K, V]:
        """The frozen map after the batch; this one must not be changed any more."""
        new: Shelves[K, V] = Shelves.__new__(Shelves)
        new._case = tuple(map(tuple, self._loose))
        new._length = self._length
        return new
