"""Where a mall stands in the changes: opaque text for the mall, a number in a life of the ledger for the site."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TEXT = re.compile(
    r"(?P<kind>[cl])\.(?P<life>[0-9a-f-]{8,64})\.(?P<change>[0-9]{1,18})(?:\.(?P<code>[0-9A-Z]*))?"
)


@dataclass(frozen=True, slots=True)
class Cursor:
    """All changes up to `change` are known; while `listing`, also every booking up to `code` of a full listing."""

    change: int
    listing: bool = False
    code: str = ""

    def text(self, life: str) -> str:
        """The cursor as the mall keeps it."""
        return f"l.{life}.{self.change}.{self.code}" if self.listing else f"c.{life}.{self.change}"


def cursor_from(text: str, life: str, last_change: int) -> Cursor | None:
    """Reads a cursor; "" begins a full listing. None for one of another life, or of changes that never were."""
    if not text:
        return Cursor(last_change, listing=True)
    found = _TEXT.fullmatch(text)
    if found is None or found["life"] != life or int(found["change"]) > last_change:
        return None
    listing = found["kind"] == "l"
    if listing != (found["code"] is not None):
        return None
    return Cursor(int(found["change"]), listing, found["code"] or "")
