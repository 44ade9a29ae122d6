"""The service card: the published standard as a checklist, then the key that takes a number."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from antrean.domain.catalogue import Service
from kiosk.screens.aloud_ticket import card_aloud
from kiosk.screens.card_steps import Steps
from kiosk.screens.facts import Facts, fact_rows, requirement_rows
from kiosk.screens.lists import closed_words
from kiosk.screens.screen import Area, Scene, Screen
from kiosk.screens.standings import Standings
from kiosk.widgets.key import Key
from kiosk.widgets.panel import Icon, Panel, Rule
from kiosk.widgets.words import LEADING, lines_of

MOST_ROOMY = 4
"""With more things to bring than this, the heading and the keys close ranks."""

HEAD, END, ROW_AIR = 74, 8, 6
LINE = 46 * LEADING


class Card(Screen):
    """What to bring, cost, time and the wait; closed and full services say why instead of the key.

    The key comes and goes with the service, so that nobody waits for the opening before a card that stays closed.
    """

    taken = Signal()
    checklist_called = Signal()

    def __init__(self, scene: Scene, service: Service) -> None:
        super().__init__(scene)
        self.service = service
        self._steps: Steps | None = None
        self._standings = Standings(self.desk, (service.code,))
        self._offered: list[QWidget] = []
        self.frame()
        if self.easy:
            self._steps = Steps(self, service, self._standings, self.taken.emit, self.checklist_called.emit)
            return
        agency = scene.own(scene.mall.agencies[service.agency].name)
        if self.portrait:
            roomy = len(service.requirements) <= MOST_ROOMY
            size, tall, keys = (84, 176, 1372) if roomy else (62, 130, 1410)
            self.words(scene.own(service.name), 48, 176, 984, tall, size, 800)
            under = LINE * self._count(agency, 46, 500, 984) + 8
            self.words(agency, 48, 176 + tall, 984, under, 46, 500, colour="ink_soft")
            self._standard(48, 176 + tall + under + 10, 984, keys - 16)
            self._keys(48, keys, 984, 168 if roomy else 150, 130 if roomy else 120)
        else:
            self.words(scene.own(service.name), 48, 172, 576, 200, 68, 800)
            self.words(agency, 48, 376, 576, 164, 46, 500, colour="ink_soft")
            self._standard(680, 28, 1192, 884)
            self._keys(48, 552, 576, 176, 132)

    def spoken(self) -> tuple[str, ...]:
        """What is said when the screen comes; a step says only what it shows."""
        return card_aloud(self.scene, self.service) if self._steps is None else super().spoken()

    def go_back(self) -> None:
        """One step back, or off the card."""
        if self._steps is None or not self._steps.back():
            super().go_back()

    def tick(self) -> None:
        """Besides what every screen shows: whether the service gives numbers now."""
        super().tick()
        held = any(
            key.isDown() for key in self.findChildren(Key)
        )  # what is under a finger stays until it is lifted
        if held or not self._standings.renew():
            return
        if self._steps is not None:
            self._steps.renew()
        else:
            self._offer()

    def _standard(self, x: float, y: float, width: float, bottom: float) -> None:
        """Requirements above, facts below; what is least needed goes first when room is short."""
        items = requirement_rows(self.scene, self.service)
        inner = width - 168
        for with_product, size in ((True, 52), (True, 46), (False, 52), (False, 46), (False, 0)):
            facts = Facts(self, fact_rows(self.scene, self.service, self.portrait, with_product), width)
            room = bottom - facts.height - 14 - y - HEAD - END
            heights = [self._needed(*item, size, inner) for item in items]
            if sum(heights) <= room:
                break
        spare = min(max(room - sum(heights), 0) / max(len(items), 1), 26)
        self._requirements(x, y, width, [height + spare for height in heights], size)
        facts.lay(x, bottom - facts.height)

    def _needed(self, icon: str, text: str, note: str, size: float, inner: float) -> float:
        if not size:  # the note follows on the same line
            return LINE * self._count(f"{text}, {note}" if note else text, 46, 700, inner) + ROW_AIR
        lines = self._count(text, size, 700, inner) * size * LEADING
        return lines + (self._count(note, 46, 500, inner) * LINE if note else 0) + ROW_AIR

    def _count(self, text: str, size: float, weight: int, width: float) -> int:
        return len(lines_of(self.style_.font(size, weight), text, self.style_.px(width)))

    def _requirements(self, x: float, y: float, width: float, heights: list[float], size: float) -> None:
        self.put(Panel(self.style_), x, y, width, HEAD + sum(heights) + END)
        self.words(self.t("kiosk.what_to_bring"), x + 40, y + 6, width - 80, HEAD - 8, 54, 700)
        left, inner, top = x + 136, width - 168, y + HEAD
        for (icon, text, note), height in zip(
            requirement_rows(self.scene, self.service), heights, strict=True
        ):
            self.put(Rule(self.style_), x + 40, top, width - 80, 2)
            self.put(Icon(self.style_, icon, min(76, height - 12)), x + 32, top, 88, height)
            if note and size:
                first = self._count(text, size, 700, inner) * size * LEADING
                second = self._count(note, 46, 500, inner) * LINE
                middle = top + (height - first - second) / 2
                self.words(text, left, middle, inner, first, size, 700)
                self.words(note, left, middle + first, inner, second, 46, 500, colour="ink_soft")
            else:
                self.words(
                    f"{text}, {note}" if note else text, left, top + 2, inner, height - 2, size or 46, 700
                )
            top += height

    def _keys(self, x: float, y: float, width: float, first: float, second: float) -> None:
        self._place = Area(x, y, width, first)
        self._offer()
        listing = Key(
            self.style_, self.t("kiosk.print_checklist"), icon="printer", size=48, weight=600, icon_size=60,
            centred=self.portrait, name="checklist",
        )  # fmt: skip
        listing.clicked.connect(self.checklist_called)
        self.put(listing, x, y + first + 20, width, second)

    def _offer(self) -> None:
        """Lay the key that takes a number, or why there is none."""
        for old in self._offered:
            old.hide()
            old.deleteLater()
        self._offered = [self._take()] if self._standings.ready(self.service.code) else self._why()
        for new in self._offered:
            new.show()

    def _take(self) -> Key:
        take = Key(
            self.style_, self.t("kiosk.take"), icon="ticket", kind="filled", size=58, icon_size=84,
            centred=self.portrait, name="take",
        )  # fmt: skip
        take.clicked.connect(self.taken)
        self.put(take, *self._place)
        return take

    def _why(self) -> list[QWidget]:
        (x, y, width, height), style = self._place, self.style_
        parts: list[QWidget] = [Panel(style, "warn_wash")]
        self.put(parts[0], *self._place)
        lead = 140 if self.portrait else 28
        if self.portrait:
            parts.append(Icon(style, "clock", 72, "warn"))
            self.put(parts[1], x + 32, y, 84, height)
        view = self._standings.of(self.service.code)
        why = self.t("kiosk.full_long") if view.full else closed_words(self.scene, view)
        said = self.words(why, x + lead, y + 6, width - lead - 20, height - 12, 54, 700, colour="warn")
        said.setObjectName("why")
        return [*parts, said]
