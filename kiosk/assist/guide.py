"""Where a visitor is who is led by voice or by keys: marks it, says it, moves on, presses it."""

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QPoint, QRect, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from antrean.texts import Texts
from kiosk.assist.ring import Ring
from kiosk.assist.voice_bar import VoiceBar
from kiosk.screens.screen import Scene
from kiosk.widgets.key import Key
from kiosk.widgets.words import Words

MOST_TOLD = 8
"""So many changes are told at once; who wants the rest goes on to it."""


class Shown(Protocol):
    """A screen or a sheet."""

    def stops(self) -> tuple[QWidget, ...]:
        """Everything that can be spoken or pressed, in reading order."""


class Guide(QObject):
    """Leads over what `shown()` returns, the sheet or screen on top in `window`.

    `say` speaks sentences, and stays silent where nobody wants them.
    """

    def __init__(
        self,
        window: QWidget,
        shown: Callable[[], Shown | None],
        scene: Callable[[], Scene],
        say: Callable[[Sequence[str]], None],
    ) -> None:
        super().__init__(window)
        self._window, self._shown, self._scene, self._say = window, shown, scene, say
        self._ring = Ring(window)
        self._current: QWidget | None = None
        self._name, self._place = "", QRect()
        self._noted: tuple[Shown | None, frozenset[str]] = None, frozenset()

    @property
    def current(self) -> QWidget | None:
        """What the visitor is at, while it shows."""
        return self._current if self._current in self.stops() else None

    def stops(self) -> tuple[QWidget, ...]:
        """What can be gone to now."""
        shown = self._shown()
        return () if shown is None else shown.stops()

    # --- going there

    def go_to(self, stop: QWidget) -> None:
        """Mark it."""
        self._unmark()
        self._current, self._name = stop, _identity(stop)
        if isinstance(stop, Key | Words):
            stop.mark(True)
        self._surround(stop)
        for bar in self._window.findChildren(VoiceBar):
            bar.say(stop.accessibleName())

    def read(self, stop: QWidget, *before: str) -> None:
        """Mark it and say it, after the sentences `before`."""
        self.go_to(stop)
        self._say((*before, self.sentence(stop)))

    def step(self, by: int) -> None:
        """To the next one in reading order, or the one before; from the end to the beginning, which is said."""
        stops = self.stops()
        if not stops:
            return
        at = stops.index(self._current) + by if self._current in stops else self._near(stops)
        hint = () if 0 <= at < len(stops) else (self._t(_PAST_END if at > 0 else _PAST_BEGINNING),)
        self.read(stops[at % len(stops)], *hint)

    def row(self, by: int) -> None:
        """To what lies below, or above; past the end on the other side, which is said."""
        now = self.current
        if now is None:
            self.step(by)
            return
        here, others = self._box(now), [stop for stop in self.stops() if stop is not now]
        boxes = {stop: self._box(stop) for stop in others}
        beyond = [stop for stop in others if (boxes[stop].center().y() - here.center().y()) * by > 0]
        beyond = [stop for stop in beyond if not _side_by_side(here, boxes[stop])]
        if beyond:
            self.read(min(beyond, key=lambda stop: _apart(here, boxes[stop])))
        elif others:
            far = here.translated(0, -by * 2 * self._window.height())
            hint = self._t(_PAST_END if by > 0 else _PAST_BEGINNING)
            self.read(min(others, key=lambda stop: _apart(far, boxes[stop])), hint)

    def nearest(self, place: QPoint) -> QWidget | None:
        """What is at a place of the window, or closest to it."""
        finger = QRect(place.x(), place.y(), 1, 1)
        boxes = {stop: self._box(stop) for stop in self.stops()}
        return min(
            boxes,
            key=lambda stop: (_apart(finger, boxes[stop]), boxes[stop].width() * boxes[stop].height()),
            default=None,
        )

    # --- pressing

    def press(self) -> None:
        """Press what the visitor is at; words are said again."""
        now = self.current
        if isinstance(now, Key):
            self.note()
            now.click()
            self.tell_changes()
        elif now is not None:
            self.read(now)

    def note(self) -> None:
        """Remember what shows, before something is pressed."""
        self._noted = self._shown(), frozenset(self.sentence(stop) for stop in self.stops())

    def changes(self) -> tuple[str, ...]:
        """What became different since `note` on the same screen; nothing when another one shows."""
        shown, before = self._noted
        if shown is None or shown is not self._shown():
            return ()
        now = (self.sentence(stop) for stop in self.stops())
        return tuple(sentence for sentence in now if sentence not in before)

    def tell_changes(self) -> None:
        """Say what a press changed on the same screen; a new screen speaks for itself.

        When nothing changed, what the visitor is at is said again, so that no press is met with silence.
        """
        if self._noted[0] is not self._shown():
            return
        told, now = self.changes()[:MOST_TOLD], self.current
        if told:
            self._say(told)
        elif now is not None:
            self._say((self.sentence(now),))
        self.follow()

    # --- what shows changed

    def renew(self, *, keep: bool, begin: bool) -> None:
        """Another screen or sheet shows; with `keep` it is the same one drawn anew. `begin` marks its first stop."""
        was = self._name if keep else ""
        self._unmark()
        self._current, self._name = None, ""
        self._ring.hide()
        stops = self.stops()
        again = next((stop for stop in stops if was and _identity(stop) == was), None)
        first = again or (stops[0] if stops and begin else None)
        if first is not None:
            self.go_to(first)
            # A screen that was just built has its places only once it shows.
            QTimer.singleShot(0, self.follow)

    def follow(self) -> None:
        """Bring the ring to where its stop is now, or to the nearest one when it is gone."""
        if self._current is None:
            return
        stops = self.stops()
        if self._current in stops:
            self._surround(self._current)
        elif stops:
            self.go_to(stops[self._near(stops)])

    def _near(self, stops: Sequence[QWidget]) -> int:
        named = [at for at, stop in enumerate(stops) if _identity(stop) == self._name]
        if named or self._current is None:
            return named[0] if named else 0
        return min(range(len(stops)), key=lambda at: _apart(self._place, self._box(stops[at])))

    def _surround(self, stop: QWidget) -> None:
        self._place = self._box(stop)
        self._ring.surround(stop, self._scene().style)

    def _unmark(self) -> None:
        if self._current is not None and isValid(self._current) and isinstance(self._current, Key | Words):
            self._current.mark(False)

    def _box(self, stop: QWidget) -> QRect:
        return stop.rect().translated(stop.mapTo(self._window, QPoint()))

    # --- words

    @property
    def _t(self) -> Texts:
        return self._scene().t

    def sentence(self, stop: QWidget) -> str:
        """How a stop is said: keys are told from words."""
        name = stop.accessibleName()
        return self._t("kiosk.key_said", name=name) if isinstance(stop, Key) else name


_PAST_END, _PAST_BEGINNING = "kiosk.from_the_top", "kiosk.from_the_bottom"


def _identity(stop: QWidget) -> str:
    return stop.objectName() or stop.accessibleName()


def _side_by_side(one: QRect, other: QRect) -> bool:
    """Whether they stand in one row: the middle of each is within the height of the other."""
    return one.top() < other.center().y() < one.bottom() and other.top() < one.center().y() < other.bottom()


def _apart(one: QRect, other: QRect) -> int:
    """How far two boxes are from each other; a step aside counts double, so that columns are followed."""
    aside = max(other.left() - one.right(), one.left() - other.right(), 0)
    down = max(other.top() - one.bottom(), one.top() - other.bottom(), 0)
    return down + 2 * aside
