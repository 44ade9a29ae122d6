"""Printers that are not on the network: a file, a CUPS queue, a serial port, USB."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from antrean.domain.errors import Unavailable
from printers.transport import WriteBroke


class FileTransport:
    """Appends the job's bytes to a file (or a device such as /dev/usb/lp0); durable when `close` returns."""

    answers = False
    certain = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def connect(self, timeout_ms: int) -> None:
        """Open the file for appending; a folder or a missing parent is Unavailable for good."""
        try:
            self._handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        except OSError as problem:
            raise Unavailable(f"cannot write {self._path}: {problem.strerror}", permanent=True) from problem

    def write(self, data: bytes, timeout_ms: int) -> None:
        """Append all bytes; a file has no deadline."""
        if self._handle is None:
            raise Unavailable("not connected", permanent=False)
        sent = 0
        try:
            while sent < len(data):
                sent += os.write(self._handle, data[sent:])
        except OSError as problem:
            raise WriteBroke(
                f"cannot write {self._path}: {problem.strerror}", sent, timed_out=False
            ) from problem

    def read_status(self, timeout_ms: int) -> int | None:
        """A file says nothing."""
        return None

    def close(self) -> None:
        """Make the bytes durable."""
        handle, self._handle = self._handle, None
        if handle is None:
            return
        try:
            if self._path.is_file():
                os.fsync(handle)
        except OSError as problem:
            raise Unavailable(f"cannot sync {self._path}: {problem.strerror}", permanent=False) from problem
        finally:
            os.close(handle)


class CupsTransport:
    """Hands the job to a CUPS queue in raw form through `lp`; the queue decides when it prints."""

    answers = False
    certain = False

    def __init__(self, queue: str) -> None:
        self._queue = queue

    def connect(self, timeout_ms: int) -> None:
        """See whether `lp` is here."""
        if shutil.which("lp") is None:
            raise Unavailable("the command lp is not installed", permanent=True)

    def write(self, data: bytes, timeout_ms: int) -> None:
        """Submit the job; lp takes it whole."""
        command = ["lp", "-s", "-d", self._queue, "-o", "raw"]
        try:
            done = subprocess.run(
                command, input=data, capture_output=True, timeout=timeout_ms / 1000, check=False
            )
        except subprocess.TimeoutExpired as problem:
            raise WriteBroke("lp did not finish", len(data), timed_out=True) from problem
        if done.returncode != 0:
            told = done.stderr.decode(errors="replace").strip()
            raise WriteBroke(f"lp refused the job: {told}", 0, timed_out=False)

    def read_status(self, timeout_ms: int) -> int | None:
        """CUPS hands nothing back."""
        return None

    def close(self) -> None:
        """Nothing stays open."""


class SerialTransport:
    """A serial printer with hardware flow control (pyserial waits for ever without a write timeout)."""

    answers = True
    certain = False

    def __init__(self, device: str, baud: int) -> None:
        self._device = device
        self._baud = baud
        self._port: Any = None

    def connect(self, timeout_ms: int) -> None:
        """Open the port."""
        import serial

        try:
            self._port = serial.Serial(self._device, self._baud, rtscts=True, timeout=0, write_timeout=1)
            self._port.reset_input_buffer()
        except (OSError, ValueError) as problem:
            raise Unavailable(f"cannot open {self._device}: {problem}", permanent=False) from problem

    def write(self, data: bytes, timeout_ms: int) -> None:
        """Send in pieces of 512 bytes, so that a stop tells how far it came."""
        import serial

        end, sent = time.monotonic() + timeout_ms / 1000, 0
        try:
            while sent < len(data):
                self._port.write_timeout = max(0.05, end - time.monotonic())
                sent += self._port.write(data[sent : sent + 512])
            self._port.flush()
        except serial.SerialTimeoutException as problem:
            raise WriteBroke("the printer stopped taking data", max(1, sent), timed_out=True) from problem
        except OSError as problem:
            raise WriteBroke(f"the port broke: {problem}", max(1, sent), timed_out=False) from problem

    def read_status(self, timeout_ms: int) -> int | None:
        """One byte from the printer."""
        try:
            self._port.timeout = timeout_ms / 1000
            got = self._port.read(1)
        except OSError as problem:
            raise Unavailable(f"the port broke: {problem}", permanent=False) from problem
        return got[0] if got else None

    def close(self) -> None:
        """Close the port."""
        port, self._port = self._port, None
        if port is not None:
            port.close()


class UsbTransport:
    """A USB printer by vendor and product; searched anew for every job, since a re-plugged one is a new device."""

    answers = True
    certain = False

    def __init__(self, vendor: int, product: int) -> None:
        self._ids = (vendor, product)
        self._device: Any = None
        self._out: Any = None
        self._in: Any = None

    def connect(self, timeout_ms: int) -> None:
        """Find the printer's interface and claim it."""
        import usb.core
        import usb.util

        name = f"{self._ids[0]:04x}:{self._ids[1]:04x}"
        try:
            device = usb.core.find(idVendor=self._ids[0], idProduct=self._ids[1])
            if device is None:
                raise Unavailable(f"no USB printer {name}", permanent=False)
            interface = device.get_active_configuration()[(0, 0)]
            if device.is_kernel_driver_active(interface.bInterfaceNumber):
                device.detach_kernel_driver(interface.bInterfaceNumber)
            usb.util.claim_interface(device, interface.bInterfaceNumber)
        except (usb.core.NoBackendError, NotImplementedError) as problem:
            raise Unavailable(f"USB is not usable here: {problem}", permanent=True) from problem
        except usb.core.USBError as problem:
            raise Unavailable(f"cannot open USB printer {name}: {problem}", permanent=False) from problem
        self._device = device
        for endpoint in interface:
            if usb.util.endpoint_direction(endpoint.bEndpointAddress) == usb.util.ENDPOINT_IN:
                self._in = endpoint
            else:
                self._out = endpoint

    def write(self, data: bytes, timeout_ms: int) -> None:
        """Send in pieces of 4 kB with a deadline (pyusb's own default waits for ever)."""
        import usb.core

        end, sent = time.monotonic() + timeout_ms / 1000, 0
        try:
            while sent < len(data):
                left = max(1, round((end - time.monotonic()) * 1000))
                sent += self._out.write(data[sent : sent + 4096], timeout=left)
        except usb.core.USBTimeoutError as problem:
            raise WriteBroke("the printer stopped taking data", max(1, sent), timed_out=True) from problem
        except usb.core.USBError as problem:
            raise WriteBroke(f"USB broke: {problem}", max(1, sent), timed_out=False) from problem

    def read_status(self, timeout_ms: int) -> int | None:
        """One byte from the printer."""
        import usb.core

        if self._in is None:
            return None
        try:
            got = self._in.read(64, timeout=max(1, timeout_ms))
        except usb.core.USBTimeoutError:
            return None
        except usb.core.USBError as problem:
            raise Unavailable(f"USB broke: {problem}", permanent=False) from problem
        return int(got[-1]) if len(got) else None

    def close(self) -> None:
        """Release the interface."""
        import usb.util

        device, self._device = self._device, None
        if device is not None:
            usb.util.dispose_resources(device)
