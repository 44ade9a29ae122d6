"""Where the parts of the hall board lie, in design pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF

STRIP_GAP = 26


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the board's parts lie: one instance per screen shape."""

    size: tuple[float, float]
    margin: float
    state_y: float
    hero: QRectF
    block_top: float
    number: float
    counter: float
    history: QRectF
    history_size: float
    counts: QRectF
    band: QRectF
    portrait: bool
    rows: int = 5
    strip: QRectF | None = None


def frame_for(wide: float, high: float) -> Frame:
    """The layout of a screen with these pixels, 1920 design pixels wide in landscape and 1080 in portrait."""
    if wide >= high:
        h = min(1440.0, max(900.0, 1920.0 * high / max(1.0, wide)))
        hero = QRectF(64, 128, 1160, h - 128 - 196)
        top = hero.top() + 60 + (hero.height() - 60) * 0.53
        history = QRectF(1304, 128, 552, hero.height())
        counts, band = QRectF(64, h - 196, 1792, 104), QRectF(0, h - 92, 1920, 92)
        return Frame(
            (1920, h),
            64,
            158,
            hero,
            top,
            337,
            322,
            history,
            min(112, hero.height() * 0.145),
            counts,
            band,
            False,
        )
    h = min(2400.0, max(1500.0, 1080.0 * high / wide))
    hero = QRectF(56, 184, 968, 720)
    history = QRectF(56, 932, 968, h - 932 - 326)
    counts, band = QRectF(56, h - 326, 968, 226), QRectF(0, h - 100, 1080, 100)
    return Frame((1080, h), 56, 220, hero, 548, 284, 270, history, 110, counts, band, True)


def with_strip(frame: Frame) -> Frame:
    """The same layout with a picture strip below a shorter history; call, counts and letter sizes stay."""
    area = frame.history
    high = min(area.height() * 0.52, area.width() * 9 / 16)
    strip = QRectF(area.left(), area.bottom() - high, area.width(), high)
    shorter = QRectF(area.left(), area.top(), area.width(), area.height() - high - STRIP_GAP)
    return replace(frame, history=shorter, rows=2 if frame.portrait else 3, strip=strip)
