"""Measured on rendered screens: keys in millimetres, capitals in millimetres, contrast in pixels.

Nothing here believes what the code says of its sizes or colours: screens are grabbed as pictures, and the letters
and edges found in them are measured.
"""

from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFont, QImage, QPainter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from antrean.look.tokens import contrast
from kiosk import gallery
from kiosk.screens.screen import Screen
from kiosk.widgets.key import FOOT, Key
from kiosk.widgets.measure import DRAWN_MM
from kiosk.widgets.panel import Icon
from kiosk.widgets.words import Words, fitted
from tests.kiosk_screens.fake_desk import FakeDesk, issued

CAPITAL_MM, KEY_MM = 7.3, 20.0
TEXT_CONTRAST, SHAPE_CONTRAST = 7.0, 3.0
EASY_KEY = 112

VISITORS = (
    "welcome", "needs", "services", "card", "priority", "number", "number-no-paper", "finder", "finder-empty",
    "finder-guess", "finder-nothing", "check-in", "check-in-code", "booking", "booking-unknown",
)  # fmt: skip
THEMED = [view for view in gallery.views() if view.language == "id" and view.mode in ("", "easy")]
SPOKEN = [
    view
    for view in gallery.views()
    if view.theme.name == "light" and (view.mode in ("", "easy") or view.language == "id")
]


def screens(desk: FakeDesk, view: gallery.View) -> Iterator[tuple[str, Screen]]:
    scene = gallery.scene_for(desk, view)
    made = gallery.screens(scene, "ktp-hilang", issued("ktp-hilang"))
    for name in VISITORS:
        yield name, made[name]()


def shown(screen: QWidget, kind: type[Words] | type[Key]) -> list[Words | Key]:
    return [part for part in screen.findChildren(kind) if part.isVisibleTo(screen) and part.text()]


def picture(screen: QWidget) -> Image.Image:
    """What shows, one picture pixel a real pixel."""
    grabbed = screen.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = bytes(grabbed.constBits())
    return Image.frombuffer(
        "RGB", (grabbed.width(), grabbed.height()), rows, "raw", "RGB", grabbed.bytesPerLine(), 1
    )


def inked_capital(font: QFont) -> int:
    """The height in pixels of a capital H as painted."""
    side = font.pixelSize() * 2
    image = QImage(side, side, QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    painter.setFont(font)
    painter.drawText(QPoint(side // 8, side * 3 // 4), "H")
    painter.end()
    rows = [
        y for y in range(side) if any(image.pixelColor(x, y).lightness() < 128 for x in range(0, side, 2))
    ]
    return rows[-1] - rows[0] + 1


def fonts_of(part: Words | Key) -> list[QFont]:
    """The fonts in which its texts are painted."""
    if isinstance(part, Words):
        return [part._fitted()[0]]
    title, support = part._boxes()
    fonts = [fitted(part._style, part._title, title, part._size, part._weight)[0]] if part._title else []
    if part._support:
        fonts.append(fitted(part._style, part._support, support, part._style.smallest, 500)[0])
    return fonts


@pytest.fixture(scope="module")
def capital() -> Callable[[QFont], int]:
    known: dict[tuple[str, int, int], int] = {}

    def measure(font: QFont) -> int:
        key = font.family(), font.pixelSize(), font.weight()
        if key not in known:
            known[key] = inked_capital(font)
        return known[key]

    return measure


@pytest.mark.parametrize("view", SPOKEN, ids=lambda view: view.name)
def test_capitals_and_keys_are_large_enough_on_the_panel_the_kiosk_is_for(
    qtbot: QtBot, desk: FakeDesk, view: gallery.View, capital: Callable[[QFont], int]
) -> None:
    for name, screen in screens(desk, view):
        qtbot.addWidget(screen)
        screen.grab(QRect(0, 0, 1, 1))  # lays out what waits for being shown
        for part in shown(screen, Words) + shown(screen, Key):
            for font in fonts_of(part):
                assert capital(font) * DRAWN_MM >= CAPITAL_MM, (name, part.text())
        for key in screen.findChildren(Key):
            if key.isVisibleTo(screen):
                side = min(key.width(), key.height())
                assert side * DRAWN_MM >= KEY_MM, (name, key.objectName())
                assert "easy" not in view.mode or side >= EASY_KEY, (name, key.objectName())


def hexed(rgb: object) -> str:
    assert isinstance(rgb, tuple)
    return "#" + "".join(f"{part:02X}" for part in rgb)


def colours(image: Image.Image, box: QRect) -> list[tuple[int, str]]:
    """The colours in a box, the commonest first."""
    part = image.crop((box.left(), box.top(), box.right() + 1, box.bottom() + 1))
    counted = part.getcolors(maxcolors=1 << 20) or []
    return sorted(((n, hexed(rgb)) for n, rgb in counted), reverse=True)


def text_contrast(image: Image.Image, box: QRect) -> float:
    """Of the ground, the commonest colour, to the ink, the farthest from it that covers more than its edges."""
    counted = colours(image, box)
    ground, total = counted[0][1], sum(n for n, _ in counted)
    solid = [colour for n, colour in counted if n >= total * 0.004]
    return max(contrast(ground, colour) for colour in solid)


def place(part: QWidget, screen: QWidget, within: QRect | None = None) -> QRect:
    return (within or part.rect()).translated(part.mapTo(screen, QPoint()))


@pytest.mark.parametrize("view", THEMED, ids=lambda view: view.name)
def test_text_stands_out_seven_times_and_shapes_three_times(
    qtbot: QtBot, desk: FakeDesk, view: gallery.View
) -> None:
    for name, screen in screens(desk, view):
        qtbot.addWidget(screen)
        image = picture(screen)
        for words in screen.findChildren(Words):
            if words.isVisibleTo(screen) and words.text().strip() and not isinstance(words.parent(), Key):
                found = text_contrast(image, place(words, screen, words.inked.intersected(words.rect())))
                assert found >= TEXT_CONTRAST, (name, words.text(), found)
        for key in screen.findChildren(Key):
            if key.isVisibleTo(screen):
                check_key(name, key, screen, image)


def check_key(name: str, key: Key, screen: QWidget, image: Image.Image) -> None:
    whole = place(key, screen)
    if key._title:
        title, support = key._boxes()
        for box in (title, support) if key._support else (title,):
            found = text_contrast(image, place(key, screen, box.intersected(key.rect())))
            assert found >= TEXT_CONTRAST, (name, key.objectName(), found)
    # from the ground left of the key across its edge: somewhere there is a step that can be seen
    y = whole.center().y()
    row = [image.getpixel((x, y)) for x in range(max(whole.left() - 4, 0), whole.left() + 6)]
    steps = [hexed(rgb) for rgb in row]
    assert max(contrast(steps[0], step) for step in steps) >= SHAPE_CONTRAST, (name, key.objectName())
    foot = image.getpixel((whole.center().x(), whole.bottom() - key._style.px(FOOT) // 2))
    below = image.getpixel((whole.center().x(), min(whole.bottom() + 4, image.height - 1)))
    assert contrast(hexed(foot), hexed(below)) >= SHAPE_CONTRAST, key.objectName()


@pytest.mark.parametrize("view", THEMED, ids=lambda view: view.name)
def test_pictures_that_carry_meaning_stand_out_three_times(
    qtbot: QtBot, desk: FakeDesk, view: gallery.View
) -> None:
    for name, screen in screens(desk, view):
        qtbot.addWidget(screen)
        image = picture(screen)
        for icon in screen.findChildren(Icon):
            if icon.isVisibleTo(screen):
                assert text_contrast(image, place(icon, screen)) >= SHAPE_CONTRAST, name
