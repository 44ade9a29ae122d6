"""One question before the number: may you go first? Only yes or no is kept; the reason is nobody's business."""

from PySide6.QtCore import Signal

from kiosk.screens.screen import Area, Scene, Screen
from kiosk.widgets.key import Key
from kiosk.widgets.panel import Icon, Panel

_WHO = (
    ("old", "who_old"),
    ("wheelchair", "who_disabled"),
    ("baby-carriage", "who_pregnant"),
    ("heart-handshake", "who_disaster"),
)


class Priority(Screen):
    """The priority question with its pictograms."""

    answered = Signal(bool)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self.frame()
        if self.easy:
            self._large()
        else:
            self._usual()

    def _usual(self) -> None:
        t, style = self.t, self.style_
        width = 984 if self.portrait else 576
        size, tall = (84, 216) if self.portrait else (68, 240)
        self.words(t("kiosk.priority_question"), 48, 184, width, tall, size, 800)
        x, y, wide = (48, 424, 984) if self.portrait else (680, 40, 1192)
        each = 150 if self.portrait else 128
        self.put(Panel(style), x, y, wide, each * len(_WHO) + 40)
        for at, (icon, key) in enumerate(_WHO):
            top = y + 20 + at * each
            self.put(Icon(style, icon, 112), x + 48, top, 112, each)
            self.words(t(f"kiosk.{key}"), x + 200, top, wide - 240, each, 60, 700)
        note_y, note = (1096, 120) if self.portrait else (430, 200)
        self.words(t("kiosk.priority_note"), 48, note_y, width, note, 46, 500, colour="ink_soft")
        if self.portrait:
            self._keys(Area(48, 1248, 984, 184), Area(48, 1464, 984, 184))
        else:
            self._keys(Area(680, 640, 584, 200), Area(1288, 640, 584, 200))

    def _large(self) -> None:
        """Four large pictures, each with its words."""
        t = self.t
        if self.portrait:
            self.words(t("kiosk.priority_question"), 48, 172, 984, 130, 100, 800)
            area, note = Area(48, 320, 984, 788), Area(48, 1120, 984, 146)
            self._keys(Area(48, 1280, 984, 156), Area(48, 1456, 984, 156))
        else:
            self.words(t("kiosk.priority_question"), 48, 190, 576, 240, 72, 800)
            area, note = Area(680, 32, 1192, 550), Area(48, 440, 576, 400)
            self._keys(Area(680, 604, 584, 244), Area(1288, 604, 584, 244))
        self.words(t("kiosk.priority_note"), *note, 62, 500, colour="ink_soft")
        self.put(Panel(self.style_), *area)
        columns = 1 if self.portrait else 2
        wide, tall = area.width / columns, area.height * columns / len(_WHO)
        lead = 232 if self.portrait else 176
        for at, (icon, key) in enumerate(_WHO):
            x, y = area.x + at % columns * wide, area.y + at // columns * tall
            self.put(Icon(self.style_, icon, 160), x + lead - 180, y, 164, tall)
            self.words(t(f"kiosk.{key}"), x + lead, y, wide - lead - 4, tall, 66, 700)

    def _keys(self, first: Area, second: Area) -> None:
        for name, icon, kind, area in (
            ("yes", "check", "plain", first),
            ("no", "arrow-right", "filled", second),
        ):
            key = Key(
                self.style_,
                self.t(f"kiosk.priority_{name}"),
                icon=icon,
                kind=kind,
                size=62,
                weight=700,
                icon_size=84,
                name=f"priority:{name}",
            )
            key.clicked.connect(lambda _=False, yes=name == "yes": self.answered.emit(yes))
            self.put(key, *area)
