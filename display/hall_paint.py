"""The hall board as a picture, landscape or portrait, in design pixels."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from antrean.look.tokens import DARK
from antrean.texts import texts_for
from display.band_paint import paint_foot
from display.frame import Frame
from display.paint import Pencil, cap_height, elided, fitted, font, shrunk, width
from display.scene import HallScene

GROUND, SURFACE, LINE, INK, SOFT = DARK.d_ground, DARK.d_surface, DARK.d_line, DARK.d_ink, DARK.d_ink_soft


def paint_hall(
    pen: Pencil,
    frame: Frame,
    scene: HallScene,
    labels: frozenset[str],
    glow: float = 0.0,
    ticker: float = 0.0,
    slide: QImage | None = None,
) -> None:
    """Paint the whole board; `labels` are all numbers the size must fit, `glow` 0–1 the attention motion, `ticker`
    how far the running text has moved, `slide` what lies in the frame's strip."""
    pen.box(QRectF(-20, -20, frame.size[0] + 40, frame.size[1] + 40), GROUND)
    _header(pen, frame, scene)
    if scene.state == "waiting":
        _welcome(pen, frame, scene)
    else:
        _hero(pen, frame, scene, labels, glow)
        _history(pen, frame, scene, labels)
        if not scene.posted:
            _counts(pen, frame, scene)
    if slide is not None and frame.strip is not None:
        _slide(pen, frame.strip, slide)
    paint_foot(pen, frame, scene, ticker)


def _header(pen: Pencil, frame: Frame, scene: HallScene) -> None:
    wide, margin = frame.size[0], frame.margin
    right = wide - margin
    if frame.portrait:
        time_wide = pen.middle(right, 66, scene.clock, font(84, 700, number=True), INK, "right")
        face = font(40, 600)
        pen.middle(margin, 66, elided(scene.mall, face, right - margin - time_wide - 40), face, INK)
        date = font(32, 400)
        date_wide = pen.middle(right, 130, scene.date, date, SOFT, "right")
        sign = 62 if scene.sound_missing else 0
        at = _place(pen, margin, 130, scene, right - margin - date_wide - 40 - sign)
        if scene.sound_missing:
            pen.icon(at + (28 if scene.zone else 0), 130, "volume-off", 34, SOFT)
        return
    time_wide = pen.middle(right, 66, scene.clock, font(76, 700, number=True), INK, "right")
    date = font(34, 400)
    date_left = right - time_wide - 32 - width(scene.date, date)
    pen.middle(date_left, 66, scene.date, date, SOFT)
    face = font(38, 600)
    room = date_left - margin - (102 if scene.sound_missing else 40)
    mall = elided(scene.mall, face, room if not scene.zone else room * 0.66)
    at = margin + pen.middle(margin, 66, mall, face, INK)
    if scene.zone:
        pen.box(QRectF(at + 28, 44, 2, 44), LINE)
        at = _place(pen, at + 58, 66, scene, date_left - at - (160 if scene.sound_missing else 98))
    if scene.sound_missing:
        pen.icon(at + 28, 66, "volume-off", 34, SOFT)


def _place(pen: Pencil, x: float, y: float, scene: HallScene, room: float) -> float:
    face = font(36, 500)
    if scene.zone:
        pen.icon(x, y, "map-pin", 36, SOFT)
        x += 48 + pen.middle(x + 48, y, elided(scene.zone, face, room - 48), face, SOFT)
    return x


def _welcome(pen: Pencil, frame: Frame, scene: HallScene) -> None:
    wide, high = frame.size
    size = 150 if not frame.portrait else 120
    pen.icon(wide / 2 - 70, high * 0.34, "building-bank", 140, SOFT, SURFACE)
    pen.middle(wide / 2, high * 0.48, scene.heading, font(size, 800, tight=-0.015), INK, "centre")
    face = font(54, 500)
    pen.middle(wide / 2, high * 0.58, elided(scene.mall, face, wide - 2 * frame.margin), face, SOFT, "centre")


def _hero(pen: Pencil, frame: Frame, scene: HallScene, labels: frozenset[str], glow: float) -> None:
    hero, calling = frame.hero, scene.state == "calling"
    heading = font(44, 700)
    icon = "bell-ringing" if calling else "history"
    colour = DARK.call if calling else INK
    pen.icon(hero.left() - 2, frame.state_y, icon, 48, colour, colour if calling else "none")
    heading_wide = pen.middle(hero.left() + 62, frame.state_y, scene.heading, heading, colour)
    topic, face = shrunk(scene.topic, (38, 34, 30), 500, hero.width() - 62 - heading_wide - 48)
    pen.middle(hero.right(), frame.state_y, topic, face, SOFT, "right")
    block = QRectF(hero.left(), frame.block_top, hero.width(), hero.bottom() - frame.block_top)
    if scene.state == "quiet":
        _quiet(pen, hero, scene)
        return
    stale = scene.notice is not None
    ink = SOFT if stale else INK
    top = frame.state_y + 40
    tallest = (block.top() - top - 76) / 0.71
    size = fitted(labels, hero.width(), min(frame.number * 1.25, tallest), 800)
    cap = cap_height(font(size, 800, number=True))
    middle = (top + block.top()) / 2
    pen.label(hero.left(), middle + cap / 2, scene.label, size, 800, ink, SOFT)
    if calling:
        pen.box(block, _mix(DARK.call, "#FFF3D6", glow), 28)
    elif stale:
        pen.ring(block, SOFT, 5, 28)
    else:
        pen.box(block, SURFACE, 28)
    _counter(pen, frame, block, scene, DARK.call_ink if calling else ink)


def _counter(pen: Pencil, frame: Frame, block: QRectF, scene: HallScene, ink: str) -> None:
    check_face = font(104, 800, number=True)
    check_wide = width(scene.check, check_face) + 48 if scene.check else 0.0
    room = block.width() - 104 - check_wide
    size = min(frame.counter, (block.height() - 96) / 0.71)
    word = font(100, 600, tight=-0.015)
    digits = font(100, 800, number=True)
    digit_wide = max(width(scene.counter, digits), width("00", digits)) if scene.counter else 0
    natural = width(scene.counter_word, word) + (22 + digit_wide if scene.counter else 0)
    size = min(size, 100 * room / natural)
    face = font(size, 600, tight=-0.015)
    baseline = block.center().y() + cap_height(face) / 2
    wide = pen.text(block.left() + 46, baseline, scene.counter_word, face, ink)
    if scene.counter:
        left = block.left() + 46 + wide + 0.22 * size
        pen.text(left, baseline, scene.counter, font(size, 800, number=True), ink)
    if scene.check:  # two tickets carry this number: the letters printed on each tell whose turn it is
        left = block.right() - 40 - check_wide
        pen.box(QRectF(left - 8, block.top() + 40, 3, block.height() - 80), ink)
        pen.middle(block.right() - 46, block.center().y(), scene.check, check_face, ink, "right")


def _quiet(pen: Pencil, hero: QRectF, scene: HallScene) -> None:
    t = texts_for(scene.language)
    block = hero.adjusted(0, 84, 0, 0)
    pen.ring(block, LINE, 3, 28)
    pen.icon(block.center().x() - 80, block.center().y() - 80, "ticket", 160, SOFT, SURFACE)
    detail, face = shrunk(t("display.no_call_detail"), (64, 56, 48, 42), 500, block.width() - 80)
    pen.middle(block.center().x(), block.center().y() + 90, detail, face, SOFT, "centre")


def _history(pen: Pencil, frame: Frame, scene: HallScene, labels: frozenset[str]) -> None:
    t = texts_for(scene.language)
    area = frame.history
    title = font(38 if frame.portrait else 36, 500)
    head_y = area.top() + (32 if frame.portrait else 30)
    pen.middle(area.left(), head_y, t("display.earlier"), title, SOFT)
    box_wide = 470.0 if frame.portrait else 148.0
    top = area.top() + (74 if frame.portrait else 76)
    gap = 14 if frame.portrait else 16
    row_high = (area.bottom() - top - (frame.rows - 1) * gap) / frame.rows
    ink = SOFT if scene.notice else INK
    if not frame.portrait:
        pen.middle(area.right() - box_wide / 2, head_y, t("display.counter"), title, SOFT, "centre")
    shown = frozenset((*labels, *(row.label for row in scene.history)))
    size = fitted(shown, area.width() - box_wide - 24, min(frame.history_size, row_high / 0.9), 700)
    for at, row in enumerate(scene.history[: frame.rows]):
        middle = top + at * (row_high + gap) + row_high / 2
        face = font(size, 700, number=True)
        pen.label(area.left(), middle + cap_height(face) / 2, row.label, size, 700, ink, SOFT)
        box = QRectF(area.right() - box_wide, middle - row_high / 2, box_wide, row_high)
        pen.box(box, SURFACE, 16)
        digits = font(min(100, row_high * 0.9), 700, number=True)
        if frame.portrait:
            pen.middle(box.left() + 36, middle, t("display.counter"), font(64, 500), SOFT)
            pen.middle(box.right() - 36, middle, row.counter, digits, ink, "right")
            continue
        room = (box_wide - 24) / max(1.0, width(row.counter, digits))
        if room < 1:
            digits = font(min(100, row_high * 0.9) * room, 700, number=True)
        pen.middle(box.center().x(), middle, row.counter, digits, ink, "centre")


def _counts(pen: Pencil, frame: Frame, scene: HallScene) -> None:
    t = texts_for(scene.language)
    area = frame.counts
    stale = scene.notice is not None
    name_face, count_face, head = font(34, 400), font(40, 700, number=True), font(34, 500)
    ink = SOFT if stale else INK
    head_ink = INK if stale else SOFT
    y = area.top() + 56
    if frame.portrait:
        y = area.top() + 46
    pen.icon(area.left(), y, "users", 36, head_ink)
    at = area.left() + 50 + pen.middle(area.left() + 50, y, scene.counts_title, head, head_ink)
    if not frame.portrait:
        pen.box(QRectF(at + 36, y - 24, 2, 48), LINE)
        at += 74
    if not scene.counts:
        x, line = (area.left(), y + 60) if frame.portrait else (at, y)
        pen.middle(x, line, t("display.nobody_waits"), name_face, SOFT)
        return
    ranked = sorted(scene.counts, key=lambda item: -item[1])
    if frame.portrait:
        _count_grid(pen, area, [row for row in scene.counts if row in ranked[:6]], ink)
        return
    widths = {row: width(row[0], name_face) + 14 + width(str(row[1]), count_face) for row in ranked}
    chosen: list[tuple[str, int]] = []
    everything = sum(widths.values()) + 44 * (len(ranked) - 1)
    more_wide = 0.0 if everything <= area.right() - at else width(t("display.more", n=99), name_face) + 44
    for row in ranked:
        if sum(widths[each] + 44 for each in [*chosen, row]) - 44 > area.right() - at - more_wide:
            break
        chosen.append(row)
    shown = [row for row in scene.counts if row in chosen]
    more = len(scene.counts) - len(shown)
    tail = t("display.more", n=more) if more else ""
    room = area.right() - at - sum(widths[row] for row in shown) - width(tail, name_face)
    gap = min(96.0, room / max(1, len(shown) - (0 if more else 1)))
    for name, count in shown:
        at += pen.middle(at, y, name, name_face, SOFT) + 14
        at += pen.middle(at, y, str(count), count_face, ink) + gap
    if tail:
        pen.middle(area.right(), y, tail, name_face, SOFT, "right")


def _count_grid(pen: Pencil, area: QRectF, rows: list[tuple[str, int]], ink: str) -> None:
    name_face, count_face = font(31, 400), font(38, 700, number=True)
    column = (area.width() - 2 * 40) / 3
    for at, (name, count) in enumerate(rows):
        x = area.left() + (at % 3) * (column + 40)
        y = area.top() + 110 + (at // 3) * 58
        count_wide = pen.middle(x + column, y, str(count), count_face, ink, "right")
        pen.middle(x, y, elided(name, name_face, column - count_wide - 16), name_face, SOFT)


def _slide(pen: Pencil, strip: QRectF, slide: QImage) -> None:
    """A picture as large as the strip allows, whole, in its middle."""
    pen.box(strip, SURFACE, 16)
    scale = min(strip.width() / slide.width(), strip.height() / slide.height())
    wide, high = slide.width() * scale, slide.height() * scale
    place = QRectF(strip.center().x() - wide / 2, strip.center().y() - high / 2, wide, high)
    pen.picture(place, slide, 16)


def _mix(one: str, other: str, share: float) -> str:
    a, b = (tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in (one, other))
    return "#" + "".join(f"{round(p + (q - p) * share):02X}" for p, q in zip(a, b, strict=True))
