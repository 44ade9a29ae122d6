"""Printing tickets that helpers took at the server: each order once, whatever is told again or dies in between."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from antrean.domain.catalogue import Mall
from antrean.domain.errors import Unavailable
from antrean.domain.label import Label
from antrean.domain.timeline import Stamp
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_log import Issued
from antrean.ledger.errors import LedgerBroken
from antrean.link.answers import PrintOrder
from antrean.texts import LANGUAGES
from kiosk.faces import ticket_face
from kiosk.issuing import find_service
from kiosk.printing import Printing
from kiosk.script import printed_address
from printers.face import Paper
from printers.ticket import ticket_bytes

log = logging.getLogger(__name__)


class Orders:
    """Takes the server's orders over and hands them to the printer. Belongs to the thread of its ledger.

    The ticket's id is durable before paper moves: a kiosk that dies in between prints it no more by itself and says
    "unknown" after its next start.
    """

    def __init__(self, ledger: DeviceLedger, printing: Printing, paper: Paper) -> None:
        self._ledger = ledger
        self._printing = printing
        self._paper = paper

    def take(self, orders: Sequence[PrintOrder], mall: Mall) -> None:
        """Print what is new among `orders`; the outcome goes to the log like that of an own ticket.

        Raises LedgerBroken. On a full disk the order waits: the server tells it again.
        """
        for order in orders:
            try:
                new = self._ledger.take_order(order.ticket_id)
            except LedgerBroken:
                raise
            except Unavailable as full:
                log.error("an order to print could not be noted: %s", full)
                return
            if new:
                self._printing.submit(order.ticket_id, partial(self._draw, order, mall))

    def _draw(self, order: PrintOrder, mall: Mall) -> bytes:
        """The paper; raises BadInput or RuleViolation for what this kiosk cannot draw."""
        pairing = self._ledger.memory.pairing()
        assert pairing is not None  # an order comes only from the mall's server
        issued = Issued(
            ticket_id=order.ticket_id,
            label=Label.parse(order.label),
            service=find_service(mall, order.service).code,
            day="",
            priority=order.priority,
            language=order.language if order.language in LANGUAGES else LANGUAGES[0],
            stamp=Stamp("", 0, 0),
        )
        face = ticket_face(
            mall, issued, issued_ms=order.issued_ms, public_url=printed_address(pairing), services={}
        )
        return ticket_bytes(replace(face, ahead=order.ahead, wait=order.wait), self._paper)
