"""From the mall to the published standard of a service."""

import dataclasses
import re

from flask.testing import FlaskClient

from antrean.domain.catalogue import Interval
from antrean.texts import texts_for
from queue_server.site.desk import CrowdView
from queue_server.site.pages.choose_view import hours_lines
from tests.site_pages.fake_desk import KEY, MONDAY_MS, FakeDesk, sample_mall
from tests.site_pages.site_of_tests import PATH, said, site_of


def test_a_site_of_one_mall_begins_at_that_mall(site: FlaskClient) -> None:
    assert site.get("/?lang=en").location == f"/m/{KEY}?lang=en"


def test_a_site_of_many_malls_lets_one_choose_and_search() -> None:
    mall = sample_mall()
    many = {f"kota-{n}": dataclasses.replace(mall, name=f"Mal Kota {n}", city=f"Kota {n}") for n in range(9)}
    site = site_of(FakeDesk(many)).test_client()
    assert 'href="/m/kota-3"' in site.get("/").text
    found = site.get("/?q=kota+3").text
    assert 'href="/m/kota-3"' in found
    assert 'href="/m/kota-4"' not in found
    assert "Tidak ada mal dengan nama “zzz”" in site.get("/?q=zzz").text


def test_a_site_without_a_mall_says_so() -> None:
    desk = FakeDesk()
    desk.catalogues = {}
    assert "Belum ada mal" in said(site_of(desk).test_client().get("/").text)


def test_what_can_be_booked_stands_first_and_everyday_words_find_it(site: FlaskClient) -> None:
    first = site.get(f"/m/{KEY}").text
    assert f'href="{PATH}"' in first
    assert f'href="/m/{KEY}/ikd"' not in first
    found = site.get(f"/m/{KEY}?q=ktp+ilang").text
    assert re.findall(r'class="key" href="([^"]+)"', found)[0] == PATH
    assert "Menurut kebutuhan" not in found
    assert "Tidak ada layanan yang cocok" in site.get(f"/m/{KEY}?q=pesawat+terbang").text


def test_what_the_search_is_not_sure_of_is_asked(site: FlaskClient) -> None:
    page = site.get(f"/m/{KEY}?q=uang+lembur+kurang").text
    assert "Mungkin ini?" in said(page)
    assert f'href="/m/{KEY}/perselisihan-kerja"' in page
    assert "Mungkin ini?" not in said(site.get(f"/m/{KEY}?q=ktp+ilang").text)


def test_the_search_follows_the_malls_catalogue(site: FlaskClient, desk: FakeDesk) -> None:
    assert f'href="{PATH}"' in site.get(f"/m/{KEY}?q=ktp+hilang").text
    mall = desk.catalogues[KEY]
    services = {code: one for code, one in mall.services.items() if code != "ktp-hilang"}
    desk.catalogues[KEY] = dataclasses.replace(mall, services=services)
    assert f'href="{PATH}"' not in site.get(f"/m/{KEY}?q=ktp+hilang").text


def test_services_are_found_by_need_and_by_agency(site: FlaskClient) -> None:
    by_need = said(site.get(f"/m/{KEY}?need=ktp-kk").text)
    assert "KTP digital (IKD)" in by_need
    assert by_need.index("KTP hilang atau rusak") < by_need.index("KTP digital (IKD)")
    assert "Paspor baru" in said(site.get(f"/m/{KEY}?agency=imigrasi").text)
    assert site.get(f"/m/{KEY}?need=nonsense").status_code == 404


def test_the_standard_of_a_service_is_there_before_anything_is_chosen(site: FlaskClient) -> None:
    words = said(site.get(PATH).text)
    for part in ("Surat kehilangan dari polisi", "Gratis", "1 hari kerja", "KTP elektronik", "Lantai 1"):
        assert part in words
    assert "Pilih hari" in words


def test_a_service_without_booking_says_when_to_come_instead(site: FlaskClient) -> None:
    words = said(site.get(f"/m/{KEY}/ikd").text)
    assert "tidak memakai booking" in words
    assert "Senin–Kamis" in words
    assert "Pilih hari" not in words
    assert site.get(f"/m/{KEY}/ikd/day").status_code == 404


def test_how_crowded_it_is_now_is_told_or_said_to_be_unknown(site: FlaskClient, desk: FakeDesk) -> None:
    assert "Keramaian saat ini belum diketahui" in said(site.get(PATH).text)
    desk.crowds[KEY, "ktp-hilang"] = CrowdView(7, (10, 25), MONDAY_MS)
    words = said(site.get(PATH).text)
    assert "7 orang menunggu, kira-kira 10–25 menit" in words
    assert "Keadaan pukul 07.41" in words
    desk.crowds[KEY, "ktp-hilang"] = CrowdView(0, None, MONDAY_MS)
    assert "Tidak ada yang menunggu" in said(site.get(PATH).text)


def test_opening_hours_join_days_that_are_alike_and_end_at_midnight() -> None:
    mall, t = sample_mall(), texts_for("id")
    day = (Interval(8 * 60, 24 * 60),)
    week = dataclasses.replace(mall.hours, week=(day, day, (), day, day, day, ()))
    service = dataclasses.replace(mall.services["ikd"], hours=week)
    assert hours_lines(mall, service, t) == [("Senin–Selasa", "08.00–24.00"), ("Kamis–Sabtu", "08.00–24.00")]


def test_addresses_nobody_made_are_answered_with_a_way_on(site: FlaskClient) -> None:
    for path in ("/m/nowhere", f"/m/{KEY}/nothing", f"{PATH}/day/soon", f"{PATH}/at/{10**15}", "/b/none"):
        answer = site.get(path)
        assert answer.status_code == 404, path
        assert "Ke halaman awal" in answer.text
    assert site.post(f"{PATH}/book", data={"start": "²"}).status_code == 400
    assert site.post(f"{PATH}/book", data={}).status_code == 400
