"""What do you need? A tile for each everyday need, and the ways to the finder and to a booking."""

from PySide6.QtCore import Signal

from kiosk.screens.lists import heading_over, special_grid
from kiosk.screens.screen import Area, Scene, Screen
from kiosk.screens.tiles import Grid, Row, Tiles
from kiosk.widgets.key import Key

FIND, BOOKED = "find", "booked"
_WAYS = {FIND: ("not_found_yet", "find_service", "zoom"), BOOKED: ("already_booked", "scan_qr", "qrcode")}
"""What the visitor is asked, what the key does, its picture."""
FEW = 8
"""Up to so many needs have tiles as large as a hand."""


class Needs(Screen):
    """The second screen."""

    need_chosen = Signal(str)
    finder_called = Signal()
    booking_called = Signal()

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self.frame()
        rows = [
            Row(f"need:{need.code}", need.icon, scene.own(need.name)) for need in scene.mall.needs.values()
        ]
        find = Row(FIND, "zoom", self.t("kiosk.find_service"), self.t("kiosk.not_found_yet"), kind="quiet")
        booked = Row(BOOKED, "qrcode", self.t("kiosk.already_booked"), kind="quiet")
        bookings = self.desk.takes_bookings()
        beside = 0.0
        if self.easy or self.reach:
            grid = special_grid(self)
            rows = [booked, *rows, find] if bookings else [*rows, find]
        elif self.portrait or len(rows) <= FEW:
            grid = self._grid(len(rows))
            self._ways(bookings)
        else:
            grid = Grid(Area(48, 176, 1824, 704), 3, 120, 188, 14, words=56)
            rows.append(find)
            if bookings:  # the tiles leave no place: beside the heading
                beside = 584 + 24
                self._way(BOOKED, Area(1288, 28, 584, 132))
        heading_over(self, self.t("kiosk.what_do_you_need"), self.t("kiosk.touch_one"), grid, beside)
        tiles = Tiles(self, grid, rows)
        tiles.named.connect(self._choose)

    def _choose(self, name: str) -> None:
        kind, _, need = name.partition(":")
        if kind == BOOKED:
            self.booking_called.emit()
        elif kind == FIND:
            self.finder_called.emit()
        else:
            self.need_chosen.emit(need)

    def _grid(self, count: int) -> Grid:
        if self.portrait:
            words, most = (62, 232) if count <= FEW else (52, 148)
            return Grid(Area(48, 396, 984, 1128), 2, 126, most, 18, words)
        return Grid(Area(680, 32, 1192, 848), 2, 120, 188, 14, words=62)

    def _ways(self, bookings: bool) -> None:
        """The finder below the tiles, and beside it (on a lying screen above it) the way for who has booked."""
        if self.portrait:
            find = Area(552, 1540, 480, 144) if bookings else Area(48, 1540, 984, 144)
            booked = Area(48, 1540, 480, 144)
        else:
            find, booked = Area(48, 708, 576, 164), Area(48, 528, 576, 164)
        ways = [self._way(BOOKED, booked)] if bookings else []
        ways.append(self._way(FIND, find))
        if any(way.clipped for way in ways):  # one line says enough in a language of long words
            for way in ways:
                way.say(
                    self.t("kiosk.already_booked" if way.objectName() == BOOKED else "kiosk.find_service")
                )

    def _way(self, name: str, area: Area) -> Key:
        asked, text, icon = _WAYS[name]
        key = Key(
            self.style_,
            self.t(f"kiosk.{text}"),
            support=self.t(f"kiosk.{asked}"),
            support_above=True,
            icon=icon,
            kind="quiet",
            size=54,
            weight=700,
            icon_size=64 if area.width < 500 else 76,
            name=name,
        )
        key.clicked.connect(lambda: self._choose(name))
        self.put(key, *area)
        return key
