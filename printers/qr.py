"""The status address as a QR code fit for a thermal head."""

from __future__ import annotations

import re
from functools import lru_cache

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

from antrean.domain.errors import BadInput

DOTS_A_MODULE = 6
"""0.75 mm a module: at 3 or 4 dots no reader managed a worn print."""
QUIET_MODULES = 4
LARGEST_VERSION = 4
# The library scores all eight masks unless told one, which takes four times as long. Any mask is valid; of 25 tickets
# blurred by 3 dots zxing-cpp read 24 with masks 4 and 7, 12 to 23 with the others (all 25 of each up to 2.6 dots).
MASK = 4
_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")
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
    code = qrcode.QRCode(
        version=version_of(len(text)), error_correction=ERROR_CORRECT_M, border=0, mask_pattern=MASK
    )
    code.add_data(text, optimize=0)
    code.make(fit=False)
    modules = len(code.modules)
    row_bytes = (modules + 7) // 8
    pad = row_bytes * 8 - modules
    rows = (
        (int("".join(["1" if module else "0" for module in row]), 2) << pad).to_bytes(row_bytes, "big")
        for row in code.modules
    )
    small = Image.frombytes("1", (modules, modules), b"".join(rows))
    side = modules * DOTS_A_MODULE
    quiet = QUIET_MODULES * DOTS_A_MODULE
    whole = Image.new("1", (side + 2 * quiet, side + 2 * quiet), 0)
    whole.paste(small.resize((side, side), Image.Resampling.NEAREST), (quiet, quiet))
    return whole
