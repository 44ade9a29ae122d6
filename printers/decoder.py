"""Reads ESC/POS as a printer would: bytes in, pages out, and an error for any command it does not know.

The set is what this house sends and what a test page may hold; a command outside it is a finding, never skipped,
because a real printer would print its bytes as nonsense.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image, ImageDraw, ImageFont

_PRINTABLE = re.compile(rb"[\x20-\x7e]+")


class UnknownBytes(Exception):
    """The printer would not have understood this."""


@dataclass
class Page:
    """What lies between two cuts."""

    text: list[str] = field(default_factory=list)
    picture: Image.Image | None = None
    received: int = 0
    cut: bool = False
    error: str | None = None


@dataclass
class _Letters:
    small: bool = False
    line: int = 30
    left: int = 0


def split_real_time(data: bytes) -> tuple[list[int], bytes]:
    """The numbers of the status requests (`DLE EOT n`) that `data` begins with, and the rest."""
    asked = []
    while len(data) >= 3 and data[:2] == b"\x10\x04":
        asked.append(data[2])
        data = data[3:]
    return asked, data


class Decoder:
    """A printer's brain: `take` bytes, get the pages they complete.

    `on_request` gets each request for an answer as it is carried out: `GS r n` as ("evidence", n) and `DLE EOT n` as
    ("status", n). `split_real_time` finds the latter ahead of their turn, as a held-up printer does.
    """

    def __init__(self, dots: int, on_request: Callable[[str, int], None]) -> None:
        self._dots = dots
        self._on_request = on_request
        self._buffer = bytearray()
        self._bands: list[tuple[int, Image.Image]] = []
        self._y = 0
        self._page = Page()
        self._letters = _Letters()
        self._line = bytearray()

    @property
    def waiting(self) -> int:
        """Bytes held that no command has used yet."""
        return len(self._buffer)

    @property
    def blank(self) -> bool:
        """Whether nothing is on the page since the last cut."""
        return not (self._bands or self._page.text or self._line)

    def hold(self, data: bytes) -> None:
        """Keep bytes for later, as a printer without paper does."""
        self._buffer += data

    def run(self) -> list[Page]:
        """Carry out every whole command held; an unknown one ends its page with `error` set."""
        done: list[Page] = []
        while self._buffer:
            try:
                used = self._step(bytes(self._buffer[:8]))
            except UnknownBytes as problem:
                self._page.error = str(problem)
                self._page.received += len(self._buffer)
                self._buffer.clear()
                done.append(self._finish(cut=False))
                break
            if used == 0:
                break
            self._page.received += used
            del self._buffer[:used]
            if self._page.cut:
                done.append(self._finish(cut=True))
        return done

    def end(self, reason: str) -> Page | None:
        """What is on the page when the sender leaves without a cut; None if nothing is."""
        if self.blank and not self._buffer:
            return None
        self._page.received += len(self._buffer)
        self._buffer.clear()
        self._page.error = reason
        return self._finish(cut=False)

    def _finish(self, cut: bool) -> Page:
        if self._line:
            self._print_line()
        page, self._page = self._page, Page()
        page.cut = cut
        height = max(1, self._y)
        picture = Image.new("1", (self._dots, height), 255)
        for top, band in self._bands:
            picture.paste(band, (0, top))
        page.picture = picture
        self._bands, self._y = [], 0
        self._letters = _Letters()
        return page

    def _step(self, front: bytes) -> int:
        """Carry out the command at the front; how many bytes it used, 0 when more must arrive first."""
        text = _PRINTABLE.match(self._buffer)
        if text:
            self._line += text.group()
            return text.end()
        if front[:1] == b"\n":
            self._print_line()
            return 1
        if len(front) < 2:
            if front[:1] in (b"\x1b", b"\x1d", b"\x10"):
                return 0
            raise UnknownBytes(f"unknown byte {front[0]:#04x}")
        two = front[:2]
        if two == b"\x1b@":
            self._letters = _Letters()
            return 2
        if two == b"\x1b2":
            self._letters.line = 30
            return 2
        if two == b"\x1dV":
            return self._cut(front)
        if two == b"\x1dv":
            return self._raster(front)
        if two == b"\x1dP":
            return 4 if len(front) >= 4 else 0
        if two == b"\x1b$":
            if len(front) >= 4:
                self._letters.left = front[2] + 256 * front[3]
            return 4 if len(front) >= 4 else 0
        if two in _ONE_ARGUMENT or two == b"\x1dr" or two == b"\x10\x04":
            if len(front) < 3:
                return 0
            self._argument(two, front[2])
            return 3
        raise UnknownBytes(f"unknown command {two.hex(' ')}")

    def _argument(self, two: bytes, value: int) -> None:
        if two == b"\x1bJ":
            self._y += value
        elif two == b"\x1bd":
            self._y += value * self._letters.line
        elif two == b"\x1b3":
            self._letters.line = value
        elif two == b"\x1bM":
            self._letters.small = value in (1, 49)
        elif two == b"\x1dr":
            self._on_request("evidence", value)
        elif two == b"\x10\x04":
            self._on_request("status", value)
        elif value != 0:  # ESC a, ESC t, ESC !: only their plain settings are drawn here
            raise UnknownBytes(f"unknown setting {two.hex(' ')} {value:02x}")

    def _cut(self, front: bytes) -> int:
        if len(front) < 3:
            return 0
        if front[2] in (0, 1, 48, 49):
            self._page.cut = True
            return 3
        if front[2] in (65, 66):
            if len(front) < 4:
                return 0
            self._page.cut = True
            return 4
        raise UnknownBytes(f"unknown cut {front[2]:02x}")

    def _raster(self, front: bytes) -> int:
        if len(front) < 8:
            return 0
        if front[2:4] != b"0\x00":
            raise UnknownBytes(f"unknown picture mode {front[2:4].hex(' ')}")
        stride, rows = front[4] + 256 * front[5], front[6] + 256 * front[7]
        size = 8 + stride * rows
        if stride * 8 > self._dots:
            raise UnknownBytes(f"a picture {stride * 8} dots wide on a head of {self._dots}")
        if len(self._buffer) < size:
            return 0
        ink = Image.frombytes("1", (stride * 8, rows), bytes(self._buffer[8:size]))
        self._bands.append((self._y, ink.point([255] + [0] * 255, "1")))
        self._y += rows
        return size

    def _print_line(self) -> None:
        line = self._line.decode("ascii")
        self._line.clear()
        cell, tall = (9, 17) if self._letters.small else (12, 24)
        if line:
            band = Image.new("1", (self._dots, tall), 255)
            pen = ImageDraw.Draw(band)
            face = ImageFont.load_default(tall - 2)
            for place, letter in enumerate(line):
                pen.text(
                    (self._letters.left + place * cell, tall - 4), letter, fill=0, font=face, anchor="ls"
                )
            self._bands.append((self._y, band))
            self._page.text.append(line)
        self._letters.left = 0
        self._y += max(tall, self._letters.line)


_ONE_ARGUMENT = frozenset((b"\x1bJ", b"\x1bd", b"\x1b3", b"\x1bM", b"\x1ba", b"\x1bt", b"\x1b!"))
