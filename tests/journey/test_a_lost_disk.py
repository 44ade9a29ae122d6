"""A kiosk's disk dies out of contact: what it printed proves its place at another kiosk and at a counter."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.journey.outside import Kiosk, Mall, run, wait_until

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


def staff_codes(out: Path) -> dict[str, str]:
    """The staff code of each printed number, read back from the picture of its paper."""
    slips = [json.loads(path.read_text()) for path in sorted(out.glob("*.json"))]
    return {slip["label"]: slip["staff_code"] for slip in slips}


def readmit(kiosk: Kiosk, token: str) -> dict[str, Any]:
    out = run("antrean-kiosk", "readmit", token, "--data", kiosk.data, "--server", kiosk.mall.url)
    told: dict[str, Any] = json.loads(out)
    return told


def test_the_paper_of_a_kiosk_that_burned_keeps_its_place(mall: Mall, paper: tuple[str, Path]) -> None:
    target, out = paper
    dying, living = Kiosk(mall, "kiosk-1", target), Kiosk(mall, "kiosk-2", target)
    officer = mall.admin("token", "add", "--role", "officer", "--counter", "1")
    (first,) = living.issue("ktp-hilang")  # it has heard the other one's key by now
    dying.issue("ktp-hilang")
    mall.kill()
    lost = dying.issue("ktp-hilang", "--count", "2")
    (last,) = living.issue("ktp-hilang")
    shutil.rmtree(dying.data)

    printed = staff_codes(out)
    assert [printed[ticket["label"]] for ticket in lost] == [ticket["paper_token"] for ticket in lost]
    assert readmit(living, printed[lost[0]["label"]])["result"] == "back"
    assert readmit(living, printed[lost[0]["label"]])["result"] == "known"

    mall.open()
    answer = mall.command(officer, "paper-0001", command="readmit", counter="1", token=lost[1]["paper_token"])
    assert answer.json()["ticket"]["ticket_id"] == lost[1]["ticket_id"]
    living.issue("kk-baru")  # whatever it does next, it tells the server of the paper it took
    wait_until(lambda: len(mall.tickets()) == 6, "all six tickets are in the hall")
    waiting = [ticket["label"] for ticket in mall.tickets() if ticket["service"] == "ktp-hilang"]
    known = [first["label"], "A1-001", *(ticket["label"] for ticket in lost), last["label"]]
    assert sorted(waiting) == sorted(known)
    assert waiting[-3:] == known[-3:]
