"""Sheets over a screen: is anybody still here, how the screen looks, and a message to close."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from kiosk.screens.aloud import usual
from kiosk.screens.screen import LANDSCAPE, PORTRAIT, Scene, reading_order
from kiosk.widgets.key import Key
from kiosk.widgets.panel import Icon, Panel
from kiosk.widgets.style import Style
from kiosk.widgets.words import Words


class Sheet(QFrame):
    """A panel in the middle of the darkened screen; says `answered` with the name of the key that was touched."""

    answered = Signal(str)

    def __init__(self, scene: Scene, name: str, icon: str, title: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._style = scene.style
        self._canvas = PORTRAIT if scene.style.portrait else LANDSCAPE
        self._width = 984
        self._panel = Panel(scene.style)
        self._panel.setParent(self)
        self._texts = (
            Icon(scene.style, icon, 104),
            Words(scene.style, title, 76, 800),
            Words(scene.style, text, 52),
        )
        for part in self._texts:
            part.setParent(self)
        self._keys: list[Key] = []

    def offer(self, *keys: tuple[str, str, str, str]) -> "Sheet":
        """Add keys as (name, text, icon, kind), from top to bottom, and lay everything out."""
        for name, text, icon, kind in keys:
            key = Key(self._style, text, icon=icon, kind=kind, size=56, name=f"sheet:{name}", parent=self)
            key.clicked.connect(lambda _=False, name=name: self.answered.emit(name))
            self._keys.append(key)
        height = 446 + len(self._keys) * 168
        x, y = (self._canvas[0] - self._width) / 2, (self._canvas[1] - height) / 2
        self._lay(self._panel, x, y, self._width, height)
        icon_, title, said = self._texts
        self._lay(icon_, x + 48, y + 48, 112, 112)
        self._lay(title, x + 184, y + 36, self._width - 232, 142)
        self._lay(said, x + 56, y + 186, self._width - 112, 220)
        for at, key in enumerate(self._keys):
            self._lay(key, x + 48, y + 428 + at * 168, self._width - 96, 148)
        return self

    def stops(self) -> tuple[QWidget, ...]:
        """Everything that can be spoken or pressed, in reading order."""
        return reading_order(self)

    def spoken(self) -> tuple[str, ...]:
        """What is said when the sheet comes."""
        return usual(self.stops())

    def say(self, text: str) -> None:
        """Change the sentence."""
        self._texts[2].say(text)

    def _lay(self, widget: QWidget, x: float, y: float, width: float, height: float) -> None:
        px = self._style.px
        widget.setGeometry(px(x), px(y), px(width), px(height))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Darken what lies below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), shade(self._style))
        painter.end()


def shade(style: Style) -> QColor:
    """What lies over a screen below a sheet."""
    colour = style.colour("d_ground")
    colour.setAlphaF(0.75)
    return colour


STILL_HERE = "still_here"
"""The name of the sheet that asks whether anybody is still here."""


def idle_sheet(scene: Scene, seconds: int, parent: QWidget) -> Sheet:
    """Is anybody still here?"""
    t = scene.t
    text = t("kiosk.still_here_text", n=seconds)
    sheet = Sheet(scene, STILL_HERE, "hand-finger", t("kiosk.still_here"), text, parent)
    return sheet.offer(
        ("stay", t("kiosk.still_here_yes"), "check", "filled"),
        ("leave", t("kiosk.still_here_no"), "logout", "plain"),
    )


def notice_sheet(scene: Scene, icon: str, title: str, text: str, parent: QWidget) -> Sheet:
    """Something to know, with one key to close it."""
    return Sheet(scene, "notice", icon, title, text, parent).offer(
        ("close", scene.t("kiosk.understood"), "check", "filled")
    )
