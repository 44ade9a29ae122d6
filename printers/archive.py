"""Writes what the virtual printer printed: one picture and one JSON per ticket.

Of the codes read back, `qr` holds the visitors' and `staff_code` the one at the foot of a ticket, null without.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from antrean.domain.claim import is_token
from printers.decoder import Page
from printers.face import DOTS_PER_MM

_LABEL = re.compile(r"\b([A-Z]{1,2}[0-9A-Z]-\d{3,})\b")
_NUMBERED = re.compile(r"(\d+)-.*\.json")


class Archive:
    """A directory of printed pages, `0001-A1-012.png` beside `0001-A1-012.json`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        numbers = (_NUMBERED.fullmatch(path.name) for path in directory.iterdir())
        self._last = max((int(found[1]) for found in numbers if found), default=0)

    def keep(self, page: Page, received_ms: int) -> dict[str, Any]:
        """Write the page's picture, then its JSON (whoever sees the JSON finds the picture); returns the JSON."""
        self._last += 1
        label = next((found[1] for line in page.text if (found := _LABEL.search(line))), None)
        stem = f"{self._last:04d}-{label or ('error' if page.error else 'page')}"
        picture = page.picture or Image.new("1", (1, 1), 255)
        codes = read_codes(picture)
        facts: dict[str, Any] = {
            "seq": self._last,
            "label": label,
            "copy": any("SALINAN" in line for line in page.text),
            "text": page.text,
            "qr": [code for code in codes if not is_token(code)],
            "staff_code": next((code for code in codes if is_token(code)), None),
            "png": f"{stem}.png",
            "bytes": page.received,
            "width_dots": picture.width,
            "height_mm": round(picture.height / DOTS_PER_MM, 1),
            "cut": page.cut,
            "error": page.error,
            "received_ms": received_ms,
            "received": datetime.fromtimestamp(received_ms / 1000, UTC).isoformat(timespec="milliseconds"),
        }
        picture.save(self._directory / f"{stem}.png")
        part = self._directory / f"{stem}.part"
        part.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        part.replace(self._directory / f"{stem}.json")
        return facts


def read_codes(picture: Image.Image) -> list[str]:
    """The texts of all QR codes on the page, read back with zxing-cpp; a reader sees paper around the page."""
    import zxingcpp

    paper = ImageOps.expand(picture.convert("L"), 20, fill=255)
    return [
        code.text
        for code in zxingcpp.read_barcodes(
            paper, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
        )
    ]
