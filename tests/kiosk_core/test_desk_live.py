"""The whole kiosk without its screen: ledger, printer worker, sync thread and a server on loopback."""

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from antrean.domain.errors import RuleViolation
from antrean.ledger.device import DeviceLedger
from antrean.ledger.errors import LedgerBroken
from antrean.link.server import ServerLink
from kiosk.config import Config, load_config
from kiosk.desk import Choice, HelpState, Paper
from kiosk.desk_live import FIGURES_GOOD_FOR_MS, LiveDesk
from kiosk.mall_clock import MallClock
from kiosk.paper import DirectPaper, worker_for
from kiosk.printing import Outcomes, Printing
from kiosk.script import Hands
from kiosk.sync import Listener, SyncStatus, SyncWorker
from tests.journey.outside import free_port
from tests.kiosk_core.fake_hall import FakeHall, catalogue, service, serving
from tests.kiosk_core.rooms import FakeMachine, counted_ids

CHOICE = Choice("ktp-baru", priority=False, language="id")


class WholeKiosk:
    """Everything `__main__` wires, but the window."""

    def __init__(self, folder: Path, config: Config) -> None:
        self.machine = FakeMachine()
        self.new_id = counted_ids()
        self.ledger = DeviceLedger.open(folder, new_id=self.new_id, stamp=self.machine.stamp())
        clock = MallClock(self.machine.stamp)
        hands = Hands(
            self.ledger,
            clock,
            self.new_id,
            lambda pairing, seconds: ServerLink(pairing.servers, pairing.token, answer_seconds=seconds),
            DirectPaper(config, self.ledger, clock, self.new_id),
            "test",
        )
        self.outcomes = Outcomes(self.ledger.sibling(), self.new_id, self.machine.stamp)
        self.worker = worker_for(config, folder / "spool", self.outcomes.take, self.machine.stamp)
        self.online = threading.Event()
        self.broken: list[LedgerBroken] = []
        self.desk = LiveDesk(config, hands, Printing(self.worker, self.outcomes), self.broken.append)
        self.outcomes.told = self.desk.take_outcome
        listener = self.desk.listener()
        self.sync = SyncWorker(
            self.ledger.sibling(checkpoints=True),
            lambda pairing: hands.link(pairing, 5),
            clock,
            self.new_id,
            lambda: 0.0,
            replace(listener, status=self._heard(listener)),
            version="test",
        )
        self.desk.use(self.sync)
        self.papers: queue.SimpleQueue[tuple[str, Paper]] = queue.SimpleQueue()
        self.desk.on_paper(lambda ticket_id, paper: self.papers.put((ticket_id, paper)))
        if self.worker is not None:
            self.worker.start()
        self.sync.start()

    def _heard(self, listener: Listener) -> Callable[[SyncStatus], None]:
        def heard(status: SyncStatus) -> None:
            listener.status(status)
            if status.state == "online":
                self.online.set()

        return heard

    def close(self) -> None:
        self.sync.stop()
        if self.worker is not None:
            self.worker.stop()
        self.ledger.close()


@pytest.fixture
def hall() -> Iterator[FakeHall]:
    mall = catalogue(service("ktp-baru", "A"), service("paspor", "B", quota=1))
    figures = {"ktp-baru": {"waiting": 2, "ahead": 7, "wait": [10, 25], "counters_open": 2, "full": False}}
    with serving(FakeHall(catalogue=mall, services=figures, shares={"paspor": 0})) as hall:
        yield hall


@pytest.fixture
def kiosk(tmp_path: Path, hall: FakeHall) -> Iterator[WholeKiosk]:
    given = {"server": hall.url, "printer.target": f"file:{tmp_path / 'paper.bin'}", "staff_pin": "4711"}
    kiosk = WholeKiosk(tmp_path, load_config(tmp_path / "kiosk.toml", {}, given))
    yield kiosk
    kiosk.close()
    assert kiosk.broken == []


def test_from_pairing_to_paper_to_the_server(kiosk: WholeKiosk, hall: FakeHall, tmp_path: Path) -> None:
    desk = kiosk.desk
    assert not desk.paired()
    with pytest.raises(RuleViolation, match="not_paired"):
        desk.mall()
    desk.pair("12345678", hall.url)
    assert desk.paired()
    assert desk.mall().name == "Mal Pelayanan Publik Contoh"
    issued = desk.issue(CHOICE)
    assert issued.label == "A1-001"
    assert issued.status_url.startswith(hall.url.upper() + "/T/")
    desk.print_ticket(issued, "id")
    assert kiosk.papers.get(timeout=20) == (issued.ticket_id, Paper.PRINTED)
    assert b"A1-001" in (tmp_path / "paper.bin").read_bytes()
    hall.wait_for_events(3)
    types = [event.type for log in hall.logs.values() for event in log]
    assert types == ["DayOpened", "TicketIssued", "TicketPrinted"]


def test_a_reprint_is_a_copy_of_the_same_ticket(kiosk: WholeKiosk, hall: FakeHall) -> None:
    kiosk.desk.pair("12345678", hall.url)
    issued = kiosk.desk.issue(CHOICE)
    for copy in (False, True):
        kiosk.desk.print_ticket(issued, "id", copy=copy)
        assert kiosk.papers.get(timeout=20) == (issued.ticket_id, Paper.PRINTED)
    printed = [event.body for event in kiosk.ledger.events() if event.type == "TicketPrinted"]
    assert [body["copy"] for body in printed] == [False, True]
    assert {body["ticket_id"] for body in printed} == {issued.ticket_id}


def test_a_service_without_a_share_left_is_full_before_a_number_is_taken(
    kiosk: WholeKiosk, hall: FakeHall
) -> None:
    kiosk.desk.pair("12345678", hall.url)
    assert kiosk.desk.view("paspor").full
    assert not kiosk.desk.view("ktp-baru").full
    with pytest.raises(RuleViolation, match="full"):
        kiosk.desk.issue(Choice("paspor", priority=False, language="id"))


def test_help_is_asked_for_once_and_reaches_the_server(kiosk: WholeKiosk, hall: FakeHall) -> None:
    kiosk.desk.pair("12345678", hall.url)
    assert kiosk.desk.help_state() is HelpState.NONE
    kiosk.desk.call_help("welcome")
    assert kiosk.desk.help_state() is HelpState.ASKED
    hall.wait_for_events(2)
    asked = [event.body for log in hall.logs.values() for event in log if event.type == "HelpRequested"]
    assert asked == [{"place": "Kios 1"}]


def test_a_visitor_who_was_helped_is_not_waiting_any_more(kiosk: WholeKiosk, hall: FakeHall) -> None:
    kiosk.desk.pair("12345678", hall.url)
    kiosk.desk.call_help("welcome")
    hall.wait_for_events(2)
    for told, state in (
        ([{"place": "Kios 1", "accepted": False}], HelpState.ASKED),
        ([], HelpState.NONE),  # accepted and done between two of the kiosk's looks
    ):
        hall.help = told
        for _ in range(2):  # the first round may have begun before
            kiosk.online.clear()
            kiosk.sync.wake()
            assert kiosk.online.wait(30)
        assert kiosk.desk.help_state() is state


def test_the_staff_corner_opens_to_its_pin_alone(kiosk: WholeKiosk) -> None:
    assert kiosk.desk.check_pin("4711")
    assert not kiosk.desk.check_pin("")
    assert not kiosk.desk.check_pin("4712")


def test_numbers_do_not_wait_for_a_server_that_is_gone(tmp_path: Path) -> None:
    port = free_port()
    with serving(FakeHall(), port) as hall:
        config = load_config(tmp_path / "kiosk.toml", {}, {"server": hall.url})
        kiosk = WholeKiosk(tmp_path, config)
        kiosk.desk.pair("12345678", hall.url)
    labels = []
    for _ in range(5):
        issued = kiosk.desk.issue(CHOICE)
        kiosk.desk.print_ticket(issued, "id")
        labels.append(issued.label)
        assert kiosk.papers.get(timeout=30) == (issued.ticket_id, Paper.NONE)
    assert labels == [f"A1-00{n}" for n in range(1, 6)]
    assert (
        kiosk.desk.staff_status().unsent == 10
    )  # a ticket and its missing paper each; the day went at pairing
    with serving(hall, port):
        kiosk.sync.wake()
        hall.wait_for_events(11)
    kiosk.close()


def test_calls_figures_and_coming_help_are_shown_as_the_server_tells(
    kiosk: WholeKiosk, hall: FakeHall
) -> None:
    hall.calls = [{"label": "A1-003", "counter": "2"}]
    hall.help = [{"place": "Kios 1", "accepted": True}]
    kiosk.desk.pair("12345678", hall.url)
    assert kiosk.online.wait(20)
    view = kiosk.desk.view("ktp-baru")
    assert (view.open, view.waiting, view.wait) == (True, 7, (10, 25))
    assert kiosk.desk.calls() == (("A1-003", "2"),)
    assert kiosk.desk.help_state() is HelpState.ACCEPTED
    assert kiosk.desk.news_age_ms() is not None


def test_figures_that_have_grown_old_are_not_told_as_new(kiosk: WholeKiosk, hall: FakeHall) -> None:
    kiosk.desk.pair("12345678", hall.url)
    assert kiosk.online.wait(20)
    kiosk.sync.stop()
    kiosk.machine.wait(FIGURES_GOOD_FOR_MS + 1_000)
    view, issued = kiosk.desk.view("ktp-baru"), kiosk.desk.issue(CHOICE)
    assert (view.open, view.waiting, view.wait) == (True, None, None)
    assert (issued.ahead, issued.wait) == (None, None)
