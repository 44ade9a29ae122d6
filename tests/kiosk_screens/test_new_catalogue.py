"""The mall's catalogue changes under a visitor: no key leads nowhere, and nobody is left guessing."""

from dataclasses import replace

import pytest

from kiosk.screens.card import Card
from kiosk.screens.lists import PagedList
from kiosk.screens.needs import Needs
from tests.kiosk_screens.fake_desk import FakeDesk
from tests.kiosk_screens.visitor import Visitor

CHOSEN = "ktp-hilang"
GONE = "Layanan ini sudah tidak ada di mal ini."


def drop(desk: FakeDesk, service: str) -> None:
    """The mall offers it no more."""
    kept = {code: one for code, one in desk.the_mall.services.items() if code != service}
    desk.the_mall = replace(desk.the_mall, services=kept)


def test_the_card_of_a_service_that_is_no_more_gives_way_to_another_choice(
    visitor: Visitor, desk: FakeDesk
) -> None:
    visitor.touch("start", "need:ktp-kk", f"service:{CHOSEN}")
    drop(desk, CHOSEN)
    visitor.window._tick()
    assert isinstance(visitor.window.screen_, Needs)
    assert visitor.window.sheet is not None
    assert GONE in visitor.window.sheet.spoken()
    visitor.touch("sheet:close", "need:ktp-kk", "service:kk-pisah", "take", "priority:no")
    assert [choice.service for choice in desk.choices] == ["kk-pisah"]


@pytest.mark.parametrize("way", [("need:ktp-kk", f"service:{CHOSEN}"), ()])
def test_a_touch_in_the_second_before_the_kiosk_sees_it_is_answered_too(
    visitor: Visitor, desk: FakeDesk, way: tuple[str, ...]
) -> None:
    visitor.touch(*(["start", *way, "take"] if way else []))
    drop(desk, CHOSEN)
    visitor.touch("priority:no" if way else f"service:{CHOSEN}")
    assert isinstance(visitor.window.screen_, Needs)
    assert visitor.window.sheet is not None
    assert GONE in visitor.window.sheet.spoken()
    assert desk.choices == []


def test_a_list_and_a_card_that_stay_are_drawn_with_the_new_words(visitor: Visitor, desk: FakeDesk) -> None:
    visitor.touch("start", "need:ktp-kk")
    renamed = replace(desk.the_mall.services[CHOSEN], short=desk.the_mall.services["kk-pisah"].short)
    desk.the_mall = replace(desk.the_mall, services={**desk.the_mall.services, CHOSEN: renamed})
    visitor.window._tick()
    assert isinstance(visitor.window.screen_, PagedList)
    words = desk.the_mall.services["kk-pisah"].short.get("id")
    assert visitor.find(f"service:{CHOSEN}").accessibleName().startswith(words)
    visitor.touch(f"service:{CHOSEN}")
    drop(desk, "kk-pisah")
    visitor.window._tick()
    assert isinstance(visitor.window.screen_, Card)
    assert visitor.sees("take")
