"""Runs the kiosk's window until it is closed, restarted or told to end."""

import signal
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from antrean.service.notifier import Notifier
from antrean.service.tidying import EVERY_S, tidy
from kiosk.desk import Desk
from kiosk.screens.screen import PORTRAIT
from kiosk.speech import NoSpeaker
from kiosk.speech_qt import QtSpeaker
from kiosk.visit import Settings
from kiosk.watchdog import Watchdog
from kiosk.window import KioskWindow


def show_kiosk(
    desk: Desk,
    *,
    language: str,
    windowed: bool,
    screenshot: Path | None,
    settings: Settings | None = None,
    notifier: Notifier | None = None,
    painted: Callable[[], None] = lambda: None,
    speaking: Callable[[], QtSpeaker | NoSpeaker] = NoSpeaker,
) -> int:
    """Show the kiosk until it is closed, restarted or told to end by a signal; returns the exit code.

    With `screenshot` it saves the first screen as PNG and ends. `notifier` hears that it is painted, lives and ends.
    `painted` is called once the first picture is there. `speaking` makes the voice.
    """
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    speaker = speaking() if screenshot is None else NoSpeaker()
    window = KioskWindow(desk, settings or Settings(language=language), speaker)
    window.quit_asked.connect(app.exit)
    if screenshot is not None:
        window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        window.resize(*PORTRAIT)
        window.show()
        window.grab().save(str(screenshot))
        window.close()
        return 0
    ended = [signal.SIGTERM, signal.SIGINT]
    before = [signal.signal(number, lambda *_: app.exit(0)) for number in ended]
    listening = QTimer(interval=200)  # gives Python a moment to see a signal
    listening.timeout.connect(lambda: None)
    listening.start()
    tidying = QTimer(interval=round(EVERY_S * 1000))
    tidying.timeout.connect(tidy)
    tidying.start()
    watchdog = Watchdog(notifier or Notifier(None), window, lambda: type(window.screen_).__name__, painted)
    if windowed:
        window.resize(540, 960)
        window.show()
    else:
        # Without a window manager showFullScreen alone may leave a tiny window.
        window.setGeometry(app.primaryScreen().geometry())
        window.showFullScreen()
    code = app.exec()
    listening.stop()
    tidying.stop()
    watchdog.end()
    window.close()
    speaker.close()
    for number, handler in zip(ended, before, strict=True):
        signal.signal(number, handler)
    return code
