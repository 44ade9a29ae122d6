"""The mall is shut: a dark screen with the clock and when it opens again; any touch wakes it."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent

from antrean.look.tokens import DARK
from antrean.texts.formats import clock, day_long, weekday
from kiosk.resting import Shut
from kiosk.screens.lists import NEAR_MS
from kiosk.screens.screen import CENTRE, Scene, Screen, dressed
from kiosk.widgets.panel import Icon


class Night(Screen):
    """Shown while nobody is here; says `woken`."""

    woken = Signal()
    has_back = False
    has_foot = False

    def __init__(self, scene: Scene, shut: Shut) -> None:
        super().__init__(dressed(scene, DARK))
        x, width, top = (48, 984, 520) if self.portrait else (48, 1824, 200)
        self.put(Icon(self.style_, "moon-stars", 96), x, top - 140, width, 110)
        self._clock = self.words("", x, top, width, 330, 300, 700, number=True, align=CENTRE)
        self.words(self._opening(shut), x, top + 350, width, 110, 84, 700, align=CENTRE)
        name = self.scene.mall.name
        self.words(name, x, top + 480, width, 150, 60, 500, colour="ink_soft", align=CENTRE)
        Screen.tick(self)

    def _opening(self, shut: Shut) -> str:
        t, mall, now = self.t, self.scene.mall, self.desk.now_ms()
        if shut.opens_ms is None:
            return t("kiosk.closed")
        when = clock(shut.opens_ms, mall.timezone, self.scene.language)
        days = [day_long(at, mall.timezone, self.scene.language) for at in (shut.opens_ms, now)]
        if days[0] == days[1]:
            return t("kiosk.opens_when", when=when)
        near = shut.opens_ms - now < NEAR_MS
        day = weekday(shut.opens_ms, mall.timezone, self.scene.language) if near else days[0]
        return t("kiosk.opens_brief", day=day, clock=when)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Wake."""
        self.woken.emit()
