"""A helper's number, taken at the server, comes out of the printer of a running kiosk."""

import json
from pathlib import Path

import pytest

from antrean.domain.label import status_token
from antrean.ledger.device import DeviceLedger
from kiosk.__main__ import new_id, open_desk
from kiosk.boot import machine_stamps
from kiosk.config import load_config
from tests.journey.outside import Kiosk, Mall, ask, wait_until

pytestmark = [pytest.mark.journey, pytest.mark.timeout(120)]


def test_a_helpers_number_is_on_paper_within_seconds_and_its_code_opens_the_status_page(
    mall: Mall, paper: tuple[str, Path]
) -> None:
    target, out = paper
    kiosk = Kiosk(mall, "kiosk-2")
    helper = mall.admin("token", "add", "--role", "helper").strip()
    config = load_config(kiosk.data / "kiosk.toml", {}, {"server": mall.url, "printer.target": target})
    with open_desk(kiosk.data, config):
        device_id = device_of(kiosk)
        answer = mall.command(
            helper,
            "helper-prints-1",
            command="issue",
            service="ktp-hilang",
            reason="reading",
            minutes=2,
            print_at=device_id,
        )
        assert answer.status == 200, answer.body
        taken = answer.json()["ticket"]
        topic = f"ticket:{status_token(taken['ticket_id'])}"
        wait_until(lambda: mall.state(topic)["paper"] == "printed", "the paper is out and the server knows")
        (slip,) = [json.loads(path.read_text()) for path in out.glob("*.json")]
        assert taken["label"] in " ".join(slip["text"])
        (code,) = slip["qr"]
        page = ask(code.replace("HTTP://", "http://"))
        assert (page.status, taken["label"] in page.body.decode()) == (200, True)


def device_of(kiosk: Kiosk) -> str:
    """Under which id the server knows this kiosk."""
    ledger = DeviceLedger.open(kiosk.data, new_id=new_id, stamp=machine_stamps()())
    try:
        return ledger.own().device_id
    finally:
        ledger.close()
