"""How the drawing lies on the window: in millimetres, at the lower edge, and what is painted around it."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from antrean.look.tokens import Theme
from kiosk.screens.screen import Screen
from kiosk.screens.sheets import shade
from kiosk.widgets.measure import EASY_TEXT, LEAST_CAPITAL_MM, LEAST_KEY_MM, SMALLEST_TEXT, Fit, fit, panel_of
from kiosk.widgets.motion import SLIDE, Fade
from kiosk.widgets.style import Style


def fit_on(window: QWidget, told_mm: tuple[float, float]) -> Fit:
    """The drawing on this window's panel of `told_mm`; (0, 0) asks the panel, when the window fills it."""
    if not all(told_mm) and window.size() == window.screen().size():
        said = window.screen().physicalSize()
        told_mm = said.width(), said.height()
    return fit(panel_of((window.width(), window.height()), told_mm))


def judge(drawing: Fit) -> str:
    """What staff should know of the panel's size; "" when it serves everybody in the usual way."""
    if not drawing.easy_only:
        return ""
    capital, key = drawing.smallest_mm(easy=True)
    sizes = f"smallest capitals {capital:.1f} mm of {LEAST_CAPITAL_MM}, smallest keys {key:.1f} mm of {LEAST_KEY_MM}"
    if drawing.too_small:
        return f"The panel is too small for a kiosk: even in easy mode {sizes}."
    return f"The panel is small, so everybody is served in easy mode: {sizes}."


def style_on(drawing: Fit, theme: Theme, *, easy: bool) -> Style:
    """The style in which the drawing is painted there."""
    smallest = EASY_TEXT if easy else SMALLEST_TEXT
    return Style(theme, drawing.scale, drawing.portrait, smallest, drawing.mm / drawing.scale)


def place_on(window: QWidget, drawing: Fit, shift: tuple[int, int]) -> QRect:
    """Where the drawing lies: at the lower edge, in the middle, moved by `shift` real pixels (right, up)."""
    left, top = (window.width() - drawing.width) // 2, window.height() - drawing.height
    return QRect(left + shift[0], top - shift[1], drawing.width, drawing.height)


def paint_around(window: QWidget, screen: Screen, *, shaded: bool) -> None:
    """Paint the ground around a screen; the footer's band goes on to the edges. `shaded`: a sheet lies over it."""
    painter = QPainter(window)
    style = screen.style_
    painter.fillRect(window.rect(), style.colour("ground"))
    if screen.has_foot:
        top = screen.y() + style.px(screen.foot.y)
        painter.fillRect(0, top, window.width(), window.height() - top, style.colour("sunken"))
    if shaded:
        painter.fillRect(window.rect(), shade(style))
    painter.end()


def fade_in(window: QWidget, before: QWidget, after: Screen) -> None:
    """Let the screen `after`, which is there and takes touches already, seem to come in over `before`."""
    if before.size() == after.size():
        fade = Fade(before.grab(), after.grab(), after.style_.px(SLIDE), window)
        fade.setGeometry(after.geometry())
        fade.show()
