"""Tells streams the latest whole state of each topic, once per change, without ever making the writer wait.

A publisher thread renders a topic once per change and hands the same bytes to every stream that asked for it. A slow
reader keeps one pending frame per topic, always the latest: states are whole, so nothing is lost by skipping.
"""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

State = Mapping[str, Any]
Render = Callable[[Any, str], State]

POLLED_TOPICS_KEPT = 2_000
FRAME_GOOD_FOR_S = 1.0
CROWD_TOPICS = "ticket:"
CROWD_SHARE = 0.75
"""Visitors' phones together get so much of the places, so that boards and consoles always find one."""


class HubFull(Exception):
    """All stream places are taken; the caller polls `/v1/state` instead."""


@dataclass(frozen=True)
class Frame:
    """One rendered state: `position` orders a topic's frames, `fingerprint` is all of it but the time."""

    position: int
    fingerprint: str
    state: State
    wire: bytes


class Subscriber:
    """The mailbox of one stream: at most one pending frame per topic."""

    def __init__(self, topics: tuple[str, ...], owner: str | None) -> None:
        self.topics = topics
        self.owner = owner
        self._condition = threading.Condition()
        self._pending: dict[str, Frame] = {}
        self._last: dict[str, Frame] = {}
        self._closed = False

    def offer(self, topic: str, frame: Frame) -> None:
        """Puts a frame in the box if it says something new, replacing an older one of its topic; never blocks."""
        with self._condition:
            last = self._last.get(topic)
            if last is not None and (frame.position < last.position or frame.fingerprint == last.fingerprint):
                return
            self._last[topic] = self._pending[topic] = frame
            self._condition.notify()

    def close(self) -> None:
        """Ends the stream at its next look into the box (at once if it waits)."""
        with self._condition:
            self._closed = True
            self._condition.notify()

    def take(self, timeout_s: float) -> list[Frame] | None:
        """The pending frames, [] when `timeout_s` passed without any, None when the stream has to end."""
        with self._condition:
            self._condition.wait_for(lambda: self._closed or bool(self._pending), timeout_s)
            if self._closed:
                return None
            frames = [self._pending[topic] for topic in self.topics if topic in self._pending]
            self._pending.clear()
            return frames


class Hub:
    """Publishes states of topics to at most `cap` streams.

    `render(source, topic)` must be pure; it may raise KeyError for a topic that no longer exists (the topic then keeps
    its last state). `refresh_s` is how often states are rendered again although no event came (waits grow with time).
    """

    def __init__(
        self,
        render: Render,
        now_ms: Callable[[], int],
        stream_id: str,
        cap: int,
        heartbeat_s: float = 5.0,
        refresh_s: float = 15.0,
    ) -> None:
        self.cap = cap
        self._render = render
        self._now_ms = now_ms
        self._stream_id = stream_id
        self._heartbeat_s = heartbeat_s
        self._refresh_s = refresh_s
        self._changed = threading.Condition()
        self._source: Any = None
        self._position = -1
        self._version = 0
        self._closed = False
        self._rendering = threading.Lock()
        self._frames: OrderedDict[str, tuple[int, float, Frame]] = OrderedDict()
        self._subscribers: dict[int, Subscriber] = {}
        self._thread = threading.Thread(target=self._run, name="hub", daemon=True)

    def start(self) -> None:
        """Starts the publisher thread."""
        self._thread.start()

    def publish(self, position: int, source: Any) -> None:
        """Makes `source` the current truth; returns at once, streams hear of it from the publisher thread."""
        with self._changed:
            if position < self._position:
                return
            self._source, self._position = source, position
            self._version += 1
            if self._subscribers:  # whoever subscribes later is given the newest state anyway
                self._changed.notify()

    def streams(self) -> int:
        """How many streams are open."""
        return len(self._subscribers)

    def owners(self) -> frozenset[str]:
        """Who holds an open stream, where the stream has an owner."""
        with self._changed:
            return frozenset(one.owner for one in self._subscribers.values() if one.owner)

    def state(self, topic: str) -> State:
        """The current whole state of a topic; KeyError when there is no such topic."""
        return self._frame(topic, self._version).state

    def subscribe(self, topics: tuple[str, ...], owner: str | None) -> Subscriber:
        """Opens a mailbox with the snapshot of every topic in it, closing the owner's older stream.

        Raises HubFull over the cap (phones: over the crowd's share) and KeyError for a topic that does not exist.
        """
        version = self._version
        frames = {topic: self._frame(topic, version) for topic in topics}
        subscriber = Subscriber(topics, owner)
        crowd = all(topic.startswith(CROWD_TOPICS) for topic in topics)
        cap = int(self.cap * CROWD_SHARE) if crowd else self.cap
        with self._changed:
            older = [key for key, other in self._subscribers.items() if owner and other.owner == owner]
            if self._closed or len(self._subscribers) - len(older) >= cap:
                raise HubFull
            for key in older:
                self._subscribers.pop(key).close()
            self._subscribers[id(subscriber)] = subscriber
            missed = self._version != version
        for topic in topics:
            subscriber.offer(topic, self._frame(topic, self._version) if missed else frames[topic])
        return subscriber

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Forgets a stream; harmless when it is already gone."""
        with self._changed:
            self._subscribers.pop(id(subscriber), None)

    def stream(self, subscriber: Subscriber, last_event_id: str | None) -> Iterator[bytes]:
        """Yields the bytes of one event stream until it is closed; heartbeats come every `heartbeat_s`."""
        try:
            if last_event_id and not last_event_id.startswith(self._stream_id + "."):
                yield self._named("reset")
            beat_at = time.monotonic() + self._heartbeat_s
            while (frames := subscriber.take(max(0.0, beat_at - time.monotonic()))) is not None:
                if frames:
                    yield b"".join(frame.wire for frame in frames)
                if time.monotonic() >= beat_at:
                    yield self._named("heartbeat")
                    beat_at = time.monotonic() + self._heartbeat_s
        finally:
            self.unsubscribe(subscriber)

    def close(self) -> None:
        """Ends every stream and the publisher thread at once; no stream opens afterwards."""
        with self._changed:
            self._closed = True
            subscribers = list(self._subscribers.values())
            self._changed.notify_all()
        for subscriber in subscribers:
            subscriber.close()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        done = 0
        while True:
            with self._changed:
                if not self._closed and self._version == done:
                    self._changed.wait(self._refresh_s)
                if self._closed:
                    return
                done = self._version
                subscribers = list(self._subscribers.values())
            self._tell(subscribers, done)

    def _tell(self, subscribers: list[Subscriber], version: int) -> None:
        by_topic: dict[str, list[Subscriber]] = {}
        for subscriber in subscribers:
            for topic in subscriber.topics:
                by_topic.setdefault(topic, []).append(subscriber)
        for topic, readers in by_topic.items():
            try:
                frame = self._frame(topic, version)
            except KeyError:
                continue
            for reader in readers:
                reader.offer(topic, frame)

    def _frame(self, topic: str, version: int) -> Frame:
        """The frame of a topic as new as `version`, at most a second old, rendered by whoever comes first."""
        with self._rendering:
            kept = self._frames.get(topic)
            now = time.monotonic()
            if kept is not None and kept[0] >= version and now - kept[1] < FRAME_GOOD_FOR_S:
                return kept[2]
            with self._changed:
                source, position, version = self._source, self._position, self._version
            state = self._render(source, topic)
            fingerprint = _json({key: value for key, value in state.items() if key != "server_ms"})
            frame = Frame(position, fingerprint, state, self._wire(topic, position, state))
            self._frames[topic] = (version, now, frame)
            self._frames.move_to_end(topic)
            while len(self._frames) > POLLED_TOPICS_KEPT:
                self._frames.popitem(last=False)
            return frame

    def _wire(self, topic: str, position: int, state: State) -> bytes:
        return f"id: {self._stream_id}.{position}\nevent: {topic}\ndata: {_json(state)}\n\n".encode()

    def _named(self, name: str) -> bytes:
        return f"event: {name}\ndata: {_json({'server_ms': self._now_ms()})}\n\n".encode()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
