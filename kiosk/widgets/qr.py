"""A QR code on the screen, painted module by module with its own quiet zone."""

import qrcode
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

QUIET_MODULES = 4


class QrCode(QLabel):
    """The code for `text`, black on white in every theme, because readers want it so."""

    def __init__(self, text: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET_MODULES)
        code.add_data(text)
        code.make()
        self._modules = code.get_matrix()
        self.setAccessibleName(name)
        self.setPixmap(QPixmap(1, 1))  # a label with a picture is a picture to screen readers; we paint it

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint whole pixels a module, centred."""
        painter = QPainter(self)
        count = len(self._modules)
        each = max(min(self.width(), self.height()) // count, 1)
        left, top = (self.width() - each * count) // 2, (self.height() - each * count) // 2
        painter.fillRect(QRect(left, top, each * count, each * count), Qt.GlobalColor.white)
        for row, line in enumerate(self._modules):
            for column, dark in enumerate(line):
                if dark:
                    painter.fillRect(left + column * each, top + row * each, each, each, QColor("#16222E"))
        painter.end()
