"""Speech from the program espeak-ng: one short run a sentence, with a time limit and a way to end it early."""

import subprocess
import threading
from dataclasses import dataclass, field

from antrean.domain.errors import Unavailable
from antrean.voice.pack import wav_samples
from antrean.voice.pronunciation import told
from antrean.voice.sound import wav_of

PROGRAM = "espeak-ng"
VOICES = {"id": "id", "en": "en-gb", "jv": "id", "su": "id"}
"""espeak-ng has neither Javanese nor Sundanese; Indonesian spelling comes nearest."""

SECONDS = 5.0
"""A sentence takes hundredths of a second, also on a small machine under load."""

LONGEST = 1000
"""Characters of one sentence; a longer one is a mistake and would be spoken for minutes."""

AMPLITUDE = 120
"""Of espeak-ng's 200: as loud as the recorded packs, measured."""


@dataclass
class Espeak:
    """The program `program` at `rate` words a minute; a run is killed after `seconds`."""

    program: str = PROGRAM
    rate: int = 140
    seconds: float = SECONDS
    _running: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _given_up: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def wav(self, text: str, language: str) -> bytes:
        """`text` as a WAV file, mono, 16 bit; b"" when cancelled. Raises Unavailable without one in time."""
        command = [self.program, "-b", "1", "-v", VOICES[language], "-s", str(self.rate)]
        command += ["-a", str(AMPLITUDE), "--stdin", "--stdout"]
        with self._lock:
            try:
                run = self._running = subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
                )
            except OSError as problem:
                raise Unavailable(f"{self.program} does not start: {problem}", permanent=True) from problem
        try:
            with run:
                return self._sound(run, told(text[:LONGEST], language))
        finally:
            with self._lock:
                self._running = None

    def _sound(self, run: subprocess.Popen[bytes], text: str) -> bytes:
        try:
            said, _ = run.communicate(text.encode(), timeout=self.seconds)
        except subprocess.TimeoutExpired as stuck:
            run.kill()
            raise Unavailable(
                f"{self.program} took longer than {self.seconds:g} s", permanent=False
            ) from stuck
        if self._given_up is run:
            return b""
        if run.returncode:
            raise Unavailable(f"{self.program} ended with {run.returncode}", permanent=False)
        try:
            samples, rate = wav_samples(said)
        except ValueError as problem:
            raise Unavailable(f"{self.program} made no sound: {problem}", permanent=False) from problem
        if not samples:
            raise Unavailable(f"{self.program} made an empty sound", permanent=False)
        return wav_of(samples, rate)  # the header of a streamed WAV claims two gigabytes

    def cancel(self) -> None:
        """End the run under way, if there is one; from any thread."""
        with self._lock:
            if self._running is not None:
                self._given_up = self._running
                self._running.kill()
