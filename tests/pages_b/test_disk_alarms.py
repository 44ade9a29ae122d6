"""Backups that fail and a disk that is full are told where people look, with since when, until all is well."""

from pathlib import Path

import pytest

from antrean.domain.errors import Unavailable
from antrean.ledger.errors import DiskFull
from queue_server.app import PageRoom
from queue_server.backups import Made, back_up
from queue_server.pages import pages_blueprint
from queue_server.pages.errors import error_page
from tests.pages_b.desk import Desk
from tests.server.house_of_tests import FakeWorld, fill, served


def test_backups_that_fail_and_a_lost_ballast_alarm_until_they_are_well(tmp_path: Path) -> None:
    fill(tmp_path)
    full = [True]

    def make(now_ms: int) -> Made:
        if full[0]:
            raise DiskFull("the disk is full")
        return back_up(tmp_path, now_ms, 3)

    pages = PageRoom(pages_blueprint, error_page)
    with served(tmp_path, FakeWorld(), pages, back_up=make, backup_minutes=15) as house:
        house.running.keeper.close()  # its own thread would look in between
        desk = Desk(house)
        administrator = desk.signed_in("administrator", language="id")
        assert "Cadangan gagal" not in administrator.page("/admin/health").words
        kiosk = house.pair()
        kiosk.issue()
        assert kiosk.push().json()["backed_up_seq"] == 0

        house.world.now_ms += 15 * 60_000
        with pytest.raises(Unavailable):
            house.running.keeper.look()
        (tmp_path / "ballast").unlink()
        told = house.client.get("/healthz").json()
        assert told["status"] == "attention"
        assert told["alarms"] == ["disk_full", "backup_failed"]
        words = administrator.page("/admin/health").words
        assert "Cadangan gagal sejak 09.15" in words
        assert "Penyimpanan server penuh" in words

        full[0] = False
        house.world.now_ms += 15 * 60_000
        house.running.keeper.look()
        assert house.client.get("/healthz").json()["alarms"] == []
        assert "Cadangan gagal" not in administrator.page("/admin/health").words
        assert kiosk.push().json()["backed_up_seq"] == 1
        assert kiosk.hello().json()["backed_up_seq"] == 1
        for person in desk.people:
            person.client.close()
