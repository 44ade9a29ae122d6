"""The sound devices of the machine, through Qt, and one that keeps time in silence."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QByteArray, QTimer

from antrean.voice.pack import wav_samples
from loudspeaker.tape import Tape

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QAudioDevice, QAudioSink, QMediaDevices

log = logging.getLogger("loudspeaker")
SILENT = "silent:"
"""The name of the device that keeps time and is heard by nobody."""

RUN_OUT_MS = 3_000
"""Sound servers begin up to two seconds late and throw away what they still hold when a stream stops (measured): so
much silence follows the last sound."""

LEAST_TAKEN = 0.5
NOWHERE = b"auto_null"
"""What PulseAudio and PipeWire offer when there is no sound card: it plays happily, and nobody hears it."""


@dataclass(frozen=True)
class _Stream:
    """An open way to a device: the sink, what it reads, and the (device, rate) it is for."""

    sink: "QAudioSink"
    tape: Tape
    of: tuple[bytes, int]


def _opened(device: "QAudioDevice", of: tuple[bytes, int], gain: float) -> _Stream:
    from PySide6.QtMultimedia import QAudioFormat, QAudioSink

    form = QAudioFormat()
    form.setSampleRate(of[1])
    form.setChannelCount(1)
    form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    stream = _Stream(QAudioSink(device, form), Tape(), of)
    stream.sink.setVolume(gain)
    stream.sink.start(stream.tape)
    return stream


class QtOutlet:
    """Plays on the device called `output` ("" is the system's own choice), or privately on `private_output`.

    Without its device speech for all goes to the system's choice, private speech nowhere. `failed` is told when a
    device cannot be played on.
    """

    def __init__(
        self, output: str = "", private_output: str = "", failed: Callable[[], object] = lambda: None
    ) -> None:
        self._output, self._private_output, self._failed = output, private_output, failed
        self._media: QMediaDevices | None = None
        self._stream: _Stream | None = None
        self._idle = QTimer(singleShot=True)
        self._idle.timeout.connect(self.halt)
        self._trouble = ""

    def names(self) -> tuple[str, ...]:
        """The descriptions of the sound devices there are now."""
        try:
            from PySide6.QtMultimedia import QMediaDevices
        except ImportError as problem:  # a system without libpulse cannot even load it
            self._note(str(problem))
            return ()
        return tuple(device.description() for device in QMediaDevices.audioOutputs() if is_heard(device))

    def watch(self, changed: Callable[[], object]) -> None:
        """Tell when a device comes."""
        from PySide6.QtMultimedia import QMediaDevices

        self._media = QMediaDevices()
        self._media.audioOutputsChanged.connect(changed)

    def play(self, wav: bytes, gain: float, private: bool) -> None:
        """Start this sound after what the device was given already, if there is a device for it; see `halt`."""
        samples, rate = wav_samples(wav)
        device = self.device(private)
        if device is None:
            self.halt()
            return
        wanted = (bytes(device.id().data()), rate)
        if self._stream is None or self._stream.of != wanted:
            self.halt()
            self._stream = _opened(device, wanted, gain)
        self._idle.stop()
        self._stream.sink.setVolume(gain)
        self._stream.tape.put(samples)
        if self._stream.sink.error().value:  # a device that is gone may still be on Qt's list
            self._failed()

    def settle(self) -> None:
        """The time of the last sound is over: look whether the device took it. One that hangs takes none in silence."""
        if self._stream is not None:
            self._idle.start(RUN_OUT_MS)
            if self._stream.tape.taken() < LEAST_TAKEN:
                self._failed()

    def turn(self, gain: float) -> None:
        """Go on louder or softer."""
        if self._stream is not None:
            self._stream.sink.setVolume(gain)

    def halt(self) -> None:
        """Be silent at once; what the device still holds is thrown away."""
        self._idle.stop()
        if self._stream is not None:
            stream, self._stream = self._stream, None
            stream.sink.reset()

    def device(self, private: bool) -> "QAudioDevice | None":
        """Where speech goes now, None when nobody may hear it."""
        try:
            from PySide6.QtMultimedia import QMediaDevices
        except ImportError as problem:
            self._note(str(problem))
            return None
        wanted = self._private_output if private else self._output
        for device in QMediaDevices.audioOutputs():
            if wanted and device.description() == wanted:
                self._trouble = ""
                return device
        if wanted:
            self._note(f"there is no sound device {wanted!r}")
        if private:
            return None
        usual = QMediaDevices.defaultAudioOutput()
        if usual.isNull() or not is_heard(usual):
            self._note("there is no sound device")
            return None
        if not wanted:
            self._trouble = ""
        return usual

    def _note(self, trouble: str) -> None:
        if trouble != self._trouble:
            log.warning("sound is not heard as it should: %s", trouble)
        self._trouble = trouble


class Named(Protocol):
    """What has an id: a sound device of Qt's."""

    def id(self) -> QByteArray:
        """The name by which the sound server knows it."""


def is_heard(device: Named) -> bool:
    """Whether this is a sound device, and not what stands in for one on a machine without a sound card."""
    return bytes(device.id().data()) != NOWHERE


class SilentOutlet:
    """Takes every sound and lets nobody hear it: for measurements and tests on machines without a sound card."""

    def names(self) -> tuple[str, ...]:
        """One device, always."""
        return (SILENT,)

    def watch(self, changed: Callable[[], object]) -> None:
        """Nothing ever changes."""

    def play(self, wav: bytes, gain: float, private: bool) -> None:
        """Takes this sound."""

    def settle(self) -> None:
        """It is always taken."""

    def turn(self, gain: float) -> None:
        """Makes no difference."""

    def halt(self) -> None:
        """It is silent already."""
