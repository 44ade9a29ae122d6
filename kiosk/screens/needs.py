"""What do you need? A tile for each everyday need, and the way to the finder."""

from PySide6.QtCore import Signal

from kiosk.screens.lists import heading_over, special_grid
from kiosk.screens.screen import Area, Scene, Screen
from kiosk.screens.tiles import Grid, Row, Tiles
from kiosk.widgets.key import Key

FIND = "find"
FEW = 8
"""Up to so many needs have tiles as large as a hand."""


class Needs(Screen):
    """The second screen."""

    need_chosen = Signal(str)
    finder_called = Signal()

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self.frame()
        rows = [
            Row(f"need:{need.code}", need.icon, scene.own(need.name)) for need in scene.mall.needs.values()
        ]
        find = Row(FIND, "zoom", self.t("kiosk.find_service"), self.t("kiosk.not_found_yet"), kind="quiet")
        if self.easy or self.reach:
            grid = special_grid(self)
            rows.append(find)
        elif self.portrait or len(rows) <= FEW:
            grid = self._grid(len(rows))
            self._find()
        else:
            grid = Grid(Area(48, 176, 1824, 704), 3, 120, 188, 14, words=56)
            rows.append(find)
        heading_over(self, self.t("kiosk.what_do_you_need"), self.t("kiosk.touch_one"), grid)
        tiles = Tiles(self, grid, rows)
        tiles.chosen.connect(self._choose)

    def _choose(self, need: str) -> None:
        if need:
            self.need_chosen.emit(need)
        else:
            self.finder_called.emit()

    def _grid(self, count: int) -> Grid:
        if self.portrait:
            words, most = (62, 232) if count <= FEW else (52, 148)
            return Grid(Area(48, 396, 984, 1128), 2, 126, most, 18, words)
        return Grid(Area(680, 32, 1192, 848), 2, 120, 188, 14, words=62)

    def _find(self) -> None:
        find = Key(
            self.style_,
            self.t("kiosk.find_service"),
            support=self.t("kiosk.not_found_yet"),
            support_above=True,
            icon="zoom",
            kind="quiet",
            size=54,
            weight=700,
            name=FIND,
        )
        find.clicked.connect(self.finder_called)
        if self.portrait:
            self.put(find, 48, 1540, 984, 144)
        else:
            self.put(find, 48, 708, 576, 164)
