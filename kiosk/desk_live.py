"""The real desk behind the screens: numbers from the ledger, paper from the printer, news from the sync thread."""

import hmac
import itertools
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from antrean.domain.catalogue import Mall
from antrean.domain.errors import RuleViolation
from antrean.domain.events import HelpRequested
from antrean.domain.label import check_letters, status_url
from antrean.domain.opening import taking_numbers
from antrean.ledger.device_log import Issued as Ticket
from antrean.ledger.device_memory import Pairing
from antrean.ledger.errors import LedgerBroken
from kiosk import script
from kiosk.checking_in import Asked, CheckingIn, Found
from kiosk.config import Config
from kiosk.conversation import News
from kiosk.defaults import Defaults, keep_defaults
from kiosk.desk import Choice, HelpState, Issued, Paper, ServiceView, StaffStatus
from kiosk.faces import checklist_face, faces_to_warm, figures, issued_ms_of, ticket_face
from kiosk.issuing import Issuing, counted_day, find_service
from kiosk.own_address import own_addresses
from kiosk.printing import COPY_MARK, Printing
from kiosk.readmission import PaperTaken, Readmission
from kiosk.sync import Listener, SyncStatus, SyncWorker
from printers.face import PAPERS
from printers.outcome import Failed, Outcome, Printed
from printers.sheets import checklist_bytes, trial_page_bytes
from printers.ticket import ticket_bytes, warm

SAID_CODES = ("busy", "upgrade_needed", "older_server", "device_withdrawn")
"""Reasons of the server that staff read in words (`staff.link_…`)."""
KEPT_TICKETS = 50
FIGURES_GOOD_FOR_MS = 120_000
"""Older figures are not told as if they were of now: a wrong count on paper is worse than none."""
NO_NEWS = News({}, (), {}, 0, 0, 0)


class LiveDesk:
    """Implements `kiosk.desk.Desk`. Its methods belong to the screen's thread; `listener` is for the sync thread."""

    def __init__(
        self,
        config: Config,
        hands: script.Hands,
        printing: Printing,
        on_broken: Callable[[LedgerBroken], None],
    ) -> None:
        self._config = config
        self._hands = hands
        self._printing = printing
        self._on_broken = on_broken
        self._issue_anew()
        self._readmission = Readmission(hands.ledger, hands.clock, hands.new_id)
        self._sync: SyncWorker | None = None
        self._begin: Callable[[], None] = lambda: None
        self._mall: Mall | None = None
        self._pairing: Pairing | None = hands.ledger.memory.pairing()
        self._news = NO_NEWS
        self._status = SyncStatus("offline" if self._pairing else "unpaired", 0, None)
        self._tickets: OrderedDict[str, Ticket] = OrderedDict()
        self._jobs = itertools.count(1)
        self._asked_help = False
        self._help_known = False
        self._defaults = config.defaults
        self._last_paper: tuple[str, int | None] = ("", None)
        self._on_paper: Callable[[str, Paper], None] | None = None

    # --- wiring, done once by __main__

    def listener(self) -> Listener:
        """Where the sync thread tells its news."""
        return Listener(self._take_status, self._take_news, self._take_mall, self._on_broken)

    def use(self, sync: SyncWorker, begin: Callable[[], None] = lambda: None) -> None:
        """Whom to wake when something waits to be sent; `begin` starts what works beside the screens."""
        self._sync, self._begin = sync, begin

    def begin(self) -> None:
        """Start printing and talking to the server; the first picture is not kept waiting for them."""
        begin, self._begin = self._begin, lambda: None
        begin()

    def warm_paper(self) -> None:
        """Draw what the common tickets have in common now, beside the screens, so that no visitor waits for it."""
        pairing = self._pairing
        if pairing is None or self._hands.ledger.memory.catalogue() is None:
            return
        faces = faces_to_warm(
            self.mall(),
            issuer=pairing.issuer,
            public_url=self._public_url(),
            language=self._config.language,
        )
        paper = PAPERS[self._config.paper]
        threading.Thread(target=warm, args=(faces, paper), name="warm-paper", daemon=True).start()

    def take_outcome(self, job_id: str, outcome: Outcome) -> None:
        """A print job ended; from the printer's thread."""
        said = "printed" if isinstance(outcome, Printed) else outcome.reason
        self._last_paper = (said, self._hands.clock.now().ms)
        self._wake()
        if self._on_paper is not None:
            self._on_paper(job_id.partition(COPY_MARK)[0], _paper_of(outcome))

    # --- what the screens ask

    def mall(self) -> Mall:
        """The mall as last heard; raises RuleViolation `not_paired` or `no_catalogue`."""
        if self._mall is None:
            self._mall = script.stored_mall(self._hands.ledger)
        return self._mall

    def view(self, service: str) -> ServiceView:
        """How a service stands now."""
        mall, now = self.mall(), self._hands.clock.now()
        found = find_service(mall, service)
        state = taking_numbers(mall, found, now.ms)
        waiting, wait = self._figures(service)
        left = None
        if found.quota is not None:
            day = counted_day(mall, now, self._hands.ledger)
            left = self._hands.ledger.memory.share_left(service, day)
        return ServiceView(
            code=service,
            open=state.open or not now.plausible,
            reason=state.reason,
            opens_ms=state.opens_ms,
            full=left is not None and left <= 0,
            waiting=waiting,
            wait=wait,
            last_ms=state.last_ms,
        )

    def calls(self) -> tuple[tuple[str, str], ...]:
        """The last calls as (label, counter), newest first."""
        return self._news.calls[:3]

    def news_age_ms(self) -> int | None:
        """How old the news is, None before the first."""
        since = self._status.since_ms
        return None if since is None else max(0, self._hands.clock.now().ms - since)

    def issue(self, choice: Choice) -> Issued:
        """Give a durable number; asks neither network nor printer."""
        mall, found = self.mall(), None
        if choice.booking:
            asked = Asked(choice.language, choice.priority, choice.reason, choice.minutes)
            found, ticket = self._checking_in.take(mall, choice.booking, asked, service=choice.service)
        else:
            ticket = self._issuing.issue(
                mall,
                choice.service,
                priority=choice.priority,
                language=choice.language,
                assisted=choice.assisted,
                reason=choice.reason,
                minutes=choice.minutes,
            )
        self._keep(ticket)
        self._wake()
        ahead, wait = self._figures(ticket.service)
        if found is not None and found.has_place:
            ahead = wait = None  # the figures are those of who joins the line at its end
        return Issued(
            ticket_id=ticket.ticket_id,
            label=str(ticket.label),
            check=check_letters(ticket.ticket_id),
            service=ticket.service,
            issued_ms=self._hands.clock.now().ms,
            status_url=status_url(self._public_url(), ticket.ticket_id),
            ahead=ahead,
            wait=wait,
            booking=found,
        )

    def takes_bookings(self) -> bool:
        """Whether anybody can come here with a booking: the mall sells slots, or its server told of some."""
        sold = any(service.booking is not None for service in self.mall().services.values())
        return sold or self._hands.ledger.bookings.any()

    def foreign_codes(self) -> bool:
        """Whether codes are about that use letters which our own never have."""
        return self._hands.ledger.bookings.foreign_codes()

    def find_booking(self, text: str) -> Found:
        """What a typed code or a scanned token leads to; asks the local copy only."""
        return self._checking_in.look(self.mall(), text)

    def copy_booking(self, found: Found, language: str) -> bool:
        """Hand the paper of a booking's number to the printer once more."""
        ticket = self._checking_in.ticket(found)
        if ticket is None:
            return False
        self._keep(ticket)
        given_ms = issued_ms_of(ticket.ticket_id)
        number = Issued(ticket.ticket_id, found.label, "", ticket.service, given_ms, "", None, None, found)
        self.print_ticket(number, language, copy=True)
        return True

    def readmit(self, token: str) -> PaperTaken:
        """Take a paper back by its staff code; asks neither network nor printer."""
        taken = self._readmission.take(self.mall(), token)
        self._wake()
        return taken

    def print_ticket(self, issued: Issued, language: str, copy: bool = False) -> None:
        """Hand the ticket to the printer; a copy says SALINAN and keeps its id."""
        ticket = self._tickets.get(issued.ticket_id)
        if ticket is None:
            return
        face = ticket_face(
            self.mall(),
            replace(ticket, language=language),
            issued_ms=issued.issued_ms,
            public_url=self._public_url(),
            services=self._news.services,
            copied_ms=self._hands.clock.now().ms if copy else None,
        )
        face = replace(face, ahead=issued.ahead, wait=issued.wait)
        paper = PAPERS[self._config.paper]
        job = f"{issued.ticket_id}{COPY_MARK}{next(self._jobs)}" if copy else issued.ticket_id
        self._printing.submit(job, lambda: ticket_bytes(face, paper))

    def print_checklist(self, service: str, language: str) -> str:
        """Print what to bring; takes no number. Returns the id of its print job."""
        mall = self.mall()
        face = checklist_face(mall, find_service(mall, service), language)
        job = f"checklist-{self._hands.new_id()}"
        self._printing.submit(job, lambda: checklist_bytes(face, PAPERS[self._config.paper]))
        return job

    def on_paper(self, callback: Callable[[str, Paper], None]) -> None:
        """Call back with (id of the ticket or job, outcome), from the printer's thread."""
        self._on_paper = callback

    def call_help(self, screen: str) -> None:
        """Ask for a person at this kiosk; where the visitor is on the screen stays out of the log."""
        self._hands.ledger.append(
            HelpRequested(self._place()), event_id=self._hands.new_id(), stamp=self._hands.clock.stamp()
        )
        self._asked_help = True
        self._wake()

    def help_state(self) -> HelpState:
        """Whether somebody is coming."""
        accepted = self._news.help.get(self._place())
        if accepted:
            self._asked_help = False
            return HelpState.ACCEPTED
        return HelpState.ASKED if self._asked_help or accepted is False else HelpState.NONE

    def now_ms(self) -> int:
        """The mall's time."""
        return self._hands.clock.now().ms

    def check_pin(self, pin: str) -> bool:
        """Whether this is the staff PIN; without one in the settings nothing is."""
        wanted = self._config.staff_pin
        return bool(wanted) and hmac.compare_digest(wanted.encode(), pin.encode())

    def staff_status(self) -> StaffStatus:
        """What staff want to know."""
        servers = self._config.servers or (self._pairing.servers if self._pairing else ())
        state, code = self._status.state, self._status.code
        disk, disk_detail = self._hands.ledger.trouble()
        paper, paper_ms = self._last_paper
        return StaffStatus(
            printer=self._config.printer,
            paper=paper,
            server=servers[0] if servers else "",
            link=code if code in SAID_CODES else state,
            code=code,
            unsent=self._hands.ledger.outbox.count(),
            last_contact_ms=self._status.since_ms,
            version=self._hands.version,
            disk=disk,
            disk_detail=disk_detail,
            paper_ms=paper_ms,
            servers=tuple(servers),
            addresses=own_addresses(),
            name=self._pairing.name if self._pairing else "",
            issuer=self._pairing.issuer or "" if self._pairing else "",
        )

    def test_print(self) -> None:
        """Print a test page."""
        job = f"test-{self._hands.new_id()}"
        self._last_paper = ("printing", self._hands.clock.now().ms)
        self._printing.submit(job, self._test_page)

    def paper_changed(self) -> None:
        """Forget the old complaint; what the new roll is like, a test page tells."""
        self.test_print()

    def contact_now(self) -> None:
        """Try the server at once."""
        self._wake()

    def defaults(self) -> Defaults:
        """How every visit begins."""
        return self._defaults

    def keep_defaults(self, defaults: Defaults) -> None:
        """Begin every visit so from now on, also after a restart."""
        keep_defaults(self._hands.ledger.folder, defaults)
        self._defaults = defaults

    def paired(self) -> bool:
        """Whether this kiosk belongs to a mall."""
        return self._pairing is not None

    def pair(self, code: str, server: str) -> None:
        """Join a mall by a one-time code; waits for the server, so it may run on a thread of its own."""
        servers = (server.strip().rstrip("/"),) if server.strip() else self._config.servers
        if not servers:
            raise RuleViolation("no_server")
        config = replace(self._config, servers=servers)
        ledger = self._hands.ledger.sibling()
        try:
            pairing = script.pair(code, config, replace(self._hands, ledger=ledger))
        finally:
            ledger.close()
        self._config = config
        self._mall = None
        self._issue_anew()
        self._pairing = pairing
        if self._sync is not None:
            self._sync.reconnect()

    # --- told by other threads

    def _take_status(self, status: SyncStatus) -> None:
        self._status = status

    def _take_news(self, news: News) -> None:
        if self._place() in news.help:
            self._help_known = True
        elif self._help_known:  # it was on the server's list and is off it: the visitor was helped
            self._help_known = self._asked_help = False
        self._news = news

    def _take_mall(self, mall: Mall) -> None:
        self._mall = mall

    # --- small things

    def _issue_anew(self) -> None:
        hands = self._hands
        self._issuing = Issuing(hands.ledger, hands.clock, hands.new_id)
        self._checking_in = CheckingIn(hands.ledger, hands.clock, hands.new_id, self._issuing)

    def _keep(self, ticket: Ticket) -> None:
        """Remember what a paper needs, for a while."""
        self._tickets[ticket.ticket_id] = ticket
        if len(self._tickets) > KEPT_TICKETS:
            self._tickets.popitem(last=False)

    def _figures(self, service: str) -> tuple[int | None, tuple[int, int] | None]:
        age_ms = self.news_age_ms()
        fresh = age_ms is not None and age_ms <= FIGURES_GOOD_FOR_MS
        return figures(self._news.services, service) if fresh else (None, None)

    def _wake(self) -> None:
        if self._sync is not None:
            self._sync.wake()

    def _place(self) -> str:
        return self._config.place or (self._pairing.name if self._pairing else "")

    def _public_url(self) -> str:
        pairing = self._hands.ledger.memory.pairing()
        if pairing is None:
            raise RuleViolation("not_paired")
        self._pairing = pairing
        return script.printed_address(pairing)

    def _test_page(self) -> bytes:
        name = self._pairing.name if self._pairing else ""
        lines = tuple(line for line in (name, self._config.printer, self._hands.version) if line)
        return trial_page_bytes(self._config.language, lines, PAPERS[self._config.paper])


def _paper_of(outcome: Outcome) -> Paper:
    if isinstance(outcome, Printed):
        return Paper.PRINTED
    if isinstance(outcome, Failed):
        return Paper.NONE if outcome.reason == "no_printer" else Paper.FAILED
    return Paper.UNKNOWN
