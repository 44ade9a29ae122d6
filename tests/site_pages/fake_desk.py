"""A booking desk of tests: the sample mall, real slots and real signed codes, kept in memory."""

import dataclasses
import datetime
import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from threading import Lock

from antrean.domain.booking_claim import BookingClaim
from antrean.domain.booking_code import new_code
from antrean.domain.catalogue import BookingRule, Mall, Service
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.errors import RuleViolation
from antrean.domain.opening import local_day
from antrean.domain.slots import Slot, slots_on
from antrean.seal.bookings import BookingSigner
from queue_server.samples import sample_path
from queue_server.site.desk import BookingView, CrowdView, DayReason, DayView, MallCard, SlotView

MONDAY_MS = 1_795_394_460_000
"""Monday 23 November 2026, 07.41 in Jakarta."""
DAY_MS = 86_400_000
KEY = "samudra"
BOOKABLE = ("ktp-baru", "ktp-hilang", "kk-tambah", "akta-lahir", "paspor-baru", "skck")
BLACKOUT = datetime.date(2026, 11, 26)
HOLIDAY = "2026-12-03"
RULE = BookingRule(per_hour=8, blackouts=(BLACKOUT,))


@cache
def sample_mall(bookable: tuple[str, ...] = BOOKABLE, timezone: str = "Asia/Jakarta") -> Mall:
    """The sample mall, some of whose services can be booked, with a holiday in the next two weeks."""
    data = tomllib.loads(sample_path("mpp").read_text(encoding="utf-8"))
    data["mall"]["timezone"] = timezone
    data["mall"]["holidays"].append({"date": HOLIDAY, "name": {"id": "Hari Kota", "en": "City Day"}})
    mall = mall_from_dict(data)
    chosen = set(bookable)
    services = {
        code: dataclasses.replace(service, booking=RULE if code in chosen else None)
        for code, service in mall.services.items()
    }
    return dataclasses.replace(mall, services=services)


class FakeDesk:
    """Sells the slots of its malls like the real one, and lets a test say what the mall would."""

    def __init__(self, malls: dict[str, Mall] | None = None) -> None:
        self.now = MONDAY_MS
        self.catalogues = malls or {KEY: sample_mall()}
        self.silent: set[str] = set()
        self.crowds: dict[tuple[str, str], CrowdView] = {}
        self.kept: dict[str, BookingView] = {}
        self.contacts: dict[str, str] = {}
        self.forms: dict[tuple[str, int, str], str] = {}
        self.sold: Counter[tuple[str, str, int]] = Counter()
        self.refuse: list[RuleViolation] = []
        """What the next calls of `book`, `reschedule` or `cancel` are answered with."""
        self._lock = Lock()
        self._signer = BookingSigner(bytes(range(32)))
        self.public = self._signer.public

    def now_ms(self) -> int:
        return self.now

    def malls(self) -> Sequence[MallCard]:
        return [
            MallCard(key, mall.name, mall.city, mall.timezone, self.now, key not in self.silent)
            for key, mall in self.catalogues.items()
        ]

    def mall(self, key: str) -> Mall:
        if key not in self.catalogues:
            raise RuleViolation("unknown_mall", mall=key)
        return self.catalogues[key]

    def booked_by(self, booking: BookingView) -> tuple[Mall, Service]:
        mall = self.mall(booking.mall)
        return mall, mall.services[booking.service]

    def days(self, key: str, service: str) -> Sequence[DayView]:
        mall, rule = self.mall(key), self._rule(key, service)
        today = local_day(mall.timezone, self.now)
        days = [today + datetime.timedelta(days=ahead) for ahead in range(rule.days_ahead + 1)]
        return [self._day(key, service, day, today) for day in days]

    def _day(self, key: str, service: str, day: datetime.date, today: datetime.date) -> DayView:
        slots = self.slots(key, service, day)
        free = sum(slot.free for slot in slots)
        reason: DayReason = ""
        if day in self._rule(key, service).blackouts:
            reason = "blackout"
        elif not slots:
            reason = "closed"
        elif day == today and key in self.silent:
            reason, free = "same_day", 0
        elif not free:
            reason = "full"
        return DayView(day, free, reason)

    def slots(self, key: str, service: str, date: datetime.date) -> Sequence[SlotView]:
        self._rule(key, service)
        mute = key in self.silent and date == local_day(self.mall(key).timezone, self.now)
        return [
            SlotView(slot.start_ms, slot.end_ms, 0 if mute else self._left(key, service, slot))
            for slot in self._slots(key, service, date)
            if slot.start_ms > self.now
        ]

    def _left(self, key: str, service: str, slot: Slot) -> int:
        return slot.capacity - self.sold[key, service, slot.start_ms]

    def _slots(self, key: str, service: str, date: datetime.date) -> tuple[Slot, ...]:
        mall = self.mall(key)
        return slots_on(mall, mall.services[service], date)

    def _rule(self, key: str, service: str) -> BookingRule:
        found = self.mall(key).services.get(service)
        if found is None:
            raise RuleViolation("unknown_service", service=service)
        if found.booking is None:
            raise RuleViolation("not_bookable", service=service)
        return found.booking

    def crowd(self, key: str, service: str) -> CrowdView | None:
        return self.crowds.get((key, service))

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
        with self._lock:
            if form and (form, start_ms, contact) in self.forms:
                return self.kept[self.forms[form, start_ms, contact]]
            self._say_no()
            if "@" not in contact and sum(letter.isdigit() for letter in contact) < 9:
                raise RuleViolation("bad_contact")
            for one in self.kept.values():
                if one.service == service and one.changeable and self.contacts[one.secret] == contact:
                    raise RuleViolation("one_open_booking")
            slot = self._take(key, service, start_ms)
            number = len(self.kept) + 1
            code = new_code(number.to_bytes(1) * 16)
            booking = BookingView(
                secret=f"secret{number:04d}",
                code=code,
                token=self._token(code, key, service, slot),
                mall=key,
                service=service,
                start_ms=slot.start_ms,
                end_ms=slot.end_ms,
                status="booked",
                label="",
                language=language,
                changeable=True,
            )
            self.contacts[booking.secret] = contact
            self.forms[form, start_ms, contact] = booking.secret
            self.kept[booking.secret] = booking
            return booking

    def _say_no(self) -> None:
        if self.refuse:
            raise self.refuse.pop(0)

    def _take(self, key: str, service: str, start_ms: int) -> Slot:
        self._rule(key, service)
        day = local_day(self.mall(key).timezone, start_ms)
        slot = next((one for one in self._slots(key, service, day) if one.start_ms == start_ms), None)
        if slot is None or start_ms <= self.now:
            raise RuleViolation("slot_gone", start_ms=start_ms)
        if self.sold[key, service, start_ms] >= slot.capacity:
            raise RuleViolation("slot_full", start_ms=start_ms)
        self.sold[key, service, start_ms] += 1
        return slot

    def _token(self, code: str, key: str, service: str, slot: Slot) -> str:
        minutes = (slot.end_ms - slot.start_ms) // 60_000
        return self._signer.seal(BookingClaim(code, slot.start_ms, minutes), service, key)

    def booking(self, secret: str) -> BookingView:
        if secret not in self.kept:
            raise RuleViolation("unknown_booking")
        return self.kept[secret]

    def reschedule(self, secret: str, start_ms: int) -> BookingView:
        with self._lock:
            self._say_no()
            old = self._changeable(secret)
            slot = self._take(old.mall, old.service, start_ms)
            self.sold[old.mall, old.service, old.start_ms] -= 1
            token = self._token(old.code, old.mall, old.service, slot)
            return self.says(secret, start_ms=slot.start_ms, end_ms=slot.end_ms, token=token)

    def cancel(self, secret: str) -> BookingView:
        with self._lock:
            self._say_no()
            old = self.booking(secret)
            if old.status == "cancelled":
                return old
            self._changeable(secret)
            self.sold[old.mall, old.service, old.start_ms] -= 1
            return self.says(secret, status="cancelled", changeable=False)

    def _changeable(self, secret: str) -> BookingView:
        found = self.booking(secret)
        if not found.changeable:
            raise RuleViolation("booking_settled")
        return found

    def says(self, secret: str, **changed: object) -> BookingView:
        """Changes a booking as the mall's outcome or time would."""
        self.kept[secret] = dataclasses.replace(self.kept[secret], **changed)  # type: ignore[arg-type]
        return self.kept[secret]

    def sell_out(self, key: str, service: str, start_ms: int) -> None:
        """Sells every place of a slot that is left to somebody else."""
        day = local_day(self.mall(key).timezone, start_ms)
        slot = next(one for one in self._slots(key, service, day) if one.start_ms == start_ms)
        self.sold[key, service, start_ms] = slot.capacity
