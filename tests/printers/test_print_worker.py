"""The spool and its thread: every job is printed once, told once at least, and survives a kill."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from antrean.domain.errors import BadInput, Unavailable
from printers.job import Manner
from printers.local import FileTransport
from printers.outcome import Failed, Outcome, Printed, Unknown
from printers.spool import Spool
from printers.transport import Transport
from printers.worker import PrintWorker

Told = tuple[str, Outcome]


class Ears:
    """Collects outcomes and waits for them."""

    def __init__(self) -> None:
        self._told: queue.SimpleQueue[Told] = queue.SimpleQueue()

    def __call__(self, job_id: str, outcome: Outcome) -> None:
        self._told.put((job_id, outcome))

    def next(self) -> Told:
        return self._told.get(timeout=30)

    @property
    def quiet(self) -> bool:
        return self._told.empty()


class FakeTransport:
    """Remembers the jobs it got; `refuses` makes connecting fail."""

    answers = False
    certain = True

    def __init__(self, *, refuses: bool = False) -> None:
        self.jobs: list[bytes] = []
        self._refuses = refuses

    def connect(self, timeout_ms: int) -> None:
        if self._refuses:
            raise Unavailable("nobody", permanent=False)

    def write(self, data: bytes, timeout_ms: int) -> None:
        self.jobs.append(data)

    def read_status(self, timeout_ms: int) -> int | None:
        return None

    def close(self) -> None:
        return


def worker_on(
    spool: Path, transport: Transport, ears: Callable[[str, Outcome], None], now_ms: int | None = None
) -> PrintWorker:
    if now_ms is None:
        return PrintWorker(spool, lambda: transport, ears, manner=Manner(asks=False, proves=False))
    return PrintWorker(spool, lambda: transport, ears, now_ms=lambda: now_ms)


def workers() -> set[threading.Thread]:
    """The threads of all workers; others come and go as they like."""
    return {thread for thread in threading.enumerate() if thread.name == "print-worker"}


def test_jobs_print_in_order_and_leave_nothing_behind(tmp_path: Path) -> None:
    ears, transport = Ears(), FakeTransport()
    worker = worker_on(tmp_path, transport, ears)
    worker.start()
    for place in range(5):
        worker.submit(f"job-{place}", b"%d" % place)
    assert [ears.next() for _ in range(5)] == [(f"job-{place}", Printed()) for place in range(5)]
    assert worker.stop()
    assert transport.jobs == [b"0", b"1", b"2", b"3", b"4"]
    assert list(tmp_path.iterdir()) == []


def test_stopping_leaves_no_thread_and_keeps_what_is_queued(tmp_path: Path) -> None:
    before, ears = workers(), Ears()
    worker = worker_on(tmp_path, FakeTransport(), ears)
    worker.start()
    worker.start()
    assert len(workers() - before) == 1
    assert worker.stop()
    assert worker.stop()
    assert workers() <= before
    worker.submit("later", b"x")
    assert [job.state for job in Spool(tmp_path).jobs()] == ["queued"]
    worker.start()
    assert ears.next() == ("later", Printed())
    worker.submit("after", b"y")
    assert ears.next() == ("after", Printed()), "what was kept before the start was handled once"
    assert worker.stop()


def test_a_job_that_may_be_on_paper_is_told_and_never_printed_again(tmp_path: Path) -> None:
    class Lost(FakeTransport):
        """Takes the whole job, and then the cable is gone."""

        def write(self, data: bytes, timeout_ms: int) -> None:
            super().write(data, timeout_ms)
            raise Unavailable("cut", permanent=False)

    ears, transport = Ears(), Lost()
    worker = worker_on(tmp_path, transport, ears)
    worker.start()
    worker.submit("a", b"x")
    job_id, outcome = ears.next()
    assert worker.stop()
    assert (job_id, type(outcome)) == ("a", Unknown)
    assert transport.jobs == [b"x"]


def test_a_failed_job_is_told_and_not_tried_again(tmp_path: Path) -> None:
    ears = Ears()
    worker = worker_on(tmp_path, FakeTransport(refuses=True), ears)
    worker.start()
    worker.submit("a", b"x")
    assert ears.next() == ("a", Failed("unreachable"))
    assert worker.stop()
    assert list(tmp_path.iterdir()) == []
    assert ears.quiet


def test_a_queued_job_survives_a_restart(tmp_path: Path) -> None:
    Spool(tmp_path).add("kept", b"paper")
    ears, transport = Ears(), FakeTransport()
    worker = worker_on(tmp_path, transport, ears)
    worker.start()
    assert ears.next() == ("kept", Printed())
    assert worker.stop()
    assert transport.jobs == [b"paper"]


def test_a_job_left_in_the_middle_of_sending_is_unknown_and_never_sent_again(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.mark_sending(spool.add("half", b"paper"))
    ears, transport = Ears(), FakeTransport()
    worker = worker_on(tmp_path, transport, ears)
    worker.start()
    assert ears.next() == ("half", Unknown("interrupted"))
    assert worker.stop()
    assert transport.jobs == []


def test_a_job_from_long_ago_is_not_printed_for_nobody(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    job = spool.add("old", b"paper")
    kept_ms = int(job.path.stat().st_mtime * 1000)
    ears, transport = Ears(), FakeTransport()
    worker = worker_on(tmp_path, transport, ears, now_ms=kept_ms + 121_000)
    worker.start()
    assert ears.next() == ("old", Failed("too_old"))
    assert worker.stop()
    assert transport.jobs == []


def test_an_outcome_nobody_took_is_told_again_after_a_restart(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    called = threading.Event()

    def deaf(job_id: str, outcome: Outcome) -> None:
        called.set()
        raise OSError("the disk is full")

    worker = worker_on(tmp_path, FakeTransport(), deaf)
    worker.start()
    worker.submit("a", b"x")
    assert called.wait(30)
    assert worker.stop()
    assert "nobody took the outcome" in caplog.text
    ears, transport = Ears(), FakeTransport()
    again = worker_on(tmp_path, transport, ears)
    again.start()
    assert ears.next() == ("a", Printed())
    assert again.stop()
    assert transport.jobs == []


@pytest.mark.parametrize("odd", ["", "a/b", "../up", "a.b", "x" * 101])
def test_a_job_with_an_odd_name_is_refused(tmp_path: Path, odd: str) -> None:
    with pytest.raises(BadInput):
        Spool(tmp_path).add(odd, b"x")


def test_a_spool_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable):
        Spool(tmp_path / "file" / "spool")


KILLED = """
import sys, threading
from pathlib import Path
from printers.worker import PrintWorker

class FakeStuckTransport:
    answers = False
    certain = True
    def connect(self, timeout_ms): pass
    def write(self, data, timeout_ms):
        print("sending", flush=True)
        threading.Event().wait()
    def read_status(self, timeout_ms): return None
    def close(self): pass

worker = PrintWorker(Path(sys.argv[1]), FakeStuckTransport, print)
worker.start()
worker.submit("first", b"one")
worker.submit("second", b"two")
threading.Event().wait()
"""


def test_a_kill_while_sending_leaves_that_job_unknown_and_the_next_one_queued(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path / "spool")], cwd=root, stdout=subprocess.PIPE, text=True
    ) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == "sending\n"
        spool = tmp_path / "spool"
        while not any(
            path.name.startswith("000000000002") and path.suffix == ".queued" for path in spool.iterdir()
        ):
            assert victim.poll() is None
        os.kill(victim.pid, signal.SIGKILL)
    ears = Ears()
    out = tmp_path / "out.bin"
    worker = worker_on(spool, FileTransport(out), ears)
    worker.start()
    assert ears.next() == ("first", Unknown("interrupted"))
    assert ears.next() == ("second", Printed())
    assert worker.stop()
    assert out.read_bytes() == b"two"
