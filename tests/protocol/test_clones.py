"""Two kiosks running from one disk image: both go on, nothing collides unmarked, nothing is lost."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.protocol.whole import MINUTE_MS, Kiosk, Machine, Server, world


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "server", world())
    yield server
    server.stop()


class Pair:
    """A kiosk and the clone of its disk, taken after three tickets were told."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.server = server
        first = Kiosk(folder / "one", Machine(server.world, "one"), server.pair())
        first.meet(server)
        first.issue(count=3)
        first.meet(server)
        first.stop()
        shutil.copytree(folder / "one", folder / "two")
        first.start()
        self.one, self.two = first, Kiosk(folder / "two", Machine(server.world, "two"))

    def close(self) -> None:
        self.one.stop()
        self.two.stop()

    def settle(self, *order: Kiosk) -> None:
        """Exchanges until both are done; after that they have nothing more to tell, or they would do so for ever."""
        for kiosk in order * 3:
            self.server.world.now_ms += 2_000
            kiosk.meet(self.server)
        known = len(self.server.events())
        for kiosk in order * 3:
            kiosk.meet(self.server)
        assert len(self.server.events()) == known

    def check(self, papers: list[str]) -> None:
        """Every paper is one ticket at the server; two tickets with one label are marked as twins."""
        stored = [one.envelope.body["ticket_id"] for one in self.server.tickets()]
        assert sorted(stored) == sorted(papers)
        tickets = self.server.hall().tickets.values()
        spoken = Counter(str(ticket.label) for ticket in tickets)
        assert all(ticket.twin == (spoken[str(ticket.label)] > 1) for ticket in tickets)
        assert self.one.ledger.outbox.count() == self.two.ledger.outbox.count() == 0
        self.one.ledger.check_chain()
        self.two.ledger.check_chain()


@pytest.fixture
def pair(tmp_path: Path, server: Server) -> Iterator[Pair]:
    pair = Pair(tmp_path, server)
    yield pair
    pair.close()


def told(pair: Pair) -> list[str]:
    return [one.envelope.body["ticket_id"] for one in pair.server.tickets()]


@pytest.mark.parametrize("clone_first", [False, True])
def test_both_issue_without_contact_and_then_meet_the_server(pair: Pair, clone_first: bool) -> None:
    papers = told(pair)
    papers += [ticket.ticket_id for ticket in pair.one.issue(count=4)]
    pair.server.world.now_ms += MINUTE_MS
    papers += [ticket.ticket_id for ticket in pair.two.issue(count=2)]
    order = (pair.two, pair.one) if clone_first else (pair.one, pair.two)
    pair.settle(*order)
    pair.check(papers)
    assert {pair.one.ledger.own().issuer, pair.two.ledger.own().issuer} == {"1", "2"}
    later = [kiosk.issue()[0] for kiosk in order]
    assert len({str(ticket.label) for ticket in later}) == 2
    pair.settle(*order)
    pair.check(papers + [ticket.ticket_id for ticket in later])


def test_both_online_and_taking_turns_end_with_a_character_each(pair: Pair) -> None:
    papers = told(pair)
    for _ in range(6):
        for kiosk in (pair.one, pair.two):
            papers += [ticket.ticket_id for ticket in kiosk.issue()]
            pair.server.world.now_ms += 2_000
            kiosk.meet(pair.server)
    pair.settle(pair.one, pair.two)
    pair.check(papers)
    owners = {pair.one.ledger.own().issuer, pair.two.ledger.own().issuer}
    assert owners == {"1", "2"}
    logs = {(one.envelope.device_id, one.envelope.log_id) for one in pair.server.tickets()}
    assert len(logs) == 2


def test_a_clone_that_writes_nothing_leaves_the_other_alone(pair: Pair) -> None:
    log_id = pair.one.ledger.own().log_id
    papers = told(pair)
    for _ in range(5):
        papers += [ticket.ticket_id for ticket in pair.one.issue()]
        pair.server.world.now_ms += 2_000
        pair.one.meet(pair.server)
        pair.two.meet(pair.server)
    pair.check(papers)
    assert pair.one.ledger.own().log_id == log_id
    assert pair.one.ledger.own().issuer == "1"
    logs = {(one.envelope.device_id, one.envelope.log_id) for one in pair.server.events("DayOpened")}
    assert len(logs) <= 3  # the kiosk's, the server's, and at most one of the clone's
