"""What is known of a calendar between two looks at it, and one look at it told in pages. In memory alone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry as it was read last: `uid` "" when not even that could be read, `end_ms` None without a time.

    `gone`: told to be deleted, and kept until the next look, in case this one is told again.
    """

    uid: str
    etag: str
    end_ms: int | None
    gone: bool = False

    def is_over(self, at_ms: int) -> bool:
        """Whether it ended before: calendars are tidied, and that cancels nothing."""
        return self.end_ms is not None and self.end_ms <= at_ms


@dataclass(frozen=True, slots=True)
class Round:
    """One look: the addresses to read, those that are empty now, and whether it lists the whole time ahead.

    `began_with` is the cursor it answers; asked again with it, the look is told again from its first page. `name`
    begins the cursors of its pages, and `name` alone is the cursor after its last. Then the calendar is known from
    `from_ms` to `until_ms`, and `token` follows what comes.
    """

    began_with: str
    name: str
    hrefs: tuple[str, ...]
    empty: tuple[str, ...]
    from_ms: int
    until_ms: int
    token: str
    listing: bool

    def page_of(self, cursor: str) -> int | None:
        """Where the page of a cursor begins among `hrefs`; None for a cursor of another look."""
        if cursor == self.began_with:
            return 0
        name, _, at = cursor.partition(":")
        return int(at) if name == self.name and at.isdecimal() else None
