"""The strip below the visitor's part: the staff code, with words beside it so that no visitor takes it for theirs."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image

from antrean.texts import texts_for
from printers.escpos_bytes import raster
from printers.face import Paper
from printers.ink import Canvas, Style, fit
from printers.plan import THIN, Spot
from printers.staff_code import SIDE, staff_code

_GAP = 20


def strip_bytes(language: str, token: str, paper: Paper) -> bytes:
    """The strip of one ticket; raises BadInput for a text that is no staff code."""
    base, spot = _base(language, paper)
    picture = base.copy()
    picture.paste(staff_code(token), (spot.x, spot.y))
    return raster(picture)


def strip_height(language: str, paper: Paper) -> int:
    """How much the strip adds to a ticket, in dots."""
    return _base(language, paper)[0].height


@lru_cache(maxsize=8)
def _base(language: str, paper: Paper) -> tuple[Image.Image, Spot]:
    return (_narrow if paper.narrow else _wide)(language, paper)


def _wide(language: str, paper: Paper) -> tuple[Image.Image, Spot]:
    """Words at the left, the code at the right: the visitor's own code stands at the left."""
    t = texts_for(language)
    left, spot = paper.margin, Spot(paper.dots - paper.margin - SIDE + 10, _GAP + THIN)
    width = spot.x - left
    title = fit(t("paper.staff_title"), 700, 30, width, 1, 24)
    note = fit(t("paper.staff_note"), 500, 26, width, 4, 24)
    canvas = Canvas(paper.dots, spot.y + SIDE)
    _rule(canvas, paper)
    between = 18
    y = spot.y + (SIDE - title.height - between - note.height) // 2
    canvas.block(left, y, title)
    canvas.block(left, y + title.height + between, note)
    return canvas.bits(), spot


def _narrow(language: str, paper: Paper) -> tuple[Image.Image, Spot]:
    """Words above the code."""
    t = texts_for(language)
    left, width = paper.margin, paper.dots - 2 * paper.margin
    title, note = Style(700, 27), fit(t("paper.staff_note"), 500, 24, width, 3, 24)
    top = _GAP + THIN + _GAP
    under = top + title.capital + 15
    spot = Spot((paper.dots - SIDE) // 2, under + note.height + 4)
    canvas = Canvas(paper.dots, spot.y + SIDE)
    _rule(canvas, paper)
    canvas.text(left, top + title.capital, t("paper.staff_title"), title)
    canvas.block(left, under, note)
    return canvas.bits(), spot


def _rule(canvas: Canvas, paper: Paper) -> None:
    # Not dashed: people tear along dashes, and this strip must stay with the ticket.
    canvas.bar(paper.margin, _GAP, paper.dots - 2 * paper.margin, THIN)
