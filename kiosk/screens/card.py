"""The service card: the published standard as a checklist, then the key that takes a number."""

from PySide6.QtCore import Signal

from antrean.domain.catalogue import Service
from antrean.texts.formats import wait_range
from kiosk.screens.lists import closed_words
from kiosk.screens.screen import Scene, Screen
from kiosk.widgets.key import Key
from kiosk.widgets.panel import Icon, Panel, Rule

MAX_REQUIREMENTS = 6


class Card(Screen):
    """What to bring, cost, time and the wait; closed and full services say why instead of the key."""

    taken = Signal()
    checklist_called = Signal()

    def __init__(self, scene: Scene, service: Service) -> None:
        super().__init__(scene)
        self.service = service
        self.frame()
        if self.portrait:
            self._portrait()
        else:
            self._landscape()

    def _portrait(self) -> None:
        language, service = self.scene.language, self.service
        self.words(service.name.get(language), 48, 178, 984, 190, 84, 800)
        self.words(self._agency(), 48, 372, 984, 58, 46, 500, colour="ink_soft")
        bottom = self._requirements(48, 446, 984, 1010)
        self._facts(48, bottom + 20, 984)
        self._keys(48, 1372, 984, 168, 130)

    def _landscape(self) -> None:
        language, service = self.scene.language, self.service
        self.words(service.name.get(language), 48, 176, 576, 250, 72, 800)
        self.words(self._agency(), 48, 430, 576, 108, 46, 500, colour="ink_soft")
        self._requirements(680, 40, 1192, 560)
        self._facts(680, 612, 1192)
        self._keys(48, 560, 576, 172, 132)

    def _agency(self) -> str:
        return self.scene.mall.agencies[self.service.agency].name.get(self.scene.language)

    def _requirements(self, x: float, y: float, width: float, bottom: float) -> float:
        items = self.service.requirements[:MAX_REQUIREMENTS]
        head = 76
        room = (bottom - y - head - 16) / max(len(items), 1)
        height = min(room, 126)
        panel = Panel(self.style_)
        end = y + head + height * len(items) + 16
        self.put(panel, x, y, width, end - y)
        self.words(self.t("kiosk.what_to_bring"), x + 40, y + 8, width - 80, head - 12, 54, 600)
        for at, item in enumerate(items):
            top = y + head + at * height
            self.put(Rule(self.style_), x + 40, top, width - 80, 2)
            self.put(Icon(self.style_, item.icon, min(76, height - 16)), x + 40, top, 84, height)
            text, note = item.text.get(self.scene.language), item.note.get(self.scene.language) if item.note else ""
            inner = width - 176
            if note and height >= 116:
                self.words(text, x + 152, top + 4, inner, height * 0.52, 52, 700)
                self.words(note, x + 152, top + height * 0.52, inner, height * 0.46, 46, 500, colour="ink_soft")
            else:
                both = f"{text}, {note}" if note else text
                self.words(both, x + 152, top + 4, inner, height - 6, 50, 600)
        return end

    def _facts(self, x: float, y: float, width: float) -> None:
        t, language, view = self.t, self.scene.language, self.desk.view(self.service.code)
        wait = wait_range(*view.wait, language) if view.wait else t("kiosk.wait_unknown")
        people = t("kiosk.people", n=view.waiting) if view.waiting is not None else t("kiosk.unknown")
        facts = (
            ("cash", t("kiosk.cost"), self.service.cost.get(language)),
            ("calendar-check", t("kiosk.ready_in"), self.service.time.get(language)),
            ("users-group", t("kiosk.waiting"), people),
            ("clock", t("kiosk.expected_wait"), wait),
        )
        rows = ((facts[0],), (facts[1],), facts[2:]) if self.portrait else (facts[:2], facts[2:])
        top = y
        for row in rows:
            each = width / len(row)
            height = 104 if self.portrait else 118
            for at, (icon, label, value) in enumerate(row):
                left = x + at * each
                self.put(Icon(self.style_, icon, 68), left + 40, top, 84, height)
                self.words(label, left + 152, top, each - 160, 50, 46, 500, colour="ink_soft")
                self.words(value, left + 152, top + 48, each - 164, height - 50, 54, 700)
            top += height + 8

    def _keys(self, x: float, y: float, width: float, first: float, second: float) -> None:
        t, style = self.t, self.style_
        view = self.desk.view(self.service.code)
        if view.open and not view.full:
            take = Key(style, t("kiosk.take"), icon="ticket", kind="filled", size=58, weight=700, icon_size=84, centred=self.portrait, name="take")
            take.clicked.connect(self.taken)
            self.put(take, x, y, width, first)
        else:
            self.put(Panel(style, "warn_wash"), x, y, width, first)
            self.put(Icon(style, "clock", 72, "warn"), x + 36, y, 84, first)
            why = t("kiosk.full_long") if view.full else closed_words(self.scene, view)
            self.words(why, x + 144, y + 8, width - 170, first - 16, 54, 700, colour="warn")
        listing = Key(style, t("kiosk.print_checklist"), icon="printer", size=50, weight=600, icon_size=64, centred=self.portrait, name="checklist")
        listing.clicked.connect(self.checklist_called)
        self.put(listing, x, y + first + 20, width, second)
