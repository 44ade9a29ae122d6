"""The foot of the hall board: running text, a supervisor's notice, or the band of a board without news."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from antrean.look.tokens import DARK, LIGHT
from display.frame import Frame
from display.paint import Pencil, elided, font, width, wrapped
from display.scene import HallScene

SURFACE, INK, SOFT = DARK.d_surface, DARK.d_ink, DARK.d_ink_soft
POSTED = (76, 66, 58, 50, 44, 38)
"""Sizes of a notice, the largest first: 38 holds the longest one allowed, in every shape."""
POSTED_LEADING, POSTED_AIR = 1.22, 18


def band_text_width(scene: HallScene) -> float:
    """How wide the running text is with a gap after each part."""
    face = font(38, 400)
    return sum(width(text, face) + 82 for text in scene.announcements)


def paint_foot(pen: Pencil, frame: Frame, scene: HallScene, ticker: float) -> None:
    """Paint the lowest band: running text, or a supervisor's notice that also takes the counts' place, or the one calm
    band of a board without news."""
    if scene.posted and scene.notice is None:
        _posted(pen, frame, scene.posted)
    else:
        _band(pen, frame, scene, ticker)


def _posted(pen: Pencil, frame: Frame, text: str) -> None:
    foot = frame.counts.united(frame.band)
    foot = QRectF(0, foot.top() + POSTED_AIR, frame.size[0], frame.size[1] - foot.top() - POSTED_AIR)
    pen.box(foot.adjusted(-20, 0, 20, 20), DARK.d_surface)
    pen.box(QRectF(-20, foot.top(), 20 + 16, foot.height() + 20), DARK.d_ink)
    icon = 84.0
    pen.icon(frame.margin, foot.center().y(), "speakerphone", icon, DARK.d_ink, DARK.d_line)
    left = frame.margin + icon + 36
    room, lines, size = frame.size[0] - frame.margin - left, [text], POSTED[-1]
    for size in POSTED:
        lines = wrapped(text, font(size, 700), room)
        if len(lines) * size * POSTED_LEADING <= foot.height() - 24:
            break
    face = font(size, 700)
    step = size * POSTED_LEADING
    y = foot.center().y() - (len(lines) - 1) * step / 2
    for line in lines:
        pen.middle(left, y, elided(line, face, room), face, DARK.d_ink)
        y += step


def _band(pen: Pencil, frame: Frame, scene: HallScene, ticker: float) -> None:
    band, y = frame.band, frame.band.center().y()
    if scene.notice is None:
        pen.box(band.adjusted(-20, 0, 20, 20), SURFACE)
        _running_text(pen, frame, scene, ticker, y)
        return
    pen.box(band.adjusted(-20, 0, 20, 20), DARK.warn_wash if scene.state == "waiting" else LIGHT.warn_wash)
    ink, icon = (INK, DARK.warn) if scene.state == "waiting" else (DARK.call_ink, LIGHT.warn)
    title, advice = (font(42, 700), font(36, 400)) if not frame.portrait else (font(36, 700), font(28, 400))
    pen.icon(frame.margin, y, "wifi-off", 52, icon)
    if frame.portrait:
        pen.middle(frame.margin + 74, y - 20, scene.notice.title, title, ink)
        text = elided(scene.notice.advice, advice, frame.size[0] - 2 * frame.margin - 74)
        pen.middle(frame.margin + 74, y + 24, text, advice, ink)
        return
    used = frame.margin + 74 + pen.middle(frame.margin + 74, y, scene.notice.title, title, ink)
    right = frame.size[0] - frame.margin
    pen.middle(right, y, elided(scene.notice.advice, advice, right - used - 40), advice, ink, "right")


def _running_text(pen: Pencil, frame: Frame, scene: HallScene, ticker: float, y: float) -> None:
    face, total = font(38, 400), band_text_width(scene)
    if not scene.announcements:
        return
    scrolls = total > frame.size[0] - frame.margin
    x = frame.margin - (ticker % total if scrolls else 0)
    for _ in range(2 if scrolls else 1):
        for at, text in enumerate(scene.announcements):
            wide = pen.middle(x, y, text, face, INK)
            if scrolls or at < len(scene.announcements) - 1:
                pen.box(QRectF(x + wide + 36, y - 5, 10, 10), SOFT, 5)
            x += wide + 82
