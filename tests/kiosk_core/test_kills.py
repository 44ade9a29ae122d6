"""Real processes, really killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from antrean.ledger.device import DeviceLedger
from antrean.ledger.device_memory import Pairing
from tests.kiosk_core.fake_hall import FakeHall, catalogue, serving
from tests.kiosk_core.rooms import FakeMachine, counted_ids


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A paired kiosk that knows its mall; its server is gone."""
    ledger = DeviceLedger.open(tmp_path, new_id=counted_ids("0000aaaa"), stamp=FakeMachine().stamp())
    nobody = "http://127.0.0.1:9"
    pairing = Pairing("device-1", "t", "kiosk", "Kios 1", "1", nobody, "inc", 1, (nobody,))
    ledger.memory.pair(pairing, new_id=lambda: "0000aaab-0000-7000-8000-000000000001")
    ledger.memory.set_catalogue(1, catalogue())
    ledger.close()
    return tmp_path


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "kiosk", *arguments, "--data", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def lines(process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    assert process.stdout is not None
    return (json.loads(line) for line in process.stdout if line.endswith("\n"))


def reopened(folder: Path) -> DeviceLedger:
    return DeviceLedger.open(folder, new_id=counted_ids("0000bbbb"), stamp=FakeMachine().stamp())


def numbers(ledger: DeviceLedger) -> list[int]:
    return [e.body["number"] for e in ledger.events() if e.type == "TicketIssued"]


def test_a_kiosk_killed_while_issuing_reuses_no_number(folder: Path) -> None:
    told: list[str] = []
    for _ in range(4):
        process = start(folder, "issue", "ktp-baru", "--count", "100000")
        for printed in lines(process):
            told.append(printed["label"])
            if len(told) % 40 == 0:
                os.kill(process.pid, signal.SIGKILL)
                break
        told += [rest["label"] for rest in lines(process)]
        process.communicate()
    assert len(told) == len(set(told))
    ledger = reopened(folder)
    ledger.check_chain()
    issued = numbers(ledger)
    assert len(issued) == len(set(issued)) >= len(told)
    assert {int(label[3:]) for label in told} <= set(issued)
    skipped = [e.body for e in ledger.events() if e.type == "NumbersSkipped"]
    assert len(skipped) == 4
    assert not {
        number for body in skipped for number in range(body["through"] - 4, body["through"] + 1)
    } & set(issued)
    ledger.close()


def test_a_clean_stop_skips_nothing(folder: Path) -> None:
    for _ in range(2):
        process = start(folder, "issue", "ktp-baru")
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert json.loads(out)["printed"] is False
    ledger = reopened(folder)
    assert numbers(ledger) == [1, 2]
    ledger.close()


def test_two_processes_on_one_folder_never_share_a_number(folder: Path) -> None:
    both = [start(folder, "issue", "ktp-baru", "--count", "150") for _ in range(2)]
    outs = [process.communicate(timeout=100) for process in both]
    assert [process.returncode for process in both] == [0, 0], outs
    labels = [json.loads(line)["label"] for out, _ in outs for line in out.splitlines()]
    assert len(labels) == len(set(labels)) == 300
    ledger = reopened(folder)
    ledger.check_chain()
    assert sorted(numbers(ledger)) == list(range(1, 301))
    ledger.close()


def test_what_was_issued_alone_arrives_when_the_server_is_back(folder: Path) -> None:
    out, err = start(folder, "issue", "ktp-baru", "--count", "5", "--priority").communicate(timeout=60)
    assert len(out.splitlines()) == 5, err
    with serving(FakeHall(server_ms=1_763_960_400_000)) as hall:
        _, err = start(folder, "issue", "ktp-baru", "--server", hall.url).communicate(timeout=60)
        hall.wait_for_events(6)
        assert [ticket["number"] for ticket in hall.tickets()] == [1, 2, 3, 4, 5, 6]
        assert [ticket["priority"] for ticket in hall.tickets()] == [True] * 5 + [False]


@pytest.mark.parametrize(
    "arguments, code, words",
    [
        (("issue", "tidak-ada"), 1, "tidak ada"),
        (("issue", "ktp-bar", "--language", "en"), 1, "Did you mean “ktp-baru”"),
        (("issue", "ktp-baru", "--server", "bukan-alamat"), 2, "http://"),
        (("pair", "12345678", "--server", "http://127.0.0.1:9"), 3, "Tidak dapat dijangkau"),
    ],
)
def test_mistakes_are_told_in_the_readers_language(
    folder: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    process = start(folder, *arguments)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert words in err
    assert "Traceback" not in err


def test_an_unknown_setting_suggests_the_right_one(folder: Path) -> None:
    (folder / "kiosk.toml").write_text('langauge = "en"\n[printer]\ntargte = "tcp://10.0.0.7"\n')
    process = start(folder, "issue", "ktp-baru")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "did you mean language" in err
    assert "did you mean printer.target" in err
