"""The mall's states as they change: an event stream that mends itself and checks itself by asking.

A daemon thread reads the stream; the iterating thread takes what it read and asks for the whole states as well: now and
then, so that a lost frame heals, and soon when the stream says nothing. No error of the network leaves this module.
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

from antrean.link.patience import CONNECT_SECONDS
from antrean.link.wire import FOREIGN


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
    """How long things may take, in seconds; `retry` is the shortest and longest wait between two tries.

    A stream is left after `silence`; already after half of it, and when every place is taken, the states are asked
    for every `poll_when_full`, else every `poll`. `answer` is the patience with one question.
    """

    silence: float = 15.0
    poll: float = 30.0
    poll_when_full: float = 5.0
    answer: float = 5.0
    retry: tuple[float, float] = (0.5, 5.0)

    def heals_within(self, addresses: int = 1) -> float:
        """The longest time from the end of any fault to news: a question the fault still swallowed, then the next."""
        return max(self.silence / 2, addresses * self.answer + self.poll_when_full)


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
        self._addresses = tuple(address.rstrip("/") for address in addresses)
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
        self._incarnation = ""
        self._term = 0

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
        with self._client() as asking:
            poll_at, quiet_at = self._later(self._pace.poll), self._later(self._pace.silence / 2)
            while not self._closed.is_set():
                ask_at = min(poll_at, quiet_at)
                try:
                    event = self._heard.get(timeout=max(0.0, min(ask_at - time.monotonic(), 0.5)))
                except queue.Empty:
                    if time.monotonic() >= ask_at or self._polling.is_set():
                        yield from self._ask(asking)
                        full = self._polling.is_set()
                        self._polling.clear()
                        poll_at = self._later(self._pace.poll_when_full if full else self._pace.poll)
                        quiet_at = self._later(self._pace.poll_when_full)
                    continue
                if event is None:
                    return
                if not isinstance(event, Disconnected):
                    quiet_at = self._later(self._pace.silence / 2)
                if not isinstance(event, StateUpdate) or self._is_news(event):
                    yield event

    def _later(self, seconds: float) -> float:
        return time.monotonic() + seconds

    def _is_news(self, update: StateUpdate) -> bool:
        """Whether a state is at least as new as the last one told; an answer to a question may come late."""
        self._meet(update.position)
        made = update.state.get("server_ms")
        if not isinstance(made, int):
            return True
        if not update.position and made < self._newest.get(update.topic, 0):
            return False
        self._newest[update.topic] = made
        return True

    def _meet(self, position: str) -> None:
        """Forget how new the last states were when the server was restored: its clock may be behind theirs."""
        incarnation = position.partition(".")[0]
        if incarnation and incarnation != self._incarnation:
            self._incarnation = incarnation
            self._newest.clear()

    def _ask(self, client: httpx.Client) -> Iterator[StreamEvent]:
        for address in self._addresses:
            if self._closed.is_set():
                return
            try:
                answer = client.get(f"{address}/v1/state", params=self._query, headers=self._headers)
                answer.raise_for_status()
                data = answer.json()
                states, server_ms = data["topics"], int(data["server_ms"])
                topics = self._topics & states.keys()
                self._meet_term(str(data.get("position", "")))
                self._meet(str(data.get("position", "")))
            except (*FOREIGN, ValueError, KeyError, TypeError, AttributeError):
                continue  # the reading thread tells about a lost server; a failed question adds nothing
            for topic in topics:
                update = StateUpdate(topic, states[topic], "")
                if self._is_news(update):
                    yield update
            yield Heartbeat(server_ms)
            return

    def _read_for_ever(self) -> None:
        wait, longest = self._pace.retry
        while not self._closed.is_set():
            began = time.monotonic()
            try:
                with self._client() as client:
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
            self._addresses = (*self._addresses[1:], self._addresses[0])
            wait = (
                self._pace.retry[0]
                if time.monotonic() - began > self._pace.silence
                else min(wait * 2, longest)
            )
            self._closed.wait(wait * self._dice.uniform(0.5, 1.0))

    def _read_once(self, client: httpx.Client) -> None:
        headers = self._headers | {"Accept": "text/event-stream"}
        address = f"{self._addresses[0]}/v1/stream"
        request = client.build_request("GET", address, params=self._query, headers=headers)
        with contextlib.closing(client.send(request, stream=True)) as answer:
            if answer.status_code == 503:
                asked = answer.headers.get("Retry-After", "")
                raise _Full(min(float(asked), 60.0) if asked.isdecimal() else self._pace.poll_when_full)
            answer.raise_for_status()
            self._socket = answer.extensions["network_stream"].get_extra_info("socket")
            # The answer begins at once or the server is not there; after that a heartbeat may be on its way.
            request.extensions["timeout"]["read"] = self._pace.silence
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
        self._meet_term(position)
        if name not in self._topics:
            return None  # "reset" needs nothing of us: every state is whole
        state = json.loads(data)
        if not isinstance(state, dict):
            raise ValueError(f"the state of {name} is not an object")
        return StateUpdate(name, state, position)

    def _meet_term(self, position: str) -> None:
        """Raises ValueError when an older life of the server speaks: another address may hold the newer one."""
        _, _, rest = position.partition(".")
        term = rest.partition(".")[0]
        if term.isdecimal():
            if int(term) < self._term:
                raise ValueError("an older life of the server answers")
            self._term = int(term)

    def _client(self) -> httpx.Client:
        timeout = httpx.Timeout(self._pace.answer, connect=min(CONNECT_SECONDS, self._pace.answer))
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
