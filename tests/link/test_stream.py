import json
import queue
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from antrean.link.stream import Disconnected, Heartbeat, Pace, StateStream, StateUpdate, StreamEvent, frames


class FakeHall:
    """A small server whose streams say what the test puts in `script`; None ends a stream, "…" falls silent."""

    def __init__(self) -> None:
        self.script: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self.full = False
        self.position = ""
        self.asked: list[str] = []
        self.ended = threading.Event()
        hall = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hall.asked.append(self.path)
                if self.path.startswith("/v1/state"):
                    body = {"topics": {"board": {"server_ms": 99, "from": "asked"}}, "server_ms": 99}
                    self._json(body | {"position": hall.position})
                elif hall.full:
                    self.send_response(503)
                    self.send_header("Retry-After", "1")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                else:
                    self._stream()

            def _json(self, body: object) -> None:
                text = json.dumps(body).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def _stream(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                while (said := hall.script.get()) is not None:
                    if said == "…":
                        hall.ended.wait(60)
                        return
                    self.wfile.write(said.encode())
                    self.wfile.flush()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def say(self, topic: str, state: dict[str, object], position: int = 1) -> None:
        self.script.put(f"id: x.1.{position}\nevent: {topic}\ndata: {json.dumps(state)}\n\n")

    def stop(self) -> None:
        self.ended.set()
        self.script.put(None)
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def hall() -> Iterator[FakeHall]:
    fake = FakeHall()
    yield fake
    fake.stop()


QUICK = Pace(silence=0.4, poll=30.0, poll_when_full=0.2, retry=(0.02, 0.1))
CALM = Pace(silence=120.0, poll=120.0, poll_when_full=0.2, retry=(0.02, 0.1))
"""Asks nothing by itself, however slow the machine."""


def take(events: Iterator[StreamEvent], kind: type) -> StreamEvent:
    return next(event for event in events if isinstance(event, kind))


def streamed(events: Iterator[StreamEvent]) -> StateUpdate:
    """The next state that came by the stream; a slow machine's first question may be answered before it opens."""
    return next(event for event in events if isinstance(event, StateUpdate) and event.position)


def test_whole_states_and_heartbeats_arrive_with_their_position(hall: FakeHall) -> None:
    hall.say("board", {"server_ms": 5, "calls": []}, 7)
    hall.say("heartbeat", {"server_ms": 6})
    stream = StateStream([hall.url], ["board"], pace=CALM)
    events = iter(stream)
    assert next(events) == StateUpdate("board", {"server_ms": 5, "calls": []}, "x.1.7")
    assert next(events) == Heartbeat(6)
    stream.close()
    assert list(events) == []


def test_a_silent_stream_is_opened_again(hall: FakeHall) -> None:
    hall.say("board", {"server_ms": 1})
    hall.script.put("…")
    hall.say("board", {"server_ms": 2})  # for the second stream: the first one says nothing more
    stream = StateStream([hall.url], ["board"], pace=QUICK)
    events = iter(stream)
    assert streamed(events).state == {"server_ms": 1}
    take(events, Disconnected)
    assert streamed(events) == StateUpdate("board", {"server_ms": 2}, "x.1.1")
    stream.close()


def test_a_quiet_stream_is_asked_after_before_it_is_left(
    hall: FakeHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks counts a hundred times as fast as the socket's own patience: after 0.6 s and not 60."""
    monkeypatch.setattr("antrean.link.stream.time", SimpleNamespace(monotonic=lambda: time.monotonic() * 100))
    hall.say("board", {"server_ms": 1})
    stream = StateStream([hall.url], ["board"], pace=Pace(silence=120.0, poll=12_000.0))
    events = iter(stream)
    assert next(events) == StateUpdate("board", {"server_ms": 1}, "x.1.1")
    assert next(events) == StateUpdate("board", {"server_ms": 99, "from": "asked"}, "")
    stream.close()


def test_a_question_goes_to_the_next_address_when_the_first_does_not_answer(hall: FakeHall) -> None:
    hall.full = True
    stream = StateStream(["http://127.0.0.1:9", hall.url], ["board"], pace=QUICK)
    assert take(iter(stream), StateUpdate) == StateUpdate("board", {"server_ms": 99, "from": "asked"}, "")
    stream.close()


def test_a_restored_server_with_an_earlier_clock_is_believed(hall: FakeHall) -> None:
    hall.say("board", {"server_ms": 500})
    stream = StateStream([hall.url], ["board"], pace=Pace(poll=0.1))
    events = iter(stream)
    assert streamed(events) == StateUpdate("board", {"server_ms": 500}, "x.1.1")
    hall.position = "y.1.1"
    assert take(events, StateUpdate) == StateUpdate("board", {"server_ms": 99, "from": "asked"}, "")
    stream.close()


def test_by_the_default_pace_any_fault_heals_within_fifteen_seconds() -> None:
    assert Pace().heals_within(1) <= 10
    assert Pace().heals_within(2) <= 15


def test_an_address_that_does_not_answer_is_left_for_the_next(hall: FakeHall) -> None:
    hall.say("board", {"server_ms": 1})
    stream = StateStream(["http://127.0.0.1:9", hall.url], ["board"], pace=CALM)
    events = iter(stream)
    assert isinstance(next(events), Disconnected)
    assert isinstance(next(events), StateUpdate)
    stream.close()


def test_a_full_server_is_asked_instead(hall: FakeHall) -> None:
    hall.full = True
    stream = StateStream([hall.url], ["board"], pace=CALM)
    events = iter(stream)
    assert next(events) == Disconnected("all stream places are taken")
    assert take(events, StateUpdate) == StateUpdate("board", {"server_ms": 99, "from": "asked"}, "")
    assert next(events) == Heartbeat(99)
    stream.close()


def test_an_answer_older_than_the_stream_is_not_told(hall: FakeHall) -> None:
    hall.say("board", {"server_ms": 500})
    stream = StateStream([hall.url], ["board"], pace=Pace(poll=0.1))
    events = iter(stream)
    assert streamed(events) == StateUpdate("board", {"server_ms": 500}, "x.1.1")
    assert next(events) == Heartbeat(99)
    stream.close()


def test_closing_from_another_thread_ends_a_waiting_iteration(hall: FakeHall) -> None:
    hall.say("board", {"server_ms": 1})
    stream = StateStream([hall.url], ["board"], pace=CALM)
    events = iter(stream)
    next(events)
    rest: list[StreamEvent] = []
    waiting = threading.Thread(target=lambda: rest.extend(events), daemon=True)
    waiting.start()
    stream.close()
    waiting.join(30)
    assert not waiting.is_alive()
    assert rest == []


def test_a_broken_frame_costs_a_reconnect_and_not_the_display(hall: FakeHall) -> None:
    hall.script.put("event: board\ndata: {oops\n\n")
    hall.script.put(None)
    hall.say("board", {"server_ms": 3})  # for the second stream
    stream = StateStream([hall.url], ["board"], pace=CALM)
    events = iter(stream)
    assert isinstance(next(events), Disconnected)
    assert streamed(events).state == {"server_ms": 3}
    stream.close()


def test_frames_join_lines_and_pass_over_comments() -> None:
    lines = [": hi", "event: a", "id: 1", "data: x", "data: y", "", "", "data: z", ""]
    assert list(frames(iter(lines))) == [("a", "1", "x\ny"), ("message", "1", "z")]
