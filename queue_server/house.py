"""What the pages ask of the server (`queue_server.pages.context.House`), answered from its parts."""

from __future__ import annotations

import hmac
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import request

from antrean.domain.assist_report import AssistReport, assist_report
from antrean.domain.catalogue import Mall
from antrean.domain.commands import Cancel, ComeBack
from antrean.domain.decide import decide
from antrean.domain.errors import BadInput, RuleViolation
from antrean.domain.hall import Help
from antrean.domain.helping import open_help
from antrean.domain.label import ticket_id_from_token
from antrean.domain.story import Told, story
from antrean.domain.ticket import Paper, Ticket
from antrean.domain.waits import Visit
from antrean.ledger import hall_commands, hall_devices, hall_log, hall_notes, hall_people, hall_quarantine
from antrean.ledger.hall import HallLedger
from antrean.ledger.hall_devices import Device
from antrean.ledger.hall_log import StoredTicket
from antrean.ledger.hall_people import User
from antrean.ledger.hall_quarantine import QuarantinedRow
from queue_server import quarantine
from queue_server.auth.accounts import Accounts
from queue_server.auth.callers import Gate, Staff
from queue_server.auth.enrolment import Enrolment
from queue_server.backups import BACKUPS
from queue_server.commands import kept_key, run_command
from queue_server.contacts import Contacts, HeardSound
from queue_server.hub import Hub
from queue_server.live import LiveHall, Turn, accepted_of
from queue_server.orders import can_print
from queue_server.out_of_order import rows_of
from queue_server.pages.booking_context import BookingRoom
from queue_server.pages.context import PaperPlace, Person, ReportQuery, Storage
from queue_server.reports import history
from queue_server.sounds import HallSounds

VISITOR = "visitor"


@dataclass(frozen=True)
class ServerHouse:
    """The server as its pages see it."""

    ledger: HallLedger
    live: LiveHall
    hub: Hub
    gate: Gate
    accounts: Accounts
    enrolment: Enrolment
    new_id: Callable[[], str]
    address: Callable[[], str]
    healthy: Callable[[], Mapping[str, Any]]
    contacts: Contacts
    loud_ms: int
    spoken: HallSounds | None = None
    booking_room: BookingRoom | None = None

    def now_ms(self) -> int:
        """Server time."""
        return self.live.now_ms()

    def mall(self) -> Mall:
        """The catalogue in force."""
        return self.live.truth.hall.mall

    def public_url(self) -> str:
        """The address printed on tickets."""
        return self.address()

    def person(self) -> Person | None:
        """Who is signed in on the current request, if anybody."""
        staff = self.gate.staff_of_cookie(request)
        if staff is None or staff.session is None:
            return None
        return Person(staff.name, staff.shown_name, staff.roles, staff.counter, staff.session.csrf)

    def check_form(self) -> None:
        """Refuses the current request unless it shows the session's token; raises RuleViolation `csrf`."""
        person = self.person()
        shown = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
        if person is None or not hmac.compare_digest(shown.encode(), person.csrf.encode()):
            raise RuleViolation("csrf")

    def state(self, topic: str) -> Mapping[str, Any]:
        """The state of one topic; raises KeyError when there is no such topic."""
        return self.hub.state(topic)

    def sign_in(self, name: str, password: str) -> str:
        """Opens a session and returns the cookie's value; the session of an older cookie ends."""
        signed = self.accounts.sign_in(name, password, request.remote_addr or "")
        self.sign_out()
        return signed.secret

    def sign_out(self) -> None:
        """Ends the session of the current request, if any."""
        staff = self.gate.staff_of_cookie(request)
        if staff is not None and staff.session is not None:
            self.accounts.sign_out(staff.session)

    def take_counter(self, counter: str) -> None:
        """Notes at which counter the signed-in person sits; raises RuleViolation for a counter that is not theirs."""
        staff = self._staff()
        if counter not in self.mall().counters:
            raise RuleViolation("unknown_counter", counter=counter)
        if staff.roles == {"officer"} and staff.home_counter not in (None, counter):
            raise RuleViolation("not_your_counter", counter=staff.home_counter)
        assert staff.session is not None
        self.accounts.take_counter(staff.session, counter)

    def first_user(self, token: str) -> str:
        """The sign-in name a first-password link belongs to, without using the link up."""
        return self.accounts.first_user(token)

    def set_first_password(self, token: str, shown_name: str, password: str) -> str:
        """Uses the link up, stores name and password, signs in and returns the cookie's value."""
        return self.accounts.set_first_password(token, password, shown_name).secret

    def visits(self, query: ReportQuery) -> Sequence[Visit]:
        """The visits a report is about, by arrival."""
        return self.assistance(query)[0]

    def assistance(self, query: ReportQuery) -> tuple[Sequence[Visit], AssistReport]:
        """The visits a report is about with the help in it; calls for help are those of the whole mall on its days."""
        hall = self.live.truth.hall
        zone = ZoneInfo(hall.mall.timezone)
        told = history(self.ledger, query.first.isoformat(), query.last.isoformat(), hall.day)
        visits = [visit for visit in told.visits if _asked(visit, query, hall.mall, zone)]
        return visits, assist_report(visits, told.calls)

    def note_texts(self, day: str) -> Mapping[str, str]:
        """The texts of a day's notes by their ids, without the erased ones."""
        with self.ledger.reading() as r:
            return hall_notes.texts_of_day(r, day)

    def out_of_order(self, day: str) -> Sequence[Mapping[str, Any]]:
        """What did not go by the rule on a local date."""
        return [row.to_dict() for row in rows_of(self.ledger, self.live.truth.hall.mall, day)]

    def issued_today(self) -> int:
        """How many tickets the hall has seen today."""
        return len(self.live.truth.hall.tickets)

    def help(self) -> Sequence[Help]:
        """Who asks for a person, those on whose way somebody is too."""
        return open_help(self.live.truth.hall, self.now_ms())

    def papers(self) -> Mapping[str, Paper]:
        """By issuer, what became of the newest ticket it was to print today; an issuer without one is absent."""
        newest: dict[str, Ticket] = {}
        for ticket in self.live.truth.hall.tickets.values():
            issuer = ticket.label.issuer
            if ticket.paper is Paper.PENDING:
                continue
            if issuer not in newest or ticket.arrived_ms >= newest[issuer].arrived_ms:
                newest[issuer] = ticket
        return {issuer: ticket.paper for issuer, ticket in newest.items()}

    def command(self, data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        """Gives a command for the signed-in person, once per `key`; returns the answer of `/v1/commands`."""
        if not 8 <= len(key) <= 200:
            raise RuleViolation("bad_field", field="key")
        done = run_command(self.live, data, key, self._staff(), self.new_id)
        answer: Mapping[str, Any] = json.loads(done.answer)
        return answer

    def was_given(self, key: str) -> bool:
        """Whether the signed-in person has had an answer to a command under this key."""
        with self.ledger.reading() as r:
            return hall_commands.stored_answer(r, kept_key(self._staff(), key)) is not None

    def tickets_numbered(self, day: str, number: int) -> Sequence[StoredTicket]:
        """The tickets of a local date with this number under any letters."""
        with self.ledger.reading() as r:
            return hall_log.tickets_numbered(r, day, number)

    def tickets_booked(self, code: str) -> Sequence[StoredTicket]:
        """Today's tickets that came with this booking code."""
        held = self.live.truth.hall.tickets.values()
        ids = [one.ticket_id for one in held if one.booking is not None and one.booking.code == code]
        with self.ledger.reading() as r:
            found = [hall_log.ticket(r, ticket_id) for ticket_id in ids]
        return [one for one in found if one is not None]

    def stored_ticket(self, ticket_id: str) -> StoredTicket | None:
        """A ticket of any day by its id."""
        with self.ledger.reading() as r:
            return hall_log.ticket(r, ticket_id)

    def ticket_today(self, ticket_id: str) -> Ticket | None:
        """A ticket as it stands in today's hall."""
        return self.live.truth.hall.tickets.get(ticket_id)

    def story(self, ticket: StoredTicket) -> Sequence[Told]:
        """What happened to a ticket, by its moments."""
        with self.ledger.reading() as r:
            return story(map(accepted_of, hall_log.of_ticket(r, ticket)))

    def oldest_waiting(self) -> Mapping[str, int]:
        """By service, since when (server ms) its longest waiting visitor waits; services without a queue are absent."""
        lines = self.live.truth.hall.lines
        return {code: line.by_arrival[0].arrived_ms for code, line in lines.items() if line.by_arrival}

    def leave_queue(self, token: str) -> None:
        """A visitor leaves: cancels the ticket of this status token; raises KeyError for an unknown token."""
        ticket_id = self._ticket_of(token)
        self.live.check_newest_life()

        def work(turn: Turn) -> None:
            leave = Cancel(ticket=ticket_id, reason="visitor_left", officer=VISITOR)
            turn.write(decide(turn.truth.hall, leave, turn.now_ms))

        self.live.run(work)

    def come_back(self, token: str) -> None:
        """An absent visitor says by phone that they are here; raises KeyError for an unknown token, RuleViolation
        `grace_over`, `returned_too_often` or `illegal_transition`."""
        ticket_id = self._ticket_of(token)
        self.live.check_newest_life()

        def work(turn: Turn) -> None:
            back = ComeBack(ticket=ticket_id, officer=VISITOR)
            turn.write(decide(turn.truth.hall, back, turn.now_ms))

        self.live.run(work)

    def _ticket_of(self, token: str) -> str:
        try:
            ticket_id = ticket_id_from_token(token)
        except BadInput:
            raise KeyError(token) from None
        if ticket_id not in self.live.truth.hall.tickets:
            raise KeyError(token)
        return ticket_id

    def devices(self) -> Sequence[Device]:
        """Every device, withdrawn ones too."""
        with self.ledger.reading() as r:
            return hall_devices.devices(r)

    def paper_places(self) -> Sequence[PaperPlace]:
        """The kiosks that print for helpers and were heard from within seconds, by name."""
        now, papers = self.now_ms(), self.papers()
        with self.ledger.reading() as r:
            able = [
                device
                for device in hall_devices.devices(r)
                if self.contacts.is_near(device.device_id, now) and can_print(r, device)
            ]
        places = [PaperPlace(one.device_id, one.name, papers.get(one.issuer or "")) for one in able]
        return sorted(places, key=lambda place: place.name)

    def help_loud_ms(self) -> int:
        """After how long a call for help that nobody accepts is marked louder."""
        return self.loud_ms

    def listening(self) -> frozenset[str]:
        """The ids of devices that hold an open stream now."""
        return frozenset(owner.removeprefix("device:") for owner in self.hub.owners())

    def sounds(self) -> Mapping[str, HeardSound]:
        """What displays told of their loudspeakers within the last minutes, by device id."""
        return self.contacts.sounds(self.now_ms())

    def says_texts(self) -> bool:
        """Whether boards in browsers speak a typed announcement; else they only chime."""
        return self.spoken is not None and self.spoken.says_texts

    def add_device(self, kind: str, name: str, counter: str | None) -> str:
        """A one-time pairing code for a new device."""
        return self.enrolment.make_code(kind, name, self._staff().name, counter)

    def withdraw_device(self, device_id: str) -> None:
        """Refuses a device from now on."""
        self.enrolment.withdraw(device_id, self._staff().name)

    def users(self) -> Sequence[User]:
        """Every account."""
        with self.ledger.reading() as r:
            return hall_people.users(r)

    def add_user(self, name: str, shown_name: str, roles: Sequence[str], counter: str | None) -> str:
        """Makes an account and returns the token of its first-password link."""
        return self.accounts.add_user(name, shown_name, roles, counter, self._staff().name)

    def set_roles(self, name: str, roles: Sequence[str]) -> None:
        """Replaces the roles of an account."""
        self.accounts.set_roles(name, roles, self._staff().name)

    def set_disabled(self, name: str, disabled: bool) -> None:
        """Locks an account out or lets it in again."""
        self.accounts.set_disabled(name, disabled, self._staff().name)

    def new_link(self, name: str) -> str:
        """The token of a new first-password link for an account."""
        return self.accounts.new_link(name, self._staff().name)

    def health(self) -> Mapping[str, Any]:
        """The answer of `/healthz`."""
        return self.healthy()

    def quarantine(self) -> Sequence[QuarantinedRow]:
        """Events that could not be accepted, oldest first, the settled ones too."""
        with self.ledger.reading() as r:
            return hall_quarantine.quarantine(r)

    def retry_event(self, number: int) -> None:
        """Tries an event that was put aside again; raises RuleViolation `still_refused` (param why) and others."""
        quarantine.retry(self.live, number, self._staff().name)

    def dismiss_event(self, number: int, note: str) -> None:
        """Closes an event that was put aside; raises RuleViolation `reason_missing`, `entry_settled`."""
        quarantine.dismiss(self.live, number, self._staff().name, note)

    def storage(self) -> Storage:
        """Where the data lies and how much room is left."""
        folder = self.ledger.folder
        used = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
        backups = [path.stat().st_mtime for path in (folder / BACKUPS).glob("*.db")]
        made = round(max(backups) * 1000) if backups else None
        return Storage(str(folder), used, shutil.disk_usage(folder).free, made)

    def bookings(self) -> BookingRoom | None:
        """The bookings of the mall; None where no source of bookings is set up, nor was."""
        room = self.booking_room
        return room if room is not None and (room.settings_error() or room.health()) else None

    def _staff(self) -> Staff:
        staff = self.gate.staff_of_cookie(request)
        if staff is None:
            raise RuleViolation("sign_in_needed")
        return staff


def _asked(visit: Visit, query: ReportQuery, mall: Mall, zone: ZoneInfo) -> bool:
    service = mall.services.get(visit.service)
    if query.service is not None and visit.service != query.service:
        return False
    if query.agency is not None and (service is None or service.agency != query.agency):
        return False
    hour = datetime.fromtimestamp(visit.arrived_ms / 1000, zone).hour
    return query.from_hour <= hour < query.to_hour
