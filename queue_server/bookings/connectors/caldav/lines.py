"""An entry's text as its content lines (RFC 5545 section 3.1), so that it goes together again byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NAME = re.compile(rb"\s*([A-Za-z0-9-]+)\s*[;:]")
_FOLD = re.compile(rb"\r?\n[ \t]")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
FOLD_AT = 75


@dataclass(frozen=True, slots=True)
class Line:
    """One content line: `raw` are its bytes, folds and line end included; `name` is "" where none can be read.

    `within` names the components around it, the outermost first; BEGIN and END stand within their own component.
    """

    raw: bytes
    name: str
    within: tuple[str, ...]

    @property
    def text(self) -> str:
        """What the line says: unfolded, and with a mark where bytes are not UTF-8."""
        return _FOLD.sub(b"", self.raw).decode("utf-8", "replace").strip("\r\n")

    @property
    def end(self) -> bytes:
        """How this line ends: CRLF in good calendars, LF in many."""
        return b"\r\n" if self.raw.endswith(b"\r\n") else b"\n"


def lines_of(data: bytes) -> Iterator[Line]:
    """The content lines in their order; joining the `raw` of all gives `data` again."""
    within: list[str] = []
    for raw in _raw_lines(data):
        found = _NAME.match(raw.removeprefix(_BYTE_ORDER_MARK))
        name = found.group(1).decode("ascii").upper() if found else ""
        line = Line(raw, name, tuple(within))
        if name in ("BEGIN", "END"):
            component = line.text.partition(":")[2].strip().upper()
            if name == "BEGIN":
                within.append(component)
                line = Line(raw, name, tuple(within))
            elif component in within:
                line = Line(raw, name, tuple(within))
                del within[_last(within, component) :]
        yield line


def folded(text: str, end: bytes) -> bytes:
    """A content line as bytes, folded at 75 octets between characters."""
    out, room = [], FOLD_AT
    for letter in text:
        octets = letter.encode()
        if len(octets) > room:
            out.append(end + b" ")
            room = FOLD_AT - 1
        out.append(octets)
        room -= len(octets)
    return b"".join(out) + end


def escaped(value: str) -> str:
    """A text as it stands in a content line (RFC 5545 section 3.3.11)."""
    value = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return value.replace("\r", "").replace("\n", "\\n")


def _raw_lines(data: bytes) -> Iterator[bytes]:
    start = 0
    for found in re.finditer(rb"\n(?![ \t])", data):
        yield data[start : found.end()]
        start = found.end()
    if start < len(data):
        yield data[start:]


def _last(within: list[str], component: str) -> int:
    return len(within) - 1 - within[::-1].index(component)
