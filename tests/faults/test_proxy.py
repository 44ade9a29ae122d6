import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.faults.proxy import DOWN, UP, FaultProxy
from tests.journey.outside import wait_until


class EchoServer:
    """Says everything back in capitals and keeps what it heard."""

    def __init__(self) -> None:
        self.heard = b""
        self.news = threading.Condition()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        with client:
            try:
                while data := client.recv(65_536):
                    with self.news:
                        self.heard += data
                        self.news.notify_all()
                    client.sendall(data.upper())
            except OSError:
                return

    def wait_for(self, text: bytes) -> bool:
        with self.news:
            return self.news.wait_for(lambda: text in self.heard, 30)

    def stop(self) -> None:
        if self._door.fileno() >= 0:
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()


@pytest.fixture
def echo() -> Iterator[EchoServer]:
    server = EchoServer()
    yield server
    server.stop()


@pytest.fixture
def proxy(echo: EchoServer) -> Iterator[FaultProxy]:
    with FaultProxy(echo.port) as found:
        yield found


def client(proxy: FaultProxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=30)


def said(sock: socket.socket, text: bytes) -> bytes:
    sock.sendall(text)
    return sock.recv(65_536)


def assert_silence(sock: socket.socket) -> None:
    """Nothing comes for a fifth of a second."""
    sock.settimeout(0.2)
    with pytest.raises(TimeoutError):
        sock.recv(65_536)
    sock.settimeout(30)


def test_in_fair_weather_everything_passes(proxy: FaultProxy) -> None:
    with client(proxy) as one:
        assert said(one, b"hello") == b"HELLO"


def test_a_cut_resets_what_is_open_and_takes_new_connections(proxy: FaultProxy) -> None:
    with client(proxy) as one, client(proxy) as two:
        assert said(one, b"a") == b"A"
        assert said(two, b"b") == b"B"
        proxy.cut()
        with pytest.raises(ConnectionResetError):
            said(one, b"c")
        with client(proxy) as three:
            assert said(three, b"d") == b"D"


def test_an_orderly_cut_ends_without_a_reset(proxy: FaultProxy) -> None:
    with client(proxy) as one:
        assert said(one, b"a") == b"A"
        proxy.cut(reset=False)
        assert one.recv(1) == b""


def test_a_refusing_port_refuses_until_the_weather_is_fair(proxy: FaultProxy) -> None:
    proxy.refuse()
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError):
            client(proxy)
    proxy.fair()
    with client(proxy) as one:
        assert said(one, b"a") == b"A"


def test_half_open_swallows_and_the_connection_stays_dead_after_healing(
    proxy: FaultProxy, echo: EchoServer
) -> None:
    with client(proxy) as one, client(proxy) as witness:
        assert said(one, b"a") == b"A"
        assert said(witness, b"b") == b"B"
        proxy.half_open()
        one.sendall(b"lost")
        wait_until(lambda: any(link.deaf for link in proxy.unanswered()), "it was swallowed")
        assert_silence(one)
        proxy.fair()
        one.sendall(b"still dead")
        assert_silence(one)
        assert said(witness, b"alive") == b"ALIVE"
        assert b"lost" not in echo.heard


def test_new_connections_to_a_half_open_server_are_taken_and_never_answered(proxy: FaultProxy) -> None:
    proxy.half_open()
    with client(proxy) as one:
        one.sendall(b"hello?")
        assert_silence(one)


def test_a_question_is_unanswered_until_an_answer_comes_or_its_client_gives_up(proxy: FaultProxy) -> None:
    with client(proxy) as one, client(proxy) as two:
        assert said(one, b"a") == b"A"
        assert said(two, b"b") == b"B"
        wait_until(lambda: not proxy.unanswered(), "both have their answers")
        proxy.stall()
        one.sendall(b"late")
        wait_until(lambda: len(proxy.unanswered()) == 1, "the question came to the proxy")
        proxy.fair()
        assert one.recv(10) == b"LATE"
        wait_until(lambda: not proxy.unanswered(), "the answer came")
        proxy.delay(600)
        two.sendall(b"never mind")
        wait_until(lambda: len(proxy.unanswered()) == 1, "the question is on its way")
        two.close()
        wait_until(lambda: not proxy.unanswered(), "its client gave up")


def test_a_stall_loses_nothing(proxy: FaultProxy) -> None:
    with client(proxy) as one:
        proxy.stall()
        one.sendall(b"late")
        assert_silence(one)
        proxy.fair()
        assert one.recv(10) == b"LATE"


def test_a_delay_comes_both_ways(proxy: FaultProxy) -> None:
    proxy.delay(0.1)
    with client(proxy) as one:
        began = time.monotonic()
        assert said(one, b"a") == b"A"
        assert time.monotonic() - began >= 0.2


def test_slow_is_so_many_bytes_a_second(proxy: FaultProxy) -> None:
    proxy.slow(10_000)
    with client(proxy) as one:
        began, got = time.monotonic(), b""
        one.sendall(b"x" * 3_000)
        while len(got) < 3_000:
            got += one.recv(65_536)
        assert time.monotonic() - began >= 0.25


def test_one_direction_only(proxy: FaultProxy, echo: EchoServer) -> None:
    proxy.only(UP)
    with client(proxy) as one:
        one.sendall(b"one-way")
        assert echo.wait_for(b"one-way")
        assert_silence(one)
    with client(proxy) as two:
        proxy.fair()
        assert said(two, b"first") == b"FIRST"
        proxy.only(DOWN)
        two.sendall(b"unheard")
        wait_until(lambda: any(link.deaf for link in proxy.unanswered()), "it was swallowed")
        assert_silence(two)
        assert b"unheard" not in echo.heard


def test_an_answer_is_dropped_after_the_server_acted(proxy: FaultProxy, echo: EchoServer) -> None:
    proxy.drop_answers(1, to=b"push")
    with client(proxy) as one:
        assert said(one, b"other") == b"OTHER"
        with pytest.raises(ConnectionResetError):
            said(one, b"push")
    assert echo.wait_for(b"push")
    with client(proxy) as two:
        assert said(two, b"push") == b"PUSH"
    assert proxy.dropped == 1


def test_one_piece_of_an_answer_vanishes_and_the_rest_goes_on(proxy: FaultProxy) -> None:
    proxy.lose_chunk(b"TWO")
    with client(proxy) as one:
        assert said(one, b"one") == b"ONE"
        one.sendall(b"two")
        wait_until(lambda: proxy.dropped == 1, "the answer vanished")
        assert_silence(one)
        assert said(one, b"three") == b"THREE"


def test_a_server_that_is_down_resets_the_client(proxy: FaultProxy, echo: EchoServer) -> None:
    echo.stop()
    with client(proxy) as one, pytest.raises(ConnectionResetError):
        said(one, b"anybody?")
