"""What the real desk tells staff, and what staff's choices survive."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from antrean.domain.errors import Unavailable
from antrean.domain.settings import BadSettings
from kiosk.config import FILE_NAME, load_config
from kiosk.defaults import FILE_NAME as KEPT
from kiosk.defaults import Defaults, keep_defaults, kept_defaults
from kiosk.own_address import own_addresses
from tests.journey.outside import wait_until
from tests.kiosk_core.fake_hall import FakeHall, catalogue, service, serving
from tests.kiosk_core.test_desk_live import WholeKiosk


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[WholeKiosk]:
    with serving(FakeHall(catalogue=catalogue(service("ktp-baru", "A")))) as hall:
        given = {
            "server": f"{hall.url},http://127.0.0.1:9",
            "printer.target": f"file:{tmp_path / 'paper.bin'}",
        }
        kiosk = WholeKiosk(tmp_path, load_config(tmp_path / FILE_NAME, {}, given))
        yield kiosk
        kiosk.close()


def test_staff_read_how_the_last_printing_went_and_when(kiosk: WholeKiosk, tmp_path: Path) -> None:
    assert kiosk.desk.staff_status().paper == ""
    kiosk.desk.paper_changed()
    wait_until(lambda: kiosk.desk.staff_status().paper == "printed", "the test page is out")
    assert kiosk.desk.staff_status().paper_ms is not None
    assert (tmp_path / "paper.bin").stat().st_size > 0
    assert [event.type for event in kiosk.ledger.events()] == []  # a new roll is no event of the queue


def test_without_a_printer_a_new_roll_tells_so(tmp_path: Path) -> None:
    kiosk = WholeKiosk(tmp_path, load_config(tmp_path / FILE_NAME, {}, {}))
    kiosk.desk.paper_changed()
    assert kiosk.desk.staff_status().paper == "no_printer"
    kiosk.close()


def test_all_servers_and_the_kiosks_own_name_are_told(kiosk: WholeKiosk) -> None:
    kiosk.desk.pair("12345678", "")
    status = kiosk.desk.staff_status()
    assert len(status.servers) == 2
    assert status.issuer
    assert status.name
    assert status.addresses == own_addresses()


def test_own_addresses_are_numbers_and_nobody_is_asked() -> None:
    assert all(address.replace(".", "").isdecimal() or ":" in address for address in own_addresses())


def test_a_choice_survives_the_restart_and_goes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('theme = "light"\nvolume = 1\n', encoding="utf-8")
    keep_defaults(tmp_path, Defaults("dark", 5))
    kept = kept_defaults(tmp_path)
    assert load_config(tmp_path / FILE_NAME, {}, {}, kept).defaults == Defaults("dark", 5)
    loud = load_config(tmp_path / FILE_NAME, {"ANTREAN_KIOSK_VOLUME": "2"}, {}, kept)
    assert loud.defaults == Defaults("dark", 2)


@pytest.mark.parametrize(
    "text", ["theme = ", 'theme = "pink"\nvolume = 9', "volume = true", "\xff\x00", ""], ids=repr
)
def test_a_damaged_choice_keeps_no_visitor_waiting(tmp_path: Path, text: str) -> None:
    (tmp_path / KEPT).write_bytes(text.encode("latin-1"))
    assert kept_defaults(tmp_path) == {}


def test_a_disk_that_refuses_leaves_the_earlier_choice(tmp_path: Path) -> None:
    keep_defaults(tmp_path, Defaults("dark", 5))
    (tmp_path / f"{KEPT}.new").mkdir()
    with pytest.raises(Unavailable):
        keep_defaults(tmp_path, Defaults("light", 1))
    assert kept_defaults(tmp_path) == {"theme": "dark", "volume": 5}


@pytest.mark.parametrize(("setting", "value"), [("theme", "pink"), ("volume", 6), ("volume", -1)])
def test_a_wrong_beginning_is_named(tmp_path: Path, setting: str, value: object) -> None:
    with pytest.raises(BadSettings, match=setting):
        load_config(tmp_path / FILE_NAME, {}, {setting: value})
