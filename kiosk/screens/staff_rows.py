"""Rows of facts for staff: a mark, what it is, how it is."""

from collections.abc import Sequence

from kiosk.screens.screen import Area, Screen
from kiosk.widgets.panel import Icon, Panel
from kiosk.widgets.words import Words

GOOD, TROUBLE = ("circle-check", "good"), ("alert-triangle", "warn")
NARROW = 1000


class Rows:
    """A panel of named rows on a screen; `say` fills them, and marks a row that needs somebody."""

    def __init__(self, screen: Screen, area: Area, names: Sequence[str], marked: bool = True) -> None:
        self._values: dict[str, Words] = {}
        self._marks: dict[str, tuple[Icon, Icon]] = {}
        screen.put(Panel(screen.style_, "surface", 32), *area)
        step = (area.height - 32) / max(len(names), 1)
        indent = 98 if marked else 40
        label = 330 if area.width <= NARROW and marked else 380
        for at, name in enumerate(names):
            top = area.y + 16 + at * step
            if marked:
                marks = tuple(Icon(screen.style_, icon, 52, ink) for icon, ink in (GOOD, TROUBLE))
                for mark in marks:
                    screen.put(mark, area.x + 32, top, 56, step)
                    mark.hide()
                self._marks[name] = (marks[0], marks[1])
            screen.words(screen.t(f"staff.{name}"), area.x + indent, top, label, step, colour="ink_soft")
            left = area.x + indent + label + 8
            room = area.x + area.width - left - 16
            self._values[name] = screen.words("", left, top, room, step, 48, 700)

    def say(self, name: str, text: str, trouble: bool | None = None) -> None:
        """Fill a row; `trouble` says which mark stands before it, None for no mark."""
        self._values[name].say(text or "–")
        if name in self._marks:
            good, bad = self._marks[name]
            good.setVisible(trouble is False)
            bad.setVisible(trouble is True)
