"""A small TCP proxy on loopback that does to a connection what bad networks do, steered by the test that owns it."""

import asyncio
import socket
import struct
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")
UP, DOWN = "up", "down"
CHUNK = 65_536
SLOW_STEP_S = 0.05


@dataclass(eq=False)
class Link:
    """One client's connection: its two ends, and in which directions bytes were lost for ever."""

    client: asyncio.StreamWriter
    questions: asyncio.StreamReader
    server: asyncio.StreamWriter | None = None
    deaf: set[str] = field(default_factory=set)
    asked: bytes = b""
    waits: bool = False

    @property
    def unanswered(self) -> bool:
        """Whether its client asked, got nothing since, and still waits."""
        return self.waits and not self.client.is_closing() and not self.questions.at_eof()

    def end(self, *, reset: bool) -> None:
        """Break both ends at once; with `reset` the client is told so by RST, else by an orderly end."""
        for end in (self.client, self.server):
            if end is None or end.is_closing():
                continue
            sock = end.get_extra_info("socket")
            if reset and sock is not None:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.transport.abort()
            else:
                end.close()


@dataclass(frozen=True)
class Weather:
    """What happens to bytes: vanish in some directions (`lost`), wait (`stalled`), come late, come thinly."""

    lost: frozenset[str] = frozenset()
    stalled: bool = False
    delay_s: float = 0.0
    bytes_per_s: int = 0


FAIR = Weather()


class FaultProxy:
    """Stands between clients and the server on `target` (a loopback port) until `close()`.

    Each kind of weather replaces the one before; `fair()` heals. A connection from which a byte was lost stays
    dead for ever, as with a peer that is gone: whoever waits on it must notice by itself.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.accepted = 0
        self.dropped = 0
        self.swallowed = 0
        self._weather = FAIR
        self._links: set[Link] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._answers_to_drop: tuple[int, bytes] = (0, b"")
        self._chunk_to_lose = b""
        # Bound and never listening: the port stays ours while connections to it are refused.
        self._holder = _bound(0)
        self.port = int(self._holder.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._door: asyncio.Server | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault-proxy", daemon=True)
        self._thread.start()
        self._do(self._prepare())

    # --- steering, from any thread; each returns when the change has happened

    def fair(self) -> None:
        """Everything passes; new connections are taken."""
        self._do(self._set(FAIR))

    def cut(self, *, reset: bool = True) -> None:
        """End every open connection now; new ones are taken."""
        self._do(self._cut(reset))

    def refuse(self) -> None:
        """End every open connection, and refuse new ones until the weather changes."""
        self._do(self._refuse())

    def delay(self, seconds: float) -> None:
        """Every piece comes this much later, in both directions."""
        self._do(self._set(Weather(delay_s=seconds)))

    def slow(self, bytes_per_s: int) -> None:
        """At most so many bytes a second in each direction of each connection."""
        self._do(self._set(Weather(bytes_per_s=bytes_per_s)))

    def half_open(self) -> None:
        """Connections are taken and swallow everything: no answer, no end."""
        self._do(self._set(Weather(lost=frozenset((UP, DOWN)))))

    def stall(self) -> None:
        """Nothing passes and nothing is lost: bytes go on when the weather changes."""
        self._do(self._set(Weather(stalled=True)))

    def only(self, way: str) -> None:
        """Bytes pass in one direction (UP or DOWN) and vanish in the other."""
        self._do(self._set(Weather(lost=frozenset((UP, DOWN)) - {way})))

    def drop_answers(self, count: int = 1, to: bytes = b"") -> None:
        """The next answers to requests that contain `to` are lost with their connection, after the server acted."""
        self._answers_to_drop = (count, to)

    def lose_chunk(self, containing: bytes) -> None:
        """The next piece of an answer that contains these bytes vanishes, and its connection goes on as if whole."""
        self._chunk_to_lose = containing

    def unanswered(self) -> frozenset[Link]:
        """The connections whose client waits now for an answer of which nothing has come."""
        return self._do(self._unanswered())

    def close(self) -> None:
        """End everything; harmless twice."""
        if not self._loop.is_closed():
            self._do(self._end())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self._holder.close()

    def __enter__(self) -> "FaultProxy":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- on the proxy's own thread

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _prepare(self) -> None:
        self._changed = asyncio.Condition()
        await self._open()

    async def _open(self) -> None:
        if self._door is None:
            self._door = await asyncio.start_server(self._took, sock=_bound(self.port))

    async def _shut(self) -> None:
        if self._door is not None:
            self._door.close()
            self._door = None

    async def _set(self, weather: Weather) -> None:
        async with self._changed:
            self._weather = weather
            self._changed.notify_all()
        await self._open()

    async def _cut(self, reset: bool) -> None:
        for link in list(self._links):
            link.end(reset=reset)

    async def _unanswered(self) -> frozenset[Link]:
        return frozenset(link for link in self._links if link.unanswered)

    async def _refuse(self) -> None:
        await self._shut()
        await self._cut(True)

    async def _end(self) -> None:
        await self._shut()
        await self._cut(True)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _took(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        link = Link(writer, reader)
        self._links.add(link)
        own = asyncio.current_task()
        assert own is not None
        self._tasks.add(own)
        back: asyncio.Task[None] | None = None
        try:
            while data := await reader.read(CHUNK):
                link.asked, link.waits = data, True
                if not await self._may_pass(link, UP, data):
                    continue
                if link.server is None:
                    answers, link.server = await asyncio.open_connection("127.0.0.1", self.target)
                    back = asyncio.create_task(self._answers(link, answers))
                await self._send(link.server, data)
        except OSError:
            link.end(reset=True)
        except asyncio.CancelledError:
            pass  # the proxy is being closed, and nobody waits for this task's result
        finally:
            if back is not None:
                back.cancel()
                await asyncio.gather(back, return_exceptions=True)
            link.end(reset=False)
            self._links.discard(link)
            self._tasks.discard(own)

    async def _answers(self, link: Link, answers: asyncio.StreamReader) -> None:
        try:
            while data := await answers.read(CHUNK):
                if await self._may_pass(link, DOWN, data):
                    await self._send(link.client, data)
                    link.waits = False
            link.end(reset=False)
        except OSError:
            link.end(reset=True)

    async def _may_pass(self, link: Link, way: str, data: bytes) -> bool:
        async with self._changed:
            await self._changed.wait_for(lambda: not self._weather.stalled)
        if way in self._weather.lost:
            link.deaf.add(way)
            self.swallowed += 1
        if way in link.deaf:
            return False
        if way == DOWN and self._is_lost(link, data):
            self.dropped += 1
            return False
        return True

    def _is_lost(self, link: Link, data: bytes) -> bool:
        count, to = self._answers_to_drop
        if count and to in link.asked:
            self._answers_to_drop = (count - 1, to)
            link.end(reset=True)
            return True
        if self._chunk_to_lose and self._chunk_to_lose in data:
            self._chunk_to_lose = b""
            return True
        return False

    async def _send(self, end: asyncio.StreamWriter, data: bytes) -> None:
        if self._weather.delay_s:
            await asyncio.sleep(self._weather.delay_s)
        while data:
            thin = self._weather.bytes_per_s
            step = max(1, int(thin * SLOW_STEP_S)) if thin else len(data)
            end.write(data[:step])
            await end.drain()
            data = data[step:]
            if thin and data:
                await asyncio.sleep(step / thin)


def _bound(port: int) -> socket.socket:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sock.bind(("127.0.0.1", port))
    return sock
