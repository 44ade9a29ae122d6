"""The published standard of a service in rows: what to bring, what it costs, how long it takes, what one gets."""

from antrean.domain.catalogue import Service
from antrean.texts.formats import wait_range
from kiosk.screens.screen import Scene, Screen
from kiosk.widgets.panel import Icon
from kiosk.widgets.words import LEADING, lines_of

Fact = tuple[str, str, str]
"""Icon, label, value."""

GAP = 6
LABEL = 52
SINGLE_LEAD, DOUBLE_LEAD = 470, (144, 104)
SIZE = 48
"""Values are measured at this size and may be drawn larger where there is room."""


def requirement_rows(scene: Scene, service: Service) -> list[Fact]:
    """Everything to bring as (icon, text, note or "")."""
    return [
        (item.icon, scene.own(item.text), scene.own(item.note) if item.note else "")
        for item in service.requirements
    ]


def fact_rows(scene: Scene, service: Service, portrait: bool, with_product: bool) -> list[list[Fact]]:
    """Cost, time, product and the wait now, in rows of one or two."""
    t, view = scene.t, scene.desk.view(service.code)
    wait = wait_range(*view.wait, scene.language) if view.wait else t("kiosk.wait_unknown")
    people = t("kiosk.people", n=view.waiting) if view.waiting is not None else t("kiosk.unknown")
    cost = ("cash", t("kiosk.cost"), scene.own(service.cost))
    ready = ("calendar-check", t("kiosk.ready_in"), scene.own(service.time))
    product = [[("certificate", t("kiosk.product"), scene.own(service.product))]] if with_product else []
    now = [("users-group", t("kiosk.waiting"), people), ("clock", t("kiosk.expected_wait"), wait)]
    return [*([[cost], [ready]] if portrait else [[cost, ready]]), *product, now]


class Facts:
    """Rows of facts, measured before they are laid."""

    def __init__(self, screen: Screen, rows: list[list[Fact]], width: float) -> None:
        self._screen, self._rows, self._width = screen, rows, width
        shares = (0.44,) if screen.portrait else (0.5, 0.6)
        self._share = min(shares, key=lambda share: sum(self._row_height(row, share) for row in rows))
        self._heights = [self._row_height(row, self._share) for row in rows]
        self.height = sum(self._heights) + GAP * len(rows)

    def _columns(self, share: float) -> tuple[float, float]:
        return self._width * share, self._width * (1 - share)

    def _row_height(self, row: list[Fact], share: float) -> float:
        if len(row) == 1:
            return max(64, self._lines(row[0][2], self._width - SINGLE_LEAD - 12) * SIZE * LEADING + 6)
        lines = (
            self._lines(fact[2], wide - lead - 8)
            for fact, wide, lead in zip(row, self._columns(share), DOUBLE_LEAD, strict=True)
        )
        return LABEL + max(lines) * SIZE * LEADING + 6

    def _lines(self, text: str, width: float) -> int:
        style = self._screen.style_
        return len(lines_of(style.font(SIZE, 700), text, style.px(width)))

    def lay(self, x: float, y: float) -> None:
        """Lay the rows on the screen."""
        put, words, style = self._screen.put, self._screen.words, self._screen.style_
        for row, height in zip(self._rows, self._heights, strict=True):
            if len(row) == 1:
                icon, label, value = row[0]
                put(Icon(style, icon, 56), x + 40, y, 72, height)
                words(label, x + 144, y, SINGLE_LEAD - 160, height, 46, 500, colour="ink_soft")
                words(value, x + SINGLE_LEAD, y, self._width - SINGLE_LEAD - 12, height, 54, 700)
            else:
                left = x
                for (icon, label, value), wide, lead in zip(
                    row, self._columns(self._share), DOUBLE_LEAD, strict=True
                ):
                    put(Icon(style, icon, 68), left + lead - 108, y, 84, height)
                    words(label, left + lead, y, wide - lead, LABEL, 46, 500, colour="ink_soft")
                    words(value, left + lead, y + LABEL, wide - lead - 8, height - LABEL, 54, 700)
                    left += wide
            y += height + GAP
