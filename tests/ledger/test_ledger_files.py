import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from antrean.domain.errors import Unavailable
from antrean.domain.timeline import Stamp
from antrean.ledger import connection as files
from antrean.ledger import hall_meta, hall_notes
from antrean.ledger.connection import connect
from antrean.ledger.device import DeviceLedger
from antrean.ledger.driver import SQLITE_VERSION_INFO
from antrean.ledger.errors import LedgerBroken, LedgerDamaged, LedgerMissing, NewerFile, OldSqlite, translated
from antrean.ledger.hall import FreshIds, HallLedger
from antrean.ledger.hall_meta import first_rows
from antrean.ledger.hall_schema import HALL_SCHEMA
from antrean.ledger.schema import migrate

FRESH = FreshIds("incarnation", "server-device", "server-log")
STAMP = Stamp("boot", 1, 1)


def ids() -> str:
    return "id"


def test_the_sqlite_in_use_is_new_enough_and_not_the_systems() -> None:
    assert SQLITE_VERSION_INFO >= files.OLDEST_SQLITE
    code = "import sys, antrean.ledger.hall, antrean.ledger.device; print('sqlite3' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_an_old_sqlite_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(OldSqlite, match=r"99\.0\.0"):
        connect(tmp_path / "x.db")


def test_every_safety_switch_is_on(tmp_path: Path) -> None:
    HallLedger.open(tmp_path, fresh=FRESH, now_ms=1).close()
    connection = connect(tmp_path / "antrean.db")
    switches = {
        name: connection.execute(f"PRAGMA {name}").fetchone()
        for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "cell_size_check")
    }
    connection.close()
    assert switches == {
        "journal_mode": ("wal",),
        "synchronous": (2,),
        "foreign_keys": (1,),
        "trusted_schema": (0,),
        "cell_size_check": (1,),
    }


def test_every_table_is_strict(tmp_path: Path) -> None:
    HallLedger.open(tmp_path, fresh=FRESH, now_ms=1).close()
    DeviceLedger.open(tmp_path, new_id=ids, stamp=STAMP).close()
    for name in ("antrean.db", "kiosk.db"):
        connection = connect(tmp_path / name)
        loose = connection.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0"
            " AND name NOT LIKE 'sqlite%' AND name != '_sqlite_migrations'"
        ).fetchall()
        connection.close()
        assert loose == []


def test_a_migration_leaves_its_receipt(tmp_path: Path) -> None:
    HallLedger.open(tmp_path, fresh=FRESH, now_ms=1).close()
    connection = connect(tmp_path / "antrean.db")
    receipts = connection.execute("SELECT migration_set, name FROM _sqlite_migrations").fetchall()
    connection.close()
    assert receipts == [("hall", "1-log-devices-people"), ("hall", "2-notes"), ("hall", "3-bookings")]


def test_a_file_of_an_older_program_is_brought_up_to_date_with_all_that_is_in_it(tmp_path: Path) -> None:
    path, first = tmp_path / "antrean.db", replace(HALL_SCHEMA, migrations=HALL_SCHEMA.migrations[:1])
    connection = connect(path)
    migrate(connection, path, first, lambda new: first_rows(new, FRESH, 1))
    connection.execute("INSERT INTO meta VALUES ('setting.kept', 'yes')")
    connection.close()
    ledger = HallLedger.open(tmp_path, fresh=FRESH, now_ms=1)
    with ledger.reading() as r:
        assert hall_meta.setting(r, "kept") == "yes"
        assert hall_notes.texts_of_day(r, "2026-11-23") == {}
    ledger.close()


def test_a_newer_file_is_refused_naming_both_versions(tmp_path: Path) -> None:
    HallLedger.open(tmp_path, fresh=FRESH, now_ms=1).close()
    connection = connect(tmp_path / "antrean.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(NewerFile, match=rf"version 99.*up to {HALL_SCHEMA.version}"):
        HallLedger.open(tmp_path, fresh=FRESH, now_ms=1)
    with pytest.raises(NewerFile):
        HallLedger.open_reading(tmp_path)


def test_a_kiosks_file_is_not_taken_for_a_servers(tmp_path: Path) -> None:
    DeviceLedger.open(tmp_path, new_id=ids, stamp=STAMP).close()
    (tmp_path / "kiosk.db").rename(tmp_path / "antrean.db")
    with pytest.raises(NewerFile):
        HallLedger.open(tmp_path, fresh=FRESH, now_ms=1)


def test_planted_damage_is_found_at_the_start(tmp_path: Path) -> None:
    ledger = HallLedger.open(tmp_path, fresh=FRESH, now_ms=1)
    for n in range(200):
        ledger.writer.run(partial(hall_meta.set_setting, name=f"k{n}", value="x" * 200))
    ledger.close()
    path = tmp_path / "antrean.db"
    data = bytearray(path.read_bytes())
    for page in range(4096, len(data), 4096):
        data[page + 8 : page + 40] = b"\xff" * 32
    path.write_bytes(data)
    with pytest.raises(LedgerBroken):
        HallLedger.open(tmp_path, fresh=FRESH, now_ms=1)


def test_a_length_nobody_wrote_is_damage(tmp_path: Path) -> None:
    connection = connect(tmp_path / "any.db")
    with pytest.raises(LedgerDamaged), translated():
        connection.execute("SELECT zeroblob(3000000000)").fetchone()
    connection.close()


def test_a_format_nobody_ever_wrote_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "any.db"
    connection = connect(path)
    connection.execute("CREATE TABLE any (thing TEXT) STRICT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()
    header = bytearray(path.read_bytes())
    header[44:48] = b"\xa5" * 4  # the schema's format, 1 to 4: https://sqlite.org/fileformat.html
    path.write_bytes(header)
    with pytest.raises(LedgerDamaged):
        connect(path).execute("SELECT count(*) FROM any").fetchone()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "antrean.db").write_bytes(b"not a database at all" * 500)
    with pytest.raises(LedgerBroken):
        HallLedger.open(tmp_path, fresh=FRESH, now_ms=1)


def test_reading_where_nothing_is_says_so(tmp_path: Path) -> None:
    with pytest.raises(LedgerMissing):
        HallLedger.open_reading(tmp_path)


def test_another_process_may_read_beside_the_writer(tmp_path: Path) -> None:
    ledger = HallLedger.open(tmp_path, fresh=FRESH, now_ms=1)
    ledger.writer.run(lambda tx: hall_meta.set_setting(tx, "seen", "yes"))
    beside = HallLedger.open_reading(tmp_path)
    with beside.reading() as r:
        assert hall_meta.setting(r, "seen") == "yes"
    with pytest.raises(Unavailable, match="reading"):
        _ = beside.writer
    beside.close()
    ledger.close()
