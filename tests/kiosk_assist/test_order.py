"""The voice goes through a screen as an eye does."""

from PySide6.QtCore import QRect

from kiosk.assist.order import in_order

BOXES = {
    "tile 1": QRect(680, 40, 580, 180),
    "tile 2": QRect(1280, 40, 580, 180),
    "title": QRect(48, 190, 576, 100),
    "tile 3": QRect(680, 240, 580, 180),
    "hint": QRect(48, 300, 576, 60),
    "take": QRect(48, 700, 576, 160),
    "help": QRect(1288, 918, 584, 136),
    "back": QRect(48, 920, 576, 136),
}
KEYS = {"tile 1", "tile 2", "tile 3", "take", "help", "back"}


def test_the_left_column_of_a_lying_screen_comes_first_and_the_foot_last() -> None:
    order = in_order(BOXES, KEYS, lying=True, foot=896)
    assert order == ["title", "hint", "take", "tile 1", "tile 2", "tile 3", "back", "help"]


def test_a_grid_is_read_row_by_row() -> None:
    grid = {"a": QRect(0, 0, 100, 50), "b": QRect(200, 0, 100, 50), "c": QRect(0, 60, 100, 50)}
    assert in_order(grid, set(grid), lying=True, foot=900) == ["a", "b", "c"]


def test_a_heading_over_both_columns_makes_them_rows() -> None:
    wide = {**BOXES, "heading": QRect(48, 0, 1800, 30)}
    assert in_order(wide, KEYS, lying=True, foot=896)[:4] == ["heading", "tile 1", "tile 2", "title"]


def test_an_upright_screen_is_read_from_top_to_bottom() -> None:
    assert in_order(BOXES, KEYS, lying=False, foot=896)[:3] == ["tile 1", "tile 2", "title"]
    assert in_order({}, (), lying=True, foot=896) == []
