"""In which order a voice goes through what lies on a screen."""

from collections.abc import Collection, Mapping
from typing import TypeVar

from PySide6.QtCore import QRect

Part = TypeVar("Part")

GUTTER = 8
"""Pixels: columns are at least so far apart."""


def in_order(boxes: Mapping[Part, QRect], keys: Collection[Part], *, lying: bool, foot: int) -> list[Part]:
    """The parts row by row, each from the left; on a lying screen with two columns the left one first.

    `keys` in one row on both sides make a grid, which has no columns to follow. What begins at `foot` or below comes
    last, in one row.
    """

    def place(part: Part) -> tuple[int, int]:
        return boxes[part].top(), boxes[part].left()

    body = sorted((part for part in boxes if boxes[part].top() < foot), key=place)
    end = sorted((part for part in boxes if boxes[part].top() >= foot), key=lambda part: boxes[part].left())
    left = _first_column(body, boxes) if lying else []
    tops = {boxes[part].top() for part in left if part in keys}
    grid = any(boxes[part].top() in tops for part in body if part not in left and part in keys)
    if left and not grid:
        body = [*left, *(part for part in body if part not in left)]
    return [*body, *end]


def _first_column(body: list[Part], boxes: Mapping[Part, QRect]) -> list[Part]:
    """What lies left of the first gap that nothing crosses; empty when there is none."""
    across = sorted(body, key=lambda part: boxes[part].left())
    reach = boxes[across[0]].right() if across else 0
    for at, part in enumerate(across[1:], 1):
        if boxes[part].left() > reach + GUTTER:
            return [one for one in body if one in across[:at]]
        reach = max(reach, boxes[part].right())
    return []
