import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage

from antrean.link.stream import Heartbeat, StateUpdate
from antrean.look.tokens import DARK
from antrean.voice.pack import shipped_pack
from display.__main__ import main
from display.paint import load_fonts
from display.program import CounterDisplay, HallDisplay, ServerClock
from display.voice import HallVoice


class FakeSpeaker:
    def __init__(self) -> None:
        self.state = "ok"
        self.played: list[str] = []

    def play(self, name: str, wav: bytes, level: int) -> None:
        self.played.append(name)

    def close(self) -> None:
        pass


class FakeTime:
    def __init__(self) -> None:
        self.ms = 0

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def speaker() -> FakeSpeaker:
    return FakeSpeaker()


@pytest.fixture
def time_() -> FakeTime:
    return FakeTime()


@pytest.fixture
def hall(qtbot: Any, speaker: FakeSpeaker, time_: FakeTime) -> HallDisplay:
    load_fonts()
    voice = HallVoice((shipped_pack("id"),), speaker)
    display = HallDisplay(ServerClock(time_, time_), "id", None, voice, motion=True)
    qtbot.addWidget(display.widget)
    display.widget.resize(QSize(1920, 1080))
    display.widget.show()
    return display


def board(wire: Any, *calls: dict[str, Any], ms: int = 0) -> StateUpdate:
    return StateUpdate("board", wire.board(*calls, server_ms=wire.noon + ms), "x.1")


def share(image: QImage, colour: str) -> float:
    wanted = QColor(colour)
    small = image.scaled(192, 108)
    near = sum(
        abs(c.red() - wanted.red()) + abs(c.green() - wanted.green()) + abs(c.blue() - wanted.blue()) < 60
        for x in range(192)
        for y in range(108)
        for c in [small.pixelColor(x, y)]
    )
    return near / (192 * 108)


def test_each_call_sounds_once_and_the_next_waits_for_its_end(
    hall: HallDisplay, speaker: FakeSpeaker, time_: FakeTime, wire: Any
) -> None:
    first, second = wire.call("a"), wire.call("b", "B1-047", "7")
    hall.take(board(wire))
    hall.take(board(wire, second, first))
    assert len(speaker.played) == 1
    assert hall.widget.scene.label == "A1-012"
    time_.ms = 5_000
    hall.tick()
    assert len(speaker.played) == 1
    time_.ms = 10_000
    hall.take(Heartbeat(wire.noon + 10_000))
    assert len(speaker.played) == 2
    assert hall.widget.scene.label == "B1-047"


def test_what_was_called_before_the_display_started_is_shown_silently(
    hall: HallDisplay, speaker: FakeSpeaker, wire: Any
) -> None:
    hall.take(board(wire, wire.call("a")))
    assert hall.widget.scene.label == "A1-012"
    assert speaker.played == []


def test_yellow_means_called_now_and_ends_with_the_call(
    hall: HallDisplay, time_: FakeTime, wire: Any
) -> None:
    hall.take(board(wire))
    hall.take(board(wire, wire.call("a")))
    assert share(hall.widget.grab().toImage(), DARK.call) > 0.1
    time_.ms = 60_000
    hall.take(Heartbeat(wire.noon + 60_000))
    assert share(hall.widget.grab().toImage(), DARK.call) < 0.01


def test_a_silent_server_turns_the_board_stale_and_news_heal_it(
    hall: HallDisplay, time_: FakeTime, wire: Any
) -> None:
    hall.take(board(wire, wire.call("a")))
    time_.ms = 15_100
    hall.tick()
    assert hall.widget.scene.notice is not None
    hall.take(board(wire, wire.call("a"), ms=15_200))
    assert hall.widget.scene.notice is None


def test_a_state_that_cannot_be_read_changes_nothing(hall: HallDisplay, wire: Any, caplog: Any) -> None:
    hall.take(board(wire, wire.call("a")))
    hall.take(StateUpdate("board", {"calls": "nonsense"}, "x.2"))
    hall.take(StateUpdate("board", {"calls": "nonsense"}, "x.3"))
    assert hall.widget.scene.label == "A1-012"
    assert len([record for record in caplog.records if record.levelname == "WARNING"]) == 1


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (1280, 720), (800, 800), (3840, 1080)])
def test_no_screen_is_black_before_the_server_answers(hall: HallDisplay, size: tuple[int, int]) -> None:
    hall.widget.resize(*size)
    assert share(hall.widget.grab().toImage(), DARK.d_ink) > 0.005


def test_screen_readers_hear_the_call(hall: HallDisplay, wire: Any) -> None:
    hall.take(board(wire))
    hall.take(board(wire, wire.call("a")))
    assert "Memanggil A1-012 Loket 3" in hall.widget.accessibleName()


def test_sizes_never_grow_or_shrink_back_with_a_call(hall: HallDisplay, wire: Any) -> None:
    hall.take(board(wire, wire.call("a", "KA1-1012", "12")))
    labels = hall.widget._labels
    hall.take(board(wire, wire.call("b"), wire.call("a", "KA1-1012", "12")))
    assert labels <= hall.widget._labels


def test_a_counter_display_turns_yellow_when_it_calls(qtbot: Any, wire: Any, time_: FakeTime) -> None:
    load_fonts()
    display = CounterDisplay(ServerClock(time_, time_), "3", "id", motion=False)
    qtbot.addWidget(display.widget)
    display.widget.resize(1280, 400)
    state = {
        "counter": "3", "name": {"id": "Loket 3", "en": "Counter 3"}, "state": "serving", "label": "A1-012",
        "call_id": "a", "service": None, "services": [], "reason": None, "until_ms": None, "server_ms": wire.noon,
    }  # fmt: skip
    display.take(StateUpdate("counter:3", state, "x.1"))
    assert share(display.widget.grab().toImage(), DARK.call) < 0.01
    display.take(StateUpdate("counter:3", state | {"state": "calling", "call_id": "b"}, "x.2"))
    assert share(display.widget.grab().toImage(), DARK.call) > 0.3


class FakeServer:
    """Pairs with the code GOOD and streams one board."""

    def __init__(self, state: dict[str, Any]) -> None:
        ended = self.ended = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(f"id: x.1.1\nevent: board\ndata: {json.dumps(state)}\n\n".encode())
                self.wfile.flush()
                ended.wait(30)

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                good = asked == {"code": "GOOD"}
                body = {
                    "device_id": "d", "token": "secret", "kind": "display", "name": "Papan 1", "issuer": None,
                    "public_url": "", "incarnation": "i", "term": 1,
                } if good else {"error": {"code": "bad_code", "message": ""}}  # fmt: skip
                text = json.dumps(body).encode()
                self.send_response(200 if good else 403)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def stop(self) -> None:
        self.ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def server(wire: Any) -> Iterator[FakeServer]:
    fake = FakeServer(wire.board(wire.call("a")))
    yield fake
    fake.stop()


def program(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "display", *arguments],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )


def test_a_picture_is_saved_after_the_first_state(server: FakeServer, tmp_path: Path) -> None:
    picture = tmp_path / "board.png"
    running = program("hall", "--server", server.url, "--size", "1920x1080", "--picture", str(picture))
    _, errors = running.communicate(timeout=40)
    assert running.returncode == 0, errors
    assert QImage(str(picture)).size() == QSize(1920, 1080)


def test_without_a_server_it_starts_and_a_termination_ends_it_cleanly(tmp_path: Path) -> None:
    picture = tmp_path / "board.png"
    first = program(
        "counter",
        "--counter",
        "3",
        "--server",
        "http://127.0.0.1:9",
        "--picture",
        str(picture),
        "--after",
        "1",
    )
    assert first.wait(40) == 0
    first.communicate()
    assert picture.exists()
    second = program("hall", "--server", "http://127.0.0.1:9")
    assert second.stderr is not None
    # its player may be the first to say something, of a sound server that is not there
    assert any("no stream" in line for line in second.stderr)
    second.send_signal(signal.SIGTERM)
    _, errors = second.communicate(timeout=40)
    assert second.returncode == 0
    assert "Traceback" not in errors


def test_pairing_keeps_the_token_for_its_own_user_only(
    server: FakeServer, tmp_path: Path, capsys: Any
) -> None:
    data = tmp_path / "display"
    assert main(["pair", "GOOD", "--server", server.url, "--data", str(data)]) == 0
    assert (data / "device.json").stat().st_mode & 0o777 == 0o600
    assert "Papan 1" in capsys.readouterr().out


def test_a_refused_code_or_a_lost_server_is_told_in_words(
    server: FakeServer, tmp_path: Path, capsys: Any
) -> None:
    assert main(["pair", "BAD", "--server", server.url, "--data", str(tmp_path)]) == 1
    assert main(["pair", "GOOD", "--server", "http://127.0.0.1:9", "--data", str(tmp_path)]) == 1
    assert "Server" in capsys.readouterr().err


def test_a_wrong_setting_is_named_with_the_right_one(tmp_path: Path, capsys: Any) -> None:
    config = tmp_path / "display.toml"
    config.write_text('langauge = "id"\n')
    assert main(["hall", "--server", "http://127.0.0.1:9", "--config", str(config)]) == 2
    assert "did you mean language" in capsys.readouterr().err
