"""A desk for pictures: a mall on a calm morning, where nothing is issued, printed or sent."""

from collections.abc import Callable

from antrean.domain.catalogue import Mall
from antrean.domain.errors import BadInput, RuleViolation
from antrean.domain.opening import taking_numbers
from kiosk.checking_in import Found, Standing
from kiosk.defaults import Defaults
from kiosk.desk import Choice, HelpState, Issued, Paper, ServiceView, StaffStatus
from kiosk.readmission import PaperTaken

MORNING_MS = 1_795_401_720_000
"""Monday 23 November 2026, 09.42 in Jakarta."""

CODE = "K7M4RTXE"
STATUS_URL = "HTTP://192.168.10.5:8080/T/01HZX4M7Q2V8C3N9K5W0B6T1RD"


class PictureDesk:
    """Implements `kiosk.desk.Desk`; whatever would change something is refused or ignored."""

    def __init__(self, mall: Mall, now_ms: int = MORNING_MS) -> None:
        self._mall = mall
        self._now = now_ms

    def sample_ticket(self, service: str) -> Issued:
        """A number to show."""
        return Issued("sample", "A1-012", "KM", service, self._now, STATUS_URL, 7, (10, 25))

    def sample_booking(self, service: str, standing: Standing = Standing.IN_TIME) -> Found:
        """A booking to show: at ten, or as its standing wants it."""
        away_ms = {Standing.EARLY: 78, Standing.LATE: -72, Standing.OTHER_DAY: 1458}.get(
            standing, 18
        ) * 60_000
        start_ms = self._now + away_ms
        known = standing is not Standing.UNKNOWN
        label = ("A1-012", "sample") if standing is Standing.ARRIVED else ("", "")
        times = (start_ms, start_ms + 1_800_000) if known else (0, 0)
        return Found(standing, CODE, CODE, service if known else "", *times, *label)

    def mall(self) -> Mall:
        """The mall in the picture."""
        return self._mall

    def view(self, service: str) -> ServiceView:
        """Seven people wait everywhere."""
        state = taking_numbers(self._mall, self._mall.services[service], self._now)
        return ServiceView(
            service, state.open, state.reason, state.opens_ms, False, 7, (10, 25), state.last_ms
        )

    def calls(self) -> tuple[tuple[str, str], ...]:
        """Three calls to the mall's first counters."""
        labels = ("A1-012", "B2-047", "C1-008")
        return tuple(zip(labels, list(self._mall.counters)[2:], strict=False))

    def news_age_ms(self) -> int | None:
        """Fresh."""
        return 1000

    def issue(self, choice: Choice) -> Issued:
        """A picture gives no numbers."""
        raise RuleViolation("not_paired")

    def takes_bookings(self) -> bool:
        """The mall in the picture sells slots."""
        return True

    def foreign_codes(self) -> bool:
        """All codes are ours."""
        return False

    def find_booking(self, text: str) -> Found:
        """A picture knows no bookings."""
        raise BadInput("bad_booking_code")

    def copy_booking(self, found: Found, language: str) -> bool:
        """Prints nothing."""
        return False

    def readmit(self, token: str) -> PaperTaken:
        """A picture knows no papers."""
        raise RuleViolation("unknown_paper")

    def print_ticket(self, issued: Issued, language: str, copy: bool = False) -> None:
        """Prints nothing."""

    def print_checklist(self, service: str, language: str) -> str:
        """Prints nothing."""
        return ""

    def on_paper(self, callback: Callable[[str, Paper], None]) -> None:
        """Nothing will come."""

    def call_help(self, screen: str) -> None:
        """Nobody comes."""

    def help_state(self) -> HelpState:
        """Nobody was called."""
        return HelpState.NONE

    def now_ms(self) -> int:
        """The moment of the picture."""
        return self._now

    def check_pin(self, pin: str) -> bool:
        """No PIN opens a picture."""
        return False

    def staff_status(self) -> StaffStatus:
        """A kiosk in good health."""
        server = "http://192.168.10.5:8080"
        return StaffStatus(
            printer="tcp://192.168.10.9:9100",
            paper="printed",
            server=server,
            link="online",
            code="",
            unsent=0,
            last_contact_ms=self._now - 4000,
            version="0.1.0",
            paper_ms=self._now - 180_000,
            servers=(server,),
            addresses=("192.168.10.31",),
            name="Kiosk lobi",
            issuer="1",
        )

    def test_print(self) -> None:
        """Prints nothing."""

    def paper_changed(self) -> None:
        """There is no roll."""

    def contact_now(self) -> None:
        """There is no server."""

    def defaults(self) -> Defaults:
        """As it comes."""
        return Defaults()

    def keep_defaults(self, defaults: Defaults) -> None:
        """Keeps nothing."""

    def paired(self) -> bool:
        """It belongs to its mall."""
        return True

    def pair(self, code: str, server: str) -> None:
        """A picture joins nothing."""
        raise RuleViolation("pairing_unknown")
