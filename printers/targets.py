"""Reads how a printer is named in a setting: `tcp://10.0.0.7`, `usb:04b8:0e15`, `serial:/dev/ttyS0?baud=…`, …"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from antrean.domain.errors import BadInput
from printers.local import CupsTransport, FileTransport, SerialTransport, UsbTransport
from printers.network import NetworkTransport
from printers.transport import Transport

FORMS = "tcp://HOST[:9100], usb:VENDOR:PRODUCT, serial:DEVICE[?baud=N], cups:QUEUE or file:PATH"
DEFAULT_PORT = 9100
DEFAULT_BAUD = 115200


def transport_for(target: str) -> Transport:
    """The transport this target names; nothing is opened yet. BadInput `bad_printer_target` for anything else."""
    kind, colon, rest = target.strip().partition(":")
    reader = READERS.get(kind.lower())
    if not colon or reader is None or not rest:
        raise BadInput("bad_printer_target", target=target, forms=FORMS)
    return reader(target.strip(), rest)


def _bad(target: str) -> BadInput:
    return BadInput("bad_printer_target", target=target, forms=FORMS)


def _network(target: str, rest: str) -> Transport:
    try:
        parts = urlsplit(target)
        port = parts.port
    except ValueError as problem:
        raise _bad(target) from problem
    host = parts.hostname
    if not host or parts.path.strip("/") or parts.query or parts.username or port == 0:
        raise _bad(target)
    return NetworkTransport(host, DEFAULT_PORT if port is None else port)


def _usb(target: str, rest: str) -> Transport:
    ids = re.fullmatch(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})", rest)
    if ids is None:
        raise _bad(target)
    return UsbTransport(int(ids[1], 16), int(ids[2], 16))


def _serial(target: str, rest: str) -> Transport:
    device, _, query = rest.partition("?")
    options = parse_qs(query, keep_blank_values=True)
    baud = options.pop("baud", [str(DEFAULT_BAUD)])[-1]
    if not device or options or not baud.isdecimal() or int(baud) == 0:
        raise _bad(target)
    return SerialTransport(device, int(baud))


def _cups(target: str, rest: str) -> Transport:
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", rest):
        raise _bad(target)
    return CupsTransport(rest)


def _file(target: str, rest: str) -> Transport:
    path = rest.removeprefix("//")
    if not path:
        raise _bad(target)
    return FileTransport(Path(path))


READERS: dict[str, Callable[[str, str], Transport]] = {
    "tcp": _network,
    "usb": _usb,
    "serial": _serial,
    "cups": _cups,
    "file": _file,
}
