"""What a visitor meets when all is not usual, in every language, usual and easy."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from antrean.look.tokens import LIGHT
from antrean.texts import LANGUAGES, texts_for
from kiosk import gallery
from kiosk.assist.sheet import TONGUES, AssistSheet
from kiosk.desk import Paper
from kiosk.screens import lists
from kiosk.screens.card import Card
from kiosk.screens.needs import Needs
from kiosk.screens.number import Number
from kiosk.screens.sheets import notice_sheet
from tests.kiosk_screens.fake_desk import MONDAY_0942, FakeDesk, issued
from tests.kiosk_screens.test_screens_fit import complaints

SEEN = [
    gallery.View(portrait, language, LIGHT, mode=mode)
    for portrait in (True, False)
    for language in LANGUAGES
    for mode in ("", "easy")
]
NOTICES = (
    ("no_number", "refused"),
    ("no_number", "refused_closed"),
    ("no_number", "refused_full"),
    ("no_number", "refused_last_number_given"),
    ("no_number", "refused_unknown_service"),
    ("no_number", "refused_not_paired"),
    ("machine_stuck", "refused_unavailable"),
    ("checklist_printing", "checklist_text"),
    ("scan_unknown_title", "scan_unknown"),
    ("scan_unknown_title", "scan_bad"),
    ("scan_old_title", "scan_old"),
    ("copy_printing", "copy_text"),
    ("no_number", "refused_booking_arrived"),
    ("no_number", "refused_booking_cancelled"),
)


@pytest.mark.parametrize("view", SEEN, ids=lambda view: view.name)
def test_closed_full_and_every_outcome_of_the_paper_fit(
    qtbot: QtBot, desk: FakeDesk, view: gallery.View
) -> None:
    scene = gallery.scene_for(desk, view)
    service = desk.the_mall.services["ktp-hilang"]
    shown: list[QWidget] = []
    for hours in (-9, 3, 8, 5 * 24):
        desk.now = MONDAY_0942 + hours * 3_600_000
        shown += [Card(scene, service), lists.services_of_need(scene, "ktp-kk")]
    desk.now = desk.end_numbers()
    shown += [Card(scene, service), lists.services_of_need(scene, "ktp-kk")]
    desk.full, desk.now = set(desk.the_mall.services), MONDAY_0942
    shown += [Card(scene, service), lists.services_of_need(scene, "ktp-kk")]
    for paper in Paper:
        number = Number(scene, replace(issued("ktp-hilang"), ahead=None, wait=None, label="A1-1012"))
        number.show_paper(paper)
        shown.append(number)
    bad = []
    for screen in shown:
        qtbot.addWidget(screen)
        bad += complaints(screen)
    assert bad == []


@pytest.mark.parametrize("view", SEEN, ids=lambda view: view.name)
def test_every_notice_fits_its_sheet(qtbot: QtBot, desk: FakeDesk, view: gallery.View) -> None:
    scene, t = gallery.scene_for(desk, view), texts_for(view.language)
    below = Needs(scene)
    qtbot.addWidget(below)
    bad = []
    for title, text in NOTICES:
        said = notice_sheet(scene, "info-circle", t(f"kiosk.{title}"), t(f"kiosk.{text}"), below)
        said.resize(below.size())
        bad += complaints(said)
    stays = f"{t('kiosk.number_valid')} {t('kiosk.paper_step_photo')}"
    said = notice_sheet(scene, "printer-off", t("kiosk.copy_failed"), stays, below)
    said.resize(below.size())
    bad += complaints(said)
    back = t("kiosk.scan_back", time="09.41")
    for text in (back, t("kiosk.scan_back_unknown_time"), t("kiosk.scan_known")):
        said = notice_sheet(scene, "check", t("kiosk.scan_title", label="A1-1012"), text, below)
        said.resize(below.size())
        bad += complaints(said)
    assert bad == []


@pytest.mark.parametrize("view", SEEN, ids=lambda view: view.name)
def test_the_choice_of_language_fits(qtbot: QtBot, desk: FakeDesk, view: gallery.View) -> None:
    below = Needs(gallery.scene_for(desk, view))
    qtbot.addWidget(below)
    sheet = AssistSheet(below.scene, below, TONGUES)
    sheet.resize(below.size())
    assert complaints(sheet) == []
