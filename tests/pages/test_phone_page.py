"""The visitor's phone: right without a script, live with one."""

from pathlib import Path

import pytest
from selenium.webdriver.support.ui import WebDriverWait

from antrean.domain.label import status_token
from queue_server.pages.phone_view import scale_of
from tests.pages.desk_of_tests import barriers, chromium, complaints
from tests.server.house_of_tests import House


@pytest.fixture
def tokens(house: House) -> list[str]:
    kiosk = house.pair()
    ids = [kiosk.issue() for _ in range(3)]
    assert kiosk.push().status_code == 200
    return [status_token(ticket_id) for ticket_id in ids]


def test_without_a_script_the_page_says_everything_and_renews_itself(house: House, tokens: list[str]) -> None:
    page = house.client.get(f"/t/{tokens[2]}").text
    assert 'class="unseen">A1-003<' in page
    assert "orang di depan Anda" in page
    assert 'http-equiv="refresh"' in page


def test_the_address_works_as_the_qr_spells_it(house: House, tokens: list[str]) -> None:
    answer = house.client.get(f"/T/{tokens[0].lower()}", follow_redirects=True)
    assert answer.url.path == f"/t/{tokens[0]}"
    assert "A1-001" in answer.text


def test_a_visitors_phone_is_answered_in_its_language(house: House, tokens: list[str]) -> None:
    english = house.client.get(f"/t/{tokens[2]}", headers={"Accept-Language": "en-GB,en;q=0.9"}).text
    assert "people ahead of you" in english
    assert "orang di depan" in house.client.get(f"/t/{tokens[2]}", headers={"Accept-Language": "fr"}).text


def test_a_number_not_yet_known_is_told_to_stay_valid(house: House) -> None:
    unknown = house.client.get(f"/t/{'0' * 26}")
    assert unknown.status_code == 404
    assert "tetap sah" in unknown.text
    assert house.client.get("/t/nonsense").status_code == 404


def test_a_visitor_can_leave_but_is_asked_first(house: House, tokens: list[str]) -> None:
    path = f"/t/{tokens[1]}"
    assert "tidak bisa dipakai lagi" in house.client.get(f"{path}/leave").text
    assert "orang di depan" in house.client.get(f"/t/{tokens[2]}").text
    left = house.client.post(f"{path}/leave", follow_redirects=True)
    assert "sudah keluar dari antrean" in left.text
    again = house.client.post(f"{path}/leave", follow_redirects=True)
    assert again.status_code == 200


def test_the_bar_of_a_wait_ends_on_a_round_number_beyond_it() -> None:
    assert scale_of([10, 25]) == (25.0, 37.5, 40)
    assert scale_of([0, 5]) == (0.0, 25.0, 20)


@pytest.mark.browser
def test_a_call_turns_the_page_by_itself(house: House, tokens: list[str], tmp_path: Path) -> None:
    with chromium(tmp_path, 390, 844) as driver:
        driver.get(f"{house.url}/t/{tokens[0]}")
        wait = WebDriverWait(driver, 30, poll_frequency=0.05)
        wait.until(lambda _: house.running.parts.hub.streams() == 1)
        assert barriers(driver) == []
        assert house.command("call_next").status_code == 200
        wait.until(lambda _: driver.find_elements("css selector", "body.is-called .go-to"))
        assert "Loket" in driver.find_element("css selector", ".go-to").text
        assert barriers(driver) == []
        assert house.command("start").status_code == 200
        assert house.command("finish").status_code == 200
        wait.until(lambda _: driver.find_elements("css selector", "body.is-completed .said"))
        assert complaints(driver) == []
