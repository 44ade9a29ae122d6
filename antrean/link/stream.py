"""The mall's states as they change: an event stream that mends itself and checks itself by asking.

A daemon thread reads the stream; the iterating thread takes what it read and, every `poll_seconds`, asks for the whole
states as well, so that a stream that has gone silent in one topic heals. No error of the network leaves this module.
"""

from __future__ import annotations

import contextlib
import json
import queue
import random
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from antrean.link.wire import CONNECT_SECONDS, FOREIGN


@dataclass(frozen=True, slots=True)
class StateUpdate:
    """The whole state of one topic; `position` is the stream's event id, "" when it was asked for."""

    topic: str
    state: Mapping[str, Any]
    position: str


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The server lives; `server_ms` is its clock."""

    server_ms: int


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The stream ended or could not be opened; another try follows by itself."""

    reason: str


StreamEvent = StateUpdate | Heartbeat | Disconnected


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things may take, in seconds; `retry` is the shortest and longest wait between two tries."""

    silence: float = 15.0
    poll: float = 30.0
    poll_when_full: float = 5.0
    retry: tuple[float, float] = (0.5, 5.0)


class _Full(Exception):
    def __init__(self, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__("all stream places are taken")


class StateStream:
    """Iterates StateUpdate, Heartbeat and Disconnected until `close()`, over all known addresses in turn.

    `dice` spreads the reconnects of many displays. One thread iterates; any thread may close.
    """

    def __init__(
        self,
        addresses: Sequence[str],
        topics: Sequence[str],
        token: str | None = None,
        *,
        pace: Pace | None = None,
        dice: random.Random | None = None,
    ) -> None:
        if not addresses or not topics:
            raise ValueError("a stream needs at least one address and one topic")
        self._addresses = [address.rstrip("/") for address in addresses]
        self._query = {"topics": ",".join(topics)}
        self._topics = frozenset(topics)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._pace = pace or Pace()
        self._dice = dice or random.Random()
        self._closed = threading.Event()
        self._polling = threading.Event()
        self._heard: queue.SimpleQueue[StreamEvent | None] = queue.SimpleQueue()
        self._socket: socket.socket | None = None
        self._newest: dict[str, int] = {}

    def close(self) -> None:
        """End the iteration at once, also while it waits."""
        self._closed.set()
        self._heard.put(None)
        open_socket = self._socket
        if open_socket is not None:
            with contextlib.suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)

    def __iter__(self) -> Iterator[StreamEvent]:
        threading.Thread(target=self._read_for_ever, name="state-stream", daemon=True).start()
        with self._client(self._pace.silence) as asking:
            poll_at = time.monotonic() + self._pace.poll
            while not self._closed.is_set():
                try:
                    event = self._heard.get(timeout=max(0.0, min(poll_at - time.monotonic(), 0.5)))
                except queue.Empty:
                    if time.monotonic() >= poll_at or self._polling.is_set():
                        yield from self._ask(asking)
                        full = self._polling.is_set()
                        self._polling.clear()
                        poll_at = time.monotonic() + (self._pace.poll_when_full if full else self._pace.poll)
                    continue
                if event is None:
                    return
                if not isinstance(event, StateUpdate) or self._is_news(event):
                    yield event

    def _is_news(self, update: StateUpdate) -> bool:
        """Whether a state is at least as new as the last one told; an answer to a question may come late."""
        made = update.state.get("server_ms")
        if not isinstance(made, int):
            return True
        if not update.position and made < self._newest.get(update.topic, 0):
            return False
        self._newest[update.topic] = made
        return True

    def _ask(self, client: httpx.Client) -> Iterator[StreamEvent]:
        try:
            answer = client.get(f"{self._addresses[0]}/v1/state", params=self._query, headers=self._headers)
            answer.raise_for_status()
            data = answer.json()
            states = data["topics"]
            for topic in self._topics & states.keys():
                update = StateUpdate(topic, states[topic], "")
                if self._is_news(update):
                    yield update
            yield Heartbeat(int(data["server_ms"]))
        except (*FOREIGN, ValueError, KeyError, TypeError, AttributeError):
            return  # the reading thread tells about a lost server; a failed question adds nothing

    def _read_for_ever(self) -> None:
        wait, longest = self._pace.retry
        while not self._closed.is_set():
            began = time.monotonic()
            try:
                with self._client(self._pace.silence) as client:
                    self._read_once(client)
                reason = "the server ended the stream"
            except _Full as full:
                self._heard.put(Disconnected(str(full)))
                self._polling.set()
                self._closed.wait(full.retry_after)
                continue
            except (*FOREIGN, OSError, ValueError) as problem:
                reason = str(problem) or type(problem).__name__
            if self._closed.is_set():
                return
            self._heard.put(Disconnected(reason))
            self._addresses.append(self._addresses.pop(0))
            wait = (
                self._pace.retry[0]
                if time.monotonic() - began > self._pace.silence
                else min(wait * 2, longest)
            )
            self._closed.wait(wait * self._dice.uniform(0.5, 1.0))

    def _read_once(self, client: httpx.Client) -> None:
        headers = self._headers | {"Accept": "text/event-stream"}
        with client.stream(
            "GET", f"{self._addresses[0]}/v1/stream", params=self._query, headers=headers
        ) as answer:
            if answer.status_code == 503:
                asked = answer.headers.get("Retry-After", "")
                raise _Full(min(float(asked), 60.0) if asked.isdecimal() else self._pace.poll_when_full)
            answer.raise_for_status()
            self._socket = answer.extensions["network_stream"].get_extra_info("socket")
            try:
                for name, position, data in frames(answer.iter_lines()):
                    if self._closed.is_set():
                        return
                    event = self._event(name, position, data)
                    if event is not None:
                        self._heard.put(event)
            finally:
                self._socket = None

    def _event(self, name: str, position: str, data: str) -> StreamEvent | None:
        if name == "heartbeat":
            return Heartbeat(int(json.loads(data)["server_ms"]))
        if name not in self._topics:
            return None  # "reset" needs nothing of us: every state is whole
        state = json.loads(data)
        if not isinstance(state, dict):
            raise ValueError(f"the state of {name} is not an object")
        return StateUpdate(name, state, position)

    def _client(self, read_seconds: float) -> httpx.Client:
        timeout = httpx.Timeout(read_seconds, connect=CONNECT_SECONDS)
        return httpx.Client(timeout=timeout, trust_env=False)


def frames(lines: Iterator[str]) -> Iterator[tuple[str, str, str]]:
    """The (event, id, data) of each frame of an event stream; comments and unknown fields are passed over."""
    name, position = "message", ""
    data: list[str] = []
    for line in lines:
        if not line:
            if data:
                yield name, position, "\n".join(data)
            name, data = "message", []
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            name = value
        elif field == "id":
            position = value
        elif field == "data":
            data.append(value)
