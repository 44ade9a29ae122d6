"""Who is being called now: the last call in the colour that means so, the ones before it below."""

from antrean.texts.formats import clock
from kiosk.screens.screen import RIGHT, Area, Screen
from kiosk.widgets.panel import Icon, Panel, Rule
from kiosk.widgets.words import Words

HEAD, PAD = 72, 40
NARROW = 700
"""A panel narrower than this has the last call in two lines."""


class Called:
    """The panel of the last calls in a place of `screen`, showing `most` of them."""

    def __init__(self, screen: Screen, area: Area, most: int) -> None:
        self._screen, self._most = screen, most
        self._shown: tuple[tuple[tuple[str, str], ...], str] | None = None
        self._rows: list[tuple[Words, Icon | None, Words]] = []
        self._rules: list[Rule] = []
        t, style, head = screen.t, screen.style_, HEAD + (14 if screen.easy else 0)
        x, y, width, height = area
        screen.put(Panel(style), x, y, width, height)
        stacked = width < NARROW
        lead = PAD if stacked and screen.easy else 116
        if lead > PAD:
            screen.put(Icon(style, "speakerphone", 56), x + 34, y + 6, 64, head)
        else:
            head = 2 * HEAD
        self._head = screen.words(t("kiosk.now_calling"), x + lead, y + 6, width - lead - 24, head, 50, 600)
        self._band = Panel(style, "call", 0)
        room = height - head - 12
        self._calm = screen.words(
            t("kiosk.nobody_called"), x + PAD, y + head, width - 2 * PAD, room, 54, 500, colour="ink_soft"
        )
        weights = [(1.9 if stacked else 1.5), 1.0, 1.0][:most]
        each, top = room / sum(weights), y + head + 6
        for at, weight in enumerate(weights):
            if at == 0:
                screen.put(self._band, x, top, width, each * weight)
            elif at == 2:
                rule = Rule(style)
                screen.put(rule, x + PAD, top - 1, width - 2 * PAD, 2)
                self._rules.append(rule)
            self._rows.append(self._row(at, Area(x + PAD, top, width - 2 * PAD, each * weight), stacked))
            top += each * weight

    def _row(self, at: int, area: Area, stacked: bool) -> tuple[Words, Icon | None, Words]:
        x, y, width, height = area
        words, colour = self._screen.words, "ink" if at else "call_ink"
        size, place_size = (96, 82) if at == 0 else (60, 56)
        if stacked and at == 0:
            half = height / 2
            upper = words("", x, y, width, half, size, 800, colour=colour, number=True)
            lower = words("", x, y + half, width, half, place_size, 700, colour=colour)
            return upper, None, lower
        wide = width * (0.47 if stacked else 0.44)
        number = words("", x, y, wide, height, size, 800 if at == 0 else 700, colour=colour, number=True)
        place = words("", x + wide, y, width - wide, height, place_size, 700, colour=colour, align=RIGHT)
        if stacked:
            return number, None, place
        arrow = Icon(self._screen.style_, "arrow-right", 72 if at == 0 else 52, colour)
        self._screen.put(arrow, x + width * 0.44, y, 90, height)
        return number, arrow, place

    def tick(self) -> None:
        """Show who is called now; without the server, who was the last time, and since when it is so."""
        screen, t = self._screen, self._screen.t
        calls, since = screen.desk.calls()[: self._most], self._since()
        if (calls, since) == self._shown:
            return
        self._shown = calls, since
        known = not since or bool(calls)
        self._head.say(t("kiosk.called_until", clock=since) if since and calls else t("kiosk.now_calling"))
        self._calm.say(t("kiosk.nobody_called") if known else t("kiosk.calls_unknown"))
        self._band.setVisible(bool(calls) and not since)
        self._calm.setVisible(not calls)
        for rule in self._rules:
            rule.setVisible(len(calls) > 2)
        counters = screen.scene.mall.counters
        for at, (number, arrow, place) in enumerate(self._rows):
            label, counter = calls[at] if at < len(calls) else ("", "")
            name = screen.scene.own(counters[counter].name) if counter in counters else counter
            for words, text in ((number, label), (place, name if label else "")):
                words.say(text)
                words.dye("ink" if since or at else "call_ink")
            if arrow is not None:
                arrow.setVisible(bool(label) and not (since and at == 0))

    def _since(self) -> str:
        """When the server was heard last, "" while it is heard, "–" when it never was."""
        screen = self._screen
        if not screen.old_news:
            return ""
        age = screen.desk.news_age_ms()
        if age is None:
            return "–"
        return clock(screen.desk.now_ms() - age, screen.scene.mall.timezone, screen.scene.language)
