"""What officers and helpers may ask for, imperative; `command_of` reads the wire form.

Every command on a ticket names its counter. `officer` is the signed-in person; None means a script acting for whoever
sits at the counter. Without a ticket id, a command means the ticket that is at the counter now.
"""

import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

from antrean.domain.booking import Booking
from antrean.domain.claim import Proven
from antrean.domain.errors import BadInput
from antrean.domain.typed import fits

MAX_TEXT = 200
MAX_LIST = 4_000
"""The longest text of a field in LISTS: some hundred codes."""
LISTS = frozenset({"services"})
MAX_NUMBER = 999_999


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What every command names."""

    counter: str = ""
    officer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCounter(Command):
    """Sit down at a counter; `take_over` also when somebody else holds it."""

    take_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCounter(Command):
    """Leave the counter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartBreak(Command):
    """Pause with a reason; `minutes` planned, 0 when unknown."""

    reason: str
    minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EndBreak(Command):
    """Come back from the break."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetServices(Command):
    """Serve these services at the counter for the rest of the day: codes joined by commas, "" for the catalogue's.

    An officer keeps to what the catalogue gives the counter; `any_service`, which the server fills in for a supervisor,
    lets the counter serve any.
    """

    services: str
    any_service: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce(Command):
    """Tell the hall, on boards and by voice, for `minutes`; a supervisor's command.

    `kind` is one of ANNOUNCEMENTS. `about` is the counter it speaks of, `text` the words of a `free` one, `zone` where
    it is told, "" everywhere. `announcement_id` is given by the server.
    """

    kind: str
    minutes: int
    about: str = ""
    text: str = ""
    zone: str = ""
    announcement_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawAnnouncement(Command):
    """End an announcement before its time; a supervisor's command."""

    announcement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNext(Command):
    """Call whoever is next by the rule; a visitor being served is finished first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTicket(Command):
    """Call a particular waiting ticket, by id or label, with a reason that is kept."""

    ticket: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall(Command):
    """Call the same visitor once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(Command):
    """The visitor is here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish(Command):
    """The service is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent(Command):
    """The visitor did not come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoCall(Command):
    """The call was a mistake: back to the old place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Command):
    """An absent visitor came after all; `beyond_grace` is given by the server when a supervisor allows it late."""

    ticket: str
    beyond_grace: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ComeBack(Command):
    """The visitor's own word by phone that they are here after all; the server gives `officer`."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Command):
    """Set the visitor aside for a reason (a copy to make, a payment)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Command):
    """Go on with a visitor on hold."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBack(Command):
    """Call a visitor on hold."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Command):
    """Send the visitor on to another service; `place` is front, arrival or end.

    With `to_counter` only that counter calls them. `reason` tells why somebody comes to the front, and is kept.
    """

    service: str
    place: str = "arrival"
    to_counter: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddService(Command):
    """The visitor also needs `service`: it follows on the same ticket when this step is finished."""

    service: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropService(Command):
    """Take a planned service out of the visit again."""

    service: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanJourney(Command):
    """Plan what a published journey has after the current service."""

    journey: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteNote(Command):
    """Note something on the visitor at the counter; the server makes `note_id` and the text's `commitment`."""

    text: str
    note_id: str = ""
    commitment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver(Command):
    """Record what was delivered in this step, 1 to 99 of `service`; 0 takes it back."""

    service: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(Command):
    """Take a ticket out of the queue, with a reason."""

    ticket: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(Command):
    """Take up a completed ticket of today again; a supervisor's command."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPriority(Command):
    """Confirm or withdraw the priority of a visitor who waits or is at a counter; helpers name no counter."""

    ticket: str
    priority: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptHelp(Command):
    """Say that somebody is on the way to `place`."""

    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishHelp(Command):
    """Say that the visitor at `place` was helped; the minutes since the call was accepted are kept."""

    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue(Command):
    """Issue a ticket for somebody; `reason` why they need help, `minutes` of it, `print_at` the kiosk that prints.

    `reason` is one of ASSIST_REASONS or "", `print_at` a kiosk's device id or "". `ticket_id` and `generation` are
    given by the server.
    """

    service: str
    priority: bool = False
    language: str = "id"
    reason: str = ""
    minutes: int = 0
    print_at: str = ""
    ticket_id: str = ""
    generation: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn(Command):
    """Check a booking in by its typed code or the text of its QR code; `print_at` is a kiosk's device id or "".

    For a code nobody knows, `service` asks for an ordinary number that is looked up later. `ticket` is the number that
    the visitor has already, by id or label: then it gets the booking. What the server knows of the code (`booking`, and
    the `proof` of it), `ticket_id` and `generation` are given by the server.
    """

    code: str
    service: str = ""
    ticket: str = ""
    language: str = "id"
    print_at: str = ""
    priority: bool = False
    booking: Booking | None = None
    proof: str = ""
    ticket_id: str = ""
    generation: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Readmit(Command):
    """Give a ticket its place back by the staff code on its paper; `proven` is what the server read of it."""

    token: str
    proven: Proven | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseDay(Command):
    """Expire every ticket still open."""


COMMANDS: Mapping[str, type[Command]] = {
    "open_counter": OpenCounter,
    "close_counter": CloseCounter,
    "start_break": StartBreak,
    "end_break": EndBreak,
    "set_services": SetServices,
    "announce": Announce,
    "withdraw_announcement": WithdrawAnnouncement,
    "call_next": CallNext,
    "call_ticket": CallTicket,
    "recall": Recall,
    "start": Start,
    "finish": Finish,
    "absent": Absent,
    "undo_call": UndoCall,
    "return": Return,
    "hold": Hold,
    "resume": Resume,
    "call_back": CallBack,
    "transfer": Transfer,
    "add_service": AddService,
    "drop_service": DropService,
    "plan_journey": PlanJourney,
    "note": WriteNote,
    "deliver": Deliver,
    "cancel": Cancel,
    "reopen": Reopen,
    "set_priority": SetPriority,
    "accept_help": AcceptHelp,
    "finish_help": FinishHelp,
    "issue": Issue,
    "check_in": CheckIn,
    "readmit": Readmit,
}
"""The wire names. `CloseDay` is the server's own and `ComeBack` the visitor's: they have none."""

_HINTS: Mapping[type[Command], Mapping[str, Any]] = {
    kind: typing.get_type_hints(kind) for kind in COMMANDS.values()
}
_NEEDED: Mapping[type[Command], tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind) if field.default is MISSING)
    for kind in COMMANDS.values()
}

SERVER_FIELDS = frozenset(
    {
        "officer",
        "ticket_id",
        "generation",
        "proven",
        "booking",
        "proof",
        "any_service",
        "announcement_id",
        "note_id",
        "commitment",
        "beyond_grace",
    }
)
"""Fields the server fills in; a request that names one is refused."""


def command_of(data: Mapping[str, Any]) -> Command:
    """Read `{"command": name, …}` strictly; raises BadInput for an unknown command or field or a wrong type."""
    kind = COMMANDS.get(data["command"]) if isinstance(data.get("command"), str) else None
    if kind is None:
        raise BadInput("unknown_command", command=str(data.get("command"))[:40])
    hints = _HINTS[kind]
    given = {name: value for name, value in data.items() if name != "command"}
    for name, value in given.items():
        if name not in hints or name in SERVER_FIELDS:
            raise BadInput("unknown_field", field=name[:40])
        if not _allowed(value, hints[name], MAX_LIST if name in LISTS else MAX_TEXT):
            raise BadInput("bad_field", field=name)
    for needed in _NEEDED[kind]:
        if needed not in given:
            raise BadInput("missing_field", field=needed)
    return kind(**given)


def _allowed(value: object, hint: Any, longest: int) -> bool:
    if isinstance(value, str):
        return fits(value, hint) and len(value) <= longest
    if isinstance(value, int) and not isinstance(value, bool):
        return fits(value, hint) and 0 <= value <= MAX_NUMBER
    return fits(value, hint)
