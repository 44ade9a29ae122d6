"""Requests to somebody else's server on the internet: certificates checked, answers bounded in size and time.

Redirections are not followed, because what was signed for one address holds for no other.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from antrean.domain.errors import BadInput, Unavailable
from antrean.link.errors import Busy
from antrean.link.trust import context_of, tls_trouble
from antrean.link.wire import FOREIGN, MAX_RETRY_AFTER_MS, unavailable

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 20.0
WHOLE_SECONDS = 60.0
"""A whole exchange ends by then, also one whose other side sends a byte now and then."""
MOST_BYTES = 4 * 1024 * 1024
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for an outside, in seconds: for a connection, for each piece of an answer, for all of it."""

    connect: float = CONNECT_SECONDS
    answer: float = ANSWER_SECONDS
    whole: float = WHOLE_SECONDS


class TooLarge(Unavailable):
    """The answer is larger than what is read: ask for less."""


@dataclass(frozen=True, slots=True)
class OutsideAnswer:
    """What an outside answered; the names of `headers` are in small letters."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def data(self) -> dict[str, Any] | None:
        """The JSON object it is; None for anything else."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None


class Outside:
    """One server of somebody else. One instance belongs to one thread; nobody is asked while it is made.

    `ca_file` names the only certificates to trust ("": the usual ones), `proxy` the way out of the house ("": none).
    `auth` signs in; answers above `most_bytes` are not read; the statuses in `passed` come back although they would
    raise.
    Raises BadInput `bad_url` or `https_needed` (param url; plain http is for this machine alone), Unavailable for a
    `ca_file` that cannot be read.
    """

    def __init__(
        self,
        url: str,
        *,
        ca_file: str = "",
        proxy: str = "",
        auth: httpx.Auth | None = None,
        most_bytes: int = MOST_BYTES,
        passed: Collection[int] = (),
        patience: Patience | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._base = _base(url)
        self._most_bytes, self._passed = most_bytes, passed
        self._patience = patience or Patience()
        self._stream: Any = None
        self._late = threading.Event()
        times = httpx.Timeout(self._patience.answer, connect=self._patience.connect)
        try:
            self._client = httpx.Client(
                timeout=times,
                verify=context_of(ca_file) if self._base.scheme == "https" else True,
                headers={"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "antrean"},
                limits=httpx.Limits(max_connections=1),
                proxy=proxy or None,
                auth=auth,
                transport=transport,
                trust_env=False,
            )
        except (ValueError, *FOREIGN) as error:
            raise BadInput("bad_url", url=proxy) from error

    @property
    def host(self) -> str:
        """The other side's name, for people."""
        return self._base.host

    def target(self, path: str, query: Mapping[str, str] | None = None) -> str:
        """Path and query as they will stand on the wire, below the path of the outside's own address."""
        whole = self._base.copy_with(path=self._base.path.rstrip("/") + path, params=query or None)
        return whole.raw_path.decode("ascii")

    def ask(
        self, method: str, target: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> OutsideAnswer:
        """Send one request; `target` as `target` gives it. Refusals (4xx) come back as answers.

        Raises Unavailable when nobody can be reached or understood, Busy for 429 and 5xx.
        """
        with self._ours(), self._deadline():
            request = self._client.build_request(
                method, self._base.copy_with(raw_path=target.encode("ascii")), content=body or None
            )
            request.headers.update(headers or {})
            request.extensions["trace"] = self._traced
            response = self._client.send(request, stream=True)
            try:
                answer = OutsideAnswer(response.status_code, self._read(response), dict(response.headers))
            finally:
                response.close()
        self._check(response)
        return answer

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def _read(self, response: httpx.Response) -> bytes:
        found, ends = bytearray(), time.monotonic() + self._patience.whole
        for part in response.iter_bytes():
            found += part
            if len(found) > self._most_bytes:
                words = f"{self._base.host} answered more than {self._most_bytes // 1024**2} MiB"
                raise TooLarge(words, permanent=False)
            if time.monotonic() > ends:
                raise self._too_slow()
        return bytes(found)

    def _check(self, response: httpx.Response) -> None:
        status, host = response.status_code, self._base.host
        if status in self._passed:
            return
        if status == 429 or status >= 500:
            asked = response.headers.get("Retry-After", "")
            wait = int(asked) * 1000 if asked.isascii() and asked.isdecimal() and len(asked) < 9 else 0
            raise Busy(f"{host} is busy or in trouble ({status})", min(wait, MAX_RETRY_AFTER_MS))
        if 300 <= status < 400:
            there = response.headers.get("Location", "elsewhere")[:200]
            raise Unavailable(f"{host} points to {there!r}: is that its address now?", permanent=True)

    @contextmanager
    def _ours(self) -> Iterator[None]:
        """Every error of the HTTP library leaves as one of ours that names the other side."""
        host = self._base.host
        try:
            yield
        except FOREIGN as error:
            if self._late.is_set():
                raise self._too_slow() from error
            if isinstance(error, httpx.TimeoutException):
                raise Unavailable(f"{host} did not answer in time", permanent=False) from error
            plain = unavailable(error)
            message = str(plain).replace("the server", host, 1)
            raise tls_trouble(error, host) or Unavailable(message, permanent=plain.permanent) from error

    @contextmanager
    def _deadline(self) -> Iterator[None]:
        """The connection is cut when the exchange takes too long: a time-out for each piece ends no slow drip."""
        self._late = threading.Event()
        timer = threading.Timer(self._patience.whole, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _cut(self) -> None:
        self._late.set()
        stream = self._stream
        connection = stream.get_extra_info("socket") if stream is not None else None
        if isinstance(connection, socket.socket):
            with suppress(OSError):
                # The plain socket's own: a TLS socket's would take its state away under the reading thread.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def _traced(self, name: str, info: Mapping[str, Any]) -> None:
        if name in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._stream = info["return_value"]
            if self._late.is_set():
                self._cut()

    def _too_slow(self) -> Unavailable:
        return Unavailable(f"{self._base.host} answers too slowly", permanent=False)


def _base(url: str) -> httpx.URL:
    try:
        base = httpx.URL(url.strip())
    except (httpx.InvalidURL, UnicodeError) as error:
        raise BadInput("bad_url", url=url) from error
    if base.scheme not in ("http", "https") or not base.host or base.query or base.fragment or base.userinfo:
        raise BadInput("bad_url", url=url)
    if base.scheme == "http" and base.host not in _LOOPBACK:
        raise BadInput("https_needed", url=url)
    return base
