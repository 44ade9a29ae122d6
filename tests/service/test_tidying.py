"""Windows are taken apart in the thread that made them, whatever other threads do."""

import gc
import threading
from collections.abc import Iterator

import pytest

from antrean.service.tidying import tidied_by_hand, tidy


class Window:
    """Refers to itself, as windows do, and notes who takes it apart."""

    def __init__(self, ended_in: list[threading.Thread]) -> None:
        self.self = self
        self._ended_in = ended_in

    def __del__(self) -> None:
        self._ended_in.append(threading.current_thread())


@pytest.fixture
def automatic() -> Iterator[None]:
    """Python collects by chance, as it does in every program at first."""
    gc.enable()
    yield
    gc.disable()


def make_much() -> None:
    kept = [[number] for number in range(100 * gc.get_threshold()[0])]
    del kept


def in_another_thread() -> None:
    thread = threading.Thread(target=make_much)
    thread.start()
    thread.join()


def test_without_care_another_thread_takes_the_window_apart(automatic: None) -> None:
    ended_in: list[threading.Thread] = []
    gc.collect()  # so that the next collection is far from here, in the thread that makes much
    Window(ended_in)
    in_another_thread()
    assert ended_in
    assert ended_in[0] is not threading.main_thread()


def test_tidied_by_hand_it_is_taken_apart_only_when_this_thread_says_so(automatic: None) -> None:
    ended_in: list[threading.Thread] = []
    with tidied_by_hand():
        Window(ended_in)
        in_another_thread()
        assert not ended_in
        make_much()
        while not ended_in:  # by Python's thresholds it may have to grow older first
            kept = [[number] for number in range(2 * gc.get_threshold()[0])]
            tidy()
            del kept
    assert ended_in == [threading.main_thread()]
    assert gc.isenabled()


def test_what_was_off_before_stays_off() -> None:
    with tidied_by_hand():
        assert not gc.isenabled()
    assert not gc.isenabled()


def test_little_garbage_is_left_alone() -> None:
    gc.collect()
    ended_in: list[threading.Thread] = []
    Window(ended_in)
    tidy()
    assert not ended_in
    gc.collect()
    assert ended_in
