"""A visitor at the kiosk types what they came for."""

from kiosk.screens.card import Card
from kiosk.screens.finder import FinderScreen
from tests.kiosk_screens.fake_desk import FakeDesk
from tests.kiosk_screens.visitor import Visitor


def test_the_finder_suggests_after_each_letter_and_admits_when_it_knows_nothing(
    visitor: Visitor, desk: FakeDesk
) -> None:
    visitor.touch("start", "find", "pad:Q", "pad:X", "pad:Q")
    assert "Belum ketemu" in visitor.reads()
    visitor.touch("find:help")
    assert desk.helped == ["FinderScreen"]
    visitor.touch("pad:back", "pad:back", "pad:back", *(f"pad:{letter}" for letter in "KTP"))
    assert visitor.sees("service:ktp-hilang")
    visitor.touch("pad:space", *(f"pad:{letter}" for letter in "HILNAG"))
    assert visitor.sees("service:ktp-hilang")


def test_what_the_finder_is_not_sure_of_is_a_question_beside_the_key_for_a_person(
    visitor: Visitor, desk: FakeDesk
) -> None:
    visitor.touch("start", "find")
    visitor.touch(*("pad:space" if sign == " " else f"pad:{sign}" for sign in "UANG LEMBUR KURANG"))
    assert "Mungkin ini?" in visitor.reads()
    assert "Belum ketemu" not in visitor.reads()
    visitor.touch("find:help")
    assert desk.helped == ["FinderScreen"]
    visitor.touch("service:perselisihan-kerja")
    assert isinstance(visitor.window.screen_, Card)


def test_what_was_typed_is_still_there_after_a_look_at_the_card_and_gone_with_the_visitor(
    visitor: Visitor,
) -> None:
    visitor.touch("start", "find", *(f"pad:{letter}" for letter in "KTP"), "service:ktp-hilang", "back")
    assert isinstance(visitor.window.screen_, FinderScreen)
    assert visitor.window.screen_.typed == "KTP"
    visitor.window.leave()
    visitor.touch("start", "find")
    assert isinstance(visitor.window.screen_, FinderScreen)
    assert visitor.window.screen_.typed == ""


def test_the_finder_leads_to_an_agency_and_back(visitor: Visitor) -> None:
    visitor.touch("start", "find", *(f"pad:{letter}" for letter in "DUKCAPIL"), "agency:dukcapil")
    assert visitor.sees("service:ktp-hilang")
    visitor.touch("service:ktp-hilang", "back")
    assert visitor.sees("service:ktp-hilang")
    visitor.touch("back")
    assert isinstance(visitor.window.screen_, FinderScreen)
    assert visitor.window.screen_.typed == "DUKCAPIL"
