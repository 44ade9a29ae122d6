"""The helper's page: a number for somebody else in three taps, where it prints, and who needs a person."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.domain.malls import mall_data
from tests.pages.desk_of_tests import PAGES, barriers, chromium, complaints, desk, employ, sign_in
from tests.server.house_of_tests import FakeKiosk, FakeWorld, House, fill, served


def tap(driver: webdriver.Chrome, selector: str) -> None:
    WebDriverWait(driver, 30).until(
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
        find = WebDriverWait(driver, 30).until(lambda _: driver.find_element("id", "find"))
        assert barriers(driver) == []
        find.send_keys("ktp")
        tap(driver, ".tile")
        assert barriers(driver) == []
        assert not driver.find_elements("css selector", "[name=reason]:checked")
        tap(driver, "#take")  # without a reason there is no number, and a word instead of silence
        assert "Pilih dahulu mengapa dibantu." in driver.find_element("id", "message").text
        tap(driver, ".reasons label")
        driver.execute_script("const b = document.getElementById('take'); b.click(); b.click();")
        WebDriverWait(driver, 30).until(lambda _: driver.find_elements("css selector", ".done .number"))
        assert barriers(driver) == []
        assert len(house.hall().tickets) == 1
        assert complaints(driver) == []


@pytest.mark.browser
def test_after_the_last_number_the_tile_says_when_that_was_and_takes_nothing(tmp_path: Path) -> None:
    data = mall_data()
    data["mall"]["hours"] = {"mon": [["08:00", "09:30"]]}
    data["policy"] = {"last_number_minutes_before_close": 40}
    folder = tmp_path / "mall"
    folder.mkdir()
    fill(folder, data)
    with served(folder, FakeWorld(), pages=PAGES) as house, chromium(tmp_path, 390, 844) as driver:
        employ(house, "sari", "helper")
        sign_in(driver, house, "sari")
        find = WebDriverWait(driver, 30).until(lambda _: driver.find_element("id", "find"))
        find.send_keys("ktp")
        tile = WebDriverWait(driver, 30).until(lambda _: driver.find_element("css selector", ".tile"))
        assert "nomor terakhir sudah diberikan pukul 08.50" in tile.text
        assert tile.get_attribute("aria-disabled") == "true"
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
        WebDriverWait(driver, 30).until(lambda _: driver.find_elements("css selector", "#calls .mine"))
        assert house.hall().help[0].accepted_by == "sari"
        tap(driver, "#calls .done-help")
        WebDriverWait(driver, 30).until(lambda _: not driver.find_elements("css selector", "#calls .call"))
        assert house.hall().help == ()


def printing_kiosk(house: House) -> FakeKiosk:
    kiosk = house.pair(name="Kiosk 2")
    assert kiosk.hello(protocols=[1, 2]).status_code == 200
    return kiosk


def orders_of(house: House, kiosk: FakeKiosk) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = house.client.get("/v1/pull", headers=kiosk.headers).json()["orders"]
    return answer


@pytest.mark.browser
def test_three_taps_take_a_number_that_the_remembered_kiosk_prints(house: House, tmp_path: Path) -> None:
    employ(house, "sari", "helper")
    kiosk = printing_kiosk(house)
    with chromium(tmp_path, 390, 844) as driver:
        sign_in(driver, house, "sari")
        WebDriverWait(driver, 30).until(lambda _: driver.find_elements("css selector", "#find"))
        choose_kiosk(driver, "Kiosk 2")
        driver.refresh()  # the choice belongs to the browser
        driver.find_element("id", "find").send_keys("ktp")
        kiosk.hello(protocols=[1, 2])
        count_taps(driver)
        tap(driver, ".tile")
        tap(driver, ".reasons label:nth-child(2)")
        WebDriverWait(driver, 30).until(lambda _: "Kiosk 2" in driver.find_element("id", "print-said").text)
        tap(driver, "#take")
        said = WebDriverWait(driver, 30).until(
            lambda _: driver.find_elements("css selector", "#paper-state")
        )[0]
        assert driver.execute_script("return window.taps") == 3
        assert "Sedang dicetak di Kiosk 2" in said.text
        (ticket,) = house.hall().tickets.values()
        (order,) = orders_of(house, kiosk)
        assert (order["ticket_id"], order["label"]) == (ticket.ticket_id, str(ticket.label))
        given = [one for one in house.events() if one.type == "AssistanceGiven"]
        assert [one.body["reason"] for one in given] == ["reading"]
        assert given[0].body["minutes"] == 1
        kiosk.write("TicketPrinted", {"ticket_id": ticket.ticket_id, "copy": False})
        assert kiosk.push().status_code == 200
        WebDriverWait(driver, 30).until(lambda _: "Sudah dicetak" in said.text)
        assert barriers(driver) == []
        assert complaints(driver) == []


def choose_kiosk(driver: webdriver.Chrome, name: str) -> None:
    """Chooses where to print as a helper does once on their tablet."""
    driver.find_element("id", "find").send_keys("ktp")
    tap(driver, ".tile")
    wanted = "#print-at option:nth-child(2)"
    WebDriverWait(driver, 30).until(lambda _: driver.find_elements("css selector", wanted))
    Select(driver.find_element("id", "print-at")).select_by_visible_text(name)


def count_taps(driver: webdriver.Chrome) -> None:
    driver.execute_script(
        "window.taps = 0; addEventListener('pointerdown', () => { window.taps += 1; }, true);"
    )


@pytest.mark.browser
def test_a_call_nobody_accepts_grows_louder_and_stays_in_sight(house: House, tmp_path: Path) -> None:
    employ(house, "sari", "helper")
    kiosk = house.pair()
    kiosk.write("HelpRequested", {"place": "Kiosk 2"})
    assert kiosk.push().status_code == 200
    with chromium(tmp_path, 390, 844) as driver:
        sign_in(driver, house, "sari")
        WebDriverWait(driver, 30).until(lambda _: driver.find_elements("css selector", "#calls .open"))
        assert not driver.find_elements("css selector", "#calls .loud")
        house.world.now_ms += 2 * 60_000
        kiosk.hello()
        WebDriverWait(driver, 30).until(lambda _: driver.find_elements("css selector", "#calls .loud"))
        assert "Belum ada yang datang" in driver.find_element("id", "calls").text
        assert barriers(driver) == []
        driver.find_element("id", "find").send_keys("ktp")
        tap(driver, ".tile")
        tap(driver, "#strip .quiet")
        WebDriverWait(driver, 30).until(lambda _: not driver.find_element("id", "strip").is_displayed())
        assert house.hall().help[0].accepted_by == "sari"


@pytest.mark.browser
def test_priority_from_a_kiosk_is_confirmed_on_the_page(house: House, tmp_path: Path) -> None:
    employ(house, "sari", "helper")
    kiosk = house.pair()
    ticket_id = kiosk.issue(priority=True)
    assert kiosk.push().status_code == 200
    with chromium(tmp_path, 390, 844) as driver:
        sign_in(driver, house, "sari")
        tap(driver, "#doubt-rows [data-stands=yes]")
        WebDriverWait(driver, 30).until(lambda _: not driver.find_element("id", "doubts").is_displayed())
        ticket = house.hall().tickets[ticket_id]
        assert (ticket.priority, ticket.priority_checked) == (True, True)


def test_what_the_helpers_page_knows_is_for_staff_only(house: House) -> None:
    assert house.client.get("/v1/state?topics=help").status_code == 401
    assert house.client.get("/helper/kiosks").status_code == 303
    kiosk = printing_kiosk(house)
    assert house.client.get("/v1/state?topics=help", headers=kiosk.headers).status_code == 401


def test_only_kiosks_in_contact_that_print_for_others_are_offered(house: House) -> None:
    employ(house, "sari", "helper")
    house.pair(name="Kios lama").hello(protocols=[1])
    kiosk = printing_kiosk(house)
    with desk(house, "sari") as client:
        assert [one["name"] for one in client.get("/helper/kiosks").json()] == ["Kiosk 2"]
        house.world.now_ms += 30_000
        assert client.get("/helper/kiosks").json() == []
        kiosk.hello(protocols=[1, 2])
        assert [one["id"] for one in client.get("/helper/kiosks").json()] == [kiosk.paired["device_id"]]
