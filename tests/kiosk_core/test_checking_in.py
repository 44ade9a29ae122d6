"""A visitor with a booking at a kiosk that hears nobody: what the code leads to, and one number for one booking."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from antrean.domain.booking import BookingStatus
from antrean.domain.booking_claim import BookingClaim, BookingKey
from antrean.domain.booking_code import new_code
from antrean.domain.booking_copy import BookingCopy, BookingPage
from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.errors import BadInput, RuleViolation
from antrean.ledger.connection import connect
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_arrivals import Arrival
from antrean.ledger.device_log import Issued, Order
from antrean.ledger.device_memory import Pairing
from antrean.ledger.driver import SqliteError
from antrean.seal.bookings import BookingSigner
from kiosk.__main__ import new_id
from kiosk.checking_in import Asked, CheckingIn, Found, Standing
from kiosk.issuing import Issuing
from kiosk.mall_clock import MallClock
from tests.kiosk_core.fake_hall import catalogue, service
from tests.kiosk_core.rooms import NOON_MS, FakeMachine
from tests.ledger.test_self_heal import spoil

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 24 * 3_600_000
WEEK = {day: [["08:00", "15:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
MALL = mall_from_dict(
    catalogue(
        service("ktp-baru", "A", hours={**WEEK, "sat": [], "sun": []}),
        service("paspor", "B", quota=1),
    )
)
SEED = bytes(range(32))
CODE, CLAIMED = new_code(b"booking of tests"), new_code(b"nobody told of it")
ASKED = Asked("id")


class Visitors:
    """Check-ins at one kiosk, its clocks and its copy at hand."""

    def __init__(self, folder: Path) -> None:
        self.machine = FakeMachine()
        self.new_id = new_id
        self.ledger = DeviceLedger.open(folder, new_id=new_id, stamp=self.machine.stamp())
        if self.ledger.memory.pairing() is None:
            nobody = "http://mpp"
            pairing = Pairing("device-1", "t", "kiosk", "Kios 1", "1", nobody, "inc", 1, (nobody,))
            self.ledger.memory.pair(pairing, new_id=lambda: "log-1")
        self.use(MallClock(self.machine.stamp))

    def use(self, clock: MallClock) -> None:
        """Go by another clock."""
        issuing = Issuing(self.ledger, clock, self.new_id)
        self.desk = CheckingIn(self.ledger, clock, self.new_id, issuing)

    def meet_the_server(self) -> None:
        """The kiosk's clock is right, and it knows that."""
        clock = MallClock(self.machine.stamp)
        clock.meet(self.machine.stamp(), self.machine.stamp(), self.machine.wall_ms)
        self.use(clock)

    def know(self, start_ms: int = NOON_MS, code: str = CODE, **more: object) -> BookingCopy:
        """The server told of a booking."""
        told = BookingCopy(
            "situs", code, code, "ktp-baru", start_ms, start_ms + 30 * MINUTE_MS, BookingStatus.BOOKED
        )
        booking = replace(told, **more)  # type: ignore[arg-type]
        key = BookingKey("situs", "mpp", BookingSigner(SEED).public)
        self.ledger.bookings.take(BookingPage("c", False, False, (booking,), (key,)))
        return booking

    def look(self, text: str = CODE) -> Found:
        return self.desk.look(MALL, text)

    def take(self, text: str = CODE, service: str = "", asked: Asked = ASKED) -> Issued:
        return self.desk.take(MALL, text, asked, service=service)[1]

    def wrote(self) -> list[str]:
        """The kinds of events since the day was opened."""
        return [event.type for event in self.ledger.events() if event.type != "DayOpened"]


@pytest.fixture
def visitors(tmp_path: Path) -> Iterator[Visitors]:
    found = Visitors(tmp_path)
    yield found
    found.ledger.close()


def token(start_ms: int = NOON_MS, service: str = "ktp-baru", code: str = CODE, seed: bytes = SEED) -> str:
    """A booking's QR code as the outside signs it."""
    return BookingSigner(seed).seal(BookingClaim(code, start_ms, 30), service, "mpp")


def test_a_known_booking_in_time_is_one_ticket_and_its_arrival(visitors: Visitors) -> None:
    booking = visitors.know()
    shown = f"{CODE[:4]}-{CODE[4:].lower()}"
    found = visitors.look(shown)
    assert (found.standing, found.service, found.start_ms) == (Standing.IN_TIME, "ktp-baru", NOON_MS)
    issued = visitors.take(shown)
    ticket, arrived = list(visitors.ledger.events())[-2:]
    assert (ticket.type, ticket.body["channel"]) == ("TicketIssued", "booking")
    assert (arrived.type, dict(arrived.body)) == (
        "BookingArrived",
        {
            "ticket_id": issued.ticket_id, "source": "situs", "booking_id": CODE, "code": CODE,
            "slot_ms": booking.start_ms, "slot_end_ms": booking.end_ms, "proof": "copy",
        },
    )  # fmt: skip
    visitors.ledger.check_chain()


@pytest.mark.parametrize(
    ("minutes", "standing"),
    [(-120, "late"), (-16, "late"), (-15, "in_time"), (15, "in_time"), (16, "early"), (120, "early")],
)
def test_the_window_is_told_before_the_number_is_taken(
    visitors: Visitors, minutes: int, standing: str
) -> None:
    visitors.know(NOON_MS + minutes * MINUTE_MS)
    assert visitors.look().standing == standing
    visitors.take()
    assert visitors.wrote() == ["TicketIssued", "BookingArrived"]


def test_a_signed_code_proves_itself_where_nobody_told_of_it(visitors: Visitors) -> None:
    visitors.know(code=new_code(b"somebody else's booking"))
    visitors.take(token())
    arrived = list(visitors.ledger.events())[-1]
    assert (arrived.body["proof"], arrived.body["source"], arrived.body["booking_id"]) == (
        "signed",
        "situs",
        CODE,
    )
    assert visitors.look().standing is Standing.ARRIVED, "also for the short code of the same booking"


def test_what_the_copy_says_of_a_signed_booking_is_newer(visitors: Visitors) -> None:
    visitors.know(NOON_MS + 2 * HOUR_MS)
    assert visitors.look(token()).start_ms == NOON_MS + 2 * HOUR_MS
    visitors.know(status=BookingStatus.CANCELLED)
    with pytest.raises(RuleViolation, match="booking_cancelled"):
        visitors.take(token())
    assert visitors.wrote() == []


def test_a_code_that_somebody_else_signed_is_worth_a_typed_one(visitors: Visitors) -> None:
    visitors.know(code=new_code(b"somebody else's booking"))
    foreign = token(seed=bytes(32))
    assert visitors.look(foreign).standing is Standing.UNKNOWN
    visitors.take(foreign, "ktp-baru")
    assert list(visitors.ledger.events())[-1].body["code"] == CODE, "what staff can look up"


def test_twice_at_one_kiosk_is_the_same_number(visitors: Visitors) -> None:
    visitors.know()
    first = visitors.take()
    again = visitors.look()
    assert (again.standing, again.label, again.ticket_id) == (Standing.ARRIVED, "A1-001", first.ticket_id)
    with pytest.raises(RuleViolation, match="booking_arrived") as refusal:
        visitors.take()
    assert refusal.value.params["label"] == "A1-001"
    copy = visitors.desk.ticket(again)
    assert copy is not None
    assert (copy.ticket_id, copy.label, copy.token) == (first.ticket_id, first.label, first.token)
    assert visitors.wrote() == ["TicketIssued", "BookingArrived"]


def test_two_who_ask_at_once_get_one_number(visitors: Visitors) -> None:
    """Both were told that the booking has no number yet; the ledger's own transaction decides."""
    visitors.know()
    other = visitors.ledger.sibling()
    clock = MallClock(visitors.machine.stamp)
    late = CheckingIn(other, clock, visitors.new_id, Issuing(other, clock, visitors.new_id))
    found = late._found(MALL, CODE, clock.now())
    late._found = lambda *_: found  # type: ignore[method-assign]
    visitors.take()
    with pytest.raises(RuleViolation, match="booking_arrived"):
        late.take(MALL, CODE, ASKED)
    other.close()
    assert visitors.wrote() == ["TicketIssued", "BookingArrived"]


def test_an_arrival_elsewhere_is_told_with_its_number(visitors: Visitors) -> None:
    ticket_id = "019a0000-0000-7000-8000-000000000001"
    visitors.know(status=BookingStatus.ARRIVED, label="A2-007", ticket_id=ticket_id)
    found = visitors.look()
    assert (found.standing, found.label) == (Standing.ARRIVED, "A2-007")
    copy = visitors.desk.ticket(found)
    assert copy is not None
    assert (copy.ticket_id, copy.token) == (ticket_id, "")


def test_an_unknown_code_gets_an_ordinary_number_that_is_looked_up_later(visitors: Visitors) -> None:
    assert visitors.look().standing is Standing.UNKNOWN
    with pytest.raises(RuleViolation, match="unknown_booking"):
        visitors.take()
    visitors.take(service="ktp-baru")
    ticket, claimed = list(visitors.ledger.events())[-2:]
    assert ticket.body["channel"] == "kiosk"
    assert (claimed.type, dict(claimed.body)) == (
        "BookingClaimed",
        {"ticket_id": ticket.body["ticket_id"], "code": CODE},
    )
    assert visitors.look().label == "A1-001"
    visitors.know()
    assert visitors.look().standing is Standing.ARRIVED, "the booking came later than its visitor"


def test_another_day_is_told_and_takes_no_number(visitors: Visitors) -> None:
    visitors.meet_the_server()
    visitors.know(NOON_MS + DAY_MS)
    assert visitors.look().standing is Standing.OTHER_DAY
    with pytest.raises(RuleViolation, match="booking_other_day"):
        visitors.take()
    assert visitors.wrote() == []


def test_a_clock_that_may_be_wrong_by_days_leaves_the_decision_to_the_server(visitors: Visitors) -> None:
    visitors.know(NOON_MS + DAY_MS)
    found = visitors.look()
    assert (found.standing, found.gives_number, found.claimed) == (Standing.OTHER_DAY, True, True)
    visitors.take()
    assert visitors.wrote() == ["TicketIssued", "BookingClaimed"]


def test_a_dead_clock_refuses_nobody(visitors: Visitors) -> None:
    visitors.know(NOON_MS + 5 * DAY_MS)
    visitors.use(MallClock(FakeMachine(wall_ms=0).stamp, None, met_ms=NOON_MS))
    assert visitors.look().standing is Standing.IN_TIME
    visitors.take()
    assert visitors.wrote() == ["TicketIssued", "BookingArrived"]


def test_a_full_service_still_takes_who_was_promised_a_place(visitors: Visitors) -> None:
    visitors.know(service="paspor")
    issuing = visitors.desk._issuing
    with pytest.raises(RuleViolation, match="full"):
        issuing.issue(MALL, "paspor", priority=False, language="id")
    assert str(visitors.take().label) == "B1-001"
    assert visitors.ledger.memory.share_left("paspor", "2025-11-24") == 0
    with pytest.raises(RuleViolation, match="full"):
        visitors.take(new_code(b"who claims what nobody knows"), "paspor")


def test_opening_hours_refuse_no_booking_within_its_window(visitors: Visitors) -> None:
    opens = NOON_MS - 4 * HOUR_MS
    visitors.know(opens)
    visitors.machine.wait(-4 * HOUR_MS - 10 * MINUTE_MS)  # 07.50 before a slot at 08.00
    visitors.take()
    early = new_code(b"an hour too early for it")
    visitors.know(opens + HOUR_MS, code=early)
    with pytest.raises(RuleViolation, match="closed"):
        visitors.take(early)


@pytest.mark.parametrize("text", ["", "ABC", "A" * 25, "http://mpp/t/1", "1" + "A" * 113, "KTP😀HILANG"])
def test_what_is_nobodys_code_is_said_so(visitors: Visitors, text: str) -> None:
    with pytest.raises(BadInput, match="bad_booking_code"):
        visitors.look(text)


def test_a_service_the_mall_no_longer_has_is_named_by_the_visitor(visitors: Visitors) -> None:
    visitors.know(service="closed-long-ago")
    found = visitors.look()
    assert (found.standing, found.service, found.claimed) == (Standing.IN_TIME, "", False)
    visitors.take(service="ktp-baru")
    assert visitors.wrote() == ["TicketIssued", "BookingArrived"]


def test_staff_who_help_are_told_between_the_ticket_and_its_booking(visitors: Visitors) -> None:
    visitors.know()
    visitors.take(asked=Asked("id", reason="phone", minutes=2))
    assert visitors.wrote() == ["TicketIssued", "AssistanceGiven", "BookingArrived"]


def test_of_two_sources_with_one_code_the_nearest_open_booking_counts(visitors: Visitors) -> None:
    ends = 30 * MINUTE_MS
    rows = [
        BookingCopy(
            "kota", "1", CODE, "ktp-baru", NOON_MS + DAY_MS, NOON_MS + DAY_MS + ends, BookingStatus.BOOKED
        ),
        BookingCopy("situs", "2", CODE, "paspor", NOON_MS, NOON_MS + ends, BookingStatus.BOOKED),
        BookingCopy("pusat", "3", CODE, "paspor", NOON_MS, NOON_MS + ends, BookingStatus.CANCELLED),
    ]
    visitors.ledger.bookings.take(BookingPage("c", False, False, tuple(rows), ()))
    assert (visitors.look().service, visitors.look().standing) == ("paspor", Standing.IN_TIME)


def test_a_ticket_without_its_arrival_is_never_durable(visitors: Visitors) -> None:
    """The second event fails: nothing of the first one is there, and the number goes to the next visitor."""
    visitors.know()
    visitors.take()
    taken = list(visitors.ledger.events())[-1].event_id
    order = Order("ktp-baru", "A", "2025-11-24", False, "id", channel="booking")
    arrival = Arrival(taken, "situs", "other", "OTHER234", NOON_MS, NOON_MS + HOUR_MS, "copy", NOON_MS)
    issuing = visitors.desk._issuing
    stamp = visitors.machine.stamp()
    seal = issuing._seal(order, MallClock(visitors.machine.stamp).now())
    with pytest.raises(SqliteError):
        visitors.ledger.issue_number(
            replace(order, booking=arrival),
            seal=seal,
            event_id="00000009-0000-7000-8000-000000000001",
            stamp=stamp,
        )
    assert visitors.wrote() == ["TicketIssued", "BookingArrived"]
    assert visitors.ledger.bookings.arrivals("OTHER234") == []
    issued = visitors.ledger.issue_number(order, seal=seal, event_id=visitors.new_id(), stamp=stamp)
    assert str(issued.label) == "A1-002"


MANY = """
import sys
from pathlib import Path
from tests.kiosk_core.test_checking_in import Visitors, NOON_MS, new_code
visitors = Visitors(Path(sys.argv[1]))
for at in range(100_000):
    code = new_code(f"{sys.argv[2]:>3}{at:>13}".encode())
    visitors.know(code=code)
    print(visitors.take(code).label, flush=True)
"""


def test_a_kiosk_killed_at_any_moment_leaves_no_ticket_without_its_booking(tmp_path: Path) -> None:
    told: list[str] = []
    for life in range(2):
        process = subprocess.Popen(
            [sys.executable, "-c", MANY, str(tmp_path), str(life)], stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )  # fmt: skip
        assert process.stdout is not None
        with process.stdout as out:
            for line in out:
                told.append(line.strip())
                if len(told) % 50 == 0:
                    os.kill(process.pid, signal.SIGKILL)
                    break
            told += [line.strip() for line in out if line.endswith("\n")]
        process.wait()
    ledger = Visitors(tmp_path).ledger
    ledger.check_chain()
    events = [event for event in ledger.events() if event.type in ("TicketIssued", "BookingArrived")]
    pairs = list(zip(events[::2], events[1::2], strict=True))
    assert len(pairs) >= len(told) >= 100
    assert len(set(told)) == len(told)
    for ticket, arrived in pairs:
        assert (ticket.type, arrived.type, arrived.seq) == ("TicketIssued", "BookingArrived", ticket.seq + 1)
        assert arrived.body["ticket_id"] == ticket.body["ticket_id"]
        assert ledger.bookings.arrivals(str(arrived.body["code"])), (
            "and who asks again is told the same number"
        )
    ledger.close()


@pytest.mark.parametrize("table", ["booking_arrivals", "outbox"])
def test_a_healed_ledger_still_knows_who_arrived(tmp_path: Path, table: str) -> None:
    """From its own rows where they can be read, else from the log."""
    visitors = Visitors(tmp_path)
    visitors.know()
    given = visitors.take()
    visitors.take(CLAIMED, "ktp-baru")
    visitors.ledger.close()
    connection = connect(tmp_path / "kiosk.db")
    root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    connection.close()
    assert root is not None
    spoil(tmp_path / "kiosk.db", root[0])
    healed = Visitors(tmp_path)
    assert healed.ledger.trouble()[0] == "healed"
    again, claimed = healed.look(), healed.look(CLAIMED)
    assert (again.standing, again.label, again.start_ms) == (Standing.ARRIVED, "A1-001", NOON_MS)
    assert (claimed.standing, claimed.label, claimed.start_ms) == (Standing.ARRIVED, "A1-002", 0)
    copy = healed.desk.ticket(again)
    assert copy is not None
    assert copy.token == (given.token if table == "outbox" else "")
    healed.ledger.close()
