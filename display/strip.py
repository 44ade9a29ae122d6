"""The picture strip: the next slide is found and decoded in a thread of its own, so that no call waits for it."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QImageReader

from antrean.look.slides import Slide, SlideFolder

LONGEST_SIDE = 1_600
"""Pixels: the strip of a 4K board is 1,100 wide."""
LOOK_AGAIN_MS = 15_000
Shown = tuple[Slide, QImage]


class Strip:
    """Shows the slides of a folder in turn. Only pictures: decision 0023 says why."""

    def __init__(self, folder: SlideFolder) -> None:
        self._folder = folder
        self._maker = ThreadPoolExecutor(1, thread_name_prefix="slides")
        self._coming: Future[Shown | None] | None = None
        self._shown: Shown | None = None
        self._until_ms = 0

    def picture(self, now_ms: int, timezone: str) -> QImage | None:
        """What the strip shows at `now_ms`, None without any slide; never waits."""
        if self._coming is None and now_ms >= self._until_ms:
            local = datetime.fromtimestamp(now_ms / 1000, ZoneInfo(timezone))
            last = self._shown[0] if self._shown else None
            minute = local.hour * 60 + local.minute
            self._coming = self._maker.submit(self._next, last, local.weekday(), minute)
        elif self._coming is not None and self._coming.done():
            self._take(self._coming.result(), now_ms)
            self._coming = None
        return self._shown[1] if self._shown else None

    def close(self) -> None:
        """End the thread."""
        self._maker.shutdown(wait=True, cancel_futures=True)

    def _take(self, found: Shown | None, now_ms: int) -> None:
        if found is None or self._shown is None or found[0] != self._shown[0]:
            self._shown = found  # the same slide again keeps its picture, and nothing is painted
        self._until_ms = now_ms + (found[0].seconds * 1000 if found else LOOK_AGAIN_MS)

    def _next(self, last: Slide | None, weekday: int, minute: int) -> Shown | None:
        slides = self._folder.on_now(weekday, minute)
        names = [slide.name for slide in slides]
        first = names.index(last.name) + 1 if last and last.name in names else 0
        for slide in (*slides[first:], *slides[:first]):
            if self._shown is not None and slide == self._shown[0]:
                return self._shown
            path = self._folder.path(slide.name)
            image = decoded(str(path)) if path else "it is gone"
            if isinstance(image, QImage):
                return slide, image
            self._folder.skip(slide.name, slide.version, image)
        return None


def decoded(path: str) -> QImage | str:
    """A picture, upright and no larger than needed, or why there is none."""
    reader = QImageReader(path)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > LONGEST_SIDE:
        size.scale(LONGEST_SIDE, LONGEST_SIDE, Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(size)
    image = reader.read()
    return reader.errorString() if image.isNull() else image
