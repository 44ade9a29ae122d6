"""The ticket number, set as large as it fits in the face with the plain zero."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image

from printers.escpos_bytes import raster
from printers.face import Paper
from printers.ink import NUMBER_FACE, Canvas, font

_OVER = 2  # round letters reach this many dots above the capitals


def number_shape(label: str) -> str:
    """What the size of a label depends on: its digits count as the widest one, so a series keeps one size."""
    return "".join("0" if letter.isdigit() else letter for letter in label)


def number_height(paper: Paper, tightness: int = 0) -> int:
    """Largest capital height in dots; a full page takes some of it, but leaves 9 mm on 58 mm paper, 13.5 on 80."""
    largest, least = (92, 72) if paper.narrow else (130, 108)
    return max(least, largest - 5 * max(0, tightness - 3))


@lru_cache(maxsize=1024)
def number_size(shape: str, paper: Paper, tightness: int = 0) -> int:
    """The largest size in which every label of this shape fits the page."""
    room, size = paper.dots - 2 * paper.margin, 24
    while capital(size + 1) <= number_height(paper, tightness) and _width(shape, size + 1) <= room:
        size += 1
    return size


@lru_cache(maxsize=64)
def capital(size: int) -> int:
    """Height of the number face's capitals, measured on the letter H."""
    _, top, _, _ = font(800, size, NUMBER_FACE).getbbox("H", anchor="ls")
    return -round(top)


def number_bytes(label: str, paper: Paper, tightness: int) -> bytes:
    """The number's band, joined from letters drawn before."""
    size = number_size(number_shape(label), paper, tightness)
    picture = Image.new("1", (paper.dots, capital(size) + 2 * _OVER), 0)
    x = paper.margin - round(0.02 * size)
    for letter in label:
        glyph, advance = _glyph(letter, size)
        picture.paste(1, (x, 0), glyph)
        x += advance
    return raster(picture)


def number_band_height(shape: str, paper: Paper, tightness: int) -> int:
    """Height of what `number_bytes` draws, in dots."""
    return capital(number_size(shape, paper, tightness)) + 2 * _OVER


def _width(label: str, size: int) -> int:
    return sum(_glyph(letter, size)[1] for letter in label)


@lru_cache(maxsize=1024)
def _glyph(letter: str, size: int) -> tuple[Image.Image, int]:
    """One character as dots, and how far it moves the next one."""
    face = font(800, size, NUMBER_FACE)
    height = capital(size) + 2 * _OVER
    if letter == "-":  # the face's own hyphen sits low and is heavy beside capitals
        dash = Image.new("1", (round(0.36 * size), height), 0)
        top = _OVER + round(capital(size) / 2 - 0.05 * size)
        dash.paste(1, (round(0.04 * size), top, round(0.31 * size), top + round(0.1 * size)))
        return dash, round(0.35 * size)
    advance = round(face.getlength(letter))
    canvas = Canvas(advance + 4, height)
    canvas.place_letter(letter, face, _OVER + capital(size))
    return canvas.bits(), advance
