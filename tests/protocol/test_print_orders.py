"""A helper's ticket printed at a chosen kiosk: once, or an honest word, whatever happens on the way."""

import queue
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from antrean.domain.catalogue_file import mall_from_dict
from antrean.domain.errors import Unavailable
from antrean.domain.helping import ORDER_GOOD_FOR_MS
from antrean.domain.label import status_token
from kiosk.conversation import News
from kiosk.orders import Orders
from kiosk.printing import Outcomes, Printing
from printers.face import PAPER_80
from printers.outcome import Outcome
from printers.worker import PrintWorker
from tests.protocol.whole import Kiosk, Machine, Server


class FakePaper:
    """The paper roll of one printer: what came out, over all restarts of its kiosk."""

    answers = False
    certain = True

    def __init__(self) -> None:
        self.tickets: list[bytes] = []
        self.is_empty = False

    def connect(self, timeout_ms: int) -> None:
        if self.is_empty:
            raise Unavailable("nobody", permanent=False)

    def write(self, data: bytes, timeout_ms: int) -> None:
        self.tickets.append(data)

    def read_status(self, timeout_ms: int) -> int | None:
        return None

    def close(self) -> None:
        return


class Printery:
    """A kiosk as a process with a printer: it can be stopped in time, or die."""

    def __init__(self, folder: Path, machine: Machine, server: Server) -> None:
        self.server = server
        self.paper = FakePaper()
        self.kiosk = Kiosk(folder, machine, server.pair("Kios 2"))
        self.kiosk.meet(server)
        self._begin()

    def _begin(self) -> None:
        kiosk = self.kiosk
        self.ended: queue.SimpleQueue[tuple[str, Outcome]] = queue.SimpleQueue()
        self._noted = kiosk.ledger.sibling()
        outcomes = Outcomes(self._noted, kiosk.new_id, kiosk.machine.stamp)
        outcomes.told = lambda job, outcome: self.ended.put((job, outcome))
        self.worker = PrintWorker(kiosk.folder / "spool", lambda: self.paper, outcomes.take)
        self.worker.start()
        self.orders = Orders(kiosk.ledger, Printing(self.worker, outcomes), PAPER_80)

    @property
    def device_id(self) -> str:
        pairing = self.kiosk.ledger.memory.pairing()
        assert pairing is not None
        return pairing.device_id

    def hear(self) -> News:
        """One exchange, and what it orders goes to the printer."""
        news = self.kiosk.meet(self.server)
        known = self.kiosk.ledger.memory.catalogue()
        assert known is not None
        self.orders.take(news.orders, mall_from_dict(known[1]))
        return news

    def printed(self) -> str:
        """Waits until a print has ended; its ticket."""
        return self.ended.get(timeout=30)[0]

    def die_and_start(self) -> None:
        """A kill: nothing is closed cleanly; the same disk goes on."""
        self.worker.stop()
        self.kiosk.ledger._connection.close()
        if self.kiosk.ledger._lock is not None:
            self.kiosk.ledger._lock.close()
        self._noted.close()
        self.kiosk.start()
        self._begin()

    def stop(self) -> None:
        self.worker.stop()
        self._noted.close()
        self.kiosk.stop()


@pytest.fixture
def printery(tmp_path: Path, server: Server) -> Iterator[Printery]:
    printery = Printery(tmp_path / "kiosk-2", Machine(server.world, "p"), server)
    yield printery
    printery.stop()


def take(server: Server, printery: Printery, **more: Any) -> str:
    answer = server.command(
        "issue", role="helper", service="ktp-baru", reason="phone", print_at=printery.device_id, **more
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["ticket"]["ticket_id"])


def paper_of(server: Server, ticket_id: str) -> str:
    with_paper = server.parts.hub.state(f"ticket:{status_token(ticket_id)}")
    return str(with_paper["paper"])


def test_a_helpers_ticket_comes_out_of_the_chosen_kiosk_and_the_page_hears_of_it(
    server: Server, printery: Printery, kiosk: Kiosk
) -> None:
    ticket_id = take(server, printery)
    assert paper_of(server, ticket_id) == "printing"
    assert kiosk.meet(server).orders == ()  # another kiosk hears nothing of it
    printery.hear()
    assert printery.printed() == ticket_id
    printery.hear()
    assert server.hall().orders == ()
    assert paper_of(server, ticket_id) == "printed"
    assert len(printery.paper.tickets) == 1


def test_the_order_says_all_that_the_paper_shows(server: Server, printery: Printery) -> None:
    server.command("issue", role="helper", service="ktp-baru")
    ticket_id = take(server, printery, language="en", priority=False)
    (order,) = printery.kiosk.meet(server).orders
    ticket = server.hall().tickets[ticket_id]
    assert (order.label, order.service, order.language) == (str(ticket.label), "ktp-baru", "en")
    assert (order.ahead, order.issued_ms) == (1, ticket.arrived_ms)


def test_an_order_told_again_and_again_prints_once(server: Server, printery: Printery) -> None:
    take(server, printery)
    for _ in range(3):  # the outcome is not told yet, so the server repeats itself
        news = printery.kiosk.meet(server)
        known = printery.kiosk.ledger.memory.catalogue()
        assert known is not None
        printery.orders.take([*news.orders, *news.orders], mall_from_dict(known[1]))
    printery.printed()
    printery.hear()
    printery.hear()
    assert len(printery.paper.tickets) == 1
    assert printery.ended.empty()


def test_a_lost_answer_delays_the_paper_and_doubles_nothing(server: Server, printery: Printery) -> None:
    ticket_id = take(server, printery)
    printery.kiosk.meet(server)  # the answer with the order never arrived
    assert paper_of(server, ticket_id) == "printing"
    printery.hear()
    printery.printed()
    printery.hear()
    assert paper_of(server, ticket_id) == "printed"
    assert len(printery.paper.tickets) == 1


def test_a_kiosk_killed_before_its_printer_heard_says_unknown_and_prints_nothing_by_itself(
    server: Server, printery: Printery
) -> None:
    ticket_id = take(server, printery)
    (order,) = printery.kiosk.meet(server).orders
    assert printery.kiosk.ledger.take_order(order.ticket_id)  # noted, and then the power went
    printery.die_and_start()
    printery.hear()
    printery.hear()
    assert paper_of(server, ticket_id) == "unknown"
    assert printery.paper.tickets == []
    assert server.hall().orders == ()


def test_a_kiosk_killed_after_the_paper_came_out_prints_no_second_one(
    server: Server, printery: Printery
) -> None:
    ticket_id = take(server, printery)
    printery.hear()
    assert printery.printed() == ticket_id
    printery.die_and_start()  # the outcome is in the log, the server has not heard it
    printery.hear()
    printery.hear()
    assert paper_of(server, ticket_id) == "printed"
    assert len(printery.paper.tickets) == 1


def test_a_kiosk_that_starts_again_in_between_still_prints_once(server: Server, printery: Printery) -> None:
    ticket_id = take(server, printery)
    printery.die_and_start()
    printery.hear()
    assert printery.printed() == ticket_id
    printery.hear()
    assert paper_of(server, ticket_id) == "printed"
    assert len(printery.paper.tickets) == 1


def test_a_server_that_starts_again_still_orders_the_paper(server: Server, printery: Printery) -> None:
    ticket_id = take(server, printery)
    server.stop()
    server.start()
    printery.hear()
    assert printery.printed() == ticket_id
    printery.hear()
    assert paper_of(server, ticket_id) == "printed"


def test_a_printer_that_is_off_is_told_and_the_number_stands(server: Server, printery: Printery) -> None:
    printery.paper.is_empty = True
    ticket_id = take(server, printery)
    printery.hear()
    printery.printed()
    printery.hear()
    assert paper_of(server, ticket_id) == "failed"
    assert server.hall().tickets[ticket_id].state == "waiting"


def test_a_service_the_kiosk_does_not_know_yet_is_told_as_not_printed(
    server: Server, printery: Printery
) -> None:
    ticket_id = take(server, printery)
    news = printery.kiosk.meet(server)
    known = printery.kiosk.ledger.memory.catalogue()
    assert known is not None
    older = {**known[1], "services": [s for s in known[1]["services"] if s["code"] != "ktp-baru"]}
    older["counters"] = [
        {**c, "services": [s for s in c["services"] if s != "ktp-baru"]} for c in older["counters"]
    ]
    printery.orders.take(news.orders, mall_from_dict(older))
    printery.printed()
    printery.hear()
    assert paper_of(server, ticket_id) == "failed"


def test_an_order_not_taken_over_in_time_is_late_and_prints_no_more(
    server: Server, printery: Printery
) -> None:
    ticket_id = take(server, printery)
    server.world.now_ms += ORDER_GOOD_FOR_MS
    assert printery.hear().orders == ()
    assert paper_of(server, ticket_id) == "late"
    assert printery.paper.tickets == []


def test_no_number_is_taken_for_a_kiosk_that_cannot_print_it(server: Server, printery: Printery) -> None:
    old = server.pair("Kios lama")  # enrolled, and it never greeted with the newer protocol
    server.parts.enrolment.withdraw(printery.device_id, "test")
    for device_id in (old.device_id, printery.device_id, "nobody"):
        refused = server.command("issue", role="helper", service="ktp-baru", print_at=device_id)
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "cannot_print_there")
    assert len(server.hall().tickets) == 0


def test_a_kiosk_withdrawn_after_the_order_leaves_a_valid_number(server: Server, printery: Printery) -> None:
    ticket_id = take(server, printery)
    server.parts.enrolment.withdraw(printery.device_id, "test")
    server.world.now_ms += ORDER_GOOD_FOR_MS
    assert paper_of(server, ticket_id) == "late"
    assert server.hall().tickets[ticket_id].state == "waiting"


def test_a_kiosk_of_the_older_protocol_is_told_no_orders(
    server: Server, printery: Printery, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(server, printery)
    monkeypatch.setattr("antrean.link.server.PROTOCOLS", (1,))
    printery.kiosk._talk = None  # it greets again, as an older program would
    assert printery.hear().orders == ()
    assert printery.paper.tickets == []


def test_the_page_offers_only_kiosks_in_contact(server: Server, printery: Printery, kiosk: Kiosk) -> None:
    near = server.parts.contacts
    now = server.parts.live.now_ms()
    assert near.is_near(printery.device_id, now)
    assert not near.is_near(printery.device_id, now + 60_000)


def test_assistance_told_by_a_kiosk_reaches_the_server_beside_its_ticket(
    server: Server, kiosk: Kiosk
) -> None:
    known = kiosk.ledger.memory.catalogue()
    assert known is not None
    mall = mall_from_dict(known[1])
    issued = kiosk.issuing.issue(mall, "ktp-baru", priority=False, language="id", reason="sight", minutes=4)
    kiosk.meet(server)
    (given,) = server.events("AssistanceGiven")
    assert dict(given.envelope.body) == {"ticket_id": issued.ticket_id, "reason": "sight", "minutes": 4}
    assert server.hall().tickets[issued.ticket_id].assisted


def test_an_unknown_reason_from_a_newer_kiosk_is_put_aside_and_its_ticket_counts(
    server: Server, kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.issuing.check_assistance", lambda reason, minutes: None)
    known = kiosk.ledger.memory.catalogue()
    assert known is not None
    mall = mall_from_dict(known[1])
    kiosk.issuing.issue(mall, "ktp-baru", priority=False, language="id", reason="newer", minutes=1)
    news = kiosk.meet(server)
    assert news.quarantined == 1
    assert len(server.tickets()) == 1
