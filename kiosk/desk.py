"""The seam between the screens and the use cases: all that a screen may ask or do."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from antrean.domain.catalogue import Mall
from kiosk.checking_in import Found
from kiosk.defaults import Defaults
from kiosk.readmission import PaperTaken


class Paper(StrEnum):
    """What a visitor should know of their paper."""

    WAITING = "waiting"
    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NONE = "none"


class HelpState(StrEnum):
    """Whether somebody was asked to come, and whether they are coming."""

    NONE = "none"
    ASKED = "asked"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the visitor chose; staff who choose for one say a `reason` of ASSIST_REASONS and the `minutes` of help.

    `booking` is the code they came with, as typed or scanned, "" for who walks in.
    """

    service: str
    priority: bool
    language: str
    assisted: bool = False
    reason: str = ""
    minutes: int = 0
    booking: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """A durable number: all that the last screen shows. `wait` is in minutes; None means nobody knows now.

    `booking` is what the visitor came with, as it was found when the number was taken.
    """

    ticket_id: str
    label: str
    check: str
    service: str
    issued_ms: int
    status_url: str
    ahead: int | None
    wait: tuple[int, int] | None
    booking: Found | None = None


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service as it stands now; `reason`, `opens_ms` and `last_ms` as in `antrean.domain.opening`."""

    code: str
    open: bool
    reason: str
    opens_ms: int | None
    full: bool
    waiting: int | None
    wait: tuple[int, int] | None
    last_ms: int | None = None


@dataclass(frozen=True, slots=True)
class StaffStatus:
    """What the staff corner shows; `link` is a key of `staff.link_…`, `code` what the server refused with.

    `printer` is its target as in the settings. `paper` is how the last printing went: "" nothing was printed yet,
    "printing", "printed", or a reason, a key of `paper.reason_…`; `paper_ms` is when that was known.
    `disk` is a key of `staff.disk_…`, "" when all is well, `disk_detail` the file or reason it speaks of.
    `last_contact_ms` is None when the server was never met. `servers` are tried in turn, `addresses` are this
    machine's own, `name` and `issuer` are what the mall calls this kiosk.
    """

    printer: str
    paper: str
    server: str
    link: str
    code: str
    unsent: int
    last_contact_ms: int | None
    version: str
    disk: str = ""
    disk_detail: str = ""
    paper_ms: int | None = None
    servers: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    name: str = ""
    issuer: str = ""


class Desk(Protocol):
    """Everything behind the screens. No method waits for the network or the printer, except `pair`."""

    def mall(self) -> Mall:
        """The mall's catalogue as last heard."""

    def view(self, service: str) -> ServiceView:
        """How a service stands now."""

    def calls(self) -> tuple[tuple[str, str], ...]:
        """The last calls as (label, counter code), newest first, at most three."""

    def news_age_ms(self) -> int | None:
        """How old the news from the server is; None when the server was never met."""

    def issue(self, choice: Choice) -> Issued:
        """Give a number, durable on return; raises RuleViolation."""

    def takes_bookings(self) -> bool:
        """Whether anybody can come here with a booking."""

    def foreign_codes(self) -> bool:
        """Whether codes are about that use letters which our own never have."""

    def find_booking(self, text: str) -> Found:
        """What a typed code or a scanned token leads to; raises BadInput `bad_booking_code`."""

    def copy_booking(self, found: Found, language: str) -> bool:
        """Print the paper of a booking's number once more, as SALINAN; False where its ticket is not known here."""

    def readmit(self, token: str) -> PaperTaken:
        """Take a paper back by its staff code, durable on return; raises RuleViolation as `Readmission.take`."""

    def print_ticket(self, issued: Issued, language: str, copy: bool = False) -> None:
        """Send the ticket to the printer; the outcome comes through `on_paper`."""

    def print_checklist(self, service: str, language: str) -> str:
        """Print what to bring; takes no number. Returns the id under which `on_paper` tells of it."""

    def on_paper(self, callback: Callable[[str, Paper], None]) -> None:
        """Call back with (id of the ticket or checklist, outcome) from any thread."""

    def call_help(self, screen: str) -> None:
        """Ask for a person to come to this kiosk."""

    def help_state(self) -> HelpState:
        """Whether somebody is coming."""

    def now_ms(self) -> int:
        """The mall's time."""

    def check_pin(self, pin: str) -> bool:
        """Whether this is the staff PIN."""

    def staff_status(self) -> StaffStatus:
        """What staff want to know of this kiosk."""

    def test_print(self) -> None:
        """Print a test page."""

    def paper_changed(self) -> None:
        """A new roll is in: forget the old complaint and print a test page; no ticket is printed again by itself."""

    def contact_now(self) -> None:
        """Try the server at once, without waiting for the next turn."""

    def defaults(self) -> Defaults:
        """How every visit at this kiosk begins."""

    def keep_defaults(self, defaults: Defaults) -> None:
        """Begin every visit so from now on, also after a restart; Unavailable when the disk refuses."""

    def paired(self) -> bool:
        """Whether this kiosk belongs to a mall yet."""

    def pair(self, code: str, server: str) -> None:
        """Join a mall; waits for the server, on a thread of its own. Raises RuleViolation or Unavailable."""
