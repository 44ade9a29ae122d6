"""A kiosk between two lives of its server, and one of another version."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from antrean.domain.errors import RuleViolation
from antrean.link.errors import OlderServer
from antrean.link.server import ServerLink
from kiosk.conversation import Conversation
from tests.kiosk_core.fake_hall import FakeHall, error, serving
from tests.kiosk_core.rooms import Kiosk
from tests.kiosk_core.test_conversation import issue


@pytest.fixture
def hall() -> Iterator[FakeHall]:
    with serving(FakeHall(term=2)) as hall:
        yield hall


@pytest.fixture
def kiosk(tmp_path: Path, hall: FakeHall) -> Iterator[Kiosk]:
    kiosk = Kiosk(tmp_path, hall)
    yield kiosk
    kiosk.close()


def talk(kiosk: Kiosk, *addresses: str) -> Conversation:
    link = ServerLink(addresses, "secret", answer_seconds=30)
    return Conversation(kiosk.ledger, link, kiosk.clock, kiosk.new_id, version="test")


def test_an_older_life_that_answers_first_is_passed_over(kiosk: Kiosk, hall: FakeHall) -> None:
    kiosk.talk.exchange()
    issue(kiosk, 3)
    with serving(FakeHall(term=1)) as old:
        both = talk(kiosk, old.url, hall.url)
        both.exchange()
        both.close()
        assert old.tickets() == []
    assert len(hall.tickets()) == 3


def test_alone_with_an_older_life_the_kiosk_keeps_everything_for_the_newer_one(
    kiosk: Kiosk, hall: FakeHall
) -> None:
    kiosk.talk.exchange()
    issue(kiosk, 2)
    waiting = kiosk.ledger.outbox.count()
    with serving(FakeHall(term=1, incarnation="inc-0", day="2031-01-01")) as old:
        alone = talk(kiosk, old.url)
        with pytest.raises(OlderServer):
            alone.exchange()
        alone.close()
        assert old.tickets() == []
    pairing = kiosk.ledger.memory.pairing()
    assert pairing is not None
    assert (pairing.term, pairing.incarnation) == (2, "inc-1")
    assert kiosk.ledger.outbox.count() == waiting
    assert kiosk.ledger.own().day == "2025-11-24"
    kiosk.talk.exchange()
    assert len(hall.tickets()) == 2


def test_a_server_that_calls_itself_older_counts_as_out_of_reach(kiosk: Kiosk, hall: FakeHall) -> None:
    hall.refuse = [(409, {**error("older_server"), "term": 2}, {})]
    with pytest.raises(OlderServer):
        kiosk.talk.exchange()


def test_a_kiosk_of_another_version_goes_on_issuing(kiosk: Kiosk, hall: FakeHall) -> None:
    kiosk.talk.exchange()
    hall.refuse = [(426, {**error("upgrade_needed"), "protocols": [2]}, {})]
    fresh = kiosk.conversation()
    with pytest.raises(RuleViolation, match="upgrade_needed"):
        fresh.exchange()
    fresh.close()
    assert issue(kiosk, 2) == ["A1-001", "A1-002"]
    kiosk.talk.exchange()
    assert len(hall.tickets()) == 2
