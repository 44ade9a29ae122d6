"""What a job's end is called, with a printer over a real socket, broken in every way that can be ordered."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from antrean.domain.errors import BadInput
from printers.face import PAPER_58, TicketFace
from printers.faults import FAULT_FILE, Fault, order_fault
from printers.job import Manner, print_job, printer_state
from printers.local import CupsTransport, FileTransport, SerialTransport, UsbTransport
from printers.network import NetworkTransport
from printers.outcome import Failed, Outcome, Printed, PrinterState, Unknown, state_from_answers
from printers.targets import transport_for
from printers.ticket import ticket_bytes
from printers.virtual import VirtualPrinter
from tests.journey.outside import free_port, wait_until

MakePrinter = Callable[..., VirtualPrinter]
PATIENT = Manner(connect_ms=30_000, answer_ms=30_000, write_ms=30_000, proof_ms=30_000)
"""Where an answer must come."""
HASTY = replace(PATIENT, answer_ms=400, proof_ms=400)
"""Where none comes."""


def send(printer: VirtualPrinter, data: bytes, manner: Manner = PATIENT) -> Outcome:
    return print_job(NetworkTransport("127.0.0.1", printer.port), data, manner)


def pages(directory: Path) -> list[dict[str, object]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(directory.glob("*.json"))]


def test_a_ticket_comes_out_as_one_picture_and_one_json(
    make_printer: MakePrinter, face: TicketFace, tmp_path: Path
) -> None:
    printer = make_printer()
    assert send(printer, ticket_bytes(face)) == Printed()
    (page,) = pages(tmp_path / "out")
    assert page["label"] == "A1-012"
    assert page["qr"] == [face.status_url]
    assert page["text"] == ["A1-012 KM 25-11-2025 10.31"]
    assert (page["copy"], page["cut"], page["error"]) == (False, True, None)
    assert (tmp_path / "out" / "0001-A1-012.png").stat().st_size > 1_000


@pytest.mark.parametrize(
    ("fault", "reason"), [("paper-out", "paper_out"), ("cover-open", "cover_open"), ("offline", "offline")]
)
def test_a_printer_in_trouble_gets_nothing_so_trying_again_is_safe(
    make_printer: MakePrinter, face: TicketFace, tmp_path: Path, fault: str, reason: str
) -> None:
    printer = make_printer()
    order_fault(tmp_path / "out", fault)
    assert send(printer, ticket_bytes(face)) == Failed(reason)
    order_fault(tmp_path / "out", "none")
    assert send(printer, ticket_bytes(face)) == Printed()
    assert len(pages(tmp_path / "out")) == 1


def test_a_printer_that_never_answers_gets_nothing(
    make_printer: MakePrinter, face: TicketFace, tmp_path: Path
) -> None:
    printer = make_printer()
    order_fault(tmp_path / "out", "silent")
    assert send(printer, ticket_bytes(face), HASTY) == Failed("silent")
    assert pages(tmp_path / "out") == []


def test_paper_without_proof_is_unknown(make_printer: MakePrinter, face: TicketFace, tmp_path: Path) -> None:
    printer = make_printer()
    order_fault(tmp_path / "out", "silent")
    trusting = replace(HASTY, asks=False)
    assert send(printer, ticket_bytes(face), trusting) == Unknown("no_answer")


def test_a_printer_known_not_to_prove_prints_without_a_confirmation(
    make_printer: MakePrinter, face: TicketFace
) -> None:
    assert send(make_printer(), ticket_bytes(face), replace(PATIENT, proves=False)) == Printed(
        confirmed=False
    )


def test_paper_that_ends_unseen_prints_when_the_fault_clears(
    make_printer: MakePrinter, face: TicketFace, tmp_path: Path
) -> None:
    """Why an unknown job is never sent again by itself: the first one may still come out."""
    printer = make_printer()
    order_fault(tmp_path / "out", "paper-out")
    assert send(printer, ticket_bytes(face), replace(HASTY, asks=False)) == Unknown("no_answer")
    assert pages(tmp_path / "out") == []
    order_fault(tmp_path / "out", "none")
    assert printer_state(NetworkTransport("127.0.0.1", printer.port), PATIENT) == PrinterState(None)
    assert send(printer, ticket_bytes(face)) == Printed()
    assert len(pages(tmp_path / "out")) == 2


def test_a_connection_cut_in_the_middle_is_unknown(
    make_printer: MakePrinter, face: TicketFace, tmp_path: Path
) -> None:
    printer = make_printer()
    order_fault(tmp_path / "out", "cut-after=5000")
    assert send(printer, ticket_bytes(face)) == Unknown("connection_lost")


def test_a_slow_printer_is_waited_for(make_printer: MakePrinter, face: TicketFace, tmp_path: Path) -> None:
    printer = make_printer(PAPER_58)
    order_fault(tmp_path / "out", "slow")
    assert send(printer, ticket_bytes(face, PAPER_58)) == Printed()


def test_a_printer_that_stops_taking_data_is_unknown_within_the_deadline(face: TicketFace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stuck:
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        transport = NetworkTransport("127.0.0.1", stuck.getsockname()[1])
        manner = Manner(asks=False, write_ms=300)
        assert print_job(transport, b"\x1b@" + b" " * 20_000_000, manner) == Unknown("write_timeout")


def test_a_printer_that_hangs_up_at_once_got_nothing(face: TicketFace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as rude:

        def hang_up() -> None:
            line, _ = rude.accept()
            line.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        outcome = print_job(NetworkTransport("127.0.0.1", rude.getsockname()[1]), ticket_bytes(face), PATIENT)
        thread.join()
    assert outcome == Failed("connection_lost")


def test_nobody_at_the_address_is_a_failure(face: TicketFace) -> None:
    nobody = NetworkTransport("127.0.0.1", free_port())
    assert print_job(nobody, ticket_bytes(face), PATIENT) == Failed("unreachable")


def test_unknown_bytes_become_a_page_marked_as_an_error(
    make_printer: MakePrinter, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    printer = make_printer()
    assert send(printer, b"\x1b@hello\n\x1b\x7f\x01", replace(PATIENT, proof_ms=400)) != Printed()
    wait_until(lambda: "unknown command" in caplog.text, "the page is kept")
    printer.stop()
    (page,) = pages(tmp_path / "out")
    assert page["error"] == "unknown command 1b 7f"
    assert page["text"] == ["hello"]
    assert "unknown command" in caplog.text


def test_a_job_without_a_cut_is_marked_when_its_sender_leaves(
    make_printer: MakePrinter, tmp_path: Path
) -> None:
    printer = make_printer()
    assert send(printer, b"\x1b@half a page\n") == Printed()
    assert printer_state(NetworkTransport("127.0.0.1", printer.port), PATIENT).trouble is None
    (page,) = pages(tmp_path / "out")
    assert page["error"] == "the sender left without a cut"


def test_numbers_of_pages_go_on_after_a_restart(
    make_printer: MakePrinter, face: TicketFace, tmp_path: Path
) -> None:
    for _ in range(2):
        printer = make_printer()
        assert send(printer, ticket_bytes(face)) == Printed()
        printer.stop()
    assert [page["seq"] for page in pages(tmp_path / "out")] == [1, 2]


def test_a_nonsense_fault_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        order_fault(tmp_path, "on fire")
    assert not (tmp_path / FAULT_FILE).exists()


@pytest.mark.parametrize("name", ["none", "paper-out", "cover-open", "offline"])
def test_the_virtual_printer_answers_in_the_language_of_the_job(name: str) -> None:
    fault = Fault(name)
    told = state_from_answers(fault.answer(1), fault.answer(2), fault.answer(4))
    assert told.trouble == (None if name == "none" else name.replace("-", "_"))


def test_low_paper_is_told_but_still_prints() -> None:
    assert state_from_answers(0x12, 0x12, 0x1E) == PrinterState(None, paper_low=True)


def test_a_file_takes_jobs_one_after_the_other(tmp_path: Path, face: TicketFace) -> None:
    path = tmp_path / "jobs.bin"
    for _ in range(2):
        assert print_job(FileTransport(path), ticket_bytes(face)) == Printed()
    assert path.read_bytes() == ticket_bytes(face) * 2


def test_a_file_that_cannot_be_written_is_a_failure(tmp_path: Path, face: TicketFace) -> None:
    assert print_job(FileTransport(tmp_path / "no" / "where"), ticket_bytes(face)) == Failed("unreachable")
    assert print_job(FileTransport(tmp_path), ticket_bytes(face)) == Failed("unreachable")


def test_cups_gets_the_job_raw_and_a_refusal_is_a_failure(
    tmp_path: Path, face: TicketFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    lp = tmp_path / "lp"
    lp.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/asked\ncat > {tmp_path}/got\n[ "$3" = tickets ]\n')
    lp.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert print_job(CupsTransport("tickets"), ticket_bytes(face)) == Printed(confirmed=False)
    assert (tmp_path / "got").read_bytes() == ticket_bytes(face)
    assert (tmp_path / "asked").read_text().split() == ["-s", "-d", "tickets", "-o", "raw"]
    assert print_job(CupsTransport("nowhere"), ticket_bytes(face)) == Failed("connection_lost")


def test_absent_hardware_is_a_failure(face: TicketFace, tmp_path: Path) -> None:
    assert print_job(SerialTransport(str(tmp_path / "ttyX"), 9600), ticket_bytes(face)) == Failed(
        "unreachable"
    )
    assert print_job(UsbTransport(0xDEAD, 0xBEEF), ticket_bytes(face)) == Failed("unreachable")


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("tcp://10.0.0.7", NetworkTransport),
        ("tcp://printer.mpp:9101", NetworkTransport),
        ("tcp://[::1]:9100", NetworkTransport),
        ("file:/tmp/x.bin", FileTransport),
        ("usb:04b8:0e15", UsbTransport),
        ("serial:/dev/ttyUSB0?baud=38400", SerialTransport),
        ("serial:COM3", SerialTransport),
        ("cups:kiosk-1", CupsTransport),
    ],
)
def test_a_target_names_its_transport(target: str, kind: type) -> None:
    assert isinstance(transport_for(target), kind)


@pytest.mark.parametrize(
    "target",
    [
        "",
        "printer",
        "tcp:",
        "tcp://",
        "tcp://h:99999",
        "tcp://h:x",
        "tcp://h/path",
        "usb:04b8",
        "usb:zzzz:0001",
        "http://h",
        "serial:?baud=9600",
        "serial:/dev/x?baud=fast",
        "serial:/dev/x?bits=8",
        "cups:",
        "cups:a b",
        "file:",
    ],
)
def test_a_nonsense_target_is_refused_with_the_forms(target: str) -> None:
    with pytest.raises(BadInput) as refused:
        transport_for(target)
    assert "tcp://HOST" in str(refused.value.params["forms"])
