"""Staff at the kiosk: the corner's pages, and a number taken for somebody else."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from antrean.domain.assistance import ASSIST_REASONS
from antrean.domain.errors import Unavailable
from antrean.texts import STAFF_LANGUAGES, texts_for
from kiosk import gallery
from kiosk.defaults import Defaults
from kiosk.screens.assisted import Assisted
from kiosk.screens.needs import Needs
from kiosk.screens.number import Number
from kiosk.screens.staff import Staff, printer_words
from kiosk.screens.staff_pages import Network, Outfit
from kiosk.screens.welcome import Welcome
from kiosk.visit import Settings
from tests.kiosk_screens.fake_desk import FakeDesk
from tests.kiosk_screens.test_screens_fit import complaints
from tests.kiosk_screens.visitor import Visitor, at_a_kiosk

PIN = ("pad:2", "pad:4", "pad:6", "pad:8")
MINUTE_MS = 60_000


@pytest.fixture
def staff(qtbot: QtBot, desk: FakeDesk) -> Iterator[Visitor]:
    """Somebody who typed the PIN and has not said yet what for."""
    settings = Settings(idle_seconds=3, answer_seconds=2, tick_ms=3_600_000, double_ms=0)
    for visitor in at_a_kiosk(qtbot, desk, settings):
        visitor.touch(*["emblem"] * 5, *PIN)
        yield visitor


@pytest.fixture
def corner(staff: Visitor) -> Visitor:
    staff.touch("pad:done")
    assert isinstance(staff.window.screen_, Staff)
    return staff


def tick(visitor: Visitor, times: int = 1) -> None:
    for _ in range(times):
        visitor.window._tick()


def test_the_corner_says_in_words_how_things_are(corner: Visitor) -> None:
    said = corner.reads()
    for words in ("Jaringan 192.168.10.9", "Kertas habis", "Terhubung", "3 catatan", "Baik"):
        assert words in said
    assert "paper_out" not in said


def test_a_new_roll_silences_the_old_complaint_and_prints_a_test_page(
    corner: Visitor, desk: FakeDesk
) -> None:
    corner.touch("staff:changed")
    assert desk.rolls == 1
    assert "Kertas habis" not in corner.reads()
    assert "Sedang mencetak" in corner.reads()
    desk.staff_paper = "printed"
    tick(corner)
    assert "Baik, tercetak 09.41" in corner.reads()
    assert desk.printed == []  # no ticket is printed again by itself


@pytest.mark.parametrize("reason", ["cover_open", "unreachable", "no_printer", "something_new"])
def test_every_trouble_of_the_printer_is_a_sentence(corner: Visitor, desk: FakeDesk, reason: str) -> None:
    desk.staff_paper = reason
    tick(corner)
    assert reason not in corner.reads()


def test_a_printer_is_named_as_a_person_would(corner: Visitor) -> None:
    t = texts_for("id")
    assert printer_words("usb:04b8:0e15", t) == "USB 04b8:0e15"
    assert printer_words("file:/srv/kiosk/paper.bin", t) == "Berkas srv/kiosk/paper.bin"
    assert printer_words("", t) == "Belum diatur"


def test_the_network_page_shows_all_addresses_and_tries_again_at_once(
    corner: Visitor, desk: FakeDesk
) -> None:
    corner.touch("staff:network")
    assert isinstance(corner.window.screen_, Network)
    for words in (
        "192.168.10.5:8080, 192.168.10.6:8080",
        "192.168.10.31",
        "4 dtk yang lalu",
        "Kiosk lobi utara (1)",
    ):
        assert words in corner.reads()
    corner.touch("staff:contact")
    assert desk.contacts == 1
    corner.touch("back")
    assert isinstance(corner.window.screen_, Staff)
    corner.touch("back")
    assert isinstance(corner.window.screen_, Welcome)


def test_volume_and_theme_hold_for_every_visitor_from_now_on(corner: Visitor, desk: FakeDesk) -> None:
    corner.touch("staff:outfit", "volume:up", "theme:dark")
    assert isinstance(corner.window.screen_, Outfit)
    assert desk.kept == Defaults("dark", 4)
    assert corner.window.screen_.scene.style.theme.name == "dark"
    assert "4 dari 5" in corner.reads()
    corner.window.leave()
    assert (corner.window.visit.assist.theme, corner.window.visit.assist.volume) == ("dark", 4)


def test_the_volume_ends_at_its_ends(corner: Visitor, desk: FakeDesk) -> None:
    corner.touch("staff:outfit", *["volume:up"] * 4)
    assert desk.kept.volume == 5
    corner.touch(*["volume:down"] * 7)
    assert desk.kept.volume == 0
    assert "Tanpa suara" in corner.reads()


def test_a_choice_the_disk_refuses_holds_until_the_restart_and_says_so(
    corner: Visitor, desk: FakeDesk
) -> None:
    desk.refusal = Unavailable("full", permanent=False)
    corner.touch("staff:outfit", "theme:dark")
    assert corner.window.visit.assist.theme == "dark"
    assert "Tidak dapat disimpan" in corner.reads()


def test_a_kiosk_without_a_voice_says_so_instead_of_nothing(corner: Visitor) -> None:
    corner.touch("staff:outfit", "volume:hear")
    assert "belum punya suara" in corner.reads()


def test_closing_is_asked_once_more_and_restarting_is_not(corner: Visitor) -> None:
    codes: list[int] = []
    corner.window.quit_asked.connect(codes.append)
    corner.touch("staff:quit", "sheet:close")
    assert codes == []
    corner.touch("staff:quit", "sheet:quit")
    corner.touch("staff:restart")
    assert codes == [0, 75]


def test_nobody_at_the_corner_any_more_brings_welcome_back(corner: Visitor) -> None:
    corner.touch("staff:network")
    tick(corner, 3 + 2)
    assert isinstance(corner.window.screen_, Welcome)


def test_a_common_service_takes_three_touches_after_the_pin(staff: Visitor, desk: FakeDesk) -> None:
    staff.touch("pin:helping")
    assert isinstance(staff.window.screen_, Needs)
    assert "Mode pendamping" in staff.reads()
    desk.now += 2 * MINUTE_MS + 1
    staff.touch("need:ktp-kk", "service:ktp-hilang", "reason:sight")
    assert isinstance(staff.window.screen_, Number)
    (choice,) = desk.choices
    assert (choice.service, choice.priority, choice.assisted) == ("ktp-hilang", False, True)
    assert (choice.reason, choice.minutes) == ("sight", 3)
    assert len(desk.printed) == 1


def test_helper_mode_ends_with_its_number(staff: Visitor, desk: FakeDesk) -> None:
    staff.touch("pin:helping", "need:ktp-kk", "service:ktp-hilang", "reason:phone")
    assert "Mode pendamping" in staff.reads()
    staff.window.leave()
    assert "Mode pendamping" not in staff.reads()
    staff.take_a_number()
    assert [choice.assisted for choice in desk.choices] == [True, False]


def test_helper_mode_ends_when_nobody_touches_it(staff: Visitor) -> None:
    staff.touch("pin:helping")
    tick(staff, 3 + 2)
    assert isinstance(staff.window.screen_, Welcome)
    assert staff.window.visit.helped_since_ms == 0


def test_priority_is_one_touch_more_and_can_be_taken_back(staff: Visitor, desk: FakeDesk) -> None:
    staff.touch("pin:helping", "need:ktp-kk", "service:ktp-hilang", "assist:priority")
    assert "Prioritas" in staff.reads()
    staff.touch("assist:priority", "assist:priority", "reason:body")
    assert [choice.priority for choice in desk.choices] == [True]


@pytest.mark.parametrize("change", ["sheet:contrast", "sheet:language:en"])
def test_priority_stays_when_the_screen_is_drawn_anew(staff: Visitor, desk: FakeDesk, change: str) -> None:
    staff.touch("pin:helping", "need:ktp-kk", "service:ktp-hilang", "assist:priority", "display")
    if change.startswith("sheet:language"):
        staff.touch("sheet:languages")
    staff.touch(change, "sheet:close", "reason:sight")
    assert [choice.priority for choice in desk.choices] == [True]


def test_priority_of_one_helped_visitor_is_not_that_of_the_next(staff: Visitor, desk: FakeDesk) -> None:
    staff.touch("pin:helping", "need:ktp-kk", "service:ktp-hilang", "assist:priority", "reason:body")
    staff.touch("done", *["emblem"] * 5, *PIN, "pin:helping")
    staff.touch("need:ktp-kk", "service:ktp-hilang", "reason:phone")
    assert [choice.priority for choice in desk.choices] == [True, False]


def test_a_wrong_pin_helps_nobody(qtbot: QtBot, desk: FakeDesk) -> None:
    for visitor in at_a_kiosk(qtbot, desk):
        visitor.touch(*["emblem"] * 5, "pad:1", "pin:helping")
        assert "PIN salah" in visitor.reads()
        assert not visitor.sees("need:ktp-kk")


def test_a_closed_service_says_why_also_to_staff(staff: Visitor, desk: FakeDesk) -> None:
    desk.now += 9 * 3_600_000
    staff.touch("pin:helping", "need:ktp-kk", "service:ktp-hilang")
    assert not isinstance(staff.window.screen_, Assisted)
    assert "buka" in staff.reads().lower()


def test_back_from_the_reasons_leads_to_the_list_and_the_screen_knows_six(staff: Visitor) -> None:
    staff.touch("pin:helping", "need:ktp-kk", "service:ktp-hilang")
    assert isinstance(staff.window.screen_, Assisted)
    assert all(staff.sees(f"reason:{reason}") for reason in ASSIST_REASONS)
    staff.touch("back", "service:ktp-hilang")
    assert isinstance(staff.window.screen_, Assisted)


STAFF_VIEWS = [view for view in gallery.views() if view.language in STAFF_LANGUAGES]
"""The corner has no texts of its own in the visitors' further languages."""


@pytest.mark.parametrize("view", STAFF_VIEWS, ids=lambda view: view.name)
def test_every_state_of_the_corner_fits(qtbot: QtBot, desk: FakeDesk, view: gallery.View) -> None:
    scene, bad = gallery.scene_for(desk, view), []
    troubles = ("", "printing", "printed", "connection_lost", "write_timeout", "not_spooled", "no_answer")
    links = ("offline", "unpaired", "busy", "upgrade_needed", "older_server", "device_withdrawn", "online")
    for paper, link, disk in zip(troubles, links, ("full", "second", "healed", "", "", "", ""), strict=True):
        desk.staff_paper, desk.link, desk.disk = paper, link, disk
        for make in (Staff, Network):
            screen = make(scene)
            qtbot.addWidget(screen)
            bad += complaints(screen)
    for volume in (0, 5):
        desk.kept = Defaults("light", volume)
        outfit = Outfit(scene)
        qtbot.addWidget(outfit)
        bad += complaints(outfit)
    for service in desk.the_mall.services.values():
        assisted = Assisted(scene, service)
        qtbot.addWidget(assisted)
        bad += complaints(assisted)
    QApplication.processEvents()
    assert bad == []
