"""Tells whoever started this program that it is ready, alive or about to end.

The words are those of systemd's sd_notify(3): `READY=1`, `WATCHDOG=1`, `STOPPING=1`. They go to the socket that
systemd names in NOTIFY_SOCKET, or to the UDP port on loopback that `antrean.service.supervisor` names in
ANTREAN_NOTIFY, because Python knows no Unix datagrams on Windows.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping

SYSTEMD, OURS, DEADLINE = "NOTIFY_SOCKET", "ANTREAN_NOTIFY", "WATCHDOG_USEC"
READY, ALIVE, STOPPING, STATUS = "READY=1", "WATCHDOG=1", "STOPPING=1", "STATUS="
MICROSECONDS = 1_000_000

Address = str | tuple[str, int]


class Notifier:
    """Says the words; never waits and never fails, because a deaf manager must not stop a kiosk.

    `address` is the path of a Unix socket (a leading `@` is Linux's abstract name), a (host, port), or None: then
    nothing is said. `every_s` is how often `alive` has to be said, None when nobody counts.
    """

    def __init__(self, address: Address | None, every_s: float | None = None) -> None:
        self.every_s = every_s if address is not None else None
        self._address: Address | None = address
        self._socket: socket.socket | None = None
        if address is None:
            return
        if isinstance(address, str):
            self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._socket = socket.socket(
            socket.AF_UNIX if isinstance(address, str) else socket.AF_INET, socket.SOCK_DGRAM
        )
        self._socket.setblocking(False)

    @property
    def heard(self) -> bool:
        """Whether anybody listens."""
        return self._socket is not None

    def ready(self, status: str = "") -> None:
        """The program does its work from now on; `status` is a word on how, for whoever looks at the service."""
        self.say(f"{READY}\n{STATUS}{status}" if status else READY)

    def alive(self) -> None:
        """It still does; to be said from the loop whose freezing must be noticed."""
        self.say(ALIVE)

    def stopping(self) -> None:
        """It ends by its own will."""
        self.say(STOPPING)

    def say(self, words: str) -> None:
        """One datagram; a listener that is gone or busy is not waited for."""
        if self._socket is not None and self._address is not None:
            try:
                self._socket.sendto(words.encode(), self._address)
            except OSError:
                return

    def close(self) -> None:
        """Say nothing any more."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def notifier_from(environment: Mapping[str, str]) -> Notifier:
    """The notifier this environment asks for; a silent one when it names nobody or names it wrongly.

    WATCHDOG_PID is not looked at: under cage the process systemd started is cage, and the kiosk is its child.
    """
    every_s = _half(environment.get(DEADLINE, ""))
    host, _, port = environment.get(OURS, "").rpartition(":")
    if host and port.isdecimal():
        return Notifier((host, int(port)), every_s)
    name = environment.get(SYSTEMD, "")
    if name[:1] in ("/", "@") and hasattr(socket, "AF_UNIX"):
        return Notifier(name, every_s)
    return Notifier(None)


def _half(microseconds: str) -> float | None:
    """Half the time after which silence counts as death, as sd_watchdog_enabled(3) advises."""
    return int(microseconds) / MICROSECONDS / 2 if microseconds.isdecimal() and int(microseconds) else None
