"""How the last screen usually looks: number, place, people ahead, wait, QR, and what became of the paper."""

from PySide6.QtWidgets import QWidget

from antrean.texts.formats import wait_range
from kiosk.checking_in import code_words
from kiosk.desk import Issued, Paper
from kiosk.screens.booking_words import booked_at, kept_so
from kiosk.screens.screen import CENTRE, Screen
from kiosk.widgets.key import Key
from kiosk.widgets.more_time import MoreTimeKey
from kiosk.widgets.motion import Nudge
from kiosk.widgets.panel import Icon, Panel
from kiosk.widgets.qr import QrCode
from kiosk.widgets.words import BigLabel, Words

TROUBLE = (Paper.FAILED, Paper.UNKNOWN, Paper.NONE)


class Notice:
    """What a screen says of the paper; each telling takes the place of the one before."""

    def __init__(self, screen: Screen, issued: Issued) -> None:
        self._screen, self._issued = screen, issued
        self._notice: list[QWidget] = []

    def clear(self) -> None:
        """Take what was said away."""
        for old in self._notice:
            old.hide()
            old.deleteLater()
        self._notice = []

    def _show(self) -> None:
        for new in self._notice:
            new.show()

    def _keep(self, widget: QWidget, x: float, y: float, width: float, height: float) -> None:
        self._screen.put(widget, x, y, width, height)
        self._notice.append(widget)

    def _say(
        self, text: str, x: float, y: float, width: float, height: float, size: float, weight: int
    ) -> None:
        self._keep(Words(self._screen.style_, text, size, weight), x, y, width, height)


class UsualFace(Notice):
    """The last screen of a ticket, in either orientation."""

    def __init__(self, screen: Screen, issued: Issued) -> None:
        super().__init__(screen, issued)
        self._face()

    def tell(self, paper: Paper) -> None:
        """Say what became of the paper."""
        self.clear()
        if paper in TROUBLE:
            self._trouble(paper)
        else:
            self._ticket_comes(paper)
        self._follow.say(self._screen.t("kiosk.photo_code" if paper in TROUBLE else "kiosk.follow"))
        self._show()

    def _ticket_comes(self, paper: Paper) -> None:
        x, y, width = (48, 1220, 984) if self._screen.portrait else (952, 256, 920)
        style, printed = self._screen.style_, paper is Paper.PRINTED
        self._keep(Panel(style, "accent_wash", 32), x, y, width, 284)
        self._keep(Icon(style, "receipt" if printed else "printer", 136), x + 40, y, 148, 284)
        room = width - (372 if printed else 240)
        self._say(self._screen.t(f"kiosk.paper_{paper.value}"), x + 220, y, room, 284, 68, 800)
        if printed:
            arrow = Nudge(style, "arrow-down", 104, moving=self._screen.scene.motion)
            self._keep(arrow, x + width - 148, y, 112, 284)

    def _trouble(self, paper: Paper) -> None:
        x, y, width = (48, 1220, 984) if self._screen.portrait else (952, 256, 920)
        self._keep(Panel(self._screen.style_, "warn_wash", 24), x, y, width, 284)
        lead = 164 if self._screen.portrait else 136
        self._keep(Icon(self._screen.style_, "printer-off", 84, "ink"), x + 28, y + 32, 96, 96)
        for at, key in enumerate((f"paper_{paper.value}", "number_valid")):
            self._say(
                self._screen.t(f"kiosk.{key}"), x + lead, y + 18 + at * 62, width - lead - 16, 62, 52, 800
            )
        second = "kiosk.paper_step_code" if paper is Paper.NONE else "kiosk.paper_step_staff"
        for at, key in enumerate(("kiosk.paper_step_photo", second)):
            top = y + 150 + at * 62
            self._say(f"{at + 1}.", x + 58, top, 64, 60, 46, 800)
            self._say(self._screen.t(key), x + lead, top, width - lead - 8, 60, 46, 500)

    def keys(self, seconds: int) -> tuple[MoreTimeKey, Key]:
        """Lay the key for more time and the key that ends the visit."""
        style, t, put = self._screen.style_, self._screen.t, self._screen.put
        more = MoreTimeKey(style, seconds, t("kiosk.more_time"), t("kiosk.seconds_left"))
        done = Key(
            style, t("kiosk.done"), icon="check", kind="filled", icon_size=68, centred=True, name="done"
        )
        if self._screen.portrait:
            put(more, 48, 1524, 584, 152)
            put(done, 656, 1524, 376, 152)
        else:
            put(more, 952, 556, 920, 148)
            put(done, 952, 724, 920, 148)
        return more, done

    def _face(self) -> None:
        mall, issued = self._screen.scene.mall, self._issued
        service = mall.services[issued.service]
        x, y, width, tall = (48, 180, 984, 460) if self._screen.portrait else (48, 176, 880, 400)
        self._screen.put(Panel(self._screen.style_, "accent", 32), x, y, width, tall)
        heading = self._screen.t("kiosk.your_number")
        self._screen.words(heading, x + 48, y + 20, width - 96, 68, 54, 600, colour="accent_ink")
        number = BigLabel(self._screen.style_, issued.label, "accent_ink")
        number.setObjectName("number")
        self._screen.put(number, x + 48, y + 112, width - 96, tall - 252)
        name = self._screen.scene.own(service.name)
        self._screen.words(name, x + 48, y + tall - 122, width - 96, 112, 46, 500, colour="accent_ink")
        self._facts(self._screen.scene.own(mall.zone_of(service).name))

    def _facts(self, place: str) -> None:
        issued, t, language = self._issued, self._screen.t, self._screen.scene.language
        unknown = t("kiosk.wait_unknown")
        ahead = unknown if issued.ahead is None else t("kiosk.people", n=issued.ahead)
        if issued.ahead == 0:
            ahead = t("kiosk.nobody")
        wait = wait_range(*issued.wait, language) if issued.wait else unknown
        if self._screen.portrait:
            x, y, width, side = 48, 656, 984, 300
            self._screen.put(Panel(self._screen.style_, "surface", 32), x, y, width, 548)
            self._fact("map-pin", t("kiosk.wait_at"), place, x + 40, y + 16, width - 72, 76, above=True)
            top, step, room = y + 190, 176, width - side - 120
            code_x, code_y = x + width - side - 44, y + 184
        else:
            x, y, width, side = 48, 592, 880, 232
            self._screen.put(Panel(self._screen.style_, "surface", 32), 952, 40, 920, 200)
            self._fact("map-pin", t("kiosk.wait_at"), place, 984, 52, 870, 76, above=True)
            self._screen.put(Panel(self._screen.style_, "surface", 32), x, y, width, 292)
            top, step, room = y + 6, 140, width - side - 150
            code_x, code_y = x + width - side - 76, y + 4
        booking, low = issued.booking, top + step
        if booking is None:
            self._fact("users-group", t("kiosk.ahead_of_you"), ahead, x + 40, top, room, 60)
        else:
            booked = booked_at(self._screen.scene, booking)
            self._fact("calendar-check", code_words(booking.code), booked, x + 40, top, room, 60, number=True)
        if booking is None or issued.wait:
            self._fact("clock", t("kiosk.wait_label"), wait, x + 40, low, room, 60)
        else:
            kept = kept_so(self._screen.scene, booking)
            self._fact("user-check", t("kiosk.booking_status"), kept, x + 40, low, room, 60)
        code = QrCode(issued.status_url, t("kiosk.code_named", label=issued.label))
        code.setObjectName("qr")
        self._screen.put(code, code_x, code_y, side, side)
        self._follow = self._screen.words(
            "", code_x - 68, code_y + side, side + 136, 58, 46, 500, align=CENTRE
        )

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
        number: bool = False,
    ) -> None:
        tall = 100 if above else 74
        heavy, soft = (y + 62, y + 6) if above else (y + 4, y + 76)
        self._screen.put(Icon(self._screen.style_, icon, 80), x, y + (46 if above else 22), 96, 96)
        self._screen.words(value, x + 124, heavy, width - 124, tall, size, 800, number=number)
        self._screen.words(label, x + 124, soft, width - 124, 58, 46, 500, colour="ink_soft")
