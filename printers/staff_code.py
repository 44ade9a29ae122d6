"""The staff code as a QR picture: version 4 at correction L, which 114 alphanumeric characters fill to the last bit."""

from __future__ import annotations

from typing import Final

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_L
from qrcode.util import QRData

from antrean.domain.claim import is_token
from antrean.domain.errors import BadInput
from printers.qr import ALPHANUMERIC_MODE, DOTS_A_MODULE, MASK, QUIET_MODULES

VERSION: Final = 4
MODULES = 17 + 4 * VERSION
SIDE = (MODULES + 2 * QUIET_MODULES) * DOTS_A_MODULE
"""Width of the picture in dots, its quiet zone included."""


def staff_code(token: str) -> Image.Image:
    """A square one-bit picture (ink 1) of the staff code with its own quiet zone; BadInput for any other text.

    About 1 ms; every character changes from ticket to ticket, so nothing of it can be kept as `printers.qr` does.
    """
    if not is_token(token):
        raise BadInput("bad_paper")
    code = qrcode.QRCode(
        version=VERSION, error_correction=ERROR_CORRECT_L, border=QUIET_MODULES, mask_pattern=MASK
    )
    code.add_data(QRData(token.strip().upper(), mode=ALPHANUMERIC_MODE), optimize=0)
    code.make(fit=False)
    rows = code.get_matrix()
    small = Image.frombytes(
        "L", (len(rows), len(rows)), bytes(255 if module else 0 for row in rows for module in row)
    )
    return small.resize((SIDE, SIDE), Image.Resampling.NEAREST).convert("1", dither=Image.Dither.NONE)
