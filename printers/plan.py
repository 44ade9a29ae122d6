"""The parts of a ticket that stay the same from visitor to visitor, drawn once and kept as finished bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from antrean.texts import texts_for
from printers.escpos_bytes import raster
from printers.face import DOTS_PER_MM, LONGEST_TICKET_MM, Paper
from printers.ink import Canvas, Fitted, Style, fit
from printers.number import number_band_height
from printers.pictogram import pictogram

LONGEST_TICKET = int(LONGEST_TICKET_MM * DOTS_PER_MM)
SMALL_TEXT_ROOM = 30
"""The line in the printer's own letters (24 dots) and the gap above it."""
THICK, THIN = 6, 2
BOOKING_CAPITAL = 22
"""Height of the capitals of what was booked."""
_TIGHTEST = 10


@dataclass(frozen=True)
class PlanKey:
    """What the fixed parts depend on; tickets with equal keys share them."""

    mall: str
    service: str
    agency: str
    place: str
    language: str
    paper: Paper
    shape: str
    qr_side: int
    counts: tuple[bool, bool]
    copy: bool
    twin: bool
    booked: bool = False


@dataclass(frozen=True)
class Spot:
    """Where something is laid into a band, in dots."""

    x: int
    y: int
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Foot:
    """The last band without its code, check letters and note, and where these go."""

    base: Image.Image
    code: Spot
    check: Spot
    check_style: Style
    note: Spot | None
    note_style: Style


@dataclass(frozen=True)
class Plan:
    """Finished bytes of the fixed bands, and how tight the page had to be set."""

    head: bytes
    middle: bytes
    foot: Foot
    tightness: int
    height: int


def gap(dots: int, tightness: int) -> int:
    """A vertical gap of `dots`, smaller on a tightly set page."""
    return max(min(dots, 10 if tightness < 9 else 8), round(dots * (1 - 0.075 * tightness)))


def row_height(paper: Paper, tightness: int) -> int:
    """Height of the band with date and time."""
    return gap(17 if paper.narrow else 20, tightness) + 18 + gap(22 if paper.narrow else 26, tightness)


def booking_height(paper: Paper, tightness: int) -> int:
    """Height of the line that says what was booked, with the rule below it."""
    return 2 * gap(17 if paper.narrow else 20, tightness) + BOOKING_CAPITAL + THIN


def counts_height(paper: Paper, counts: tuple[bool, bool], tightness: int) -> int:
    """Height of the band with people ahead and the wait."""
    if paper.narrow:
        lines = max(1, sum(counts))
        return lines * (2 * gap(17, tightness) + 21) + (lines - 1) * THIN + THICK
    return gap(24, tightness) + 17 + gap(17, tightness) + 29 + gap(26, tightness) + THICK


@lru_cache(maxsize=1024)
def plan_of(key: PlanKey) -> Plan:
    """Draw the fixed bands, setting the page tighter until all of it is at most 110 mm."""
    for tightness in range(_TIGHTEST + 1):
        head = _stack(key, _head(key, tightness))
        middle = _stack(key, _middle(key, tightness))
        foot = (_foot_narrow if key.paper.narrow else _foot_wide)(key, tightness)
        height = (
            head.height
            + row_height(key.paper, tightness)
            + number_band_height(key.shape, key.paper, tightness)
            + middle.height
            + (booking_height(key.paper, tightness) if key.booked else 0)
            + counts_height(key.paper, key.counts, tightness)
            + foot.base.height
            + SMALL_TEXT_ROOM
        )
        if height <= LONGEST_TICKET:
            break
    return Plan(raster(head), raster(middle), foot, tightness, height)


Step = tuple[int, Callable[[Canvas, int], None]]
"""A part's height, and what draws it from a given top."""


def _stack(key: PlanKey, steps: list[Step]) -> Image.Image:
    canvas = Canvas(key.paper.dots, sum(height for height, _ in steps))
    y = 0
    for height, draw in steps:
        draw(canvas, y)
        y += height
    return canvas.bits()


def _space(dots: int) -> Step:
    return dots, lambda canvas, y: None


def _rule(key: PlanKey, thickness: int) -> Step:
    left, width = key.paper.margin, key.paper.dots - 2 * key.paper.margin
    return thickness, lambda canvas, y: canvas.bar(left, y, width, thickness)


def _words(key: PlanKey, fitted: Fitted) -> Step:
    def draw(canvas: Canvas, y: int) -> None:
        canvas.block(key.paper.margin, y, fitted)

    return fitted.height, draw


def _head(key: PlanKey, tightness: int) -> list[Step]:
    paper = key.paper
    width = paper.dots - 2 * paper.margin
    small = paper.narrow
    mall = fit(key.mall, 700, 31 if small else 33, width, 2 if small else 1, 27 if tightness < 6 else 23)
    steps: list[Step] = [_space(4)]
    if key.copy:
        steps += [_copy_mark(key), _space(gap(18 if small else 24, tightness))]
    return [*steps, _words(key, mall), _space(gap(18, tightness)), _rule(key, THICK)]


def _copy_mark(key: PlanKey) -> Step:
    style = Style(800, 44 if key.paper.narrow else 60, 3)
    word = texts_for("id")("paper.copy_mark")  # the staff's word, whatever the visitor's language
    left, right = key.paper.margin, key.paper.dots - key.paper.margin
    word_width = style.width(word)
    side = (right - left - word_width) // 2 - (12 if key.paper.narrow else 20)

    def draw(canvas: Canvas, y: int) -> None:
        canvas.text((left + right - word_width) // 2, y + style.capital, word, style)
        canvas.hatch(left, y, side, style.capital)
        canvas.hatch(right - side, y, side, style.capital)

    return style.capital, draw


def _middle(key: PlanKey, tightness: int) -> list[Step]:
    paper = key.paper
    small = paper.narrow
    width = paper.dots - 2 * paper.margin
    largest, floor = (38, 33) if small else (46, 39)
    shrink = 2 * max(0, tightness - 2)
    service = fit(key.service, 700, max(24, largest - shrink), width, 1, max(23, floor - shrink))
    agency = fit(key.agency, 500, 25 if small else 27, width, 1, 24 if small else 25)
    if small and tightness > 6:
        agency = fit(key.agency, 500, 22, width, 2, 20)
    between = max(14, gap(16 if small else 20, tightness))  # room for the descenders of the line above
    who = [_space(between), _words(key, agency)]
    if small and key.booked and tightness == _TIGHTEST:
        who = []  # with all else as small as can be, what was booked is worth more than who offers it
    under_number = gap(24 if small else 30, tightness)
    steps = [_space(under_number), _rule(key, THIN), _space(gap(24, tightness)), _words(key, service), *who]
    steps += [_space(gap(21 if small else 26, tightness)), _rule(key, THIN)]
    place = _place_narrow(key, tightness) if small else _place_wide(key, tightness)
    return [*steps, *place, _rule(key, THIN)]


def _place_wide(key: PlanKey, tightness: int) -> list[Step]:
    label = Style(500, 26)
    left, right, icon = key.paper.margin, key.paper.dots - key.paper.margin, 74
    place = fit(key.place, 700, 44, right - left - icon - 20, 1, 34)
    between = gap(17, tightness)
    height = label.capital + between + place.height

    def draw(canvas: Canvas, y: int) -> None:
        canvas.text(left, y + label.capital, texts_for(key.language)("paper.wait_at"), label)
        canvas.block(left, y + label.capital + between, place)
        # The chair stands 6 dots inside its box on each side, so the box reaches past the margin.
        canvas.paste(pictogram("armchair", icon), right - icon + 6, y + (height - icon) // 2)

    return [_space(gap(24, tightness)), (height, draw), _space(gap(25, tightness))]


def _place_narrow(key: PlanKey, tightness: int) -> list[Step]:
    space = _space(gap(17, tightness))
    size = 31 if tightness < 6 else 26
    return [space, labelled_line(key.paper, texts_for(key.language)("paper.wait_at"), key.place, size), space]


def labelled_line(paper: Paper, label: str, value: str, size: int = 31) -> Step:
    """A soft label at the left with its heavy value at the right, or below it where both are too wide."""
    soft, heavy = Style(500, 25), Style(700, size)
    left, right = paper.margin, paper.dots - paper.margin
    if soft.width(label) + 16 + heavy.width(value) <= right - left:

        def beside(canvas: Canvas, y: int) -> None:
            canvas.text(left, y + heavy.capital, label, soft)
            canvas.text_right(right, y + heavy.capital, value, heavy)

        return heavy.capital, beside
    fitted = fit(value, 700, size, right - left, 1, 24)

    def below(canvas: Canvas, y: int) -> None:
        canvas.text(left, y + soft.capital, label, soft)
        canvas.block(left, y + soft.capital + 13, fitted)

    return soft.capital + 13 + fitted.height, below


def _foot_wide(key: PlanKey, tightness: int) -> Foot:
    t = texts_for(key.language)
    paper, soft, letters = key.paper, Style(500, 26), Style(800, 38, 2)
    right, x = paper.dots - paper.margin, key.qr_side + 14
    keep = fit(t("paper.keep"), 700, 36, right - x, 1, 28)
    box = Spot(right - 98, 0, 98, letters.capital + 24)
    note_lines = len(
        fit(note_text(key.language, key.copy, key.twin, "00.00"), 500, 26, right - x, 1, 26).lines
    )
    note_y = 25 + keep.height + 18
    needed = note_y + soft.capital + (note_lines - 1) * 33 + 20 + box.height + 22
    height = max(key.qr_side, needed)
    canvas = Canvas(paper.dots, height)
    canvas.block(x, 25, keep)
    box = Spot(box.x, height - 22 - box.height, box.width, box.height)
    canvas.frame(box.x, box.y, box.width, box.height, 3)
    canvas.text(x, box.y + (box.height + soft.capital) // 2, t("paper.check"), soft)
    code = Spot(paper.margin - 10, (height - key.qr_side) // 2)
    return Foot(canvas.bits(), code, box, letters, Spot(x, note_y, right - x), soft)


def _foot_narrow(key: PlanKey, tightness: int) -> Foot:
    t = texts_for(key.language)
    paper, soft, letters = key.paper, Style(500, 24), Style(800, 32, 2)
    left, right = paper.margin, paper.dots - paper.margin
    spare_note = tightness > 6 and not (key.copy or key.twin)  # "scan me" goes first on a full page
    note = "" if spare_note else note_text(key.language, key.copy, key.twin, "00.00")
    note_lines = fit(note, 500, 24, right - left, 1, 24).lines
    note_y = key.qr_side + 1
    note_height = soft.capital + (len(note_lines) - 1) * 30 if note else -gap(16, tightness)
    box_height = letters.capital + 20
    box = Spot(right - 84, note_y + note_height + gap(16, tightness), 84, box_height)
    keep = fit(t("paper.keep"), 700, 36, box.x - 12 - left, 1, 26)
    canvas = Canvas(paper.dots, box.y + box.height + 4)
    canvas.frame(box.x, box.y, box.width, box.height, 3)
    canvas.block(left, box.y + (box.height - keep.height) // 2, keep)
    code = Spot((paper.dots - key.qr_side) // 2, 0)
    where = Spot(left, note_y, right - left) if note else None
    return Foot(canvas.bits(), code, box, letters, where, soft)


def note_text(language: str, copy: bool, twin: bool, clock: str) -> str:
    """The sentence beside the code: about twins first, then about the copy, else how to follow one's turn."""
    t = texts_for(language)
    if twin:
        return t("paper.twin_note")
    if copy:
        return t("paper.copy_note", time=clock) if clock else t("paper.copy_note_plain")
    return t("paper.scan_note")
