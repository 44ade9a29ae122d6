"""The kiosk's own key for papers, and giving a visitor's place back by the code on their paper, online or not."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from antrean.domain.catalogue import Mall
from antrean.domain.claim import PaperKey, Proven
from antrean.domain.errors import RuleViolation
from antrean.domain.opening import local_day
from antrean.domain.readmission import readmitted, services_of
from antrean.ledger.device import DeviceLedger
from antrean.seal.keys import SigningKey, prove, seed_from
from kiosk.mall_clock import MallClock


class Taken(StrEnum):
    """What became of a scanned paper."""

    BACK = "back"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class PaperTaken:
    """A paper that was understood: its ticket, when the visitor arrived, and what became of it."""

    ticket_id: str
    label: str
    service: str
    arrived_ms: int
    anchored: bool
    result: Taken


def own_key(ledger: DeviceLedger, new_id: Callable[[], str]) -> SigningKey:
    """This data folder's key, made the first time anybody asks: before pairing, so that it can be told there."""
    return SigningKey(ledger.memory.paper_seed(lambda: seed_from(new_id)))


class Readmission:
    """Checks papers against the public keys this kiosk has heard and its own. Belongs to its ledger's thread."""

    def __init__(self, ledger: DeviceLedger, clock: MallClock, new_id: Callable[[], str]) -> None:
        self._ledger = ledger
        self._clock = clock
        self._new_id = new_id
        self._own = own_key(ledger, new_id)

    def take(self, mall: Mall, token: str) -> PaperTaken:
        """Log that the paper's visitor keeps the place; a ticket this kiosk knows leaves no second event.

        Raises BadInput `bad_paper` (no staff code), RuleViolation `unknown_paper` (no key known here signed it),
        `paper_of_another_day` or `not_paired`.
        """
        at = self._ledger.own()
        if not at.issuer:
            raise RuleViolation("not_paired")
        own = PaperKey(at.device_id, at.issuer, self._own.public)
        proven = prove(
            token, (own, *self._ledger.memory.paper_keys()), lambda series: services_of(mall, series)
        )
        known = self._ledger.knows(proven.ticket_id)
        if not known:
            known = not self._write(mall, proven)
        claim = proven.claim
        return PaperTaken(
            ticket_id=proven.ticket_id,
            label=str(claim.label),
            service=proven.service,
            arrived_ms=claim.issued_ms,
            anchored=claim.anchored,
            result=Taken.KNOWN if known else Taken.BACK,
        )

    def _write(self, mall: Mall, proven: Proven) -> bool:
        now = self._clock.now()
        day = local_day(mall.timezone, proven.claim.issued_ms).isoformat()
        # A clock that is certainly wrong knows only that the day of its numbers has begun; the server decides then.
        today = local_day(mall.timezone, now.ms).isoformat() if now.plausible else ""
        if proven.claim.anchored and (day != today if today else day < self._ledger.own().day):
            raise RuleViolation("paper_of_another_day", label=str(proven.claim.label))
        return self._ledger.readmit(readmitted(proven), day, event_id=self._new_id(), stamp=now.stamp)
