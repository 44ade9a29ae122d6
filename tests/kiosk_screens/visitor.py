"""A visitor at the kiosk's window, with real touches."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.screens.number import Number
from kiosk.visit import Settings
from kiosk.widgets.key import Key
from kiosk.widgets.words import BigLabel, Words
from kiosk.window import KioskWindow
from tests.kiosk_screens.fake_desk import FakeDesk


class Eyes:
    """Finds and reads what is on the window."""

    def __init__(self, qtbot: QtBot, window: KioskWindow) -> None:
        self.qtbot, self.window = qtbot, window

    def find(self, name: str) -> QWidget:
        found = [one for one in self.window.findChildren(QWidget, name) if one.isVisible()]
        assert found, f"nothing called {name} on {type(self.window.screen_).__name__}"
        return found[-1]

    def sees(self, name: str) -> bool:
        return any(one.isVisible() for one in self.window.findChildren(QWidget, name))

    def reads(self) -> str:
        shown = [one for one in self.window.findChildren(QWidget) if isinstance(one, Key | Words | BigLabel)]
        return "\n".join(one.accessibleName() for one in shown if one.isVisible())


class Visitor(Eyes):
    """Touches what it sees."""

    def touch(self, *names: str) -> None:
        for name in names:
            QTest.mouseClick(self.find(name), Qt.MouseButton.LeftButton)

    def take_a_number(self, *, priority: bool = False) -> Number:
        self.touch(
            "start",
            "need:ktp-kk",
            "service:ktp-hilang",
            "take",
            "priority:yes" if priority else "priority:no",
        )
        assert isinstance(self.window.screen_, Number)
        return self.window.screen_


def at_a_kiosk(qtbot: QtBot, desk: FakeDesk, settings: Settings | None = None) -> Iterator[Visitor]:
    window = KioskWindow(desk, settings or Settings(idle_seconds=3, answer_seconds=2, tick_ms=3_600_000))
    qtbot.addWidget(window)
    window.resize(540, 960)
    window.show()
    qtbot.waitExposed(window)
    yield Visitor(qtbot, window)
    window.close()
