"""Plays the sentences of one utterance after the other, and forgets them at a word."""

from collections import deque
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from antrean.voice.sound import length_ms

BETWEEN_MS = 350
"""Between two sentences; also hides that the next one starts before a slow sound system has emptied itself."""


GAINS = (0.0, 0.08, 0.15, 0.28, 0.53, 1.0)
"""By volume level: 5.5 dB a step, so that 11 dB are left above the usual level 3 and 11 below it."""


def lasting_ms(wav: bytes) -> int:
    """How long a sound keeps the loudspeaker from the next one."""
    return length_ms(wav) + BETWEEN_MS


class Outlet(Protocol):
    """Where sound comes out. Trouble is kept inside, as silence."""

    def play(self, wav: bytes, gain: float, private: bool) -> None:
        """Start this sound; in the earphones or not at all when `private`."""

    def settle(self) -> None:
        """The time of the last sound is over: look whether it was really taken."""

    def turn(self, gain: float) -> None:
        """Go on louder or softer."""

    def halt(self) -> None:
        """Be silent at once."""


class Playing(QObject):
    """What plays: here, or in another process. `utterance` numbers grow; older ones than the newest are dropped."""

    devices_found = Signal(tuple)
    device_failed = Signal()
    halted = Signal(int)
    sentence_started = Signal(int)
    utterance_ended = Signal(int)

    def start(self) -> None:
        """Get ready; says `devices_found` when it is known what there is to play on."""

    def begin(self, utterance: int) -> None:
        """Be silent at once, and await the sentences of a newer utterance."""
        raise NotImplementedError

    def take(self, utterance: int, wav: object) -> None:
        """Play a sentence after those before it; None ends the utterance."""
        raise NotImplementedError

    def set_level(self, level: int) -> None:
        """The volume, 0 to 5, from now on."""
        raise NotImplementedError

    def set_private(self, on: bool) -> None:
        """Speak in the earphones only; what is being said to the other side falls silent."""
        raise NotImplementedError

    def close(self) -> None:
        """Be silent for good."""


class Player(Playing):
    """Plays on an outlet of this process."""

    def __init__(self, outlet: Outlet) -> None:
        super().__init__()
        self._outlet = outlet
        self._newest = 0
        self._level, self._private = 0, False
        self._waiting: deque[bytes] = deque()
        self._complete = True
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._after)

    def begin(self, utterance: int) -> None:
        """Be silent at once, and await the sentences of a newer utterance."""
        self._newest = max(utterance, self._newest)
        self._waiting.clear()
        self._complete = False
        self._timer.stop()
        self._outlet.halt()
        self.halted.emit(utterance)

    def take(self, utterance: int, wav: object) -> None:
        """Play a sentence after those before it; None ends the utterance."""
        if utterance != self._newest:
            return
        if isinstance(wav, bytes):
            self._waiting.append(wav)
        else:
            self._complete = True
        if not self._timer.isActive():
            self._next()

    def set_level(self, level: int) -> None:
        """The volume, 0 to 5, from now on."""
        self._level = min(max(level, 0), len(GAINS) - 1)
        self._outlet.turn(GAINS[self._level])

    def set_private(self, on: bool) -> None:
        """Speak in the earphones only; what is being said to the other side falls silent."""
        if on != self._private:
            self._private = on
            self._outlet.halt()

    def _after(self) -> None:
        self._outlet.settle()
        self._next()

    def _next(self) -> None:
        if not self._waiting:
            if self._complete:
                self.utterance_ended.emit(self._newest)
            return
        wav = self._waiting.popleft()
        # By length, not by the device's word: devices that vanish or lag never hold up what follows.
        self._timer.start(lasting_ms(wav))
        self._outlet.play(wav, GAINS[self._level], self._private)
        self.sentence_started.emit(self._newest)
