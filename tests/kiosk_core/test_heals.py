"""A real kiosk program over a damaged or rolled-back folder: it gives the next number within the same start."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from antrean.ledger.device import DeviceLedger
from kiosk.config import load_config
from tests.kiosk_core.fake_hall import catalogue
from tests.ledger.device_rooms import PAIRING, STAMP, new_id


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A paired kiosk that knows its mall; its server is gone; its second files lie on a stick."""
    (tmp_path / "stick").mkdir()
    data = tmp_path / "kiosk"
    ledger = DeviceLedger.open(data, new_id=new_id, stamp=STAMP, second=tmp_path / "stick")
    ledger.memory.pair(PAIRING, new_id=new_id)
    ledger.memory.set_catalogue(1, catalogue())
    ledger.close()
    stick = json.dumps(str(tmp_path / "stick"))
    (data / "kiosk.toml").write_text(f'server = "http://127.0.0.1:9"\nsecond_folder = {stick}\n')
    return data


def issue(folder: Path, count: int) -> list[int]:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "issue", "ktp-baru", "--count", str(count), "--data", str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return [int(json.loads(line)["label"][3:]) for line in done.stdout.splitlines()]


def test_a_damaged_kiosk_gives_the_next_number_within_the_same_start(folder: Path) -> None:
    given = issue(folder, 3)
    (folder / "kiosk.db").write_bytes(b"\xa5" * 20_000)
    again = issue(folder, 2)
    assert min(again) > max(given)
    assert (folder / "kiosk.db.broken-1").exists()


def test_a_new_disk_with_the_old_stick_is_the_same_kiosk(folder: Path) -> None:
    given = issue(folder, 3)
    for path in folder.glob("kiosk.db*"):
        path.unlink()
    again = issue(folder, 2)
    assert min(again) > max(given)
    ledger = DeviceLedger.open(folder, new_id=new_id, stamp=STAMP, second=folder.parent / "stick")
    assert ledger.memory.pairing() == PAIRING
    ledger.close()


def test_an_image_of_the_disk_put_back_gives_no_number_twice(folder: Path) -> None:
    given = issue(folder, 3)
    shutil.copytree(folder, folder.parent / "image")
    given += issue(folder, 3)
    shutil.rmtree(folder)
    shutil.copytree(folder.parent / "image", folder)
    assert min(issue(folder, 2)) > max(given)


def test_the_second_folder_is_a_setting(tmp_path: Path) -> None:
    assert load_config(tmp_path / "none", {}, {}).second_folder is None
    set_so = load_config(tmp_path / "none", {"ANTREAN_KIOSK_SECOND_FOLDER": "/media/stick"}, {})
    assert set_so.second_folder == Path("/media/stick")
