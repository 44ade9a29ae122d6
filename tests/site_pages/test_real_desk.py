"""The pages over the real desk and its file: a whole journey, and a form that books once whatever happens."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from antrean.domain.errors import RuleViolation
from queue_server.site.settings import SiteSettings
from tests.booking_site.site_of_tests import HOUR, MONDAY, Site, World, made, site_in
from tests.site_pages.site_of_tests import CONTACT, book, hidden, said

PATH = "/m/uji/ktp-baru"
TEN = MONDAY + HOUR
PRESSES = 8


def press(site: Site, form: str, contact: str = CONTACT, client: str = "10.0.0.1") -> str:
    return site.desk.book("uji", "ktp-baru", TEN, contact, "id", client, form).secret


def test_a_visitor_books_moves_and_cancels(tmp_path: Path) -> None:
    with site_in(tmp_path) as site:
        assert "07.00" not in said(site.client.get(f"{PATH}/day/2025-11-24").text)
        answer = book(site.client, TEN, path=PATH)
        assert answer.status_code == 303
        page = site.client.get(answer.location)
        assert "10.00–10.30 WIB" in said(page.text)
        own = answer.location.partition("?")[0]
        assert b"BEGIN:VEVENT" in site.client.get(f"{own}/booking.ics").data
        assert "3 tempat" in said(site.client.get(f"{own}/move/2025-11-25").text)
        moved = site.client.post(f"{own}/to/{TEN + HOUR}")
        assert "11.00–11.30 WIB" in said(site.client.get(moved.location).text)
        assert site.client.post(f"{own}/cancel").status_code == 303
        assert "sudah dibatalkan" in said(site.client.get(own).text)


def test_the_real_refusals_are_said_where_the_visitor_is(tmp_path: Path) -> None:
    with site_in(tmp_path, SiteSettings(tries_per_hour=5)) as site:
        page = site.client.get(f"{PATH}/at/{TEN}").text
        assert "Tulis nomor HP" in said(book(site.client, TEN, "0812", PATH).text)
        assert book(site.client, TEN, path=PATH).status_code == 303
        assert "sudah punya booking" in said(book(site.client, TEN + HOUR, path=PATH).text)
        for _ in range(2):
            site.book(TEN)
        sent = {"start": TEN, "form": hidden(page, "form"), "contact": "lain@contoh.example"}
        full = site.client.post(f"{PATH}/book", data=sent)
        assert "Tempat pukul 10.00 baru saja diambil orang lain" in said(full.text)
        assert book(site.client, TEN + HOUR, "lain@contoh.example", PATH).status_code == 303
        tried = book(site.client, TEN + HOUR, "siapa@contoh.example", PATH)
        assert tried.status_code == 429
        assert "Coba lagi setelah pukul 10.00." in said(tried.text)
    assert site.client.get("/nowhere").status_code == 404


def test_a_form_books_once_when_it_is_pressed_at_the_same_moment(tmp_path: Path) -> None:
    gate = Barrier(PRESSES)

    def at_once(_: int) -> str:
        gate.wait(30)
        return press(site, "form")

    with site_in(tmp_path) as site, ThreadPoolExecutor(PRESSES) as hands:
        assert len(set(hands.map(at_once, range(PRESSES)))) == 1
        with pytest.raises(RuleViolation, match="one_open_booking"):
            press(site, "another form")


def test_a_form_books_once_over_a_restart_and_without_counting_as_a_try(tmp_path: Path) -> None:
    settings = SiteSettings(tries_per_hour=1)
    with site_in(tmp_path, settings) as site:
        first = press(site, "form")
        assert press(site, "form") == first
    again = made(tmp_path, World(), settings)
    try:
        assert press(again, "form") == first
        assert press(again, "form", contact="ibu@contoh.example") != first
        with pytest.raises(RuleViolation, match="too_many_tries"):
            press(again, "other", contact="bapak@contoh.example")
    finally:
        again.ledger.close()


def test_a_form_that_was_refused_can_be_sent_again(tmp_path: Path) -> None:
    with site_in(tmp_path) as site:
        site.world.at_ms += 2 * HOUR
        with pytest.raises(RuleViolation, match="slot_gone"):
            press(site, "form")
        site.world.at_ms -= 2 * HOUR
        assert press(site, "form")
