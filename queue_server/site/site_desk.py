"""The real booking desk: every decision is one transaction of the one writer, so two visitors never get one place."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from antrean.domain.booking import BookingStatus
from antrean.domain.booking_claim import BookingClaim
from antrean.domain.booking_code import RANDOM_BYTES, new_code
from antrean.domain.catalogue import Mall, Service
from antrean.domain.errors import RuleViolation
from antrean.ledger import site_bookings, site_malls
from antrean.ledger.site import SiteLedger
from antrean.ledger.site_bookings import BookingRow
from antrean.ledger.writer import Transaction
from antrean.seal.bookings import BookingSigner
from antrean.texts import LANGUAGES
from queue_server.site.catalogues import Catalogues
from queue_server.site.contact import contact_hash, plain_contact
from queue_server.site.desk import BookingView, CrowdView, DayView, MallCard, SlotView
from queue_server.site.fair import Tries, blocked_until
from queue_server.site.offered import Offered, left
from queue_server.site.settings import SiteSettings

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
CROWD_GOOD_MS = 10 * MINUTE_MS
SECRET_BYTES = 16
"""128 random bits in the address of a booking's page."""


@dataclass(frozen=True)
class SiteDesk:
    """`BookingDesk` over the site's ledger. `contact_secret` keys the hashes of contacts; `clock` is the wall clock."""

    ledger: SiteLedger
    settings: SiteSettings
    signer: BookingSigner
    contact_secret: bytes
    clock: Callable[[], int]
    random_bytes: Callable[[int], bytes]
    catalogues: Catalogues = field(default_factory=Catalogues)
    tries: Tries = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tries", Tries(self.settings.tries_per_hour))

    def now_ms(self) -> int:
        """See `BookingDesk`, here and below."""
        return self.clock()

    def malls(self) -> Sequence[MallCard]:
        now = self.clock()
        with self.ledger.reading() as r:
            told = [row for row in site_malls.malls(r) if row.catalogue_rev is not None]
            known = [self.catalogues.of(r, row.key) for row in told]
        cards = [
            MallCard(
                row.key,
                mall.name,
                mall.city,
                mall.timezone,
                row.heard_ms,
                not self._silent(row.heard_ms, now),
            )
            for row, mall in known
        ]
        return sorted(cards, key=lambda card: (card.name, card.key))

    def mall(self, key: str) -> Mall:
        with self.ledger.reading() as r:
            return self.catalogues.of(r, key)[1]

    def days(self, key: str, service: str) -> Sequence[DayView]:
        with self.ledger.reading() as r:
            return self._offered(r, key, service, self.clock()).days(r)

    def slots(self, key: str, service: str, date: datetime.date) -> Sequence[SlotView]:
        with self.ledger.reading() as r:
            return self._offered(r, key, service, self.clock()).slots(r, date)

    def crowd(self, key: str, service: str) -> CrowdView | None:
        with self.ledger.reading() as r:
            row, crowding = site_malls.mall(r, key), site_malls.crowd(r, key)
        if (
            row is None
            or row.withdrawn_ms is not None
            or row.crowd_ms is None
            or not 0 <= self.clock() - row.crowd_ms <= CROWD_GOOD_MS
        ):
            return None
        for one in crowding:
            if one["service"] == service:
                wait = one.get("wait")
                return CrowdView(one["waiting"], (wait[0], wait[1]) if wait else None, row.crowd_ms)
        return None

    def book(
        self,
        key: str,
        service: str,
        start_ms: int,
        contact: str,
        language: str,
        client: str,
        form: str = "",
    ) -> BookingView:
        now = self.clock()
        secret = self._secret(form, key, service, str(start_ms), contact.strip())
        made = self._made(secret) if form else None
        if made is not None:
            return self._view(made, secret, now)
        until = self.tries.take(client, now)
        if until is not None:
            raise RuleViolation("too_many_tries", until_ms=until)
        hashed = contact_hash(self.contact_secret, key, plain_contact(contact))
        wanted = BookingRow(
            code="",
            mall=key,
            service=service,
            start_ms=start_ms,
            end_ms=0,
            place=None,
            status=BookingStatus.BOOKED.value,
            cancelled=False,
            label="",
            secret_hash=_fingerprint(secret),
            contact_hash=hashed,
            language=language if language in LANGUAGES else LANGUAGES[0],
            catalogue=0,
            change=0,
            revision=1,
            created_ms=now,
        )
        return self._view(self.ledger.writer.run(lambda tx: self._sold(tx, wanted)), secret, now)

    def _secret(self, form: str, *sent: str) -> str:
        """A new booking's secret. A form always makes the same one of the same words, so that it books once."""
        if form:
            words = "\n".join((form, *sent)).encode("utf-8", "replace")
            chance = hmac.digest(self.contact_secret, b"form\n" + words, hashlib.sha256)[:SECRET_BYTES]
        else:
            chance = self.random_bytes(SECRET_BYTES)
        return base64.urlsafe_b64encode(chance).decode().rstrip("=")

    def _made(self, secret: str) -> BookingRow | None:
        with self.ledger.reading() as r:
            return site_bookings.by_secret(r, _fingerprint(secret))

    def booking(self, secret: str) -> BookingView:
        with self.ledger.reading() as r:
            return self._view(_row_of(r, secret), secret, self.clock())

    def booked_by(self, booking: BookingView) -> tuple[Mall, Service]:
        with self.ledger.reading() as r:
            row = _row_of(r, booking.secret)
            sold_by = self.catalogues.numbered(r, row.catalogue)
            try:
                mall = self.catalogues.of(r, row.mall)[1]
            except RuleViolation:
                mall = sold_by
        known = mall if row.service in mall.services else sold_by
        return known, known.services[row.service]

    def reschedule(self, secret: str, start_ms: int) -> BookingView:
        now = self.clock()
        return self._view(
            self.ledger.writer.run(lambda tx: self._moved(tx, secret, start_ms, now)), secret, now
        )

    def cancel(self, secret: str) -> BookingView:
        now = self.clock()
        return self._view(self.ledger.writer.run(lambda tx: _cancelled(tx, secret, now)), secret, now)

    def _offered(self, r: Transaction, key: str, code: str, now: int) -> Offered:
        row, mall = self.catalogues.of(r, key)
        service = mall.services.get(code)
        if service is None:
            raise RuleViolation("unknown_service", service=code)
        if service.booking is None:
            raise RuleViolation("not_bookable", service=code)
        return Offered(key, row.catalogue or 0, mall, service, now, self._silent(row.heard_ms, now))

    def _silent(self, heard_ms: int | None, now: int) -> bool:
        """A sign of life from the future was heard by a clock that has been set back since: it says nothing."""
        if heard_ms is None or heard_ms > now + MINUTE_MS:
            return True
        return now - heard_ms > self.settings.silent_minutes * MINUTE_MS

    def _sold(self, tx: Transaction, wanted: BookingRow) -> BookingRow:
        now = wanted.created_ms
        made = site_bookings.by_secret(tx, wanted.secret_hash)
        if made is not None:
            return made  # the other press of a form that was pressed twice came first
        offered = self._offered(tx, wanted.mall, wanted.service, now)
        slot = offered.slot(wanted.start_ms)
        self._check_contact(tx, wanted.contact_hash or "", wanted.service, now)
        if not left(slot, site_bookings.taken(tx, wanted.mall, wanted.service, slot.start_ms, slot.end_ms)):
            raise RuleViolation("slot_full", start_ms=slot.start_ms)
        place = site_bookings.free_place(tx, wanted.mall, wanted.service, slot.start_ms)
        sold = replace(
            wanted, code=self._code(tx), end_ms=slot.end_ms, place=place, catalogue=offered.catalogue
        )
        return site_bookings.add(tx, sold)

    def _moved(self, tx: Transaction, secret: str, start_ms: int, now: int) -> BookingRow:
        row = _changeable_row(tx, secret, now)
        if row.start_ms == start_ms:
            return row
        offered = self._offered(tx, row.mall, row.service, now)
        slot = offered.slot(start_ms)
        # Its own place counts for nothing where an old slot reaches into the new one.
        held = dict(site_bookings.taken(tx, row.mall, row.service, slot.start_ms, slot.end_ms))
        if (row.start_ms, row.end_ms) in held:
            held[row.start_ms, row.end_ms] -= 1
        if not left(slot, held):
            raise RuleViolation("slot_full", start_ms=start_ms)
        place = site_bookings.free_place(tx, row.mall, row.service, slot.start_ms)
        moved = replace(
            row, start_ms=slot.start_ms, end_ms=slot.end_ms, place=place, catalogue=offered.catalogue
        )
        site_bookings.move(tx, moved)
        return _row_of(tx, secret)

    def _check_contact(self, tx: Transaction, hashed: str, service: str, now: int) -> None:
        rule = self.settings
        until = blocked_until(
            site_bookings.no_shows(tx, hashed),
            rule.noshow_limit,
            rule.noshow_days * DAY_MS,
            rule.block_days * DAY_MS,
        )
        if until > now:
            raise RuleViolation("contact_blocked", until_ms=until)
        if site_bookings.open_of(tx, hashed, service, now) >= rule.open_bookings:
            raise RuleViolation("one_open_booking")

    def _code(self, tx: Transaction) -> str:
        """A code nobody has: of 27 thousand million, a second try is hardly ever needed."""
        while True:
            code = new_code(self.random_bytes(RANDOM_BYTES))
            if site_bookings.by_code(tx, code) is None:
                return code

    def _view(self, row: BookingRow, secret: str, now: int) -> BookingView:
        claim = BookingClaim(row.code, row.start_ms, (row.end_ms - row.start_ms) // MINUTE_MS)
        return BookingView(
            secret=secret,
            code=row.code,
            token=self.signer.seal(claim, row.service, row.mall),
            mall=row.mall,
            service=row.service,
            start_ms=row.start_ms,
            end_ms=row.end_ms,
            status=row.status,
            label=row.label,
            language=row.language,
            changeable=_changeable(row, now),
            after_cancel=row.cancelled and row.status != BookingStatus.CANCELLED,
        )


def _cancelled(tx: Transaction, secret: str, now: int) -> BookingRow:
    row = _row_of(tx, secret)
    if row.status == BookingStatus.CANCELLED:
        return row
    _changeable_row(tx, secret, now)
    site_bookings.cancel(tx, row.code)
    return _row_of(tx, secret)


def _changeable_row(tx: Transaction, secret: str, now: int) -> BookingRow:
    row = _row_of(tx, secret)
    if not _changeable(row, now):
        raise RuleViolation("booking_settled")
    return row


def _changeable(row: BookingRow, now: int) -> bool:
    return row.status == BookingStatus.BOOKED and row.start_ms > now


def _row_of(r: Transaction, secret: str) -> BookingRow:
    row = site_bookings.by_secret(r, _fingerprint(secret))
    if row is None:
        raise RuleViolation("unknown_booking")
    return row


def _fingerprint(secret: str) -> str:
    """Enough without a salt: a secret carries 128 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
