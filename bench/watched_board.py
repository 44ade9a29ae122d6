"""A hall board wired as `antrean-display hall` wires it, which prints when a call is painted and when its sound begins.

A program of its own: `python -m bench.watched_board URL`. The sounds go to the process that plays, whose device takes
them in silence, because measuring machines have no loudspeaker. Moments are nanoseconds of the machine's monotonic
clock, which all its programs share.
"""

import random
import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from antrean.link.stream import StateStream
from antrean.voice.pack import packs_for
from display.paint import load_fonts
from display.program import HallDisplay, News, ServerClock
from display.sound import HallLoudspeaker
from display.voice import HallVoice
from loudspeaker.link import PlayerProcess, command
from loudspeaker.outlet import SILENT


def tell(what: str, of: str = "") -> None:
    """One line: what happened, when, to which number."""
    print(what, time.monotonic_ns(), of, flush=True)


class Painted(QObject):
    """Tells once of each number that was painted as the call of now."""

    def __init__(self, display: HallDisplay) -> None:
        super().__init__()
        self._board, self._told = display.widget, ""
        self._board.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The word follows once the picture is on the screen."""
        if event.type() is QEvent.Type.Paint:
            QTimer.singleShot(0, self._look)
        return False

    def _look(self) -> None:
        label = self._board.scene.label
        if label and label != self._told:
            self._told = label
            tell("painted", label)


def main() -> int:
    """Show the board of the server at the first argument until the process is ended."""
    app = QApplication([])
    load_fonts()
    clock = ServerClock(lambda: time.monotonic_ns() // 1_000_000, lambda: time.time_ns() // 1_000_000)
    player = PlayerProcess(command(SILENT))
    player.devices_found.connect(lambda _: tell("listening"))
    player.utterance_ended.connect(lambda _: tell("silent"))
    speaker = HallLoudspeaker(player)
    speaker.sound_started.connect(lambda name: tell("sounding", name))
    display = HallDisplay(clock, "id", None, HallVoice(packs_for(("id",), None), speaker), motion=True)
    display.first_state_shown.connect(lambda: tell("showing"))
    watched = Painted(display)
    news = News(StateStream([sys.argv[1]], ["board"], None, dice=random.Random()))
    news.event_heard.connect(display.take)
    display.widget.resize(1920, 1080)
    display.widget.show()
    news.start()
    app.exec()
    del watched
    return 0


if __name__ == "__main__":
    sys.exit(main())
