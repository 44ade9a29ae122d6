"""A ticket as ESC/POS bytes: pure, and a few milliseconds when its fixed parts are warm.

The visitor's part is at most 110 mm long; below it a rule and the staff code take another 34 mm (on 58 mm paper 50).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from PIL import Image

from antrean.texts import texts_for
from antrean.texts.formats import clock, day_short, wait_range
from printers.escpos_bytes import closing, feed, opening, raster, small_text
from printers.face import PAPER_80, Paper, TicketFace
from printers.ink import Canvas, Style, fit, wrap
from printers.number import number_bytes, number_shape
from printers.plan import (
    BOOKING_CAPITAL,
    THICK,
    THIN,
    Foot,
    Plan,
    PlanKey,
    booking_height,
    counts_height,
    gap,
    labelled_line,
    note_text,
    plan_of,
    row_height,
)
from printers.qr import prepare, qr_image, side_of
from printers.strip import strip_bytes, strip_height

_ABOVE = 6  # letters such as d and k stand taller than capitals


def ticket_bytes(face: TicketFace, paper: Paper = PAPER_80) -> bytes:
    """The whole job for this ticket, from reset to cut; BadInput when its address cannot be a small QR code.

    The transport adds the request for evidence (`GS r 1`), which is no part of the page.
    """
    plan = _plan(face, paper)
    tight = plan.tightness
    day = day_short(face.printed_ms, face.timezone, face.language)
    time = clock(face.printed_ms, face.timezone, face.language)
    parts = (
        opening(),
        plan.head,
        _row(face.language, day, time, paper, tight),
        number_bytes(face.label, paper, tight),
        plan.middle,
        _booking(face, paper, tight),
        _counts(
            face.language, face.ahead if _known_counts(face, paper)[0] else None, face.wait, paper, tight
        ),
        _foot(face, plan.foot),
        strip_bytes(face.language, face.paper_token, paper) if face.paper_token else b"",
        feed(4),
        small_text(archive_line(face), paper.margin),
        closing(paper),
    )
    return b"".join(parts)


def archive_line(face: TicketFace) -> str:
    """The last line, in the printer's own letters: what support staff read out over the phone.

    Plain ASCII, so that a printer's log or an emulator shows which ticket a job was.
    """
    at = datetime.fromtimestamp(face.printed_ms / 1000, ZoneInfo(face.timezone))
    copy = f" {texts_for('id')('paper.copy_mark')}" if face.copy else ""
    return f"{face.label} {face.check} {at:%d-%m-%Y %H.%M}{copy}"


def ticket_height_mm(face: TicketFace, paper: Paper = PAPER_80) -> float:
    """Length of the printed page in millimetres, without the way to the knife."""
    strip = strip_height(face.language, paper) if face.paper_token else 0
    return (_plan(face, paper).height + strip) / (203 / 25.4)


def warm(faces: Iterable[TicketFace], paper: Paper = PAPER_80) -> None:
    """Draw the fixed parts of these tickets now, so that the first visitor does not wait for them.

    Call it from a background thread at start with one face per service and language; about 20 ms each.
    """
    for face in faces:
        prepare(face.status_url)
        ticket_bytes(face, paper)


def _plan(face: TicketFace, paper: Paper) -> Plan:
    return plan_of(
        PlanKey(
            mall=face.mall,
            service=face.service,
            agency=face.agency,
            place=face.place,
            language=face.language,
            paper=paper,
            shape=number_shape(face.label),
            qr_side=side_of(face.status_url),
            counts=_known_counts(face, paper),
            copy=face.copy,
            twin=face.twin_note,
            booked=bool(face.booking_code),
        )
    )


@lru_cache(maxsize=64)
def _row(language: str, day: str, time: str, paper: Paper, tightness: int) -> bytes:
    left, right = paper.margin, paper.dots - paper.margin
    style = Style(500, 25 if paper.narrow else 27)
    canvas = Canvas(paper.dots, row_height(paper, tightness))
    baseline = gap(17 if paper.narrow else 20, tightness) + 18
    if paper.narrow:
        canvas.text(left, baseline, day, style)
        canvas.text_right(right, baseline, time, style)
    else:
        canvas.text(left, baseline, texts_for(language)("paper.number"), style)
        canvas.text_right(right, baseline, f"{day}, {time}", style)
    return raster(canvas.bits())


def _known_counts(face: TicketFace, paper: Paper) -> tuple[bool, bool]:
    """Whether people ahead and wait are told; on a narrow roll what was booked takes the place of the first."""
    told = not (paper.narrow and face.booking_code)
    return face.ahead is not None and told, face.wait is not None


def _booking(face: TicketFace, paper: Paper, tightness: int) -> bytes:
    """The booked time and its code in one line; of a code that staff still have to look up that they do."""
    if not face.booking_code:
        return b""
    t, left, right = texts_for(face.language), paper.margin, paper.dots - paper.margin
    if face.booking_ms is None:
        booked = t("paper.booking_check")
    else:
        booked = t("paper.booking_at", time=clock(face.booking_ms, face.timezone, face.language))
    said = Style(700, 29 if paper.narrow else 36)
    room = right - left - said.width(booked) - 24
    code = fit(face.booking_code, 700, 29 if paper.narrow else 36, room, 1, 15)
    canvas = Canvas(paper.dots, booking_height(paper, tightness))
    baseline = gap(17 if paper.narrow else 20, tightness) + BOOKING_CAPITAL
    canvas.text(left, baseline, booked, said)
    canvas.text_right(right, baseline, code.lines[0], code.style)
    canvas.bar(left, canvas.image.height - THIN, right - left, THIN)
    return raster(canvas.bits())


@lru_cache(maxsize=2048)
def _counts(
    language: str, ahead: int | None, wait: tuple[int, int] | None, paper: Paper, tightness: int
) -> bytes:
    t = texts_for(language)
    people = None if ahead is None else (t("paper.people", n=ahead) if ahead else t("paper.nobody"))
    minutes = None if wait is None else wait_range(wait[0], wait[1], language)
    height = counts_height(paper, (ahead is not None, wait is not None), tightness)
    canvas = Canvas(paper.dots, height)
    draw = _counts_narrow if paper.narrow else _counts_wide
    draw(canvas, language, people, minutes, paper, tightness)
    canvas.bar(paper.margin, height - THICK, paper.dots - 2 * paper.margin, THICK)
    return raster(canvas.bits())


def _counts_narrow(
    canvas: Canvas, language: str, people: str | None, minutes: str | None, paper: Paper, tightness: int
) -> None:
    t = texts_for(language)
    lines = [(t("paper.ahead"), people), (t("paper.wait_short"), minutes)]
    known = [(label, value) for label, value in lines if value is not None]
    y = 0
    for label, value in known or [("", t("paper.watch_board"))]:
        if y:
            canvas.bar(paper.margin, y, paper.dots - 2 * paper.margin, THIN)
            y += THIN
        y += gap(17, tightness)
        if label:
            labelled_line(paper, label, value)[1](canvas, y)
        else:
            canvas.block(paper.margin, y, fit(value, 700, 31, paper.dots - 2 * paper.margin, 1, 20))
        y += 21 + gap(17, tightness)


def _counts_wide(
    canvas: Canvas, language: str, people: str | None, minutes: str | None, paper: Paper, tightness: int
) -> None:
    t = texts_for(language)
    left, right = paper.margin, paper.dots - paper.margin
    soft = Style(500, 26)
    columns = [(t("paper.ahead"), people), (t("paper.wait"), minutes)]
    known = [(label, value) for label, value in columns if value is not None]
    if not known:
        known = [(t("paper.watch_label"), t("paper.watch_board"))]
    top = gap(24, tightness)
    value_top = top + soft.capital + gap(17, tightness)
    split = left + max(194, soft.width(known[0][0]) + 20, Style(700, 36).width(known[0][1]) + 20)
    for place, (label, value) in enumerate(known):
        x = left if place == 0 else split + THIN + 22
        end = split - 12 if place == 0 and len(known) == 2 else right
        canvas.text(x, top + soft.capital, label, soft)
        fitted = fit(value, 700, 44, end - x, 1, 20)
        canvas.text(x, value_top + 29, fitted.lines[0], fitted.style)
    if len(known) == 2:
        canvas.bar(split, 0, THIN, canvas.image.height - THICK)


@lru_cache(maxsize=256)
def _note(language: str, copy: bool, twin: bool, time: str, width: int, style: Style) -> Image.Image:
    lines = wrap(note_text(language, copy, twin, time), style, width) or ("",)
    line = round(style.size * 1.27)
    canvas = Canvas(width, _ABOVE + style.size + line * (len(lines) - 1))
    for place, words in enumerate(lines):
        canvas.text(0, _ABOVE + style.capital + place * line, words, style)
    return canvas.bits()


@lru_cache(maxsize=1024)
def _letters(check: str, style: Style) -> Image.Image:
    canvas = Canvas(style.width(check), style.capital + 2)
    canvas.text(0, style.capital, check, style)
    return canvas.bits()


def _foot(face: TicketFace, foot: Foot) -> bytes:
    picture = foot.base.copy()
    picture.paste(qr_image(face.status_url), (foot.code.x, foot.code.y))
    if foot.note is not None:
        time = clock(face.copied_ms, face.timezone, face.language) if face.copied_ms is not None else ""
        note = _note(face.language, face.copy, face.twin_note, time, foot.note.width, foot.note_style)
        picture.paste(1, (foot.note.x, foot.note.y - _ABOVE), note)
    letters = _letters(face.check, foot.check_style)
    box = foot.check
    at = (box.x + (box.width - letters.width) // 2, box.y + (box.height - foot.check_style.capital) // 2)
    picture.paste(1, at, letters)
    return raster(picture)
