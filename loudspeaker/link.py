"""The way from a program to the process that plays: started when needed, started again when it ends."""

import base64
import json
import logging
import sys
from collections import deque
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QProcess, QTimer

from loudspeaker.player import Playing
from loudspeaker.process import DEVICE_FAILED, NO_DEVICE

log = logging.getLogger("loudspeaker")
AGAIN_MS, MOST_AGAIN_MS = 1_000, 60_000
"""When it is started again: soon after a failure, ever more seldom while there is no sound device."""

END_MS = 1_000
AHEAD = 2
"""Sentences handed over before they are spoken; with more, a word of silence would queue behind megabytes."""


def command(output: str = "", private_output: str = "") -> list[str]:
    """The command that plays on these devices."""
    named = ["--output", output, "--private-output", private_output]
    return [sys.executable, "-m", "loudspeaker.process", *named]


class PlayerProcess(Playing):
    """Has a `loudspeaker.player.Player` at work in another process; no method but `close` waits.

    `again_ms` is the shortest pause before a new start.
    """

    def __init__(self, command: Sequence[str], again_ms: int = AGAIN_MS) -> None:
        super().__init__()
        self._command, self._shortest = list(command), again_ms
        self._pause = again_ms
        self._level, self._private, self._newest = 0, False, 0
        self._waiting: deque[object] = deque()
        self._ahead = 0
        self._trouble = ""
        self._closing = False
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._ended)
        self._process.errorOccurred.connect(self._failed)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self.start)

    def start(self) -> None:
        """Start the process unless it runs."""
        if self._process.state() is QProcess.ProcessState.NotRunning and not self._closing:
            self._ahead = 0
            self._process.start(self._command[0], self._command[1:])
            self._send(level=self._level)
            self._send(private=self._private)
            self._send(begin=self._newest)

    def begin(self, utterance: int) -> None:
        """Be silent at once, and await the sentences of a newer utterance."""
        self._newest, self._ahead = utterance, 0
        self._waiting.clear()
        self._send(begin=utterance)

    def take(self, utterance: int, wav: object) -> None:
        """Play a sentence after those before it; None ends the utterance."""
        if not self._again.isActive():
            self.start()
        if utterance == self._newest:
            self._waiting.append(wav)
            self._hand_over()

    def _hand_over(self) -> None:
        while self._waiting and self._ahead < AHEAD:
            wav = self._waiting.popleft()
            said = base64.b64encode(wav).decode() if isinstance(wav, bytes) else None
            self._ahead += said is not None
            self._send(take=self._newest, wav=said)

    def set_level(self, level: int) -> None:
        """The volume, 0 to 5, from now on."""
        self._level = level
        self._send(level=level)

    def set_private(self, on: bool) -> None:
        """Speak in the earphones only."""
        self._private = on
        self._send(private=on)

    def close(self) -> None:
        """End the process; waits a second at most."""
        self._closing = True
        self._again.stop()
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            self._process.closeWriteChannel()
            if not self._process.waitForFinished(END_MS):
                self._process.kill()
                self._process.waitForFinished(END_MS)

    def _send(self, **told: object) -> None:
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            self._process.write(json.dumps(told).encode() + b"\n")

    def _read(self) -> None:
        while self._process.canReadLine():
            try:
                event: dict[str, Any] = json.loads(bytes(self._process.readLine().data()))
            except ValueError:  # a library may print there too
                continue
            if "devices" in event:
                self.devices_found.emit(tuple(event["devices"]))
            elif "halted" in event:
                self.halted.emit(event["halted"])
            elif "started" in event:
                self._pause, self._trouble = self._shortest, ""
                self.sentence_started.emit(event["started"])
                if event["started"] == self._newest:
                    self._ahead -= 1
                    self._hand_over()
            elif "ended" in event:
                self.utterance_ended.emit(event["ended"])

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._ended(-1)

    def _ended(self, code: int) -> None:
        if self._closing:
            return
        self._read()
        self._waiting.clear()
        self.devices_found.emit(())
        if code == DEVICE_FAILED:
            self.device_failed.emit()
        self._note("there is no sound device" if code == NO_DEVICE else f"playing ended with {code}")
        self._again.start(self._pause)
        self._pause = min(2 * self._pause, MOST_AGAIN_MS)

    def _note(self, trouble: str) -> None:
        if trouble != self._trouble:
            log.warning("sound is not heard: %s", trouble)
        self._trouble = trouble
