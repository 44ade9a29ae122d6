"""Welcome: what is being called, one large key to start, the languages."""

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QColor, QLinearGradient, QPainter

from antrean.texts import LANGUAGES
from antrean.texts.formats import day_long
from kiosk.screens.screen import LEFT, RIGHT, Scene, Screen
from kiosk.widgets.key import FOOT, Key
from kiosk.widgets.panel import Icon, Panel, Rule, paint_kawung
from kiosk.widgets.style import Style
from kiosk.widgets.words import Words

_OWN_NAMES = {"id": "Bahasa Indonesia", "en": "English"}


class StartKey(Key):
    """The largest key of the kiosk, with the batik kawung at seven per cent behind its picture."""

    def __init__(self, style: Style, title: str, support: str) -> None:
        super().__init__(style, title, kind="filled", name="start")
        self._hand = style.icon("hand-finger", 380 if style.portrait else 300, "accent_ink", "accent")
        self.setAccessibleName(f"{title}. {support}")
        px = style.px
        self._big = Words(style, title, 136, 800, colour="accent_ink", parent=self)
        self._small = Words(style, support, 60, 500, colour="accent_ink", parent=self)
        self._px = px

    def resizeEvent(self, event: object) -> None:
        """Lay the words out on the left, above the foot."""
        px, width, height = self._px, self.width(), self.height()
        small = px(76)
        self._big.setGeometry(px(56), px(44), int(width * 0.56), height - px(FOOT) - px(100) - small)
        self._small.setGeometry(px(56), height - px(FOOT) - px(44) - small, width - px(112), small)

    def _paint_inside(self, painter: QPainter, ink: str) -> None:
        px = self._px
        clear, full = QColor(self._style.colour("accent_ink")), QColor(self._style.colour("accent_ink"))
        clear.setAlphaF(0)
        full.setAlphaF(0.09)
        ornament = QLinearGradient(self.width() * 0.4, 0, self.width(), 0)
        ornament.setColorAt(0, clear)
        ornament.setColorAt(1, full)
        if self._style.theme.name != "contrast":
            box = QRectF(
                self.width() * 0.4, px(6), self.width() * 0.6 - px(8), self.height() - px(FOOT) - px(12)
            )
            paint_kawung(painter, box, px(132), ornament)
        top = (self.height() - px(FOOT) - self._hand.height()) // 2 - px(20)
        painter.drawPixmap(self.width() - self._hand.width() - px(80), top, self._hand)

    @property
    def clipped(self) -> bool:
        """Whether a word does not fit."""
        return self._big.clipped or self._small.clipped


class Welcome(Screen):
    """The first screen; any visitor begins here and ends here."""

    started = Signal()
    language_chosen = Signal(str)
    has_back = False

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._shown: tuple[tuple[str, str], ...] | None = None
        self._rows: list[Words] = []
        self.frame()
        start = StartKey(self.style_, self.t("kiosk.touch_to_start"), self.t("kiosk.take_a_number"))
        start.clicked.connect(self.started)
        if self.portrait:
            self.put(start, 48, 700, 984, 680)
        else:
            self.put(start, 680, 48, 1192, 560)
        self._languages()
        self._calls_panel()
        self.tick()

    def _day(self) -> str:
        mall = self.scene.mall
        return day_long(self.desk.now_ms(), mall.timezone, self.scene.language).rsplit(" ", 1)[0]

    def _languages(self) -> None:
        x: float
        x, y, width = (48, 1412, 984) if self.portrait else (680, 640, 1192)
        self.put(Icon(self.style_, "language", 56), x, y, 64, 64)
        self.words(self.t("kiosk.languages"), x + 84, y, 700, 64, 46, 500)
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
            self.put(key, x, y + 84, each, 136)
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
        self.put(Rule(self.style_), x + 40, rows[1][0] + rows[1][1] + 2, width - 80, 2)
        for at, (top, height) in enumerate(rows):
            colour = "call_ink" if at == 0 else "ink"
            size, place_size = ((96 if self.portrait else 88), 82) if at == 0 else (58, 56)
            stacked = at == 0 and not self.portrait
            high, inner = (height / 2 if stacked else height), width - 80
            wide = inner if stacked else inner / 2
            number = self.words("", x + 40, top, wide, high, size, 800, colour=colour, number=True)
            side = LEFT if stacked else RIGHT
            left, down = (x + 40, top + high) if stacked else (x + 40 + wide, top)
            place = self.words("", left, down, wide, high, place_size, 700, colour=colour, align=side)
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
        counters = self.scene.mall.counters
        for at in range(3):
            label, counter = calls[at] if at < len(calls) else ("", "")
            name = counters[counter].name.get(self.scene.language) if counter in counters else counter
            self._rows[2 * at].say(label)
            self._rows[2 * at + 1].say(name if label else "")
