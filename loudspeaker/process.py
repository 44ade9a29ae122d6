"""The process that plays: `python -m loudspeaker.process`, started by `loudspeaker.link` and nobody else.

It is a process of its own because Qt 6.11 ends the whole program when the sound server dies between two sentences
(an assertion of libpulse, measured), and never strikes a device that is gone from its list. A new process knows the
truth, so this one ends whenever a device fails it.

Reads commands, one JSON object a line: {"begin": 7}, {"take": 7, "wav": base64 or null}, {"level": 3},
{"private": true}. Writes events: {"devices": ["…"]}, {"halted": 7}, {"started": 7}, {"ended": 7}.
"""

import argparse
import base64
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QLoggingCategory, QObject, QTimer, Signal

from antrean.service.tidying import EVERY_S, tidied_by_hand, tidy
from loudspeaker.outlet import SILENT, QtOutlet, SilentOutlet
from loudspeaker.player import Player

NO_DEVICE, DEVICE_FAILED = 3, 4
"""Exit codes: nothing to play on; the device that was played on is gone."""

_QUIET = "qt.multimedia.symbolsresolver.warning=false\nqt.multimedia.ffmpeg.info=false"
"""Optional libraries that are not there are no news to anybody who reads a log."""


class Commands(QObject):
    """Reads commands in a thread and hands them to Qt's thread; says `ended` when the program that asked is gone."""

    came = Signal(dict)
    ended = Signal()

    def start(self) -> None:
        """Begin to read."""
        threading.Thread(target=self._read, name="commands", daemon=True).start()

    def _read(self) -> None:
        for line in sys.stdin.buffer:
            self.came.emit(json.loads(line))
        self.ended.emit()


def obey(player: Player, command: dict[str, Any]) -> None:
    """Do what one line asks."""
    if "begin" in command:
        player.begin(command["begin"])
    elif "take" in command:
        wav = command["wav"]
        player.take(command["take"], None if wav is None else base64.b64decode(wav))
    elif "level" in command:
        player.set_level(command["level"])
    elif "private" in command:
        player.set_private(command["private"])


def tell(**event: object) -> None:
    """Write one event."""
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Play until the program that asked is gone or a device fails; returns the exit code."""
    parser = argparse.ArgumentParser(prog="loudspeaker.process")
    parser.add_argument("--output", default="")
    parser.add_argument("--private-output", default="")
    told = parser.parse_args(arguments)
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C at a terminal is for the program that asked, which ends this one
    QLoggingCategory.setFilterRules(_QUIET)
    app = QCoreApplication([])
    outlet: QtOutlet | SilentOutlet = SilentOutlet()
    if told.output != SILENT:
        outlet = QtOutlet(told.output, told.private_output, lambda: app.exit(DEVICE_FAILED))
    player = Player(outlet)
    player.halted.connect(lambda utterance: tell(halted=utterance))
    player.sentence_started.connect(lambda utterance: tell(started=utterance))
    player.utterance_ended.connect(lambda utterance: tell(ended=utterance))
    devices = outlet.names()
    tell(devices=devices)
    if not devices:
        return NO_DEVICE
    outlet.watch(lambda: tell(devices=outlet.names()))
    commands = Commands()
    commands.came.connect(lambda command: obey(player, command))
    commands.ended.connect(app.quit)
    QTimer.singleShot(0, commands.start)
    tidying = QTimer(interval=round(EVERY_S * 1000))
    tidying.timeout.connect(tidy)
    tidying.start()
    with tidied_by_hand():
        code = app.exec()
    outlet.halt()
    return code


if __name__ == "__main__":
    code = main()
    os._exit(code)  # Python would wait for the lock of a thread that still reads
