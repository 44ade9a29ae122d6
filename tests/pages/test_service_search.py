"""Services by a visitor's own words on the pages of staff: the kiosk's finder behind what holds the typed words."""

import tomllib
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from antrean.domain.catalogue import Mall
from antrean.domain.catalogue_file import mall_from_dict
from antrean.finder import Finder
from queue_server.pages.services import codes_of
from queue_server.samples import sample_path
from tests.pages.desk_of_tests import barriers, chromium, complaints, desk, employ, sign_in
from tests.pages.officer import Officer
from tests.pages.test_console_visit import serve
from tests.server.house_of_tests import House


@pytest.fixture(scope="module")
def sample() -> Mall:
    return mall_from_dict(tomllib.loads(sample_path("mpp").read_text(encoding="utf-8")))


def test_the_server_answers_with_what_the_words_mean(house: House) -> None:
    employ(house, "sari", "helper")
    with desk(house, "sari") as client:
        assert client.get("/services/find", params={"q": "nwpp"}).json() == {"services": ["npwp"]}
        for nothing in ("", "pesan pizza", "\x00", "q" * 5000):
            assert client.get("/services/find", params={"q": nothing}).json() == {"services": []}
        assert client.get("/services/find").headers["Cache-Control"] == "no-store"


def test_only_staff_ask(house: House) -> None:
    assert house.client.get("/services/find?q=ktp").status_code == 303
    employ(house, "budi", "manager")
    with desk(house, "budi") as client:
        assert client.get("/services/find?q=ktp").status_code == 403


def test_an_agency_stands_for_its_services_the_common_ones_first_and_none_comes_twice(sample: Mall) -> None:
    answers = Finder(sample).find("dukcapil", 3)
    codes = codes_of(sample, answers)
    own = [code for code, one in sample.services.items() if one.agency == "dukcapil"]
    assert set(own) <= set(codes)
    assert len(codes) == len(set(codes))
    common = [sample.services[code].common for code in codes if code in own]
    assert common == sorted(common, reverse=True)


HELD = """
const plain = window.fetch;
window.fetch = (address, options) => String(address).startsWith("/services/find")
  ? new Promise((answer, fail) => { window.asked = address; window.answer = answer; window.fail = fail; })
  : plain(address, options);
"""
FOUND = "return [...document.querySelectorAll('dialog .services input')].map((one) => one.value)"
CHOSEN = "return document.querySelector('dialog .services input:checked').value"


def ask(officer: Officer, typed: str) -> None:
    """Opens the dialog of what follows, and types."""
    serve(officer, "A1-001")
    officer.press("j")
    officer.sees("Layanan berikutnya", "dialog")
    officer.press(typed)


@pytest.mark.browser
def test_a_slip_finds_the_service_and_nonsense_is_told_as_such(officer: Officer) -> None:
    ask(officer, "nwpp")
    officer.until(lambda: officer.run(FOUND) == ["npwp"])
    assert officer.run(CHOSEN) == "npwp"
    assert barriers(officer.driver) == []
    officer.press("q")
    officer.sees("Tidak ada layanan yang cocok", "dialog .services")
    assert complaints(officer.driver) == []


@pytest.mark.browser
def test_what_comes_late_moves_nothing_and_what_never_comes_is_not_missed(officer: Officer) -> None:
    officer.run(HELD)
    ask(officer, "baru")
    assert officer.run(FOUND) == ["ktp-baru"]
    officer.until(lambda: officer.run("return window.asked") == "/services/find?q=baru")
    officer.run("window.answer(Response.json({services: ['npwp', 'ktp-baru', 'gone']}))")
    officer.until(lambda: officer.run(FOUND) == ["ktp-baru", "npwp"])
    assert officer.run(CHOSEN) == "ktp-baru"
    officer.press("qq")
    officer.until(lambda: officer.run("return window.asked") == "/services/find?q=baruqq")
    assert "Tidak ada layanan" not in officer.text("dialog .services")
    officer.run("window.fail(new TypeError('no network'))")
    officer.sees("Tidak ada layanan yang cocok", "dialog .services")
    assert complaints(officer.driver) == []


@pytest.mark.browser
def test_the_helpers_field_stays_under_the_finger_while_what_it_finds_changes(
    house: House, tmp_path: Path
) -> None:
    employ(house, "sari", "helper")
    with chromium(tmp_path, 390, 844) as driver:
        sign_in(driver, house, "sari")
        find = WebDriverWait(driver, 30).until(lambda _: driver.find_element("id", "find"))
        tops, tiles = set(), set()
        for letters in ("k", "tp-b", "xx"):
            find.send_keys(letters)
            tops.add(find.location["y"])
            tiles.add(len(driver.find_elements("css selector", ".tile")))
        assert len(tiles) > 1
        assert len(tops) == 1
        assert barriers(driver) == []
        find.send_keys(*(Keys.BACKSPACE,) * len("xxtp-b"))
        WebDriverWait(driver, 30).until(lambda _: driver.find_elements("css selector", ".tile"))
        find.send_keys(Keys.TAB)
        assert driver.switch_to.active_element.get_attribute("class") == "tile"


@pytest.mark.browser
def test_a_helpers_tile_stays_the_same_while_the_hall_changes(house: House, tmp_path: Path) -> None:
    employ(house, "sari", "helper")
    with chromium(tmp_path, 390, 844) as driver:
        sign_in(driver, house, "sari")
        WebDriverWait(driver, 30).until(lambda _: driver.find_element("id", "find")).send_keys("ktp-baru")
        tile = driver.find_element("css selector", ".tile")
        assert "tidak ada antrean" in tile.text
        kiosk = house.pair()
        kiosk.issue()
        assert kiosk.push().status_code == 200
        WebDriverWait(driver, 30).until(lambda _: "1 menunggu" in tile.text)
        tile.click()
        assert driver.find_element("id", "step-reason").is_displayed()


@pytest.mark.browser
def test_without_scripts_a_helper_sees_the_plain_forms_alone(house: House, tmp_path: Path) -> None:
    employ(house, "sari", "helper")
    with chromium(tmp_path, 390, 844) as driver:
        sign_in(driver, house, "sari")
        WebDriverWait(driver, 30).until(lambda _: driver.find_elements("css selector", "#find"))
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        driver.refresh()
        assert driver.find_element("css selector", "noscript .plain-form").is_displayed()
        live = driver.find_elements("css selector", "[data-needs-script]")
        assert live
        assert [one.get_attribute("id") for one in live if one.is_displayed()] == []
