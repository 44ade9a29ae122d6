"""A touch → the kiosk's voice is silent, in the process that plays, against a word to a bare program and back."""

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QProcess, QTimer, SignalInstance

from antrean.voice.sound import wav_of
from bench.measure import Line, milliseconds, percentile
from loudspeaker.link import PlayerProcess, command
from loudspeaker.outlet import SILENT

RATE = 16_000
SENTENCE = wav_of(bytes(2 * RATE * 15), RATE)
"""Fifteen seconds: a touch comes in the middle of it."""
WAITING = 20
"""Sentences behind it, as on the longest screen."""
ECHO = "import sys\nfor line in sys.stdin: sys.stdout.write(line); sys.stdout.flush()"
PATIENCE_MS = 60_000


def silence(_: Path, times: int) -> list[Line]:
    """Measure `times` touches and as many words to a program that only repeats them."""
    app = QCoreApplication.instance() or QCoreApplication([])
    player, echo = PlayerProcess(command(SILENT)), QProcess()
    _heard(player.devices_found, player.start)
    _heard(echo.started, lambda: echo.start(sys.executable, ["-c", ECHO]))
    touched: list[float] = []
    bare: list[float] = []
    for turn in range(times):
        _heard(player.sentence_started, partial(_talk, player, 2 * turn + 1))
        touched.append(_heard(player.halted, partial(player.begin, 2 * turn + 2)))
        bare.append(_heard(echo.readyReadStandardOutput, lambda: echo.write(b"?\n")))
        echo.readAllStandardOutput()
    player.close()
    echo.closeWriteChannel()
    echo.waitForFinished()
    del app
    return [_line(touched, bare, share) for share in (0.5, 0.99)]


def _talk(player: PlayerProcess, utterance: int) -> None:
    player.begin(utterance)
    for _ in range(WAITING):
        player.take(utterance, SENTENCE)


def _heard(signal: SignalInstance, act: Callable[[], object]) -> float:
    """Seconds from the act until the signal."""
    loop, end = QEventLoop(), [0.0]

    def came(*_: object) -> None:
        end[0] = time.perf_counter()
        loop.quit()

    signal.connect(came)
    QTimer.singleShot(PATIENCE_MS, loop, loop.quit)
    began = time.perf_counter()
    act()
    if not end[0]:
        loop.exec()
    signal.disconnect(came)
    assert end[0], "nothing was heard"
    return end[0] - began


def _line(touched: list[float], bare: list[float], share: float) -> Line:
    figure, floor = percentile(touched, share), percentile(bare, share)
    return Line(
        f"kiosk: touch → its voice is silent, p{share:.0%}".replace("%", ""),
        milliseconds(figure),
        milliseconds(floor),
        figure / floor,
        "aim ≤ 50 ms",
    )
