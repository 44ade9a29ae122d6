"""What a sound device reads: the sound it is given, and silence before, between and after."""

import threading

from PySide6.QtCore import QIODevice


class Tape(QIODevice):
    """One stream without an end. Sounds on one tape cannot overlap, however late or early the device reads it.

    May be read in a thread of Qt's.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._left = b""
        self._length = 0
        self.open(QIODevice.OpenModeFlag.ReadOnly)

    def put(self, samples: bytes) -> None:
        """One more sound to read, after those before it."""
        with self._lock:
            self._left, self._length = self._left + samples, len(samples)

    def taken(self) -> float:
        """How much of the last sound was read, 0 to 1; 1 without a sound."""
        with self._lock:
            return 1 - min(1.0, len(self._left) / self._length) if self._length else 1.0

    def isSequential(self) -> bool:
        """There is no way back."""
        return True

    def bytesAvailable(self) -> int:
        """There is always more."""
        return 1 << 20

    def readData(self, maxlen: int) -> bytes:
        """The next bytes: of the sound while there are any, else silence."""
        with self._lock:
            part, self._left = self._left[:maxlen], self._left[maxlen:]
        return part + bytes(maxlen - len(part))

    def writeData(self, data: bytes | bytearray | memoryview, len: int) -> int:
        """Nothing is written here."""
        return -1
