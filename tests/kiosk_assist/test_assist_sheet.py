"""One labelled control on every screen opens one sheet; what it offers is applied at once and forgotten afterwards."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from antrean.texts import LANGUAGES
from kiosk import gallery
from kiosk.assist.sheet import MODES, TONGUES, AssistSheet
from kiosk.screens.needs import Needs
from kiosk.screens.screen import LANDSCAPE, PORTRAIT
from kiosk.visit import ASSIST, Aloud, Assist
from kiosk.widgets.key import Key
from tests.kiosk_assist.conftest import SETTINGS
from tests.kiosk_assist.hands import FakeSpeaker, Hands
from tests.kiosk_screens.fake_desk import FakeDesk
from tests.kiosk_screens.test_screens_fit import complaints

WAYS = {
    "Welcome": (),
    "Needs": ("start",),
    "ServiceList": ("start", "need:ktp-kk"),
    "Card": ("service:ktp-hilang",),
    "Priority": ("service:ktp-hilang", "take"),
    "Number": ("service:ktp-hilang", "take", "priority:no"),
    "FinderScreen": ("start", "find"),
    "Pin": ("emblem",) * 5,
}
CHOICES: dict[str, Assist] = {
    "easy": Assist(easy=True, aloud=Aloud.READ),
    "talk": Assist(aloud=Aloud.EXPLORE),
    "contrast": Assist(theme="contrast"),
    "reach": Assist(reach=True),
    "private": Assist(private=True),
    "louder": Assist(volume=4),
    "quieter": Assist(volume=2),
}


@pytest.mark.parametrize("screen", WAYS)
def test_every_mode_is_chosen_on_any_screen_and_cleared_after_the_visit(hands: Hands, screen: str) -> None:
    for choice, wanted in CHOICES.items():
        hands.tap(*WAYS[screen])
        hands.tap("display", f"sheet:{choice}")
        assert type(hands.window.screen_).__name__ == screen, "the visitor stays where they are"
        assert hands.window.visit.assist == wanted
        assert hands.window.screen_ is not None
        drawn = hands.window.screen_.scene.assist
        assert drawn == (wanted if screen != "Pin" else replace(wanted, easy=False, reach=False)), "at once"
        assert isinstance(hands.window.sheet, AssistSheet), "the sheet stays for more"
        hands.window.leave()
        assert hands.window.visit.assist == ASSIST
        assert (hands.speaker.level, hands.speaker.private) == (ASSIST.volume, False)
        assert hands.window.sheet is None


@pytest.mark.parametrize("choice", ["easy", "talk", "contrast", "reach", "private"])
def test_a_second_touch_takes_a_choice_back(hands: Hands, choice: str) -> None:
    hands.tap("start", "display", f"sheet:{choice}", f"sheet:{choice}")
    if choice == "talk":  # now the first touch speaks
        hands.tap(f"sheet:{choice}")
    assert hands.window.visit.assist == ASSIST


def test_a_choice_that_is_on_says_so_in_words_and_to_the_ear(hands: Hands) -> None:
    hands.tap("display", "sheet:easy")
    assert hands.find("sheet:easy").accessibleName() == "Mode mudah, aktif"
    assert "Mode mudah, aktif" in hands.speaker.heard()
    assert hands.find("sheet:reach").accessibleName() == "Jangkauan rendah, tidak aktif"


def test_contrast_goes_back_to_the_kiosks_own_theme(qtbot: QtBot, desk: FakeDesk) -> None:
    settings = replace(SETTINGS, assist=Assist(theme="dark"))
    for hands in Hands.at(qtbot, desk, settings, FakeSpeaker()):
        hands.tap("display", "sheet:contrast")
        assert hands.window.visit.assist.theme == "contrast"
        hands.tap("sheet:contrast")
        assert hands.window.visit.assist.theme == "dark"


def test_a_kiosk_without_a_voice_says_so_and_offers_none(mute: Hands) -> None:
    mute.tap("display")
    for name in ("talk", "louder", "quieter", "private"):
        assert not mute.sees(f"sheet:{name}")
    assert isinstance(mute.window.sheet, AssistSheet)
    assert any("tidak bersuara" in stop.accessibleName() for stop in mute.window.sheet.stops())
    mute.tap("sheet:easy")
    assert mute.window.visit.assist == Assist(easy=True), "nothing is read out that cannot be heard"


def test_earphones_are_offered_only_where_there_are_some(qtbot: QtBot, desk: FakeDesk) -> None:
    for hands in Hands.at(qtbot, desk, SETTINGS, FakeSpeaker(earphones=False)):
        hands.tap("display")
        assert hands.sees("sheet:louder")
        assert not hands.sees("sheet:private")


def test_the_volume_has_five_steps_and_each_is_heard(hands: Hands) -> None:
    hands.tap("display")
    hands.tap(*["sheet:louder"] * 4)
    assert hands.speaker.level == 5
    assert "5 dari 5" in hands.speaker.heard()
    hands.tap(*["sheet:quieter"] * 7)
    assert hands.speaker.level == 0
    assert hands.find("volume").accessibleName() == "Suara 0 dari 5"


def test_the_easy_mode_reads_every_screen_and_silence_ends_it(hands: Hands) -> None:
    hands.tap("display", "sheet:easy", "sheet:close", "start")
    assert "Mau urus apa?" in hands.speaker.heard()
    hands.tap("silence")
    assert hands.window.visit.assist == Assist(easy=True)
    assert isinstance(hands.window.screen_, Needs)
    assert not hands.sees("silence")
    hands.speaker.heard()
    hands.tap("back")
    assert hands.speaker.heard() == ""


def test_louder_brings_back_the_voice_of_the_easy_mode(hands: Hands) -> None:
    hands.tap("display", "sheet:easy", "sheet:close", "silence", "display", "sheet:louder")
    assert hands.window.visit.assist == Assist(easy=True, aloud=Aloud.READ, volume=4)


def test_any_touch_silences_what_is_spoken(hands: Hands) -> None:
    hands.tap("display", "sheet:easy", "sheet:close")
    before = hands.speaker.stops
    hands.touch(hands.middle("voice_bar"))
    assert hands.speaker.stops > before


def test_every_language_is_on_its_own_page_by_its_own_name(hands: Hands) -> None:
    hands.tap("start", "display", "sheet:languages")
    for language in LANGUAGES:
        hands.tap(f"sheet:language:{language}")
        assert hands.window.visit.language == language
        assert isinstance(hands.window.sheet, AssistSheet)
        assert hands.window.screen_ is not None
        assert hands.window.screen_.t.language == language
    hands.tap("sheet:modes")
    assert hands.sees("sheet:easy")
    hands.tap("sheet:close")
    assert hands.window.sheet is None


def test_turning_the_panel_keeps_the_sheet(hands: Hands) -> None:
    hands.tap("start", "display")
    hands.window.resize(960, 540)
    assert isinstance(hands.window.sheet, AssistSheet)
    assert hands.find("sheet:close").geometry().bottom() < 540


def test_the_header_says_that_it_is_being_read_and_what(hands: Hands) -> None:
    hands.tap("display", "sheet:talk", "sheet:close", "sheet:close", "start")
    bar = hands.find("voice_bar")
    assert bar.accessibleName().startswith("Sedang dibacakan")
    assert "Sentuh untuk mulai" in bar.accessibleName()


def sheets(desk: FakeDesk, view: gallery.View) -> Iterator[AssistSheet]:
    scene = gallery.scene_for(desk, view)
    below = QWidget()
    below.resize(*(PORTRAIT if view.portrait else LANDSCAPE))
    for voice in (True, False):
        for page in (MODES, TONGUES):
            now = replace(scene.assist, volume=5, private=voice)
            for aloud in (Aloud.OFF, Aloud.EXPLORE) if voice else (Aloud.OFF,):
                shown = replace(scene, voice=voice, assist=replace(now, aloud=aloud))
                sheet = AssistSheet(shown, below, page, earphones=voice)
                sheet.resize(below.size())
                yield sheet


@pytest.mark.parametrize("view", list(gallery.views()), ids=lambda view: view.name)
def test_the_sheet_fits_in_every_view_and_within_reach(
    desk: FakeDesk, qtbot: QtBot, view: gallery.View
) -> None:
    for sheet in sheets(desk, view):
        assert complaints(sheet) == []
        keys = [key for key in sheet.findChildren(Key) if key.isVisibleTo(sheet)]
        least = 112 if "easy" in view.mode else 81
        assert min(min(key.width(), key.height()) for key in keys) >= least
        if "reach" in view.mode:
            low = 800 if view.portrait else 540
            assert min(key.geometry().top() for key in keys) >= low
