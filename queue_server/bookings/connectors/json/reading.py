"""Reads an outside's answers: an entry that cannot be understood becomes a Problem and holds nothing else up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from antrean.domain.booking_code import is_code, normal_code
from antrean.domain.errors import Unavailable
from queue_server.bookings.connector import Page, Problem, Seen
from queue_server.wire.bookings import BookingEntry, instant_ms

T = TypeVar("T")
BAD_ENTRY = "bad_entry"
MOST_CURSOR = 200


def page_of(data: Mapping[str, Any]) -> Page:
    """A page of changes; raises Unavailable when what holds the page together is missing."""
    entries = [_entry(one) for one in needed(data, "bookings", list)]
    cursor = needed(data, "cursor", str)
    if len(cursor) > MOST_CURSOR:
        raise Unavailable(f"the outside's cursor is longer than {MOST_CURSOR} characters", permanent=False)
    return Page(
        seen=tuple(_of(entries, Seen)),
        gone=(),
        problems=tuple(_of(entries, Problem)),
        cursor=cursor,
        more=needed(data, "more", bool),
        listing=needed(data, "listing", bool),
    )


def needed(data: Mapping[str, Any], name: str, kind: type[T]) -> T:
    """A field that must be there; raises Unavailable that names it."""
    value = data.get(name)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise Unavailable(f"the outside's answer lacks {name} ({kind.__name__})", permanent=False)
    return value


def _of(entries: Iterable[Seen | Problem], kind: type[T]) -> Iterable[T]:
    return (one for one in entries if isinstance(one, kind))


def _entry(data: object) -> Seen | Problem:
    found = data.get("id") if isinstance(data, dict) else None
    booking_id = found if isinstance(found, str) else ""
    try:
        entry = BookingEntry.model_validate(data)
        start_ms, end_ms = instant_ms(entry.start), instant_ms(entry.end)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"])) or "entry"
        return Problem(booking_id, BAD_ENTRY, f"{where}: {first['msg']}, not {str(first['input'])[:80]!r}")
    except (ValueError, OverflowError) as error:
        return Problem(booking_id, BAD_ENTRY, f"start or end: {error}")
    code = normal_code(entry.code)
    if not is_code(code):
        return Problem(
            booking_id, BAD_ENTRY, f"code: 4 to 24 letters A-Z and digits, not {entry.code[:80]!r}"
        )
    if end_ms <= start_ms:
        return Problem(booking_id, BAD_ENTRY, f"end: {entry.end} is not after the start, {entry.start}")
    return Seen(
        booking_id, code, entry.service, start_ms, end_ms, entry.status == "cancelled", entry.revision
    )
