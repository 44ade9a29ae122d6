"""A printer made of software: takes ESC/POS over TCP, answers as a printer does, and can be broken to order.

Like many real ones it serves one connection at a time, keeps what it gets while it is out of paper, and prints it when
the fault clears: a blind retry doubles the ticket here too.
"""

from __future__ import annotations

import logging
import select
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from printers.archive import Archive
from printers.decoder import Decoder, Page, split_real_time
from printers.face import Paper
from printers.faults import NO_FAULT, Fault, current_fault

log = logging.getLogger(__name__)

_TICK_S = 0.02
_SLOW_BYTES, _SLOW_S = 1024, 0.05


class VirtualPrinter:
    """Listens on `host:port` (0 takes a free one) and writes each page to `directory`."""

    def __init__(
        self,
        directory: Path,
        paper: Paper,
        now_ms: Callable[[], int],
        *,
        host: str,
        port: int,
        fault: Fault = NO_FAULT,
    ) -> None:
        self._directory = directory
        self._archive = Archive(directory)
        self._now_ms = now_ms
        self._fault = fault
        self._decoder = Decoder(paper.dots, self._requested)
        self._answers = bytearray()
        self._ended = threading.Event()
        self._listener = socket.create_server((host, port))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, name="virtual-printer", daemon=True)

    def start(self) -> None:
        """Serve in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and free the port."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(10)
        self._listener.close()

    def _run(self) -> None:
        while not self._ended.is_set():
            readable, _, _ = select.select([self._listener], [], [], _TICK_S)
            if readable:
                line, _ = self._listener.accept()
                with line:
                    self._serve(line)
            elif self._decoder.waiting and not self._now_broken().holds:
                self._print()  # what was held while nobody was connected

    def _now_broken(self) -> Fault:
        return current_fault(self._directory, self._fault)

    def _serve(self, line: socket.socket) -> None:
        received = 0
        self._answers.clear()
        try:
            while not self._ended.is_set():
                fault = self._now_broken()
                readable, _, _ = select.select([line], [], [], _TICK_S)
                if readable:
                    data = line.recv(_SLOW_BYTES if fault.name == "slow" else 65536)
                    if not data:
                        break
                    if fault.name == "slow":
                        self._ended.wait(_SLOW_S)
                    if fault.name == "cut-after" and received + len(data) >= fault.after:
                        self._decoder.hold(data[: fault.after - received])
                        self._print()
                        line.setsockopt(
                            socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0"
                        )  # reset, no farewell
                        break
                    received += len(data)
                    if fault.holds or not self._decoder.waiting:
                        asked, data = split_real_time(data)
                        self._answers += bytes(fault.answer(request) for request in asked)
                    self._decoder.hold(data)
                if not fault.holds:
                    self._print()
                if self._answers:
                    if fault.name != "silent":
                        line.sendall(self._answers)
                    self._answers.clear()
        except OSError as problem:
            log.info("the sender left: %s", problem)
        if not self._now_broken().holds:
            self._print()
            self._keep(self._decoder.end("the sender left without a cut"))

    def _requested(self, kind: str, number: int) -> None:
        fault = self._now_broken()
        self._answers.append(fault.answer(number) if kind == "status" else 0x00)

    def _print(self) -> None:
        for page in self._decoder.run():
            self._keep(page)

    def _keep(self, page: Page | None) -> None:
        if page is None:
            return
        facts = self._archive.keep(page, self._now_ms())
        if page.error:
            log.error("page %s: %s", facts["png"], page.error)
        else:
            log.info("page %s, %s mm, QR %s", facts["png"], facts["height_mm"], facts["qr"])
