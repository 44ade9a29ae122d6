"""A notice that comes by itself, late: it meets the sheet that asks for somebody, and perhaps the next visitor."""

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.desk import Paper
from kiosk.screens.card import Card
from kiosk.screens.welcome import Welcome
from tests.kiosk_screens.fake_desk import FakeDesk
from tests.kiosk_screens.visitor import Visitor

ASKS, CLEARS = 3, 2
"""Seconds until the kiosk of these tests asks, and until it clears."""
FAILED, BACK_TO_START = "Daftar tidak tercetak", "kembali ke awal dalam"


def wait(visitor: Visitor, seconds: int) -> None:
    for _ in range(seconds):
        visitor.window._tick()


def told(desk: FakeDesk, job: str, paper: Paper) -> None:
    """The printer says how a job ended, and the kiosk has heard it."""
    desk.paper(job, paper)
    QApplication.processEvents()


def ask_for_a_list(visitor: Visitor, desk: FakeDesk) -> str:
    """The visitor wants what to bring on paper and closes the sheet; returns the print job."""
    visitor.touch("service:ktp-hilang", "checklist", "sheet:close")
    return desk.list_jobs[-1]


def test_a_list_that_failed_keeps_its_words_though_the_kiosk_was_asking_for_somebody(
    visitor: Visitor, desk: FakeDesk
) -> None:
    job = ask_for_a_list(visitor, desk)
    wait(visitor, ASKS)
    assert visitor.sees("still_here")
    told(desk, job, Paper.FAILED)
    assert FAILED in visitor.reads()
    wait(visitor, 1)
    assert BACK_TO_START not in visitor.reads()
    assert not visitor.sees("still_here")


def test_after_a_late_notice_the_kiosk_asks_anew_and_then_clears(visitor: Visitor, desk: FakeDesk) -> None:
    job = ask_for_a_list(visitor, desk)
    wait(visitor, ASKS + 1)
    told(desk, job, Paper.FAILED)
    assert FAILED in visitor.reads()
    wait(visitor, ASKS - 1)
    assert FAILED in visitor.reads()
    wait(visitor, 1)
    assert visitor.sees("still_here")
    wait(visitor, CLEARS - 1)
    assert f"{BACK_TO_START} 1 detik" in visitor.reads()
    wait(visitor, 1)
    assert isinstance(visitor.window.screen_, Welcome)


def test_a_touch_beside_the_keys_is_an_answer_and_starts_the_countdown_anew(visitor: Visitor) -> None:
    visitor.touch("service:ktp-hilang")
    wait(visitor, ASKS + CLEARS - 1)
    visitor.touch("still_here")
    wait(visitor, CLEARS - 1)
    assert isinstance(visitor.window.screen_, Card)
    wait(visitor, 1)
    assert isinstance(visitor.window.screen_, Welcome)


@pytest.mark.parametrize("next_one", ["ktp-hilang", "stnk-tahunan"])
def test_the_next_visitor_hears_nothing_of_the_list_before(
    visitor: Visitor, desk: FakeDesk, next_one: str
) -> None:
    job = ask_for_a_list(visitor, desk)
    visitor.window.leave()
    visitor.touch(f"service:{next_one}")
    told(desk, job, Paper.FAILED)
    assert FAILED not in visitor.reads()
    visitor.touch("checklist", "sheet:close")
    told(desk, job, Paper.UNKNOWN)
    assert FAILED not in visitor.reads()
    told(desk, desk.list_jobs[-1], Paper.FAILED)
    assert FAILED in visitor.reads()


def test_the_list_of_another_service_is_not_told_at_this_one(visitor: Visitor, desk: FakeDesk) -> None:
    job = ask_for_a_list(visitor, desk)
    visitor.touch("back", "service:stnk-tahunan")
    told(desk, job, Paper.FAILED)
    assert FAILED not in visitor.reads()
    visitor.touch("back", "service:ktp-hilang")
    told(desk, job, Paper.FAILED)
    assert FAILED in visitor.reads()
