from pathlib import Path

import pytest

from antrean.domain.errors import Unavailable
from antrean.domain.event import Envelope
from antrean.ledger import hall_log, hall_meta
from antrean.ledger.backup import backup, backup_name, kept, restore, rotate, verify
from antrean.ledger.connection import connect
from antrean.ledger.errors import LedgerMissing
from antrean.ledger.folder_lock import FolderLock
from antrean.ledger.hall import LOCK_NAME, FreshIds, HallLedger
from antrean.ledger.hall_log import Head, NewEvent

FRESH = FreshIds("first-life", "server-device", "server-log")


def add(ledger: HallLedger, count: int) -> None:
    with ledger.reading() as r:
        at: Head = hall_log.head(r, "kiosk", "log")
    prev, events = at.last_hash, []
    for seq in range(at.ack_seq + 1, at.ack_seq + 1 + count):
        e = Envelope(
            f"e{seq}", "kiosk", "log", seq, "HelpRequested", 1, "boot", seq, seq, {"place": "pintu"}, prev
        )
        prev = e.hash()
        events.append(NewEvent(e, prev, seq, "2025-11-24"))
    ledger.writer.run(lambda tx: hall_log.accept(tx, events, received_ms=1))


def test_a_backup_of_a_running_server_is_sound_and_comes_back_under_a_new_incarnation(tmp_path: Path) -> None:
    ledger = HallLedger.open(tmp_path / "data", fresh=FRESH, now_ms=1)
    add(ledger, 300)
    target = tmp_path / "backups" / "friday.db"
    assert backup(tmp_path / "data", target).problems == ()
    add(ledger, 50)
    ledger.close()
    assert [path.name for path in target.parent.iterdir()] == ["friday.db"]
    with pytest.raises(Unavailable, match="more events"):
        restore(target, tmp_path / "data", incarnation="second-life", log_id="second-log")
    restore(target, tmp_path / "data", incarnation="second-life", log_id="second-log", force=True)
    assert verify(tmp_path / "data").events == 300
    again = HallLedger.open(tmp_path / "data", fresh=FRESH, now_ms=1)
    with again.reading() as r:
        assert hall_meta.meta(r).incarnation == "second-life"
        assert hall_meta.meta(r).term == 2
        assert hall_log.head(r, "kiosk", "log").ack_seq == 300
        assert hall_meta.server_log(r) == ("server-device", "second-log")
    add(again, 50)
    again.close()
    assert verify(tmp_path / "data").events == 350
    kept = connect(tmp_path / "data" / "antrean.db.replaced", read_only=True)
    assert hall_log.last_position(kept) == 350
    kept.close()


def test_an_event_changed_afterwards_is_found(tmp_path: Path) -> None:
    ledger = HallLedger.open(tmp_path, fresh=FRESH, now_ms=1)
    add(ledger, 10)
    ledger.close()
    connection = connect(tmp_path / "antrean.db")
    connection.execute('UPDATE events SET body = \'{"place":"lain"}\' WHERE seq = 4')
    connection.close()
    assert verify(tmp_path).problems == ("event 4 was changed after it was accepted",)


def test_only_the_newest_backups_stay_and_files_of_others_are_left_alone(tmp_path: Path) -> None:
    names = [backup_name(1_764_000_000_000 + n * 900_000) for n in range(5)]
    for name in (*names, "antrean-friday.db", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
    assert [path.name for path in rotate(tmp_path, 2)] == names[:3]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [*names[3:], "antrean-friday.db", "notes.txt"]
    )


def test_the_newest_backup_of_each_of_the_last_seven_days_stays_too() -> None:
    quarters = [backup_name(1_764_000_000_000 + n * 900_000) for n in range(96 * 9)]
    days: dict[str, str] = {name[8:16]: name for name in quarters}
    staying = kept(quarters, 4)
    assert staying == set(quarters[-4:]) | set(list(days.values())[-7:])
    assert kept(quarters[:3], 96) == set(quarters[:3])


def test_nothing_is_restored_under_a_running_server(tmp_path: Path) -> None:
    HallLedger.open(tmp_path / "data", fresh=FRESH, now_ms=1).close()
    backup(tmp_path / "data", tmp_path / "b.db")
    server = FolderLock(tmp_path / "data" / LOCK_NAME)
    assert server.alone()
    with pytest.raises(Unavailable, match="stop it first"):
        restore(tmp_path / "b.db", tmp_path / "data", incarnation="x", log_id="y", force=True)
    server.close()
    restore(tmp_path / "b.db", tmp_path / "data", incarnation="x", log_id="y", force=True)


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 500])
def test_a_backup_comes_back_over_a_damaged_ledger_which_is_kept(tmp_path: Path, damage: bytes) -> None:
    ledger = HallLedger.open(tmp_path / "data", fresh=FRESH, now_ms=1)
    add(ledger, 30)
    ledger.close()
    backup(tmp_path / "data", tmp_path / "b.db")
    (tmp_path / "data" / "antrean.db").write_bytes(damage)
    restore(tmp_path / "b.db", tmp_path / "data", incarnation="second-life", log_id="second-log")
    assert verify(tmp_path / "data").events == 30
    assert (tmp_path / "data" / "antrean.db.replaced").read_bytes().startswith(damage)


def test_there_is_nothing_to_back_up_in_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(LedgerMissing):
        backup(tmp_path, tmp_path / "x")
