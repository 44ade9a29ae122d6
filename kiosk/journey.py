"""Which screen follows which, and what the visitor asks for on the way from Welcome to a number."""

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from antrean.domain.assistance import whole_minutes
from antrean.domain.catalogue import Mall
from antrean.domain.errors import AntreanError, RuleViolation, Unavailable
from antrean.texts import texts_for
from kiosk.arriving import Arriving, is_booking
from kiosk.checklist import Checklist
from kiosk.complaints import complaint
from kiosk.desk import Choice, Issued, Paper
from kiosk.empty_mall import EMPTY_MALL
from kiosk.joining import Joining
from kiosk.resting import Shut, shut_at
from kiosk.screens import lists
from kiosk.screens.assisted import Assisted
from kiosk.screens.card import Card
from kiosk.screens.entry import Pairing, Preparing
from kiosk.screens.finder import FinderScreen
from kiosk.screens.needs import Needs
from kiosk.screens.night import Night
from kiosk.screens.number import Number
from kiosk.screens.paper_sheets import paper_sheet
from kiosk.screens.priority import Priority
from kiosk.screens.screen import Scene, Screen
from kiosk.screens.sheets import notice_sheet
from kiosk.screens.welcome import Welcome
from kiosk.staff_corner import StaffCorner
from kiosk.visit import Visit

if TYPE_CHECKING:
    from antrean.finder import Finder
    from kiosk.window import KioskWindow

log = logging.getLogger(__name__)


FOLLOWS = (Welcome, Preparing, Needs, lists.PagedList, FinderScreen, Card, Priority, Assisted)
"""The screens that show the catalogue, and so follow it when it changes."""


class Journey(QObject):
    """Leads one visitor after the other through the screens of `window`, which keeps what they chose."""

    _paper_came = Signal(str, object)

    def __init__(self, window: "KioskWindow") -> None:
        super().__init__(window)
        self._window, self._desk = window, window.desk
        self._joining = Joining(self._desk, self)
        self._joining.ended.connect(self._joined)
        self._corner = StaffCorner(window)
        self._arriving = Arriving(window, self)
        self._checklist = Checklist(window)
        self._search: tuple[Mall, Finder] | None = None
        self._issued: Issued | None = None
        self._paper = Paper.WAITING
        # Queued: a printing that fails at once is told after its id is known.
        self._paper_came.connect(self._show_paper, Qt.ConnectionType.QueuedConnection)
        self._desk.on_paper(self._paper_came.emit)

    def start_over(self) -> None:
        """Show the first screen; whoever was here is forgotten."""
        self._issued, self._paper = None, Paper.WAITING
        self._window.go(self._home)

    def _scene(self) -> Scene:
        return self._window.scene()

    @property
    def _visit(self) -> Visit:
        return self._window.visit

    # --- the screens

    def _home(self) -> Screen:
        if not self._desk.paired():
            return self._pairing()
        return self._welcome() if self._window.mall() is not EMPTY_MALL else Preparing(self._scene())

    def _welcome(self) -> Screen:
        screen = Welcome(self._scene())
        screen.started.connect(lambda: self._window.go(self._needs))
        screen.language_chosen.connect(self._window.speak)
        screen.service_chosen.connect(self._choose_service)
        screen.booking_called.connect(self._arriving.begin)
        return screen

    def _needs(self) -> Screen:
        self._window.choose(need="", agency="", service="", page=0, found=False, typed="")
        screen = Needs(self._scene())
        screen.need_chosen.connect(self._choose_need)
        screen.finder_called.connect(lambda: self._window.go(self._finder))
        screen.booking_called.connect(self._arriving.begin)
        return screen

    def choose_need(self) -> None:
        """Whoever has a code that says no service names it on the ordinary screens."""
        self._window.go(self._needs)

    def meet_catalogue(self) -> None:
        """The catalogue came or changed: draw the screen anew, or choose again when what was chosen is no more."""
        if self._window.mall() is EMPTY_MALL:
            self.start_over()
        elif self._gone():
            self._refuse(RuleViolation("unknown_service", service=self._visit.service))
        else:
            self._window.again()

    def _gone(self) -> bool:
        """Whether the mall does not have any more what this visitor chose."""
        mall, visit = self._window.mall(), self._visit
        chosen = (visit.need, mall.needs), (visit.agency, mall.agencies), (visit.service, mall.services)
        return any(code and code not in known for code, known in chosen)

    def rest(self) -> None:
        """Nobody is here: while the mall is shut, Welcome makes way for the night and comes back with the day."""
        shut = shut_at(self._window.mall(), self._desk.now_ms())
        if isinstance(self._window.screen_, Welcome) and shut is not None:
            self._window.go(lambda: self._night(shut))
        elif isinstance(self._window.screen_, Night) and shut is None:
            self.start_over()

    def _night(self, shut: Shut) -> Screen:
        screen = Night(self._scene(), shut)
        screen.woken.connect(self.start_over)
        return screen

    def _choose_need(self, need: str) -> None:
        self._window.choose(need=need, page=0)
        self._window.go(self._list)

    def _list(self) -> Screen:
        scene, visit = self._scene(), self._visit
        if not visit.agency and lists.by_agency(scene, visit.need):
            screen = lists.agencies_of_need(scene, visit.need)
            screen.row_chosen.connect(self._choose_agency)
            return screen
        if visit.agency:
            screen = lists.services_of_agency(scene, visit.agency, visit.need, visit.page)
        else:
            screen = lists.services_of_need(scene, visit.need, visit.page)
        screen.row_chosen.connect(lambda code: self._choose_service(code, screen.page))
        return screen

    def _choose_agency(self, agency: str) -> None:
        self._window.choose(agency=agency)
        self._window.go(self._list)

    def _choose_service(self, service: str, page: int = 0, found: bool = False) -> None:
        self._window.choose(service=service, page=page, found=found)
        try:
            view = self._desk.view(service)
        except RuleViolation as gone:
            self._refuse(gone)
            return
        self._window.go(
            self._assisted if self._visit.helped_since_ms and view.open and not view.full else self._card
        )

    def _finder(self) -> Screen:
        scene = self._scene()
        if self._search is None or self._search[0] is not scene.mall:
            from antrean.finder import Finder  # not at the start: it would keep the first picture waiting

            self._search = scene.mall, Finder(scene.mall)
        screen = FinderScreen(scene, self._search[1], self._visit.typed)
        screen.typed_on.connect(lambda typed: self._window.choose(typed=typed))
        screen.row_chosen.connect(lambda code: self._choose_service(code, found=True))
        screen.agency_chosen.connect(self._choose_found_agency)
        return screen

    def _choose_found_agency(self, agency: str) -> None:
        self._window.choose(need="", agency=agency, page=0)
        self._window.go(self._list)

    def _card(self) -> Screen:
        scene = self._scene()
        screen = Card(scene, scene.mall.services[self._visit.service])
        screen.taken.connect(self.ask_priority)
        screen.checklist_called.connect(self._checklist.ask)
        return screen

    def show_card(self) -> None:
        """The card of the service that was chosen."""
        self._window.go(self._card)

    def ask_priority(self) -> None:
        """The one question before the number; in helper mode, why the visitor is helped."""
        self._window.go(self._assisted if self._visit.helped_since_ms else self._priority)

    def _assisted(self) -> Screen:
        scene = self._scene()
        service = scene.mall.services[self._visit.service]
        screen = Assisted(scene, service, priority=self._visit.priority)
        screen.switched.connect(lambda priority: self._window.choose(priority=priority))
        screen.chosen.connect(self._take_for)
        return screen

    def _priority(self) -> Screen:
        screen = Priority(self._scene())
        screen.answered.connect(self._take)
        return screen

    def _number(self) -> Screen:
        assert self._issued is not None
        told, patience = self._window.settings, 2 if self._visit.assist.slow else 1
        screen = Number(
            self._scene(), self._issued, told.number_seconds * patience, told.trouble_seconds * patience
        )
        if self._paper is not Paper.WAITING:
            screen.show_paper(self._paper)
        screen.finished.connect(self._window.leave)
        return screen

    def _pairing(self) -> Screen:
        screen = Pairing(self._scene(), self._window.settings.server)
        screen.entered.connect(self._pair)
        return screen

    def end_number(self) -> None:
        """A number ends its visit: whoever goes on from its screen, scanning or with the PIN, is somebody else."""
        if isinstance(self._window.screen_, Number):
            self._window.begin_visit()

    def ask_pin(self) -> None:
        """Staff want their corner."""
        self.end_number()
        self._corner.ask_pin()

    def help_somebody(self) -> None:
        """Staff, known by their PIN, take a number for somebody: the ordinary screens, then why, then the number."""
        self._window.choose(helped_since_ms=self._desk.now_ms(), priority=False)
        self._window.go(self._needs)

    def back(self) -> None:
        """One step back, from whatever shows."""
        where = type(self._window.screen_)
        if self._arriving.back():
            return
        if where is Priority:
            self._window.go(self._card)
        elif self._corner.back():
            return
        elif where in (Card, Assisted):
            self._window.choose(service="")
            listed = self._list if self._visit.need or self._visit.agency else self._welcome
            self._window.go(self._finder if self._visit.found else listed)
        elif issubclass(where, lists.PagedList) and self._visit.agency:
            self._window.choose(agency="", page=0)
            self._window.go(self._list if self._visit.need else self._finder)
        elif issubclass(where, lists.PagedList | FinderScreen):
            self._window.go(self._needs)
        else:
            self._window.leave()

    # --- what the visitor asks for

    def _take(self, priority: bool) -> None:
        self._issue(Choice(self._visit.service, priority, self._visit.language, booking=self._booking))

    def _take_for(self, reason: str, priority: bool) -> None:
        visit = self._visit
        minutes = whole_minutes(self._desk.now_ms() - visit.helped_since_ms)
        choice = Choice(visit.service, priority, visit.language, True, reason, minutes, self._booking)
        self._issue(choice)

    @property
    def _booking(self) -> str:
        """The code that the number is taken for."""
        return "" if self._visit.ordinary else self._visit.booking

    def _issue(self, choice: Choice) -> None:
        try:
            self._issued = self._desk.issue(choice)
        except AntreanError as refused:
            self._refuse(refused)
            return
        self._paper = Paper.WAITING
        self._window.go(self._number)  # before paper: whatever becomes of it, the visitor sees the number
        self._desk.print_ticket(self._issued, self._visit.language)
        self._window.ticket_issued.emit(self._issued)

    def _refuse(self, refused: AntreanError) -> None:
        code = refused.code if isinstance(refused, RuleViolation) else "unavailable"
        log.info("no number given: %s", code)
        offered = self._needs if self._gone() else self._card
        self._window.go(self._arriving.card if code.startswith("booking_") else offered)
        t = texts_for(self._visit.language)
        text = t(f"kiosk.refused_{code}") if t.has(f"kiosk.refused_{code}") else t("kiosk.refused")
        self._window.show_sheet(
            notice_sheet(self._scene(), "info-circle", t("kiosk.no_number"), text, self._window)
        )

    def paper_scanned(self, token: str) -> None:
        """A ticket's foot or a booking at the scanner, on any screen for visitors: say what became of it."""
        if self._window.mall() is EMPTY_MALL or self._corner.open:
            return
        self._window.somebody_is_here()
        if is_booking(token):
            self._arriving.show(token)
        else:
            self._window.show_sheet(paper_sheet(self._scene(), token, self._window))

    def _show_paper(self, printed: str, paper: Paper) -> None:
        self._checklist.miss(printed, paper)
        self._arriving.miss_copy(printed, paper)
        if self._issued is not None and printed == self._issued.ticket_id:
            self._paper = paper
            if isinstance(self._window.screen_, Number):
                screen = self._window.screen_
                self._window.assistance.tell(lambda: screen.show_paper(paper))

    def call_help(self) -> None:
        """Somebody is wanted at this kiosk."""
        try:
            self._desk.call_help(type(self._window.screen_).__name__)
        except Unavailable as trouble:  # the kiosk cannot note it: somebody has to be fetched
            log.error("a call for help could not be noted: %s", trouble)
            t = texts_for(self._visit.language)
            words = t("kiosk.machine_stuck"), t("kiosk.refused_unavailable")
            self._window.show_sheet(notice_sheet(self._scene(), "info-circle", *words, self._window))
            return
        if self._window.screen_ is not None:
            self._window.screen_.tick()

    def _pair(self, code: str, server: str) -> None:
        if isinstance(self._window.screen_, Pairing) and self._joining.begin(code, server):
            self._window.screen_.complain(self._window.screen_.t("kiosk.pairing_busy"))

    def _joined(self, refused: AntreanError | None) -> None:
        screen = self._window.screen_
        if isinstance(screen, Pairing) and isinstance(refused, RuleViolation):
            screen.complain(complaint(refused, self._visit.language))
        elif isinstance(screen, Pairing) and refused is not None:
            screen.complain(screen.t("kiosk.pairing_unavailable"))
        elif refused is None:
            self._window.leave()
