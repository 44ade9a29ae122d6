"""One question before the number: may you go first? Only yes or no is kept; the reason is nobody's business."""

from PySide6.QtCore import Signal

from kiosk.screens.screen import Scene, Screen
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
        t, style = self.t, self.style_
        self.words(
            t("kiosk.priority_question"),
            48,
            184,
            984 if self.portrait else 576,
            216 if self.portrait else 240,
            84 if self.portrait else 68,
            800,
        )
        x, y, width = (48, 424, 984) if self.portrait else (680, 40, 1192)
        each = 150 if self.portrait else 128
        self.put(Panel(style), x, y, width, each * len(_WHO) + 40)
        for at, (icon, key) in enumerate(_WHO):
            top = y + 20 + at * each
            self.put(Icon(style, icon, 96), x + 48, top, 112, each)
            self.words(t(f"kiosk.{key}"), x + 200, top, width - 240, each, 60, 700)
        note_y = 1096 if self.portrait else 430
        self.words(
            t("kiosk.priority_note"),
            48,
            note_y,
            984 if self.portrait else 576,
            120 if self.portrait else 200,
            46,
            500,
            colour="ink_soft",
        )
        yes = Key(
            style,
            t("kiosk.priority_yes"),
            icon="check",
            kind="plain",
            size=62,
            weight=700,
            icon_size=84,
            name="priority:yes",
        )
        no = Key(
            style,
            t("kiosk.priority_no"),
            icon="arrow-right",
            kind="filled",
            size=62,
            weight=700,
            icon_size=84,
            name="priority:no",
        )
        yes.clicked.connect(lambda: self.answered.emit(True))
        no.clicked.connect(lambda: self.answered.emit(False))
        if self.portrait:
            self.put(yes, 48, 1248, 984, 184)
            self.put(no, 48, 1464, 984, 184)
        else:
            self.put(yes, 680, 640, 584, 200)
            self.put(no, 1288, 640, 584, 200)
