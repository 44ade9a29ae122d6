"""An outside with state: it sells, cancels, moves and forgets bookings, pages its answers, and can fail at will."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from antrean.domain.errors import RuleViolation, Unavailable
from queue_server.bookings.connector import (
    Connector,
    Kind,
    Offer,
    Outcome,
    Page,
    Problem,
    Seen,
    SourceSetting,
)


class Killed(BaseException):
    """The process ends here: nothing that would come after happens."""


@dataclass
class FakeOutside:
    """One booking site. Its history is a list of changes; a cursor is how many of them were read.

    `before` and `after` run around each exchange by its name, to kill or cut there; `told` is every (key, outcome) it
    was told, `bookings` what it has, `came` what the mall said of each booking, once per key.
    """

    page_size: int = 2
    lists_only: bool = False
    bookings: dict[str, Seen] = field(default_factory=dict)
    changes_made: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    told: list[tuple[str, Outcome]] = field(default_factory=list)
    keys_seen: dict[str, Outcome] = field(default_factory=dict)
    came: dict[str, list[str]] = field(default_factory=dict)
    after_cancel: set[str] = field(default_factory=set)
    poison: set[str] = field(default_factory=set)
    buggy: set[str] = field(default_factory=set)
    public_keys: tuple[str, ...] = ()
    offers: list[Offer] = field(default_factory=list)
    asked: list[tuple[str, int, int]] = field(default_factory=list)
    down: str = ""
    permanent: bool = False
    oldest: int = 0
    before: dict[str, Callable[[], None]] = field(default_factory=dict)
    after: dict[str, Callable[[], None]] = field(default_factory=dict)
    made: int = 0

    def book(
        self, booking_id: str, start_ms: int, service: str = "ktp-baru", code: str = "", minutes: int = 30
    ) -> Seen:
        seen = Seen(
            booking_id, code or booking_id, service, start_ms, start_ms + minutes * 60_000, False, "1"
        )
        return self.change(seen)

    def change(self, seen: Seen) -> Seen:
        self.gone.discard(seen.booking_id)
        self.bookings[seen.booking_id] = replace(seen, revision=str(len(self.changes_made) + 1))
        self.changes_made.append(seen.booking_id)
        return self.bookings[seen.booking_id]

    def cancel(self, booking_id: str) -> None:
        self.change(replace(self.bookings[booking_id], cancelled=True))

    def move(self, booking_id: str, start_ms: int) -> None:
        was = self.bookings[booking_id]
        self.change(replace(was, start_ms=start_ms, end_ms=start_ms + was.end_ms - was.start_ms))

    def remove(self, booking_id: str) -> None:
        del self.bookings[booking_id]
        self.gone.add(booking_id)
        self.changes_made.append(booking_id)

    def cut(self) -> Unavailable:
        """What a connector raises when the connection breaks."""
        return Unavailable("the connection broke", permanent=False)

    def lose_cursors(self) -> None:
        self.oldest = len(self.changes_made)

    def kind(self) -> Kind:
        def connector_of(settings: Mapping[str, object], now_ms: object, random_bytes: object) -> Connector:
            self.made += 1
            return FakeConnector(self)

        return Kind(
            (
                SourceSetting("url", "text", "where it is", "http://outside.example"),
                SourceSetting("mall", "text", "what it calls this mall", "mal"),
                SourceSetting("secret", "secret", "shared with it", "s"),
                SourceSetting("pages", "number", "bookings a page", 2),
                SourceSetting("strict", "switch", "whether it is strict", False),
            ),
            connector_of,
        )

    def around(self, name: str, work: Callable[[], object]) -> object:
        self.before.get(name, lambda: None)()
        if self.down:
            raise Unavailable(self.down, permanent=self.permanent)
        result = work()
        self.after.get(name, lambda: None)()
        return result

    def answer(self, outcome: Outcome, key: str) -> None:
        if outcome.booking_id in self.poison:
            raise RuleViolation("outcome_refused", booking=outcome.booking_id)
        if outcome.booking_id in self.buggy:
            raise ValueError("a connector with a mistake")
        self.told.append((key, outcome))
        if key in self.keys_seen:
            assert self.keys_seen[key] == replace(outcome, revision=self.keys_seen[key].revision)
            return
        self.keys_seen[key] = outcome
        self.came.setdefault(outcome.booking_id, []).append(outcome.what)
        if outcome.after_cancel:
            self.after_cancel.add(outcome.booking_id)

    def page(self, cursor: str) -> Page:
        if not cursor or cursor.startswith("l"):
            return self._listing(cursor)
        if self.lists_only:
            return self._listing("")
        position = int(cursor)
        if position < self.oldest:
            raise RuleViolation("cursor_lost")
        part = self.changes_made[position : position + self.page_size]
        end = position + len(part)
        return Page(
            tuple(self.bookings[one] for one in part if one in self.bookings),
            tuple(one for one in part if one in self.gone),
            tuple(self.problems),
            str(end),
            end < len(self.changes_made),
            False,
        )

    def _listing(self, cursor: str) -> Page:
        ids = sorted(self.bookings)
        at = int(cursor[1:].partition("/")[0]) if cursor else 0
        position = int(cursor.partition("/")[2]) if cursor else len(self.changes_made)
        part = ids[at : at + self.page_size]
        more = at + len(part) < len(ids)
        following = f"l{at + len(part)}/{position}" if more else str(position)
        problems = () if more else tuple(self.problems)
        return Page(tuple(self.bookings[one] for one in part), (), problems, following, more, True)


@dataclass
class FakeConnector:
    """Speaks with a FakeOutside."""

    outside: FakeOutside
    closed: bool = False

    def changes(self, cursor: str, from_ms: int, to_ms: int) -> Page:
        self.outside.asked.append((cursor, from_ms, to_ms))
        page = self.outside.around("changes", lambda: self.outside.page(cursor))
        assert isinstance(page, Page)
        return page

    def tell(self, outcome: Outcome, key: str) -> None:
        self.outside.around("tell", lambda: self.outside.answer(outcome, key))

    def offer(self, offer: Offer) -> None:
        self.outside.around("offer", lambda: self.outside.offers.append(offer))

    def keys(self) -> tuple[str, ...]:
        return self.outside.public_keys

    def close(self) -> None:
        self.closed = True
