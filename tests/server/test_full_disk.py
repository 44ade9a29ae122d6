"""A server on a disk that is really full: nothing acknowledged is lost, and room alone makes it well again."""

import json
from pathlib import Path

import pytest

from antrean.domain.errors import Unavailable
from queue_server.backups import BackupWatch, Made
from tests.ledger.tiny_disk import run_on_tiny_disk


def test_a_server_works_on_a_full_disk_until_its_ballast_is_used_up_and_heals_when_there_is_room(
    tmp_path: Path,
) -> None:
    told = run_on_tiny_disk("tests.server.full_disk", tmp_path / "disk", 32)
    assert json.loads(told.splitlines()[-1])["acknowledged"] > 200


def test_no_backup_is_made_while_the_disk_is_low() -> None:
    watch = BackupWatch(lambda now_ms: Made(Path("never"), 1), lambda: False)
    with pytest.raises(Unavailable, match="nearly full"):
        watch(1)
    assert watch.failed_since_ms == 1
