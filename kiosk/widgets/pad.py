"""Large pads of our own for letters and digits; nobody needs a keyboard."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame

from kiosk.widgets.key import Key
from kiosk.widgets.style import Style

DIGITS = ("123", "456", "789", "<0>")
LETTERS = ("ABCDEFGH", "IJKLMNOP", "QRSTUVWX", "YZ_<")
"""In the order of the alphabet: more people know it than know a typewriter. `_` is the space, `<` takes back."""
LARGE_LETTERS = ("ABCDEF", "GHIJKL", "MNOPQR", "STUVWX", "YZ_<")
FLAT_LETTERS = ("ABCDEFGHIJ", "KLMNOPQRST", "UVWXYZ_<")
CODE = ("1234567890", "ABCDEFGHIJ", "KLMNOPQRST", "UVWXYZ-.:<")
GAP = 14
WIDE = 2
"""How many places the key that takes back has beside the space, which has all that are left."""
ICONS = {"<": "backspace", ">": "check"}
WORDS = {"<": "back", ">": "done", "_": "space"}


class Pad(QFrame):
    """Rows of keys; says `pressed` with the character (`<` takes back, `>` is done, a space is a space)."""

    pressed = Signal(str)

    def __init__(
        self, style: Style, rows: Sequence[str], width: float, height: float, names: Mapping[str, str]
    ) -> None:
        super().__init__()
        self._style = style
        widest = max(len(row) for row in rows)
        tall = (height - GAP * (len(rows) - 1)) / len(rows)
        size = min(72.0, tall * 0.5, width / widest * 0.5)
        self._rows = [
            [
                (self._key(character, names.get(character, ""), size), _places(character, row, widest))
                for character in row
            ]
            for row in rows
        ]

    def _key(self, character: str, name: str, size: float) -> Key:
        icon = ICONS.get(character, "")
        key = Key(
            self._style,
            "" if icon else name if character == "_" else character,
            icon=icon,
            kind="filled" if character == ">" else "plain",
            size=46 if character == "_" else size,
            centred=True,
            icon_size=60,
            name=f"pad:{WORDS.get(character, character)}",
            parent=self,
        )
        key.setAccessibleName(name or character)
        text = " " if character == "_" else character
        key.clicked.connect(lambda _=False: self.pressed.emit(text))
        return key

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room evenly."""
        gap = self._style.px(GAP)
        tall = (self.height() - gap * (len(self._rows) - 1)) / len(self._rows)
        for y, row in enumerate(self._rows):
            wide = (self.width() + gap) / sum(places for _, places in row)
            x = 0
            for key, places in row:
                key.setGeometry(
                    round(x * wide), round(y * (tall + gap)), round(places * wide - gap), round(tall)
                )
                x += places


def _places(character: str, row: str, widest: int) -> int:
    """How many places of the longest row a key takes; only rows with a space have wide keys."""
    if "_" not in row or character not in "_<":
        return 1
    return WIDE if character == "<" else widest - (len(row) - 2) - WIDE
