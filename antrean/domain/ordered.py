"""A persistent sorted sequence: adding or taking out an item gives a new one at the cost of one small block.

A line of 10,000 as one tuple would be copied at each arrival (some 40 µs, most of it cache misses); here one block of
at most 128 items and the short list of blocks are.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, TypeVar, overload

Item = TypeVar("Item", bound=tuple[Any, ...])
LARGEST_BLOCK = 128


class Ordered(Sequence[Item]):
    """An immutable sequence that keeps its items sorted; no item is in it twice."""

    __slots__ = ("_blocks", "_length")

    def __init__(self, items: Iterable[Item] = ()) -> None:
        sorted_items = tuple(sorted(items))
        self._length = len(sorted_items)
        half = LARGEST_BLOCK // 2
        self._blocks: tuple[tuple[Item, ...], ...] = tuple(
            sorted_items[at : at + half] for at in range(0, self._length, half)
        )

    def with_item(self, item: Item) -> "Ordered[Item]":
        """With `item` in its place; the same sequence when it is there already."""
        blocks = self._blocks
        if not blocks:
            return _of(((item,),), 1)
        at = self._block_of(item)
        block = blocks[at]
        place = bisect_left(block, item)
        if place < len(block) and block[place] == item:
            return self
        block = (*block[:place], item, *block[place:])
        if len(block) <= LARGEST_BLOCK:
            return _of((*blocks[:at], block, *blocks[at + 1 :]), self._length + 1)
        # Arrivals come at the end: leaving the full block behind whole keeps the blocks of a growing line large.
        cut = LARGEST_BLOCK if at + 1 == len(blocks) and place == LARGEST_BLOCK else LARGEST_BLOCK // 2
        return _of((*blocks[:at], block[:cut], block[cut:], *blocks[at + 1 :]), self._length + 1)

    def without(self, item: Item) -> "Ordered[Item]":
        """Without `item`; the same sequence when it is not there."""
        blocks = self._blocks
        if not blocks:
            return self
        at = self._block_of(item)
        block = blocks[at]
        place = bisect_left(block, item)
        if place == len(block) or block[place] != item:
            return self
        left = block[:place] + block[place + 1 :]
        return _of((*blocks[:at], *((left,) if left else ()), *blocks[at + 1 :]), self._length - 1)

    def rank(self, item: Item) -> int:
        """How many items are smaller than `item`, whether it is there or not."""
        if not self._blocks:
            return 0
        at = self._block_of(item)
        return sum(map(len, self._blocks[:at])) + bisect_left(self._blocks[at], item)

    def first(self, count: int) -> "Ordered[Item]":
        """The smallest `count` items."""
        return Ordered(islice(self, count))

    def _block_of(self, item: Item) -> int:
        """The block `item` is or would be in: the last one that does not begin after it, else the first."""
        # Blocks are compared as tuples, so a block that begins with the item itself is greater than (item,).
        at = bisect_left(self._blocks, (item,))
        if at < len(self._blocks) and self._blocks[at][0] == item:
            return at
        return max(at - 1, 0)

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | Sequence[Item]:
        if isinstance(index, slice):
            return tuple(self)[index]
        if index == 0 and self._blocks:
            return self._blocks[0][0]
        at = index + self._length if index < 0 else index
        if at >= 0:
            for block in self._blocks:
                if at < len(block):
                    return block[at]
                at -= len(block)
        raise IndexError(index)

    def __iter__(self) -> Iterator[Item]:
        return chain.from_iterable(self._blocks)

    def __len__(self) -> int:
        return self._length

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ordered) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"Ordered({list(self)})"


def _of(blocks: tuple[tuple[Item, ...], ...], length: int) -> Ordered[Item]:
    new: Ordered[Item] = Ordered.__new__(Ordered)
    new._blocks, new._length = blocks, length
    return new
