"""The HTTP server under the application: cheroot, with a thread for every stream and some to spare."""

from __future__ import annotations

import logging
import socket
import threading
from typing import Any, Protocol

from cheroot.wsgi import Server
from flask import Flask

from antrean.service.notifier import Notifier
from queue_server.settings import REQUEST_THREADS

log = logging.getLogger("queue_server")
EVERY_ADDRESS = ("", "0.0.0.0", "::")
LARGEST_BODY = 1024 * 1024
"""Above it the connection is refused before anything is read; the application's own limit is lower and says why."""


class Listening(Protocol):
    """A program's server that is ready to serve."""

    def serve(self) -> None:
        """Answers requests until stopped."""

    def answers(self) -> None:
        """Returns once all that waited for its one writer is done; a writer that hangs keeps the caller."""

    def stop(self) -> None:
        """Ends requests, then closes the ledger cleanly."""


def serve_until(running: Listening, stopping: threading.Event, notifier: Notifier) -> None:
    """Serves until `stopping` is set, and shows the service manager meanwhile that it lives.

    What ended the listener by itself is raised again.
    """
    failed: list[BaseException] = []

    def serve() -> None:
        try:
            running.serve()
        except BaseException as error:  # a dying listener must stop the program, never leave it deaf
            failed.append(error)
        finally:
            stopping.set()

    thread = threading.Thread(target=serve, name="http", daemon=True)
    thread.start()
    notifier.ready()
    while not stopping.wait(notifier.every_s or 3600):
        running.answers()  # hangs with the writer; then the service manager starts the program again
        notifier.alive()
    notifier.stopping()
    running.stop()
    thread.join(5)
    if failed:
        raise failed[0]


def http_server(app: Flask, host: str, port: int, streams: int) -> Server:
    """A server ready to `prepare()` and `serve()`; `stop()` from another thread ends it.

    Two streams more than threads would starve every other request, so the number of threads follows the streams.
    """
    server = Server(
        (host, port),
        app,
        numthreads=streams + REQUEST_THREADS,
        request_queue_size=256,
        timeout=30,
        shutdown_timeout=2,
    )
    server.max_request_body_size = LARGEST_BODY
    server.nodelay = True  # 44 ms steps appear without it: Nagle waits for the other side's delayed ACK
    server.error_log = _log  # type: ignore[method-assign]  # cheroot's documented hook
    return server


def _log(msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
    log.log(max(level, logging.INFO), msg.strip(), exc_info=traceback)


def port_of(server: Any) -> int:
    """The port a prepared server listens on."""
    return int(server.bind_addr[1])


def reachable_host(host: str) -> str:
    """The host under which others reach a server that listens on `host`.

    For a server on every address it is the one the system would use towards the network (no packet is sent: a UDP
    socket only looks the route up), else loopback.
    """
    if host not in EVERY_ADDRESS:
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a documentation address, RFC 5737
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
