"""The QR of a booking as a picture inside its page: a PNG, which old phones show and every phone can save."""

import base64
import io
from typing import Final

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import QRData

QUIET_MODULES = 4
ALPHANUMERIC: Final = 2
"""The mode of QR codes (ISO/IEC 18004) that packs two characters into eleven bits."""
DOTS = 8
"""Dots a module: 45 modules with the quiet zone make 360 dots, sharp on a phone and on paper."""


def qr_png(token: str) -> bytes:
    """The picture of a token of QR's alphanumeric mode, black on white, correction M."""
    code = qrcode.QRCode(border=QUIET_MODULES, error_correction=ERROR_CORRECT_M)
    code.add_data(QRData(token, ALPHANUMERIC))
    code.make(fit=True)
    rows = code.get_matrix()
    small = Image.new("1", (len(rows), len(rows)), 1)
    small.putdata([0 if dark else 1 for row in rows for dark in row])
    out = io.BytesIO()
    small.resize((len(rows) * DOTS, len(rows) * DOTS), Image.Resampling.NEAREST).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


def qr_address(token: str) -> str:
    """The picture as a `data:` address."""
    return "data:image/png;base64," + base64.b64encode(qr_png(token)).decode("ascii")
