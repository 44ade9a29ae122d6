"""The way in: sign-in, first password, refusals, language and colours."""

import httpx
import pytest

from queue_server.auth.callers import COOKIE
from queue_server.pages.frame import local_path
from tests.pages.desk_of_tests import PASSWORD, desk, employ
from tests.server.house_of_tests import House


def test_each_role_lands_on_its_own_page(house: House) -> None:
    for role, path in (("officer", "/counter/choose"), ("helper", "/helper"), ("manager", "/manage")):
        employ(house, f"one-{role}", role)
        with desk(house, f"one-{role}") as client:
            assert client.get("/").url.path == path


def test_signing_in_leads_to_the_page_that_was_asked_for(house: House) -> None:
    employ(house, "ratna", "manager")
    asked = house.client.get("/manage?by=hour")
    assert asked.status_code == 303
    to = httpx.URL(asked.headers["Location"]).params["to"]
    form = {"name": "ratna", "password": PASSWORD, "to": to}
    assert house.client.post("/", data=form).headers["Location"] == "/manage?by=hour"


def test_a_wrong_password_says_so_and_keeps_the_name(house: House) -> None:
    employ(house, "dewi", "officer")
    answer = house.client.post("/", data={"name": "dewi", "password": "salah"})
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert 'value="dewi"' in answer.text
    assert COOKIE not in answer.cookies


def test_another_site_cannot_sign_somebody_in(house: House) -> None:
    employ(house, "dewi", "officer")
    form = {"name": "dewi", "password": PASSWORD}
    answer = house.client.post("/", data=form, headers={"Origin": "http://other.example"})
    assert answer.status_code == 403
    assert COOKIE not in answer.cookies


def test_the_first_link_sets_name_and_password_once(house: House) -> None:
    token = house.running.parts.accounts.first_link()
    form = {"shown_name": "Budi", "password": PASSWORD, "again": PASSWORD}
    assert "admin" in house.client.get(f"/first/{token}").text
    differs = house.client.post(f"/first/{token}", data={**form, "again": "lain"})
    assert differs.status_code == 422
    assert 'role="alert"' in differs.text
    assert house.client.post(f"/first/{token}", data=form).status_code == 303
    assert "Budi" in house.client.get("/admin/users").text
    assert house.client.get(f"/first/{token}").status_code == 410


def test_signing_out_ends_the_session_and_needs_the_forms_token(house: House) -> None:
    employ(house, "ratna", "manager")
    with desk(house, "ratna") as client:
        secret = client.cookies[COOKIE]
        token = client.headers.pop("X-CSRF-Token")
        assert client.post("/sign-out").status_code == 403
        assert client.post("/sign-out", data={"csrf": token}).url.path == "/"
    house.client.cookies.set(COOKIE, secret)
    answer = house.client.get("/manage")
    assert answer.status_code == 303


def test_a_page_of_another_role_is_refused_politely(house: House) -> None:
    employ(house, "sari", "helper")
    with desk(house, "sari") as client:
        answer = client.get("/admin/users")
    assert answer.status_code == 403
    assert "bukan untuk akun Anda" in answer.text


def test_an_unknown_address_is_a_page_in_the_chosen_language(house: House) -> None:
    answer = house.client.get("/nonsense")
    assert answer.status_code == 404
    assert "Halaman ini tidak ada" in answer.text
    house.client.get("/prefer?language=en&theme=contrast&to=/")
    english = house.client.get("/nonsense").text
    assert "There is no such page" in english
    assert 'data-theme="contrast"' in english


def test_every_page_forbids_foreign_scripts_and_frames(house: House) -> None:
    for path in ("/", "/board", "/nonsense"):
        policy = house.client.get(path).headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("to", ["//evil.example", "http://evil.example", "/\\evil.example", "evil", ""])
def test_a_choice_never_leads_to_another_site(to: str) -> None:
    assert local_path(to, "/") == "/"


def test_an_asset_with_its_version_is_kept_for_ever(house: House) -> None:
    page = house.client.get("/").text
    address = page.split('href="/static/css/base.css?v=')[1].split('"')[0]
    kept = house.client.get(f"/static/css/base.css?v={address}")
    assert "immutable" in kept.headers["Cache-Control"]
    assert "immutable" not in house.client.get("/static/css/base.css").headers["Cache-Control"]
    assert house.client.get("/static/../app.py").status_code == 404
    assert house.client.get("/static/%2e%2e/app.py").status_code == 404
