"""Giving a visitor a number: the one path for the screen and for scripts, online or not."""

import difflib
from collections.abc import Callable

from antrean.domain.catalogue import Mall, Service
from antrean.domain.errors import RuleViolation
from antrean.domain.opening import local_day, openness
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_log import Issued, Order
from kiosk.mall_clock import MallClock, Now


class Issuing:
    """Checks the mall's rules, then takes a durable number; asks neither the network nor the printer.

    Belongs to the thread of its ledger.
    """

    def __init__(self, ledger: DeviceLedger, clock: MallClock, new_id: Callable[[], str]) -> None:
        self._ledger = ledger
        self._clock = clock
        self._new_id = new_id
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
    ) -> Issued:
        """Give the next number of a service.

        Raises RuleViolation `unknown_service`, `closed` (params reason, opens_ms), `full` or `not_paired`;
        Unavailable or LedgerBroken when the disk refuses.
        """
        now = self._clock.now()
        service = find_service(mall, service_code)
        check_open(mall, service, now)
        today = self._open_first_day(mall, now)
        order = Order(
            service=service.code,
            series=service.letters,
            day=today,
            priority=priority,
            language=language,
            channel=channel,
            assisted=assisted,
            quota=service.quota,
        )
        return self._ledger.issue_number(
            order, ticket_id=self._new_id(), event_id=self._new_id(), stamp=now.stamp
        )

    def _open_first_day(self, mall: Mall, now: Now) -> str:
        today = local_day(mall.timezone, now.ms).isoformat()
        if not self._day_is_open:
            at = self._ledger.own()
            if not at.issuer:
                raise RuleViolation("not_paired")
            if not at.day:
                self._ledger.open_day(today, "clock", event_id=self._new_id(), stamp=now.stamp)
            self._day_is_open = True
        return today if now.plausible else self._ledger.own().day


def find_service(mall: Mall, code: str) -> Service:
    """The service with this code; raises RuleViolation `unknown_service` with the nearest known code."""
    service = mall.services.get(code)
    if service is None:
        near = difflib.get_close_matches(code, mall.services, n=1)
        raise RuleViolation("unknown_service", service=code, near=near[0] if near else "")
    return service


def check_open(mall: Mall, service: Service, now: Now) -> None:
    """Raises RuleViolation `closed` outside the service's hours.

    A clock that is certainly wrong (a dead battery, before the first contact) refuses nobody.
    """
    if not now.plausible:
        return
    state = openness(mall, service, now.ms)
    if not state.open:
        raise RuleViolation("closed", service=service.code, reason=state.reason, opens_ms=state.opens_ms)
