"""The helper's page: a number for somebody else in two taps, and who needs a person."""

import uuid
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

from tests.pages.desk_of_tests import barriers, chromium, complaints, desk, employ, sign_in
from tests.server.house_of_tests import House


def tap(driver: webdriver.Chrome, selector: str) -> None:
    WebDriverWait(driver, 5).until(
        lambda _: [one for one in driver.find_elements("css selector", selector) if one.is_displayed()]
    )[0].click()


def test_the_number_just_taken_has_its_qr_and_no_stranger_sees_it(house: House) -> None:
    employ(house, "sari", "helper")
    with desk(house, "sari") as client:
        body = {"command": "issue", "counter": "", "service": "ktp-baru"}
        taken = client.post("/v1/commands", json=body, headers={"Idempotency-Key": "helper-test-1"}).json()
        page = client.get(f"/helper/ticket/{taken['ticket']['ticket_id']}").text
        assert taken["ticket"]["label"] in page
        assert "<svg" in page.split('class="qr"')[1]
        assert client.get(f"/helper/ticket/{uuid.uuid4()}").status_code == 404
        assert client.get("/helper/ticket/nonsense").status_code == 422
    answer = house.client.get(f"/helper/ticket/{taken['ticket']['ticket_id']}")
    assert answer.status_code == 303


@pytest.mark.browser
def test_a_double_tap_takes_one_number(house: House, tmp_path: Path) -> None:
    employ(house, "sari", "helper")
    with chromium(tmp_path, 390, 844) as driver:
        sign_in(driver, house, "sari")
        find = WebDriverWait(driver, 5).until(lambda _: driver.find_element("id", "find"))
        assert barriers(driver) == []
        find.send_keys("ktp")
        tap(driver, ".tile")
        assert barriers(driver) == []
        driver.execute_script("const b = document.getElementById('take'); b.click(); b.click();")
        WebDriverWait(driver, 5).until(lambda _: driver.find_elements("css selector", ".done .number"))
        assert barriers(driver) == []
        assert len(house.hall().tickets) == 1
        assert complaints(driver) == []


@pytest.mark.browser
def test_a_call_for_help_is_answered_from_the_page(house: House, tmp_path: Path) -> None:
    employ(house, "sari", "helper")
    kiosk = house.pair()
    kiosk.write("HelpRequested", {"place": "Kiosk 1, lobi utara"})
    assert kiosk.push().status_code == 200
    with chromium(tmp_path, 390, 844) as driver:
        sign_in(driver, house, "sari")
        tap(driver, "#calls .primary")
        WebDriverWait(driver, 5).until(lambda _: driver.find_elements("css selector", "#calls .mine"))
        assert house.hall().help[0].accepted_by == "sari"
