"""Raw printing over the network, the way ports 9100 work."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

from antrean.domain.errors import Unavailable
from printers.transport import WriteBroke

_LINGER_MS = 500


class NetworkTransport:
    """A printer at host:port that takes ESC/POS bytes as they come."""

    answers = True
    certain = False

    def __init__(self, host: str, port: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._address = (host, port)
        self._clock = clock
        self._socket: socket.socket | None = None

    def connect(self, timeout_ms: int) -> None:
        """Open a connection within `timeout_ms`; Unavailable otherwise."""
        try:
            self._socket = socket.create_connection(self._address, timeout=timeout_ms / 1000)
        except OSError as problem:
            raise Unavailable(
                f"no printer at {self._address[0]}:{self._address[1]}: {problem}", permanent=False
            ) from problem
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def write(self, data: bytes, timeout_ms: int) -> None:
        """Send all bytes before the deadline."""
        line, end, sent = self._open(), self._clock() + timeout_ms / 1000, 0
        while sent < len(data):
            try:
                line.settimeout(max(0.001, end - self._clock()))
                sent += line.send(data[sent:])
            except TimeoutError as problem:
                raise WriteBroke("the printer stopped taking data", sent, timed_out=True) from problem
            except OSError as problem:
                raise WriteBroke(f"the connection broke: {problem}", sent, timed_out=False) from problem

    def read_status(self, timeout_ms: int) -> int | None:
        """One byte from the printer."""
        line = self._open()
        try:
            line.settimeout(max(0.001, timeout_ms / 1000))
            got = line.recv(1)
        except TimeoutError:
            return None
        except OSError as problem:
            raise Unavailable(f"the connection broke: {problem}", permanent=False) from problem
        if not got:
            raise Unavailable("the printer hung up", permanent=False)
        return got[0]

    def close(self) -> None:
        """Shut our side down, take what is unread (else the kernel resets and the tail is lost), then close."""
        line, self._socket = self._socket, None
        if line is None:
            return
        with line:
            try:
                line.shutdown(socket.SHUT_WR)
                end = self._clock() + _LINGER_MS / 1000
                while (left := end - self._clock()) > 0:
                    line.settimeout(left)
                    if not line.recv(256):
                        break
            except OSError:
                return  # already gone: the outcome was decided by what was read before

    def _open(self) -> socket.socket:
        if self._socket is None:
            raise Unavailable("not connected", permanent=False)
        return self._socket
