"""Helper mode's one own screen: why somebody is helped, and whether they go first; a touch takes the number."""

from PySide6.QtCore import Signal

from antrean.domain.assistance import ASSIST_REASONS
from antrean.domain.catalogue import Service
from kiosk.screens.lists import standing
from kiosk.screens.screen import TOP, Scene, Screen
from kiosk.widgets.key import Key
from kiosk.widgets.panel import Icon, Panel

ICONS = {
    "phone": "device-mobile-off",
    "reading": "book-off",
    "language": "language",
    "sight": "eye-off",
    "body": "armchair",
    "other": "dots",
}


class Assisted(Screen):
    """The service, the priority that can be switched, and six reasons; says `chosen` with (reason, priority).

    `switched` says the priority after each touch of its key, so that a screen built anew can begin with it.
    """

    chosen = Signal(str, bool)
    switched = Signal(bool)

    def __init__(self, scene: Scene, service: Service, *, priority: bool = False) -> None:
        super().__init__(scene.for_staff())
        self._priority = priority
        self.frame()
        self._service(service)
        self._question()
        self._switch = Key(self.style_, "", icon="urgent", size=54, icon_size=72, name="assist:priority")
        self._switch.clicked.connect(self._turn)
        self.put(self._switch, *((48, 668, 984, 150) if self.portrait else (680, 40, 1192, 150)))
        self._show_priority()
        for at, reason in enumerate(ASSIST_REASONS):
            key = Key(
                self.style_,
                self.t(f"helper.reason_{reason}"),
                icon=ICONS[reason],
                size=58,
                icon_size=100,
                name=f"reason:{reason}",
            )
            key.clicked.connect(lambda _=False, reason=reason: self.chosen.emit(reason, self._priority))
            if self.portrait:
                self.put(key, 48 + at % 2 * 504, 852 + at // 2 * 278, 480, 254)
            else:
                self.put(key, 680 + at % 2 * 608, 218 + at // 2 * 222, 584, 200)

    def _service(self, service: Service) -> None:
        x, y, width, tall = (48, 200, 984, 196) if self.portrait else (48, 192, 576, 320)
        self.put(Panel(self.style_), x, y, width, tall)
        if self.portrait:
            self.put(Icon(self.style_, service.icon, 96), x + 32, y, 112, tall)
            x, width = x + 136, width - 136
        view = self.desk.view(service.code)
        whole = self.portrait and view.open and not view.full
        name, said = self.scene.own(service.name), standing(self.scene, view, briefly=not whole)
        self.words(name, x + 32, y + 16, width - 64, tall - 96, 58, 700)
        self.words(said, x + 32, y + tall - 80, width - 64, 64, 46, colour="ink_soft")

    def _question(self) -> None:
        y, width = (420, 984) if self.portrait else (540, 576)
        self.words(self.t("staff.assist_title"), 48, y, width, 96, 76 if self.portrait else 64, 800)
        self.words(
            self.t("staff.assist_hint"), 48, y + 98, width, 130 if self.portrait else 220, 48,
            colour="ink_soft", valign=TOP,
        )  # fmt: skip

    def _turn(self) -> None:
        self._priority = not self._priority
        self.switched.emit(self._priority)
        self._show_priority()

    def _show_priority(self) -> None:
        answer = "yes" if self._priority else "no"
        self._switch.say(self.t(f"staff.assist_priority_{answer}"), self.t("staff.assist_priority_hint"))
        self._switch.become("quiet" if self._priority else "plain")
