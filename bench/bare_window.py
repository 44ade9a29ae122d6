"""An empty PySide6 window over the whole screen, as a program of its own: the floor of a first picture."""

import os
import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from antrean.service.notifier import notifier_from


class Bare(QWidget):
    """Says that it is painted, once."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The word follows once the picture is on the screen."""
        QTimer.singleShot(0, notifier_from(os.environ).ready)


def main() -> int:
    """Show it until the process is ended."""
    app = QApplication([])
    window = Bare()
    window.showFullScreen()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
