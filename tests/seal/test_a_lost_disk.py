"""A kiosk's disk dies before it could tell of its tickets: their papers give the places back."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from antrean.domain.claim import EPOCH_MS, Claim
from antrean.domain.errors import RuleViolation
from antrean.domain.events import TicketReadmitted
from antrean.domain.timeline import Stamp
from antrean.ledger import hall_log
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_log import Issued
from antrean.link.server import ServerLink
from antrean.seal.keys import SigningKey
from kiosk.conversation import Conversation
from kiosk.issuing import Issuing
from kiosk.mall_clock import MallClock
from kiosk.readmission import Readmission, Taken, own_key
from kiosk.script import pairing_of
from tests.domain.malls import mall
from tests.server.house_of_tests import House

MINUTE_MS = 60_000


def new_id() -> str:
    return str(uuid.uuid4())


class Kiosk:
    """A real kiosk without screen and printer, whose clocks follow the server's and can be put forward or wrong."""

    def __init__(self, house: House, folder: Path, name: str) -> None:
        self.house, self.folder, self.boot = house, folder, f"boot-{name}"
        self.ledger = DeviceLedger.open(folder, new_id=new_id, stamp=self.stamp())
        self.clock = MallClock(self.stamp)
        link = ServerLink((house.url,))
        code = house.running.parts.enrolment.make_code("kiosk", name, "test")
        told = link.pair(code, own_key(self.ledger, new_id).public)
        link.close()
        pairing = pairing_of(told, (house.url,))
        self.ledger.memory.pair(pairing, new_id=new_id)
        self.token = told.token

    def stamp(self) -> Stamp:
        now_ms = self.house.world.now_ms
        return Stamp(self.boot, now_ms - 1_000_000_000_000, now_ms)

    def meet(self) -> None:
        """One exchange with the server."""
        link = ServerLink((self.house.url,), self.token, answer_seconds=30)
        Conversation(self.ledger, link, self.clock, new_id, version="test").exchange()
        link.close()

    def issue(self, service: str = "ktp-baru", priority: bool = False) -> Issued:
        self.house.world.now_ms += MINUTE_MS
        issuing = Issuing(self.ledger, self.clock, new_id)
        return issuing.issue(mall(), service, priority=priority, language="id")

    def scan(self, token: str) -> Taken:
        return Readmission(self.ledger, self.clock, new_id).take(mall(), token).result

    def lose(self) -> None:
        """Its disk dies."""
        self.ledger.close()
        shutil.rmtree(self.folder)


@pytest.fixture
def kiosks(house: House, tmp_path: Path) -> Iterator[tuple[Kiosk, Kiosk]]:
    """Two kiosks that have met the server and know each other's keys."""
    both = Kiosk(house, tmp_path / "one", "Kios 1"), Kiosk(house, tmp_path / "two", "Kios 2")
    for kiosk in (*both, *both):
        kiosk.meet()
    yield both
    for kiosk in both:
        if kiosk.folder.exists():
            kiosk.ledger.close()


def line(house: House) -> list[str]:
    hall = house.hall()
    return [str(hall.tickets[place.ticket_id].label) for place in hall.line("ktp-baru").by_key]


def readmit(house: House, token: str, *, status: int = 200, role: str = "officer") -> dict[str, object]:
    answer = house.command("readmit", token=token, role=role)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def around(kiosks: tuple[Kiosk, Kiosk]) -> tuple[str, Issued, str]:
    """Three visitors, the middle one at the kiosk that dies."""
    dying, living = kiosks
    before, lost, after = living.issue(), dying.issue(), living.issue()
    dying.lose()
    living.meet()
    return str(before.label), lost, str(after.label)


def test_at_a_counter_a_paper_gives_the_old_place_back(house: House, kiosks: tuple[Kiosk, Kiosk]) -> None:
    before, lost, after = around(kiosks)
    assert line(house) == [before, after]
    answer = readmit(house, lost.token)
    assert line(house) == [before, str(lost.label), after]
    ticket = answer["ticket"]
    assert isinstance(ticket, dict)
    assert (ticket["ticket_id"], ticket["label"], ticket["ahead"]) == (lost.ticket_id, str(lost.label), 1)
    assert ticket["state"] == "waiting"


def test_at_another_kiosk_too_and_out_of_contact(house: House, kiosks: tuple[Kiosk, Kiosk]) -> None:
    before, lost, after = around(kiosks)
    living = kiosks[1]
    assert living.scan(lost.token) is Taken.BACK  # no server was asked
    assert living.scan(lost.token) is Taken.KNOWN
    assert line(house) == [before, after]
    living.meet()
    assert line(house) == [before, str(lost.label), after]
    assert house.running.parts.live.truth.hall.tickets[lost.ticket_id].device_id != ""


def test_a_paper_scanned_everywhere_counts_once(house: House, kiosks: tuple[Kiosk, Kiosk]) -> None:
    before, lost, after = around(kiosks)
    kiosks[1].scan(lost.token)
    first = readmit(house, lost.token)
    again = readmit(house, lost.token.lower(), role="helper")
    kiosks[1].meet()
    assert line(house) == [before, str(lost.label), after]
    assert len(list(first["events"])) == 1  # type: ignore[call-overload]  # a list of the answer's JSON
    assert again["events"] == []
    assert again["ticket"] == first["ticket"]
    with house.running.parts.ledger.reading() as r:
        assert hall_log.quarantine(r) == []


def test_the_lost_log_may_come_after_all(house: House, kiosks: tuple[Kiosk, Kiosk]) -> None:
    dying, living = kiosks
    before, lost, after = living.issue(), dying.issue(), living.issue()
    living.meet()
    readmit(house, lost.token)
    hall = house.hall()
    dying.meet()  # somebody found the disk
    assert line(house) == [str(one.label) for one in (before, lost, after)]
    assert house.hall().tickets[lost.ticket_id].steps == hall.tickets[lost.ticket_id].steps
    assert house.hall().issued[("ktp-baru", "")] == 3
    with house.running.parts.ledger.reading() as r:
        assert hall_log.quarantine(r) == []
        stored = hall_log.ticket(r, lost.ticket_id)
        assert stored is not None
        assert not stored.twin


def test_a_called_visitor_is_told_so_and_nothing_moves(house: House, kiosks: tuple[Kiosk, Kiosk]) -> None:
    _, lost, _ = around(kiosks)
    readmit(house, lost.token)
    house.command("open_counter")
    house.command("call_ticket", ticket=str(lost.label), reason="tes")
    answer = readmit(house, lost.token)
    ticket = answer["ticket"]
    assert isinstance(ticket, dict)
    assert ticket["state"] == "called"
    assert "ahead" not in ticket


def test_priority_on_the_paper_keeps_its_head_start(house: House, kiosks: tuple[Kiosk, Kiosk]) -> None:
    dying, living = kiosks
    first, lost = living.issue(), dying.issue(priority=True)
    dying.lose()
    living.meet()
    readmit(house, lost.token)
    assert line(house) == [str(lost.label), str(first.label)]


def test_its_number_is_never_given_again(house: House, kiosks: tuple[Kiosk, Kiosk]) -> None:
    dying, living = kiosks
    numbers = [dying.issue() for _ in range(5)]
    dying.lose()
    living.scan(numbers[-1].token)
    assert living.issue().label.number == numbers[-1].label.number + 1


def test_a_paper_of_yesterday_is_refused_everywhere(house: House, kiosks: tuple[Kiosk, Kiosk]) -> None:
    _, lost, _ = around(kiosks)
    house.world.now_ms += 24 * 60 * MINUTE_MS
    refused = readmit(house, lost.token, status=422)
    assert refused["error"] == {
        "code": "paper_of_another_day",
        "message": f"Tiket {lost.label} dicetak pada hari lain. Berikan nomor baru untuk hari ini.",
    }
    with pytest.raises(RuleViolation, match="paper_of_another_day"):
        kiosks[1].scan(lost.token)


def test_a_strangers_paper_is_refused_everywhere(house: House, kiosks: tuple[Kiosk, Kiosk]) -> None:
    claim = Claim(house.world.now_ms, True, "A", "1", 1, 7, False, "id", False, 1)
    forged = SigningKey(b"somebody else's 32 byte secret..").seal(claim, "ktp-baru").token
    assert dict(readmit(house, forged, status=422)["error"])["code"] == "unknown_paper"  # type: ignore[call-overload]
    assert dict(readmit(house, "A1-007", status=422)["error"])["code"] == "bad_paper"  # type: ignore[call-overload]
    with pytest.raises(RuleViolation, match="unknown_paper"):
        kiosks[1].scan(forged)


def test_a_kiosk_that_says_more_than_the_paper_proves_is_put_aside(
    house: House, kiosks: tuple[Kiosk, Kiosk]
) -> None:
    _, lost, _ = around(kiosks)
    living = kiosks[1]
    living.scan(lost.token)
    (honest,) = [e for e in living.ledger.events() if e.type == "TicketReadmitted"]
    lie = TicketReadmitted(**{**honest.body, "ticket_id": new_id(), "arrived_ms": EPOCH_MS})
    living.ledger.append(lie, event_id=new_id(), stamp=living.stamp())
    living.meet()
    with house.running.parts.ledger.reading() as r:
        assert [row.code for row in hall_log.quarantine(r)] == ["bad_paper"]
    assert lost.ticket_id in house.hall().tickets
    assert lie.ticket_id not in house.hall().tickets


def test_a_paper_of_a_boot_that_never_met_the_server_stands_beside_its_neighbours(
    house: House, kiosks: tuple[Kiosk, Kiosk]
) -> None:
    """Its clock said 1970: the numbers before and after it tell where it belongs."""
    dying, living = kiosks
    first = dying.issue()
    key = own_key(dying.ledger, new_id)
    at = dying.ledger.own()
    claim = Claim(0, False, "A", at.issuer, at.generation, first.label.number + 1, False, "id", False, 5)
    lost = key.seal(claim, "ktp-baru")
    dying.meet()
    third = living.issue()
    living.meet()
    readmit(house, lost.token)
    assert line(house) == [str(first.label), str(claim.label), str(third.label)]
    alone = Claim(0, False, "A", "9", 1, 1, False, "id", False, 5)
    readmit(house, key.seal(alone, "ktp-baru").token)
    assert line(house)[-1] == str(alone.label)  # nobody knows when: at the end, as of now
    yesterday = Claim(house.world.now_ms - 24 * 60 * MINUTE_MS, False, "A", "9", 2, 1, False, "id", False, 5)
    assert readmit(house, key.seal(yesterday, "ktp-baru").token, status=422)["error"]


def test_a_kiosk_with_a_dead_clock_that_took_an_old_paper_is_noticed(
    house: House, kiosks: tuple[Kiosk, Kiosk]
) -> None:
    _, lost, _ = around(kiosks)
    living = kiosks[1]
    living.scan(lost.token)
    house.world.now_ms += 24 * 60 * MINUTE_MS
    (taken,) = [e for e in living.ledger.events() if e.type == "TicketReadmitted"]
    again = TicketReadmitted(**taken.body)
    living.ledger.append(again, event_id=new_id(), stamp=living.stamp())
    living.meet()
    with house.running.parts.ledger.reading() as r:
        assert [row.code for row in hall_log.quarantine(r)] == ["paper_of_another_day"]
        assert (
            hall_log.ticket(r, lost.ticket_id) is not None
        )  # the scan of the day before came late, and counts
    assert lost.ticket_id not in house.hall().tickets
