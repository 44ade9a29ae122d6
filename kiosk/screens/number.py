"""Your number: the number itself, where to wait, how long about, and what became of the paper."""

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from antrean.texts.formats import wait_range
from kiosk.desk import Issued, Paper
from kiosk.screens.screen import CENTRE, Scene, Screen
from kiosk.widgets.key import FOOT, PAD, Key
from kiosk.widgets.panel import Icon, Panel
from kiosk.widgets.qr import QrCode
from kiosk.widgets.style import Style
from kiosk.widgets.words import BigLabel, Words

SECONDS, TROUBLE_SECONDS = 30, 90
"""How long the number stays: longer when the screen is the only thing that shows it."""

TROUBLE = (Paper.FAILED, Paper.UNKNOWN, Paper.NONE)
RING = 108


class MoreTimeKey(Key):
    """The key that holds the countdown it extends."""

    def __init__(self, style: Style, seconds: int, title: str, support: str) -> None:
        self._left = self._whole = seconds
        super().__init__(
            style, title, support=support, support_above=True, picture_room=RING, size=52, name="more"
        )

    def count(self, left: int, whole: int) -> None:
        """Show the seconds left of the whole."""
        self._left, self._whole = left, whole
        self.update()

    def _paint_inside(self, painter: QPainter, ink: str) -> None:
        super()._paint_inside(painter, ink)
        px = self._style.px
        pen, side = px(11), px(RING - 12)
        box = QRectF(px(PAD) + px(6), (self.height() - px(FOOT) - side) / 2, side, side)
        painter.setPen(QPen(self._style.colour("sunken"), pen))
        painter.drawEllipse(box)
        painter.setPen(QPen(self._style.colour("accent"), pen, c=Qt.PenCapStyle.RoundCap))
        painter.drawArc(box, 90 * 16, round(-360 * 16 * self._left / max(self._whole, 1)))
        painter.setFont(self._style.font(46, 700, number=True))
        painter.setPen(self._style.colour("ink"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(self._left))


class Number(Screen):
    """The last screen; says `finished` when its countdown ends or the visitor is done."""

    finished = Signal()
    has_back = False

    def __init__(
        self, scene: Scene, issued: Issued, seconds: int = SECONDS, trouble_seconds: int = TROUBLE_SECONDS
    ) -> None:
        super().__init__(scene)
        self.issued, self.paper, self._trouble_seconds = issued, Paper.WAITING, trouble_seconds
        self.seconds_left = self._whole = seconds
        self._notice: list[QWidget] = []
        self.frame()
        self._face()
        self._keys()
        self.show_paper(Paper.WAITING)
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self.count_down)
        self._second.start()

    def count_down(self) -> None:
        """One second less; says `finished` at none."""
        self._set(self.seconds_left - 1)
        if self.seconds_left <= 0:
            self._second.stop()
            self.finished.emit()

    def extend(self) -> None:
        """Start the countdown anew, as any touch does."""
        self._set(self._whole)

    def _set(self, seconds: int) -> None:
        self.seconds_left = max(seconds, 0)
        self._more.count(self.seconds_left, self._whole)

    def show_paper(self, paper: Paper) -> None:
        """Say what became of the paper; trouble says first what stays true, and gives more time."""
        self.paper = paper
        for old in self._notice:
            old.hide()
            old.deleteLater()
        self._notice = []
        if paper in TROUBLE:
            if self._whole < self._trouble_seconds:
                self._whole = self._trouble_seconds
                self.extend()
            self._trouble(paper)
        else:
            self._ticket_comes(paper)
        self._follow.say(self.t("kiosk.photo_code" if paper in TROUBLE else "kiosk.follow"))
        for new in self._notice:
            new.show()

    def _keep(self, widget: QWidget, x: float, y: float, width: float, height: float) -> None:
        self.put(widget, x, y, width, height)
        self._notice.append(widget)

    def _say(
        self, text: str, x: float, y: float, width: float, height: float, size: float, weight: int
    ) -> None:
        self._keep(Words(self.style_, text, size, weight), x, y, width, height)

    def _ticket_comes(self, paper: Paper) -> None:
        x, y, width = (48, 1260, 984) if self.portrait else (952, 268, 920)
        self._keep(Panel(self.style_, "accent_wash", 24), x, y, width, 124)
        icon = "printer" if paper is Paper.WAITING else "receipt"
        self._keep(Icon(self.style_, icon, 76), x + 40, y + 14, 96, 96)
        room = width - (280 if paper is Paper.PRINTED else 188)
        self._say(self.t(f"kiosk.paper_{paper.value}"), x + 164, y + 10, room, 104, 50, 700)
        if paper is Paper.PRINTED:
            self._keep(Icon(self.style_, "arrow-down", 64), x + width - 112, y + 22, 80, 80)

    def _trouble(self, paper: Paper) -> None:
        x, y, width = (48, 1220, 984) if self.portrait else (952, 256, 920)
        self._keep(Panel(self.style_, "warn_wash", 24), x, y, width, 284)
        lead = 164 if self.portrait else 136
        self._keep(Icon(self.style_, "printer-off", 84, "ink"), x + 28, y + 32, 96, 96)
        for at, key in enumerate((f"paper_{paper.value}", "number_valid")):
            self._say(self.t(f"kiosk.{key}"), x + lead, y + 18 + at * 62, width - lead - 16, 62, 52, 800)
        second = "kiosk.paper_step_code" if paper is Paper.NONE else "kiosk.paper_step_staff"
        for at, key in enumerate(("kiosk.paper_step_photo", second)):
            top = y + 150 + at * 62
            self._say(f"{at + 1}.", x + 58, top, 64, 60, 46, 800)
            self._say(self.t(key), x + lead, top, width - lead - 8, 60, 46, 500)

    def _keys(self) -> None:
        more, left = self.t("kiosk.more_time"), self.t("kiosk.seconds_left")
        self._more = MoreTimeKey(self.style_, self.seconds_left, more, left)
        self._more.clicked.connect(self.extend)
        done = Key(
            self.style_,
            self.t("kiosk.done"),
            icon="check",
            kind="filled",
            icon_size=68,
            centred=True,
            name="done",
        )
        done.clicked.connect(self.finished)
        if self.portrait:
            self.put(self._more, 48, 1524, 584, 152)
            self.put(done, 656, 1524, 376, 152)
        else:
            self.put(self._more, 952, 556, 920, 148)
            self.put(done, 952, 724, 920, 148)

    def _face(self) -> None:
        mall, issued = self.scene.mall, self.issued
        service = mall.services[issued.service]
        x, y, width, tall = (48, 180, 984, 460) if self.portrait else (48, 176, 880, 400)
        self.put(Panel(self.style_, "accent", 32), x, y, width, tall)
        self.words(self.t("kiosk.your_number"), x + 48, y + 20, width - 96, 68, 54, 600, colour="accent_ink")
        number = BigLabel(self.style_, issued.label, "accent_ink")
        number.setObjectName("number")
        self.put(number, x + 48, y + 112, width - 96, tall - 252)
        name = self.scene.own(service.name)
        self.words(name, x + 48, y + tall - 122, width - 96, 112, 46, 500, colour="accent_ink")
        self._facts(self.scene.own(mall.zone_of(service).name))

    def _facts(self, place: str) -> None:
        issued, t, language = self.issued, self.t, self.scene.language
        unknown = t("kiosk.wait_unknown")
        ahead = unknown if issued.ahead is None else t("kiosk.people", n=issued.ahead)
        if issued.ahead == 0:
            ahead = t("kiosk.nobody")
        wait = wait_range(*issued.wait, language) if issued.wait else unknown
        if self.portrait:
            x, y, width, side = 48, 656, 984, 300
            self.put(Panel(self.style_, "surface", 32), x, y, width, 548)
            self._fact("map-pin", t("kiosk.wait_at"), place, x + 40, y + 16, width - 72, 76, above=True)
            top, step, room = y + 190, 176, width - side - 120
            code_x, code_y = x + width - side - 44, y + 184
        else:
            x, y, width, side = 48, 592, 880, 232
            self.put(Panel(self.style_, "surface", 32), 952, 40, 920, 200)
            self._fact("map-pin", t("kiosk.wait_at"), place, 984, 52, 870, 76, above=True)
            self.put(Panel(self.style_, "surface", 32), x, y, width, 292)
            top, step, room = y + 6, 140, width - side - 150
            code_x, code_y = x + width - side - 76, y + 4
        self._fact("users-group", t("kiosk.ahead_of_you"), ahead, x + 40, top, room, 60)
        self._fact("clock", t("kiosk.wait_label"), wait, x + 40, top + step, room, 60)
        code = QrCode(issued.status_url, t("kiosk.code_named", label=issued.label))
        code.setObjectName("qr")
        self.put(code, code_x, code_y, side, side)
        self._follow = self.words("", code_x - 68, code_y + side, side + 136, 58, 46, 500, align=CENTRE)

    def _fact(
        self,
        icon: str,
        label: str,
        value: str,
        x: float,
        y: float,
        width: float,
        size: float,
        *,
        above: bool = False,
    ) -> None:
        tall = 100 if above else 74
        heavy, soft = (y + 62, y + 6) if above else (y + 4, y + 76)
        self.put(Icon(self.style_, icon, 80), x, y + (46 if above else 22), 96, 96)
        self.words(value, x + 124, heavy, width - 124, tall, size, 800)
        self.words(label, x + 124, soft, width - 124, 58, 46, 500, colour="ink_soft")
