from collections.abc import Iterator
from pathlib import Path

import pytest

from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.errors import RuleViolation, Unavailable
from kiosk.issuing import Issuing
from tests.kiosk_core.fake_hall import FakeHall, error, serving
from tests.kiosk_core.rooms import Kiosk


@pytest.fixture
def hall() -> Iterator[FakeHall]:
    with serving(FakeHall()) as hall:
        yield hall


@pytest.fixture
def kiosk(tmp_path: Path, hall: FakeHall) -> Iterator[Kiosk]:
    kiosk = Kiosk(tmp_path, hall)
    yield kiosk
    kiosk.close()


def issue(kiosk: Kiosk, count: int) -> list[str]:
    known = kiosk.ledger.memory.catalogue()
    mall = mall_from_dict(known[1] if known else kiosk.hall.catalogue)
    issuing = Issuing(kiosk.ledger, kiosk.clock, kiosk.new_id)
    return [str(issuing.issue(mall, "ktp-baru", priority=False, language="id").label) for _ in range(count)]


def test_everything_waiting_arrives_once_and_the_mall_is_remembered(kiosk: Kiosk, hall: FakeHall) -> None:
    issue(kiosk, 250)
    kiosk.talk.exchange()
    kiosk.talk.exchange()
    assert [t["number"] for t in hall.tickets()] == list(range(1, 251))
    assert kiosk.ledger.outbox.count() == 0
    assert kiosk.ledger.memory.catalogue() == (1, hall.catalogue)
    assert hall.asked.count("/v1/hello") == 1


def test_sent_events_stay_in_the_kiosks_log(kiosk: Kiosk) -> None:
    issue(kiosk, 3)
    kiosk.talk.exchange()
    assert kiosk.ledger.check_chain() == 4


def test_the_clock_follows_the_server_not_the_wall(kiosk: Kiosk, hall: FakeHall) -> None:
    kiosk.machine.wall_ms = 0
    kiosk.talk.exchange()
    now = kiosk.clock.now()
    assert now.anchored
    assert abs(now.ms - hall.server_ms) <= 2
    kiosk.machine.wait(60_000)
    assert abs(kiosk.clock.now().ms - hall.server_ms - 60_000) <= 2


def test_a_restored_server_gets_again_what_it_lost(kiosk: Kiosk, hall: FakeHall) -> None:
    issue(kiosk, 5)
    kiosk.talk.exchange()
    log = next(iter(hall.logs.values()))
    del log[3:]
    hall.incarnation = "inc-2"
    issue(kiosk, 2)
    kiosk.talk.exchange()
    assert [t["number"] for t in hall.tickets()] == list(range(1, 8))
    assert kiosk.ledger.outbox.count() == 0


def test_a_restored_server_is_told_what_the_time_was_before_its_own_is_believed(
    kiosk: Kiosk, hall: FakeHall
) -> None:
    kiosk.talk.exchange()
    before = {anchor.server_ms for anchor in kiosk.clock.anchors()}
    hall.incarnation = "inc-2"
    hall.server_ms += 425_000  # it forgot how its clock was corrected
    kiosk.talk.exchange()
    assert len(hall.greetings) == 2
    assert {anchor["server_ms"] for anchor in hall.greetings[-1]["anchors"]} == before
    assert abs(kiosk.clock.now().ms - hall.server_ms) <= 2


@pytest.mark.parametrize("waiting", [0, 1])
def test_a_corrected_clock_is_told_what_the_time_was_before_and_is_then_followed(
    kiosk: Kiosk, hall: FakeHall, waiting: int
) -> None:
    kiosk.talk.exchange()
    issue(kiosk, waiting)
    hall.epoch = "epoch-2"
    hall.server_ms += 90_000
    kiosk.talk.exchange()
    assert {anchor["epoch"] for anchor in hall.greetings[-1]["anchors"]} == {"epoch-1"}
    assert {anchor.epoch for anchor in kiosk.clock.anchors()} == {"epoch-2"}
    kept = kiosk.ledger.memory.anchor(kiosk.machine.stamp().boot_id)
    assert kept is not None
    assert kept.epoch == "epoch-2"
    greeted = len(hall.greetings)
    kiosk.talk.exchange()
    assert len(hall.greetings) == greeted


def test_a_kiosk_restored_from_an_image_goes_on_in_a_new_log(kiosk: Kiosk, hall: FakeHall) -> None:
    issue(kiosk, 4)
    kiosk.talk.exchange()
    log_id = kiosk.ledger.own().log_id
    log = hall.logs[log_id]
    hall.heard["A"] = 9
    # The server accepted a fifth event the kiosk no longer knows of: its disk came back from a copy.
    ghost = type(log[-1])(**{**log[-1].to_dict(), "seq": 6, "event_id": "ghost", "prev_hash": log[-1].hash()})
    log.append(ghost)
    labels = issue(kiosk, 1)
    kiosk.talk.exchange()
    assert kiosk.ledger.own().log_id != log_id
    assert kiosk.ledger.outbox.count() == 0
    assert log == hall.logs[log_id]
    assert sum(t["number"] == int(labels[0][-3:]) for t in hall.tickets()) == 1
    assert issue(kiosk, 1) == ["A1-010"]
    kiosk.ledger.check_chain()


def test_a_batch_that_is_too_large_is_split(kiosk: Kiosk, hall: FakeHall) -> None:
    hall.most_events = 7
    issue(kiosk, 40)
    kiosk.talk.exchange()
    assert len(hall.tickets()) == 40


def test_a_poison_event_blocks_nothing_and_is_counted(kiosk: Kiosk, hall: FakeHall) -> None:
    hall.poison = {2}
    issue(kiosk, 3)
    assert kiosk.talk.exchange().quarantined == 1
    assert kiosk.ledger.outbox.count() == 0


def test_a_withdrawn_kiosk_keeps_its_tickets_and_says_why(kiosk: Kiosk, hall: FakeHall) -> None:
    issue(kiosk, 1)
    hall.refuse = [(403, error("device_withdrawn"), {})]
    with pytest.raises(RuleViolation, match="device_withdrawn"):
        kiosk.talk.exchange()
    assert kiosk.ledger.outbox.count() == 2
    kiosk.talk.exchange()
    assert kiosk.ledger.outbox.count() == 0


def test_a_lost_answer_makes_no_second_ticket(kiosk: Kiosk, hall: FakeHall) -> None:
    issue(kiosk, 2)
    kiosk.talk.exchange()
    kiosk.ledger.outbox.reoffer(kiosk.ledger.own().log_id, 0)
    kiosk.talk.exchange()
    assert len(hall.tickets()) == 2


def test_out_of_contact_the_attempts_are_counted_and_nothing_is_lost(kiosk: Kiosk, hall: FakeHall) -> None:
    kiosk.talk.exchange()
    issue(kiosk, 1)
    hall.refuse = [(503, error("busy"), {"Retry-After": "7"})]
    with pytest.raises(Unavailable):
        kiosk.talk.exchange()
    assert kiosk.ledger.outbox.attempts() == 1
    kiosk.talk.exchange()
    assert len(hall.tickets()) == 1


def test_another_character_from_the_server_is_taken(kiosk: Kiosk, hall: FakeHall) -> None:
    issue(kiosk, 2)
    hall.issuer = "2"
    kiosk.talk.exchange()
    assert issue(kiosk, 1) == ["A2-003"]
