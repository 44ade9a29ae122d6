"""Text and shapes on a one-bit page: fonts, measuring, wrapping, thresholds.

Drawing is white on black in eight bits and becomes one bit at the end, because ESC/POS wants a 1 for ink.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

from PIL import Image, ImageDraw, ImageFont

from antrean.look import font_path

# A pixel darker than grey 140 becomes a dot; on our inverted canvas that is more than 255 - 140.
INK_ABOVE = 255 - 140
_TO_BIT = [255 if level > INK_ABOVE else 0 for level in range(256)]

_RUNS = re.compile(r"[0-9]+|[^0-9]+")
TEXT_FACE = "AtkinsonHyperlegibleNext"
NUMBER_FACE = "PlusJakartaSans"
CAPITAL = 0.668
"""Capital height of the text face as a share of its size."""


@lru_cache(maxsize=256)
def font(weight: int, size: int, face: str = TEXT_FACE) -> ImageFont.FreeTypeFont:
    """The font file of this face and weight at `size` dots."""
    return ImageFont.truetype(str(font_path(f"{face}-{weight}")), size)


@dataclass(frozen=True)
class Style:
    """A weight and a size, with `tracking` dots added after each letter."""

    weight: int
    size: int
    tracking: int = 0

    @property
    def capital(self) -> int:
        """Height of a capital letter in dots."""
        return round(self.size * CAPITAL)

    @property
    def line(self) -> int:
        """Distance from one baseline to the next in dots."""
        return round(self.size * 1.2)

    def width(self, text: str) -> int:
        """Width of `text` in dots, rounded up."""
        measured = sum(face.getlength(run) for run, face in self.runs(text))
        return -int(-measured // 1) + self.tracking * max(0, len(text) - 1)

    def runs(self, text: str) -> list[tuple[str, ImageFont.FreeTypeFont]]:
        """The text in stretches of one face: heavy figures come from the number face, for its plain zero."""
        face = font(self.weight, self.size)
        if self.weight < 700:
            return [(text, face)]
        figures = font(self.weight, self.size, NUMBER_FACE)
        return [(run, figures if run[0].isdigit() else face) for run in _RUNS.findall(text)]


@dataclass(frozen=True)
class Fitted:
    """Lines of text that fit their column in this style."""

    style: Style
    lines: tuple[str, ...]

    @property
    def height(self) -> int:
        """From the top of the first capital to the last baseline, in dots."""
        return self.style.capital + self.style.line * (len(self.lines) - 1)


def wrap(text: str, style: Style, width: int) -> tuple[str, ...] | None:
    """Break `text` at spaces into lines of at most `width` dots; None when one word alone is wider."""
    lines: list[str] = []
    for word in text.split():
        if style.width(word) > width:
            return None
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and style.width(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines) or ("",)


def fit(text: str, weight: int, size: int, width: int, lines: int = 1, floor: int = 24) -> Fitted:
    """The largest style from `size` downwards in which `text` fits `width` in `lines` lines.

    Below `floor` a further line is better than smaller letters, so lines are added there; nothing is ever cut off.
    """
    for allowed in count(lines):
        for smaller in range(size, floor - 1, -1):
            style = Style(weight, smaller)
            broken = wrap(text, style, width)
            if broken is not None and len(broken) <= allowed:
                return Fitted(style, broken)
        if allowed > lines + 8:
            floor = max(8, floor - 4)  # one endless word: only smaller letters can save it
    raise AssertionError("unreachable")


class Canvas:
    """A band of the page being drawn."""

    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("L", (width, height), 0)
        self._draw = ImageDraw.Draw(self.image)

    def text(self, x: int, baseline: int, text: str, style: Style) -> None:
        """Write one line from `x` on `baseline`."""
        face = font(style.weight, style.size)
        along = float(x)
        if not style.tracking:
            for run, of in style.runs(text):
                self._draw.text((along, baseline), run, fill=255, font=of, anchor="ls")
                along += of.getlength(run)
            return
        for letter in text:
            self._draw.text((along, baseline), letter, fill=255, font=face, anchor="ls")
            along += face.getlength(letter) + style.tracking

    def place_letter(self, letter: str, face: ImageFont.FreeTypeFont, baseline: int) -> None:
        """Write one letter of another face at the left edge."""
        self._draw.text((0, baseline), letter, fill=255, font=face, anchor="ls")

    def text_right(self, right: int, baseline: int, text: str, style: Style) -> None:
        """Write one line that ends at `right`."""
        self.text(right - style.width(text), baseline, text, style)

    def block(self, x: int, top: int, fitted: Fitted) -> int:
        """Write fitted lines whose first capital starts at `top`; returns the last baseline."""
        baseline = top + fitted.style.capital
        for line in fitted.lines:
            self.text(x, baseline, line, fitted.style)
            baseline += fitted.style.line
        return baseline - fitted.style.line

    def bar(self, x: int, y: int, width: int, height: int) -> None:
        """Fill a rectangle of `width` by `height` dots."""
        self._draw.rectangle((x, y, x + width - 1, y + height - 1), fill=255)

    def frame(self, x: int, y: int, width: int, height: int, edge: int) -> None:
        """Outline a rectangle with an edge of `edge` dots."""
        self._draw.rectangle((x, y, x + width - 1, y + height - 1), outline=255, width=edge)

    def hatch(self, x: int, y: int, width: int, height: int, step: int = 16, stroke: int = 4) -> None:
        """Fill a rectangle with slanted lines: seen from afar, and cooler for the head than a bar."""
        patch = Image.new("L", (width, height), 0)
        pen = ImageDraw.Draw(patch)
        for start in range(-height, width + height, step):
            pen.line((start, height, start + height, 0), fill=255, width=stroke)
        self.image.paste(patch, (x, y))

    def paste(self, picture: Image.Image, x: int, y: int) -> None:
        """Lay an already inverted picture on the band."""
        self.image.paste(picture, (x, y))

    def bits(self) -> Image.Image:
        """The band as one bit a dot, ink being 1."""
        return self.image.point(_TO_BIT, "1")
