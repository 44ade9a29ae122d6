"""ESC/POS commands as bytes, through python-escpos' dummy printer.

Importing python-escpos is done late and with care: it unpickles a file of printer profiles from a directory named by
an environment variable (a fresh temporary one, never removed, when there is none) and configures the root logger.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
import threading
from functools import lru_cache
from itertools import repeat
from pathlib import Path
from typing import Any

from PIL import Image

from printers.face import Paper

_PICKLE_DIR = "ESCPOS_CAPABILITIES_PICKLE_DIR"
_FEED_AT = 10  # a feed command costs 3 bytes and a stop of the motor: shorter gaps stay in the picture
_BLANK_RUN = bytes(_FEED_AT)
_LARGEST_FEED = 255
_SLICE = 24  # rows that share one right edge; finer slices save few bytes and cost many commands
_LIKE = 8  # slices whose widths differ by fewer bytes a row are sent as one picture
_TALLEST_RASTER = 960  # python-escpos' own fragment height; printers with small buffers choke on more

_IMPORTING = threading.Lock()

STATUS_REQUESTS = {1: b"\x10\x04\x01", 2: b"\x10\x04\x02", 4: b"\x10\x04\x04"}
"""DLE EOT n: printer, cause of being offline, paper."""
EVIDENCE_REQUEST = b"\x1dr\x01"
"""GS r 1: answered only after everything before it was carried out."""


@lru_cache(maxsize=1)
def dummy_class() -> Any:
    """python-escpos' `Dummy`, imported at the first use (about 80 ms; 250 ms the very first time)."""
    with _IMPORTING:  # the first ticket may be drawn while another thread still warms the printer up
        if "escpos.printer" not in sys.modules:
            _import_quietly()
        from escpos.printer import Dummy

        return Dummy


def _import_quietly() -> None:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    kept = _private_cache()
    before = os.environ.get(_PICKLE_DIR)
    fresh = Path(tempfile.mkdtemp(dir=kept))
    known = {path.name for path in kept.glob("*.pickle")} if kept is not None else set()
    os.environ[_PICKLE_DIR] = str(kept if known else fresh)
    try:
        import escpos.printer  # noqa: F401  (imported for its effect under this environment)

        if kept is not None:
            for made in fresh.glob("*.pickle"):  # whole files only: another process may be reading
                made.replace(kept / made.name)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        if before is None:
            del os.environ[_PICKLE_DIR]
        else:
            os.environ[_PICKLE_DIR] = before
        root.setLevel(level)
        for handler in root.handlers[:]:
            if handler not in handlers:
                root.removeHandler(handler)


def _private_cache() -> Path | None:
    """A directory only this user can write, since unpickling a stranger's file would run it; None without one."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    path = Path(home) / "antrean" / "escpos"
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if hasattr(os, "getuid"):
            about = path.stat()
            if about.st_uid != os.getuid() or about.st_mode & 0o022:
                return None
    except OSError:
        return None
    return path if os.access(path, os.W_OK) else None


@lru_cache(maxsize=1)
def opening() -> bytes:
    """Reset, then count every feed in dots of 1/203 inch (GS P), then one line of small text 24 dots high."""
    printer = dummy_class()()
    printer.hw("INIT")
    printer._raw(b"\x1dP\xcb\xcb")
    printer.line_spacing(24, 180)
    return bytes(printer.output)


@lru_cache(maxsize=4)
def closing(paper: Paper) -> bytes:
    """Feed to the knife and cut, or feed past the tear bar where there is no knife."""
    printer = dummy_class()()
    if paper.cutter:
        printer.cut(feed=False)  # GS V 66 0: moves the paper to the knife by itself
    else:
        printer._raw(feed(15 * 8))
    return bytes(printer.output)


def small_text(line: str, left: int) -> bytes:
    """A line of ASCII in the printer's own small font, `left` dots in; other characters raise instead of a `?`."""
    return b"\x1bM\x01\x1b$" + bytes((left, 0)) + line.encode("ascii") + b"\n\x1bM\x00"


def feed(dots: int) -> bytes:
    """Move the paper on by `dots`."""
    out = b""
    while dots > 0:
        step = min(dots, _LARGEST_FEED)
        out += b"\x1bJ" + bytes((step,))
        dots -= step
    return out


def raster(picture: Image.Image) -> bytes:
    """A one-bit picture (ink 1) as `GS v 0` pictures cropped at the right, its blank rows as feeds.

    python-escpos' own `image()` would dither and costs 1.7 ms a band for converting through colour.
    """
    width, height = picture.size
    stride = (width + 7) // 8
    data = picture.tobytes()
    rows = [data[at : at + stride] for at in range(0, stride * height, stride)]
    used = list(
        map(len, map(bytes.rstrip, rows, repeat(b"\0")))
    )  # hundreds of rows a ticket: the loop stays in C
    out: list[bytes] = []
    for top, bottom, cropped in _pieces(used):
        if cropped == 0:
            out.append(feed(bottom - top))
            continue
        tall = bottom - top
        out.append(b"\x1dv0\x00" + bytes((cropped & 255, cropped >> 8, tall & 255, tall >> 8)))
        if cropped == stride:
            out.append(data[top * stride : bottom * stride])
        else:
            out += [row[:cropped] for row in rows[top:bottom]]
    return b"".join(out)


def _pieces(used: list[int]) -> list[tuple[int, int, int]]:
    """Cut rows into (top, bottom, bytes a row): blank stretches on their own, slices of like width together."""
    pieces: list[tuple[int, int, int]] = []
    y, height = 0, len(used)
    flags = bytes(map(bool, used)) + _BLANK_RUN
    while y < height:
        start = y
        while y < height and used[y] == 0:
            y += 1
        if y - start >= _FEED_AT or y == height:
            pieces.append((start, y, 0))
            continue
        end = min(start + _SLICE, height)
        gap = flags.find(_BLANK_RUN, max(y, start + 1), end + _FEED_AT)
        y = end if gap < 0 else min(gap, end)
        widest = max(used[start:y])
        above = pieces[-1] if pieces else (0, 0, 0)
        if above[2] and abs(above[2] - widest) <= _LIKE and y - above[0] <= _TALLEST_RASTER:
            pieces[-1] = (above[0], y, max(widest, above[2]))
        else:
            pieces.append((start, y, widest))
    return pieces
