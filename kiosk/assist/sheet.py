"""The assist sheet: every way in which the kiosk can serve this visitor, on one panel, applied at once."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from antrean.texts import LANGUAGES, OWN_NAMES, Texts
from kiosk.assist.choice_key import ChoiceKey
from kiosk.screens.screen import CENTRE, Scene
from kiosk.screens.sheets import Sheet
from kiosk.visit import LOUDEST, Aloud
from kiosk.widgets.key import Key
from kiosk.widgets.style import Style
from kiosk.widgets.words import Words

MODES, TONGUES = "modes", "languages"
"""The pages of the sheet."""

LOW = (800, 540)
"""Upright and lying: all keys lie below this in reach mode, as those of the screens do."""

PAD, GAP, TIGHT_GAP = 40, 20, 12
UNDER, EDGE = 28, 12
"""Below the keys and below the panel in reach mode."""

Part = tuple[QWidget, float]
"""What stands in a row, and its share of the width."""


class Level(Words):
    """The volume in words over five bars."""

    def __init__(self, style: Style, t: Texts, level: int, *, bare: bool) -> None:
        text = str(level) if bare else t("kiosk.volume_now", n=level)
        super().__init__(style, text, 54, 700, align=CENTRE, valign=Qt.AlignmentFlag.AlignTop)
        self._level = level
        self.setAccessibleName(t("kiosk.volume_is", n=level))
        self.setObjectName("volume")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words, and bars that grow; those not reached are outlines."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px = self._style.px
        room = self.height() - self.inked.bottom() - px(16)
        each = min(px(46), (self.width() - px(8)) / LOUDEST)
        tall, wide, gap = min(room, px(56)), each * 0.65, each * 0.35
        left = (self.width() - LOUDEST * each + gap) / 2
        ink = self._style.colour("ground" if self._marked else "ink")
        painter.setPen(QPen(ink, px(3)))
        for at in range(LOUDEST):
            high = tall * (at + 2) / (LOUDEST + 1)
            bar = QRectF(left + at * (wide + gap), self.height() - px(4) - high, wide, high)
            painter.setBrush(ink if at < self._level else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(bar, px(4), px(4))
        painter.end()


class AssistSheet(Sheet):
    """Says `answered` with what was touched (see `kiosk.assist.choices`), `language:…`, a page's name, or "close"."""

    def __init__(self, scene: Scene, parent: QWidget, page: str = MODES, *, earphones: bool = False) -> None:
        title, text = scene.t("kiosk.display_title"), scene.t("kiosk.display_text")
        if not scene.voice and page == MODES:
            text = scene.t("kiosk.no_voice_here")
        super().__init__(scene, "display_sheet", "accessible", title, text, parent)
        self._scene_, self._earphones, self.page = scene, earphones, page
        self._easy, self._upright = scene.assist.easy, scene.style.portrait
        rows = self._modes() if page == MODES else self._tongues()
        self._arrange(rows)

    # --- what is offered

    def _modes(self) -> list[tuple[float, list[Part]]]:
        scene, now = self._scene_, self._scene_.assist
        modes = [self._choice("easy", "text-size", now.easy)]
        if scene.voice:
            modes.append(self._choice("talk", "volume", now.aloud is Aloud.EXPLORE))
        modes += [
            self._choice("contrast", "contrast", now.theme == "contrast"),
            self._choice("reach", "wheelchair", now.reach),
        ]
        language = self._key(TONGUES, scene.t("kiosk.choose_language"), "language")
        done = self._key("close", scene.t("kiosk.done"), "check", "filled")
        columns = 1 if self._easy and self._upright else 2
        rest = [] if scene.voice else [language]
        tiles = [*modes, *rest]
        tall = 140 if self._easy or not self._upright else 212
        rows: list[tuple[float, list[Part]]] = [
            (tall, [(tile, 1) for tile in tiles[at : at + columns]]) for at in range(0, len(tiles), columns)
        ]
        if not scene.voice:
            return [*rows, (150, [(done, 1)])]
        rows.append((150 if self._upright else 132, self._volume()))
        private = [self._choice("private", "headset", now.private)] if self._earphones else []
        if not self._upright:
            return [*rows, (140, [*((key, 1.4) for key in private), (language, 1), (done, 1)])]
        if self._easy:
            rows += [(140, [(key, 1)]) for key in (*private, language)]
        else:
            rows.append((150, [(key, 1) for key in (*private, language)]))
        return [*rows, (150, [(done, 1)])]

    def _volume(self) -> list[Part]:
        t, level = self._scene_.t, self._scene_.assist.volume
        bare = self._upright and self._easy  # large words leave no room for more between the keys
        return [
            (self._key("quieter", t("kiosk.quieter"), "minus", picture=48), 1.4),
            (self._own(Level(self._style, t, level, bare=bare)), 0.8 if bare else 1.2),
            (self._key("louder", t("kiosk.louder"), "plus", picture=48), 1.4),
        ]

    def _tongues(self) -> list[tuple[float, list[Part]]]:
        scene = self._scene_
        keys = [
            self._choice(f"language:{code}", "", code == scene.language, title=OWN_NAMES[code])
            for code in LANGUAGES
        ]
        back = self._key(MODES, scene.t("kiosk.back"), "arrow-left")
        done = self._key("close", scene.t("kiosk.done"), "check", "filled")
        columns = 1 if self._upright else 2
        rows: list[tuple[float, list[Part]]] = [
            (150, [(key, 1) for key in keys[at : at + columns]]) for at in range(0, len(keys), columns)
        ]
        return [*rows, (150, [(back, 1), (done, 1)])]

    def _choice(self, name: str, icon: str, on: bool, *, title: str = "") -> Key:
        wide = not self._upright or self._easy or name.startswith("language:")
        t = self._scene_.t
        key = ChoiceKey(
            self._style, t, title or t(f"kiosk.mode_{name}"), icon, f"sheet:{name}", on=on, wide=wide
        )
        return self._answering(key, name)

    def _key(self, name: str, text: str, icon: str, kind: str = "plain", picture: int = 68) -> Key:
        key = Key(
            self._style, text, icon=icon, kind=kind, size=54, icon_size=picture, centred=name == "close",
            name=f"sheet:{name}",
        )  # fmt: skip
        return self._answering(key, name)

    def _answering(self, key: Key, name: str) -> Key:
        key.clicked.connect(lambda: self.answered.emit(name))
        self._keys.append(key)
        self._own(key)
        return key

    def _own(self, part: QWidget) -> QWidget:
        part.setParent(self)
        return part

    # --- where it lies

    def _arrange(self, rows: Sequence[tuple[float, list[Part]]]) -> None:
        canvas_width, canvas_height = self._canvas
        width = 984 if self._upright else 1824
        x, gap = (canvas_width - width) / 2, float(GAP)
        heights = [tall for tall, _ in rows]
        low = self._scene_.assist.reach
        room = canvas_height - LOW[not self._upright] - EDGE - UNDER
        if low and sum(heights) + gap * (len(rows) - 1) > room:
            gap = TIGHT_GAP
            heights = [(room - gap * (len(rows) - 1)) / len(rows)] * len(rows)
        keys = sum(heights) + gap * (len(rows) - 1)
        head = 290 if self._upright else 164
        head += 48 if self._easy else 0
        height = PAD + head + GAP + keys + (UNDER if low else PAD)
        y = canvas_height - EDGE - height if low else (canvas_height - height) / 2
        self._lay(self._panel, x, y, width, height)
        self._head(x + PAD, y + PAD, width - 2 * PAD, head)
        top = y + PAD + head + GAP
        for tall, (_, parts) in zip(heights, rows, strict=True):
            share = (width - 2 * PAD - GAP * (len(parts) - 1)) / sum(part[1] for part in parts)
            left = x + PAD
            for part, wide in parts:
                self._lay(part, left, top, share * wide, tall)
                left += share * wide + GAP
            top += tall + gap

    def _head(self, x: float, y: float, width: float, height: float) -> None:
        icon, title, text = self._texts
        self._lay(icon, x, y, 112, 112 if self._upright else height)
        if self._upright:
            self._lay(title, x + 136, y, width - 136, 112)
            self._lay(text, x, y + 124, width, height - 124)
        else:
            half = width * 0.42
            self._lay(title, x + 136, y, half - 136, height)
            self._lay(text, x + half + GAP, y, width - half - GAP, height)
