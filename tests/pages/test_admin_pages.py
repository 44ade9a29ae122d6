"""The administrator's pages: devices, accounts, health."""

import re
from pathlib import Path

import pytest
from selenium.webdriver.support.ui import WebDriverWait

from tests.pages.desk_of_tests import PASSWORD, barriers, chromium, desk, employ, sign_in
from tests.server.house_of_tests import House


def test_a_pairing_code_from_the_page_lets_a_kiosk_in(house: House) -> None:
    employ(house, "budi", "administrator")
    with desk(house, "budi") as client:
        page = client.post("/admin/devices", data={"kind": "kiosk", "name": "Kiosk 1"}).text
        code = re.search(r'class="code num">([^<]+)<', page)
        assert code is not None
        paired = house.client.post("/v1/pair", json={"code": code[1]})
        assert paired.status_code == 200
        assert "Kiosk 1" in client.get("/admin/devices").text
        gone = client.post(f"/admin/devices/{paired.json()['device_id']}/withdraw")
        assert "Dicabut" in gone.text
        refused = client.post("/admin/devices", data={"kind": "toaster", "name": "X"})
        assert refused.status_code == 422
        assert 'role="alert"' in refused.text


def test_a_new_account_gets_a_link_and_can_be_locked_out_again(house: House) -> None:
    employ(house, "budi", "administrator")
    with desk(house, "budi") as client:
        form = {"name": "Dewi", "shown_name": "Dewi Lestari", "roles": ["officer", "helper"]}
        page = client.post("/admin/users", data=form).text
        link = re.search(r"/first/(\w+)<", page)
        assert link is not None
        chosen = {"shown_name": "Dewi", "password": PASSWORD, "again": PASSWORD}
        assert house.client.post(f"/first/{link[1]}", data=chosen).status_code == 303
        assert "sudah ada" in client.post("/admin/users", data=form).text
        client.post("/admin/users/dewi/disabled", data={"disabled": "yes"})
    assert house.client.post("/", data={"name": "dewi", "password": PASSWORD}).status_code == 401


def test_the_last_administrator_stays(house: House) -> None:
    employ(house, "budi", "administrator")
    with desk(house, "budi") as client:
        for path, form in (("roles", {"roles": ["officer"]}), ("disabled", {"disabled": "yes"})):
            answer = client.post(f"/admin/users/budi/{path}", data=form)
            assert answer.status_code >= 400
            assert "administrator" in answer.text
        assert client.get("/admin/users").status_code == 200


def test_a_form_without_the_sessions_token_changes_nothing(house: House) -> None:
    employ(house, "budi", "administrator")
    with desk(house, "budi") as client:
        del client.headers["X-CSRF-Token"]
        answer = client.post("/admin/users", data={"name": "x", "shown_name": "X", "roles": "officer"})
        assert answer.status_code == 403
        assert "<td>x</td>" not in client.get("/admin/users").text


@pytest.mark.browser
def test_no_page_of_the_administrator_has_a_serious_barrier(house: House, tmp_path: Path) -> None:
    employ(house, "budi", "administrator")
    house.pair()
    with chromium(tmp_path) as driver:
        driver.get(house.url)
        assert barriers(driver) == []
        sign_in(driver, house, "budi")
        WebDriverWait(driver, 30).until(lambda _: driver.current_url.endswith("/manage"))
        for path in ("devices", "users", "health"):
            for theme in ("light", "contrast"):
                driver.get(f"{house.url}/prefer?theme={theme}&to=/admin/{path}")
                assert barriers(driver) == [], (path, theme)
