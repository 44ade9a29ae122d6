"""The staff corner: how this kiosk is, and what staff may do with it."""

from PySide6.QtCore import Signal

from antrean.texts import Texts
from antrean.texts.formats import clock, duration
from kiosk.desk import StaffStatus
from kiosk.screens.screen import Area, Scene, Screen
from kiosk.screens.staff_rows import Rows
from kiosk.widgets.key import Key

GONE_AFTER_MS = 30_000
LINES = ("printer", "paper", "server", "unsent", "disk")
BESIDE = 4
"""From this key on they stand below the large one, on a lying screen."""
USUAL_PORT = ":9100"
WELL = ("", "printing", "printed")
"""What may be said of the paper without anybody having to come."""


class Staff(Screen):
    """Printer, paper, server, events not sent yet, storage; and a key for each thing staff do."""

    helping_called = Signal()
    test_print_called = Signal()
    paper_changed_called = Signal()
    network_called = Signal()
    outfit_called = Signal()
    restart_called = Signal()
    quit_called = Signal()

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene.for_staff())
        self._rows: Rows | None = None
        self.frame()
        wide = 984 if self.portrait else 576
        self.words(self.t("staff.title"), 48, 184, wide, 104, 80, 800)
        area = Area(48, 288, 984, 734) if self.portrait else Area(680, 32, 1192, 616)
        self._rows = Rows(self, area, LINES)
        self._lead_in()
        keys = (
            ("test", "printer", self.test_print_called),
            ("changed", "package", self.paper_changed_called),
            ("network", "wifi", self.network_called),
            ("outfit", "volume", self.outfit_called),
            ("restart", "refresh", self.restart_called),
            ("quit", "logout", self.quit_called),
        )
        for at, (name, icon, signal) in enumerate(keys):
            key = Key(
                self.style_, self.t(f"staff.{name}"), icon=icon, size=50, icon_size=64, name=f"staff:{name}"
            )
            key.clicked.connect(signal)
            self.put(key, *self._place(at))
        self.tick()

    def _lead_in(self) -> None:
        key = Key(
            self.style_,
            self.t("staff.helping"),
            icon="lifebuoy",
            support=self.t("staff.helping_hint"),
            kind="filled",
            size=58,
            icon_size=84,
            name="staff:helping",
        )
        key.clicked.connect(self.helping_called)
        self.put(key, *((48, 1044, 984, 150) if self.portrait else (48, 310, 576, 190)))

    def _place(self, at: int) -> Area:
        if self.portrait:
            return Area(48 + at % 2 * 504, 1214 + at // 2 * 162, 480, 146)
        if at >= BESIDE:
            return Area(48, 526 + (at - BESIDE) * 178, 576, 158)
        return Area(680 + at % 2 * 608, 664 + at // 2 * 112, 584, 100)

    def tick(self) -> None:
        """Show the kiosk's state now."""
        super().tick()
        if self._rows is None:
            return
        status, t = self.desk.staff_status(), self.t
        self._rows.say("printer", printer_words(status.printer, t), not status.printer)
        self._rows.say("paper", self._paper(status), status.paper not in WELL)
        self._rows.say("server", t(f"staff.link_{status.link}", code=status.code), status.link != "online")
        unsent = t("staff.unsent_some", n=status.unsent) if status.unsent else t("staff.unsent_none")
        self._rows.say("unsent", unsent, bool(status.unsent) and status.link != "online")
        disk = t(f"staff.disk_{status.disk or 'well'}", detail=status.disk_detail)
        self._rows.say("disk", disk, bool(status.disk))

    def _paper(self, status: StaffStatus) -> str:
        t = self.t
        if not status.paper:
            return t("staff.paper_unused")
        if status.paper == "printing":
            return t("staff.paper_printing")
        if status.paper == "printed":
            at = clock(status.paper_ms or self.desk.now_ms(), self.scene.mall.timezone, self.scene.language)
            return t("staff.paper_printed", clock=at)
        known = f"paper.reason_{status.paper}"
        return t(known) if t.has(known) else t("paper.reason_printer_error")


def printer_words(target: str, t: Texts) -> str:
    """A printer's target as a person would say it."""
    kind, _, where = target.partition(":")
    where = where.strip("/").removesuffix(USUAL_PORT)
    return (
        t(f"staff.printer_{kind}", where=where) if t.has(f"staff.printer_{kind}") else t("staff.printer_none")
    )


def kiosk_words(status: StaffStatus) -> str:
    """What the mall calls this kiosk, the sign in its numbers, and the program's version."""
    named = f"{status.name} ({status.issuer})" if status.issuer else status.name
    return " · ".join(part for part in (named, status.version) if part)


def contact_words(screen: Screen, last_ms: int | None) -> str:
    """How long ago the server answered; out of contact, since when by the clock."""
    t, now = screen.t, screen.desk.now_ms()
    if last_ms is None:
        return t("staff.never")
    ago = t("staff.ago", duration=duration(now - last_ms, screen.scene.language))
    if now - last_ms < GONE_AFTER_MS:
        return ago
    at = clock(last_ms, screen.scene.mall.timezone, screen.scene.language)
    return f"{t('staff.gone', time=at)} ({ago})"
