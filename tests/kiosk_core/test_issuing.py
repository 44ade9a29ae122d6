from collections.abc import Iterator
from pathlib import Path

import pytest

from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.errors import BadInput, RuleViolation
from antrean.domain.timeline import Anchor, Stamp
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_memory import Heard, Pairing
from kiosk.day import day_to_open
from kiosk.issuing import Issuing
from kiosk.mall_clock import MallClock, Now
from tests.kiosk_core.fake_hall import catalogue, service
from tests.kiosk_core.rooms import NOON_MS, FakeMachine, counted_ids

HOUR_MS = 3_600_000
WEEK = {day: [["08:00", "15:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
MALL = mall_from_dict(
    catalogue(
        service("ktp-baru", "A", hours={**WEEK, "sat": [], "sun": []}),
        service("paspor", "B", quota=2),
    )
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[DeviceLedger]:
    ledger = DeviceLedger.open(tmp_path, new_id=counted_ids(), stamp=FakeMachine().stamp())
    yield ledger
    ledger.close()


def paired(ledger: DeviceLedger) -> None:
    pairing = Pairing("device-1", "t", "kiosk", "Kios 1", "1", "http://mpp", "inc", 1, ("http://mpp",))
    ledger.memory.pair(pairing, new_id=lambda: "log-1")


def take(issuing: Issuing, code: str = "ktp-baru") -> str:
    return str(issuing.issue(MALL, code, priority=False, language="id").label)


def test_numbers_follow_each_other_and_what_was_heard(ledger: DeviceLedger) -> None:
    paired(ledger)
    new_id = counted_ids("00000001")
    issuing = Issuing(ledger, MallClock(FakeMachine().stamp), new_id)
    assert [take(issuing), take(issuing)] == ["A1-001", "A1-002"]
    heard = Heard("2025-11-24", 1, {"A": 14}, {})
    ledger.memory.hear(heard, new_id=new_id, stamp=FakeMachine().stamp())
    assert take(issuing) == "A1-015"
    assert ledger.check_chain() == 4  # a day opened, three tickets


def test_a_newer_day_from_the_server_starts_at_one_under_a_higher_generation(ledger: DeviceLedger) -> None:
    paired(ledger)
    new_id = counted_ids("00000001")
    issuing = Issuing(ledger, MallClock(FakeMachine().stamp), new_id)
    take(issuing)
    before = ledger.own().generation
    ledger.memory.hear(Heard("2025-11-25", 7, {}, {}), new_id=new_id, stamp=FakeMachine().stamp())
    assert ledger.own().generation == 8 > before
    assert take(issuing) == "A1-001"
    ledger.memory.hear(Heard("2025-11-24", 7, {"A": 500}, {}), new_id=new_id, stamp=FakeMachine().stamp())
    assert take(issuing) == "A1-002"  # an older day restarts nothing


def test_a_ticket_taken_by_staff_says_why_and_how_long_right_behind_its_number(ledger: DeviceLedger) -> None:
    paired(ledger)
    issuing = Issuing(ledger, MallClock(FakeMachine().stamp), counted_ids("00000001"))
    issued = issuing.issue(MALL, "ktp-baru", priority=False, language="id", reason="reading", minutes=3)
    ticket, given = list(ledger.events())[-2:]
    assert (ticket.type, ticket.body["assisted"]) == ("TicketIssued", True)
    assert (given.type, dict(given.body)) == (
        "AssistanceGiven",
        {"ticket_id": issued.ticket_id, "reason": "reading", "minutes": 3},
    )
    assert given.event_id != ticket.event_id
    ledger.check_chain()


def test_a_reason_nobody_reports_takes_no_number(ledger: DeviceLedger) -> None:
    paired(ledger)
    issuing = Issuing(ledger, MallClock(FakeMachine().stamp), counted_ids("00000001"))
    with pytest.raises(BadInput, match="unknown_assist_reason"):
        issuing.issue(MALL, "ktp-baru", priority=False, language="id", reason="poor")
    assert not [event for event in ledger.events() if event.type == "TicketIssued"]


def test_without_pairing_there_is_no_number(ledger: DeviceLedger) -> None:
    issuing = Issuing(ledger, MallClock(FakeMachine().stamp), counted_ids())
    with pytest.raises(RuleViolation, match="not_paired"):
        take(issuing)


def test_an_unknown_service_names_the_nearest(ledger: DeviceLedger) -> None:
    paired(ledger)
    issuing = Issuing(ledger, MallClock(FakeMachine().stamp), counted_ids("00000001"))
    with pytest.raises(RuleViolation) as refusal:
        take(issuing, "ktp-bar")
    assert refusal.value.params["near"] == "ktp-baru"


def test_a_closed_service_gives_no_number_but_a_dead_clock_refuses_nobody(ledger: DeviceLedger) -> None:
    paired(ledger)
    evening = FakeMachine(wall_ms=NOON_MS + 8 * HOUR_MS)
    with pytest.raises(RuleViolation, match="closed"):
        take(Issuing(ledger, MallClock(evening.stamp), counted_ids("00000001")))
    dead = MallClock(FakeMachine(wall_ms=0).stamp, None, met_ms=NOON_MS)
    assert take(Issuing(ledger, dead, counted_ids("00000002"))) == "A1-001"


def test_after_the_last_number_of_the_day_the_kiosk_refuses_by_its_own_catalogue(
    ledger: DeviceLedger,
) -> None:
    paired(ledger)
    short = service(
        "ktp-baru", "A", hours={**WEEK, "sat": [], "sun": []}, last_number_minutes_before_close=60
    )
    mall = mall_from_dict(catalogue(short))
    late = FakeMachine(wall_ms=NOON_MS + 2 * HOUR_MS)  # 14.00, an hour before it closes
    with pytest.raises(RuleViolation, match="last_number_given") as refusal:
        Issuing(ledger, MallClock(late.stamp), counted_ids("00000001")).issue(
            mall, "ktp-baru", priority=False, language="id"
        )
    assert refusal.value.params["last_ms"] == NOON_MS + 2 * HOUR_MS
    dead = MallClock(FakeMachine(wall_ms=0).stamp, None, met_ms=NOON_MS + 2 * HOUR_MS)
    issuing = Issuing(ledger, dead, counted_ids("00000002"))
    assert str(issuing.issue(mall, "ktp-baru", priority=False, language="id").label) == "A1-001"


def test_a_wrong_wall_clock_does_not_matter_once_the_server_was_met(ledger: DeviceLedger) -> None:
    paired(ledger)
    machine = FakeMachine(wall_ms=0)
    clock = MallClock(machine.stamp, Anchor("boot-1", machine.boot_ms, NOON_MS, 5))
    assert take(Issuing(ledger, clock, counted_ids("00000001"))) == "A1-001"
    machine.wait(8 * HOUR_MS)
    with pytest.raises(RuleViolation, match="closed"):
        take(Issuing(ledger, clock, counted_ids("00000002")))


def test_a_spent_share_says_full_before_a_number_is_taken(ledger: DeviceLedger) -> None:
    paired(ledger)
    new_id = counted_ids("00000001")
    issuing = Issuing(ledger, MallClock(FakeMachine().stamp), new_id)
    ledger.memory.hear(
        Heard("2025-11-24", 0, {}, {}, {"paspor": 1}), new_id=new_id, stamp=FakeMachine().stamp()
    )
    take(issuing, "paspor")
    ledger.memory.hear(Heard("2025-11-24", 1, {}, {"paspor": 1}), new_id=new_id, stamp=FakeMachine().stamp())
    events = ledger.own().last_seq
    with pytest.raises(RuleViolation, match="full"):
        take(issuing, "paspor")
    assert ledger.own().last_seq == events
    ledger.memory.hear(Heard("2025-11-24", 1, {}, {"paspor": 2}), new_id=new_id, stamp=FakeMachine().stamp())
    assert take(issuing, "paspor") == "B1-002"


def test_numbers_start_again_by_themselves_only_when_nothing_speaks_against_it() -> None:
    stamp, night = Stamp("b", 1, 1), NOON_MS + 17 * HOUR_MS
    mall = mall_from_dict(catalogue(service("ktp-baru", "A", hours={**WEEK, "sat": [], "sun": []})))
    good = Now(stamp, night, anchored=True, plausible=True)
    assert day_to_open(mall, "2025-11-24", good, NOON_MS) == "2025-11-25"
    assert day_to_open(mall, "2025-11-25", good, NOON_MS) is None
    assert day_to_open(mall, "2025-11-24", good, night - HOUR_MS) is None
    assert day_to_open(mall, "2025-11-24", Now(stamp, night, anchored=False, plausible=True), NOON_MS) is None
    open_hours = Now(stamp, NOON_MS + 24 * HOUR_MS, anchored=True, plausible=True)
    assert day_to_open(mall, "2025-11-24", open_hours, NOON_MS) is None
