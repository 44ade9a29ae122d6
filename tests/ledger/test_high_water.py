"""The second file: numbers never come twice, whatever the database says after a start."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from antrean.ledger import high_water, small_file
from antrean.ledger.high_water import FILE_NAME, HighWater, Mark, Point, Verdict, judge
from antrean.ledger.small_file import write_durably
from tests.ledger.device_rooms import STAMP, crash, opened, paired, take

HERE = Point("d", "log", 3, "2025-11-24", 40, {"A": 12, "B": 2})


def numbers(labels: list[str]) -> list[int]:
    return [int(label[3:]) for label in labels]


def snapshot(folder: Path, to: Path) -> None:
    to.mkdir()
    for path in folder.glob("kiosk.db*"):
        shutil.copy(path, to / path.name)


def put_back(folder: Path, kept: Path) -> None:
    for path in folder.glob("kiosk.db*"):
        path.unlink()
    for path in kept.iterdir():
        shutil.copy(path, folder / path.name)


@pytest.mark.parametrize(
    "now, clean, says_clean, verdict",
    [
        (HERE, True, True, Verdict.SOUND),
        (HERE, False, False, Verdict.SOUND),
        (replace(HERE, seq=41), False, False, Verdict.SOUND),
        (replace(HERE, seq=39), False, False, Verdict.BEHIND),
        (replace(HERE, numbers={"A": 12}), False, False, Verdict.BEHIND),
        (replace(HERE, log_id="other"), False, False, Verdict.BEHIND),
        (replace(HERE, generation=2, log_id="other"), True, True, Verdict.BEHIND),
        (replace(HERE, generation=4, log_id="other", seq=1, numbers={}), True, True, Verdict.SOUND),
        (HERE, True, False, Verdict.BEHIND),
    ],
)
def test_only_a_ledger_older_than_the_file_proves_is_behind(
    now: Point, clean: bool, says_clean: bool, verdict: Verdict
) -> None:
    assert judge(now, Mark(HERE, HERE, says_clean), clean=clean) is verdict
    assert judge(now, None, clean=clean) is Verdict.SOUND


def test_a_clean_restart_skips_nothing_and_starts_no_new_log(tmp_path: Path) -> None:
    ledger = paired(tmp_path)
    assert take(ledger, 3) == ["A1-001", "A1-002", "A1-003"]
    log = ledger.own().log_id
    ledger.close()
    ledger = opened(tmp_path)
    assert take(ledger) == ["A1-004"]
    assert ledger.own().log_id == log
    ledger.close()


def test_an_image_of_a_stopped_kiosk_put_back_later_reuses_no_number(tmp_path: Path) -> None:
    ledger = paired(tmp_path / "kiosk")
    given = take(ledger, 3)
    ledger.close()
    snapshot(tmp_path / "kiosk", tmp_path / "image")
    ledger = opened(tmp_path / "kiosk")
    given += take(ledger, 30)
    before = ledger.own()
    ledger.close()
    put_back(tmp_path / "kiosk", tmp_path / "image")
    ledger = opened(tmp_path / "kiosk")
    assert ledger.own().generation > before.generation
    assert ledger.own().log_id != before.log_id
    assert min(numbers(take(ledger))) > max(numbers(given))
    ledger.check_chain()
    ledger.close()


@pytest.mark.parametrize("lost", [1, 2, 7, 19, 20, 45])
def test_a_database_that_lost_its_newest_tickets_reuses_no_number(tmp_path: Path, lost: int) -> None:
    ledger = paired(tmp_path / "kiosk")
    given = take(ledger, 11)
    snapshot(tmp_path / "kiosk", tmp_path / "image")
    given += take(ledger, lost)
    crash(ledger)
    put_back(tmp_path / "kiosk", tmp_path / "image")
    ledger = opened(tmp_path / "kiosk")
    assert min(numbers(take(ledger))) > max(numbers(given))
    ledger.check_chain()
    ledger.close()


def test_series_first_used_after_the_image_are_known_from_the_file(tmp_path: Path) -> None:
    ledger = paired(tmp_path / "kiosk")
    snapshot(tmp_path / "kiosk", tmp_path / "image")
    take(ledger, 4, "C")
    crash(ledger)
    put_back(tmp_path / "kiosk", tmp_path / "image")
    ledger = opened(tmp_path / "kiosk")
    assert numbers(take(ledger, 1, "C"))[0] > 4
    ledger.close()


@pytest.mark.parametrize("content", [None, b"", b"{}", b'{"clean": true}\nnonsense\n', b"\x00" * 400])
def test_a_missing_or_torn_file_is_harmless_and_written_again(tmp_path: Path, content: bytes | None) -> None:
    ledger = paired(tmp_path)
    take(ledger, 3)
    log = ledger.own().log_id
    ledger.close()
    (tmp_path / FILE_NAME).unlink()
    if content is not None:
        (tmp_path / FILE_NAME).write_bytes(content)
    ledger = opened(tmp_path)
    assert take(ledger) == ["A1-004"]
    assert ledger.own().log_id == log
    mark = HighWater(tmp_path).load()
    assert mark is not None
    assert mark.reserved.numbers["A"] >= 4
    ledger.close()


def test_an_older_file_is_harmless(tmp_path: Path) -> None:
    ledger = paired(tmp_path)
    take(ledger, 3)
    ledger.close()
    old = (tmp_path / FILE_NAME).read_bytes()
    ledger = opened(tmp_path)
    take(ledger, 3)
    ledger.open_day("2025-11-25", "clock", event_id="day", stamp=STAMP)
    assert take(ledger) == ["A1-001"]
    log = ledger.own().log_id
    ledger.close()
    (tmp_path / FILE_NAME).write_bytes(old)
    ledger = opened(tmp_path)
    assert take(ledger) == ["A1-002"]
    assert ledger.own().log_id == log
    ledger.close()


def test_the_file_always_says_at_least_as_much_as_was_issued_and_is_seldom_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = []

    def counted(path: Path, content: bytes) -> None:
        writes.append(path.name)
        write_durably(path, content)

    ledger = paired(tmp_path)
    monkeypatch.setattr(small_file, "write_durably", counted)
    for _ in range(200):
        number = numbers(take(ledger))[0]
        mark = HighWater(tmp_path).load()
        assert mark is not None
        assert mark.reserved.numbers["A"] >= number > mark.proved.numbers.get("A", 0)
        assert mark.reserved.seq >= ledger.own().last_seq
    assert writes.count(FILE_NAME) <= 200 / high_water.NUMBERS_A_BLOCK + 2
    ledger.close()


def test_the_file_stands_on_a_medium_of_its_own_and_a_dead_one_keeps_nobody_waiting(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    ledger = paired(tmp_path / "kiosk", second=stick)
    take(ledger)
    assert (stick / FILE_NAME).exists()
    for path in stick.iterdir():
        path.unlink()
    stick.rmdir()
    assert len(take(ledger, 60)) == 60
    assert ledger.trouble()[0] == "second"
    ledger.close()
    ledger = opened(tmp_path / "kiosk", second=stick)
    assert numbers(take(ledger))[0] > 61
    ledger.close()
