"""Five keys, a real server, a real ledger and a virtual printer: the ticket of somebody who never touched the glass."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from kiosk.__main__ import open_desk
from kiosk.config import load_config
from kiosk.desk import Paper
from kiosk.screens.number import Number
from kiosk.visit import Settings
from kiosk.window import KioskWindow
from tests.journey.outside import Kiosk, Mall, free_port, opened, running, wait_until
from tests.kiosk_assist.hands import FakeSpeaker, Hands
from tests.kiosk_assist.test_five_keys import walk_and_press

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


@pytest.fixture
def mall(tmp_path: Path) -> Iterator[Mall]:
    yield from opened(Mall(tmp_path))


def test_five_keys_alone_bring_a_ticket_out_of_the_printer(qtbot: QtBot, mall: Mall, tmp_path: Path) -> None:
    port, out = free_port(), tmp_path / "paper"
    with running(tmp_path, "antrean-printer", "virtual", "--port", port, "--out", out) as printer:
        wait_until(lambda: str(port) in printer.says(), "the printer listens")
        kiosk = Kiosk(mall, "kiosk-1")
        given = {"server": mall.url, "printer.target": f"tcp://127.0.0.1:{port}"}
        config = load_config(kiosk.data / "kiosk.toml", {}, given)
        with open_desk(kiosk.data, config) as desk:
            window = KioskWindow(desk, Settings(idle_seconds=600, number_seconds=600), FakeSpeaker())
            qtbot.addWidget(window)
            window.resize(540, 960)
            window.show()
            hands = Hands(qtbot, window, FakeSpeaker())
            walk_and_press(hands, "start", "need:ktp-kk", "service:ktp-hilang", "take", "priority:no")
            number = window.screen_
            assert isinstance(number, Number)
            qtbot.waitUntil(lambda: number.paper is Paper.PRINTED, timeout=60_000)
            slip = json.loads(next(out.glob("*.json")).read_text())
            assert number.issued.label in " ".join(slip["text"])
            window.close()
