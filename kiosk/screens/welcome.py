"""Welcome: what is being called, one large key to start, the services most people come for, the languages.

Taps are counted as choices: a need, a service and "take" lead to the priority question and the number; a service
chosen here needs only "take".
"""

from PySide6.QtCore import Signal

from antrean.domain.catalogue import Mall, Service
from antrean.texts import LANGUAGES
from antrean.texts.formats import day_long
from kiosk.screens.screen import LEFT, RIGHT, Scene, Screen
from kiosk.widgets.key import Key
from kiosk.widgets.panel import Icon, Panel, Rule
from kiosk.widgets.start_key import StartKey
from kiosk.widgets.words import Words

MOST_COMMON = 4
_OWN_NAMES = {"id": "Bahasa Indonesia", "en": "English"}


def common_services(mall: Mall, most: int = MOST_COMMON) -> tuple[Service, ...]:
    """The first common service of each need, in the mall's own order."""
    first: dict[str, Service] = {}
    for service in mall.services.values():
        if service.common:
            first.setdefault(service.need, service)
    return tuple(first.values())[:most]


class Welcome(Screen):
    """The first screen; any visitor begins here and ends here."""

    started = Signal()
    language_chosen = Signal(str)
    service_chosen = Signal(str)
    has_back = False

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._shown: tuple[tuple[str, str], ...] | None = None
        self._rows: list[Words] = []
        self.frame()
        start = StartKey(self.style_, self.t("kiosk.touch_to_start"), self.t("kiosk.take_a_number"))
        start.clicked.connect(self.started)
        if self.portrait:
            self.put(start, 48, 684, 984, 440)
        else:
            self.put(start, 680, 40, 1192, 340)
        self._common()
        self._languages()
        self._calls_panel()
        self.tick()

    def _day(self) -> str:
        mall = self.scene.mall
        return day_long(self.desk.now_ms(), mall.timezone, self.scene.language).rsplit(" ", 1)[0]

    def _common(self) -> None:
        """The services most people come for, one touch from their card."""
        x, y, width = (48, 1144, 984) if self.portrait else (680, 396, 1192)
        tall, gap = (144, 20) if self.portrait else (130, 12)
        common = common_services(self.scene.mall)
        if common:
            self.words(self.t("kiosk.often_needed"), x, y, width, 60, 46, 500, colour="ink_soft")
        for at, service in enumerate(common):
            view = self.desk.view(service.code)
            ready = view.open and not view.full
            key = Key(
                self.style_,
                self.scene.own(service.short),
                icon=service.icon if ready else "clock",
                icon_size=72,
                size=50,
                weight=700,
                kind="plain" if ready else "off",
                name=f"service:{service.code}",
            )
            key.clicked.connect(lambda _=False, code=service.code: self.service_chosen.emit(code))
            wide = (width - 24) / 2
            self.put(key, x + at % 2 * (wide + 24), y + 66 + at // 2 * (tall + gap), wide, tall)

    def _languages(self) -> None:
        x: float
        x, y, width, tall = (48, 1548, 984, 132) if self.portrait else (680, 748, 1192, 124)
        # shared by the length of the names, because they may not shrink
        whole = sum(len(_OWN_NAMES[language]) + 14 for language in LANGUAGES)
        room = width - 24 * (len(LANGUAGES) - 1)
        for language in LANGUAGES:
            chosen = language == self.scene.language
            key = Key(
                self.style_,
                _OWN_NAMES[language],
                kind="quiet" if chosen else "plain",
                icon="check" if chosen else "",
                icon_size=48,
                size=46,
                weight=600,
                name=f"lang:{language}",
            )
            key.clicked.connect(lambda _=False, language=language: self.language_chosen.emit(language))
            each = room * (len(_OWN_NAMES[language]) + 14) / whole
            self.put(key, x, y, each, tall)
            x += each + 24

    def _calls_panel(self) -> None:
        x, y, width = (48, 208, 984) if self.portrait else (48, 236, 576)
        self.put(Panel(self.style_), x, y, width, 452 if self.portrait else 616)
        self.put(Icon(self.style_, "speakerphone", 56), x + 36, y + 22, 64, 64)
        self.words(self.t("kiosk.now_calling"), x + 116, y + 16, width - 150, 76, 50, 600)
        self._band = Panel(self.style_, "call", 0)
        self._calm = self.words(
            self.t("kiosk.nobody_called"), x + 40, y + 110, width - 80, 300, 54, 500, colour="ink_soft"
        )
        rows = (
            ((y + 104, 148), (y + 256, 92), (y + 352, 92))
            if self.portrait
            else ((y + 104, 228), (y + 344, 124), (y + 476, 124))
        )
        self.put(self._band, x, rows[0][0], width, rows[0][1])
        self._rule = Rule(self.style_)
        self.put(self._rule, x + 40, rows[1][0] + rows[1][1] + 2, width - 80, 2)
        for at, (top, height) in enumerate(rows):
            colour = "call_ink" if at == 0 else "ink"
            size, place_size = (
                ((96 if self.portrait else 88), 82) if at == 0 else ((58, 56) if self.portrait else (52, 46))
            )
            stacked = at == 0 and not self.portrait
            high, inner = (height / 2 if stacked else height), width - 80
            wide = inner if stacked else inner * (0.5 if self.portrait else 0.44)
            number = self.words("", x + 40, top, wide, high, size, 800, colour=colour, number=True)
            side = LEFT if stacked else RIGHT
            left, down = (x + 40, top + high) if stacked else (x + 40 + wide, top)
            place = self.words(
                "",
                left,
                down,
                inner if stacked else inner - wide,
                high,
                place_size,
                700,
                colour=colour,
                align=side,
            )
            self._rows += [number, place]

    def tick(self) -> None:
        """Also show who is being called now."""
        super().tick()
        calls = self.desk.calls()[:3]
        if not self._rows or calls == self._shown:
            return
        self._shown = calls
        self._band.setVisible(bool(calls))
        self._calm.setVisible(not calls)
        self._rule.setVisible(len(calls) > 2)
        counters = self.scene.mall.counters
        for at in range(3):
            label, counter = calls[at] if at < len(calls) else ("", "")
            name = counters[counter].name.get(self.scene.language) if counter in counters else counter
            self._rows[2 * at].say(label)
            self._rows[2 * at + 1].say(name if label else "")
