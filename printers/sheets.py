"""Papers that are no tickets: the list of requirements and the test page."""

from __future__ import annotations

from antrean.texts import texts_for
from printers.escpos_bytes import closing, feed, opening, raster
from printers.face import PAPER_80, ChecklistFace, Paper
from printers.ink import Canvas, Style, fit
from printers.qr import qr_image

_TICK = 26


class _Sheet:
    """A page that grows downwards; sheets are rare, so nothing is kept."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self.left, self.right = paper.margin, paper.dots - paper.margin
        self._parts: list[bytes] = [opening()]

    def words(
        self, text: str, weight: int, size: int, *, indent: int = 0, lines: int = 2, box: bool = False
    ) -> None:
        width = self.right - self.left - indent
        fitted = fit(text, weight, size, width, lines, min(size, 24))
        top = round(size * 0.12)  # letters such as d and k stand taller than capitals
        canvas = Canvas(self._paper.dots, top + fitted.height + round(size * 0.3))
        if box:
            canvas.frame(self.left, top + (fitted.style.capital - _TICK) // 2, _TICK, _TICK, 3)
        canvas.block(self.left + indent, top, fitted)
        self._parts.append(raster(canvas.bits()))

    def rule(self, thickness: int) -> None:
        canvas = Canvas(self._paper.dots, thickness)
        canvas.bar(self.left, 0, self.right - self.left, thickness)
        self._parts.append(raster(canvas.bits()))

    def space(self, dots: int) -> None:
        self._parts.append(feed(dots))

    def add(self, part: bytes) -> None:
        self._parts.append(part)

    def finish(self) -> bytes:
        return b"".join([*self._parts, closing(self._paper)])


def checklist_bytes(face: ChecklistFace, paper: Paper = PAPER_80) -> bytes:
    """What to bring, with a box to tick for each requirement; says that it is no queue number."""
    t = texts_for(face.language)
    sheet = _Sheet(paper)
    sheet.space(4)
    sheet.words(face.mall, 700, 30)
    sheet.space(8)
    sheet.rule(6)
    sheet.space(18)
    sheet.words(t("paper.checklist"), 500, 26)
    sheet.space(8)
    sheet.words(face.service, 700, 38 if paper.narrow else 44, lines=3)
    sheet.words(face.agency, 500, 26)
    sheet.space(10)
    sheet.rule(2)
    sheet.space(18)
    for text, note in face.requirements or ((t("paper.no_requirements"), None),):
        sheet.words(text, 600, 30, indent=44, lines=4, box=bool(face.requirements))
        if note:
            sheet.words(note, 500, 25, indent=44, lines=4)
        sheet.space(10)
    sheet.rule(2)
    for label, value in (("cost", face.cost), ("time", face.time), ("product", face.product)):
        sheet.space(16)
        sheet.words(t(f"paper.{label}"), 500, 25)
        sheet.space(4)
        sheet.words(value, 700, 32, lines=3)
    if face.complaints:
        sheet.space(16)
        sheet.words(t("paper.complaints"), 500, 25)
        sheet.space(4)
        sheet.words(face.complaints, 500, 25, lines=8)
    sheet.space(10)
    sheet.rule(6)
    sheet.space(16)
    sheet.words(t("paper.no_number"), 500, 26)
    return sheet.finish()


def trial_page_bytes(language: str, lines: tuple[str, ...], paper: Paper = PAPER_80) -> bytes:
    """A page that shows every part of the head: rules to both edges, a staircase, large and small letters, a code.

    `lines` are printed as they are, for instance the printer's target and the time.
    """
    t = texts_for(language)
    sheet = _Sheet(paper)
    sheet.words(t("paper.test_title"), 800, 60)
    for line in lines:
        sheet.words(line, 500, 26, lines=4)
    sheet.space(10)
    sheet.words(t("paper.test_body"), 500, 26, lines=6)
    sheet.space(16)
    stairs = Canvas(paper.dots, 70)
    stairs.bar(0, 0, paper.dots, 2)
    for step in range(8):  # every dot of the head burns once here
        stairs.bar(step * paper.dots // 8, 8 + step * 6, paper.dots // 8, 6)
    stairs.bar(0, 64, paper.dots, 6)
    sheet.add(raster(stairs.bits()))
    sheet.space(10)
    code = qr_image("ANTREAN TEST 0123456789")
    place = Canvas(paper.dots, code.height)
    place.paste(code.convert("L"), 0, 0)
    if not paper.narrow:
        style = Style(800, 108)
        place.text(code.width + 10, (code.height + style.capital) // 2, "A1-0", style)
    sheet.add(raster(place.bits()))
    return sheet.finish()
