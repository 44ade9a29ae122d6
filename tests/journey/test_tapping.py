"""A visitor taps on the very widgets of the kiosk, with a real server and a real printer behind them."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.__main__ import open_desk
from kiosk.config import load_config
from kiosk.desk import Issued, Paper
from kiosk.screens.number import Number
from kiosk.visit import Settings
from kiosk.window import KioskWindow
from printers.faults import order_fault
from tests.journey.outside import Kiosk, Mall, ask, wait_until

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
PATIENCE_MS = 60_000
LASTING = Settings(idle_seconds=600, number_seconds=600)
"""Screens that stay longer than anything here is waited for."""


def test_taps_become_a_number_on_paper_whose_code_opens_the_status_page(
    qtbot: QtBot, mall: Mall, paper: tuple[str, Path]
) -> None:
    target, out = paper
    kiosk = Kiosk(mall, "kiosk-1")
    config = load_config(kiosk.data / "kiosk.toml", {}, {"server": mall.url, "printer.target": target})
    with open_desk(kiosk.data, config) as desk:
        window = KioskWindow(desk, LASTING)
        qtbot.addWidget(window)
        window.resize(540, 960)
        window.show()
        first = tap_to_a_number(qtbot, window)
        qtbot.waitUntil(lambda: paper_of(window) is Paper.PRINTED, timeout=PATIENCE_MS)
        slip = json.loads(next(out.glob("*.json")).read_text())
        assert first.label in " ".join(slip["text"])
        assert slip["qr"] == [first.status_url]
        wait_until(
            lambda: [ticket["label"] for ticket in mall.tickets()] == [first.label], "the hall knows it"
        )
        page = ask(first.status_url.replace("HTTP://", "http://"))
        assert page.status == 200
        assert first.label in page.body.decode()

        touch(window, "done")
        order_fault(out, "paper-out")
        mall.kill()
        second = tap_to_a_number(qtbot, window)
        assert second.label != first.label
        qtbot.waitUntil(lambda: paper_of(window) is Paper.FAILED, timeout=PATIENCE_MS)
        mall.open()
        wait_until(lambda: len(mall.tickets()) == 2, "the second number comes to the hall by itself")
        window.close()


def tap_to_a_number(qtbot: QtBot, window: KioskWindow) -> Issued:
    """Start, need, service, take, no priority; returns what the last screen shows."""
    with qtbot.waitSignal(window.ticket_issued, timeout=PATIENCE_MS) as issued:
        for name in ("start", "need:ktp-kk", "service:ktp-hilang", "take", "priority:no"):
            touch(window, name)
    assert isinstance(window.screen_, Number)
    found = issued.args[0]
    assert isinstance(found, Issued)
    return found


def touch(window: KioskWindow, name: str) -> None:
    """Press the visible key with this name."""
    keys = [key for key in window.findChildren(QWidget, name) if key.isVisible()]
    QTest.mouseClick(keys[-1], Qt.MouseButton.LeftButton)


def paper_of(window: KioskWindow) -> Paper | None:
    """What the last screen says of the paper."""
    return window.screen_.paper if isinstance(window.screen_, Number) else None
