"""The loudspeaker of the hall: plays without making anybody wait, and notices when nobody can hear it."""

from __future__ import annotations

from collections import deque
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from loudspeaker.player import Playing

OK, MISSING, OFF = "ok", "missing", "off"
"""What a display tells of its sound: it plays, it should and cannot, it is not meant to."""

_ONE = 0
"""The number of the one utterance: sounds only follow each other here, and none replaces another."""


class Loudspeaker(Protocol):
    """Something a call can be played on."""

    @property
    def state(self) -> str:
        """OK, MISSING or OFF."""

    def play(self, name: str, wav: bytes, level: int) -> None:
        """Start this sound after those before it, at a level from 0 to 5; returns at once."""

    def close(self) -> None:
        """Be silent for good."""


class Silent:
    """No sound, because the settings say so."""

    state = OFF

    def play(self, name: str, wav: bytes, level: int) -> None:
        """Play nothing."""

    def close(self) -> None:
        """Nothing to end."""


class HallLoudspeaker(QObject):
    """Has sounds played by `player`, usually another process: when the sound server dies, the board goes on.

    `sound_started` tells the name of a sound that begins, `state_changed` the new state. A sound that comes while
    there is no device is not kept: nobody wants to hear it minutes later.
    """

    sound_started = Signal(str)
    state_changed = Signal(str)

    def __init__(self, player: Playing) -> None:
        super().__init__()
        self._player = player
        self._devices: tuple[str, ...] | None = None
        self._failed = False
        self._told = OK
        self._names: deque[str] = deque()
        player.devices_found.connect(self._know)
        player.device_failed.connect(self._fail)
        player.sentence_started.connect(self._begun)
        player.utterance_ended.connect(self._played)
        player.start()

    @property
    def state(self) -> str:
        """MISSING without a device, and after a failure until a sound was played to its end; else OK."""
        return MISSING if self._failed or self._devices == () else OK

    def play(self, name: str, wav: bytes, level: int) -> None:
        """Start this sound after those before it."""
        if self._devices == ():
            return
        self._names.append(name)
        self._player.set_level(level)
        self._player.take(_ONE, wav)
        self._player.take(_ONE, None)

    def close(self) -> None:
        """End the player."""
        self._player.close()

    def _know(self, devices: tuple[str, ...]) -> None:
        self._devices = devices
        if not devices:
            self._names.clear()
        self._tell()

    def _fail(self) -> None:
        self._failed = True
        self._tell()

    def _begun(self, _: int) -> None:
        if self._names:
            self.sound_started.emit(self._names.popleft())

    def _played(self, _: int) -> None:
        self._failed = False
        self._tell()

    def _tell(self) -> None:
        if self.state != self._told:
            self._told = self.state
            self.state_changed.emit(self.state)
