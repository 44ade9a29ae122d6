"""A visitor at the kiosk's widgets while the network is half-open, slow or gone: nothing on the screen waits for it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.__main__ import open_desk
from kiosk.config import load_config
from kiosk.desk import Issued
from kiosk.screens.entry import Pairing
from kiosk.visit import Settings
from kiosk.window import KioskWindow
from tests.faults.proxy import FaultProxy
from tests.journey.outside import Kiosk, Mall, wait_until

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(180)]
BEAT_S = 0.01
NETWORK_WAIT_S = 3.0
"""The shortest wait for a network that any part of the kiosk has (to connect); a busy machine's hiccups are shorter."""


class Pulse:
    """Remembers the longest time the event loop stood still while the machine did not.

    Time is told by a second thread that rests and counts: where the whole machine is busy, it counts less.
    """

    def __init__(self) -> None:
        self._beats = self._last = self._longest = 0
        self._ended = threading.Event()
        self._counter = threading.Thread(target=self._count, daemon=True)
        self._counter.start()
        self._timer = QTimer(interval=10)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    @property
    def longest_s(self) -> float:
        """Seconds, at least."""
        return self._longest * BEAT_S

    @property
    def now_s(self) -> float:
        """Seconds since it began, at most."""
        return self._beats * BEAT_S

    def _count(self) -> None:
        while not self._ended.wait(BEAT_S):
            self._beats += 1

    def _beat(self) -> None:
        self._longest = max(self._longest, self._beats - self._last)
        self._last = self._beats

    def stop(self) -> None:
        """Count the pause that goes on now as well."""
        self._beat()
        self._timer.stop()
        self._ended.set()
        self._counter.join()


def test_a_loop_that_stands_still_is_noticed(qapp: object) -> None:
    pulse = Pulse()
    threading.Event().wait(1.0)
    pulse.stop()
    assert 0.1 < pulse.longest_s <= 1.1


@pytest.fixture
def pulse() -> Iterator[Pulse]:
    found = Pulse()
    yield found
    found.stop()


WEATHERS: dict[str, Callable[[FaultProxy], None]] = {
    "half-open": FaultProxy.half_open,
    "slow": lambda proxy: proxy.slow(200),
    "one-way": lambda proxy: proxy.only("up"),
    "refused": FaultProxy.refuse,
}


def test_numbers_are_given_at_once_in_any_weather(
    qtbot: QtBot, mall: Mall, proxy: FaultProxy, pulse: Pulse
) -> None:
    kiosk = Kiosk(mall, "kiosk-1")
    config = load_config(kiosk.data / "kiosk.toml", {}, {"server": proxy.url})
    given: list[Issued] = []
    with open_desk(kiosk.data, config) as desk:
        window = KioskWindow(desk, Settings())
        qtbot.addWidget(window)
        window.resize(540, 960)
        window.show()
        qtbot.waitUntil(lambda: desk.news_age_ms() is not None, timeout=20_000)
        for weather in WEATHERS.values():
            weather(proxy)
            for _ in range(2):  # the second while the exchange that the first one woke is stuck
                given.append(tap_to_a_number(qtbot, window, pulse))
            proxy.fair()
        given.append(tap_to_a_number(qtbot, window, pulse))
        pulse.stop()
        wait_until(lambda: ids(mall) == {issued.ticket_id for issued in given}, "the hall knows every number")
        window.close()
    assert pulse.longest_s < NETWORK_WAIT_S
    assert len({issued.label for issued in given}) == len(given)


def test_pairing_with_a_half_open_server_leaves_the_screen_alive_and_ends(
    qtbot: QtBot, mall: Mall, proxy: FaultProxy, pulse: Pulse, tmp_path: Path
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
        qtbot.waitUntil(lambda: proxy.accepted > 0, timeout=10_000)
        touch(window, "pair")  # an impatient second press asks nothing more
        qtbot.waitUntil(lambda: "tidak menjawab" in hint(window), timeout=30_000)
        proxy.fair()
        touch(window, "pair")
        qtbot.waitUntil(lambda: not isinstance(window.screen_, Pairing), timeout=20_000)
        assert desk.paired()
        pulse.stop()
        window.close()
    assert pulse.longest_s < NETWORK_WAIT_S


def tap_to_a_number(qtbot: QtBot, window: KioskWindow, pulse: Pulse) -> Issued:
    """Start, need, service, take, no priority, and done; returns the number shown."""
    began = pulse.now_s
    with qtbot.waitSignal(window.ticket_issued, timeout=20_000) as issued:
        touch(window, "start", "need:ktp-kk", "service:ktp-hilang", "take", "priority:no")
    assert pulse.now_s - began < NETWORK_WAIT_S
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
