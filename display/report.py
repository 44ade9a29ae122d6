"""Tells the server whether this display is heard, so that a silent hall is seen on the manager's page."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from antrean.domain.errors import AntreanError
from antrean.link.server import ServerLink

log = logging.getLogger("display.report")
AGAIN_S, PATIENCE_S = 60.0, 5.0


class SoundReport:
    """Tells at once what changed and every minute what holds, from a thread of its own; trouble costs nobody a call.

    `link` is made, used and closed by that thread. `says_texts`: whether typed announcements are spoken here.
    """

    def __init__(
        self, link: Callable[[], ServerLink], state: str, says_texts: bool, again_s: float = AGAIN_S
    ) -> None:
        self._link, self._state, self._says_texts, self._again_s = link, state, says_texts, again_s
        self._woken = threading.Event()
        self._ended = threading.Event()
        self._trouble = ""
        self._thread = threading.Thread(target=self._run, name="sound-report", daemon=True)

    def start(self) -> None:
        """Begin to tell."""
        self._thread.start()

    def tell(self, state: str) -> None:
        """The state is another now; returns at once."""
        self._state = state
        self._woken.set()

    def stop(self) -> None:
        """End; an exchange under way may finish by itself."""
        self._ended.set()
        self._woken.set()
        self._thread.join(PATIENCE_S)

    def _run(self) -> None:
        link = self._link()
        try:
            while not self._ended.is_set():
                self._woken.clear()
                self._tell(link)
                self._woken.wait(self._again_s)
        finally:
            link.close()

    def _tell(self, link: ServerLink) -> None:
        try:
            link.sound(self._state, self._says_texts)
            self._trouble = ""
        except AntreanError as problem:
            if self._trouble != str(problem):
                log.info("the server was not told of the sound: %s", problem)
            self._trouble = str(problem)
