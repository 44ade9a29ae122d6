"""The pulse of the kiosk: a beat from the thread that paints, so that a frozen screen is noticed and replaced."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from antrean.service.notifier import Notifier

PAINTED_WITHIN_MS = 5_000
"""A screen that is switched off paints nothing; the kiosk is ready all the same."""


class Watchdog(QObject):
    """Says `ready` after the window's first picture, `alive` from Qt's own loop, `stopping` at the end.

    `shows` names what is on the screen then; `painted` does what had to wait for the picture.
    """

    def __init__(
        self, notifier: Notifier, window: QWidget, shows: Callable[[], str], painted: Callable[[], None]
    ) -> None:
        super().__init__(window)
        self._notifier, self._shows, self._painted = notifier, shows, painted
        self._ready = False
        self._beat = QTimer(self)
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.timeout.connect(notifier.alive)
        window.installEventFilter(self)
        QTimer.singleShot(PAINTED_WITHIN_MS, self, self._begin)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait for the first picture; the word follows once it is on the screen."""
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._begin)
        return False

    def _begin(self) -> None:
        if self._ready:
            return
        self._ready = True
        self._painted()
        self._notifier.ready(self._shows())
        if self._notifier.every_s is not None:
            self._beat.start(max(1, round(self._notifier.every_s * 1000)))

    def end(self) -> None:
        """The kiosk ends by its own will."""
        self._beat.stop()
        self._notifier.stopping()
