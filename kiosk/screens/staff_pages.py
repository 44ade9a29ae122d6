"""The staff corner's two further pages: the network, and how every visit sounds and looks."""

from PySide6.QtCore import Signal

from kiosk.defaults import THEMES, Defaults
from kiosk.screens.screen import CENTRE, Area, Scene, Screen
from kiosk.screens.staff import contact_words, kiosk_words
from kiosk.screens.staff_rows import Rows
from kiosk.visit import LOUDEST
from kiosk.widgets.key import Key
from kiosk.widgets.panel import Panel

NETWORK_LINES = ("link", "contact", "servers", "addresses", "unsent", "name")
THEME_ICONS = {"light": "sun", "dark": "moon"}


class Network(Screen):
    """Whom the kiosk talks to, whether it does, and where the kiosk itself is found."""

    contact_called = Signal()

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene.for_staff())
        self._rows: Rows | None = None
        self.frame()
        self.words(self.t("staff.network"), 48, 184, 984 if self.portrait else 576, 104, 80, 800)
        area = Area(48, 320, 984, 900) if self.portrait else Area(680, 32, 1192, 820)
        self._rows = Rows(self, area, NETWORK_LINES, marked=False)
        key = Key(
            self.style_,
            self.t("staff.contact_now"),
            icon="refresh",
            size=54,
            icon_size=72,
            name="staff:contact",
        )
        key.clicked.connect(self.contact_called)
        self.put(key, *((48, 1260, 984, 176) if self.portrait else (48, 330, 576, 200)))
        self.tick()

    def tick(self) -> None:
        """Show the state now."""
        super().tick()
        if self._rows is None:
            return
        status, t = self.desk.staff_status(), self.t
        self._rows.say("link", t(f"staff.link_{status.link}", code=status.code))
        self._rows.say("contact", contact_words(self, status.last_contact_ms))
        self._rows.say("servers", ", ".join(_bare(one) for one in status.servers or (status.server,)))
        self._rows.say("addresses", ", ".join(status.addresses) or t("staff.no_address"))
        self._rows.say(
            "unsent", t("staff.unsent_some", n=status.unsent) if status.unsent else t("staff.unsent_none")
        )
        self._rows.say("name", kiosk_words(status))


def _bare(address: str) -> str:
    """Without the scheme everybody has."""
    return address.removeprefix("http://")


class Outfit(Screen):
    """The volume and the theme with which every visit begins."""

    defaults_chosen = Signal(object)
    sample_called = Signal()

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene.for_staff())
        self._now = self.desk.defaults()
        self.frame()
        wide = 984 if self.portrait else 576
        self.words(self.t("staff.outfit_title"), 48, 184, wide, 104, 80 if self.portrait else 64, 800)
        self.words(
            self.t("staff.outfit_hint"), 48, 292, wide, 130 if self.portrait else 210, 48, colour="ink_soft"
        )
        x, width = (48, 984) if self.portrait else (680, 1192)
        top = 460 if self.portrait else 32
        self._volume(x, top, width)
        self._theme(x, top + (560 if self.portrait else 470), width)

    def _volume(self, x: float, y: float, width: float) -> None:
        t, level = self.t, self._now.volume
        self.words(t("staff.volume"), x, y, width, 70, 56, 700)
        self.put(Panel(self.style_, "surface", 32), x, y + 84, width, 110)
        said = t("staff.volume_level", n=level, most=LOUDEST) if level else t("staff.volume_silent")
        self.words(said, x + 24, y + 84, width - 48, 110, 64, 800, align=CENTRE)
        each = (width - 24) / 2
        for at, (name, icon, step) in enumerate((("down", "minus", -1), ("up", "plus", 1))):
            wished = min(max(level + step, 0), LOUDEST)
            key = Key(
                self.style_,
                t(f"staff.volume_{name}"),
                icon=icon,
                kind="plain" if wished != level else "off",
                size=52,
                icon_size=64,
                name=f"volume:{name}",
            )
            key.clicked.connect(lambda _=False, wished=wished: self._choose(self._now.theme, wished))
            self.put(key, x + at * (each + 24), y + 212, each, 132)
        hear = Key(
            self.style_, t("staff.hear"), icon="speakerphone", size=52, icon_size=64, name="volume:hear"
        )
        hear.clicked.connect(self.sample_called)
        self.put(hear, x, y + 360, width, 110 if not self.portrait else 132)

    def _theme(self, x: float, y: float, width: float) -> None:
        self.words(self.t("staff.theme"), x, y + 20, width, 70, 56, 700)
        each = (width - 24) / 2
        for at, theme in enumerate(THEMES):
            chosen = theme == self._now.theme
            key = Key(
                self.style_,
                self.t(f"staff.theme_{theme}"),
                icon="check" if chosen else THEME_ICONS[theme],
                kind="quiet" if chosen else "plain",
                size=56,
                icon_size=72,
                name=f"theme:{theme}",
            )
            key.clicked.connect(lambda _=False, theme=theme: self._choose(theme, self._now.volume))
            self.put(key, x + at * (each + 24), y + 104, each, 160)

    def _choose(self, theme: str, volume: int) -> None:
        wished = Defaults(theme, volume)
        if wished != self._now:
            self.defaults_chosen.emit(wished)
