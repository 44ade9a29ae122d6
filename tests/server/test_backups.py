"""The server's own backups: rotated, visible when they fail, never half-written."""

from pathlib import Path

import pytest

from antrean.domain.errors import Unavailable
from antrean.ledger.backup import BACKUPS, verify
from queue_server.backups import BackupWatch, back_up
from tests.server.house_of_tests import MORNING_MS, fill

QUARTER_MS = 900_000


def test_automatic_backups_are_rotated(tmp_path: Path) -> None:
    fill(tmp_path)
    made = [back_up(tmp_path, MORNING_MS + n * QUARTER_MS, 2).path for n in range(4)]
    assert sorted((tmp_path / BACKUPS).iterdir()) == made[2:]
    assert verify(made[-1]).problems == ()


def test_a_copy_cut_off_by_a_kill_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / BACKUPS).mkdir()
    (tmp_path / BACKUPS / "antrean-20251101T000000Z.db.part").write_bytes(b"half")
    made = back_up(tmp_path, MORNING_MS, 2).path
    assert list((tmp_path / BACKUPS).iterdir()) == [made]


def test_backups_that_fail_are_told_with_since_when_until_one_works(tmp_path: Path) -> None:
    fill(tmp_path)
    watch = BackupWatch(lambda now_ms: back_up(tmp_path, now_ms, 2))
    (tmp_path / BACKUPS).write_bytes(b"a file where the folder should be")
    for late in (0, QUARTER_MS):
        with pytest.raises(Unavailable):
            watch(MORNING_MS + late)
    assert (watch.failed_since_ms, BACKUPS in watch.why) == (MORNING_MS, True)
    (tmp_path / BACKUPS).unlink()
    watch(MORNING_MS + 2 * QUARTER_MS)
    assert (watch.failed_since_ms, watch.why) == (None, "")


def test_an_unsound_copy_is_no_backup(tmp_path: Path) -> None:
    fill(tmp_path)
    data = bytearray((tmp_path / "antrean.db").read_bytes())
    data[4096 + 8 : 4096 + 60] = b"\xff" * 52
    (tmp_path / "antrean.db").write_bytes(data)
    watch = BackupWatch(lambda now_ms: back_up(tmp_path, now_ms, 2))
    with pytest.raises(Unavailable):
        watch(MORNING_MS)
    assert list((tmp_path / BACKUPS).iterdir()) == []
