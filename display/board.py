"""The full-screen widget of a display: shows scenes, moves what moves, and names everything for screen readers."""

from __future__ import annotations

import math
from abc import abstractmethod

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from antrean.look.tokens import DARK
from display.counter_paint import WIDE, paint_counter
from display.frame import Frame, frame_for, with_strip
from display.hall_paint import paint_hall
from display.paint import Pencil
from display.scene import CounterScene, HallScene

FRAME_MS = 40
MOTION_MS = 4_000
FLASHES_PER_SECOND = 1.0  # WCAG 2.3.1 allows three
TICKER_PIXELS_PER_SECOND = 60.0
SHIFT = ((0, 0), (2, 0), (2, 2), (0, 2), (-2, 2), (-2, 0), (-2, -2), (0, -2), (2, -2))
SHIFT_EVERY_MS = 60_000


def widest_kinds(known: frozenset[str], label: str) -> frozenset[str]:
    """The numbers sizes must fit, with this one: they only grow, so that no call changes the size of the next."""
    head, _, tail = label.partition("-")
    return known | {f"{head}-{'0' * len(tail)}"} if head else known


class Canvas(QWidget):
    """A painted screen; a subclass draws `_paint` in design pixels and names its parts."""

    def __init__(self, *, motion: bool = True) -> None:
        super().__init__()
        self.setWindowTitle("Antrean")
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._motion = motion
        self._labels = frozenset({"A1-000"})
        self._elapsed = 0
        self._attention_ms = 0
        self._shift = SHIFT[0]
        self._parts: dict[str, QWidget] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._step)
        if motion:
            self._timer.start()

    def attract(self) -> None:
        """Begin the short attention motion of a new call."""
        self._attention_ms = MOTION_MS if self._motion else 0

    def shift_for(self, now_ms: int) -> None:
        """Move the picture by a pixel or two each minute, so that nothing burns in."""
        self._shift = SHIFT[(now_ms // SHIFT_EVERY_MS) % len(SHIFT)]

    def name_part(self, part: str, words: str) -> None:
        """Tell screen readers what a region says."""
        if part not in self._parts:
            region = QWidget(self)
            region.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            region.setObjectName(part)
            region.setGeometry(self.rect())
            region.show()
            self._parts[part] = region
        self._parts[part].setAccessibleName(words)

    def glow(self) -> float:
        """How bright the attention motion is now, 0 to 1."""
        if not self._attention_ms:
            return 0.0
        turns = (MOTION_MS - self._attention_ms) / 1000 * FLASHES_PER_SECOND
        return 0.5 - 0.5 * math.cos(math.tau * turns)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill with the ground, then draw the design scaled to this window."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(DARK.d_ground))
        wide, high = self._design()
        scale = min(self.width() / wide, self.height() / high)
        painter.translate((self.width() - wide * scale) / 2, (self.height() - high * scale) / 2)
        painter.scale(scale, scale)
        painter.translate(*self._shift)
        self._paint(Pencil(painter))
        painter.end()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop moving when the window goes."""
        self._timer.stop()
        super().closeEvent(event)

    def _step(self) -> None:
        self._elapsed += FRAME_MS
        moving = self._attention_ms > 0
        self._attention_ms = max(0, self._attention_ms - FRAME_MS)
        if moving:
            self.update()
        elif (region := self._moving_region()) is not None:
            self.update(region.toAlignedRect())

    def _moving_region(self) -> QRectF | None:
        return None

    @abstractmethod
    def _design(self) -> tuple[float, float]: ...

    @abstractmethod
    def _paint(self, pen: Pencil) -> None: ...


class HallBoard(Canvas):
    """The hall board."""

    def __init__(self, scene: HallScene, *, motion: bool = True) -> None:
        super().__init__(motion=motion)
        self._scene = scene
        self._slide: QImage | None = None
        self._frame: Frame = frame_for(1920, 1080)
        self.show_scene(scene)

    @property
    def scene(self) -> HallScene:
        """What is shown now."""
        return self._scene

    def show_scene(self, scene: HallScene) -> None:
        """Show another moment; nothing is repainted when it is the same."""
        for label in (scene.label, *(row.label for row in scene.history)):
            self._labels = widest_kinds(self._labels, label)
        changed = scene != self._scene
        self._scene = scene
        if changed:
            self.update()
        self.setAccessibleName(f"{scene.mall}. {scene.spoken_call()}")
        self.name_part("call", scene.spoken_call())
        self.name_part("history", "; ".join(f"{row.label} {row.counter}" for row in scene.history))
        self.name_part("counts", "; ".join(f"{name} {count}" for name, count in scene.counts))
        notice = f"{scene.notice.title}. {scene.notice.advice}" if scene.notice else ""
        self.name_part("notice", notice or ". ".join((*scene.posts, *scene.announcements)))

    def show_slide(self, slide: QImage | None) -> None:
        """Show another picture in the strip; None gives its room back to the history."""
        if slide is self._slide:
            return
        self._slide = slide
        self._lay_out()
        self.update()

    def _lay_out(self) -> None:
        frame = frame_for(self.width(), self.height())
        self._frame = frame if self._slide is None else with_strip(frame)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the layout of the new shape."""
        self._lay_out()
        super().resizeEvent(event)

    def _design(self) -> tuple[float, float]:
        return self._frame.size

    def _moving_region(self) -> QRectF | None:
        if self._scene.notice is not None or self._scene.posted or not self._scene.announcements:
            return None
        share = self._frame.band.top() / self._frame.size[1]
        return QRectF(0, self.height() * share - 4, self.width(), self.height() * (1 - share) + 4)

    def _paint(self, pen: Pencil) -> None:
        ticker = self._elapsed / 1000 * TICKER_PIXELS_PER_SECOND
        paint_hall(pen, self._frame, self._scene, self._labels, self.glow(), ticker, self._slide)


class CounterBoard(Canvas):
    """The display above a counter."""

    def __init__(self, scene: CounterScene, *, motion: bool = True) -> None:
        super().__init__(motion=motion)
        self._scene = scene
        self.show_scene(scene)

    @property
    def scene(self) -> CounterScene:
        """What is shown now."""
        return self._scene

    def show_scene(self, scene: CounterScene) -> None:
        """Show another moment."""
        self._labels = widest_kinds(self._labels, scene.label)
        if scene != self._scene:
            self._scene = scene
            self.update()
        words = (
            scene.counter_word,
            scene.counter,
            scene.heading,
            scene.label,
            scene.detail,
            scene.detail_value,
        )
        self.setAccessibleName(" ".join(word for word in words if word))
        self.name_part("notice", scene.notice.title if scene.notice else "")

    def _design(self) -> tuple[float, float]:
        return WIDE, min(760.0, max(380.0, WIDE * self.height() / max(1, self.width())))

    def _paint(self, pen: Pencil) -> None:
        paint_counter(pen, self._design()[1], self._scene, self._labels, self.glow())
