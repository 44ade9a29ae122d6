"""What a booking's code leads to, before a number is taken: what for, when, how it stands, and the one next step."""

from PySide6.QtCore import Signal, SignalInstance

from antrean.domain.catalogue import Service
from antrean.texts.formats import clock, day_long
from kiosk.checking_in import Found, Standing, code_words
from kiosk.screens.aloud import without_echoes
from kiosk.screens.screen import MIDDLE, TOP, Area, Scene, Screen
from kiosk.widgets.key import Key
from kiosk.widgets.panel import Icon, Panel, Rule
from kiosk.widgets.words import LEADING, BigLabel, lines_of

GAP = 20
LEAST_AIR, MOST_AIR = 28, 72
"""Above and below the words of a row together, and what room may add to it."""

_LOOKS = {
    Standing.IN_TIME: ("circle-check", "accent_wash"),
    Standing.EARLY: ("hourglass", "accent_wash"),
    Standing.LATE: ("clock", "warn_wash"),
    Standing.OTHER_DAY: ("calendar-event", "warn_wash"),
    Standing.CANCELLED: ("calendar-event", "warn_wash"),
    Standing.ARRIVED: ("circle-check", "accent_wash"),
    Standing.UNKNOWN: ("info-circle", "warn_wash"),
}


class BookingCard(Screen):
    """Says `arrived` for the number of this booking, `ordinary` for a number without it, `service_wanted` where the
    visitor has to name the service, `retyped` to correct the code, `copy_called` for another paper, `finished`.
    """

    arrived = Signal()
    ordinary = Signal()
    service_wanted = Signal()
    retyped = Signal()
    copy_called = Signal()
    finished = Signal()

    def __init__(self, scene: Scene, found: Found) -> None:
        super().__init__(scene)
        self.found = found
        self._service: Service | None = scene.mall.services.get(found.service)
        self.frame()
        title, facts, keys = self._areas()
        heading = self.t(f"kiosk.booking_title_{self._title()}")
        self.words(heading, *title, self._title_size, 800, valign=MIDDLE if self.portrait else TOP)
        used = self._keys(keys)
        bottom = used - 2 * GAP if self.portrait else keys.bottom
        if self._numbered:
            facts = self._number(facts)
        said = self._said_height(facts.width)
        below = self._facts(facts._replace(height=bottom - facts.y - GAP - said))
        self._banner(Area(facts.x, below + GAP, facts.width, said))

    @property
    def _numbered(self) -> bool:
        """Whether it has its number already, which is then what counts."""
        return self.found.standing is Standing.ARRIVED and bool(self.found.label)

    # --- what it says

    def _title(self) -> str:
        if self.found.standing in (Standing.EARLY, Standing.LATE):
            return "in_time"
        return "mistyped" if self.found.mistyped else self.found.standing.value

    def _sentence(self) -> str:
        found, standing = self.found, self.found.standing
        if standing is Standing.OTHER_DAY:
            return self.t("kiosk.booking_other_day" if found.sure else "kiosk.booking_day_unsure")
        if standing in (Standing.IN_TIME, Standing.EARLY, Standing.LATE):
            if self._service is None:
                return self.t("kiosk.booking_service_gone")
            return self.t(f"kiosk.booking_{standing.value}" if found.sure else "kiosk.booking_unsure")
        return self.t("kiosk.booking_mistyped" if found.mistyped else f"kiosk.booking_{standing.value}")

    def _steps(self) -> list[tuple[str, str, str, SignalInstance]]:
        """The keys as (name, icon, text, what it says), the next step first."""
        t, found = self.t, self.found
        take = ("booking:take", "ticket", t("kiosk.booking_take"), self.arrived)
        choose = ("booking:service", "layout-grid", t("kiosk.booking_choose_service"), self.service_wanted)
        retype = ("booking:retype", "keyboard", t("kiosk.booking_retype"), self.retyped)
        if found.standing is Standing.ARRIVED:
            copy = ("booking:copy", "printer", t("kiosk.booking_copy"), self.copy_called)
            done = ("done", "check", t("kiosk.done"), self.finished)
            return [done, copy] if found.ticket_id and self._service is not None else [done]
        if found.standing is Standing.UNKNOWN:
            return [retype, choose] if found.mistyped else [choose, retype]
        if self._service is None:
            return [choose]
        if found.gives_number:
            return [take]
        return [("booking:ordinary", "ticket", t("kiosk.booking_ordinary"), self.ordinary)]

    def spoken(self) -> tuple[str, ...]:
        """What is said when the screen comes: how it stands first, then what for and when, then the keys."""
        found, t = self.found, self.t
        said = [t(f"kiosk.booking_title_{self._title()}")]
        if found.standing is Standing.ARRIVED and found.label:
            said += [t("kiosk.your_number"), found.label]
        said.append(self._sentence())
        if self._service is not None:
            said.append(self.scene.own(self._service.name))
        if found.start_ms:
            said += [self._slot_day(), self._time()]
        return without_echoes((*said, *(text for _, _, text, _ in self._steps())))

    def _time(self) -> str:
        zone, language = self.scene.mall.timezone, self.scene.language
        return "–".join(clock(ms, zone, language) for ms in (self.found.start_ms, self.found.end_ms))

    def _slot_day(self) -> str:
        zone, language = self.scene.mall.timezone, self.scene.language
        return day_long(self.found.start_ms, zone, language).rsplit(" ", 1)[0]

    # --- how it is laid

    @property
    def _title_size(self) -> float:
        return (92 if self.easy else 84) if self.portrait else 72

    def _areas(self) -> tuple[Area, Area, Area]:
        """The title, where the facts begin, and where the keys may lie: from its lower edge upwards."""
        end = self.foot.y - (24 if self.portrait else 16)
        if self.portrait:
            return Area(48, 176, 984, 120), Area(48, 312, 984, 0), Area(48, 312, 984, end - 312)
        return Area(48, 184, 576, 240), Area(680, 32, 1192, 0), Area(48, 184, 576, end - 184)

    def _keys(self, area: Area) -> float:
        """Lay the keys from the lower edge upwards, the next step on top; returns where they begin."""
        steps = self._steps()
        tall, low = (170, 150) if self.portrait else (164, 132)
        y = area.bottom
        narrow = self.easy and not self.portrait
        for at, (name, icon, text, said) in reversed(list(enumerate(steps))):
            high = tall if at == 0 else low
            y -= high
            key = Key(
                self.style_,
                text,
                icon="" if narrow and at else icon,
                kind="plain" if at else "filled",
                size=64 if self.easy else 58,
                icon_size=64 if narrow or at else 84,
                name=name,
            )
            key.clicked.connect(said)
            self.put(key, area.x, y, area.width, high)
            y -= GAP
        return y + GAP

    def _facts(self, area: Area) -> float:
        """What for, when and which code, as far as anybody knows, roomy where there is room; returns the lower edge."""
        rows = self._rows()
        lead, soft = (196, 62) if self.easy else (152, 46)
        room = area.width - lead - 28
        heights = [
            self._count(value, size, 800, room) * size * LEADING
            + (self._count(note, soft, 500, room) * soft * LEADING if note else 0)
            + LEAST_AIR
            for _, value, size, note in rows
        ]
        spare = min(max(area.height - sum(heights), 0) / len(rows), MOST_AIR)
        self.put(Panel(self.style_), area.x, area.y, area.width, sum(heights) + spare * len(rows))
        y = area.y
        for at, ((icon, value, size, note), least) in enumerate(zip(rows, heights, strict=True)):
            high = least + spare
            if at:
                self.put(Rule(self.style_), area.x + 40, y - 1, area.width - 80, 2)
            self.put(Icon(self.style_, icon, 112 if self.easy else 84), area.x + 24, y, lead - 40, high)
            below = self._count(note, soft, 500, room) * soft * LEADING if note else 0
            x, top = area.x + lead, y + (LEAST_AIR + spare) / 2
            figures = icon != (self._service.icon if self._service else "")
            self.words(value, x, top, room, least - LEAST_AIR - below, size, 800, number=figures)
            if note:
                self.words(
                    note, x, top + least - LEAST_AIR - below, room, below, soft, 500, colour="ink_soft"
                )
            y += high
        return y

    def _rows(self) -> list[tuple[str, str, float, str]]:
        """Icon, value, its size, and a soft line below."""
        found, scene = self.found, self.scene
        rows = []
        if found.start_ms:
            rows.append(("calendar-time", self._time(), 104.0 if self.easy else 96.0, self._slot_day()))
        if self._service is not None and (self.easy or self._numbered):
            rows.append((self._service.icon, scene.own(self._service.short), 66.0, ""))
        elif self._service is not None:
            agency = scene.own(scene.mall.agencies[self._service.agency].name)
            rows.append((self._service.icon, scene.own(self._service.name), 58.0, agency))
        if self._numbered and rows:
            return rows
        label = "" if self.easy else self.t("kiosk.booking_code")
        return [*rows, ("qrcode", code_words(found.code), 66.0 if self.easy else 62.0, label)]

    def _number(self, area: Area) -> Area:
        """The number it has already, as large as on the number screen; returns what is left below it."""
        x, y, width, tall = area.x, area.y, area.width, 330 if self.portrait else 280
        self.put(Panel(self.style_, "accent", 32), x, y, width, tall)
        size = 62 if self.easy else 54
        self.words(
            self.t("kiosk.your_number"), x + 48, y + 16, width - 96, 80, size, 600, colour="accent_ink"
        )
        number = BigLabel(self.style_, self.found.label, "accent_ink")
        number.setObjectName("number")
        self.put(number, x + 48, y + 112, width - 96, tall - 160)
        return area._replace(y=y + tall + GAP)

    @property
    def _said(self) -> tuple[float, float]:
        """The size of the sentence, and where it begins."""
        return (64, 168) if self.easy else (56, 148)

    def _said_height(self, width: float) -> float:
        size, lead = self._said
        return max(self._count(self._sentence(), size, 700, width - lead - 32) * size * LEADING + 40, 150)

    def _banner(self, area: Area) -> None:
        """How it stands, in a sentence."""
        icon, wash = _LOOKS[self.found.standing]
        (size, lead), good = self._said, wash == "accent_wash"
        self.put(Panel(self.style_, wash, 24), *area)
        stroke = "accent" if good else "warn"
        self.put(
            Icon(self.style_, icon, 112 if self.easy else 88, stroke),
            area.x + 24,
            area.y,
            lead - 40,
            area.height,
        )
        said = self.words(
            self._sentence(), area.x + lead, area.y + 8, area.width - lead - 32, area.height - 16, size, 700,
            colour="ink" if good else "warn",
        )  # fmt: skip
        said.setObjectName("standing")

    def _count(self, text: str, size: float, weight: int, width: float) -> int:
        return len(lines_of(self.style_.font(size, weight), text, self.style_.px(width)))
