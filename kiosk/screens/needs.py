"""What do you need? Eight tiles by everyday need, and the way to the finder."""

from PySide6.QtCore import Signal

from kiosk.screens.screen import Scene, Screen
from kiosk.widgets.key import Key

TILES = 8


class Needs(Screen):
    """The second screen."""

    need_chosen = Signal(str)
    finder_called = Signal()

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self.frame()
        title_size = 108 if self.portrait else 84
        self.words(
            self.t("kiosk.what_do_you_need"), 48, 200, 984 if self.portrait else 600, 124, title_size, 800
        )
        self.words(
            self.t("kiosk.touch_one"),
            48,
            322 if self.portrait else 330,
            984 if self.portrait else 576,
            64,
            54,
            500,
            colour="ink_soft",
        )
        for at, need in enumerate(list(scene.mall.needs.values())[:TILES]):
            tile = Key(
                self.style_,
                need.name.get(scene.language),
                icon=need.icon,
                size=62,
                weight=800,
                icon_size=120,
                name=f"need:{need.code}",
            )
            tile.clicked.connect(lambda _=False, code=need.code: self.need_chosen.emit(code))
            column, row = at % 2, at // 2
            if self.portrait:
                self.put(tile, 48 + column * 504, 420 + row * 256, 480, 232)
            else:
                self.put(tile, 680 + column * 608, 40 + row * 212, 584, 188)
        find = Key(
            self.style_,
            self.t("kiosk.find_service"),
            support=self.t("kiosk.not_found_yet"),
            support_above=True,
            icon="zoom",
            kind="quiet",
            size=54,
            weight=700,
            name="find",
        )
        find.clicked.connect(self.finder_called)
        self.put(
            find,
            48,
            1464 if self.portrait else 708,
            984 if self.portrait else 576,
            176 if self.portrait else 164,
        )
