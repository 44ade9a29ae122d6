"""What a visitor reads in a browser, in every language they can choose; what staff read, in theirs."""

from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from antrean.domain.label import status_token
from antrean.texts import LANGUAGES, OWN_NAMES, STAFF_LANGUAGES, texts_for
from tests.pages.desk_of_tests import barriers, chromium, complaints
from tests.server.house_of_tests import House

COOKIE = "antrean_language"
NARROW = 320
"""The narrowest phone in use, in CSS pixels."""


@pytest.fixture
def token(house: House) -> str:
    kiosk = house.pair()
    ids = [kiosk.issue() for _ in range(3)]
    assert kiosk.push().status_code == 200
    return status_token(ids[-1])


def heard(house: House, path: str, language: str) -> str:
    return house.client.get(path, headers={"Cookie": f"{COOKIE}={language}"}).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_visitor_speaks_the_chosen_language(house: House, token: str, language: str) -> None:
    t = texts_for(language)
    pages = {
        f"/t/{token}": t("phone.leave"),
        f"/t/{token}/leave": t("phone.leave_no"),
        f"/t/{'0' * 26}": t("phone.unknown_title"),
        "/t/nothing/here": t("common.error_title_404"),
        "/board": t("board.earlier"),
    }
    for path, said in pages.items():
        page = heard(house, path, language)
        assert f'<html lang="{language}"' in page, path
        assert said in page, path


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_that_speaks_a_language_gets_it_without_asking(
    house: House, token: str, language: str
) -> None:
    wish = {"Accept-Language": f"{language}-ID,fr;q=0.5"}
    page = house.client.get(f"/t/{token}", headers=wish)
    assert texts_for(language)("phone.leave") in page.text
    assert page.headers["Content-Language"] == language


def test_the_other_languages_are_offered_by_their_own_names(house: House, token: str) -> None:
    page = heard(house, f"/t/{token}", "su")
    for language in LANGUAGES:
        assert (f'hreflang="{language}">{OWN_NAMES[language]}' in page) == (language != "su")
    house.client.get(f"/prefer?language=jv&to=/t/{token}")
    assert texts_for("jv")("phone.leave") in house.client.get(f"/t/{token}").text


def test_a_visitors_language_leaves_the_staffs_pages_indonesian(house: House) -> None:
    for language in set(LANGUAGES) - set(STAFF_LANGUAGES):
        page = heard(house, "/", language)
        assert '<html lang="id"' in page
        assert texts_for("id")("common.sign_in_help") in page


def test_the_interface_answers_programs_in_the_staffs_languages(house: House) -> None:
    answer = house.client.get("/v1/state?topics=nonsense", headers={"Accept-Language": "jv"})
    assert answer.headers["Content-Language"] == "id"


@pytest.mark.browser
def test_no_page_of_a_visitor_runs_out_of_a_narrow_phone(house: House, token: str, tmp_path: Path) -> None:
    with chromium(tmp_path, 500, 844) as driver:
        driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": NARROW, "height": 640, "deviceScaleFactor": 1, "mobile": True},
        )
        for language in LANGUAGES:
            for path in (f"/t/{token}", f"/t/{token}/leave", f"/t/{'0' * 26}"):
                driver.get(f"{house.url}/prefer?language={language}&to={path}")
                driver.find_element(By.CSS_SELECTOR, ".languages summary").click()
                links = driver.find_elements(By.CSS_SELECTOR, ".languages a")
                assert len(links) == len(LANGUAGES) - 1
                for link in links:
                    assert link.rect["x"] >= 0
                    assert link.rect["x"] + link.rect["width"] <= NARROW
                    assert link.rect["height"] >= 44
                wide = driver.execute_script("return document.documentElement.scrollWidth")
                assert wide <= NARROW, (language, path)
            driver.get(f"{house.url}/t/{token}")
            driver.find_element(By.CSS_SELECTOR, ".languages summary").click()
            assert barriers(driver) == [], language
        assert [line for line in complaints(driver) if "404" not in line] == []
