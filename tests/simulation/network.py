"""A network between programs that loses, doubles, delays and reorders messages, on simulated time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import httpx

from tests.simulation.world import Machine, World

TIMEOUT_MS = 10_000.0
REFUSED_MS = 5.0


@dataclass(frozen=True)
class Request:
    """One HTTP request."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Response:
    """Its answer."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Serves(Protocol):
    """Whoever answers requests."""

    machine: Machine

    def listening(self) -> bool:
        """Whether a connection would be accepted."""

    def handle(self, request: Request) -> Response | None:
        """The answer; None when the program died of it."""


@dataclass
class Weather:
    """How bad the network is: chances of 0 to 1 for each message."""

    loss: float = 0.0
    doubling: float = 0.0
    delay: float = 0.0
    late: float = 0.0
    latency_ms: float = 20.0


class Network:
    """Carries requests to the server; `cut` holds until when a machine is on the wrong side of a partition."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.weather = Weather()
        self.cut: dict[str, float] = {}
        self.server: Serves | None = None

    def heal(self) -> None:
        """Nothing goes wrong from now on."""
        self.weather = Weather()
        self.cut.clear()

    def call(self, client: Machine, request: Request) -> Response:
        """Send and wait for the answer on simulated time; raises httpx's errors as a real client would."""
        world, dice, weather, life = self.world, self.world.dice, self.weather, client.life
        if self._cut(client):
            self._give_up(client, life, TIMEOUT_MS if dice.random() < 0.5 else REFUSED_MS, "no route")
        if dice.random() < weather.loss:
            world.done["requests lost"] += 1
            self._give_up(client, life, TIMEOUT_MS, "the request was lost")
        if dice.random() < weather.late:
            # The client gives up, and much later the request arrives all the same, out of order.
            world.done["requests that arrived after the client gave up"] += 1
            world.at(dice.uniform(10_500, 60_000), lambda: self._deliver_unasked(client, request))
            self._give_up(client, life, TIMEOUT_MS, "the request is on its way somewhere")
        self._wait(client, life, self._latency())
        answer = self._deliver(client, request, life)
        if dice.random() < weather.doubling:
            world.done["requests doubled"] += 1
            world.at(self._latency(), lambda: self._deliver_unasked(client, request))
        if dice.random() < weather.loss:
            world.done["answers lost"] += 1
            self._give_up(client, life, TIMEOUT_MS, "the answer was lost")
        self._wait(client, life, self._latency())
        if self._cut(client):
            self._give_up(client, life, TIMEOUT_MS, "the cable was pulled before the answer")
        return answer

    def _deliver(self, client: Machine, request: Request, life: int) -> Response:
        server = self.server
        if server is None or not server.listening():
            self._give_up(client, life, REFUSED_MS, "refused")
        assert server is not None
        if server.machine.paused_until > self.world.now:
            pause = server.machine.paused_until - self.world.now
            self.world.at(pause + 1, lambda: self._deliver_unasked(client, request))
            self._give_up(client, life, TIMEOUT_MS, "the server is frozen")
        answer = server.handle(request)
        if answer is None:
            self._give_up(client, life, REFUSED_MS, "the server died while it answered")
        assert answer is not None
        return answer

    def _deliver_unasked(self, client: Machine, request: Request) -> None:
        server = self.server
        if server is None or not server.listening() or self._cut(client):
            return
        if server.machine.paused_until <= self.world.now:
            server.handle(request)

    def _cut(self, client: Machine) -> bool:
        return self.cut.get(client.name, 0) > self.world.now

    def _latency(self) -> float:
        dice, weather = self.world.dice, self.weather
        if dice.random() < weather.delay:
            self.world.done["messages delayed"] += 1
            return dice.uniform(200, 4_000)
        return dice.uniform(0.2, 1.0) * weather.latency_ms

    def _wait(self, client: Machine, life: int, ms: float) -> None:
        self.world.wait(ms)
        client.check(life)

    def _give_up(self, client: Machine, life: int, after_ms: float, why: str) -> None:
        self._wait(client, life, after_ms)
        if after_ms == REFUSED_MS:
            raise httpx.ConnectError(why)
        raise httpx.ReadTimeout(why)


class Transport(httpx.BaseTransport):
    """The product's own HTTP client on the simulated network."""

    def __init__(self, network: Network, client: Machine) -> None:
        self._network = network
        self._client = client

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request."""
        url = request.url
        sent = Request(request.method, url.path, url.query.decode(), dict(request.headers), request.read())
        answer = self._network.call(self._client, sent)
        return httpx.Response(answer.status, headers=answer.headers, content=answer.body)
