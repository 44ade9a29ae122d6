"""The loudspeaker: plays a WAV without making anybody wait, and notices when there is none."""

from __future__ import annotations

import io
import logging
import wave
from typing import Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice

log = logging.getLogger("display.sound")


class Loudspeaker(Protocol):
    """Something a call can be played on."""

    @property
    def missing(self) -> bool:
        """Whether the last sound could not be played."""

    def play(self, wav: bytes) -> None:
        """Start this sound; returns at once."""


class Silent:
    """No sound, because the settings say so."""

    missing = False

    def play(self, wav: bytes) -> None:
        """Play nothing."""


class QtLoudspeaker:
    """The system's default sound device; a missing one is logged once and looked for again with each call."""

    def __init__(self) -> None:
        self.missing = False
        self._keep: tuple[object, QBuffer] | None = None

    def play(self, wav: bytes) -> None:
        """Start this sound on the default device, or note that there is none."""
        try:
            from PySide6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices
        except ImportError as problem:  # a system without libpulse cannot even load it
            self._note(str(problem))
            return
        device = QMediaDevices.defaultAudioOutput()
        if device.isNull():
            self._note("no sound device")
            return
        self.missing = False
        with wave.open(io.BytesIO(wav)) as sound:
            samples, rate = sound.readframes(sound.getnframes()), sound.getframerate()
        form = QAudioFormat()
        form.setSampleRate(rate)
        form.setChannelCount(1)
        form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        buffer = QBuffer()
        buffer.setData(QByteArray(samples))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        sink = QAudioSink(device, form)
        sink.start(buffer)
        self._keep = (sink, buffer)

    def _note(self, reason: str) -> None:
        if not self.missing:
            log.warning("calls are shown without sound: %s", reason)
        self.missing = True
