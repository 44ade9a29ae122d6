"""A visitor with a booking at this kiosk: what their code leads to, and the number that follows, online or not.

The code is looked up in the local copy; a signed one proves itself where the copy does not have it. Whoever comes with
a code that nobody here knows gets an ordinary number, and the code is looked up later.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from antrean.domain.booking import BookingStatus
from antrean.domain.booking_claim import is_booking_token, split_booking_token, unpack_booking
from antrean.domain.booking_code import ALPHABET, LENGTH, is_code, is_own_code, normal_code, shown_code
from antrean.domain.booking_copy import BookingCopy
from antrean.domain.catalogue import Mall
from antrean.domain.errors import BadInput, RuleViolation
from antrean.domain.label import Label
from antrean.domain.opening import local_day
from antrean.domain.timeline import Stamp
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_arrivals import Arrival, Arrived
from antrean.ledger.device_log import Issued
from antrean.seal.bookings import prove_booking
from kiosk.issuing import Issuing
from kiosk.mall_clock import MallClock, Now

CHANNEL = "booking"
LONGEST_CODE = 14
"""Letters of a code that are shown where room is short, hyphens included; of a longer one its end."""
_GONE = (BookingStatus.ARRIVED, BookingStatus.FULFILLED)


class Standing(StrEnum):
    """What a visitor hears of a code before a number is taken."""

    IN_TIME = "in_time"
    EARLY = "early"
    LATE = "late"
    OTHER_DAY = "other_day"
    CANCELLED = "cancelled"
    ARRIVED = "arrived"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Found:
    """What a code leads to. `text` is what was typed or scanned, `code` its short code in normal form.

    `service` is "" where the visitor must name it, times are 0 where nobody knows the booking; `label` and `ticket_id`
    are those of the number it has already. `sure` says that the kiosk's clock can be trusted with the day.
    """

    standing: Standing
    text: str
    code: str
    service: str = ""
    start_ms: int = 0
    end_ms: int = 0
    label: str = ""
    ticket_id: str = ""
    sure: bool = True

    @property
    def gives_number(self) -> bool:
        """Whether taking a number now says that this booking came, or claims it."""
        if self.standing is Standing.OTHER_DAY:
            return not self.sure
        return self.standing not in (Standing.CANCELLED, Standing.ARRIVED)

    @property
    def has_place(self) -> bool:
        """Whether its number stands at the place of its slot, not at the end of the line."""
        return self.standing is Standing.IN_TIME

    @property
    def mistyped(self) -> bool:
        """Whether an unknown code looks like one of ours with a wrong letter in it."""
        return self.standing is Standing.UNKNOWN and wrong_letter(self.code)

    @property
    def claimed(self) -> bool:
        """Whether such a number only claims the booking, to be looked up later."""
        return self.standing in (Standing.UNKNOWN, Standing.OTHER_DAY)


def code_words(code: str) -> str:
    """A code as it is shown where room is short."""
    shown = shown_code(code)
    return shown if len(shown) <= LONGEST_CODE else "…" + shown[-LONGEST_CODE + 1 :].lstrip("-")


def wrong_letter(code: str) -> bool:
    """Whether a code in normal form has the letters of ours but not the check letter that belongs to them."""
    return len(code) == LENGTH and set(code) <= set(ALPHABET) and not is_own_code(code)


@dataclass(frozen=True, slots=True)
class Asked:
    """How the visitor takes the number; `reason` and `minutes` as in `Issuing.issue`."""

    language: str
    priority: bool = False
    reason: str = ""
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class _Booked:
    """A booking that somebody vouches for: the copy, or its own signature."""

    known: BookingCopy
    proof: str


class CheckingIn:
    """Looks codes up and takes numbers for them; asks neither network nor printer. Belongs to its ledger's thread."""

    def __init__(
        self, ledger: DeviceLedger, clock: MallClock, new_id: Callable[[], str], issuing: Issuing
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._new_id = new_id
        self._issuing = issuing

    def look(self, mall: Mall, text: str) -> Found:
        """What a typed code or a signed token leads to now; changes nothing.

        Raises BadInput `bad_booking_code` for what can be nobody's code.
        """
        return self._found(mall, text, self._clock.now())[0]

    def take(self, mall: Mall, text: str, asked: Asked, *, service: str = "") -> tuple[Found, Issued]:
        """Take the number of a booking, or of an unknown code for the `service` its visitor named.

        Raises what `look` and `Issuing.issue` raise, and RuleViolation `booking_arrived` (param label),
        `booking_cancelled`, `booking_other_day` (param start_ms), `unknown_booking` where no service was named.
        """
        now = self._clock.now()
        found, booked = self._found(mall, text, now)
        _refuse(found)
        chosen = found.service or service
        if not chosen:
            raise RuleViolation("unknown_booking", booking=found.code)
        claim = found.claimed or booked is None
        known = booked.known if booked is not None else None
        arrival = Arrival(
            event_id=self._new_id(),
            source="" if claim or known is None else known.source,
            booking_id=found.code if claim or known is None else known.booking_id,
            code=found.code if known is None else known.code,
            slot_ms=0 if claim else found.start_ms,
            slot_end_ms=0 if claim else found.end_ms,
            proof="" if claim or booked is None else booked.proof,
            taken_ms=now.ms,
        )
        issued = self._issuing.issue(
            mall,
            chosen,
            priority=asked.priority,
            language=asked.language,
            channel="kiosk" if claim else CHANNEL,
            reason=asked.reason,
            minutes=asked.minutes,
            booking=arrival,
            awaited=found.standing is Standing.IN_TIME and not claim,
        )
        return found, issued

    def ticket(self, found: Found) -> Issued | None:
        """The number a booking has already, for a copy of its paper; None where its ticket is not known here.

        Only the kiosk that gave it can sign the foot of the copy.
        """
        if not (found.ticket_id and found.label and found.service):
            return None
        given = (
            one for one in self._ledger.bookings.arrivals(found.code) if one.ticket_id == found.ticket_id
        )
        own = next(given, None)
        return Issued(
            ticket_id=found.ticket_id,
            label=Label.parse(found.label),
            service=found.service,
            day=own.day if own is not None else "",
            priority=own is not None and own.priority,
            language=own.language if own is not None else "",
            stamp=Stamp("", 0, 0),
            token=own.token if own is not None else "",
            booking=Arrival(
                "", "", "", found.code, found.start_ms, found.end_ms, "copy" if found.start_ms else "", 0
            ),
        )

    # --- what is known

    def _found(self, mall: Mall, text: str, now: Now) -> tuple[Found, _Booked | None]:
        code, booked = self._known(mall, text, now)
        own = self._own(code, booked)
        if booked is None and own is None:
            return Found(Standing.UNKNOWN, text, code, sure=now.anchored), None
        if own is not None and not _stands_elsewhere(own, booked):
            return _arrived(text, code, own, booked), booked
        assert booked is not None
        known = booked.known
        service = known.service if known.service in mall.services else ""
        standing, label, ticket_id = self._standing(mall, known, now), "", ""
        if standing is Standing.ARRIVED:
            label, ticket_id = known.label, known.ticket_id
        found = Found(
            standing, text, code, service, known.start_ms, known.end_ms, label, ticket_id, sure=now.anchored
        )
        return found, booked

    def _known(self, mall: Mall, text: str, now: Now) -> tuple[str, _Booked | None]:
        """The short code, and the booking if anybody vouches for it; what the copy says is newer than a signature."""
        bookings = self._ledger.bookings
        if not is_booking_token(text):
            code = normal_code(text)
            if not is_code(code):
                raise BadInput("bad_booking_code")
            found = bookings.with_code(code)
            return code, _Booked(_nearest(found, now), "copy") if found else None
        code = unpack_booking(split_booking_token(text)[0]).code
        found = bookings.with_code(code)
        try:
            # Those that are sold first: each try costs a third of a millisecond, and a mall has many services.
            offered = sorted(mall.services, key=lambda service: mall.services[service].booking is None)
            proven = prove_booking(text, bookings.keys(), offered)
        except RuleViolation:
            # Nobody known signed it: its code is worth what a typed one is worth.
            return code, _Booked(_nearest(found, now), "copy") if found else None
        same = [one for one in found if one.source == proven.source]
        if same:
            return code, _Booked(_nearest(same, now), "copy")
        known = BookingCopy(
            proven.source, proven.booking_id, proven.code, proven.service, proven.start_ms, proven.end_ms,
            BookingStatus.BOOKED,
        )  # fmt: skip
        return code, _Booked(known, "signed")

    def _own(self, code: str, booked: _Booked | None) -> Arrived | None:
        """The number this kiosk gave for the booking, or for its code when nobody knew it yet."""
        for one in self._ledger.bookings.arrivals(code):
            if booked is None or not one.proof:
                return one
            if (one.source, one.booking_id) == (booked.known.source, booked.known.booking_id):
                return one
        return None

    def _standing(self, mall: Mall, known: BookingCopy, now: Now) -> Standing:
        if known.status in _GONE:
            return Standing.ARRIVED
        if known.status is BookingStatus.CANCELLED:
            return Standing.CANCELLED
        if not now.plausible:
            return (
                Standing.IN_TIME
            )  # the clock is certainly wrong and refuses nobody: the server knows the time
        if local_day(mall.timezone, known.start_ms) != local_day(mall.timezone, now.ms):
            return Standing.OTHER_DAY
        from antrean.domain.booked import how_kept  # not at the start: no first picture waits for it

        return Standing(how_kept(mall, known.service, known.start_ms, now.ms))


def _refuse(found: Found) -> None:
    if found.gives_number:
        return
    if found.standing is Standing.OTHER_DAY:
        raise RuleViolation("booking_other_day", booking=found.code, start_ms=found.start_ms)
    raise RuleViolation(f"booking_{found.standing}", booking=found.code, label=found.label)


def _stands_elsewhere(own: Arrived, booked: _Booked | None) -> bool:
    """Whether the server says that another kiosk's earlier ticket stands for the booking."""
    told = booked.known if booked is not None else None
    return (
        told is not None
        and told.status in _GONE
        and bool(told.label and told.ticket_id)
        and told.ticket_id != own.ticket_id
    )


def _arrived(text: str, code: str, own: Arrived, booked: _Booked | None) -> Found:
    start_ms, end_ms = own.slot_ms, own.slot_end_ms
    if booked is not None and not own.proof:
        start_ms, end_ms = booked.known.start_ms, booked.known.end_ms
    return Found(Standing.ARRIVED, text, code, own.service, start_ms, end_ms, own.label, own.ticket_id)


def _nearest(found: list[BookingCopy], now: Now) -> BookingCopy:
    """Of several bookings with one code, made by several sources, the open one whose slot is nearest."""
    return min(found, key=lambda one: (one.status is not BookingStatus.BOOKED, abs(one.start_ms - now.ms)))
