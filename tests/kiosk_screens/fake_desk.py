"""A desk for tests of the screens."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.errors import RuleViolation, Unavailable
from antrean.domain.opening import last_number_ms, taking_numbers
from kiosk.checking_in import Found, Standing
from kiosk.defaults import Defaults
from kiosk.desk import Choice, HelpState, Issued, Paper, ServiceView, StaffStatus
from kiosk.readmission import PaperTaken, Taken

SAMPLE = Path(__file__).parents[2] / "queue_server" / "samples" / "mpp.toml"
MONDAY_0942 = 1_795_401_720_000  # 2026-11-23 09.42 in Jakarta
TOKEN = "01HZX4M7Q2V8C3N9K5W0B6T1RD"


@cache
def sample() -> Mall:
    """The sample mall, read once."""
    return mall_from_dict(tomllib.loads(SAMPLE.read_text(encoding="utf-8")))


class FakeDesk:
    """A desk without ledger, printer or server; what was asked of it is kept."""

    def __init__(self, mall: Mall) -> None:
        self.the_mall = mall
        self.now = MONDAY_0942
        self.is_paired = True
        self.choices: list[Choice] = []
        self.printed: list[tuple[str, bool]] = []
        self.checklists: list[str] = []
        self.list_jobs: list[str] = []
        self.helped: list[str] = []
        self.help = HelpState.NONE
        self.full: set[str] = set()
        self.always_open = False
        self.refusal: Exception | None = None
        self.lookup_refusal: Exception | None = None
        self.paper: Callable[[str, Paper], None] = lambda ticket, paper: None
        self.age: int | None = 1000
        self.shown_calls: tuple[tuple[str, str], ...] = (("A1-012", "3"), ("B2-047", "11"), ("C1-008", "5"))
        self.tests, self.rolls, self.contacts = 0, 0, 0
        self.staff_paper, self.link, self.disk = "paper_out", "online", ""
        self.kept = Defaults()
        self.papers: list[str] = []
        self.pairings: list[tuple[str, str]] = []
        self.bookings: dict[str, Found] = {}
        self.with_bookings = True
        self.foreign = False
        self.copies: list[str] = []
        self.before_pairing: Callable[[], object] = lambda: None

    def mall(self) -> Mall:
        if not self.is_paired:
            raise RuleViolation("not_paired")
        return self.the_mall

    def end_numbers(self) -> int:
        """The mall gives its last numbers 30 minutes before it closes; the moment after that on the same day."""
        policy = replace(self.the_mall.policy, last_number_minutes_before_close=30)
        self.the_mall = replace(self.the_mall, policy=policy)
        last_ms = last_number_ms(self.the_mall, self.the_mall.services["ktp-hilang"], MONDAY_0942)
        assert last_ms is not None
        return last_ms + 60_000

    def view(self, service: str) -> ServiceView:
        if service not in self.the_mall.services:
            raise RuleViolation("unknown_service", service=service)
        state = taking_numbers(self.the_mall, self.the_mall.services[service], self.now)
        full = service in self.full
        if self.always_open:
            return ServiceView(service, True, "open", None, full, 7, (10, 25))
        return ServiceView(
            service, state.open, state.reason, state.opens_ms, full, 7, (10, 25), state.last_ms
        )

    def calls(self) -> tuple[tuple[str, str], ...]:
        return self.shown_calls

    def news_age_ms(self) -> int | None:
        return self.age

    def issue(self, choice: Choice) -> Issued:
        if self.refusal is not None:
            raise self.refusal
        self.view(choice.service)
        self.choices.append(choice)
        number = issued(choice.service, len(self.choices) + 11)
        return replace(number, booking=self.find_booking(choice.booking)) if choice.booking else number

    def takes_bookings(self) -> bool:
        return self.with_bookings

    def foreign_codes(self) -> bool:
        return self.foreign

    def find_booking(self, text: str) -> Found:
        if self.lookup_refusal is not None:
            raise self.lookup_refusal
        return self.bookings.get(text) or Found(Standing.UNKNOWN, text, text[:8])

    def copy_booking(self, found: Found, language: str) -> bool:
        self.copies.append(found.label)
        return True

    def readmit(self, token: str) -> PaperTaken:
        self.papers.append(token)
        if self.refusal is not None:
            raise self.refusal
        known = self.papers.count(token) > 1
        result = Taken.KNOWN if known else Taken.BACK
        return PaperTaken("", "A1-012", "ktp-hilang", MONDAY_0942 - 1_800_000, True, result)

    def print_ticket(self, issued: Issued, language: str, copy: bool = False) -> None:
        self.printed.append((issued.ticket_id, copy))

    def print_checklist(self, service: str, language: str) -> str:
        self.checklists.append(service)
        self.list_jobs.append(f"checklist-{len(self.checklists)}")
        return self.list_jobs[-1]

    def on_paper(self, callback: Callable[[str, Paper], None]) -> None:
        self.paper = callback

    def call_help(self, screen: str) -> None:
        self.helped.append(screen)
        self.help = HelpState.ASKED

    def help_state(self) -> HelpState:
        return self.help

    def now_ms(self) -> int:
        return self.now

    def check_pin(self, pin: str) -> bool:
        return pin == "2468"

    def staff_status(self) -> StaffStatus:
        return StaffStatus(
            printer="tcp://192.168.10.9:9100",
            paper=self.staff_paper,
            server="http://192.168.10.5:8080",
            link=self.link,
            code="",
            unsent=3,
            last_contact_ms=self.now - 4000,
            version="0.1.0",
            disk=self.disk,
            disk_detail="kiosk.db.broken-1",
            paper_ms=self.now - 60_000,
            servers=("http://192.168.10.5:8080", "http://192.168.10.6:8080"),
            addresses=("192.168.10.31",),
            name="Kiosk lobi utara",
            issuer="1",
        )

    def test_print(self) -> None:
        self.tests += 1

    def paper_changed(self) -> None:
        self.rolls += 1
        self.staff_paper = "printing"

    def contact_now(self) -> None:
        self.contacts += 1

    def defaults(self) -> Defaults:
        return self.kept

    def keep_defaults(self, defaults: Defaults) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.kept = defaults

    def paired(self) -> bool:
        return self.is_paired

    def pair(self, code: str, server: str) -> None:
        self.before_pairing()
        self.pairings.append((code, server))
        if code != "ABC1":
            raise RuleViolation("pairing_unknown")
        if "9" not in server:
            raise Unavailable("no answer", permanent=False)
        self.is_paired = True


def issued(service: str, number: int = 12) -> Issued:
    return Issued(
        f"01890000-0000-7000-8000-{number:012d}", f"A1-{number:03d}", "KM", service, MONDAY_0942,
        f"HTTP://192.168.10.5:8080/T/{TOKEN}", 7, (10, 25),
    )  # fmt: skip
