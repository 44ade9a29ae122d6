"""The kiosk's voice at work: a thread makes the sound, a process plays it, and the screens wait for neither."""

import logging
import queue
import shutil
import threading
from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QObject, QTimer, Signal

from antrean.voice.espeak import PROGRAM, Espeak
from antrean.voice.pack import BadPack
from antrean.voice.sentences import Recorded, load_recorded
from kiosk.config import Config, Sound
from kiosk.speech import NoSpeaker
from kiosk.speech_voice import Voice
from kiosk.visit import USUAL_VOLUME
from loudspeaker.link import PlayerProcess, command
from loudspeaker.player import Playing

log = logging.getLogger("kiosk.speech")
FIRST_LOOK_MS = 1_500
"""After the first paint: the process that plays takes a third of a second of the processor to start."""

JOIN_SECONDS = 2.0

_Job = tuple[int, tuple[str, ...], str]


class QtSpeaker(QObject):
    """A `Speaker` that has its sentences played by `player`; `private_output` is the earphones' device, "" for none.

    Utterances are numbered: `say` and `stop` begin a new one, and whatever of an older one is still being made is
    dropped when it comes. End it with `close`.
    """

    utterance_ended = Signal(int)
    sentence_started = Signal(int)
    _made = Signal(int, object)

    def __init__(self, voice: Voice, player: Playing, private_output: str = "") -> None:
        super().__init__()
        self._voice, self._player, self._private_output = voice, player, private_output
        self._utterance = 0
        self._devices: tuple[str, ...] = ()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._maker = threading.Thread(target=self._make, name="speech", daemon=True)
        self._made.connect(player.take)
        player.devices_found.connect(self._know)
        player.utterance_ended.connect(self.utterance_ended)
        player.sentence_started.connect(self.sentence_started)
        self._maker.start()
        self.set_volume(USUAL_VOLUME)
        QTimer.singleShot(FIRST_LOOK_MS, player, player.start)

    def available(self) -> bool:
        """Whether there is a sound device, as far as is known."""
        return bool(self._devices)

    def say(self, sentences: Sequence[str], language: str) -> None:
        """Stop what is spoken, then speak these in order; empty ones are skipped."""
        self.stop()
        self._jobs.put((self._utterance, tuple(one for one in sentences if one.strip()), language))

    def stop(self) -> None:
        """Be silent at once."""
        self._utterance += 1
        self._voice.cancel()
        self._player.begin(self._utterance)

    def set_volume(self, level: int) -> None:
        """From 0, silent, to 5."""
        self._player.set_level(level)

    def set_private(self, on: bool) -> None:
        """Speak in the earphones only."""
        self._player.set_private(on)

    def has_private(self) -> bool:
        """Whether the earphones' device is there, as far as is known."""
        return bool(self._private_output) and self._private_output in self._devices

    def close(self) -> None:
        """Fall silent and end what works for it."""
        self.stop()
        self._jobs.put(None)
        self._maker.join(JOIN_SECONDS)
        self._player.close()

    def _know(self, devices: tuple[str, ...]) -> None:
        self._devices = devices

    def _make(self) -> None:
        while (job := self._jobs.get()) is not None:
            utterance, sentences, language = job
            for sentence in sentences:
                if utterance != self._utterance:
                    break
                wav = self._voice.sound(sentence, language)
                if wav is not None:
                    self._made.emit(utterance, wav)
            self._made.emit(utterance, None)


def speaker_for(config: Config) -> "QtSpeaker | NoSpeaker":
    """The voice of a kiosk with these settings; without espeak-ng, which is logged, only recordings are spoken.

    Needs a QApplication. What it returns must be closed.
    """
    sound = config.sound
    espeak = Espeak(rate=sound.rate) if shutil.which(PROGRAM) else None
    if espeak is None:
        log.warning("%s is not installed: nothing but recorded sentences is spoken", PROGRAM)
        if sound.voice_pack is None:
            return NoSpeaker()
    voice = Voice(espeak, cache(lambda language: recordings(sound, language)))
    player = PlayerProcess(command(sound.output, sound.private_output))
    return QtSpeaker(voice, player, sound.private_output)


def recordings(sound: Sound, language: str) -> Recorded:
    """The recordings of a language; a voice pack with mistakes is logged and not used."""
    try:
        return load_recorded(sound.voice_pack, language)
    except BadPack as problem:
        log.warning("the voice pack is not used for %s: %s", language, problem)
        return load_recorded(None, language)
