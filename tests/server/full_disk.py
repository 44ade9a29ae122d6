"""Run by test_full_disk on a tiny disk: a server takes tickets and commands until the last page, then heals."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from antrean.ledger.backup import BACKUPS, backups_in, verify
from antrean.ledger.hall import HallLedger
from antrean.ledger.hall_log import StoredEvent, since
from antrean.ledger.writer import Transaction
from queue_server.backups import back_up
from tests.ledger.tiny_disk import stuff
from tests.server.house_of_tests import MORNING_MS, FakeKiosk, FakeWorld, House, fill, served

TICKETS = 10


def push(kiosk: FakeKiosk, acknowledged: list[str], count: int = TICKETS) -> int:
    """Issue and offer tickets; the status. Acknowledged ones are noted."""
    tickets = [kiosk.issue() for _ in range(count)]
    answer = kiosk.push(kiosk.events[-count:])
    if answer.status_code == 200:
        acknowledged += tickets
    else:
        del kiosk.events[-count:]
    return answer.status_code


def alarms(house: House) -> list[str]:
    """What the health page warns of."""
    told: list[str] = house.client.get("/healthz").json()["alarms"]
    return told


def main(folder: Path) -> None:
    """The story; AssertionError where it goes wrong."""
    fill(folder)
    for quarter in range(5):
        back_up(folder, MORNING_MS + quarter * 900_000, 96)
    with served(folder, FakeWorld()) as house:
        house.running.keeper.close()  # its own thread would look in between
        kiosk = house.pair()
        kiosk.hello()
        assert house.command("open_counter").status_code == 200
        acknowledged: list[str] = []
        assert push(kiosk, acknowledged) == 200
        assert alarms(house) == []
        stuffing = stuff(folder)

        statuses = []
        for _ in range(20_000):
            statuses.append(push(kiosk, acknowledged))
            if statuses[-1] != 200:
                break
            if len(statuses) == 20:
                assert house.command("call_next").status_code == 200
        assert statuses[-1] == 503, statuses[-1]
        while push(kiosk, acknowledged, 1) == 200:  # one ticket fits where ten did not
            pass
        assert statuses.count(200) > 20
        assert len(backups_in(folder / BACKUPS)) == 2
        assert "disk_full" in alarms(house)
        refused = house.command("start", key="never-written-1")
        assert refused.status_code in (200, 503), refused.text
        assert refused.status_code == 200 or refused.json()["error"]["message"]

        stuffing.unlink()
        assert push(kiosk, acknowledged) == 200
        again = house.command("start", key="never-written-1")
        assert again.status_code == 200, again.text
        house.world.now_ms += 61_000
        house.running.keeper.look()
        assert alarms(house) == []
        assert set(acknowledged) <= set(house.hall().tickets)
    assert verify(folder).problems == ()
    ledger = HallLedger.open_reading(folder)
    with ledger.reading() as r:
        stored = {e.envelope.body["ticket_id"] for e in _all(r) if e.envelope.type == "TicketIssued"}
    ledger.close()
    assert set(acknowledged) == stored
    print(json.dumps({"acknowledged": len(acknowledged)}))


def _all(r: Transaction) -> Iterator[StoredEvent]:
    position = 0
    while page := since(r, position):
        yield from page
        position = page[-1].position


if __name__ == "__main__":
    main(Path(sys.argv[1]))
