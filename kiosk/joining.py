"""Joining a mall beside the screen: the server may take seconds to answer, and nothing may stand still meanwhile."""

import contextlib
import threading

from PySide6.QtCore import QObject, Signal

from antrean.domain.errors import RuleViolation, Unavailable
from kiosk.desk import Desk


class Joining(QObject):
    """Runs one pairing at a time on a thread of its own.

    `ended` carries None or why it failed (RuleViolation, Unavailable), in the thread of this object.
    """

    ended = Signal(object)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._busy = False
        self.ended.connect(self._free)

    def begin(self, code: str, server: str) -> bool:
        """Ask the server; False while an earlier question is still under way."""
        if self._busy:
            return False
        self._busy = True
        threading.Thread(target=self._ask, args=(code, server), name="joining", daemon=True).start()
        return True

    def _ask(self, code: str, server: str) -> None:
        outcome: RuleViolation | Unavailable | None = Unavailable("pairing was given up", permanent=False)
        try:
            self._desk.pair(code, server)
            outcome = None
        except (RuleViolation, Unavailable) as refused:
            outcome = refused
        finally:
            with contextlib.suppress(RuntimeError):  # the window was closed meanwhile
                self.ended.emit(outcome)

    def _free(self) -> None:
        self._busy = False
