"""A kiosk on a disk that is really full, and what it gives up before a visitor."""

from pathlib import Path

from kiosk.room import shed
from tests.ledger.tiny_disk import run_on_tiny_disk


def test_a_kiosk_gives_numbers_on_a_full_disk_until_its_ballast_is_used_up_and_again_when_there_is_room(
    tmp_path: Path,
) -> None:
    assert "on the ballast" in run_on_tiny_disk("tests.kiosk_core.full_disk", tmp_path / "disk", 40)


def test_only_what_is_over_is_shed(tmp_path: Path) -> None:
    (tmp_path / "spool").mkdir()
    over = ["spool/000000000001-a.printed", "spool/000000000002-b.failed.offline", "kiosk.log.1"]
    needed = [
        "spool/000000000003-c.queued",
        "spool/000000000004-d.sending",
        "kiosk.db",
        "kiosk.db.broken-1",
        "kiosk.toml",
        "kiosk.log",
    ]
    for name in (*over, *needed):
        (tmp_path / name).write_bytes(b"x")
    assert shed(tmp_path)
    assert not shed(tmp_path)
    assert all((tmp_path / name).exists() for name in needed)
