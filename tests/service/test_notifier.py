import os
import socket
from pathlib import Path

import pytest

from antrean.service.notifier import Notifier, notifier_from


def ear(address: str | tuple[str, int]) -> socket.socket:
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_DGRAM)
    listening.bind(address)
    listening.settimeout(30)
    return listening


def words(listening: socket.socket, count: int) -> list[bytes]:
    return [listening.recv(100) for _ in range(count)]


def test_systemd_hears_the_words_in_their_order(tmp_path: Path) -> None:
    path = str(tmp_path / "notify")
    with ear(path) as listening:
        notifier = notifier_from({"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "15000000", "WATCHDOG_PID": "1"})
        notifier.ready()
        notifier.alive()
        notifier.stopping()
        assert words(listening, 3) == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]
        assert notifier.every_s == 7.5
        notifier.close()


def test_an_abstract_socket_is_heard_as_well() -> None:
    name = f"antrean-test-notify-{os.getpid()}"
    with ear(f"\0{name}") as listening:
        notifier = notifier_from({"NOTIFY_SOCKET": f"@{name}"})
        notifier.ready()
        assert words(listening, 1) == [b"READY=1"]
        assert notifier.every_s is None
        notifier.close()


def test_our_own_supervisor_hears_on_loopback_and_goes_before_systemd() -> None:
    with ear(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        notifier = notifier_from({"ANTREAN_NOTIFY": f"127.0.0.1:{port}", "NOTIFY_SOCKET": "/nobody"})
        notifier.alive()
        assert words(listening, 1) == [b"WATCHDOG=1"]
        notifier.close()


@pytest.mark.parametrize(
    "environment",
    [{}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "vsock:2:1"}, {"ANTREAN_NOTIFY": "nonsense"}],
    ids=str,
)
def test_without_a_listener_nothing_is_said_and_nothing_fails(environment: dict[str, str]) -> None:
    notifier = notifier_from({**environment, "WATCHDOG_USEC": "10"})
    notifier.ready()
    assert not notifier.heard
    assert notifier.every_s is None


def test_a_listener_that_went_away_or_sleeps_holds_nobody_up(tmp_path: Path) -> None:
    path = str(tmp_path / "notify")
    notifier = Notifier(path)
    notifier.ready()  # nobody there yet
    with ear(path):
        for _ in range(5000):  # more than any queue takes
            notifier.alive()
    notifier.alive()
    notifier.close()
    notifier.alive()
