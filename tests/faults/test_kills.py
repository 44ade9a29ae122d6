from pathlib import Path

import pytest

from tests.faults.kill_loop import Report, kill_loop
from tests.faults.oracles import kiosk_faults, server_faults

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """A mall whose kiosks and server were killed two dozen times."""
    folder = tmp_path_factory.mktemp("killed")
    return folder, kill_loop(folder, kills=24, seed=20, kiosk=12, server=3, printed=25, called=1)


def test_killed_kiosks_and_servers_lose_and_double_nothing(killed: tuple[Path, Report]) -> None:
    _, report = killed
    assert report.problems == [], report.text()
    assert report.printed > 24
    assert report.kills["kiosk"] >= 12
    assert report.kills["server"] >= 3
    assert any(
        event["type"] == "TicketCalled" for said in report.answered.values() for event in said["events"]
    )


def test_a_lost_number_a_foreign_call_and_a_doubled_answer_would_be_seen(killed: tuple[Path, Report]) -> None:
    folder, report = killed
    line = {"ticket_id": "0190c0de-0000-7000-8000-000000000000", "label": "A1-999"}
    assert server_faults(folder / "server", [line], report.answered) == [
        f"A1-999 {line['ticket_id']} is lost"
    ]
    assert len(kiosk_faults(folder / "kiosk-1", [line], folder / "server")) == 1
    calls = [key for key, said in report.answered.items() if said["events"]]
    twice = {**report.answered, "another": report.answered[calls[0]]}
    assert "two commands were answered with the same event" in server_faults(folder / "server", [], twice)
    called = [key for key in calls if report.answered[key]["events"][0]["type"] == "TicketCalled"]
    fewer = {key: said for key, said in report.answered.items() if key != called[0]}
    assert any("nobody asked for the call" in found for found in server_faults(folder / "server", [], fewer))
