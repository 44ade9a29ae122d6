"""What the kiosk does without a screen: pairing, and issuing tickets for scripts, load and fault tests."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from antrean.domain.booking_code import shown_code
from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.errors import AntreanError, RuleViolation, Unavailable
from antrean.domain.label import status_url
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_log import Issued
from antrean.ledger.device_memory import Pairing
from antrean.link.answers import Paired
from antrean.texts import texts_for
from antrean.texts.formats import clock, day_short
from kiosk.checking_in import Asked, CheckingIn, Found, Standing
from kiosk.config import Config
from kiosk.conversation import Conversation
from kiosk.issuing import Issuing
from kiosk.mall_clock import MallClock
from kiosk.readmission import Readmission, own_key

if TYPE_CHECKING:  # an HTTP client takes a tenth of a second to load, and the first picture must not wait
    from antrean.link.server import ServerLink

SETTLE_SECONDS = 3.0
"""A script waits so long at most for a server that is there but slow; an absent one refuses at once."""
FIRST_MEETING_SECONDS = 5.0


class Paper(Protocol):
    """Prints a ticket at once: True when the paper is out, False when certainly not, None when nobody knows."""

    def __call__(self, mall: Mall, issued: Issued, public_url: str, copy: bool = False) -> bool | None:
        """Print; a copy says SALINAN."""


@dataclass(frozen=True, slots=True)
class Hands:
    """What a script works with, wired by `__main__`; `paper` prints a ticket and says how that ended."""

    ledger: DeviceLedger
    clock: MallClock
    new_id: Callable[[], str]
    link: "Callable[[Pairing, float], ServerLink]"
    paper: Paper
    version: str


def pair(code: str, config: Config, hands: Hands) -> Pairing:
    """Enrol this data folder by a one-time code and fetch the mall; raises RuleViolation or Unavailable.

    A folder that is already enrolled becomes the new device; what it had not sent under its old name stays
    in its log.
    """
    from antrean.link.server import ServerLink

    link = ServerLink(config.servers, language=config.language)
    try:
        answer = link.pair(code, own_key(hands.ledger, hands.new_id).public)
    finally:
        link.close()
    if answer.kind != "kiosk":
        raise RuleViolation("pairing_other_kind", kind=answer.kind)
    if not answer.issuer:
        raise Unavailable("the server gave this kiosk no character for its numbers", permanent=False)
    pairing = pairing_of(answer, config.servers)
    hands.ledger.memory.pair(pairing, new_id=hands.new_id)
    settle(hands, FIRST_MEETING_SECONDS)
    return pairing


def pairing_of(answer: Paired, servers: tuple[str, ...]) -> Pairing:
    """What a kiosk keeps of an enrolment; `servers` are the addresses it was made over."""
    return Pairing(
        device_id=answer.device_id,
        token=answer.token,
        kind=answer.kind,
        name=answer.name,
        issuer=answer.issuer or "",
        public_url=answer.public_url,
        incarnation=answer.incarnation,
        term=answer.term,
        servers=servers,
    )


def issue(service: str, count: int, *, priority: bool, language: str, hands: Hands, out: TextIO) -> None:
    """Issue `count` tickets, one JSON line each as soon as its paper is out, then tell the server if it is near."""
    mall = known_mall(hands)
    pairing = hands.ledger.memory.pairing()
    if pairing is None:
        raise RuleViolation("not_paired")
    public_url = printed_address(pairing)
    issuing = Issuing(hands.ledger, hands.clock, hands.new_id)
    try:
        for _ in range(count):
            issued = issuing.issue(mall, service, priority=priority, language=language)
            printed = hands.paper(mall, issued, public_url)
            print(json.dumps(_line(issued, printed, public_url)), file=out, flush=True)
    finally:
        settle(hands, SETTLE_SECONDS)


def readmit(token: str, *, hands: Hands, out: TextIO) -> None:
    """Take a paper back by its staff code, one JSON line, then tell the server if it is near; raises as `take`."""
    mall = known_mall(hands)
    taken = Readmission(hands.ledger, hands.clock, hands.new_id).take(mall, token)
    line = {
        "ticket_id": taken.ticket_id,
        "label": taken.label,
        "service": taken.service,
        "arrived_at": taken.arrived_ms,
        "result": taken.result.value,
    }
    print(json.dumps(line), file=out, flush=True)
    settle(hands, SETTLE_SECONDS)


def check_in(
    code: str, asked: Asked, *, service: str, copy: bool, told: bool, hands: Hands, out: TextIO
) -> None:
    """Take the number of a booking and its paper, say what came of it, then tell the server if it is near.

    A booking that has its number gives that one again, and with `copy` another paper, marked as one. `told` in words,
    else one JSON line. Raises what `CheckingIn.take` raises.
    """
    mall = known_mall(hands)
    pairing = hands.ledger.memory.pairing()
    if pairing is None:
        raise RuleViolation("not_paired")
    public_url = printed_address(pairing)
    issuing = Issuing(hands.ledger, hands.clock, hands.new_id)
    checking_in = CheckingIn(hands.ledger, hands.clock, hands.new_id, issuing)
    try:
        found = checking_in.look(mall, code)
        again = found.standing is Standing.ARRIVED
        issued = checking_in.ticket(found) if again else None
        if not again:
            found, issued = checking_in.take(mall, code, asked, service=service)
        printed: bool | None = False
        if issued is not None and (copy or not again):
            issued = replace(issued, language=issued.language or asked.language)
            printed = hands.paper(mall, issued, public_url, again)
        if told:
            print(_checked_in(found, issued, mall, asked.language), file=out, flush=True)
        else:
            print(json.dumps(_booking_line(found, issued, printed, public_url)), file=out, flush=True)
    finally:
        settle(hands, SETTLE_SECONDS)


def printed_address(pairing: Pairing) -> str:
    """The address for status pages: what the server says, else where it was found."""
    return pairing.public_url or pairing.servers[0]


def known_mall(hands: Hands) -> Mall:
    """The mall's file, asked of the server once if the kiosk never got it; raises as `stored_mall`."""
    memory = hands.ledger.memory
    if memory.pairing() is not None and memory.catalogue() is None:
        settle(hands, FIRST_MEETING_SECONDS)
    return stored_mall(hands.ledger)


def stored_mall(ledger: DeviceLedger) -> Mall:
    """The mall's file as last received; raises RuleViolation `not_paired` or `no_catalogue`."""
    known = ledger.memory.catalogue()
    if ledger.memory.pairing() is None:
        raise RuleViolation("not_paired")
    if known is None:
        raise RuleViolation("no_catalogue")
    return mall_from_dict(known[1])


def settle(hands: Hands, seconds: float) -> bool:
    """One exchange with the server that takes at most about `seconds`; False when it did not come to an end.

    It has its own connection and thread: a name server that does not answer cannot hold anybody up.
    """
    done = threading.Event()

    def talk() -> None:
        try:
            ledger = hands.ledger.sibling()
            try:
                _exchange_once(ledger, hands, seconds)
                done.set()
            finally:
                ledger.close()
        except AntreanError:
            return  # the tickets are safe in the outbox; the next contact takes them along

    thread = threading.Thread(target=talk, name="settle", daemon=True)
    thread.start()
    thread.join(seconds)
    return done.is_set()


def _exchange_once(ledger: DeviceLedger, hands: Hands, seconds: float) -> None:
    pairing = ledger.memory.pairing()
    if pairing is None:
        raise RuleViolation("not_paired")
    link = hands.link(pairing, seconds)
    try:
        Conversation(ledger, link, hands.clock, hands.new_id, version=hands.version).exchange()
    finally:
        link.close()


def _line(issued: Issued, printed: bool | None, public_url: str) -> dict[str, Any]:
    return {
        "ticket_id": issued.ticket_id,
        "paper_token": issued.token,
        "label": str(issued.label),
        "service": issued.service,
        "printed": printed,
        "status_url": status_url(public_url, issued.ticket_id),
    }


def _booking_line(
    found: Found, issued: Issued | None, printed: bool | None, public_url: str
) -> dict[str, Any]:
    """As the line of an issued ticket; of a number that another device gave, what is not known here is ""."""
    line: dict[str, Any] = {
        "ticket_id": "",
        "paper_token": "",
        "label": found.label,
        "service": found.service,
    }
    line |= {"printed": printed, "status_url": ""}
    if issued is not None:
        line |= _line(issued, printed, public_url)
    times = {"start_ms": found.start_ms, "end_ms": found.end_ms}
    return {**line, "booking": {"code": found.code, "standing": found.standing.value, **times}}


def _checked_in(found: Found, issued: Issued | None, mall: Mall, language: str) -> str:
    slot = ""
    if found.start_ms:
        day, time = (show(found.start_ms, mall.timezone, language) for show in (day_short, clock))
        slot = f"{day}, {time}"
    label = str(issued.label) if issued is not None else found.label
    key = "claimed" if found.claimed else found.standing.value
    return texts_for(language)(f"cli.check_in_{key}", label=label, code=shown_code(found.code), slot=slot)
