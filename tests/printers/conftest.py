"""Faces and printers for the tests of this room."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from printers.face import PAPER_80, Paper, TicketFace
from printers.virtual import VirtualPrinter


@pytest.fixture
def face() -> TicketFace:
    """An ordinary ticket of 25 November 2025, 10.31 in Jakarta."""
    return TicketFace(
        mall="Mal Pelayanan Publik Kota Samudra",
        label="A1-012",
        check="KM",
        service="KTP elektronik",
        agency="Dinas Kependudukan dan Pencatatan Sipil",
        place="Lantai 1 · Zona B",
        printed_ms=1_764_041_460_000,
        timezone="Asia/Jakarta",
        ahead=7,
        wait=(10, 25),
        status_url="HTTP://192.168.10.20:8080/T/01JDXYZ0123456789ABCDEFGHJ",
        language="id",
    )


@pytest.fixture
def make_printer(tmp_path: Path) -> Iterator[Callable[..., VirtualPrinter]]:
    """Starts virtual printers that write to `tmp_path / "out"` and end with the test."""
    started: list[VirtualPrinter] = []

    def make(paper: Paper = PAPER_80) -> VirtualPrinter:
        directory = tmp_path / "out"
        printer = VirtualPrinter(
            directory, paper, lambda: time.time_ns() // 1_000_000, host="127.0.0.1", port=0
        )
        printer.start()
        started.append(printer)
        return printer

    yield make
    for printer in started:
        printer.stop()
