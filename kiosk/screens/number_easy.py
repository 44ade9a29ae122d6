"""The last screen in easy mode: the number, the place, one sentence, and a picture of what to do now."""

from antrean.texts.formats import wait_range
from kiosk.checking_in import code_words
from kiosk.desk import Issued, Paper
from kiosk.screens.booking_words import booked_at
from kiosk.screens.number_face import TROUBLE, Notice
from kiosk.screens.screen import Area, Screen
from kiosk.widgets.key import Key
from kiosk.widgets.more_time import MoreTimeKey
from kiosk.widgets.motion import Nudge
from kiosk.widgets.panel import Icon, Panel
from kiosk.widgets.qr import QrCode
from kiosk.widgets.words import LEADING, BigLabel, lines_of


class EasyFace(Notice):
    """The last screen of a ticket, in either orientation."""

    def __init__(self, screen: Screen, issued: Issued) -> None:
        super().__init__(screen, issued)
        if screen.portrait:
            self._number(Area(48, 180, 984, 380))
            self._place(Area(48, 576, 984, 250))
            self._sentence(Area(48, 832, 984, 160))
        else:
            self._number(Area(48, 190, 880, 400))
            self._sentence(Area(48, 610, 880, 236))
            self._place(Area(952, 32, 920, 184))

    def _number(self, area: Area) -> None:
        screen, (x, y, width, height) = self._screen, area
        screen.put(Panel(screen.style_, "accent", 32), *area)
        heading = screen.t("kiosk.your_number")
        screen.words(heading, x + 44, y + 14, width - 60, 84, 62, 500, colour="accent_ink")
        number = BigLabel(screen.style_, self._issued.label, "accent_ink")
        number.setObjectName("number")
        screen.put(number, x + 44, y + 112, width - 88, height - 152)

    def _place(self, area: Area) -> None:
        screen, (x, y, width, height) = self._screen, area
        mall = screen.scene.mall
        place = screen.scene.own(mall.zone_of(mall.services[self._issued.service]).name)
        screen.put(Panel(screen.style_, "surface", 32), *area)
        screen.put(Icon(screen.style_, "map-pin", 136), x + 24, y, 160, height)
        room = width - 232
        screen.words(screen.t("kiosk.wait_at"), x + 208, y + 6, room, 76, 62, 500, colour="ink_soft")
        screen.words(place, x + 208, y + 82, room, height - 88, 84, 800)

    def _sentence(self, area: Area) -> None:
        """What was booked; else how many people come first, and for how long about."""
        screen, issued, t = self._screen, self._issued, self._screen.t
        left, room = area.x + 208, area.width - 216
        if issued.booking is not None:
            screen.put(Icon(screen.style_, "calendar-check", 112), area.x + 24, area.y, 160, area.height)
            y, half = area.y + area.height / 2 - 84, 84
            booked, code = booked_at(screen.scene, issued.booking), code_words(issued.booking.code)
            screen.words(booked, left, y, room, half, 66, 800, number=True)
            screen.words(code, left, y + half, room, half, 62, 600, number=True)
            return
        parts: list[str] = []
        if issued.ahead is not None:
            nobody = issued.ahead == 0
            people = t("kiosk.nobody") if nobody else t("kiosk.people", n=issued.ahead)
            parts.append(f"{people} {t('kiosk.ahead_of_you')}")
        if issued.wait:
            parts.append(wait_range(*issued.wait, screen.scene.language))
        text = ", ".join(parts) if parts else f"{t('kiosk.expected_wait')}: {t('kiosk.wait_unknown')}"
        screen.put(Icon(screen.style_, "users-group", 112), area.x + 24, area.y, 160, area.height)
        screen.words(text, left, area.y, room, area.height, 66, 700)

    def keys(self, seconds: int) -> tuple[MoreTimeKey, Key]:
        """Lay the key for more time and the key that ends the visit."""
        style, t, put = self._screen.style_, self._screen.t, self._screen.put
        more = MoreTimeKey(style, seconds, t("kiosk.more_time"), "")
        done = Key(style, t("kiosk.done"), icon="check", kind="filled", size=66, icon_size=64, name="done")
        if self._screen.portrait:
            put(more, 48, 1436, 540, 176)
            put(done, 612, 1436, 420, 176)
        else:
            put(more, 952, 668, 470, 180)
            put(done, 1446, 668, 426, 180)
        return more, done

    def tell(self, paper: Paper) -> None:
        """Say what became of the paper."""
        self.clear()
        area = Area(48, 1004, 984, 412) if self._screen.portrait else Area(952, 232, 920, 420)
        if paper in TROUBLE:
            self._trouble(paper, area)
        else:
            self._ticket_comes(paper, area)
        self._show()

    def _ticket_comes(self, paper: Paper, area: Area) -> None:
        screen, (x, y, width, height) = self._screen, area
        printed = paper is Paper.PRINTED
        self._keep(Panel(screen.style_, "accent_wash", 32), *area)
        self._keep(Icon(screen.style_, "receipt" if printed else "printer", 200), x + 32, y, 220, height)
        room = width - 300 - (180 if printed else 24)
        self._say(screen.t(f"kiosk.paper_{paper.value}"), x + 284, y, room, height, 76, 800)
        if printed:
            arrow = Nudge(screen.style_, "arrow-down", 140, moving=screen.scene.motion)
            self._keep(arrow, x + width - 172, y, 148, height)

    def _trouble(self, paper: Paper, area: Area) -> None:
        """What stays true, and the code to photograph."""
        screen, t, (x, y, width, height) = self._screen, self._screen.t, area
        self._keep(Panel(screen.style_, "warn_wash", 32), *area)
        side = 250
        code = QrCode(self._issued.status_url, t("kiosk.code_named", label=self._issued.label))
        code.setObjectName("qr")
        self._keep(code, x + 24, y + (height - side) / 2, side, side)
        left, room = x + side + 48, width - side - 64
        said = f"{t(f'kiosk.paper_{paper.value}')} {t('kiosk.number_valid')}"
        photo = t("kiosk.easy_photo")
        style = screen.style_
        low = len(lines_of(style.font(62, 500), photo, style.px(room))) * 62 * LEADING - 6
        self._say(said, left, y + 2, room, height - low - 6, 62, 800)
        self._say(photo, left, y + height - low - 4, room, low, 62, 500)
