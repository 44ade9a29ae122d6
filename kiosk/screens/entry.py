"""Screens on which something is typed with our own pads: the staff PIN and pairing."""

from PySide6.QtCore import Signal

from kiosk.screens.screen import CENTRE, Scene, Screen
from kiosk.widgets.key import Key
from kiosk.widgets.pad import CODE, DIGITS, Pad
from kiosk.widgets.panel import Panel
from kiosk.widgets.words import Words

MAX_PIN = 12
MAX_TYPED = 48


class Pin(Screen):
    """The staff PIN, for the corner or straight for helper mode; wrong ones are told so."""

    entered = Signal(str)
    helping_entered = Signal(str)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene.for_staff())
        self.frame()
        self._typed = ""
        x, y, width, tall = (48, 660, 984, 800) if self.portrait else (680, 48, 1192, 800)
        wide = 984 if self.portrait else 576
        self.words(self.t("kiosk.staff_pin"), 48, 190, wide, 110, 84, 800)
        self._hint = self.words(
            self.t("kiosk.staff_pin_hint"), 48, 310, wide, 130, 50, 500, colour="ink_soft"
        )
        self._hint.setObjectName("hint")
        self.put(Panel(self.style_), 48, 480, wide, 140)
        self._shown = self.words("", 72, 490, wide - 48, 120, 80, 800, align=CENTRE)
        pad = Pad(self.style_, DIGITS, width, tall, {"<": self.t("kiosk.delete"), ">": self.t("kiosk.done")})
        pad.pressed.connect(self.type)
        self.put(pad, x, y, width, tall)
        key = Key(
            self.style_,
            self.t("staff.helping"),
            icon="lifebuoy",
            support=self.t("staff.helping_hint"),
            kind="quiet",
            size=54,
            icon_size=84,
            name="pin:helping",
        )
        key.clicked.connect(lambda: self.helping_entered.emit(self._typed))
        self.put(key, *((48, 1496, 984, 176) if self.portrait else (48, 652, 576, 196)))

    def type(self, char: str) -> None:
        """Take one press of the pad."""
        if char == ">":
            self.entered.emit(self._typed)
            return
        self._typed = self._typed[:-1] if char == "<" else (self._typed + char)[:MAX_PIN]
        self._shown.say("•" * len(self._typed))  # people stand behind

    def complain(self, text: str) -> None:
        """Say what went wrong and start over."""
        self._typed = ""
        self._shown.say("")
        self._hint.say(text)


class Pairing(Screen):
    """Joins this kiosk to a mall: the server's address and the one-time code the administrator made."""

    entered = Signal(str, str)
    has_foot = False

    def __init__(self, scene: Scene, server: str) -> None:
        super().__init__(scene.for_staff())
        self.frame()
        self._values = {"server": server, "code": ""}
        self._now = "code" if server else "server"
        x, width = (48, 984) if self.portrait else (48, 760)
        self.words(self.t("kiosk.pairing"), x, 190, width, 104, 80, 800)
        self._hint = self.words(self.t("kiosk.pairing_hint"), x, 296, width, 130, 48, 500, colour="ink_soft")
        self._hint.setObjectName("hint")
        self._fields: dict[str, tuple[Key, Words]] = {}
        step = 260 if self.portrait else 206
        for at, name in enumerate(("server", "code")):
            self._field(name, x, 450 + at * step, width, step)
        join = Key(
            self.style_, self.t("kiosk.pair"), icon="link", kind="filled", size=58, centred=True, name="pair"
        )
        join.clicked.connect(self.done)
        self.put(join, x, 1000 if self.portrait else 880, width, 150)
        box = (48, 1200, 984, 660) if self.portrait else (848, 190, 1024, 840)
        pad = Pad(self.style_, CODE, box[2], box[3], {"<": self.t("kiosk.delete")})
        pad.pressed.connect(self.type)
        self.put(pad, *box)
        self._show()

    def _field(self, name: str, x: float, y: float, width: float, step: float) -> None:
        label = self.words(self.t(f"kiosk.pairing_{name}"), x, y, width, 60, 46, 600)
        key = Key(self.style_, "", size=54, name=f"field:{name}")
        key.clicked.connect(lambda: self._choose(name))
        self.put(key, x, y + 64, width, min(step - 84, 150))
        self._fields[name] = (key, label)

    def _choose(self, name: str) -> None:
        self._now = name
        self._show()

    def type(self, char: str) -> None:
        """Take one press of the pad."""
        old = self._values[self._now]
        char = char.lower() if self._now == "server" else char
        self._values[self._now] = old[:-1] if char == "<" else (old + char)[:MAX_TYPED]
        self._show()

    def _show(self) -> None:
        for name, (key, _) in self._fields.items():
            key.say(self._values[name] or "…")
            key.become("quiet" if name == self._now else "plain")
            key.setAccessibleName(f"{self.t(f'kiosk.pairing_{name}')}: {self._values[name]}")

    def done(self) -> None:
        """Hand the code and the address over; an address without a scheme is an http one."""
        server = self._values["server"].strip()
        if server and "://" not in server:
            server = f"http://{server}"
        self.entered.emit(self._values["code"].strip(), server)

    def complain(self, text: str) -> None:
        """Say what went wrong; what was typed stays."""
        self._hint.say(text)


class Preparing(Screen):
    """Shown while a paired kiosk has not heard the catalogue yet."""

    has_foot = False

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self.frame()
        width = 984 if self.portrait else 1824
        self.words(self.t("kiosk.preparing"), 48, 480, width, 130, 84, 800, align=CENTRE)
        self.words(
            self.t("kiosk.preparing_text"), 48, 620, width, 130, 54, 500, colour="ink_soft", align=CENTRE
        )
