"""The seam between the screens and the use cases: all that a screen may ask or do."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from antrean.domain.catalogue import Mall


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
    """What the visitor chose."""

    service: str
    priority: bool
    language: str
    assisted: bool = False


@dataclass(frozen=True, slots=True)
class Issued:
    """A durable number: all that the last screen shows. `wait` is in minutes; None means nobody knows now."""

    ticket_id: str
    label: str
    check: str
    service: str
    issued_ms: int
    status_url: str
    ahead: int | None
    wait: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service as it stands now; `reason` and `opens_ms` as in `antrean.domain.opening`."""

    code: str
    open: bool
    reason: str
    opens_ms: int | None
    full: bool
    waiting: int | None
    wait: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class StaffStatus:
    """What the staff corner shows; `last_contact_ms` is None when the server was never met."""

    printer: str
    paper: str
    server: str
    unsent: int
    last_contact_ms: int | None
    version: str


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

    def print_ticket(self, issued: Issued, language: str, copy: bool = False) -> None:
        """Send the ticket to the printer; the outcome comes through `on_paper`."""

    def print_checklist(self, service: str, language: str) -> None:
        """Print what to bring; takes no number."""

    def on_paper(self, callback: Callable[[str, Paper], None]) -> None:
        """Call back with (ticket id, outcome) from any thread."""

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

    def paired(self) -> bool:
        """Whether this kiosk belongs to a mall yet."""

    def pair(self, code: str, server: str) -> None:
        """Join a mall; waits for the server. Raises RuleViolation or Unavailable."""
