"""The demonstration with real processes: tickets are issued, called and served, and the report has them."""

import json
import signal
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from antrean.link.wire import Wire

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[2]
MORNING = (
    "--no-screens --stay --sample tiny --speed 200 --minutes 60 --visitors 60 --kiosks 2 --seed 2 "
    "--port 0 --printer-port 0"
)


def admin(data: Path, *arguments: str) -> str:
    """What antrean-admin says about the demonstration's mall."""
    command = [str(BIN / "antrean-admin"), "--data", str(data), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.mark.journey
@pytest.mark.timeout(180)
def test_a_short_morning_fills_the_report_and_ctrl_c_ends_it_well(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scripts.demo", "--data", str(tmp_path), "--free", ""]
    with subprocess.Popen(
        [*command, *MORNING.split()], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as demo:
        assert demo.stdout is not None
        try:
            said: list[str] = []
            for line in demo.stdout:
                said.append(line)
                if "Ctrl-C stops everything" in line and any("morning is over" in one for one in said):
                    break
            assert any("morning is over" in one for one in said), "".join(said)
            board = next(line.split()[-1] for line in said if line.startswith("  hall board"))
            url = board.removesuffix("/board")

            server = tmp_path / "demo" / "server"
            tickets = [json.loads(line) for line in admin(server, "tickets", "--json").splitlines()]
            states = Counter(ticket["state"] for ticket in tickets)
            assert 20 <= len(tickets) <= 60
            assert states["completed"] >= 4
            assert states["called"] == states["serving"] == 0
            assert len({ticket["label"].split("-")[0][-1] for ticket in tickets}) == 2

            token = admin(server, "token", "add", "--role", "manager").strip()
            with closing(Wire((url,))) as wire:
                day = wire.ask("GET", "/v1/state", query={"topics": "board"})["topics"]["board"]["day"]
                asked = {"by": "service", "from": day, "to": day}
                total = wire.ask("GET", "/v1/reports/waits", token=token, query=asked)["total"]
            # Who was sent on has a visit at each of the two services.
            assert total["issued"] == len(tickets) + total["outcomes"].get("transferred", 0)
            assert total["outcomes"]["completed"] == states["completed"]
            assert total["wait"]["p50_ms"] > 0

            slips = list((tmp_path / "demo" / "tickets").glob("*.png"))
            assert len(slips) == len(tickets)
        finally:
            demo.send_signal(signal.SIGINT)
            rest = demo.stdout.read()
        assert demo.wait(60) == 0, rest
    assert rest.strip().endswith("Stopped.")
