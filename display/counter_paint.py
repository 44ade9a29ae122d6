"""The display above one counter as a picture."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from antrean.look.tokens import DARK, LIGHT
from display.paint import Pencil, cap_height, elided, fitted, font, shrunk, width
from display.scene import CounterScene

WIDE = 1280.0
ICONS = {"calling": "bell-ringing", "serving": "user-check", "closed": "lock", "available": "circle-check"}


def paint_counter(pen: Pencil, high: float, scene: CounterScene, labels: frozenset[str], glow: float) -> None:
    """Paint a counter display 1280 design pixels wide and `high` tall; `glow` 0–1 is the attention motion."""
    calling = scene.state == "calling" and scene.notice is None
    pen.box(QRectF(-20, -20, WIDE + 40, high + 40), DARK.d_ground)
    pen.box(QRectF(-20, -20, 340, high + 40), DARK.d_surface)
    if calling:
        pen.box(QRectF(320, -20, WIDE, high + 40), DARK.call)
        if glow:
            pen.painter.setOpacity(glow * 0.7)
            pen.box(QRectF(320, -20, WIDE, high + 40), LIGHT.warn_wash)
            pen.painter.setOpacity(1.0)
    bright = DARK.d_ink if scene.state in ("calling", "serving", "available") else DARK.d_ink_soft
    _identity(pen, high, scene, bright if scene.notice is None else DARK.d_ink_soft)
    if scene.label:
        _ticket(pen, high, scene, labels, calling)
    else:
        _words(pen, high, scene)
    if scene.notice is not None:
        _notice(pen, high, scene)


def _identity(pen: Pencil, high: float, scene: CounterScene, ink: str) -> None:
    word = font(min(64, 64 * 280 / max(1.0, width(scene.counter_word, font(64, 500)))), 500)
    if not scene.counter:
        pen.middle(160, high / 2, scene.counter_word, word, ink, "centre")
        return
    pen.middle(160, high * 0.205, scene.counter_word, word, DARK.d_ink_soft, "centre")
    size = min(286 * high / 400, 286 * 264 / max(1.0, width(scene.counter, font(286, 800, number=True))))
    digits = font(size, 800, number=True)
    room_middle = high * 0.36 + (high * 0.845 - high * 0.36) / 2
    pen.text(160, room_middle + cap_height(digits) / 2, scene.counter, digits, ink, "centre")


def _ticket(pen: Pencil, high: float, scene: CounterScene, labels: frozenset[str], calling: bool) -> None:
    soft = DARK.call_ink if calling else DARK.d_ink_soft
    ink = soft if calling or scene.notice is not None else DARK.d_ink
    y = high * 0.2
    face = font(52, 700 if calling else 600)
    pen.icon(372, y, ICONS[scene.state], 54, soft, soft if calling else "none")
    used = 442 + pen.middle(442, y, scene.heading, face, soft)
    topic, topic_face = shrunk(scene.topic, (40, 34, 28), 500, 1224 - used - 32)
    pen.middle(1224, y, topic, topic_face, soft, "right")
    size = fitted(labels, 850, high * 0.62, 800)
    bottom = high * (0.845 if scene.notice is None else 0.76)
    middle = (high * 0.32 + bottom) / 2
    cap = cap_height(font(size, 800, number=True))
    pen.label(374, middle + cap / 2, scene.label, size, 800, ink, soft)


def _words(pen: Pencil, high: float, scene: CounterScene) -> None:
    icon = "coffee" if scene.state == "break" else ICONS.get(scene.state, "armchair")
    room = 650.0 if scene.state == "break" else 850.0
    pen.icon(1064, high * 0.29, icon, 172, DARK.d_ink_soft)
    size = min(152.0, 152 * 660 / max(1.0, width(scene.heading, font(152, 700, tight=-0.015))))
    big = font(size, 700, tight=-0.015)
    pen.text(374, high * 0.405, scene.heading, big, DARK.d_ink)
    value_face = font(88, 800, number=True)
    line = font(88 if scene.detail_value else 64, 500)
    if scene.detail_value:
        at = 374 + pen.text(374, high * 0.665, scene.detail, line, DARK.d_ink) + 28
        pen.text(at, high * 0.665, scene.detail_value, value_face, DARK.d_ink)
    elif scene.detail:
        pen.text(374, high * 0.64, elided(scene.detail, line, max(room, 850)), line, DARK.d_ink)
    if scene.arrow and scene.notice is None:
        pen.icon(374, high * 0.84, "arrow-right", 40, DARK.d_ink_soft)
        arrow, face = shrunk(scene.arrow, (40, 36, 32), 400, 1224 - 434)
        pen.middle(434, high * 0.84, arrow, face, DARK.d_ink_soft)
    elif scene.foot and scene.notice is None:
        face = font(38, 400)
        pen.text(374, high * 0.845, elided(scene.foot, face, 850), face, DARK.d_ink_soft)


def _notice(pen: Pencil, high: float, scene: CounterScene) -> None:
    assert scene.notice is not None
    band = QRectF(320, high - 64, WIDE, 84)
    pen.box(band, LIGHT.warn_wash)
    y = high - 32
    face = font(36, 700)
    pen.icon(372, y, "wifi-off", 42, LIGHT.warn)
    pen.middle(432, y, elided(scene.notice.title, face, 800), face, DARK.call_ink)
