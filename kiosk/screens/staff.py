"""The staff corner: how this kiosk is, and what staff may do with it."""

from PySide6.QtCore import Signal

from antrean.texts.formats import duration
from kiosk.screens.screen import Scene, Screen
from kiosk.widgets.key import Key
from kiosk.widgets.panel import Panel
from kiosk.widgets.words import Words

LINES = ("printer", "paper", "server", "contact", "unsent", "version")


class Staff(Screen):
    """Printer, paper, server, events not sent yet; a test page, a restart, the way out."""

    test_print_called = Signal()
    restart_called = Signal()
    quit_called = Signal()

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._values: dict[str, Words] = {}
        self.frame()
        x, y, width, step = (48, 300, 984, 116) if self.portrait else (680, 32, 1192, 98)
        self.words(self.t("kiosk.staff_title"), 48, 184, 984 if self.portrait else 576, 110, 80, 800)
        self.put(Panel(self.style_, "surface", 32), x, y, width, step * len(LINES) + 32)
        for at, name in enumerate(LINES):
            top = y + 16 + at * step
            self.words(self.t(f"kiosk.staff_{name}"), x + 40, top, 360, step, 46, 500, colour="ink_soft")
            self._values[name] = self.words("", x + 410, top, width - 440, step, 50, 700)
        keys = (
            ("test", "printer", self.test_print_called),
            ("restart", "refresh", self.restart_called),
            ("quit", "logout", self.quit_called),
        )
        for at, (name, icon, signal) in enumerate(keys):
            text = self.t(f"kiosk.staff_{name}")
            key = Key(self.style_, text, icon=icon, size=52, icon_size=64, name=f"staff:{name}")
            key.clicked.connect(lambda _=False, signal=signal: signal.emit())
            if self.portrait:
                self.put(key, 48, 1090 + at * 184, 984, 160)
            else:
                self.put(key, 680 + at * 402, 672, 388, 192)
        self.tick()

    def tick(self) -> None:
        """Show the kiosk's state now."""
        super().tick()
        if not self._values:
            return
        status, t = self.desk.staff_status(), self.t
        contact = t("kiosk.staff_never")
        if status.last_contact_ms is not None:
            since = duration(self.desk.now_ms() - status.last_contact_ms, self.scene.language)
            contact = t("kiosk.staff_ago", duration=since)
        values = (status.printer, status.paper, status.server, contact, str(status.unsent), status.version)
        for name, value in zip(LINES, values, strict=True):
            self._values[name].say(value or "–")
