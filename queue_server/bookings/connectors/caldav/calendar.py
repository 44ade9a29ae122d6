"""A calendar as a source of bookings: what changed in it, and what became of its bookings written into it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

from antrean.domain.errors import RuleViolation, Unavailable
from antrean.link.caldav import Address, Calendar, Changes, Text
from queue_server.bookings.connector import CURSOR_LOST, Offer, Outcome, Page, Problem, Seen
from queue_server.bookings.connectors.caldav.reading import (
    Booked,
    Rules,
    code_of_uid,
    is_series,
    read_entry,
    rules_of,
    uid_of,
)
from queue_server.bookings.connectors.caldav.round import Round, Standing
from queue_server.bookings.connectors.caldav.writing import with_code, with_outcome

PAGE = 200
MARGIN_MS = 24 * 3_600_000
"""The calendar is known this much farther ahead than asked: so the next day is looked at once a day."""
CODES_A_LOOK = 25
TRIES = 5


class CalendarSource:
    """A `Connector` over one calendar; `writes_codes` and `writes_outcomes` say what may be written into it.

    `page`: how many entries are read with one request.
    """

    def __init__(
        self,
        calendar: Calendar,
        random_bytes: Callable[[int], bytes],
        *,
        service: str = "",
        writes_codes: bool = False,
        writes_outcomes: bool = True,
        page: int = PAGE,
    ) -> None:
        self._calendar = calendar
        self._random_bytes = random_bytes
        self._service = service
        self._writes_codes = writes_codes
        self._writes_outcomes = writes_outcomes
        self._a_page = page
        self._rules: Rules | None = None
        self._round: Round | None = None
        self._known: dict[str, Standing] = {}
        self._uncoded: dict[str, str] = {}

    def changes(self, cursor: str, from_ms: int, to_ms: int) -> Page:
        """See `Connector.changes`; raises Unavailable until the mall's catalogue was offered."""
        rules = self._rules
        if rules is None:
            raise Unavailable("the mall's services and time zone are not known yet", permanent=False)
        look = self._round
        if not cursor:
            look = self._listed(from_ms, to_ms)
        elif look is None:
            raise RuleViolation(CURSOR_LOST)
        elif cursor == look.name:
            look = self._followed(look, from_ms, to_ms)
        at = look.page_of(cursor)
        if at is None:
            raise RuleViolation(CURSOR_LOST)
        self._round = look
        return self._page(look, at, rules)

    def tell(self, outcome: Outcome, key: str) -> None:
        """See `Connector.tell`: written into the entry. An entry that was deleted hears nothing more.

        `key` is not needed: the same outcome leaves the same lines.
        """
        if not self._writes_outcomes:
            return
        for _ in range(TRIES):
            entry = self._entry_of(outcome.booking_id)
            if entry is None:
                return
            if entry.data is None or is_series(entry.data):
                raise RuleViolation("entry_refused", status=0)
            if self._written(entry, with_outcome(entry.data, outcome)):
                return
        raise Unavailable("the entry changes each time it is to be written", permanent=False)

    def offer(self, offer: Offer) -> None:
        """Calendars hear nothing, but are read by the mall's services and zone: other ones begin a new listing."""
        table = offer.catalogue
        codes = [str(row["code"]) for row in table["services"]]
        rules = rules_of(ZoneInfo(str(table["mall"]["timezone"])), codes, self._service)
        if rules != self._rules:
            self._rules, self._round = rules, None

    def keys(self) -> tuple[str, ...]:
        """None: a calendar signs no codes."""
        return ()

    def close(self) -> None:
        """Let go of the connections."""
        self._calendar.close()

    def _listed(self, from_ms: int, to_ms: int) -> Round:
        """The token is asked first: what changes while the list is read comes once more with the next look."""
        until_ms = to_ms + MARGIN_MS
        token = self._calendar.token()
        found = self._calendar.between(from_ms, until_ms)
        self._known, self._uncoded = {}, {}
        hrefs = tuple(one.href for one in found)
        return Round("", self._name(), hrefs, (), from_ms, until_ms, token, listing=True)

    def _followed(self, last: Round, from_ms: int, to_ms: int) -> Round:
        self._known = {
            href: one for href, one in self._known.items() if not one.gone and not one.is_over(from_ms)
        }
        until_ms = last.until_ms
        more: tuple[Address, ...] = ()
        if to_ms > until_ms:
            until_ms = to_ms + MARGIN_MS
            more = self._calendar.between(last.until_ms, until_ms)
        news = self._news(last, from_ms, until_ms)
        hrefs = tuple(dict.fromkeys(one.href for one in (*news.changed, *more)))
        return Round(last.name, self._name(), hrefs, news.gone, from_ms, until_ms, news.token, listing=False)

    def _news(self, last: Round, from_ms: int, until_ms: int) -> Changes:
        if last.token:
            try:
                return self._calendar.since(last.token)
            except RuleViolation as refusal:
                if refusal.code == CURSOR_LOST:
                    raise
        found = self._calendar.between(from_ms, until_ms)
        there = {one.href for one in found}
        changed = (one for one in found if not self._is_known(one))
        return Changes(tuple(changed), tuple(href for href in self._known if href not in there), "")

    def _is_known(self, one: Address) -> bool:
        standing = self._known.get(one.href)
        return standing is not None and one.etag != "" and standing.etag == one.etag

    def _page(self, look: Round, at: int, rules: Rules) -> Page:
        more = at + self._a_page < len(look.hrefs)
        seen: list[Seen] = []
        problems: list[Problem] = []
        gone: list[str] = []
        for text in self._calendar.read(look.hrefs[at : at + self._a_page]):
            before = self._known.get(text.href)
            found = read_entry(text.data, text.etag, rules)
            if isinstance(found, Booked):
                if before is None and not _within(found.seen, look):
                    continue
                seen.append(found.seen)
                standing = Standing(found.seen.booking_id, text.etag, found.seen.end_ms)
                if self._writes_codes and not found.has_code:
                    self._uncoded[text.href] = found.seen.booking_id
            else:
                problems += [found] if found is not None else []
                standing = Standing(found.booking_id if found is not None else "", text.etag, None)
            if before is not None and before.uid != standing.uid:
                gone.append(before.uid)
            self._known[text.href] = standing
        for href in () if more else look.empty:  # the last page, when a booking that moved has been seen
            if href in self._known:
                self._known[href] = replace(self._known[href], gone=True)
                gone.append(self._known[href].uid)
        if self._writes_codes and not more and not look.listing:
            problems += self._codes_written()
        if gone:
            elsewhere = {one.uid for one in self._known.values() if not one.gone} | {""}
            gone = [uid for uid in gone if uid not in elsewhere]
        cursor = f"{look.name}:{at + self._a_page}" if more else look.name
        return Page(tuple(seen), tuple(gone), tuple(problems), cursor, more, look.listing)

    def _codes_written(self) -> list[Problem]:
        """A few codes go into their entries with each look but the listing, so that trying a source changes nothing.

        What fails is tried again when the entry changes.
        """
        problems = []
        for href in [*self._uncoded][:CODES_A_LOOK]:
            uid = self._uncoded.pop(href)
            try:
                entry = self._calendar.get(href)
                if entry is not None and entry.data is not None and uid_of(entry.data) == uid:
                    self._written(entry, with_code(entry.data, code_of_uid(uid)))
            except RuleViolation as refusal:
                problems.append(Problem(uid, "code_not_written", f"the calendar refuses it: {refusal}"))
            except Unavailable as trouble:
                problems.append(Problem(uid, "code_not_written", str(trouble)))
                break
        return problems

    def _entry_of(self, uid: str) -> Text | None:
        """The entry of a booking, where it was or where it is now; None when it was deleted."""
        places = [href for href, one in self._known.items() if one.uid == uid]
        for href in places:
            entry = self._calendar.get(href)
            if entry is not None and (entry.data is None or uid_of(entry.data) == uid):
                return entry
        try:
            found = [one.href for one in self._calendar.with_uid(uid)]
        except RuleViolation:
            if places:
                return None
            raise
        for at in range(0, len(found), self._a_page):
            for text in self._calendar.read(found[at : at + self._a_page]):
                if text.data is not None and uid_of(text.data) == uid:
                    return self._calendar.get(text.href)
        return None

    def _written(self, entry: Text, data: bytes) -> bool:
        """False when the entry changed since it was read."""
        return data == entry.data or self._calendar.put(entry.href, data, entry.etag)

    def _name(self) -> str:
        return self._random_bytes(6).hex()


def _within(one: Seen, look: Round) -> bool:
    return look.from_ms < one.end_ms and one.start_ms < look.until_ms
