"""A voice, a loudspeaker and an espeak-ng for tests; they keep what was asked of them."""

import threading
from pathlib import Path

from antrean.domain.errors import Unavailable
from antrean.voice.sound import wav_of

RATE = 8_000


def short_wav(ms: int) -> bytes:
    return wav_of(b"\x01\x00" * (RATE * ms // 1000), RATE)


class FakeOutlet:
    """Notes what is played and how often it is halted."""

    def __init__(self) -> None:
        self.heard: list[tuple[bytes, float, bool]] = []
        self.turned: list[float] = []
        self.halts = 0

    def play(self, wav: bytes, gain: float, private: bool) -> None:
        self.heard.append((wav, gain, private))

    def settle(self) -> None:
        pass

    def turn(self, gain: float) -> None:
        self.turned.append(gain)

    def halt(self) -> None:
        self.halts += 1


class FakeSynthesizer:
    """Each text becomes a short sound; "stuck" waits until it is cancelled, "broken" never works."""

    def __init__(self, ms: int = 30) -> None:
        self.ms = ms
        self.made: list[tuple[str, str]] = []
        self.makers: set[int] = set()
        self.stuck = threading.Event()
        self.waited_in_vain = False
        self.over = threading.Event()
        self._cancelled = threading.Event()

    def wav(self, text: str, language: str) -> bytes:
        self.made.append((language, text))
        self.makers.add(threading.get_ident())
        if text == "broken":
            raise Unavailable("out of order", permanent=False)
        if text == "stuck":
            self._cancelled.clear()
            self.stuck.set()
            for _ in range(600):
                if self._cancelled.wait(0.1) or self.over.is_set():
                    return b""
            self.waited_in_vain = True
            return b""
        return short_wav(self.ms) + text.encode()

    def cancel(self) -> None:
        self._cancelled.set()


def program(folder: Path, script: str) -> str:
    """An executable that stands in for espeak-ng."""
    path = folder / "espeak-ng"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)
