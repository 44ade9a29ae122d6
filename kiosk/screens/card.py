"""The service card: the published standard as a checklist, then the key that takes a number."""

from PySide6.QtCore import Signal

from antrean.domain.catalogue import Service
from antrean.texts.formats import wait_range
from kiosk.screens.lists import closed_words
from kiosk.screens.screen import Scene, Screen
from kiosk.widgets.key import Key
from kiosk.widgets.panel import Icon, Panel, Rule
from kiosk.widgets.style import SMALLEST_TEXT
from kiosk.widgets.words import lines_of

MOST_ROOMY = 4
"""With more things to bring than this, the heading and the facts close ranks."""


class Card(Screen):
    """What to bring, cost, time and the wait; closed and full services say why instead of the key."""

    taken = Signal()
    checklist_called = Signal()

    def __init__(self, scene: Scene, service: Service) -> None:
        super().__init__(scene)
        self.service = service
        self._roomy = len(service.requirements) <= MOST_ROOMY
        self.frame()
        if self.portrait:
            self._portrait()
        else:
            self._landscape()

    def _portrait(self) -> None:
        name = self.scene.own(self.service.name)
        size, tall = (84, 176) if self._roomy else (62, 130)
        self.words(name, 48, 176, 984, tall, size, 800)
        self.words(self._agency(), 48, 176 + tall, 984, 62, 46, 500, colour="ink_soft")
        top = 176 + tall + 72
        facts = self._facts_height(984)
        self._requirements(48, top, 984, 1372 - 16 - facts - 20 - top)
        self._facts(48, 1372 - 16 - facts, 984)
        self._keys(48, 1372, 984, 168, 130)

    def _landscape(self) -> None:
        name = self.scene.own(self.service.name)
        self.words(name, 48, 172, 576, 236, 68, 800)
        self.words(self._agency(), 48, 412, 576, 116, 46, 500, colour="ink_soft")
        facts = self._facts_height(1192)
        self._requirements(680, 32, 1192, 872 - facts - 20 - 32)
        self._facts(680, 872 - facts, 1192)
        self._keys(48, 552, 576, 176, 132)

    def _agency(self) -> str:
        return self.scene.own(self.scene.mall.agencies[self.service.agency].name)

    def _requirements(self, x: float, y: float, width: float, room: float) -> None:
        items = self.service.requirements
        head, end = 80, 12
        each = min((room - head - end) / max(len(items), 1), 140)
        self.put(Panel(self.style_), x, y, width, head + each * len(items) + end)
        self.words(self.t("kiosk.what_to_bring"), x + 40, y + 8, width - 80, head - 12, 54, 700)
        left, inner = x + 144, width - 176
        for at, item in enumerate(items):
            top = y + head + at * each
            self.put(Rule(self.style_), x + 40, top, width - 80, 2)
            self.put(Icon(self.style_, item.icon, min(76, each - 12)), x + 36, top, 88, each)
            text, note = self.scene.own(item.text), self.scene.own(item.note) if item.note else ""
            if note and each >= 104:
                middle = top + each / 2
                self.words(text, left, middle - 56, inner, 60, 52, 700)
                self.words(note, left, middle + 1, inner, 54, 46, 500, colour="ink_soft")
            elif note:
                self._beside(text, note, left, top, inner, each)
            else:
                self.words(text, left, top + 4, inner, each - 6, 52, 700)

    def _beside(self, text: str, note: str, x: float, y: float, width: float, height: float) -> None:
        """A requirement and its note on one line, when rows are low and the screen is wide."""
        half = width * 0.5
        self.words(text, x, y + 4, half - 12, height - 6, 48, 700)
        self.words(note, x + half + 12, y + 4, half - 12, height - 6, 46, 500, colour="ink_soft")

    def _fact_rows(self) -> list[list[tuple[str, str, str]]]:
        t, view = self.t, self.desk.view(self.service.code)
        wait = wait_range(*view.wait, self.scene.language) if view.wait else t("kiosk.wait_unknown")
        people = t("kiosk.people", n=view.waiting) if view.waiting is not None else t("kiosk.unknown")
        cost = ("cash", t("kiosk.cost"), self.scene.own(self.service.cost))
        ready = ("calendar-check", t("kiosk.ready_in"), self.scene.own(self.service.time))
        product = ("certificate", t("kiosk.product"), self.scene.own(self.service.product))
        now = [("users-group", t("kiosk.waiting"), people), ("clock", t("kiosk.expected_wait"), wait)]
        if not self.portrait:
            return [[cost, ready], [product], now]
        return [[cost], [ready], [product], now]

    def _row_height(self, row: list[tuple[str, str, str]], width: float) -> float:
        if len(row) > 1:
            lines = max(self._lines(value, width / 2 - 120) for _, _, value in row)
            return 54 + 60 * lines
        return max(66, 56 * self._lines(row[0][2], width - 490) + 8)

    def _lines(self, text: str, width: float) -> int:
        font = self.style_.font(SMALLEST_TEXT, 700)
        return len(lines_of(font, text, self.style_.px(width)))

    def _facts_height(self, width: float) -> float:
        return sum(self._row_height(row, width) + 6 for row in self._fact_rows())

    def _facts(self, x: float, y: float, width: float) -> None:
        for row in self._fact_rows():
            height = self._row_height(row, width)
            if len(row) == 1:
                icon, label, value = row[0]
                self.put(Icon(self.style_, icon, 56), x + 40, y, 72, height)
                self.words(label, x + 144, y, 320, height, 46, 500, colour="ink_soft")
                self.words(value, x + 470, y, width - 484, height, 54, 700)
            else:
                first = width * (0.44 if self.portrait else 0.5)
                for at, (icon, label, value) in enumerate(row):
                    left, wide = (x, first) if at == 0 else (x + first, width - first)
                    lead = 144 if at == 0 else 104
                    self.put(Icon(self.style_, icon, 68), left + lead - 108, y, 84, height)
                    self.words(label, left + lead, y, wide - lead, 52, 46, 500, colour="ink_soft")
                    self.words(value, left + lead, y + 52, wide - lead - 8, height - 52, 54, 700)
            y += height + 6

    def _keys(self, x: float, y: float, width: float, first: float, second: float) -> None:
        t, style = self.t, self.style_
        view = self.desk.view(self.service.code)
        if view.open and not view.full:
            take = Key(
                style, t("kiosk.take"), icon="ticket", kind="filled", size=58, icon_size=84,
                centred=self.portrait, name="take",
            )  # fmt: skip
            take.clicked.connect(self.taken)
            self.put(take, x, y, width, first)
        else:
            self.put(Panel(style, "warn_wash"), x, y, width, first)
            self.put(Icon(style, "clock", 72, "warn"), x + 32, y, 84, first)
            why = t("kiosk.full_long") if view.full else closed_words(self.scene, view)
            said = self.words(why, x + 140, y + 6, width - 160, first - 12, 54, 700, colour="warn")
            said.setObjectName("why")
        listing = Key(
            style, t("kiosk.print_checklist"), icon="printer", size=50, weight=600, icon_size=64,
            centred=self.portrait, name="checklist",
        )  # fmt: skip
        listing.clicked.connect(self.checklist_called)
        self.put(listing, x, y + first + 20, width, second)
