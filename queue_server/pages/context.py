"""What the pages need from the server: `House`, and the small records that pass through it."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from antrean.domain.assist_report import AssistReport
from antrean.domain.catalogue import Mall
from antrean.domain.hall import Help
from antrean.domain.story import Told
from antrean.domain.ticket import Paper, Ticket
from antrean.domain.waits import Visit
from antrean.ledger.hall_devices import Device
from antrean.ledger.hall_log import StoredTicket
from antrean.ledger.hall_people import User
from antrean.ledger.hall_quarantine import QuarantinedRow
from queue_server.contacts import HeardSound
from queue_server.pages.booking_context import BookingRoom


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in: `csrf` goes into forms (field `csrf`) and into the header `X-CSRF-Token`."""

    name: str
    shown_name: str
    roles: frozenset[str]
    counter: str | None
    csrf: str


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """Which visits a report is about: local days, both included; hours of arrival, the second excluded."""

    first: datetime.date
    last: datetime.date
    by: str = "service"
    agency: str | None = None
    service: str | None = None
    from_hour: int = 0
    to_hour: int = 24


@dataclass(frozen=True, slots=True)
class Storage:
    """Where the server keeps its data: the ledger's size, room left on its disk, the newest backup (None: none)."""

    folder: str
    used_bytes: int
    free_bytes: int
    backup_ms: int | None


@dataclass(frozen=True, slots=True)
class PaperPlace:
    """A kiosk that can print a ticket somebody else took; `paper` is what became of the last one it printed."""

    device_id: str
    name: str
    paper: Paper | None


class House(Protocol):
    """The server as the pages see it. Every refusal is a RuleViolation; the page shows its sentence.

    Methods that act for somebody look at the current request to learn who asks; the pages have checked roles and the
    form's token (`check_form`) before they call.
    """

    def now_ms(self) -> int:
        """Server time."""

    def mall(self) -> Mall:
        """The catalogue in force."""

    def public_url(self) -> str:
        """The address printed on tickets."""

    def person(self) -> Person | None:
        """Who is signed in on the current request, if anybody."""

    def check_form(self) -> None:
        """Refuses the current request unless it shows the session's token; raises RuleViolation `csrf`."""

    def state(self, topic: str) -> Mapping[str, Any]:
        """The state of one topic; raises KeyError when there is no such topic."""

    def sign_in(self, name: str, password: str) -> str:
        """Opens a session and returns the cookie's value."""

    def sign_out(self) -> None:
        """Ends the session of the current request, if any."""

    def take_counter(self, counter: str) -> None:
        """Notes at which counter the signed-in person sits."""

    def first_user(self, token: str) -> str:
        """The sign-in name a first-password link belongs to, without using the link up."""

    def set_first_password(self, token: str, shown_name: str, password: str) -> str:
        """Uses the link up, stores name and password, signs in and returns the cookie's value."""

    def visits(self, query: ReportQuery) -> Sequence[Visit]:
        """The visits a report is about, by arrival."""

    def assistance(self, query: ReportQuery) -> tuple[Sequence[Visit], AssistReport]:
        """The visits a report is about with the help in it; calls for help are those of the whole mall on its days."""

    def oldest_waiting(self) -> Mapping[str, int]:
        """By service, since when (server ms) its longest waiting visitor waits; services without a queue are absent."""

    def note_texts(self, day: str) -> Mapping[str, str]:
        """The texts of a day's notes by their ids, without the erased ones."""

    def out_of_order(self, day: str) -> Sequence[Mapping[str, Any]]:
        """What did not go by the rule on a local date, oldest first; raises RuleViolation `bad_range`."""

    def issued_today(self) -> int:
        """How many tickets the hall has seen today."""

    def help(self) -> Sequence[Help]:
        """Who asked for a person today, the accepted ones too."""

    def papers(self) -> Mapping[str, Paper]:
        """By issuer, what became of the newest ticket it was to print today; an issuer without one is absent."""

    def command(self, data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        """Gives a command for the signed-in person, once per `key`; returns the answer of `/v1/commands`."""

    def was_given(self, key: str) -> bool:
        """Whether the signed-in person has had an answer to a command under this key."""

    def tickets_numbered(self, day: str, number: int) -> Sequence[StoredTicket]:
        """The tickets of a local date with this number under any letters."""

    def tickets_booked(self, code: str) -> Sequence[StoredTicket]:
        """Today's tickets that came with this booking code."""

    def stored_ticket(self, ticket_id: str) -> StoredTicket | None:
        """A ticket of any day by its id."""

    def ticket_today(self, ticket_id: str) -> Ticket | None:
        """A ticket as it stands in today's hall."""

    def story(self, ticket: StoredTicket) -> Sequence[Told]:
        """What happened to a ticket, by its moments."""

    def leave_queue(self, token: str) -> None:
        """A visitor leaves: cancels the ticket of this status token; raises KeyError for an unknown token."""

    def come_back(self, token: str) -> None:
        """An absent visitor says they are here after all; raises KeyError for an unknown token, RuleViolation when it
        is too late or was too often."""

    def devices(self) -> Sequence[Device]:
        """Every device, withdrawn ones too."""

    def paper_places(self) -> Sequence[PaperPlace]:
        """The kiosks that print for helpers and were heard from within seconds, by name."""

    def help_loud_ms(self) -> int:
        """After how long a call for help that nobody accepts is marked louder."""

    def listening(self) -> frozenset[str]:
        """The ids of devices that hold an open stream now."""

    def sounds(self) -> Mapping[str, HeardSound]:
        """What displays told of their loudspeakers within the last minutes, by device id."""

    def says_texts(self) -> bool:
        """Whether boards in browsers speak a typed announcement; else they only chime."""

    def add_device(self, kind: str, name: str, counter: str | None) -> str:
        """A one-time pairing code for a new device."""

    def withdraw_device(self, device_id: str) -> None:
        """Refuses a device from now on."""

    def users(self) -> Sequence[User]:
        """Every account."""

    def add_user(self, name: str, shown_name: str, roles: Sequence[str], counter: str | None) -> str:
        """Makes an account and returns the token of its first-password link."""

    def set_roles(self, name: str, roles: Sequence[str]) -> None:
        """Replaces the roles of an account."""

    def set_disabled(self, name: str, disabled: bool) -> None:
        """Locks an account out or lets it in again."""

    def new_link(self, name: str) -> str:
        """The token of a new first-password link for an account."""

    def health(self) -> Mapping[str, Any]:
        """The answer of `/healthz`."""

    def quarantine(self) -> Sequence[QuarantinedRow]:
        """Events that could not be accepted, oldest first, the settled ones too."""

    def retry_event(self, number: int) -> None:
        """Tries an event that was put aside again; raises RuleViolation `still_refused` (param why) and others."""

    def dismiss_event(self, number: int, note: str) -> None:
        """Closes an event that was put aside; raises RuleViolation `reason_missing`, `entry_settled`."""

    def storage(self) -> Storage:
        """Where the data lies and how much room is left."""

    def bookings(self) -> BookingRoom | None:
        """The bookings of the mall; None where no source of bookings is set up."""
