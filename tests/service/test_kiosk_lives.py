"""Real kiosks, painted offscreen: killed, frozen and ended, with the test as service manager or our own supervisor."""

import contextlib
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from kiosk.__main__ import open_desk
from kiosk.config import FILE_NAME, load_config
from tests.journey.outside import Kiosk, Mall, Program, opened, running, wait_until

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def mall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mall]:
    yield from opened(Mall(tmp_path_factory.mktemp("mall")))


@pytest.fixture(scope="module")
def kiosk(mall: Mall) -> Kiosk:
    kiosk = Kiosk(mall, "kiosk-lives")
    kiosk.issue("ktp-hilang")  # now it knows the mall, so it opens on Welcome
    return kiosk


class Manager:
    """Listens as systemd would."""

    def __init__(self, folder: Path, deadline_s: float) -> None:
        self.path = str(folder / "notify")
        self._deadline_s = deadline_s
        self._ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._ear.bind(self.path)
        self._ear.settimeout(60)

    @property
    def environment(self) -> dict[str, str]:
        return {"NOTIFY_SOCKET": self.path, "WATCHDOG_USEC": str(int(self._deadline_s * 1_000_000))}

    def hears(self) -> str:
        return self._ear.recv(200).decode()

    def hushed(self) -> bool:
        """Forget what waits; whether nothing is heard for the whole deadline after it."""
        with contextlib.suppress(BlockingIOError):
            self._ear.setblocking(False)
            while True:
                self._ear.recv(200)
        try:
            self._ear.settimeout(self._deadline_s)
            self._ear.recv(200)
        except TimeoutError:
            return True
        finally:
            self._ear.settimeout(60)
        return False

    def close(self) -> None:
        self._ear.close()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    manager = Manager(tmp_path, 1.0)
    yield manager
    manager.close()


@contextmanager
def shown(kiosk: Kiosk, folder: Path, manager: Manager) -> Iterator[Program]:
    with running(folder, "antrean-kiosk", "run", *kiosk.arguments(), env=manager.environment) as program:
        yield program


def test_the_service_manager_hears_ready_then_beats_then_the_end(
    kiosk: Kiosk, tmp_path: Path, manager: Manager
) -> None:
    with shown(kiosk, tmp_path, manager) as program:
        assert manager.hears() == "READY=1\nSTATUS=Welcome"
        assert [manager.hears() for _ in range(3)] == ["WATCHDOG=1"] * 3
        program.process.terminate()
        while (word := manager.hears()) == "WATCHDOG=1":
            pass
        assert word == "STOPPING=1"
        assert program.process.wait(60) == 0


def test_a_frozen_kiosk_falls_silent(kiosk: Kiosk, tmp_path: Path, manager: Manager) -> None:
    """With SIGSTOP the whole process freezes, as a loop that never returns would freeze its only painting thread."""
    with shown(kiosk, tmp_path, manager) as program:
        assert manager.hears().startswith("READY=1")
        program.process.send_signal(signal.SIGSTOP)
        frozen = psutil.Process(program.process.pid)
        wait_until(lambda: frozen.status() == psutil.STATUS_STOPPED, "all its threads stand still")
        assert manager.hushed()
        program.process.send_signal(signal.SIGCONT)
        assert manager.hears() == "WATCHDOG=1"


def test_a_kiosk_killed_in_the_middle_is_back_on_welcome_with_its_numbers(
    kiosk: Kiosk, tmp_path: Path, manager: Manager
) -> None:
    with shown(kiosk, tmp_path, manager) as program:
        assert manager.hears().startswith("READY=1")
        program.kill()
    with shown(kiosk, tmp_path, manager):
        word = manager.hears()
        while word == "WATCHDOG=1":
            word = manager.hears()
        assert word == "READY=1\nSTATUS=Welcome"


def child_of(program: Program) -> psutil.Process | None:
    found = psutil.Process(program.process.pid).children()
    return found[0] if found else None


def labels(kiosk: Kiosk) -> list[str]:
    return [ticket["label"] for ticket in kiosk.issue("ktp-hilang")]


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGABRT, signal.SIGSTOP], ids=lambda end: end.name)
def test_our_supervisor_brings_a_killed_or_frozen_kiosk_back_to_welcome(
    kiosk: Kiosk, tmp_path: Path, end: signal.Signals
) -> None:
    before = labels(kiosk)
    with running(
        tmp_path, "antrean-kiosk", "run", "--supervised", *kiosk.arguments(), env={"PYTHONUNBUFFERED": "1"}
    ) as program:
        wait_until(lambda: "up: Welcome" in program.says(), "the kiosk shows itself")
        first = child_of(program)
        assert first is not None
        first.send_signal(end)
        wait_until(lambda: "back after" in program.says(), f"it is back\n{program.says()}")
        second = child_of(program)
        assert second is not None
        assert second.pid != first.pid
        assert "Welcome" in program.says().partition("back after")[2]
    assert program.process.returncode == 0
    after = labels(kiosk)
    assert after > before


def test_settings_that_no_new_start_heals_are_passed_on(tmp_path: Path) -> None:
    (tmp_path / "kiosk.toml").write_text("language = 'xx'", encoding="utf-8")
    with running(tmp_path, "antrean-kiosk", "--supervised", "--data", tmp_path) as program:
        assert program.process.wait(60) == 2


def test_the_server_is_talked_to_from_the_first_picture_on_and_not_before(kiosk: Kiosk) -> None:
    config = load_config(kiosk.data / FILE_NAME, {}, {"server": kiosk.mall.url})
    with open_desk(kiosk.data, config, at_once=False) as desk:
        assert desk.staff_status().link == "offline"
        desk.begin()
        wait_until(lambda: desk.staff_status().link == "online", "the server answers")
        desk.begin()  # a second word starts nothing twice
