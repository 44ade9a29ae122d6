"""A visitor at the kiosk's widgets while the network is half-open, slow or gone: nothing on the screen waits for it."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from antrean.link.wire import Wire
from kiosk.__main__ import open_desk
from kiosk.config import load_config
from kiosk.desk import Issued
from kiosk.screens.entry import Pairing
from kiosk.visit import Settings
from kiosk.window import KioskWindow
from tests.faults.proxy import FaultProxy
from tests.journey.outside import Kiosk, Mall, wait_until

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(400)]
NETWORK_WAIT_S = 120.0
"""Every wait for a network here: so long that who waits for one cannot be confused with a slow machine."""
PATIENCE_MS = 60_000


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question to the server is given up only after `NETWORK_WAIT_S`, whoever asks and whatever they wished."""

    def wire(addresses: Sequence[str], **wishes: Any) -> Wire:
        return Wire(addresses, **{**wishes, "answer_seconds": NETWORK_WAIT_S})

    monkeypatch.setattr("antrean.link.wire.CONNECT_SECONDS", NETWORK_WAIT_S)
    monkeypatch.setattr("antrean.link.server.Wire", wire)


STUCK: dict[str, Callable[[FaultProxy], None]] = {
    "half-open": FaultProxy.half_open,
    "slow": lambda proxy: proxy.slow(1),
    "one-way": lambda proxy: proxy.only("up"),
}


def test_numbers_are_given_in_any_weather_while_the_exchange_with_the_server_is_stuck(
    qtbot: QtBot, mall: Mall, proxy: FaultProxy, patient: None
) -> None:
    kiosk = Kiosk(mall, "kiosk-1")
    config = load_config(kiosk.data / "kiosk.toml", {}, {"server": proxy.url})
    given: list[Issued] = []
    with open_desk(kiosk.data, config) as desk:
        window = KioskWindow(desk, Settings(idle_seconds=600))
        qtbot.addWidget(window)
        window.resize(540, 960)
        window.show()
        qtbot.waitUntil(lambda: desk.news_age_ms() is not None, timeout=PATIENCE_MS)
        for weather in STUCK.values():
            weather(proxy)
            proxy.cut()
            desk.contact_now()
            qtbot.waitUntil(lambda: len(proxy.unanswered()) > 0, timeout=PATIENCE_MS)
            stuck = proxy.unanswered()
            given += [tap_to_a_number(qtbot, window) for _ in range(2)]
            assert stuck <= proxy.unanswered(), "both came while the exchange before them was still stuck"
        proxy.refuse()
        given += [tap_to_a_number(qtbot, window) for _ in range(2)]
        proxy.fair()
        given.append(tap_to_a_number(qtbot, window))
        desk.contact_now()
        wait_until(lambda: ids(mall) == {issued.ticket_id for issued in given}, "the hall knows every number")
        window.close()
    assert len({issued.label for issued in given}) == len(given)


def test_the_screen_lives_while_pairing_is_stuck(
    qtbot: QtBot, proxy: FaultProxy, patient: None, tmp_path: Path
) -> None:
    config = load_config(tmp_path / "none.toml", {}, {"server": proxy.url})
    with open_desk(tmp_path / "new-kiosk", config) as desk:
        window = KioskWindow(desk, Settings(server=proxy.url))
        qtbot.addWidget(window)
        window.show()
        proxy.half_open()
        touch(window, "pad:A", "pair")
        qtbot.waitUntil(lambda: len(proxy.unanswered()) > 0, timeout=PATIENCE_MS)
        stuck, turned = proxy.unanswered(), threading.Event()
        QTimer.singleShot(0, turned.set)
        touch(window, "pad:B", "pair")  # an impatient second press asks nothing more
        qtbot.waitUntil(turned.is_set, timeout=PATIENCE_MS)
        assert proxy.unanswered() == stuck
        assert typed(window).endswith("AB")
        proxy.cut()
        qtbot.waitUntil(lambda: "tidak menjawab" in hint(window), timeout=PATIENCE_MS)
        assert proxy.accepted == 1
        window.close()


def test_pairing_with_a_half_open_server_ends_by_itself_and_is_tried_again(
    qtbot: QtBot, mall: Mall, proxy: FaultProxy, tmp_path: Path
) -> None:
    code = mall.admin("device", "add", "--kind", "kiosk", "--name", "kiosk-9")
    config = load_config(tmp_path / "none.toml", {}, {"server": proxy.url})
    with open_desk(tmp_path / "new-kiosk", config) as desk:
        window = KioskWindow(desk, Settings(server=proxy.url))
        qtbot.addWidget(window)
        window.show()
        proxy.half_open()
        touch(window, *(f"pad:{key}" for key in code), "pair")
        assert isinstance(window.screen_, Pairing)
        qtbot.waitUntil(lambda: "tidak menjawab" in hint(window), timeout=PATIENCE_MS)
        proxy.fair()
        touch(window, "pair")
        qtbot.waitUntil(lambda: not isinstance(window.screen_, Pairing), timeout=PATIENCE_MS)
        assert desk.paired()
        window.close()


def tap_to_a_number(qtbot: QtBot, window: KioskWindow) -> Issued:
    """Start, need, service, take, no priority, and done; returns the number shown."""
    with qtbot.waitSignal(window.ticket_issued, timeout=2 * PATIENCE_MS) as issued:
        touch(window, "start", "need:ktp-kk", "service:ktp-hilang", "take", "priority:no")
    touch(window, "done")
    found = issued.args[0]
    assert isinstance(found, Issued)
    return found


def ids(mall: Mall) -> set[str]:
    """The tickets the hall knows."""
    return {ticket["ticket_id"] for ticket in mall.tickets()}


def touch(window: KioskWindow, *names: str) -> None:
    """Press the visible keys with these names, one after the other."""
    for name in names:
        keys = [key for key in window.findChildren(QWidget, name) if key.isVisible()]
        QTest.mouseClick(keys[-1], Qt.MouseButton.LeftButton)


def hint(window: KioskWindow) -> str:
    """What the pairing screen says."""
    shown = window.findChild(QWidget, "hint")
    return shown.accessibleName() if shown is not None else ""


def typed(window: KioskWindow) -> str:
    """The code as far as it is typed."""
    shown = window.findChild(QWidget, "field:code")
    return shown.accessibleName() if shown is not None else ""
