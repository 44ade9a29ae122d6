"""Our own lines in an entry: what became of a booking, and its code. No other byte of the entry changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from antrean.domain.booking_code import shown_code
from queue_server.bookings.connector import Outcome
from queue_server.bookings.connectors.caldav.lines import Line, escaped, folded, lines_of
from queue_server.bookings.connectors.caldav.reading import BY_MALL, CODE, CODE_BY

OUTCOME = "X-ANTREAN-OUTCOME"
ARRIVED_AT = "X-ANTREAN-ARRIVED-AT"
NUMBER = "X-ANTREAN-NUMBER"
AFTER_CANCEL = "X-ANTREAN-AFTER-CANCEL"
_EVENT = ("VCALENDAR", "VEVENT")
_WORDS = {"arrived": "ARRIVED", "fulfilled": "FULFILLED", "noshow": "NOSHOW"}


def with_outcome(data: bytes, outcome: Outcome) -> bytes:
    """The entry with the outcome in it. Somebody who was served stays so, whatever is told of the arrival later."""
    marks = {OUTCOME: _WORDS[outcome.what]}
    if outcome.what == "arrived":
        marks[ARRIVED_AT] = datetime.fromtimestamp(outcome.at_ms // 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
        if _value(data, OUTCOME).upper() == _WORDS["fulfilled"]:
            del marks[OUTCOME]
    if outcome.label:
        marks[NUMBER] = outcome.label
    if outcome.after_cancel:
        marks[AFTER_CANCEL] = "TRUE"
    return _with(data, marks)


def with_code(data: bytes, code: str) -> bytes:
    """The entry with its code, which also becomes the first line of its description, where people see it.

    In a copy of another entry the code of that one, and what became of that one, make way.
    """
    older = shown_code(_value(data, CODE)) if _value(data, CODE_BY) and _value(data, CODE) != code else ""
    marks: dict[str, str | None] = dict.fromkeys((OUTCOME, ARRIVED_AT, NUMBER, AFTER_CANCEL)) if older else {}
    marks |= {CODE: code, CODE_BY: BY_MALL}
    shown = shown_code(code)
    if not any(line.within == _EVENT and line.name == "DESCRIPTION" for line in lines_of(data)):
        return _with(data, marks | {"DESCRIPTION": shown})
    out = []
    for line in lines_of(_with(data, marks)):
        head, colon, value = _split(line.text)
        whole = colon and "\N{REPLACEMENT CHARACTER}" not in line.text  # a damaged line stays as it is
        if line.within != _EVENT or line.name != "DESCRIPTION" or not whole or value.startswith(shown):
            out.append(line.raw)
        else:
            rest = (
                value.removeprefix(older).removeprefix("\\n") if older and value.startswith(older) else value
            )
            out.append(folded(f"{head}:{shown}" + (f"\\n{rest}" if rest else ""), line.end))
    return b"".join(out)


def _with(data: bytes, marks: Mapping[str, str | None]) -> bytes:
    """These lines in the first appointment: in the place of older ones, else before its end or its first alarm.

    None takes a line away.
    """
    left, out, inside = dict(marks), [], False
    for line in lines_of(data):
        inside = inside or (line.within == _EVENT and line.name == "BEGIN")
        if inside and line.within == _EVENT and line.name in marks:
            if line.name in left:
                value = left.pop(line.name)
                if value is None:
                    continue
                same = line.text == f"{line.name}:{escaped(value)}"
                out.append(line.raw if same else _line(line.name, value, line))
            continue
        leaves = (line.name == "END" and line.within == _EVENT) or (
            line.name == "BEGIN" and line.within[:2] == _EVENT and len(line.within) == len(_EVENT) + 1
        )
        if inside and left and leaves:
            out += [_line(name, value, line) for name, value in left.items() if value is not None]
            left.clear()
        out.append(line.raw)
    return b"".join(out)


def _line(name: str, value: str, beside: Line) -> bytes:
    return folded(f"{name}:{escaped(value)}", beside.end)


def _value(data: bytes, name: str) -> str:
    found = (line.text for line in lines_of(data) if line.within == _EVENT and line.name == name)
    return next(found, "").partition(":")[2].strip()


def _split(text: str) -> tuple[str, str, str]:
    """A content line before its colon, the colon, and after it; colons in quoted parameters are none."""
    quoted = False
    for at, letter in enumerate(text):
        if letter == '"':
            quoted = not quoted
        elif letter == ":" and not quoted:
            return text[:at], ":", text[at + 1 :]
    return text, "", ""
