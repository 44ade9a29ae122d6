"""Giving a visitor a number: the one path for the screen and for scripts, online or not."""

import difflib
import uuid
from collections.abc import Callable

from antrean.domain.assistance import check_assistance
from antrean.domain.catalogue import Mall, Service
from antrean.domain.claim import NONCE_BITS, Claim, Seal, Sealed
from antrean.domain.errors import BadInput, RuleViolation
from antrean.domain.opening import local_day, taking_numbers
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_arrivals import Arrival
from antrean.ledger.device_log import Assistance, Issued, Order
from kiosk.mall_clock import MallClock, Now
from kiosk.readmission import own_key


class Issuing:
    """Checks the mall's rules, then takes a durable number; asks neither the network nor the printer.

    Belongs to the thread of its ledger.
    """

    def __init__(self, ledger: DeviceLedger, clock: MallClock, new_id: Callable[[], str]) -> None:
        self._ledger = ledger
        self._clock = clock
        self._new_id = new_id
        self._key = own_key(ledger, new_id)
        self._day_is_open = False

    def issue(
        self,
        mall: Mall,
        service_code: str,
        *,
        priority: bool,
        language: str,
        channel: str = "kiosk",
        assisted: bool = False,
        reason: str = "",
        minutes: int = 0,
        booking: Arrival | None = None,
        awaited: bool = False,
    ) -> Issued:
        """Give the next number of a service; with a `reason` staff take it for the visitor after `minutes` of help.

        `booking` is what the visitor came with; one who is `awaited` now is let in outside the service's hours too.
        Raises RuleViolation `unknown_service`, `closed` (params reason, opens_ms), `last_number_given`
        (param last_ms), `full`, `booking_arrived` (param label) or `not_paired`;
        BadInput `unknown_assist_reason`; Unavailable or LedgerBroken when the disk refuses.
        """
        check_assistance(reason, minutes)
        now = self._clock.now()
        service = find_service(mall, service_code)
        if not awaited:
            check_open(mall, service, now)
        today = self._open_first_day(mall, now)
        order = Order(
            service=service.code,
            series=service.letters,
            day=today,
            priority=priority,
            language=language,
            channel=channel,
            assisted=assisted or bool(reason),
            quota=service.quota,
            assistance=Assistance(self._new_id(), reason, minutes) if reason else None,
            booking=booking,
        )
        return self._ledger.issue_number(
            order, seal=self._seal(order, now), event_id=self._new_id(), stamp=now.stamp
        )

    def _seal(self, order: Order, now: Now) -> Seal:
        def seal(issuer: str, generation: int, number: int) -> Sealed:
            own_id = self._new_id()
            claim = Claim(
                issued_ms=now.ms,
                anchored=now.anchored,
                series=order.series,
                issuer=issuer,
                generation=generation,
                number=number,
                priority=order.priority,
                language=order.language,
                assisted=order.assisted,
                nonce=uuid.UUID(own_id).int % (1 << NONCE_BITS),
            )
            try:
                return self._key.seal(claim, order.service)
            except BadInput:  # a number too large for the form: the visitor gets it all the same
                return Sealed(own_id, "")

        return seal

    def _open_first_day(self, mall: Mall, now: Now) -> str:
        today = local_day(mall.timezone, now.ms).isoformat()
        if not self._day_is_open:
            at = self._ledger.own()
            if not at.issuer:
                raise RuleViolation("not_paired")
            if not at.day:
                self._ledger.open_day(today, "clock", event_id=self._new_id(), stamp=now.stamp)
            self._day_is_open = True
        return counted_day(mall, now, self._ledger)


def counted_day(mall: Mall, now: Now, ledger: DeviceLedger) -> str:
    """The local date a ticket of this moment counts for; the log's own while the clock is certainly wrong."""
    return local_day(mall.timezone, now.ms).isoformat() if now.plausible else ledger.own().day


def find_service(mall: Mall, code: str) -> Service:
    """The service with this code; raises RuleViolation `unknown_service` with the nearest known code."""
    service = mall.services.get(code)
    if service is None:
        near = difflib.get_close_matches(code, mall.services, n=1)
        raise RuleViolation("unknown_service", service=code, near=near[0] if near else "")
    return service


def check_open(mall: Mall, service: Service, now: Now) -> None:
    """Raises RuleViolation `closed` outside the service's hours, `last_number_given` after the day's last number.

    A clock that is certainly wrong (a dead battery, before the first contact) refuses nobody.
    """
    if not now.plausible:
        return
    state = taking_numbers(mall, service, now.ms)
    if state.reason == "last_number":
        raise RuleViolation("last_number_given", service=service.code, last_ms=state.last_ms)
    if not state.open:
        raise RuleViolation("closed", service=service.code, reason=state.reason, opens_ms=state.opens_ms)
