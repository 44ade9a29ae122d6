"""The status address as a QR code fit for a thermal head."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import QRData

from antrean.domain.errors import BadInput

DOTS_A_MODULE = 6
"""0.75 mm a module: at 3 or 4 dots no reader managed a worn print."""
QUIET_MODULES = 4
LARGEST_VERSION = 4
# The library scores all eight masks unless told one, which takes four times as long. Any mask is valid; of 25 tickets
# blurred by 3 dots zxing-cpp read 24 with masks 4 and 7, 12 to 23 with the others (all 25 of each up to 2.6 dots).
MASK = 4
_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")
ALPHANUMERIC_MODE: Final = 2  # ISO/IEC 18004, table 2
# Characters that fit in versions 1 to 4 at correction level M in alphanumeric mode (ISO/IEC 18004, table 7).
_ROOM = (20, 38, 61, 90)


@lru_cache(maxsize=128)
def version_of(length: int) -> int:
    """The smallest version that holds `length` alphanumeric characters; BadInput over version 4."""
    for version, room in enumerate(_ROOM, start=1):
        if length <= room:
            return version
    raise BadInput("qr_too_long", length=length, longest=_ROOM[LARGEST_VERSION - 1])


def side_of(text: str) -> int:
    """Width of the code of `text` in dots, its quiet zone included."""
    return (17 + 4 * version_of(len(text)) + 2 * QUIET_MODULES) * DOTS_A_MODULE


def qr_image(text: str) -> Image.Image:
    """A square one-bit picture (ink 1) of the code with its own quiet zone; BadInput for other than A–Z 0–9."""
    if not _ALPHANUMERIC.fullmatch(text):
        raise BadInput("qr_not_alphanumeric", text=text)
    start = _tail_start(text)
    family = _prepared.get((text[:start], len(text)))
    packed = _packed(text) if family is None else family.packed(text[start:])
    modules = 17 + 4 * version_of(len(text))
    small = Image.frombytes("1", (modules, modules), packed.to_bytes(modules * _row_bytes(modules), "big"))
    side = modules * DOTS_A_MODULE
    quiet = QUIET_MODULES * DOTS_A_MODULE
    whole = Image.new("1", (side + 2 * quiet, side + 2 * quiet), 0)
    whole.paste(small.resize((side, side), Image.Resampling.NEAREST), (quiet, quiet))
    return whole


def prepare(text: str) -> None:
    """Make codes that differ from `text` only in their last 26 characters ten times faster; takes about 0.1 s."""
    start = _tail_start(text)
    key = (text[:start], len(text))
    if key not in _prepared and start > 0:
        _prepared[key] = _family(text[:start], len(text) - start)


@dataclass(frozen=True)
class _Family:
    """All codes of one length with one beginning.

    Under a fixed mask every module is a sum (exclusive or) of data bits: Reed–Solomon coding is linear over GF(2) and
    the places are fixed. So the code of any ending is the code of zeros plus one picture for each of its one-bits.
    """

    zeros: int
    pictures: tuple[tuple[int, ...], ...]

    def packed(self, tail: str) -> int:
        """The modules of the code that ends in `tail`, packed as `_packed` does."""
        whole = self.zeros
        for place, pictures in enumerate(self.pictures):
            value = _value(tail[2 * place : 2 * place + 2])
            for picture in pictures:
                if value & 1:
                    whole ^= picture
                value >>= 1
        return whole


_prepared: dict[tuple[str, int], _Family] = {}
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  # in the order of their values, 0 to 44
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)}
_TAIL = 26


def _tail_start(text: str) -> int:
    """Where the changing end begins: at an even place, since characters are coded in pairs."""
    return max(0, len(text) - _TAIL) // 2 * 2


def _value(letters: str) -> int:
    """The number that stands for a pair (11 bits) or for a last single character (6 bits)."""
    return _VALUES[letters[0]] * 45 + _VALUES[letters[1]] if len(letters) == 2 else _VALUES[letters]


def _family(start: str, length: int) -> _Family:
    empty = "0" * length
    zeros = _packed(start + empty)
    pictures = []
    for place in range(0, length, 2):
        pair = length - place >= 2
        row = []
        for bit in range(11 if pair else 6):
            value = 1 << bit
            letters = _LETTERS[value // 45] + _LETTERS[value % 45] if pair else _LETTERS[value]
            row.append(zeros ^ _packed(start + empty[:place] + letters + empty[place + len(letters) :]))
        pictures.append(tuple(row))
    return _Family(zeros, tuple(pictures))


def _packed(text: str) -> int:
    """The modules row by row, each row filled up to whole bytes, as one large number."""
    code = qrcode.QRCode(
        version=version_of(len(text)), error_correction=ERROR_CORRECT_M, border=0, mask_pattern=MASK
    )
    # One alphanumeric segment always: the library would code an all-digit text otherwise.
    code.add_data(QRData(text, mode=ALPHANUMERIC_MODE), optimize=0)
    code.make(fit=False)
    modules = len(code.modules)
    pad = "0" * (_row_bytes(modules) * 8 - modules)
    return int("".join("".join(["1" if module else "0" for module in row]) + pad for row in code.modules), 2)


def _row_bytes(modules: int) -> int:
    return (modules + 7) // 8
