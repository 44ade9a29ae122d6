"""Quotas over kiosks without contact, new days and staff's own tickets."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antrean.domain.errors import RuleViolation
from tests.domain.malls import mall_data, service
from tests.protocol.whole import DAY_MS, HOUR_MS, Kiosk, Machine, Server, world

KIOSKS = 3


def mall_with(quota: int) -> dict[str, object]:
    return {**mall_data(), "services": [service("ktp-baru", "A"), service("npwp", "P", "pajak", quota=quota)]}


class Rooms:
    """A server and kiosks that have all met once."""

    def __init__(self, folder: Path, quota: int, kiosks: int) -> None:
        self.world = world()
        mall = mall_with(quota)
        mall["counters"] = [{**mall_data()["counters"][0], "services": ["ktp-baru", "npwp"]}]
        self.server = Server(folder / "server", self.world, mall)
        pairings = [self.server.pair(f"Kios {n}") for n in range(kiosks)]
        self.kiosks = [
            Kiosk(folder / f"k{n}", Machine(self.world, f"k{n}"), pairing)
            for n, pairing in enumerate(pairings)
        ]
        for kiosk in self.kiosks:
            kiosk.meet(self.server)

    def issued(self) -> Counter[str]:
        return Counter(one.day for one in self.server.tickets() if one.envelope.body["service"] == "npwp")

    def close(self) -> None:
        for kiosk in self.kiosks:
            kiosk.stop()
        self.server.stop()


Steps = st.lists(
    st.one_of(
        st.tuples(st.just("issue"), st.integers(0, KIOSKS - 1), st.integers(1, 6)),
        st.tuples(st.just("meet"), st.integers(0, KIOSKS - 1), st.just(0)),
        st.tuples(st.just("staff"), st.just(0), st.integers(1, 4)),
        st.tuples(st.just("day"), st.just(0), st.just(0)),
        st.tuples(st.just("reboot"), st.integers(0, KIOSKS - 1), st.just(0)),
    ),
    max_size=25,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 25), Steps)
def test_whatever_the_order_of_contacts_days_and_staff_tickets_no_day_exceeds_its_quota(
    quota: int, steps: list[tuple[str, int, int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        rooms = Rooms(Path(folder), quota, KIOSKS)
        try:
            for what, which, count in steps:
                rooms.world.now_ms += 1_000
                kiosk = rooms.kiosks[which]
                if what == "issue":
                    for _ in range(count):
                        kiosk.try_issue("npwp")
                elif what == "meet":
                    kiosk.meet(rooms.server)
                elif what == "staff":
                    for _ in range(count):
                        rooms.server.command("issue", service="npwp")
                elif what == "day":
                    rooms.world.now_ms += DAY_MS
                else:
                    kiosk.stop()
                    kiosk.machine.reboot()
                    kiosk.start()
            for kiosk in rooms.kiosks:
                kiosk.meet(rooms.server)
                kiosk.meet(rooms.server)  # hearing of a new day is an event of its own
                assert kiosk.ledger.outbox.count() == 0
            issued = rooms.issued()
            assert not issued or max(issued.values()) <= quota
        finally:
            rooms.close()


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    rooms = Rooms(tmp_path, 12, 3)
    yield rooms
    rooms.close()


def test_on_a_new_day_without_contact_each_kiosk_spends_half_an_even_share(rooms: Rooms) -> None:
    rooms.world.now_ms += DAY_MS
    spent = [sum(kiosk.try_issue("npwp") for _ in range(12)) for kiosk in rooms.kiosks]
    assert spent == [2, 2, 2]
    for _ in range(3):
        for kiosk in rooms.kiosks:
            kiosk.meet(rooms.server)
            kiosk.try_issue("npwp")
    for kiosk in rooms.kiosks:
        kiosk.meet(rooms.server)
    assert sum(rooms.issued().values()) > 6


def test_staff_may_take_what_no_kiosk_holds_and_not_one_more(rooms: Rooms) -> None:
    codes = [rooms.server.command("issue", service="npwp") for _ in range(7)]
    refused = [one.json()["error"]["code"] for one in codes if one.status_code == 409]
    assert (len(codes) - len(refused), set(refused)) == (6, {"quota_at_kiosks"})
    for kiosk in rooms.kiosks:
        while kiosk.try_issue("npwp"):
            pass
        kiosk.meet(rooms.server)
    assert sum(rooms.issued().values()) == 12
    assert rooms.server.command("issue", service="npwp").json()["error"]["code"] == "service_full"


def test_the_only_kiosk_may_issue_the_whole_quota_without_contact(tmp_path: Path) -> None:
    rooms = Rooms(tmp_path, 4, 1)
    rooms.world.now_ms += DAY_MS + HOUR_MS
    assert len(rooms.kiosks[0].issue("npwp", 4)) == 4
    with pytest.raises(RuleViolation, match="full"):
        rooms.kiosks[0].issue("npwp")
    rooms.close()


def test_a_kiosk_restored_from_an_old_image_may_not_spend_its_share_again(
    rooms: Rooms, tmp_path: Path
) -> None:
    kiosk = rooms.kiosks[0]
    while kiosk.try_issue("npwp"):
        pass
    kiosk.meet(rooms.server)
    with_ledger = kiosk.ledger.memory
    day = kiosk.ledger.own().day
    before = with_ledger.share_left("npwp", day)
    image = tmp_path / "image"
    image.mkdir()
    kiosk.stop()
    for file in kiosk.folder.iterdir():
        (image / file.name).write_bytes(file.read_bytes())
    kiosk.start()
    while kiosk.try_issue("npwp"):
        pass
    kiosk.meet(rooms.server)
    kiosk.stop()
    for file in image.iterdir():
        (kiosk.folder / file.name).write_bytes(file.read_bytes())
    kiosk.start()
    assert kiosk.ledger.memory.share_left("npwp", day) == before
    kiosk.meet(rooms.server)
    total = sum(rooms.issued().values())
    spoken = total + sum(one.ledger.memory.share_left("npwp", day) for one in rooms.kiosks)
    assert spoken <= 12
