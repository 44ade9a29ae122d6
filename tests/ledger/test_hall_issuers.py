"""No two kiosks ever print under one character, also when the server forgot one of them."""

from pathlib import Path

import pytest

from antrean.domain.errors import RuleViolation
from antrean.domain.label import ISSUERS
from antrean.ledger import backup, hall_devices, hall_issuers
from antrean.ledger.hall import FreshIds, HallLedger
from antrean.ledger.writer import Transaction


def opened(folder: Path) -> HallLedger:
    """The ledger in that folder."""
    return HallLedger.open(folder, fresh=FreshIds("life-1", "server", "log-1"), now_ms=1)


def joined(ledger: HallLedger, name: str) -> str:
    """The character of a kiosk that is paired now."""

    def job(tx: Transaction) -> hall_devices.Device:
        hall_devices.add_pairing_code(tx, name, kind="kiosk", name=name, counter=None, now_ms=1, expires_ms=9)
        return hall_devices.redeem_pairing_code(tx, name, device_id=name, token_hash=name, now_ms=2)

    issuer = ledger.writer.run(job).issuer
    assert issuer is not None
    return issuer


def restored(copy: Path, folder: Path, life: str) -> HallLedger:
    """The ledger as the backup has it, in a new life."""
    backup.restore(copy, folder, incarnation=life, log_id=f"log of {life}")
    return opened(folder)


def test_a_kiosk_gets_the_next_character_until_there_are_none(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    assert "".join(joined(ledger, f"kiosk {number}") for number in range(len(ISSUERS))) == ISSUERS
    with pytest.raises(RuleViolation, match="no_issuer_left"):
        joined(ledger, "one too many")
    ledger.close()


def test_the_character_of_a_second_log_is_given_to_no_new_kiosk(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    assert joined(ledger, "cloned") == "1"
    ledger.writer.run(lambda tx: hall_issuers.give(tx, "cloned", "second log", hall_issuers.unused(tx)))
    assert joined(ledger, "new") == "3"
    ledger.close()


def test_a_restored_server_gives_no_new_kiosk_what_the_lost_one_may_have_given(tmp_path: Path) -> None:
    ledger = opened(tmp_path / "lost")
    known = joined(ledger, "known")
    backup.backup(tmp_path / "lost", tmp_path / "copy.db")
    forgotten = {joined(ledger, f"after the backup {number}") for number in range(hall_issuers.MARGIN)}
    ledger.close()
    ledger = restored(tmp_path / "copy.db", tmp_path / "new", "life-2")
    others = len(ISSUERS) - 1 - hall_issuers.MARGIN
    new = [joined(ledger, f"new {number}") for number in range(others)]
    assert not {known, *forgotten} & set(new)
    last = {joined(ledger, f"last {number}") for number in range(hall_issuers.MARGIN)}
    assert last == forgotten, "better than none"
    ledger.close()


def test_two_lives_that_begin_with_one_backup_give_other_characters(tmp_path: Path) -> None:
    opened(tmp_path / "lost").close()
    backup.backup(tmp_path / "lost", tmp_path / "copy.db")
    given = []
    for life in ("life-2", "life-3"):
        ledger = restored(tmp_path / "copy.db", tmp_path / life, life)
        given.append([joined(ledger, f"kiosk {number}") for number in range(3)])
        ledger.close()
    assert not set(given[0]) & set(given[1])
