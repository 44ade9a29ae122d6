"""The JSON booking API as the site answers it: what changed, what became of it, what may be sold."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from antrean.domain.booking import BOOKING_TRANSITIONS, BookingStatus, Said
from antrean.domain.catalogue_file import mall_from_dict, mall_to_dict
from antrean.domain.errors import RuleViolation
from antrean.ledger import site, site_bookings, site_malls
from antrean.ledger.site import SiteLedger
from antrean.ledger.site_bookings import BookingRow, Told
from antrean.ledger.writer import Transaction
from queue_server.auth.callers import Partner
from queue_server.booking_operations import booking_operations
from queue_server.operations import Call, Operation
from queue_server.problems import Problem
from queue_server.site.cursor import Cursor, cursor_from
from queue_server.wire.bookings import (
    BookingEntry,
    ChangesAnswer,
    MallAnswer,
    MallRequest,
    OutcomeAnswer,
    OutcomeRequest,
    instant,
)

LISTED_MS = 2 * 24 * 3_600_000
"""A full listing begins two days back: by then every mall, in whatever time zone, has closed that day."""
ANSWERS_KEPT_MS = 30 * 24 * 3_600_000
"""So long an outcome sent again gets the same answer: a mall may be without internet for weeks."""


@dataclass(frozen=True)
class SiteApi:
    """Answers malls; `public_key` proves the codes the site signs, in hexadecimal."""

    ledger: SiteLedger
    public_key: str
    now_ms: Callable[[], int]

    def operations(self) -> list[Operation]:
        """The three operations of the booking API."""
        return booking_operations(self.changes, self.outcome, self.mall)

    def changes(self, call: Call) -> ChangesAnswer:
        """One page of what changed, or of a full listing; raises Problem 410 cursor_lost."""
        key, now = _partner(call), self.now_ms()
        self.ledger.writer.run(lambda tx: site_malls.heard(tx, key, now))
        with self.ledger.reading() as r:
            life, last = site.life(r), site.last_change(r)
            at = cursor_from(call.query.cursor, life, last)
            if at is None:
                raise Problem(410, "cursor_lost")
            limit = call.query.limit
            if at.listing:
                rows = site_bookings.after_code(r, key, at.code, now - LISTED_MS, limit + 1)
            else:
                rows = site_bookings.after_change(r, key, at.change, limit + 1)
        page, more = rows[:limit], len(rows) > limit
        if at.listing:
            # What changes while a listing is read comes after it: the numbers go on from where it began.
            after = Cursor(at.change, listing=more, code=page[-1].code if more else "")
        else:
            after = Cursor(page[-1].change if more else last)
        return ChangesAnswer(
            cursor=after.text(life),
            more=more,
            listing=at.listing,
            bookings=[_entry(row) for row in page],
            key=self.public_key,
        )

    def outcome(self, call: Call) -> OutcomeAnswer:
        """Keeps the mall's word; raises RuleViolation unknown_booking, key_reused."""
        mall, key, now = _partner(call), call.headers["Idempotency-Key"], self.now_ms()
        body: OutcomeRequest = call.body
        digest = hashlib.sha256(body.model_dump_json().encode()).hexdigest()

        def job(tx: Transaction) -> Told:
            site_malls.heard(tx, mall, now)
            before = site_bookings.told(tx, mall, key)
            if before is not None:
                if before.body_hash != digest:
                    raise RuleViolation("key_reused")
                return before
            row = site_bookings.by_code(tx, body.id)
            if row is None or row.mall != mall:
                raise RuleViolation("unknown_booking", booking=body.id)
            answer = Told(digest, settled(BookingStatus(row.status), body.status).value)
            site_bookings.settle(tx, row.code, answer.status, body.number)
            site_bookings.keep_told(tx, mall, key, answer, now)
            return answer

        return OutcomeAnswer.model_validate({"id": body.id, "status": self.ledger.writer.run(job).status})

    def mall(self, call: Call) -> MallAnswer:
        """Keeps what may be sold and how crowded it is; raises BadCatalogue."""
        key, now = _partner(call), self.now_ms()
        body: MallRequest = call.body
        file = None if body.catalogue is None else mall_to_dict(mall_from_dict(body.catalogue))
        crowding = [entry.model_dump() for entry in body.crowding]

        def job(tx: Transaction) -> int | None:
            site_malls.heard(tx, key, now)
            site_malls.set_crowd(tx, key, crowding, now)
            if file is not None:
                site_malls.set_catalogue(tx, key, body.catalogue_rev, file)
            row = site_malls.mall(tx, key)
            return None if row is None else row.catalogue_rev

        return MallAnswer(catalogue_rev=self.ledger.writer.run(job))


def settled(status: BookingStatus, word: str) -> BookingStatus:
    """The status after the mall's word: arrived, fulfilled or noshow.

    Presence wins. A no-show that was said of somebody who cancelled in time, or came after all, changes nothing; who
    was served has arrived, also when the word of the arrival was lost with an older backup.
    """
    words = {"arrived": [Said.MALL_ARRIVED], "fulfilled": [Said.MALL_ARRIVED, Said.MALL_FULFILLED]}
    for said in words.get(word, [Said.MALL_NOSHOW]):
        status = BOOKING_TRANSITIONS.get((status, said), status)
    return status


def _entry(row: BookingRow) -> BookingEntry:
    return BookingEntry(
        id=row.code,
        code=row.code,
        service=row.service,
        start=instant(row.start_ms),
        end=instant(row.end_ms),
        status="cancelled" if row.cancelled else "booked",
        revision=str(row.revision),
    )


def _partner(call: Call) -> str:
    if not isinstance(call.caller, Partner):
        raise Problem(401, "signature_missing")
    return call.caller.key
