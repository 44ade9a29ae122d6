"""Find a service by everyday words: a large letter pad, and suggestions after each letter."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.finding import Finder
from kiosk.screens.lists import service_row
from kiosk.screens.screen import Scene, Screen
from kiosk.widgets.key import Key
from kiosk.widgets.pad import LETTERS, Pad
from kiosk.widgets.panel import Panel

MOST = 3
LONGEST = 24


class FinderScreen(Screen):
    """The letter pad and up to three suggestions; says `row_chosen` with a service's code."""

    row_chosen = Signal(str)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self.frame()
        self.typed = ""
        self._finder = Finder(scene.mall)
        self._found: list[QWidget] = []
        if self.portrait:
            self.words(self.t("kiosk.find_service"), 48, 180, 984, 100, 76, 800)
            field, box = (48, 292, 984, 116), (48, 1068, 984, 604)
        else:
            self.words(self.t("kiosk.find_service"), 48, 176, 576, 110, 76, 800)
            field, box = (680, 40, 1192, 110), (680, 174, 1192, 690)
        x, y, width, height = field
        self.put(Panel(self.style_, "surface", 16), x, y, width, height)
        self._field = self.words("", x + 36, y + 6, width - 72, height - 12, 60, 700)
        self._field.setObjectName("typed")
        names = {"_": self.t("kiosk.space"), "<": self.t("kiosk.delete")}
        pad = Pad(self.style_, LETTERS, box[2], box[3], names)
        pad.pressed.connect(self.type)
        self.put(pad, *box)
        self._suggest()

    def type(self, char: str) -> None:
        """Take one press of the pad."""
        if char == "<":
            self.typed = self.typed[:-1]
        elif len(self.typed) < LONGEST:
            self.typed = (self.typed + char).lstrip()
        self._suggest()

    def _suggest(self) -> None:
        self._field.say(self.typed)
        for old in self._found:
            old.hide()
            old.deleteLater()
        self._found = []
        x, y, width, step = (48, 432, 984, 208) if self.portrait else (48, 300, 576, 192)
        found = self._finder.find(self.typed, MOST)
        for at, service in enumerate(found):
            row = service_row(self.scene, service)
            tile = Key(
                self.style_,
                row.title,
                support=row.support if self.portrait else "",
                icon=row.icon,
                size=54,
                icon_size=88,
                kind="off" if row.quiet else "plain",
                name=row.name,
            )
            tile.clicked.connect(lambda _=False, code=service.code: self.row_chosen.emit(code))
            self.put(tile, x, y + at * step, width, step - 24)
            self._found.append(tile)
        if not found:
            text = self.t("kiosk.find_nothing" if self.typed.strip() else "kiosk.find_hint")
            self._found.append(self.words(text, x, y, width, 3 * step - 24, 50, colour="ink_soft"))
        for new in self._found:
            new.show()
