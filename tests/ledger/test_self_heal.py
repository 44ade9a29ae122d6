"""A kiosk whose database is damaged goes on within the same start, as the same device, losing as little as can be."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from antrean.domain.claim import Sealed
from antrean.domain.errors import RuleViolation
from antrean.domain.timeline import Anchor
from antrean.ledger.connection import connect
from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_log import Order
from antrean.ledger.device_memory import Heard
from antrean.ledger.errors import LedgerBroken
from antrean.ledger.salvage import salvage
from tests.ledger.device_rooms import PAIRING, STAMP, crash, new_id, opened, paired, take

GIVEN = 400
NOON_MS = 1_763_956_800_000
PAGE = 4096


def spoil(path: Path, page: int) -> None:
    """Overwrite one page of the file, counted from 1."""
    data = bytearray(path.read_bytes())
    data[(page - 1) * PAGE : page * PAGE] = b"\xa5" * PAGE
    path.write_bytes(data)


def worn(folder: Path) -> tuple[list[str], list[str]]:
    """A kiosk with many tickets, the first half acknowledged; all labels, and the ids of those not acknowledged."""
    ledger = paired(folder)
    labels = take(ledger, GIVEN)
    half = ledger.own().last_seq // 2
    ledger.outbox.acknowledge(ledger.own().log_id, half, 1)
    waiting = [e.body["ticket_id"] for e in ledger.outbox.unsent(10_000) if e.type == "TicketIssued"]
    ledger.close()
    return labels, waiting


def number(label: str) -> int:
    return int(label[3:])


def healthy(folder: Path, labels: list[str]) -> DeviceLedger:
    """The kiosk after its start: the same device, and the next number is a new one."""
    ledger = opened(folder)
    assert ledger.memory.pairing() == PAIRING
    assert ledger.memory.catalogue() == (3, {"mall": "contoh"})
    assert number(take(ledger)[0]) > max(map(number, labels))
    ledger.check_chain()
    return ledger


@pytest.mark.parametrize(
    "content", [b"", b"not a database at all" * 500, b"SQLite format 3\x00" + b"\xff" * 9000]
)
def test_an_unreadable_database_is_replaced_from_the_second_file(tmp_path: Path, content: bytes) -> None:
    labels, _ = worn(tmp_path)
    before = opened(tmp_path)
    generation, log = before.own().generation, before.own().log_id
    before.close()
    (tmp_path / "kiosk.db").write_bytes(content)
    ledger = healthy(tmp_path, labels)
    assert ledger.own().generation > generation
    assert ledger.own().log_id != log
    if content:
        assert (tmp_path / "kiosk.db.broken-1").read_bytes() == content
        assert ledger.trouble() == ("healed", "kiosk.db.broken-1")
        (tmp_path / "kiosk.db.broken-1").unlink()
        assert ledger.trouble() == ("", "")
    ledger.close()


def test_what_was_not_acknowledged_is_read_around_the_damage_and_told_again(tmp_path: Path) -> None:
    labels, waiting = worn(tmp_path)
    path = tmp_path / "kiosk.db"
    at = path.read_bytes().index(f'"ticket_id":"{waiting[len(waiting) // 2]}"'.encode())
    spoil(path, at // PAGE + 1)
    ledger = healthy(tmp_path, labels)
    again = {e.body["ticket_id"] for e in ledger.outbox.unsent(10_000) if e.type == "TicketIssued"}
    assert len(again & set(waiting)) >= len(waiting) - 15  # what stood on the one bad page
    told = [e for e in ledger.events() if e.type == "TicketIssued"]
    assert len({(e.body["generation"], e.body["number"]) for e in told}) == len(told)
    ledger.close()


def test_rubbish_inside_an_event_is_found_after_a_power_cut(tmp_path: Path) -> None:
    """SQLite's own check sees pages, not texts; a restored server may want the event again."""
    ledger = paired(tmp_path)
    labels = take(ledger, 5)
    ledger.outbox.acknowledge(ledger.own().log_id, 3, 1)
    crash(ledger)
    connection = connect(tmp_path / "kiosk.db")
    connection.execute("UPDATE events SET body = body || CAST(x'81' AS TEXT) WHERE position = 2")
    connection.close()
    ledger = healthy(tmp_path, labels)
    assert ledger.trouble() == ("healed", "kiosk.db.broken-1")
    ledger.close()


def test_after_a_damage_nothing_of_a_quota_is_given_until_the_server_has_said_what_is_left(
    tmp_path: Path,
) -> None:
    def issue(ledger: DeviceLedger, day: str) -> None:
        order = Order("npwp", "P", day, False, "id", quota=3)
        ledger.issue_number(order, seal=lambda *_: Sealed(new_id(), ""), event_id=new_id(), stamp=STAMP)

    def told(issued: int) -> Heard:
        return Heard("2025-11-24", 1, {}, {"npwp": 3}, {"npwp": 3}, {"npwp": issued})

    ledger = paired(tmp_path)
    ledger.memory.hear(told(0), new_id=new_id, stamp=STAMP)
    issue(ledger, "2025-11-24")
    issue(ledger, "2025-11-24")
    ledger.close()
    (tmp_path / "kiosk.db").write_bytes(b"not a database at all" * 500)
    ledger = opened(tmp_path)
    for day in ("2025-11-24", "2025-11-25"):
        with pytest.raises(RuleViolation, match="full"):
            issue(ledger, day)
    assert take(ledger), "a service without a quota goes on"
    ledger.memory.hear(told(2), new_id=new_id, stamp=STAMP)
    issue(ledger, "2025-11-24")
    with pytest.raises(RuleViolation, match="full"):
        issue(ledger, "2025-11-24")
    issue(ledger, "2025-11-25")
    ledger.close()


def test_a_changed_row_is_not_believed(tmp_path: Path) -> None:
    _, waiting = worn(tmp_path)
    connection = connect(tmp_path / "kiosk.db")
    connection.execute(
        "UPDATE events SET body = replace(body, '\"priority\":false', '\"priority\":true') WHERE"
        " position = (SELECT max(position) FROM tickets)"
    )
    connection.close()
    found = salvage(tmp_path / "kiosk.db")
    assert {e.body["ticket_id"] for e in found.events if e.type == "TicketIssued"} == set(waiting[:-1])


@pytest.mark.parametrize(
    "rubbish",
    [
        ("boot-2", 5, NOON_MS, -50),
        ("boot-2", -5, NOON_MS, 5),
        ("boot-2", 5, 8_724_853_728_183, 5),
        ("", 5, NOON_MS, 5),
        ("boot-2", 5, NOON_MS, 5, "x" * 65),
    ],
)
def test_a_meeting_that_cannot_have_been_is_forgotten(tmp_path: Path, rubbish: tuple[Any, ...]) -> None:
    ledger = paired(tmp_path)
    good = Anchor("boot-1", 5, NOON_MS - 1, 5, "epoch")
    for anchor in (good, Anchor(*rubbish)):
        ledger.memory.set_anchor(anchor)
    assert ledger.memory.anchors(10) == [good]
    assert ledger.memory.anchor(rubbish[0]) is None
    assert ledger.memory.met_ms() == good.server_ms
    ledger.close()


def test_a_start_that_dies_while_healing_is_gone_on_with_by_the_next(tmp_path: Path) -> None:
    labels, waiting = worn(tmp_path)
    # The file was set aside, and the power went: what is left has no database at all.
    (tmp_path / "kiosk.db").rename(tmp_path / "kiosk.db.broken-1")
    ledger = healthy(tmp_path, labels)
    again = {e.body["ticket_id"] for e in ledger.outbox.unsent(10_000) if e.type == "TicketIssued"}
    assert set(waiting) <= again
    log = ledger.own().log_id
    crash(ledger)
    ledger = healthy(tmp_path, labels)
    assert ledger.own().log_id == log  # it is not healed twice from one file
    ledger.close()


def test_it_heals_as_often_as_it_must(tmp_path: Path) -> None:
    labels, _ = worn(tmp_path)
    for n in range(1, 4):
        (tmp_path / "kiosk.db").write_bytes(b"x" * 9000)
        ledger = healthy(tmp_path, labels)
        labels += take(ledger, 3)
        assert ledger.trouble() == ("healed", f"kiosk.db.broken-{n}")
        crash(ledger)


def test_without_anything_to_heal_from_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "kiosk.db").write_bytes(b"not a database at all" * 500)
    with pytest.raises(LedgerBroken):
        opened(tmp_path)
    assert (tmp_path / "kiosk.db").exists()


def test_a_pairing_that_only_the_damaged_file_knows_is_taken_from_it(tmp_path: Path) -> None:
    labels, _ = worn(tmp_path)
    (tmp_path / "kiosk.memory").unlink()
    (tmp_path / "kiosk.mark").unlink()
    path = tmp_path / "kiosk.db"
    connection = connect(path)
    row = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'outbox_waiting'").fetchone()
    connection.close()
    assert row is not None
    spoil(path, row[0])
    ledger = healthy(tmp_path, labels)
    assert ledger.trouble() == ("healed", "kiosk.db.broken-1")
    ledger.close()


def test_of_two_programs_that_start_together_one_heals(tmp_path: Path) -> None:
    worn(tmp_path)
    (tmp_path / "kiosk.db").write_bytes(b"x" * 9000)
    code = (
        "import sys; from pathlib import Path; from tests.ledger.device_rooms import opened;"
        "ledger = opened(Path(sys.argv[1]), check=False);"
        "import json; who = [ledger.own().log_id, ledger.memory.pairing().device_id];"
        "print(json.dumps(who), flush=True); sys.stdin.read();"
        "ledger.close()"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    said = []
    for process in both:
        assert process.stdout is not None
        said.append(json.loads(process.stdout.readline()))
    for process in both:
        process.communicate(timeout=60)
    assert said[0] == said[1] == said[2]
    assert [path.name for path in tmp_path.glob("kiosk.db.broken-?")] == ["kiosk.db.broken-1"]
